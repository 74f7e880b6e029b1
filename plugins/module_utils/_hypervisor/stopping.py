# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stopping a guest: by requests first, by switching it off only if that is allowed."""

from __future__ import annotations

import time
import typing as t

from .domains import STATES, Domain
from .errors import HypervisorError, is_code, reason
from .events import idle
from .flags import is_flag_unknown
from .libvirt_import import libvirt

#: The ways to request a guest's shutdown, and libvirt's flag for each
#: (virDomainShutdownFlagValues).
METHODS = {
    "agent": "VIR_DOMAIN_SHUTDOWN_GUEST_AGENT",
    "acpi": "VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN",
    "initctl": "VIR_DOMAIN_SHUTDOWN_INITCTL",
    "signal": "VIR_DOMAIN_SHUTDOWN_SIGNAL",
    "paravirt": "VIR_DOMAIN_SHUTDOWN_PARAVIRT",
}

#: The time between two looks at a running guest's state, in seconds.
_POLL = 0.2
#: A guest that still boots, or whose screen is locked, misses the power button;
#: it is pressed again after so many seconds.
_PRESS_AGAIN = 10.0


class Shutdown(t.NamedTuple):
    """The way to stop a guest.

    ``methods`` (of :data:`METHODS`) are tried in order, each for ``timeout``
    seconds. ``force``: the guest is switched off after that.
    """

    methods: tuple[str, ...] = ("agent", "acpi")
    timeout: float = 60.0
    force: bool = False

    @property
    def is_open(self) -> bool:
        """Whether no method was chosen, so that a driver without these may use its own."""
        return self.methods == type(self)().methods


def stop(domain: Domain, shutdown: Shutdown) -> None:
    """Stop the guest, unless it is off already.

    A paused guest is resumed so that it can shut down, and paused again if it doesn't.

    :raises HypervisorError: the guest still runs, and may not be switched off.
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
        """Try each way; return ``None`` if the guest stopped, else words about the tries."""
        tried = [] if not shutdown.methods else self._wake()
        if tried:
            return tried
        has_method = False
        for name in shutdown.methods:
            flags = getattr(libvirt, METHODS[name])
            error = self._request(flags)
            has_method = has_method or error is None or not is_flag_unknown(error)
            failure = self._failure(name, flags, error, shutdown.timeout)
            if failure is None:
                return None
            tried.append(failure)
        if shutdown.is_open and not has_method:
            # Containers and the test driver know other methods, and choose by themselves.
            failure = self._failure("shutdown", 0, self._request(0), shutdown.timeout)
            return None if failure is None else [failure]
        return tried

    def _failure(self, name: str, flags: int, error: t.Any, timeout: float) -> str | None:
        """Wait for the effect of a request; return words about it if the guest still runs."""
        if not self.active():
            return None
        if error is not None:
            return f"{name}: {reason(error)}"
        if self._stops(flags, timeout):
            return None
        return f"{name}: no effect in {timeout:g} s"

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
        """Resume or wake a guest that can't react; return the reason if that is impossible."""
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

    def _request(self, flags: int) -> t.Any:
        """Request the shutdown once; return libvirt's error if this way is impossible."""
        try:
            self._raw.shutdownFlags(flags)
        except libvirt.libvirtError as error:
            return error
        return None

    def _stops(self, flags: int, timeout: float) -> bool:
        now = time.monotonic()
        end, press = now + timeout, now + _PRESS_AGAIN
        while now < end:
            idle(min(_POLL, end - now))
            if not self.active():
                return True
            now = time.monotonic()
            if flags == libvirt.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN and now >= press:
                press = now + _PRESS_AGAIN
                self._request(flags)
        return False
