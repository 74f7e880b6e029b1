# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the parts of a definition that a task requested itself."""

from __future__ import annotations

from ..._rules.context import Context
from ..._rules.domain.book import DOMAIN
from ..._xmltree.element import Element
from ..compare import Comparison
from ..plan import Change, contexts_of
from .device import Devices
from .edit import DeviceEdit


class AskedFor:
    """A desired document over the definition that is as it says.

    The definition has to be the very tree that a change was found with.
    """

    def __init__(self, desired: Element, definition: Element) -> None:
        self._desired = desired
        self._overlay = Comparison(exact=False)
        self._overlay.merged(Context(desired, definition, DOMAIN.top))

    def of(self, element: Element) -> Element | None:
        """The desired element that an element of the definition came from."""
        return self._overlay.origin_of(element)

    def has(self, change: Change) -> bool:
        """Whether the desired document requests this change."""
        location = change.location
        if location is None:
            return False
        origin: Element | None = self._desired
        contexts = contexts_of(location)[1:]
        for context in contexts:
            if context.place.is_whole and self._overlay.origin_of(context.desired) is not None:
                # What it leaves out is requested to go.
                return True
        elements = [context.desired for context in contexts]
        if location.element is not None:
            elements.append(location.element)
        for element in elements:
            above, origin = origin, self._overlay.origin_of(element)
            if origin is None:
                # An element that is equal to the letter was not looked into.
                return above is not None and any(
                    element is child or element == child for child in above.walk()
                )
        about = location.path.rpartition("/")[2]
        if origin is not None and about.startswith("@"):
            return about[1:] in origin.attributes
        return origin is not None


#: The places that change when memory is plugged in or out.
_TOTALS = ("memory/text()", "currentMemory/text()")


class AskedForByEdit(AskedFor):
    """The same for a task that is about a few devices."""

    def __init__(self, edit: DeviceEdit, definition: Element) -> None:
        super().__init__(edit.document, definition)
        self._edit = edit
        self._parts = AskedFor(edit.asked, definition)
        self._devices = Devices(definition)

    def has(self, change: Change) -> bool:
        """Whether the change is about a device that the task adds or removes, or is requested."""
        location = change.location
        if location is None:
            return False
        if location.path in _TOTALS:
            # The total of the memory modules: a request for one of them changes it.
            return any(part.tag == "memory" for part in (*self._edit.added, *self._edit.gone))
        if not location.path.startswith("devices/"):
            return False
        chain = contexts_of(location)
        device = chain[2].desired if len(chain) > 2 else location.element
        if device is None:
            return False
        return (
            self._is_added(device)
            or (
                change.op == "remove"
                and len(chain) == 2
                and any(self._devices.is_twin(gone, device) for gone in self._edit.gone)
            )
            or self._parts.has(change)
        )

    def _is_added(self, device: Element) -> bool:
        origin = self.of(device)
        if origin is None:
            # libvirt has not kept all requested parts.
            return any(self._devices.is_twin(added, device) for added in self._edit.added)
        return any(origin is added for added in self._edit.added)
