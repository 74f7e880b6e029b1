# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests that are to run: starting them, and waiting until they have ended."""

from __future__ import annotations

import time

from .connection import Connection
from .domains import Domain
from .errors import is_code
from .libvirt_import import libvirt
from .stopping import Shutdown, stop

#: How often a guest's state is looked at, in seconds.
_POLL = 0.5


def run(domain: Domain, state: str) -> None:
    """Let a domain run that is in this state (of :data:`.domains.STATES`).

    :raises HypervisorError: libvirt can't start it; it stays as it is.
    """
    if state == "paused":
        with domain.connection.explained("resume the guest"):
            domain.raw.resume()
    elif state == "pmsuspended":
        with domain.connection.explained("wake up the guest"):
            domain.raw.pMWakeup()
    else:
        with domain.connection.explained(
            "start the domain", "see what it says, and correct the domain's definition"
        ):
            domain.raw.create()


def start_transient(connection: Connection, document: str) -> Domain:
    """Start a guest from a document that is not kept as its definition.

    :raises HypervisorError: libvirt can't start it; nothing is left of it.
    """
    with connection.explained("start the domain", "correct what it says"):
        return Domain(connection, connection.raw.createXML(document))


def restart(domain: Domain, shutdown: Shutdown) -> None:
    """Stop the guest and start it again, paused if it was.

    :raises HypervisorError: it doesn't stop, and may not be switched off; or it is off
        now, and can't be started.
    """
    with domain.connection.explained("read the domain's state"):
        is_paused = domain.raw.state()[0] == libvirt.VIR_DOMAIN_PAUSED
    stop(domain, shutdown)
    flags = libvirt.VIR_DOMAIN_START_PAUSED if is_paused else 0
    with domain.connection.explained(
        "start the domain again", "see what it says, and correct the domain's definition"
    ):
        domain.raw.createWithFlags(flags)


def switch_off(domain: Domain) -> None:
    """Switch the guest off, like pulling the power cord."""
    with domain.connection.explained("switch off the guest"):
        domain.raw.destroy()


def set_autostart(domain: Domain, wanted: bool) -> None:
    """Let the domain start together with the hypervisor, or not."""
    with domain.connection.explained("set whether the domain starts by itself"):
        domain.raw.setAutostart(int(wanted))


def ends(domain: Domain, timeout: float) -> bool:
    """Wait until no guest runs; whether that was within ``timeout`` seconds."""
    end = time.monotonic() + timeout
    while True:
        with domain.connection.explained("read the domain's state"):
            try:
                if not domain.raw.isActive():
                    return True
            except libvirt.libvirtError as error:
                # A transient domain is gone once it has ended.
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    return True
                raise
        left = end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(_POLL, left))
