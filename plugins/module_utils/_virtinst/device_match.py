# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a device is selected by: sub-options of its kind, or places in its XML."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from . import writing
from .device import DeviceOption
from .errors import OptionError
from .host import Host
from .options.table import GROUPS


class Selected(t.NamedTuple):
    """What the devices have that are meant: all of one of ``having``, and nothing that is said
    to be nothing, which ``lacks`` tells."""

    having: list[Element]
    lacks: t.Callable[[Element], bool]


def selected_by(host: Host, actual: Element, tag: str, match: object) -> Selected:
    """What the devices have that are meant.

    ``match`` is a dictionary or a string of sub-options, as in the group for devices with
    this tag. A key with a ``/`` or a ``@`` is a place in the XML, such as ``target/@dev``.

    :raises OptionError: it can't be read, or says nothing.
    """
    name = next((one.name for one in GROUPS.values() if one.path == f"devices/{tag}"), None)
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
            found = [writing.copied(one) for one in option.said()]
        except OptionError as error:
            raise OptionError(f"match: {error}") from None
    for one in found:
        for place, value in places.items():
            try:
                writing.write(one, place, str(value))
            except ValueError as error:
                raise OptionError(f"match: {error}") from None
    takes_away = option is not None and option.takes_away
    if not (found[0].attributes or found[0].children or found[0].text or takes_away):
        raise OptionError(
            "match is empty, or names nothing that a device has; give its mac or target, for example"
        )
    return Selected(found, (lambda _one: True) if option is None else option.says_nothing_of)


def _is_place(key: str) -> bool:
    return "/" in key or "@" in key
