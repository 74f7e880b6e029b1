# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same change of each device of a kind."""

from __future__ import annotations

from ..._reconcile.domain.device import Devices, pinned
from ..._reconcile.domain.edit import DeviceEdit
from ..._reconcile.taken import ElementPart, Taken
from ..._rules.domain import spice
from ..._virtinst.device import Description
from ..._xmltree.element import Element
from ..errors import TaskError


def changed_all(description: Description, definition: Devices, is_exact: bool) -> DeviceEdit:
    """The edit that changes each of them as described.

    :raises TaskError: there is none, or the description is of one device.
    """
    tag = description.elements()[0].tag
    devices = definition.of_kind(tag)
    if not devices:
        raise TaskError(f"match: all: it has no {tag}; leave match out to add one")
    places: set[ElementPart] = set()
    left = definition.document
    # What is left of each of them, and what it is to be.
    rests: list[tuple[Element, Element]] = []
    for device in devices:
        if description.size_of(device) is not None:
            raise TaskError(
                "disk: size is for one disk; give its target.dev in place of match: all"
            )
        desired = pinned(description.of_existing(device), device)
        taken, rest = description.left(left, device)
        left, places = taken.document, places | taken.places
        rests.append((device if rest is None else rest, desired))
    document, asked, new_devices = left, [], []
    for rest, desired in rests:
        new = Devices(document).changed(rest, desired, is_exact)
        document = Devices(document).replaced(rest, new)
        asked.append(pinned(desired, new))
        new_devices.append(new)
    return DeviceEdit(
        document,
        added=tuple(new_devices) if is_exact else (),
        asked=Element("domain", children=[Element("devices", children=asked)]),
        taken=lambda _document: Taken(left, frozenset(places)),
    )


def without_all(
    tag: str, definition: Devices, live: Devices | None
) -> tuple[DeviceEdit, list[Element]]:
    """The edit that removes each of them, and what goes with the last SPICE."""
    devices = definition.of_kind(tag)
    along = [definition.console_of(device) for device in devices]
    gone = {id(one): one for one in (*devices, *along) if one is not None}
    served = spice.left_over(definition.document, gone.keys()) if tag == "graphics" else []
    gone.update({id(one): one for one in served})
    document = definition.document
    for one in gone.values():
        document = Devices(document).replaced(one, None)
    only_live = [
        device
        for device in ([] if live is None else live.of_kind(tag))
        if definition.twin(device) is None
    ]
    return DeviceEdit(document, gone=(*gone.values(), *only_live)), served
