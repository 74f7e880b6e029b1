# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a task on many objects: each by itself, and all of them on one line."""

from __future__ import annotations

import json
import typing as t

from .._virtinst.errors import HostNote
from .many_diff import diff_of, is_new
from .many_done import Done
from .outcome import Outcome

#: The number of failed objects whose reasons are in the message; others are in the results.
_MOST_REASONS = 10
#: How much of the objects is returned: all of them, those that are not as wanted already, and of
#: these the name and what became of it.
OUTPUTS = FULL, CHANGED, SUMMARY = ("full", "changed", "summary")
_BRIEF = ("kind", "name", "changed", "failed", "skipped", "msg", "restart_required")
#: ansible-runner, and AWX with it, drops a result of more characters (MAX_EVENT_RES).
_MOST_CHARACTERS = 700_000
#: Ansible adds the options to what a module returns.
_ENOUGH = 600_000


class Many(t.Protocol):
    """The work on many objects: those that are listed, and those that a purge removes.

    ``nouns`` is the word for them all. ``is_of_kinds``: they are of several kinds, which results
    and messages name.
    """

    nouns: str
    is_of_kinds: bool

    @property
    def seconds(self) -> dict[str, float]:
        """The seconds of each phase, by its name."""
        raise NotImplementedError

    @property
    def done(self) -> t.Sequence[Done]:
        """Those that are listed."""
        raise NotImplementedError

    @property
    def purged(self) -> t.Sequence[Done]:
        """Those that are removed because they are not."""
        raise NotImplementedError


def as_result(
    work: Many, with_diff: bool, output: str = FULL, is_verbose: bool = False
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
        "msg": f"{_reasons(work, failed, len(everything))}; {line}" if failed else line,
        "results": _results(work, work.done, output),
        "purged": _results(work, work.purged, output),
        "summary": summary,
        "timings": work.seconds,
    }
    if with_diff:

        def has_document(done: Done) -> bool:
            if is_verbose or output == FULL:
                return True
            return output == CHANGED and done.outcome is not None and not is_new(done.outcome)

        result["diff"] = diff_of(line, everything, has_document, work.is_of_kinds)
    return result


def warnings(work: Many) -> t.Iterator[str]:
    """The warnings of a successful task."""
    names: dict[tuple[str, str], list[str]] = {}
    hosts: list[str] = []
    for done in (*work.done, *work.purged):
        for message in () if done.outcome is None else done.outcome.messages():
            if isinstance(message, HostNote):
                hosts.append(message)
            else:
                names.setdefault((done.noun, message), []).append(f"'{done.name}'")
    yield from dict.fromkeys(hosts)
    for (noun, message), those in names.items():
        yield f"{noun}{'s' if len(those) > 1 else ''} {', '.join(those)}: {message}"


def is_too_large(result: t.Mapping[str, t.Any]) -> str | None:
    """A warning about a result that ansible-runner would not keep; ``None`` for any other one."""
    size = len(json.dumps(result))
    if size <= _ENOUGH:
        return None
    return (
        f"the result has {size // 1000} kB, and ansible-runner and AWX drop a result of more than "
        f"{_MOST_CHARACTERS // 1000} kB; set output to changed or summary, or split the list"
    )


def has_failed(work: Many) -> bool:
    """Whether an object failed."""
    return any(done.error is not None for done in (*work.done, *work.purged))


def _results(work: Many, those: t.Iterable[Done], output: str) -> list[dict[str, t.Any]]:
    results = [
        {**({"kind": done.noun} if work.is_of_kinds else {}), **_result_of(done)}
        for done in those
        if output == FULL or not _is_as_wanted(done)
    ]
    if output == SUMMARY:
        return [{key: one[key] for key in _BRIEF if key in one} for one in results]
    return results


def _is_as_wanted(done: Done) -> bool:
    """Whether nothing is to be told of an object."""
    outcome = done.outcome
    return outcome is not None and not outcome.changed and not outcome.restart_required


def _result_of(done: Done) -> dict[str, t.Any]:
    if done.outcome is not None:
        return {"name": done.outcome.facts.name, **done.outcome.as_result(False)}
    if done.error is not None:
        made = {} if done.made is None else done.made.as_result(False)
        return {
            **made,
            "name": done.name,
            "changed": done.has_changed,
            "failed": True,
            "msg": done.error,
        }
    return {
        "name": done.name,
        "changed": False,
        "skipped": True,
        "msg": done.skipped,
    }


def _summary(everything: t.Sequence[Done]) -> dict[str, int]:
    # One that was made, and then not reached in time, counts as both.
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


def _reasons(work: Many, failed: t.Sequence[Done], count: int) -> str:
    kinds = [f"{done.noun} " if work.is_of_kinds else "" for done in failed]
    names = [f"{kind}'{done.name}'" for kind, done in zip(kinds, failed)]
    reasons = [f"{name}: {done.error}" for name, done in zip(names, failed[:_MOST_REASONS])]
    more = names[_MOST_REASONS:]
    rest = f"; and {', '.join(more)}, see results" if more else ""
    return f"{len(failed)} of {count} {work.nouns} failed: {'; '.join(reasons)}{rest}"
