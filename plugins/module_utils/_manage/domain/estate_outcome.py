# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a task on many domains: each by itself, and all of them on one line."""

from __future__ import annotations

import json
import typing as t

from ..._virtinst.errors import HostNote
from ..outcome import Outcome
from .estate import Done, Estate
from .estate_diff import diff_of, is_new

#: The number of failed domains whose reasons are in the message; others are in the results.
_MOST_REASONS = 10
#: How much of the domains is returned: all of them, those that are not as wanted already, and of
#: these the name and what became of it.
OUTPUTS = FULL, CHANGED, SUMMARY = ("full", "changed", "summary")
_BRIEF = ("name", "changed", "failed", "skipped", "msg", "restart_required")
#: ansible-runner, and AWX with it, drops a result of more characters (MAX_EVENT_RES).
_MOST_CHARACTERS = 700_000
#: Ansible adds the options to what a module returns.
_ENOUGH = 600_000


def as_result(
    work: Estate, with_diff: bool, output: str = FULL, is_verbose: bool = False
) -> dict[str, t.Any]:
    """The keyword arguments of ``exit_json`` or ``fail_json``.

    ``output`` is one of :data:`OUTPUTS`. ``is_verbose``: the diff has all documents.
    """
    everything = [*work.done, *work.purged]
    summary = _summary(everything)
    failed = [done for done in everything if done.error is not None]
    line = _line(summary)
    result: dict[str, t.Any] = {
        "changed": any(done.is_changed or done.has_changed for done in everything),
        "msg": f"{_reasons(failed, len(everything))}; {line}" if failed else line,
        "results": _results(work.done, output),
        "purged": _results(work.purged, output),
        "summary": summary,
        "timings": work.seconds,
    }
    if with_diff:

        def has_document(done: Done) -> bool:
            if is_verbose or output == FULL:
                return True
            return output == CHANGED and done.outcome is not None and not is_new(done.outcome)

        result["diff"] = diff_of(line, everything, has_document)
    return result


def warnings(work: Estate) -> t.Iterator[str]:
    """The warnings of a successful task."""
    names: dict[str, list[str]] = {}
    hosts: list[str] = []
    for done in (*work.done, *work.purged):
        for message in () if done.outcome is None else done.outcome.messages():
            if isinstance(message, HostNote):
                hosts.append(message)
            else:
                names.setdefault(message, []).append(f"'{done.item.name}'")
    yield from dict.fromkeys(hosts)
    for message, those in names.items():
        domains = f"domain {those[0]}" if len(those) == 1 else f"domains {', '.join(those)}"
        yield f"{domains}: {message}"


def is_too_large(result: t.Mapping[str, t.Any]) -> str | None:
    """A warning about a result that ansible-runner would not keep; ``None`` for any other one."""
    size = len(json.dumps(result))
    if size <= _ENOUGH:
        return None
    return (
        f"the result has {size // 1000} kB, and ansible-runner and AWX drop a result of more than "
        f"{_MOST_CHARACTERS // 1000} kB; set output to changed or summary, or split the list"
    )


def has_failed(work: Estate) -> bool:
    """Whether a domain failed."""
    return any(done.error is not None for done in (*work.done, *work.purged))


def _results(those: t.Iterable[Done], output: str) -> list[dict[str, t.Any]]:
    results = [_result_of(done) for done in those if output == FULL or not _is_as_wanted(done)]
    if output == SUMMARY:
        return [{key: one[key] for key in _BRIEF if key in one} for one in results]
    return results


def _is_as_wanted(done: Done) -> bool:
    """Whether nothing is to be told of a domain."""
    outcome = done.outcome
    return outcome is not None and not outcome.changed and not outcome.restart_required


def _result_of(done: Done) -> dict[str, t.Any]:
    if done.outcome is not None:
        return {"name": done.outcome.facts.name, **done.outcome.as_result(False)}
    if done.error is not None:
        made = {} if done.made is None else done.made.as_result(False)
        return {
            **made,
            "name": done.item.name,
            "changed": done.has_changed,
            "failed": True,
            "msg": done.error,
        }
    return {
        "name": done.item.name,
        "changed": False,
        "skipped": True,
        "msg": "it was not tried, because another one failed before it and fail_fast is set",
    }


def _summary(everything: t.Sequence[Done]) -> dict[str, int]:
    # A domain that was made, and then not reached in time, counts as both.
    made = [_kind_of(done, done.made) for done in everything if done.made is not None]
    kinds = [*(_kind(done) for done in everything), *(kind for kind in made if kind != "unchanged")]
    pending = [
        done for done in everything if done.outcome is not None and done.outcome.restart_required
    ]
    names = ("created", "changed", "removed", "unchanged", "failed", "skipped")
    return {**{name: kinds.count(name) for name in names}, "restart_pending": len(pending)}


def _kind(done: Done) -> str:
    if done.error is not None:
        return "failed"
    if done.outcome is None:
        return "skipped"
    return _kind_of(done, done.outcome)


def _kind_of(done: Done, outcome: Outcome) -> str:
    if not outcome.changed:
        return "unchanged"
    if done.is_going:
        return "removed"
    return "created" if is_new(outcome) else "changed"


def _line(summary: t.Mapping[str, int]) -> str:
    always = ("created", "changed", "unchanged", "failed")
    parts = [f"{count} {name}" for name, count in summary.items() if _is_count(name, count, always)]
    return f"{', '.join(parts)}, {summary['restart_pending']} restart pending"


def _is_count(name: str, count: int, always: t.Container[str]) -> bool:
    return name != "restart_pending" and (bool(count) or name in always)


def _reasons(failed: t.Sequence[Done], count: int) -> str:
    reasons = [f"'{done.item.name}': {done.error}" for done in failed[:_MOST_REASONS]]
    names = [f"'{done.item.name}'" for done in failed[_MOST_REASONS:]]
    rest = f"; and {', '.join(names)}, see results" if names else ""
    return f"{len(failed)} of {count} domains failed: {'; '.join(reasons)}{rest}"
