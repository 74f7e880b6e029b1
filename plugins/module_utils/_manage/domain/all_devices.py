# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same change of several devices."""

from __future__ import annotations

from ..._reconcile.domain.device import Devices, pinned
from ..._reconcile.domain.edit import DeviceEdit
from ..._reconcile.taken import ElementPart, Taken
from ..._rules.domain import spice
from ..._virtinst.device import Description
from ..._xmltree.element import Element
from ..errors import TaskError


def changed_all(
    description: Description, devices: list[Element], definition: Devices, is_exact: bool
) -> DeviceEdit:
    """The edit that changes each of the devices as described.

    :raises TaskError: the description is of one device.
    """
    places: set[ElementPart] = set()
    left = definition.document
    # What is left of each of them, and what it is to be.
    rests: list[tuple[Element, Element]] = []
    for device in devices:
        if description.size_of(device) is not None:
            raise TaskError("disk: size is for one disk; give its target.dev, and no match")
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
    devices: list[Element], only_live: list[Element], definition: Devices
) -> tuple[DeviceEdit, list[Element]]:
    """The edit that removes each of the devices, and what goes with the last SPICE.

    ``devices`` are the definition's, ``only_live`` those that go from the running guest alone.
    """
    along = [definition.console_of(device) for device in devices]
    gone = {id(one): one for one in (*devices, *along) if one is not None}
    is_graphics = any(device.tag == "graphics" for device in devices)
    served = spice.left_over(definition.document, gone.keys()) if is_graphics else []
    gone.update({id(one): one for one in served})
    document = definition.document
    for one in gone.values():
        document = Devices(document).replaced(one, None)
    return DeviceEdit(document, gone=(*gone.values(), *only_live)), served
