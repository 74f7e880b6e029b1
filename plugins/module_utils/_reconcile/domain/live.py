# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between a running guest and a document that can be changed at once."""

from __future__ import annotations

import types
import typing as t

from ..._choices import NEVER
from ..._rules.amounts import kib
from ..._rules.book import step_name
from ..._rules.context import Context
from ..._rules.domain.devices import device as device_row
from ..._rules.domain.live_calls import REPLUG_CALL, LiveCall, live_call
from ..._rules.domain.plugging import Unit
from ..._xmltree.element import Element
from ..compare import Comparison
from ..paths import site_path
from ..plan import Change, ChangeLocation, contexts_of
from .edit import SAFE


class LiveStep(t.NamedTuple):
    """One call: ``desired`` and ``present`` are the desired and the present element.

    ``desired`` is ``None`` for an element that is to go, ``present`` for a new one. ``changes``
    are the changes that the call makes, ``path`` is the XPath of the changed element.
    """

    row: LiveCall
    desired: Element | None
    present: Element | None
    changes: tuple[Change, ...]
    path: str = ""


class LivePlan(t.NamedTuple):
    """``steps`` make the possible changes; ``hindered`` has the reasons of the others, by path.

    ``following`` are the paths of the changes that come along with the steps.
    """

    steps: tuple[LiveStep, ...] = ()
    hindered: t.Mapping[str, str] = types.MappingProxyType({})
    following: frozenset[str] = frozenset()

    @property
    def paths(self) -> frozenset[str]:
        """The paths of the changes that the steps make."""
        return self.following.union(change.path for step in self.steps for change in step.changes)


#: The reason for a change without a row.
_ONLY_AT_START = "libvirt can change it only while the guest is off"


#: The reason for a device that keeps data of the guest.
_DATA = (
    "it would have to be plugged out and in again, by which a guest that uses it could lose data; "
    "set replug to always to allow that"
)


def live_plan(changes: t.Sequence[Change], replug: str = NEVER) -> LivePlan:
    """Plan the calls for changes of a running guest's document.

    ``replug`` (of :data:`.edit.REPLUGS`) says which devices may be plugged out and in
    again, where nothing less changes them.
    """
    units: dict[tuple[int, int], _Unit] = {}
    for change in changes:
        if change.location is not None:
            unit, context = _unit(change.location)
            key = (id(unit.desired), id(unit.present))
            units.setdefault(key, _Unit(unit, context)).add(change, change.location)
    hindered: dict[str, str] = {}
    groups: list[_Group] = []
    for planned in units.values():
        groups += planned.groups(replug)
        hindered.update(planned.hindered)
    steps = tuple(group.step() for group in groups)
    following = _total_of_modules(changes, steps)
    return LivePlan(
        steps,
        {path: reason for path, reason in hindered.items() if path not in following},
        following,
    )


class _Unit:
    """The changes of a device, or of a child of the domain."""

    def __init__(self, unit: Unit, context: Context | None) -> None:
        self._unit = unit
        self._site = context
        self._calls: dict[str, _Group] = {}
        self._changes: list[Change] = []
        #: Why changes can't be made, by their path.
        self.hindered: dict[str, str] = {}

    def add(self, change: Change, location: ChangeLocation) -> None:
        """Find the call that makes the change."""
        self._changes.append(change)
        for path in _paths(location, change.op):
            row = live_call(path, change.op)
            reason = _ONLY_AT_START if row is None else row.hinders(self._unit)
            if row is None or reason is not None:
                self.hindered[change.path] = reason or _ONLY_AT_START
                continue
            group = self._calls.setdefault(row.call, _Group(row, self._unit, self._site))
            group.changes.append(change)

    def groups(self, replug: str) -> t.Iterable[_Group]:
        """The changes by the call that makes them."""
        context = self._site
        self._hinder_sources()
        if (
            context is None
            or not self.hindered
            or replug == NEVER
            or not self._is_pluggable(context)
        ):
            return self._calls.values()
        if replug == SAFE and device_row(self._unit.either).keeps_data:
            self.hindered = dict.fromkeys(self.hindered, _DATA)
            return self._calls.values()
        self.hindered.clear()
        group = _Group(REPLUG_CALL, self._unit, None)
        group.changes, group.path = self._changes, site_path(context)
        return [group]

    def _hinder_sources(self) -> None:
        """A device that keeps its type keeps the source that is of this type."""
        kinds = [
            path for path in self.hindered if path.endswith("/@type") and "/source" not in path
        ]
        for kind in kinds:
            source = f"{kind[: -len('/@type')]}/source"
            for call, group in list(self._calls.items()):
                going = [
                    change
                    for change in group.changes
                    if change.path == source or change.path.startswith(f"{source}/")
                ]
                self.hindered.update((change.path, self.hindered[kind]) for change in going)
                group.changes = [change for change in group.changes if change not in going]
                if not group.changes:
                    del self._calls[call]

    def _is_pluggable(self, context: Context) -> bool:
        """Whether the present device can be unplugged, and the desired one plugged in."""
        path, unit, domain = context.place.path, self._unit, self._unit.domain
        if not path.startswith("devices/"):
            return False
        calls = (
            (live_call(path, "add"), Unit(unit.desired, None, domain)),
            (live_call(path, "remove"), Unit(None, unit.present, domain)),
        )
        return all(row is not None and row.hinders(half) is None for row, half in calls)


def _paths(location: ChangeLocation, op: str) -> list[str]:
    """The paths to look up: an element that no row speaks of is the sum of its children."""
    element = location.element
    if element is None or not element.children or live_call(location.path, op) is not None:
        return [location.path]
    if location.path.startswith("devices/"):
        return [location.path]
    return [f"{location.path}/{step_name(child.tag)}" for child in element.children]


def _total_of_modules(changes: t.Iterable[Change], steps: t.Iterable[LiveStep]) -> frozenset[str]:
    """The guest's memory, where it differs by nothing but what is plugged in or out."""
    total = 0
    for step in steps:
        for sign, element in ((1, step.desired), (-1, step.present)):
            if element is not None and element.tag == "memory" and step.row.is_whole:
                total += sign * (kib(element.find("target/size")) or 0)
    return frozenset(
        change.path for change in changes if total and _growth(change.location) == total
    )


def _growth(location: ChangeLocation | None) -> int | None:
    """The difference of an amount of the guest's memory, in KiB."""
    if location is None or location.path not in ("memory/text()", "currentMemory/text()"):
        return None
    before, after = kib(location.context.actual), kib(location.context.desired)
    return after - before if before is not None and after is not None else None


class _Group:
    """The changes of one unit that one call makes."""

    def __init__(self, row: LiveCall, unit: Unit, context: Context | None) -> None:
        self._row = row
        self._unit = unit
        self._site = context
        self.changes: list[Change] = []
        self.path = ""

    def step(self) -> LiveStep:
        desired, present = self._unit.desired, self._unit.present
        if self._site is not None and desired is not None and present is not None:
            merged = Comparison(exact=True).merged(
                Context(desired, present, self._site.place, self._site.parent)
            )
            desired = _with_parts(present, merged, self._parts(self._site.place.path))
        return LiveStep(self._row, desired, present, tuple(self.changes), self.path)

    def _parts(self, unit_path: str) -> set[str]:
        """The children (by tag) and attributes (``@name``) of the unit that change."""
        found = set()
        for change in self.changes:
            if change.location is not None:
                found.add(change.location.path[len(unit_path) + 1 :].partition("/")[0])
        return found


def _unit(location: ChangeLocation) -> tuple[Unit, Context | None]:
    """The device or the child of the domain that a change belongs to.

    The context is that of the two elements, where there are two.
    """
    chain = contexts_of(location)
    root, depth = chain[0], 2 if location.path.startswith("devices/") else 1
    if len(chain) > depth:
        context = chain[depth]
        return Unit(context.desired, context.actual, root.actual), context
    element = location.element
    if element is None:
        return Unit(root.desired, root.actual, root.actual), None
    is_present = any(element is child for child in chain[-1].actual.children)
    return Unit(None if is_present else element, element if is_present else None, root.actual), None


def _with_parts(present: Element, merged: Element, parts: set[str]) -> Element:
    """The present element with these parts as they are in the merged one.

    The others may differ too, but can't be changed, and a call that also asks for
    them would be refused.
    """
    if "text()" in parts:
        # A number has no meaning without its unit.
        parts = parts | {"@unit"}
    attributes = {
        name: value for name, value in present.attributes.items() if f"@{name}" not in parts
    }
    attributes.update(
        (name, value) for name, value in merged.attributes.items() if f"@{name}" in parts
    )
    children = [child for child in present.children if step_name(child.tag) not in parts]
    children += [child for child in merged.children if step_name(child.tag) in parts]
    result = present.replaced(attributes, children)
    result.text = merged.text if "text()" in parts else present.text
    return result
