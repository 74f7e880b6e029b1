# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables tried row by row: a document, what libvirt has, and what has to be done."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.book import (
    RuleBook,
    alternatives,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.kind import Kind
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.rows import (
    Depends,
    Identity,
    Rewrite,
    Settle,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)


class Case(t.NamedTuple):
    """``changes`` are the operation and path of each; ``result`` is a part of what libvirt is to get,
    or of what is shown of the changes.
    """

    document: str
    dump: str
    changes: tuple[str, ...] = ()
    mode: str = "exact"
    result: str | None = None


def outcome(case: Case, kind: Kind, book: RuleBook) -> tuple[tuple[str, ...], str, bool]:
    """The changes, the resulting document, and whether a second run finds nothing to do."""
    desired, actual = parse(case.document, kind.tag), parse(case.dump, kind.tag)
    plan = reconcile(desired, actual, book, case.mode)
    changes = tuple(
        " ".join(filter(None, (one.op, one.path, one.after if one.op == "move" else None)))
        for one in plan.changes
    )
    shown = "".join(one.before or "" for one in plan.changes)
    shown += "".join(one.after or "" for one in plan.changes)
    again = reconcile(desired, plan.document, book, case.mode)
    return changes, serialise(plan.document, indent=None) + shown, not again


def check(case: Case, kind: Kind) -> None:
    """The case is as the tables have to make it."""
    changes, result, is_stable = outcome(case, kind, kind.book)
    assert changes == case.changes, f"{case.document}\nhas changed {changes}"
    if case.result is not None:
        assert case.result in result, result
    assert is_stable, result


def rows_without_a_case(rows: t.Sequence[t.Any], kind: Kind, cases: t.Sequence[Case]) -> list[str]:
    """The rows that can be left out without any difference to a case.

    A row that speaks of several places has to make a difference at each of them. One that says
    that nothing identifies an element only states what holds without it.
    """
    expected = [outcome(case, kind, kind.book) for case in cases]
    found = []
    for number, row in enumerate(rows):
        if isinstance(row, Identity) and not row.keys:
            continue
        for path, left in _parts(row):
            others = [*rows[:number], *left, *rows[number + 1 :]]
            book = RuleBook(kind.tag, others)
            if [outcome(case, kind, book) for case in cases] == expected:
                found.append(f"{type(row).__name__} {path}: {row.reason}")
    return found


def _parts(row: t.Any) -> t.Iterator[tuple[str, list[t.Any]]]:
    """Each place of a row, with the row without it."""
    if isinstance(row, (Rewrite, Settle)):
        yield row[0].__name__, []
        return
    paths = alternatives(row.path)
    for path in paths:
        yield path, [row._replace(path=other) for other in paths if other != path]
    if isinstance(row, Depends):
        for dependent in row.dependents:
            rest = tuple(one for one in row.dependents if one != dependent)
            yield f"{row.path} {dependent}", [row._replace(dependents=rest)]
