# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masks, which a document has as such or as the length of a prefix.

libvirt keeps the form that it was given, and refuses both.
"""

from __future__ import annotations

import ipaddress

from ..._xmltree.element import Element
from ..context import Context
from ..rows import Fill, Mirror, Stored, Value

_OTHER = {"netmask": "prefix", "prefix": "netmask"}


def length(element: Element) -> int | None:
    """How many bits the mask of an element has; ``None`` where it has none."""
    prefix, mask = element.get("prefix"), element.get("netmask")
    if prefix is not None and prefix.strip().isdigit():
        return int(prefix)
    try:
        bits = format(int(ipaddress.IPv4Address((mask or "").strip())), "032b")
    except ValueError:
        return None
    return None if "01" in bits else len(bits.rstrip("0"))


def _is_in_other_form(context: Context, name: str) -> bool:
    """Whether the definition has the mask that is desired by ``name``, in its other form."""
    known = length(context.desired)
    return (
        context.actual.get(name) is None
        and context.actual.get(_OTHER[name]) is not None
        and known is not None
        and known == length(context.actual)
    )


def stored_mask(context: Context, written: str) -> str | None:
    """virNetworkIPDefFormat: the length of a prefix where that is what there is."""
    return None if _is_in_other_form(context, "netmask") else written


def stored_prefix(context: Context, written: str) -> str | None:
    """virNetworkIPDefFormat: a mask where that is what there is; 0 is no prefix of a network."""
    if context.desired.tag == "ip" and not written.strip("0"):
        return None
    return None if _is_in_other_form(context, "prefix") else written


def filled_mask(context: Context) -> Value:
    """The mask that the prefix of the document comes to."""
    return context.actual.get("netmask") if _is_in_other_form(context, "prefix") else None


def filled_prefix(context: Context) -> Value:
    """The prefix that the mask of the document comes to."""
    return context.actual.get("prefix") if _is_in_other_form(context, "netmask") else None


def mask_in_place(said: Element, actual: Element) -> Element:
    """A mask that is said takes the place of a prefix, and the other way round."""
    bits = length(said)
    if bits is None:
        return said
    rest = {name: value for name, value in said.attributes.items() if name not in _OTHER}
    if said.get("prefix") is None and actual.get("prefix") is not None:
        return said.replaced({**rest, "prefix": str(bits)})
    if said.get("netmask") is None and actual.get("netmask") is not None and bits <= 32:
        return said.replaced({**rest, "netmask": str(ipaddress.IPv4Network((0, bits)).netmask)})
    return said


_REASON = "virNetworkIPDefFormat, virNetDevIPRouteFormat: as it was written"

MASKS = (
    Stored("{ip,route}/@netmask", stored_mask, _REASON),
    Stored("{ip,route}/@prefix", stored_prefix, _REASON),
    Fill("{ip,route}/@netmask", filled_mask, _REASON),
    Fill("{ip,route}/@prefix", filled_prefix, _REASON),
    Mirror("{ip,route}", mask_in_place, "virNetworkIPDefParseXML: both are refused"),
)
