# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request for one device, and finding the domain's device that it is about."""

from __future__ import annotations

import typing as t

from ..._reconcile.domain.device import Devices
from ..._virtinst.device import Description
from ..._virtinst.device_match import Selected
from ..._xmltree.element import Element
from ..errors import TaskError


class Found(t.NamedTuple):
    """A device in the definition and in the running guest's document, ``None`` where it isn't."""

    defined: Element | None
    running: Element | None


class DeviceRequest(t.NamedTuple):
    """``match``, if it isn't ``None``, selects the device; so does its position among its kind."""

    description: Description
    match: Selected | None
    position: int | None = None

    def present(self, definition: Devices, live: Devices | None) -> Found:
        """The existing device that the request is about; nothing for a new device.

        :raises AmbiguousDevice: the request fits several devices.
        :raises TaskError: nothing is selected, or the request identifies no device.
        """
        if self.position is not None:
            return self._found(self._placed, definition, live)
        if self.match is None:
            self._check_identified()
            found = self._found(self._same, definition, live)
            if found.running is not None and found.defined is None:
                # The guest may have one so that its definition has another way by now.
                is_other = definition.twin(found.running) is not None
                return Found(None, None) if is_other else found
            return found
        found = self._found(self._matching, definition, live)
        if found.defined is None and found.running is not None:
            # The definition has been changed already, and the guest has not.
            found = Found(self._changed(definition, found.running), found.running)
        if found == (None, None):
            # A change of what it was selected by may have been made before.
            found = self._found(self._fitting, definition, live)
        if found == (None, None):
            raise self._nothing_selected(definition)
        return found

    def absent(self, definition: Devices, live: Devices | None) -> Found:
        """The device that is to go.

        :raises AmbiguousDevice: the request fits several devices.
        """
        find = self._going if self.match is None else self._matching
        return self._found(find, definition, live)

    @staticmethod
    def _found(
        find: t.Callable[[Devices], Element | None], definition: Devices, live: Devices | None
    ) -> Found:
        defined = find(definition)
        if live is None:
            return Found(defined, None)
        return Found(defined, find(live) if defined is None else live.twin(defined))

    def _same(self, devices: Devices) -> Element | None:
        return _first(devices.same(element) for element in self.description.elements())

    def _going(self, devices: Devices) -> Element | None:
        return _first(devices.going(element) for element in self.description.elements())

    def _fitting(self, devices: Devices) -> Element | None:
        return _first(_first(devices.fitting(element)) for element in self.description.elements())

    def _changed(self, definition: Devices, running: Element) -> Element | None:
        """The definition's device for the running one, if the definition has been changed already.

        It has what is unique in the request, or fits the request and is at the same address.
        """
        for element in self.description.elements():
            if definition.is_known_by_something_unique(element):
                device = definition.same(element)
                if device is not None:
                    return device
        address = running.child("address")
        fitting = [
            device
            for element in self.description.elements()
            for device in definition.fitting(element)
        ]
        return _first(device for device in fitting if address in device.all("address"))

    def each(self, definition: Devices, live: Devices | None) -> list[Element]:
        """The selected devices of the definition, also those that are selected in the guest alone.

        Without ``match``, each device of the kind.

        :raises TaskError: none is selected, and none is as described already.
        """
        running = [] if live is None else self._selected(live)
        twins = [definition.twin(device) for device in running]
        found = [*self._selected(definition), *(twin for twin in twins if twin is not None)]
        if not found and not (self.match and self._fitting(definition)):
            raise self._nothing_selected(definition)
        return list({id(device): device for device in found}.values())

    def each_going(
        self, definition: Devices, live: Devices | None
    ) -> tuple[list[Element], list[Element]]:
        """The devices of the definition that are to go, and the others of the running guest.

        As for one device, the definition keeps what is selected in the guest alone: it has been
        changed already.
        """
        defined = self._selected(definition)
        if live is None:
            return defined, []
        twins = {id(live.twin(device)) for device in defined}
        return defined, [device for device in self._selected(live) if id(device) not in twins]

    def _nothing_selected(self, definition: Devices) -> TaskError:
        tag = self.description.elements()[0].tag
        have = ", ".join(definition.name_of(device) for device in definition.of_kind(tag))
        return TaskError(
            f"match selects no {tag} of it; it has {have or 'none'}; correct match, or leave it out to add one"
        )

    def _matching(self, devices: Devices) -> Element | None:
        if self.match is None:
            return None
        found = self._selected(devices)
        return devices.only(found, "give more in match, or set match_many") if found else None

    def _selected(self, devices: Devices) -> list[Element]:
        if self.match is None:
            return devices.of_kind(self.description.elements()[0].tag)
        selected = [
            device
            for variant in self.match.elements
            for device in devices.fitting(variant)
            if self.match.lacks(device)
        ]
        # One may fit several of them.
        return list({id(device): device for device in selected}.values())

    def _placed(self, devices: Devices) -> Element:
        position, tag = self.position or 0, self.description.elements()[0].tag
        found = devices.of_kind(tag)
        if abs(position) > len(found):
            have = ", ".join(devices.name_of(device) for device in found)
            raise TaskError(
                f"match: {position}: it has {len(found)} of the devices {tag} ({have or 'none'}); "
                "give the position of one that it has, or leave match out to add one"
            )
        return found[position - 1 if position > 0 else position]

    def _check_identified(self) -> None:
        """Refuse a disk that only has a size: it would fit any disk, or be added in each run."""
        for element in self.description.elements():
            is_disk = element.tag == "disk" and element.get("device") in (None, "disk", "lun")
            known = ("target/@dev", "alias/@name", "serial", "wwn")
            has_place = element.child("source") is not None or element.child("address") is not None
            if not is_disk or has_place or any(element.value(path) is not None for path in known):
                return
        raise TaskError(
            "nothing identifies the disk, so each run would add another; give its "
            "target.dev, path or vol, or select one with match"
        )


def _first(found: t.Iterable[Element | None]) -> Element | None:
    return next((device for device in found if device is not None), None)
