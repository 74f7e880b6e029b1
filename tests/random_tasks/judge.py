# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task three ways: check mode, the run, and the run again."""

from __future__ import annotations

import collections
import dataclasses
import re
import typing as t

from tests.integration.hypervisor import Result, task_of

from . import reasons
from .seen import Device, Seen, at, devices, look, unsaid, without
from .tasks import Task


class Judge:
    """Runs tasks, and collects what isn't as it should be in ``faults``."""

    def __init__(self, raw: t.Any, counts: collections.Counter[str]) -> None:
        self._raw = raw
        self._counts = counts
        self.faults: list[str] = []
        #: The devices that the guest was asked to release, and had not.
        self._leaving: frozenset[Device] = frozenset()
        #: The same, and the domain, before the task was tried.
        self._asked = self._leaving
        self._before = look(raw)

    def tried(self, task: Task) -> Result:
        """The result of the run."""
        self._task = task
        self._counts["tasks"] += 1
        self._counts[f"tasks, of it: {task.kind}"] += 1
        before = self._before = look(self._raw)
        self._asked = self._leaving
        foreseen = task_of(task.code, check=True, diff=True, **task.options)
        now = look(self._raw)
        gone = self._vanished(before, now)
        if gone:
            before, now = _without(before, gone), _without(now, gone)
        if now != before:
            self._fault("check mode changed something")
        before = look(self._raw)
        done = task_of(task.code, diff=True, **task.options)
        after = look(self._raw)
        if foreseen.failed or done.failed:
            self._failed(foreseen, done, before, after)
            return done
        if done.changed:
            self._counts["tasks, of it: that changed something"] += 1
        warnings = self._warnings(done)
        self._same(foreseen, done, warnings)
        self._complete(done, before, after)
        if task.repeats:
            if self._vanished(after, look(self._raw)):
                self._counts["reasons: the guest releases a device later than it was asked to"] += 1
                return done
            again = task_of(task.code, diff=True, **task.options)
            self._leaving |= _asked_to_leave(again, after)
            if again.failed or again.changed or again.values["changes"]:
                known = _renumbered(again) or self._released_meanwhile(again, after)
                if known is not None:
                    self._counts[f"reasons: {known}"] += 1
                    return done
                what = f"the second run: {again.msg or again.values['changes']}"
                self._excused(warnings, f"{what}\n    the first: {done.values['changes']}")
            elif done.changed:
                self._counts["tasks, of it: changed nothing the second time"] += 1
        return done

    def _fault(self, what: str) -> None:
        self.faults.append(f"{what}\n    {self._task}")

    def _warnings(self, done: Result) -> list[str]:
        return [one for one in _messages(done) if "did not keep" in one]

    def _excused(self, warnings: list[str], what: str) -> None:
        """A fault, unless the run has warned of what libvirt did not keep."""
        if warnings:
            self._counts[
                "reasons: libvirt did not keep what the document says, and the run warns"
            ] += 1
        else:
            self._fault(what)

    def _failed(self, foreseen: Result, done: Result, before: Seen, after: Seen) -> None:
        if not done.failed:
            self._fault(f"check mode refuses ({foreseen.msg}), and the run doesn't")
            return
        self._counts["tasks, of it: refused"] += 1
        if foreseen.failed:
            # Check mode asks libvirt what the run is told.
            messages = (one.msg.replace("would fail to", "failed to") for one in (foreseen, done))
            if len(set(messages)) > 1:
                self._fault(f"check mode: {foreseen.msg}; the run: {done.msg}")
            if before != after:
                self._fault(f"refused, and something has changed: {done.msg}")
            return
        reason = reasons.reason_for(done.msg, reasons.REFUSALS)
        if reason is None:
            self._fault(f"only the run refuses: {done.msg}")
        else:
            self._counts[f"reasons: {reason}"] += 1
        left = _differences(before, after, [], True)
        if left and not done.changed:
            self._fault(f"changed=false of a refusal that changed something: {done.msg} {left}")

    def _same(self, foreseen: Result, done: Result, warnings: list[str]) -> None:
        # libvirt gives a device its place when it is defined.
        foreseen, done = _without_places(foreseen), _without_places(done)
        is_same = foreseen.values["changes"] == done.values["changes"]
        if not is_same and self._is_refused(foreseen, done):
            return
        for key in ("changed", "changes", "diff"):
            ours, theirs = foreseen.values.get(key), done.values.get(key)
            if ours != theirs:
                if key == "diff":
                    ours, theirs = _apart(ours, theirs), _apart(theirs, ours)
                if key == "changes":
                    ours, theirs = (
                        [one for one in foreseen.values[key] if one not in done.values[key]],
                        [one for one in done.values[key] if one not in foreseen.values[key]],
                    )
                what = f"{key} in check mode: {ours}\n    {key} of the run: {theirs}{_why(done)}"
                self._excused(warnings, what)
                return

    def _is_refused(self, foreseen: Result, done: Result) -> bool:
        """Whether they differ by what the guest or libvirt has refused while it runs.

        The run says so of each: as pending, or in a warning.
        """
        refused = {one["path"]: one["reason"] for one in done.values["pending"] if one["reason"]}
        refused.update(_TOLD.findall("\n".join(_messages(done))))
        told: set[str] = set()
        is_drawn = False
        left = [one for one in done.values["changes"] if one not in foreseen.values["changes"]]
        is_restarted = _is_restart(done.values["changes"])
        for one in foreseen.values["changes"]:
            if one in done.values["changes"]:
                continue
            waiting = {**one, "when": "restart"}
            path = one["path"]
            why = [
                reason
                for each, reason in refused.items()
                if each == path
                or each.startswith(f"{path}/")
                or (path.startswith(f"{each}/") and "/devices/" in each)
            ] or _of_a_new_one(one, refused)
            if one["op"] == "remove" and {**one, "when": "config"} in left:
                # The guest has released it since, of what an earlier task had asked.
                if at(look(self._raw).live, [path]):
                    return False
                self._counts["reasons: the guest releases a device later than it was asked to"] += 1
                left = [each for each in left if each != {**one, "when": "config"}]
                is_drawn = True
                continue
            if one["when"] == "config" and {**one, "when": "live"} in left:
                # Check mode has seen the device that the guest has released since.
                if not self._was_leaving(path):
                    return False
                self._counts["reasons: the guest releases a device later than it was asked to"] += 1
                left = [each for each in left if each != {**one, "when": "live"}]
                is_drawn = True
                continue
            is_placed = is_restarted or _is_at_another_place(one, done)
            if one["when"] == "config" and waiting in left and is_placed:
                self._counts["reasons: libvirt gives a device another place than the guest's"] += 1
                left = [each for each in left if each != waiting]
                is_drawn = True
                continue
            told.update(why)
            if waiting in left and _has_no_mac(one):
                self._counts["reasons: libvirt draws the MAC of a new interface"] += 1
                left = [each for each in left if each != waiting]
                is_drawn = True
                continue
            if one["when"] != "live" or not (why or waiting in left or is_restarted):
                return False
            left = [each for each in left if each != waiting]
        # It is restarted for what could not be made live.
        added = [one for one in left if _is_controller(one)]
        if added:
            self._counts["reasons: libvirt gives a device that is plugged in its controller"] += 1
        if not all(_is_restart([one]) or one in added for one in left):
            return False
        for reason in told:
            known = reasons.reason_for(reason, reasons.KEPT)
            if known is None:
                self._fault(f"only the run says that the guest is not changed: {reason}")
            else:
                self._counts[f"reasons: {known}"] += 1
        if not told and is_restarted:
            self._counts["reasons: it is restarted for what could not be made live"] += 1
        elif not (told or added or is_drawn):
            self._fault(
                f"a change waits, and the run doesn't say why: {foreseen.values['changes']}"
                f"{_why(done)}"
            )
        return True

    def _complete(self, done: Result, before: Seen, after: Seen) -> None:
        changes = done.values["changes"]
        released = self._released(done, before, after)
        if released:
            self._counts["reasons: the guest releases a device later than it was asked to"] += 1
        if not done.changed and before != after:
            left = _differences(_without(before, released), after, [], True)
            if left or not released:
                self._fault(f"changed=false, and something has changed: {left}")
            return
        is_reset = any(one["after"] == "reset" for one in changes)
        if done.changed and before == after and not is_reset:
            self._fault(f"changed=true, and nothing has changed: {changes}")
        affect = self._task.options.get("affect", ["config", "live"])
        left = _differences(_without(before, released), after, changes, "config" in affect)
        if left:
            self._fault(f"moved unsaid: {left}\n    changes: {changes}")

    def _released(self, done: Result, before: Seen, after: Seen) -> frozenset[Device]:
        """What the guest has released now, of what it was asked to by an earlier task."""
        is_same = before.number == after.number
        leaving = self._leaving if is_same else frozenset()
        if "live" in self._task.options.get("affect", ["config", "live"]):
            # By the time that the run has looked the guest may have released it.
            leaving |= at(before.live, _paths(done.values["changes"], "remove"))
        self._leaving = leaving | _asked_to_leave(done, after)
        return frozenset(one for one in self._vanished(before, after) if one in leaving)

    def _vanished(self, before: Seen, after: Seen) -> frozenset[Device]:
        """The devices that a guest has no more."""
        if before.number != after.number:
            return frozenset()
        # One that has come in again is there under another alias.
        there = {who for _device, who in devices(after.live)}
        aliases = {device for device, _who in devices(after.live)}
        return frozenset(
            device
            for device, who in devices(before.live)
            if device not in aliases and who not in there
        )

    def _released_meanwhile(self, again: Result, after: Seen) -> str | None:
        """Why a second run changes something when the guest releases devices during the tasks.

        It plugs in what the guest still had during or after the first run, and it ends the
        removal that the first run has begun.
        """
        changes = again.values.get("changes") or [{"path": "", "op": ""}]
        for one in changes:
            there = at(after.live, [one["path"]])
            is_added = one["op"] == "add" and (there or self._was_leaving(one["path"]))
            is_removed = one["op"] == "remove" and one["when"] == "live" and there & self._leaving
            if not (is_added or is_removed):
                return None
        return "the guest releases a device later than it was asked to"

    def _was_leaving(self, path: str) -> bool:
        """Whether the guest had been asked before for the device that stood there."""
        return bool(self._asked & at(self._before.live, [path]))


def _asked_to_leave(result: Result, seen: Seen) -> frozenset[Device]:
    """The devices of the guest that the task has asked it to release."""
    changes = (*(result.values.get("pending") or ()), *(result.values.get("changes") or ()))
    paths = [
        one["path"] for one in changes if one["op"] == "remove" and one.get("when") != "config"
    ]
    return at(seen.live, paths)


#: The place and the model of a device, in an element and in the lines of a diff.
_PLACE = re.compile(
    r"(?m)^\s*<(address type|model name)=[^>]*/>\n|<(address type|model name)=[^>]*/>"
)


def _without_places(result: Result) -> Result:
    """The same without the addresses of what is new."""

    def plain(value: t.Any, is_new: bool) -> t.Any:
        if isinstance(value, list):
            return [plain(one, is_new) for one in value]
        if isinstance(value, dict):
            is_new = is_new or value.get("op") == "add" or "before_header" in value
            return {key: plain(one, is_new) for key, one in value.items()}
        if not (is_new and isinstance(value, str)):
            return value
        return _PLACE.sub("", value).replace("></target>", "/>")

    kept = {key: plain(result.values.get(key), False) for key in ("changes", "diff")}
    return result._replace(values={**result.values, **kept})


def _of_a_new_one(change: dict[str, t.Any], refused: dict[str, str]) -> list[str]:
    """Why a new device is refused that has no name before libvirt gives it one."""
    kind, _bracket, number = str(change["path"]).partition("[")
    if change["op"] != "add" or not re.fullmatch(r"(\d+\])?", number):
        return []
    return [reason for each, reason in refused.items() if each.partition("[")[0] == kind]


def _apart(diff: t.Any, other: t.Any) -> list[t.Any]:
    """The parts of a diff that another one lacks."""
    parts, others = ([one] if isinstance(one, dict) else one for one in (diff, other))
    return [one for one in parts if one not in others]


def _without(seen: Seen, gone: frozenset[Device]) -> Seen:
    return dataclasses.replace(seen, live=without(seen.live, gone)) if gone else seen


#: What the run warns of where a running guest alone was to be changed.
_TOLD = re.compile(r"was not changed at (\S+): ([^\n\"]*)")


def _differences(before: Seen, after: Seen, changes: t.Any, is_defined: bool) -> list[str]:
    left = []
    defined = changes if is_defined else []
    if before.definition is not None and after.definition is not None:
        left += [
            f"definition {one}" for one in unsaid(before.definition, after.definition, defined)
        ]
    if before.number == after.number and before.live and after.live:
        live = [one for one in changes if one["when"] == "live"]
        left += [f"guest {one}" for one in unsaid(before.live, after.live, live, of_guest=True)]
    said = {one["path"] for one in changes}
    if before.autostart not in (None, after.autostart) and "autostart" not in said:
        left.append(f"autostart {before.autostart} {after.autostart}")
    if before.definition is not None and before.state != after.state and "state" not in said:
        left.append(f"state {before.state} {after.state}")
    return left


def _is_restart(changes: list[dict[str, t.Any]]) -> bool:
    return any(one["path"] == "state" and one["after"] == "restarted" for one in changes)


def _is_controller(change: dict[str, t.Any]) -> bool:
    return change["op"] == "add" and str(change["path"]).startswith("/domain/devices/controller")


def _why(done: Result) -> str:
    """What the run says of what it couldn't do."""
    waits = [(one["op"], one["path"], one["reason"]) for one in done.values["pending"]]
    return f"\n    pending: {waits}\n    warnings: {done.values.get('warnings')}"


def _renumbered(again: Result) -> str | None:
    """Why a second run adds a console once more, if it does nothing else."""
    changes = again.values.get("changes") or [{"path": "", "op": ""}]
    path = re.compile(r"/domain/devices/console\[target/@type='virtio'\]\[target/@port='\d+'\]")
    if all(one["op"] == "add" and path.fullmatch(one["path"]) for one in changes):
        return "libvirt numbers consoles as they stand, so that another number means another one"
    return None


def _paths(changes: t.Iterable[dict[str, t.Any]], op: str) -> list[str]:
    return [one["path"] for one in changes if one["op"] == op]


def _is_at_another_place(change: dict[str, t.Any], done: Result) -> bool:
    """Whether it waits because libvirt has put something elsewhere than it is in the guest."""
    waits = [one["path"] for one in done.values["pending"]]
    places = ("/address", "/@model", "/model", "/target")
    is_port = "controller[@type='pci']" in change["path"] and change["path"] in waits
    return is_port or any(
        one.startswith(f"{change['path']}{place}") for one in waits for place in places
    )


def _messages(done: Result) -> list[str]:
    """The texts of the run's warnings, which are objects since ansible-core 2.19."""
    warnings = done.values.get("warnings") or []
    return [one if isinstance(one, str) else one["event"]["msg"] for one in warnings]


def _has_no_mac(change: dict[str, t.Any]) -> bool:
    """Whether it adds an interface that may be the one which the guest still has."""
    is_new = change["op"] == "add" and str(change["path"]).startswith("/domain/devices/interface")
    return is_new and "<mac " not in (change["after"] or "")
