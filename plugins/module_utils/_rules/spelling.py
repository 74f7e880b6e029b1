# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spellings of one value that libvirt takes for the same."""

from __future__ import annotations

import functools
import ipaddress
import re
import typing as t


def same_by(canonical: t.Callable[[str], t.Hashable]) -> t.Callable[[str, str], bool]:
    """A comparison of two values by their canonical form."""

    def same(desired: str, actual: str) -> bool:
        return canonical(desired) == canonical(actual)

    return same


def integer(value: str) -> t.Hashable:
    """``4``, ``04`` and ``0x4``: virStrToLong with base 0, octal left out."""
    text = value.strip().lower()
    try:
        return int(text, 16) if text.startswith("0x") else int(text)
    except ValueError:
        return value


def same_number(desired: str, actual: str) -> bool:
    """Whether a number that libvirt reads in the base that it seems to be in is the same.

    virStrToLong with base 0 takes ``010`` for 8. Where libvirt reads it otherwise, it is 10.
    """
    if integer(desired) == integer(actual):
        return True
    text = desired.strip()
    return text[:1] == "0" and text.isdigit() and octal(text) == integer(actual)


def same_hexadecimal(desired: str, actual: str) -> bool:
    """Whether a number is the same that libvirt reads in hexadecimal, with ``0x`` or without."""
    try:
        return int(desired, 16) == integer(actual)
    except ValueError:
        return False


def dotted(value: str) -> t.Hashable:
    """``1.2`` and ``01.02``: the numbers between dots."""
    return tuple(integer(part) for part in value.split("."))


def decimal(value: str) -> t.Hashable:
    """``2.0`` and ``2.00``: a number with a fraction."""
    whole, _dot, fraction = value.partition(".")
    return (integer(whole), fraction.rstrip("0"))


def octal(value: str) -> t.Hashable:
    """``755`` and ``0755``: file modes."""
    try:
        return int(value, 8)
    except ValueError:
        return value


def bitmap(value: str) -> t.Hashable:
    """``0-3,^2`` and ``0,1,3``: the set of numbers (virBitmapParse)."""
    numbers: set[int] = set()
    for part in value.replace(" ", "").split(","):
        found = re.fullmatch(r"(\^?)(\d+)(?:-(\d+))?", part)
        if found is None:
            return value
        first, last = int(found[2]), int(found[3] or found[2])
        if last - first > 65536:
            return value
        span = range(first, last + 1)
        if found[1]:
            numbers.difference_update(span)
        else:
            numbers.update(span)
    return frozenset(numbers)


def uuid(value: str) -> t.Hashable:
    """virUUIDParse ignores case, hyphens and white space."""
    return re.sub(r"[-\s]", "", value).lower()


def caseless(value: str) -> t.Hashable:
    """Letters in any case."""
    return value.lower()


def mac(value: str) -> t.Hashable:
    """virMacAddrParse: bytes in hexadecimal, of one digit or two, in any case."""
    parts = value.strip().lower().split(":")
    return ":".join(part.zfill(2) for part in parts) if len(parts) == 6 else value


def ip_address(value: str) -> t.Hashable:
    """virSocketAddrFormat writes IPv6 addresses short and in lower case, and IPv4 in four parts."""
    text = value.strip()
    try:
        return ipaddress.ip_address(_four_parts(text) if text.isdigit() else text)
    except ValueError:
        return value


def _four_parts(number: str) -> int | str:
    """getaddrinfo takes one number for all of an IPv4 address, and one with a zero for octal."""
    try:
        found = int(number, 8) if number.startswith("0") else int(number)
    except ValueError:
        return number
    return found if found < 2**32 else number


def clean_path(path: str) -> str:
    """virFileSanitizePath: no slash twice, none at the end; a URL stays as it is."""
    if "://" in path and path.index("://") < path.index("/"):
        return path
    head = "//" if re.match("//[^/]", path) else "/" if path.startswith("/") else ""
    return head + "/".join(filter(None, path.split("/")))


def same_path(desired: str, actual: str) -> bool:
    """Whether both are one path."""
    return clean_path(desired) == clean_path(actual)


_UUID_DIGITS = 32
_UUID = re.compile(r"([0-9a-fA-F]-?){32}")


@functools.lru_cache(maxsize=8192)
def any_spelling(value: str) -> t.Hashable:
    """What names and numbers are told apart by, whatever they stand for.

    The same few values recur in each domain of a host.
    """
    if value.count(":") > 1:
        return caseless(value) if (found := ip_address(value)) is value else found
    if len(value) >= _UUID_DIGITS and _UUID.fullmatch(value):
        return uuid(value)
    if value[:1].isdigit():
        for read in (integer, bitmap):
            found = read(value)
            if found is not value:
                return found
    return value.lower()
