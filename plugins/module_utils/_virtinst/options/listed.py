# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of devices, whose entries may have ``state: absent``."""

from __future__ import annotations

import re
import typing as t

from ..._choices import ABSENT, PRESENT
from ..._xmltree.element import Element
from ..errors import OptionError
from . import nested, strings
from .rows import Group
from .table import GROUPS
from .values import write

_STATE = "state"
_IN_STRING = re.compile(rf"(^|,){_STATE}=(\w*)(?=,|$)")

#: The groups whose values are devices of a list, by the names of the options.
LISTS: dict[str, Group] = {
    name: group for name, group in GROUPS.items() if group.is_list and group.is_device
}


def option_of(tag: str) -> str:
    """The option for devices with a tag, such as ``network`` for ``interface``."""
    return next((name for name, group in LISTS.items() if group.tag == tag), tag)


class Absent(t.NamedTuple):
    """Devices that are to be absent: those that have all of ``properties``.

    ``path`` is the path of a disk's data, ``volume`` its pool and volume.
    """

    tag: str
    properties: Element
    path: str | None
    volume: tuple[str, str] | None


def split(options: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, list[t.Any]]]:
    """Separate the options from the entries of devices that are to be absent.

    :raises OptionError: a state is neither ``present`` nor ``absent``.
    """
    left, absent = dict(options), {}
    for name in LISTS:
        if options.get(name) is None:
            continue
        value = options[name]
        entries = [_entry(name, entry) for entry in (value if isinstance(value, list) else [value])]
        if all(state is None for state, _entry_left in entries):
            continue
        left[name] = [entry for state, entry in entries if state != ABSENT]
        absent[name] = [entry for state, entry in entries if state == ABSENT]
    return left, {name: entries for name, entries in absent.items() if entries}


def read_absent(guest: t.Any, name: str, value: object) -> Absent:
    """Read an entry with ``state: absent``.

    :raises OptionError: the entry can't be read, or doesn't identify a device.
    """
    group = LISTS[name]
    if isinstance(value, t.Mapping):
        settings = nested.read(group, value)
    else:
        settings = strings.read(group, str(value))
    if group.prepare is not None:
        group.prepare(guest, settings)
    path, volume = settings.take("path") or None, settings.take("vol") or None
    element = Element(group.tag)
    for option, numbers, text in settings.in_order():
        if option.set is not None:
            option.set(guest, element, text or None)
        else:
            write(guest.root, element, option, numbers, text)
    if not (element.attributes or element.children or path or volume):
        raise OptionError(
            f"{name}: an entry with state: {ABSENT} doesn't name the device that is to go; give its "
            "target or MAC address, for example"
        )
    place: tuple[str, str] | None = None
    if volume is not None:
        pool, _slash, named = volume.partition("/")
        place = pool, named
    return Absent(group.tag, element, path, place)


def _entry(name: str, value: t.Any) -> tuple[str | None, t.Any]:
    """The state of an entry, if it has one, and the entry without it."""
    if isinstance(value, t.Mapping):
        if _STATE not in value:
            return None, value
        state = value[_STATE]
        rest: t.Any = {key: setting for key, setting in value.items() if key != _STATE}
    elif isinstance(value, str):
        found = _IN_STRING.search(value)
        if found is None:
            return None, value
        state = found[2]
        rest = (value[: found.start()] + value[found.end() :]).lstrip(",")
    else:
        return None, value
    if state not in (PRESENT, ABSENT):
        raise OptionError(f"{name}: state is {PRESENT} or {ABSENT}, not {state}")
    return state, rest
