# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units of amounts, as libvirt's virScaleInteger reads them."""

from __future__ import annotations

from ..xmltree.element import Element

_BINARY = {letter: 1024**power for power, letter in enumerate("kmgtpe", 1)}
_DECIMAL = {letter: 1000**power for power, letter in enumerate("kmgtpe", 1)}


def scale(unit: str) -> int | None:
    """Bytes in one unit: ``b``, ``bytes``, ``k``, ``KiB``, ``KB``, ``M``…

    ``None`` for a unit that libvirt doesn't know
    (https://libvirt.org/formatdomain.html#memory-allocation).
    """
    name = unit.lower()
    if name in ("b", "byte", "bytes"):
        return 1
    letter, rest = name[:1], name[1:]
    if rest in ("", "ib"):
        return _BINARY.get(letter)
    if rest == "b":
        return _DECIMAL.get(letter)
    return None


def in_kib(number: str | None, unit: str | None) -> int | None:
    """An amount of memory in KiB, as virDomainParseMemory rounds it; ``None`` when it is none."""
    size = scale(unit or "KiB")
    if number is None or not number.strip().isdigit() or size is None:
        return None
    return -(-int(number) * size // 1024)


def kib(element: Element | None) -> int | None:
    """The same of an element's text and its attribute ``unit``."""
    return None if element is None else in_kib(element.text, element.get("unit"))
