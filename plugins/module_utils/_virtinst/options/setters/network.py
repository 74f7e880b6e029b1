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
from .common import rename

if t.TYPE_CHECKING:
    from ...guest import Guest

_DEFAULT = "default"
_RANDOM = "RANDOM"
#: The attribute of a source, by type.
_SOURCES = {"network": "network", "bridge": "bridge", "direct": "dev"}


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Give model and MAC address their newer names, and make type and source agree."""
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
