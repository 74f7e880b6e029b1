# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the sub-options of an option from an element: the table of options, backwards."""

from __future__ import annotations

import re
import typing as t

from ..._xmltree.element import Element
from .. import writing
from ..errors import OptionError
from ..options.rows import Group, Kind, Option
from ..options.table import GROUPS
from ..options.values import number, truth
from .special import READERS, SKIPPED

#: A sub-option and the numbers in its name.
Key = tuple[str, tuple[int, ...]]
#: The sub-options of one value, as YAML has them: texts, numbers, truth values, lists of texts.
Settings = dict[Key, t.Any]

_NUMBERED = re.compile(r"\[\{\}\]")
_XPATH, _CLEAR = "xpath", "clearxml"
#: What libvirt chooses for a device, which is read only where the rest isn't enough.
_CHOSEN = ("address.", "alias.")
_KIB = 1024


def read(group: Group, root: Element, element: Element, is_full: bool = False) -> Settings:
    """The sub-options that say what ``element`` has, so far as there are any.

    ``root`` is the element's document. ``is_full``: also the address and the alias of a device.
    """
    settings: Settings = {}
    skipped = SKIPPED.get(group.name, frozenset())
    taken: set[str] = set()
    for option in sorted(group.options, key=lambda option: len(option.name)):
        name = option.name
        if option.path is None or name in skipped or name.startswith(_XPATH) or name == _CLEAR:
            continue
        if option.path in taken or (not is_full and name.startswith(_CHOSEN)):
            continue
        found = list(_values(root, element, option))
        if found:
            taken.add(option.path)
        for numbers, value in found:
            settings[(name, numbers)] = value
    places = group.places
    settings = dict(sorted(settings.items(), key=lambda item: (places[item[0][0]][0], item[0][1])))
    reader = READERS.get(group.name)
    if reader is None:
        return settings
    # Their order may have a meaning.
    special = {
        (key if isinstance(key, tuple) else (key, ())): value
        for key, value in reader(root, element).items()
    }
    return {**special, **settings}


def elements_of(group: Group, root: Element) -> list[Element]:
    """The elements of a document that an option is about."""
    if group.path == ".":
        return [root]
    return root.findall(group.path)


def _values(
    root: Element, element: Element, option: Option
) -> t.Iterator[tuple[tuple[int, ...], t.Any]]:
    path = option.path or "."
    base = element
    if path.startswith("/"):
        base, path = root, path[1:]
    for numbers in _numbers(base, path):
        value = _value(base, option, path.format(*numbers) if numbers else path)
        if value is not None:
            yield numbers, value


def _numbers(base: Element, path: str) -> list[tuple[int, ...]]:
    """The numbers for a path's lists that lead to an element."""
    parts = _NUMBERED.split(path)
    found: list[tuple[tuple[int, ...], Element]] = [((), base)]
    for part in parts[:-1]:
        above, _slash, tag = part.strip("/").rpartition("/")
        found = [
            ((*numbers, number), child)
            for numbers, element in found
            for parent in [writing.element_at(element, above or ".")]
            if parent is not None
            for number, child in enumerate(parent.all(tag))
        ]
    return [numbers for numbers, _element in found]


def _value(base: Element, option: Option, path: str) -> t.Any:
    if option.kind is Kind.PRESENCE:
        return True if writing.element_at(base, path) is not None else None
    text = writing.value_at(base, path)
    if not text:
        return None
    return _spelled(option, text)


def _spelled(option: Option, text: str) -> t.Any:
    """A text of the document as YAML has it; ``None`` where the option can't say it."""
    try:
        if option.kind is Kind.MEBIBYTES:
            amount = number(text)
            return amount // _KIB if amount and amount % _KIB == 0 else f"{amount}KiB"
        if option.kind is Kind.INTEGER:
            return number(text)
    except OptionError:
        return None
    if option.kind in (Kind.YES_NO, Kind.ON_OFF):
        return truth(text)
    return text


def group_of(path: str) -> Group | None:
    """The option that a place of a document belongs to, such as ``devices/disk/driver/@io``."""
    for name, group in GROUPS.items():
        if name in ("xml", "qemu_commandline"):
            continue
        if group.path != "." and (path + "/").startswith(group.path + "/"):
            return group
    for name in ("memory", "vcpus", "metadata", "events", "iothreads"):
        group = GROUPS[name]
        for option in group.options:
            place = (option.path or "").lstrip("/").partition("[")[0].partition("/")[0]
            if place and path.partition("/")[0] == place:
                return group
    if path.startswith("qemu:commandline"):
        return GROUPS["qemu_commandline"]
    if path.startswith(("devices/emulator", "bootloader")):
        return GROUPS["boot"]
    return None
