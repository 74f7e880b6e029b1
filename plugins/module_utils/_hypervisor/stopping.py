# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stopping a guest: asked first, switched off only when that is allowed."""

from __future__ import annotations

import dataclasses
import time

from .domains import STATES, Domain
from .errors import HypervisorError, is_code, reason
from .events import idle
from .libvirt_import import libvirt

#: The ways to ask a guest to shut down, and libvirt's flag for each
#: (virDomainShutdownFlagValues).
METHODS = {
    "agent": "VIR_DOMAIN_SHUTDOWN_GUEST_AGENT",
    "acpi": "VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN",
    "initctl": "VIR_DOMAIN_SHUTDOWN_INITCTL",
    "signal": "VIR_DOMAIN_SHUTDOWN_SIGNAL",
    "paravirt": "VIR_DOMAIN_SHUTDOWN_PARAVIRT",
}

#: How often a running guest's state is looked at, in seconds.
_POLL = 0.2
#: A guest that still boots, or whose screen is locked, misses a power button;
#: it is pressed again after so many seconds.
_PRESS_AGAIN = 10.0


@dataclasses.dataclass(frozen=True)
class Shutdown:
    """How a guest is stopped.

    ``methods`` (of :data:`METHODS`) are tried in order, each for ``timeout``
    seconds. With ``force`` the guest is then switched off.
    """

    methods: tuple[str, ...] = ("agent", "acpi")
    timeout: float = 60.0
    force: bool = False


def stop(domain: Domain, shutdown: Shutdown) -> None:
    """Stop the guest; it is no error when it isn't running (any more).

    A paused guest is resumed so that it can shut down, and paused again when it
    does not.

    :raises HypervisorError: it still runs, and may not be switched off.
    """
    guest = _Guest(domain)
    if not guest.active():
        return
    tried = guest.ask(shutdown)
    if tried is None:
        return
    if shutdown.force:
        guest.switch_off()
        return
    guest.pause_again()
    raise HypervisorError(
        f"the guest is still running ({'; '.join(tried)}); shut it down "
        "from inside, give it more time with shutdown.timeout, or let it be switched off with "
        "shutdown.force"
    )


class _Guest:
    def __init__(self, domain: Domain) -> None:
        self._raw = domain.raw
        self._connection = domain.connection
        self._resumed = False

    def active(self) -> bool:
        with self._connection.explained("read the domain's state"):
            try:
                return bool(self._raw.isActive())
            except libvirt.libvirtError as error:
                # A transient domain is gone once it has stopped.
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    return False
                raise

    def ask(self, shutdown: Shutdown) -> list[str] | None:
        """Ask in each way; ``None`` when it stopped, else what was tried."""
        tried = [] if not shutdown.methods else self._wake()
        if tried:
            return tried
        for method in shutdown.methods:
            refused = self._request(method)
            if not self.active():
                return None
            if refused is not None:
                tried.append(f"{method}: {refused}")
                continue
            if self._stops(method, shutdown.timeout):
                return None
            tried.append(f"{method}: no effect in {shutdown.timeout:g} s")
        return tried

    def switch_off(self) -> None:
        with self._connection.explained("switch off the guest"):
            try:
                self._raw.destroy()
            except libvirt.libvirtError:
                if self.active():
                    raise

    def pause_again(self) -> None:
        if self._resumed and self.active():
            with self._connection.explained("pause the guest again"):
                self._raw.suspend()

    def _wake(self) -> list[str]:
        """Let a guest run that can't hear; why that is impossible, if it is."""
        with self._connection.explained("read the domain's state"):
            try:
                state = STATES[self._raw.state()[0]]
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    return []
                raise
        if state == "crashed":
            return ["it has crashed"]
        wake = {"paused": self._raw.resume, "pmsuspended": self._raw.pMWakeup}.get(state)
        if wake is None:
            return []
        try:
            wake()
        except libvirt.libvirtError as error:
            return [f"it is {state} and can't be resumed: {reason(error)}"]
        self._resumed = state == "paused"
        return []

    def _request(self, method: str) -> str | None:
        """Ask once; libvirt's reason when it can't be asked in this way."""
        try:
            self._raw.shutdownFlags(getattr(libvirt, METHODS[method]))
        except libvirt.libvirtError as error:
            return reason(error)
        return None

    def _stops(self, method: str, timeout: float) -> bool:
        now = time.monotonic()
        end, press = now + timeout, now + _PRESS_AGAIN
        while now < end:
            idle(min(_POLL, end - now))
            if not self.active():
                return True
            now = time.monotonic()
            if method == "acpi" and now >= press:
                press = now + _PRESS_AGAIN
                self._request(method)
        return False
