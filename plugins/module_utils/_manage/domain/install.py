# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first boot of a domain, which installs it."""

from __future__ import annotations

import contextlib

from ..._hypervisor import power
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.errors import HypervisorError, LostConnection, UnknownOutcome
from ..._virtinst import first_boot, writing
from ..._virtinst.first_boot import is_installation
from ..._virtinst.order import put_in_order
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..._xmltree.serialise import serialise


def install(domains: Domains, first: Element, document: Element, validate: bool) -> Domain:
    """Start the guest with the document of its first boot, then define its final document.

    The guest starts without a definition. So an interrupted task leaves neither a definition
    that boots the installer each time nor one that never does.

    :raises HypervisorError: it can't be started or defined; nothing is left of it.
    :raises UnknownOutcome: the connection broke, or libvirt has lost the guest.
    """
    guest = power.start_transient(domains.connection, serialise(first))
    try:
        return domains.define(serialise(_as_started(document, guest)), validate)
    except LostConnection:
        # It may be defined, or not: the next run sees.
        raise
    except HypervisorError as error:
        if power.ends(guest, 0):
            raise _lost(guest, error) from error
        # Where it can't be, what it runs from stays.
        with contextlib.suppress(HypervisorError):
            power.switch_off(guest)
        raise


def _lost(guest: Domain, error: HypervisorError) -> UnknownOutcome:
    """libvirt 9.0 forgets a guest whose definition it can't write to its file, and lets it run."""
    return UnknownOutcome(
        f"{error}; libvirt no longer knows the guest, whose process may go on running from its "
        f"volumes; end it (pgrep -f guest={guest.name} finds it on the hypervisor's host), then run "
        "the task again"
    )


def restarting(first: Element, document: Element) -> Element:
    """The document of a first boot without an installation: the guest may reboot.

    virt-install ends the guest at its first reboot, waits for that, and starts it again. Here
    nothing waits, and cloud-init may reboot the guest at any time.
    """
    first = writing.copied(first)
    first.children = [child for child in first.children if child.tag != "on_reboot"]
    first.children += document.all("on_reboot")
    put_in_order(first)
    return first


def next_start(domain: Domain) -> str | None:
    """The document for restarting a guest within its first boot.

    The definition lacks the data of cloud-init, which may need them still. ``None`` where the
    guest starts with its definition.
    """
    # The task may have changed the guest since it read it.
    guest = domain.fresh()
    live = guest.live()
    document = None if live is None else first_boot.with_seed(guest.document(), parse(live))
    return None if document is None else serialise(document)


def is_installing(domain: Domain) -> bool:
    """Whether its guest runs an installer."""
    live = domain.live()
    return live is not None and is_installation(domain.document(), parse(live))


def is_unfinished(domain: Domain) -> bool:
    """Whether its guest is in its first boot, and lacks a definition: a task was interrupted."""
    live = None if domain.facts().persistent else domain.live()
    return live is not None and first_boot.is_unfinished(domain.name, parse(live))


def _as_started(document: Element, guest: Domain) -> Element:
    """The document with the values that libvirt has chosen for the running guest."""
    live, document = guest.live(), writing.copied(document)
    if document.child("uuid") is None:
        document.children.insert(1, Element("uuid", text=guest.uuid))
    if live is None:
        return document
    interfaces, live_interfaces = (
        tree.findall("devices/interface") for tree in (document, parse(live))
    )
    for interface, live_interface in zip(interfaces, live_interfaces):
        if interface.child("mac") is None:
            writing.write(interface, "mac/@address", live_interface.value("mac/@address"))
    return document
