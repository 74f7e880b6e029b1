# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selecting a device by the sub-options of its kind, or by places in its XML."""

from __future__ import annotations

import re
import typing as t

from .._xmltree.element import Element
from . import writing
from .device import DeviceOption
from .errors import OptionError
from .host import Host
from .options.table import GROUPS

_NUMBER = re.compile(r"-?[0-9]+")


def position_of(match: object) -> int | None:
    """The position that ``match`` is: 1 is the first device, -1 the last; ``None`` if it is none.

    :raises OptionError: it is 0.
    """
    if isinstance(match, bool) or not isinstance(match, (int, str)):
        return None
    if not _NUMBER.fullmatch(str(match).strip()):
        return None
    if not int(match):
        raise OptionError("match: 0 is no position; give 1 for the first device, -1 for the last")
    return int(match)


class Selected(t.NamedTuple):
    """The properties of the selected devices.

    A device is selected if it has all of one of ``elements``, and if ``lacks`` confirms that
    it has none of the parts that the selection empties.
    """

    elements: list[Element]
    lacks: t.Callable[[Element], bool]


def selected_by(host: Host, actual: Element, tag: str, match: object) -> Selected:
    """Read the option ``match`` for devices with a tag.

    ``match`` is a dictionary or a string of sub-options, as in the group for devices with
    this tag. A key with a ``/`` or a ``@`` is a place in the XML, such as ``target/@dev``.

    :raises OptionError: ``match`` can't be read, or is empty.
    """
    name = next(
        (element.name for element in GROUPS.values() if element.path == f"devices/{tag}"), None
    )
    places: dict[str, object] = {}
    options = match
    if isinstance(match, t.Mapping):
        places = {str(key): value for key, value in match.items() if _is_place(str(key))}
        options = {key: value for key, value in match.items() if not _is_place(str(key))}
    found = [Element(tag)]
    option: DeviceOption | None = None
    if options or not places:
        if name is None:
            raise OptionError(
                f"match: there are no sub-options for the device {tag}; give places in its XML, "
                "such as address/@slot"
            )
        try:
            option = DeviceOption(host, actual, name, options)
            found = [writing.copied(element) for element in option.elements()]
        except OptionError as error:
            raise OptionError(f"match: {error}") from None
    for element in found:
        for place, value in places.items():
            try:
                writing.write(element, place, str(value))
            except ValueError as error:
                raise OptionError(f"match: {error}") from None
    takes_away = option is not None and option.takes_away
    if not (found[0].attributes or found[0].children or found[0].text or takes_away):
        raise OptionError(
            "match is empty, or names nothing that a device has; give its mac or target, for example"
        )
    return Selected(found, (lambda _device: True) if option is None else option.loses_nothing)


def _is_place(key: str) -> bool:
    return "/" in key or "@" in key
