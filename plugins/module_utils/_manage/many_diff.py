# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diff of a task on many objects: what changes, a line for each change, and then the documents."""

from __future__ import annotations

import re
import typing as t

from .errors import on_one_line
from .many_done import Done
from .outcome import Outcome

#: A longer value is cut: whole documents are shown below.
_WIDEST = 100
#: Where the names of an element come from; it would hide what the element has.
_NAMESPACE = re.compile(r"""(?<=['"\w]) xmlns(?::[\w.-]+)?=(?:'[^'<>]*'|"[^"<>]*")""")


def diff_of(
    line: str,
    everything: t.Sequence[Done],
    documents: t.Callable[[Done], bool],
    with_kinds: bool = False,
) -> list[dict[str, str]]:
    """Ansible's diffs; ``line`` is the summary, ``documents`` says whose XML is shown, and
    ``with_kinds`` whether a line names the kind.

    The summary comes first, because AWX shows the first kilobyte of it alone.
    """
    changed = [done for done in everything if done.outcome is not None and done.outcome.changed]
    lines = [line, *(text for done in changed for text in _lines(done, with_kinds))]
    return [
        {"prepared": "".join(f"{text}\n" for text in lines)},
        *(diff for done in changed if documents(done) for diff in _documents(done)),
    ]


def is_new(outcome: Outcome) -> bool:
    """Whether the object is made by the task."""
    return any(_is_whole(change) and change["op"] == "add" for change in outcome.changes)


def _is_whole(change: t.Mapping[str, t.Any]) -> bool:
    """Whether a change is that of a whole document, whose path is that of its root."""
    return str(change["path"]).rfind("/") == 0


def _lines(done: Done, with_kind: bool) -> t.Iterator[str]:
    outcome = done.outcome
    if outcome is None:
        return
    name = f"{done.noun} {outcome.facts.name}" if with_kind else outcome.facts.name
    for change in outcome.as_result(False)["changes"]:
        if _is_whole(change):
            yield f"{name}: {'created' if change['op'] == 'add' else 'removed'}"
            continue
        before, after = (_short(change[key]) for key in ("before", "after"))
        value = {"add": after, "remove": before}.get(change["op"], f"{before} -> {after}")
        yield f"{name}: {change['op']} {change['path']}: {value} ({change['when']})"


def _short(value: str | None) -> str:
    text = "nothing" if value is None else on_one_line(value)
    if text.startswith("<"):
        text = _NAMESPACE.sub("", text)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _documents(done: Done) -> list[dict[str, str]]:
    diff = None if done.outcome is None else done.outcome.as_result(True)["diff"]
    return diff if isinstance(diff, list) else [] if diff is None else [diff]
