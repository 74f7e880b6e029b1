# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing the values of options into a domain."""

from __future__ import annotations

import typing as t

from ..._secrecy import shown
from ..._xmltree.element import Element
from .. import writing
from ..errors import OptionError
from ..guest import Guest, Written
from . import nested, strings, xpath
from .rows import Group, Nothing
from .settings import Settings
from .table import EARLY, GROUPS
from .values import write

#: One value of a group: virt-install's string, nested YAML, or a bare number.
Value = t.Union[str, int, float, t.Mapping[str, object]]

_NONE = "none"
#: The alternatives to the word, for parts that every domain has.
_INSTEAD_OF_NONE = {
    "boot": "leave boot out, or switch parts off, such as boot: {network: false, menu: false}",
    "memory": "give the amount, or leave memory out",
    "vcpus": "give their number, or leave vcpus out",
    "controller": (
        "leave controller out, give the entry of the one that is to go state: absent, or for a guest "
        "without USB give {type: usb, model: none}"
    ),
}
#: Groups whose devices can be of the kind ``none``.
_KNOW_NONE = frozenset(["video"])
_LATE = tuple(name for name in GROUPS if name not in EARLY)
#: What stands for a number in a path.
_NUMBER = "{}"


def apply(guest: Guest, group: str, value: object) -> list[Element]:
    """Write one value of a group, and return the elements that it was written into.

    Devices are added at the end; other groups are written in place.

    :raises OptionError: it can't be read or used.
    """
    return _apply(guest, GROUPS[group], value)


def describe(guest: Guest, name: str, value: object) -> tuple[Element, Settings]:
    """Make the device that one value of a group describes, without adding it to the guest.

    The device isn't connected with storage; the settings have the request for it.

    :raises OptionError: the value can't be read, or doesn't describe one device.
    """
    group = GROUPS[name]
    settings = _settings(group, value)
    if is_none(group, value):
        raise OptionError(
            f"{name}: {_NONE} is not one device; to remove one, describe it and set state to absent"
        )
    if settings is None:
        text = str(value)
        elements = None if group.special is None else group.special(guest, text)
        if not text or (elements is not None and len(elements) != 1):
            raise OptionError(f"{name}: {shown(text) or 'an empty text'} is not one device")
        if elements is not None:
            return elements[0], Settings(group)
        settings = strings.read(group, text)
    if group.prepare is not None and not group.prepare(guest, settings):
        raise OptionError(f"{name}: {shown(value)} is not one device")
    element = group.element(group.tag)
    actions = _write_options(guest, element, settings)
    xpath.remember(guest, group, element, actions.finished(group.title))
    return element, settings


def apply_early(guest: Guest, options: t.Mapping[str, object]) -> None:
    """Write the groups that capabilities and the operating system depend on.

    ``options`` maps the names of groups to a value or a list of values; other options are
    left alone.

    :raises OptionError: a value can't be read or used.
    """
    _apply_groups(guest, options, EARLY)


def apply_late(guest: Guest, options: t.Mapping[str, object]) -> None:
    """Write all other groups, in the order of the table.

    :raises OptionError: a value can't be read or used.
    """
    _apply_groups(guest, options, _LATE)


def apply_all(guest: Guest, options: t.Mapping[str, object]) -> None:
    """Write all groups.

    :raises OptionError: a value can't be read or used.
    """
    apply_early(guest, options)
    apply_late(guest, options)


def _apply_groups(guest: Guest, options: t.Mapping[str, object], names: t.Iterable[str]) -> None:
    for name in names:
        if name not in options:
            continue
        value = options[name]
        values = value if isinstance(value, (list, tuple)) else [value]
        values = [entry for entry in values if entry is not None]
        for entry in values:
            apply(guest, name, entry)
        if not all(is_none(GROUPS[name], entry) for entry in values):
            # As in virt-install, the word has no effect beside devices.
            guest.set_to_none.discard(name)


def is_none(group: Group, value: object) -> bool:
    """Whether a value is the word ``none``, or has ``none`` as the kind of its device.

    :raises OptionError: the value can't be read.
    """
    if group.none is Nothing.VALUE:
        return False
    if value == _NONE:
        return True
    if not group.is_device or not group.first or group.name in _KNOW_NONE:
        return False
    if isinstance(value, str):
        key, equals, word = value.partition("=")
        if not equals or word != _NONE:
            return False
        names = [key]
    elif isinstance(value, t.Mapping):
        settings = nested.read(group, value)
        return len(settings) == 1 and settings.get(group.first[0]) == _NONE
    else:
        return False
    found = group.option(names[0])
    return found is not None and found[0].name == group.first[0]


def _settings(group: Group, value: object) -> Settings | None:
    """The sub-options of a dictionary; ``None`` for a text."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, t.Mapping)):
        raise OptionError(
            f"{group.title} takes a string or a dictionary of sub-options, not {shown(repr(value))}"
        )
    return nested.read(group, value) if isinstance(value, t.Mapping) else None


def _apply(guest: Guest, group: Group, value: object) -> list[Element]:
    settings = _settings(group, value)
    if is_none(group, value):
        if group.none is Nothing.REFUSED:
            raise OptionError(
                f"{group.title}: every domain has some, and none takes nothing away; "
                f"{_INSTEAD_OF_NONE[group.name]}"
            )
        guest.set_to_none.add(group.name)
        if group.none is Nothing.UNWANTED:
            guest.unwanted.add(group.name)
        return []
    if settings is not None:
        return _write(guest, group, settings)
    text = str(value)
    if not text:
        return []
    if group.special is not None:
        elements = group.special(guest, text)
        if elements is not None:
            for element in elements:
                _add(guest, group, element)
            return elements
    return _write(guest, group, strings.read(group, text))


def rewrite(guest: Guest, written: Written, element: Element) -> None:
    """Write a value again, into ``element`` of another guest.

    :raises OptionError: the value can't be used there.
    """
    group, settings = written.group, written.settings.copied()
    if not group.is_device:
        _write(guest, group, settings)
    elif group.prepare is None or group.prepare(guest, settings):
        _write_options(guest, element, settings)


def _write(guest: Guest, group: Group, settings: Settings) -> list[Element]:
    given = settings.copied()
    if group.prepare is not None and not group.prepare(guest, settings):
        return []
    existing = None
    if not group.is_list:
        existing = guest.make(group.path)
    elif group.find is not None:
        existing = group.find(guest, settings)
    element = group.element(group.tag) if existing is None else existing
    actions = _write_options(guest, element, settings)
    if group.finish is not None:
        group.finish(guest, element, settings)
    if element is not guest.root:
        is_empty = not (element.attributes or element.children or element.text)
        if existing is None and (group.is_device or not is_empty):
            _add(guest, group, element)
        elif existing is not None and is_empty:
            writing.discard(guest.make(_parent(group)), element)
    guest.written.append(Written(group, element, given))
    xpath.remember(guest, group, element, actions.finished(group.title))
    return [element]


def _write_options(guest: Guest, element: Element, settings: Settings) -> xpath.Actions:
    actions = xpath.Actions()
    padded = set()
    for option, numbers, text in settings.in_order():
        try:
            if option.name.startswith(xpath.PREFIX):
                actions.add(option.name, numbers, text)
            elif option.skips_default and text == "default":
                continue
            elif option.set is not None:
                option.set(guest, element, text or None)
            else:
                write(guest.root, element, option, numbers, text)
                padded.add(option.path or "")
        except OptionError as error:
            raise OptionError(f"{settings.where(option.name)}: {error}") from None
    for path in padded:
        if _NUMBER in path:
            _drop_padding(element, path.split("/"))
    return actions


def _drop_padding(element: Element, steps: list[str]) -> None:
    """Remove the empty elements that fill gaps between the numbers of a list."""
    if not steps or steps[0].startswith("@"):
        return
    tag = steps[0].partition("[")[0]
    for child in element.all(tag):
        _drop_padding(child, steps[1:])
        if not (child.attributes or child.children or child.text):
            writing.discard(element, child)


def _add(guest: Guest, group: Group, element: Element) -> None:
    if group.is_device:
        guest.add_device(element)
    else:
        guest.make(_parent(group)).children.append(element)


def _parent(group: Group) -> str:
    return group.path.rpartition("/")[0] or "."
