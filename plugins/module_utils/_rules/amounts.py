# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units of amounts, as libvirt's virScaleInteger reads them."""

from __future__ import annotations

import re

from .._xmltree.element import Element

#: A number and a unit; what begins with ``0x`` is a number alone.
_WITH_UNIT = re.compile(r"(-?(?!0[xX])[0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]+)")

_BINARY = {letter: 1024**power for power, letter in enumerate("kmgtpe", 1)}
_DECIMAL = {letter: 1000**power for power, letter in enumerate("kmgtpe", 1)}

_READABLE = ((1024**4, "TiB"), (1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"), (1, "bytes"))


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


def split(text: str) -> tuple[str, str] | None:
    """The number and the unit of a text such as ``2G`` or ``1.5 GiB``; ``None`` for any other."""
    found = _WITH_UNIT.fullmatch(text.strip())
    return None if found is None else (found[1], found[2])


def in_units(number: str, unit: str, written: str) -> int | None:
    """An amount as a number of another unit; ``None`` where that is not a whole one.

    An amount in decimal units, such as 1 GB, is rounded up to it as libvirt does.
    Both units are known.
    """
    size, granule = scale(unit), scale(written)
    if size is None or granule is None:
        return None
    # Few amounts need it, and it brings much of Python's library with it.
    import fractions

    amount = fractions.Fraction(number) * size / granule
    if amount.denominator == 1:
        return amount.numerator
    is_decimal = len(unit) == 2 and unit[1] in "bB"
    return -(-amount.numerator // amount.denominator) if is_decimal else None


def readable(size: int) -> str:
    """A number of bytes, for a person."""
    unit, name = next(row for row in _READABLE if size >= row[0] or row[0] == 1)
    return f"{size / unit:.4g} {name}"


def in_kib(number: str | None, unit: str | None) -> int | None:
    """An amount of memory in KiB, as virDomainParseMemory rounds it; ``None`` when it is none."""
    size = scale(unit or "KiB")
    if number is None or not number.strip().isdigit() or size is None:
        return None
    return -(-int(number) * size // 1024)


def kib(element: Element | None) -> int | None:
    """The same of an element's text and its attribute ``unit``."""
    return None if element is None else in_kib(element.text, element.get("unit"))


def vcpu_count(vcpu: Element | None) -> tuple[int, int]:
    """How many virtual CPUs are plugged in, and how many there can be."""
    if vcpu is None:
        return 1, 1
    most = int(vcpu.text or 1)
    return int(vcpu.get("current") or most), most
