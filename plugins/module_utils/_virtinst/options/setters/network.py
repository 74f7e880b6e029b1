# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces and their sources."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ... import writing
from ...configure import network
from ...errors import OptionError
from ..settings import Settings
from ..values import truth
from . import hostdev
from .common import rename

if t.TYPE_CHECKING:
    from ...guest import Guest

_DEFAULT = "default"
_RANDOM = "RANDOM"
#: The attribute of a source, by type.
_SOURCES = {"network": "network", "bridge": "bridge", "direct": "dev", "vdpa": "dev"}
#: The backend of the type ``user`` that is asked for as a type of its own.
_PASST = "passt"


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Give model and MAC address their newer names, and make type and source agree."""
    _write_out_ports(settings)
    rename(settings, "model", "model.type")
    rename(settings, "mac", "mac.address")
    for kind in ("network", "bridge"):
        name = settings.take(kind)
        if name is None:
            continue
        if settings.get("type") not in (None, kind) or settings.get("source") not in (None, name):
            raise OptionError(
                f"network: {kind}={name} contradicts the type or the source beside it; leave one of "
                "them out"
            )
        settings.put("type", kind)
        settings.put("source", name)
    return True


def set_kind(guest: Guest, element: Element, value: str | None) -> None:
    """Set the type; the word ``default`` also chooses the source."""
    if value == _DEFAULT:
        network.set_default_source(guest, element)
    elif value == _PASST:
        writing.write(element, "@type", "user")
        writing.write(element, "backend/@type", _PASST)
    else:
        writing.write(element, "@type", value)


def set_source(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the name of the network, bridge or device."""
    attribute = _SOURCES.get(element.get("type") or "", "")
    if attribute:
        writing.write(element, f"source/@{attribute}", value)
    # The element stays: a new one would count as another element.
    for unused in set(_SOURCES.values()) - {attribute}:
        writing.write(element, f"source/@{unused}", None)


def leave(_guest: Guest, _element: Element, _value: str | None) -> None:
    """Nothing is left of it: :func:`prepare` has written it out."""


def set_hostdev(guest: Guest, element: Element, value: str | None) -> None:
    """Set the PCI card of the host that is handed on."""
    if value is None:
        writing.write(element, "source/address", None)
        return
    device = Element("hostdev")
    hostdev.set_name(guest, device, value)
    if device.get("type") != "pci":
        raise OptionError(f"{value} is no PCI device; give the network card's PCI address")
    element.attributes["type"] = "hostdev"
    element.attributes.setdefault("managed", "yes")
    writing.write(element, "source/address/@type", "pci")
    for name in ("domain", "bus", "slot", "function"):
        number = device.value(f"source/address/@{name}")
        writing.write(element, f"source/address/@{name}", number)


def set_mac(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the MAC address; the word ``RANDOM`` leaves it open."""
    if value != _RANDOM:
        writing.write(element, "mac/@address", value)


def set_link(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the link's state; truth values stand for up and down."""
    is_up = None if value is None else truth(value)
    if is_up is not None:
        value = "up" if is_up else "down"
    writing.write(element, "link/@state", value)


def _write_out_ports(settings: Settings) -> None:
    """Write out what is given as ``portForward[]: [ADDRESS:]PORT[-PORT][:PORT][/PROTOCOL]``."""
    for numbers, text in settings.take_numbered("portForward[]"):
        if not text:
            for name in ("proto", "address"):
                settings.put(f"portForward[].{name}", "", numbers)
            for name in ("start", "end", "to"):
                settings.put(f"portForward[].range[].{name}", "", (*numbers, 0))
            continue
        ports, slash, protocol = text.rpartition("/")
        given = ports if slash else text
        parts = given.rsplit(":", 2)
        # One colon is that of the guest's port; an address needs both.
        to = parts.pop() if len(parts) > 1 else None
        first, _dash, last = parts.pop().partition("-")
        address = parts[0] if parts else None
        range_numbers = (*numbers, 0)
        for name, places, value in (
            ("portForward[].proto", numbers, protocol if slash else "tcp"),
            ("portForward[].address", numbers, address),
            ("portForward[].range[].start", range_numbers, first),
            ("portForward[].range[].end", range_numbers, last or None),
            ("portForward[].range[].to", range_numbers, to),
        ):
            if value is not None:
                settings.put(name, value, places)
