# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a running guest has otherwise than its definition, and which of it a task is about."""

from __future__ import annotations

import re
import typing as t

from ..._choices import MERGE
from ..._reconcile.domain.asked import AskedFor, AskedForByEdit
from ..._reconcile.domain.device import Devices
from ..._reconcile.domain.edit import DeviceEdit
from ..._reconcile.edit import Edit
from ..._reconcile.match import has_all_of
from ..._reconcile.plan import Change, Plan
from ..._rules.domain.addresses import drive
from ..._rules.domain.controllers import as_number
from ..._xmltree.element import Element
from .running import ObservedDomain, pending

#: What libvirt numbers when it defines a device.
_NUMBER = re.compile(r"\[target/@port='\d+'\]$")


class Left(t.NamedTuple):
    """The remaining differences: all of them, and those that the task is about."""

    all: tuple[Change, ...]
    asked: tuple[Change, ...]


class Differences:
    """The differences between a running guest and the definition that it is to have."""

    def __init__(
        self,
        edit: Edit,
        definition: Element,
        observed: ObservedDomain,
        definition_plan: Plan,
        is_planned: bool,
    ) -> None:
        """``definition_plan`` has the changes that have made, or make, the definition."""
        alike = _known_alike(definition, observed.live, edit)
        self.all = pending(observed, alike, definition_plan.changes, is_planned)
        # They were found with the definition as libvirt would read it.
        location = next(
            (change.location for change in self.all if change.location is not None), None
        )
        tree = definition if location is None else location.context.root.desired
        is_of_devices = isinstance(edit, DeviceEdit)
        self._asked = (
            AskedForByEdit(edit, tree)
            if isinstance(edit, DeviceEdit)
            else AskedFor(edit.document, tree)
        )
        is_whole = not is_of_devices and edit.mode != MERGE
        live = observed.live if location is None else location.context.root.actual
        taken = None if live is None or is_of_devices else edit.taken(live)
        # Controllers that come along with a device are plugged in as it is.
        along = [
            difference
            for difference in (*definition_plan.changes, *definition_plan.along)
            if _is_companion(difference)
        ]
        asked = tuple(
            difference
            for difference in self.all
            if any(_is_for(difference, change) for change in along)
            or (is_whole and not _is_of_another(difference, edit.document))
            or self._asked.has(difference)
            or (taken is not None and taken.has(difference))
        )
        #: Those that the task is about, with the controllers that they need.
        self.asked = (*asked, *self._controllers_for(asked))

    def _controllers_for(self, asked: tuple[Change, ...]) -> t.Iterator[Change]:
        """The controllers that a guest gets with a disk (qemuDomainFindOrCreateSCSIDiskController)."""
        new = [
            change.location.element
            for change in asked
            if change.op == "add" and change.location is not None
        ]
        disks = [
            change for change in new if change is not None and change.value("target/@bus") == "scsi"
        ]
        places = [place["controller"] for place in map(drive, disks) if place is not None]
        for change in self.all if places else ():
            device = change.location.element if change.location is not None else None
            if (
                change.op != "add"
                or change in asked
                or device is None
                or device.tag != "controller"
            ):
                continue
            if device.get("type") == "scsi" and as_number(device.get("index")) <= max(places):
                yield change

    def of(self, change: Change) -> tuple[Change, ...]:
        """The differences that a change of the definition makes."""
        return tuple(
            difference
            for difference in self.all
            if difference.path == change.path
            # The guest may have a part already of what the definition gets.
            or difference.path.startswith(f"{change.path}/")
            # Or keep the device under what it was known by.
            or (difference.op == "remove" and change.path.startswith(f"{difference.path}/"))
            # Or lack the whole list of which it gets a part.
            or (difference.op == "add" and _is_part_of_list(change, difference))
            or self._is_same_element(difference, change)
            or (_is_companion(change) and _is_for(difference, change))
            or (difference.op == change.op == "add" and _is_port_of_console(difference, change))
            or (
                difference.op == change.op == "add"
                and _NUMBER.sub("", difference.path) == change.path
            )
        )

    def _is_same_element(self, difference: Change, change: Change) -> bool:
        if difference.location is None or change.location is None or difference.op != change.op:
            return False
        element, changed = difference.location.element, change.location.element
        return element is not None and changed is not None and self._asked.of(element) is changed


def _is_part_of_list(change: Change, whole: Change) -> bool:
    """Whether ``change`` is below the element of ``whole``, which is no device."""
    is_device = whole.path.startswith("/domain/devices/")
    return not is_device and change.path.startswith(f"{whole.path}/")


#: What libvirt adds along with a device.
_COMPANIONS = ("devices/controller", "devices/video", "devices/audio")


def _is_companion(change: Change) -> bool:
    return (
        change.op == "add" and change.location is not None and change.location.path in _COMPANIONS
    )


def _is_for(difference: Change, change: Change) -> bool:
    """Whether a difference is about a companion, which has more parts once it is defined."""
    if difference.op != "add" or difference.location is None or change.location is None:
        return False
    ours, theirs = change.location.element, difference.location.element
    is_one = ours is not None and theirs is not None and ours.tag == theirs.tag
    return is_one and has_all_of(t.cast(Element, theirs), t.cast(Element, ours))


def _is_port_of_console(difference: Change, change: Change) -> bool:
    """Whether it is the new serial port of a console: libvirt chooses its number."""
    return change.path == difference.path.partition("[")[0] == "/domain/devices/serial"


def _known_alike(definition: Element, live: Element | None, edit: Edit) -> Element:
    """The definition with a device under the name that it has in the running guest.

    That is one which the task itself turns into another, so that it is known by nothing else.
    """
    if not isinstance(edit, DeviceEdit) or edit.turned is None or edit.running is None:
        return definition
    if live is None:
        return definition
    devices = Devices(definition)
    alias, device = edit.running.child("alias"), devices.twin(edit.turned[0])
    if alias is None or device is None or device.child("alias") is not None:
        return definition
    return devices.replaced(device, device.replaced(children=[*device.children, alias]))


def _is_of_another(change: Change, desired: Element) -> bool:
    """Whether it is an application's metadata that the document doesn't mention."""
    element = change.location.element if change.location is not None else None
    if change.op != "remove" or element is None or change.location is None:
        return False
    metadata = desired.child("metadata")
    namespaces = {
        _namespace(child) for child in (metadata.children if metadata is not None else ())
    }
    if change.location.path == "metadata":
        return all(_namespace(child) not in namespaces for child in element.children)
    is_child = change.location.path.startswith("metadata/") and change.location.path.count("/") == 1
    return is_child and _namespace(element) not in namespaces


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0]
