# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting, pausing, saving and resetting guests."""

from __future__ import annotations

import time

from .connection import Connection
from .domains import Domain
from .errors import is_code
from .events import idle
from .libvirt_import import libvirt
from .stopping import Shutdown, stop

#: The time between two looks at a guest's state, in seconds.
_POLL = 0.5


def start(domain: Domain, paused: bool = False) -> None:
    """Start a domain that is off, from its saved state if it has one.

    :raises HypervisorError: libvirt can't start it; it stays as it is.
    """
    flags = libvirt.VIR_DOMAIN_START_PAUSED if paused else 0
    was_saved = not paused and is_saved(domain)
    with domain.connection.explained("start the domain", "correct the domain's definition"):
        domain.raw.createWithFlags(flags)
        # A guest that was paused when it was saved is paused again.
        is_paused = was_saved and domain.raw.state()[0] == libvirt.VIR_DOMAIN_PAUSED
    if is_paused:
        resume(domain)


def resume(domain: Domain) -> None:
    """Resume a paused guest."""
    with domain.connection.explained("resume the guest"):
        domain.raw.resume()


def wake(domain: Domain) -> None:
    """Wake up a guest that has suspended itself."""
    with domain.connection.explained("wake up the guest"):
        domain.raw.pMWakeup()


def pause(domain: Domain) -> None:
    """Stop the guest's CPUs."""
    with domain.connection.explained("pause the guest"):
        domain.raw.suspend()


def save(domain: Domain) -> None:
    """Stop the guest, and keep its memory for the next start."""
    with domain.connection.explained(
        "save the guest's state", "end what hinders it, such as a block job, or stop the guest"
    ):
        domain.raw.managedSave(0)


def is_saved(domain: Domain) -> bool:
    """Whether the next start restores a saved state."""
    with domain.connection.explained("see whether the guest's state is saved"):
        try:
            return bool(domain.raw.hasManagedSaveImage(0))
        except libvirt.libvirtError as error:
            # Not every driver can save.
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return False
            raise


def reset(domain: Domain) -> None:
    """Reset the guest, like the button on a machine."""
    with domain.connection.explained("reset the guest"):
        domain.raw.reset(0)


def start_transient(connection: Connection, document: str) -> Domain:
    """Start a transient guest from a document.

    :raises HypervisorError: libvirt can't start it; nothing is left of it.
    """
    with connection.explained("start the domain", "correct the document"):
        return Domain(connection, connection.raw.createXML(document))


def start_with(domain: Domain, document: str, paused: bool = False) -> None:
    """Start a domain that is off with another document this once; its definition stays.

    :raises HypervisorError: libvirt can't start it; it stays as it is.
    """
    flags = libvirt.VIR_DOMAIN_START_PAUSED if paused else 0
    with domain.connection.explained("start the domain", "correct the options of the domain"):
        # A document with the UUID of a domain that is off starts that domain
        # (virDomainObjListAddLocked).
        domain.connection.raw.createXML(document, flags)


def start_once(domain: Domain, document: str, paused: bool = False) -> None:
    """Start a domain that is off with another document this once; else with its own.

    :raises HypervisorError: libvirt can't start it; it stays as it is.
    """
    flags = libvirt.VIR_DOMAIN_START_PAUSED if paused else 0
    try:
        domain.connection.raw.createXML(document, flags)
    except libvirt.libvirtError:
        start(domain, paused)


def restart(domain: Domain, shutdown: Shutdown, document: str | None = None) -> None:
    """Stop the guest and start it again, with ``document`` this once; it is paused if it was.

    :raises HypervisorError: the guest doesn't stop, and may not be switched off; or it is off
        now, and can't be started.
    """
    with domain.connection.explained("read the domain's state"):
        is_paused = domain.raw.state()[0] == libvirt.VIR_DOMAIN_PAUSED
    stop(domain, shutdown)
    if document is None:
        start(domain, is_paused)
    else:
        start_once(domain, document, is_paused)


def switch_off(domain: Domain) -> None:
    """Switch the guest off, like pulling the power cord."""
    with domain.connection.explained("switch off the guest"):
        domain.raw.destroy()


def set_autostart(domain: Domain, is_on: bool) -> None:
    """Let the domain start together with the hypervisor, or not."""
    with domain.connection.explained("set whether the domain starts by itself"):
        domain.raw.setAutostart(int(is_on))


def ends(domain: Domain, timeout: float) -> bool:
    """Wait until the guest has ended; return whether that was within ``timeout`` seconds."""
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
        idle(min(_POLL, left))
