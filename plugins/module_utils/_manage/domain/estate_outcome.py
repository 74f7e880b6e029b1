# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task on many domains returns: each by itself, and all of them on one line."""

from __future__ import annotations

import typing as t

from ..._virtinst.errors import HostNote
from ..outcome import Outcome
from .estate import Done, Estate

#: The reasons of more than this are only in the results.
_MOST_REASONS = 10
_ADDED = "/domain"


def as_result(work: Estate, with_diff: bool) -> dict[str, t.Any]:
    """The keyword arguments of ``exit_json`` or ``fail_json``."""
    everything = [*work.done, *work.purged]
    summary = _summary(everything)
    failed = [one for one in everything if one.error is not None]
    line = _line(summary)
    result: dict[str, t.Any] = {
        "changed": any(one.is_changed or one.has_changed for one in everything),
        "msg": f"{_reasons(failed, len(everything))}; {line}" if failed else line,
        "results": [_one(one) for one in work.done],
        "purged": [_one(one) for one in work.purged],
        "summary": summary,
        "timings": work.seconds,
    }
    if with_diff:
        result["diff"] = [*_diffs(everything), {"prepared": f"{line}\n"}]
    return result


def warnings(work: Estate) -> t.Iterator[str]:
    """What a person has to know although it succeeded."""
    names: dict[str, list[str]] = {}
    hosts: list[str] = []
    for one in (*work.done, *work.purged):
        for message in () if one.outcome is None else one.outcome.messages():
            if isinstance(message, HostNote):
                hosts.append(message)
            else:
                names.setdefault(message, []).append(f"'{one.item.name}'")
    yield from dict.fromkeys(hosts)
    for message, those in names.items():
        domains = f"domain {those[0]}" if len(those) == 1 else f"domains {', '.join(those)}"
        yield f"{domains}: {message}"


def has_failed(work: Estate) -> bool:
    """Whether any of the domains isn't as it is wanted."""
    return any(one.error is not None for one in (*work.done, *work.purged))


def _one(one: Done) -> dict[str, t.Any]:
    if one.outcome is not None:
        return {"name": one.outcome.facts.name, **one.outcome.as_result(False)}
    if one.error is not None:
        made = {} if one.made is None else one.made.as_result(False)
        return {
            **made,
            "name": one.item.name,
            "changed": one.has_changed,
            "failed": True,
            "msg": one.error,
        }
    return {
        "name": one.item.name,
        "changed": False,
        "skipped": True,
        "msg": "it was not tried, because another one failed before it and fail_fast is set",
    }


def _summary(everything: t.Sequence[Done]) -> dict[str, int]:
    # One that was made, and then not reached in time, counts as both.
    made = [_kind_of(one, one.made) for one in everything if one.made is not None]
    kinds = [*(_kind(one) for one in everything), *(kind for kind in made if kind != "unchanged")]
    pending = [
        one for one in everything if one.outcome is not None and one.outcome.restart_required
    ]
    names = ("created", "changed", "removed", "unchanged", "failed", "skipped")
    return {**{name: kinds.count(name) for name in names}, "restart_pending": len(pending)}


def _kind(one: Done) -> str:
    if one.error is not None:
        return "failed"
    if one.outcome is None:
        return "skipped"
    return _kind_of(one, one.outcome)


def _kind_of(one: Done, outcome: Outcome) -> str:
    if not outcome.changed:
        return "unchanged"
    if one.is_going:
        return "removed"
    is_new = any((c["path"], c["op"]) == (_ADDED, "add") for c in outcome.changes)
    return "created" if is_new else "changed"


def _line(summary: t.Mapping[str, int]) -> str:
    always = ("created", "changed", "unchanged", "failed")
    said = [f"{count} {name}" for name, count in summary.items() if _is_count(name, count, always)]
    return f"{', '.join(said)}, {summary['restart_pending']} restart pending"


def _is_count(name: str, count: int, always: t.Container[str]) -> bool:
    return name != "restart_pending" and (bool(count) or name in always)


def _reasons(failed: t.Sequence[Done], count: int) -> str:
    told = [f"'{one.item.name}': {one.error}" for one in failed[:_MOST_REASONS]]
    others = [f"'{one.item.name}'" for one in failed[_MOST_REASONS:]]
    rest = f"; and {', '.join(others)}, see results" if others else ""
    return f"{len(failed)} of {count} domains failed: {'; '.join(told)}{rest}"


def _diffs(everything: t.Iterable[Done]) -> t.Iterator[dict[str, str]]:
    for one in everything:
        if one.outcome is not None and one.outcome.changed:
            diff = one.outcome.as_result(True)["diff"]
            yield from diff if isinstance(diff, list) else [diff]
