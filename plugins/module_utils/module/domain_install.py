# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first boot of a domain, which installs it."""

from __future__ import annotations

from ..hypervisor import power
from ..hypervisor.connection import Connection
from ..hypervisor.domains import Domain, define
from ..virtinst import writing
from ..xmltree.element import Element
from ..xmltree.parse import parse
from ..xmltree.serialise import serialise

#: How libvirt's documents say that a guest ends instead of starting anew.
_ENDS = "destroy"


def install(
    connection: Connection, first_boot: Element, document: Element, validate: bool
) -> Domain:
    """Start the guest with the document of its first boot, and define it with the other.

    Started without a definition, a task that is interrupted leaves none that boots
    the installer for ever, and none that would never do so.

    :raises HypervisorError: it can't be started or defined; nothing is left of it.
    """
    guest = power.start_transient(connection, serialise(first_boot))
    try:
        return define(connection, serialise(_as_started(document, guest)), validate)
    except Exception:
        power.switch_off(guest)
        raise


def is_installing(domain: Domain) -> bool:
    """Whether its guest is one that ends where its definition says that it starts anew."""
    facts = domain.facts()
    if not facts.active:
        return False
    if parse(domain.live()).value("on_reboot") != _ENDS:
        return False
    return not facts.persistent or parse(domain.definition()).value("on_reboot") != _ENDS


def _as_started(document: Element, guest: Domain) -> Element:
    """The document with what libvirt has chosen for the guest that runs."""
    live, document = parse(guest.live()), writing.copied(document)
    if document.child("uuid") is None:
        document.children.insert(1, Element("uuid", text=guest.uuid))
    ours, theirs = (one.findall("devices/interface") for one in (document, live))
    for interface, other in zip(ours, theirs):
        if interface.child("mac") is None:
            writing.write(interface, "mac/@address", other.value("mac/@address"))
    return document
