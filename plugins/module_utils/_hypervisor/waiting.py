# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting until a guest runs, has an address, or its agent answers."""

from __future__ import annotations

import time
import typing as t

from .domains import STATES, Domain
from .errors import HypervisorError, is_code, reason
from .events import idle
from .libvirt_import import libvirt

#: The sources of addresses, with libvirt's flag for each
#: (virDomainInterfaceAddressesSource).
SOURCES = {
    "lease": "VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE",
    "agent": "VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT",
    "arp": "VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP",
}
_POLL = 0.5


class Address(t.NamedTuple):
    """An address of an interface; ``mac`` and ``interface`` are in libvirt's spelling."""

    address: str
    prefix: int
    interface: str
    mac: str | None
    source: str


def wait_for_state(domain: Domain, state: str, timeout: float) -> None:
    """Wait until the domain is in this state, one of :data:`.domains.STATES`.

    :raises HypervisorError: the time is over before.
    """

    def is_so() -> bool:
        with domain.connection.explained("read the domain's state"):
            return STATES[domain.raw.state()[0]] == state

    _wait(is_so, timeout, f"it is not {state}")


def wait_for_addresses(
    domain: Domain, sources: t.Sequence[str], timeout: float
) -> tuple[Address, ...]:
    """Wait until one of the sources knows an address that other hosts can reach.

    :raises HypervisorError: the time is over before, the guest has stopped, or the agent is
        the only source and the guest has no channel for it.
    """
    found: list[Address] = []
    last: dict[str, str] = {}

    def is_so() -> bool:
        for source in sources:
            try:
                found.extend(addresses(domain, source))
            except libvirt.libvirtError as error:
                _check_guest(domain, error)
                if source == "agent" and len(sources) == 1:
                    _check_channel(error)
                last[source] = reason(error)
        return bool(found)

    _wait(is_so, timeout, "no address of it is known", last)
    return tuple(dict.fromkeys(found))


def addresses(domain: Domain, source: str) -> tuple[Address, ...]:
    """The addresses of one of :data:`SOURCES`, without loopback and link-local addresses.

    :raises libvirtError: the source can't be asked.
    """
    interfaces = domain.raw.interfaceAddresses(getattr(libvirt, SOURCES[source]))
    return tuple(
        Address(address["addr"], int(address["prefix"]), name, interface.get("hwaddr"), source)
        for name, interface in interfaces.items()
        for address in interface.get("addrs") or ()
        if can_be_reached(address["addr"])
    )


def wait_for_agent(domain: Domain, timeout: float) -> None:
    """Wait until the guest agent answers.

    :raises HypervisorError: the time is over before, the guest has no channel for an agent, or
        has stopped.
    """
    last: dict[str, str] = {}

    def is_so() -> bool:
        try:
            domain.raw.getTime()
        except libvirt.libvirtError as error:
            _check_guest(domain, error)
            _check_channel(error)
            last["agent"] = reason(error)
            return False
        return True

    _wait(is_so, timeout, "its guest agent does not answer", last)


def _wait(
    is_so: t.Callable[[], bool],
    timeout: float,
    complaint: str,
    last: t.Mapping[str, str] | None = None,
) -> None:
    end = time.monotonic() + timeout
    while not is_so():
        left = end - time.monotonic()
        if left <= 0:
            reasons = "; ".join(f"{source}: {why}" for source, why in (last or {}).items())
            raise HypervisorError(
                f"{complaint} after {timeout:g} s{f' ({reasons})' if reasons else ''}; give it more time "
                "with wait.timeout, or look at the guest's console"
            )
        idle(min(_POLL, left))


def _check_channel(error: t.Any) -> None:
    """Refuse to wait for an agent that has no channel."""
    if is_code(error, "VIR_ERR_ARGUMENT_UNSUPPORTED", "VIR_ERR_NO_SUPPORT"):
        raise HypervisorError(
            f"libvirt can't ask its guest agent: {reason(error)}; give the domain a channel with "
            "the target name org.qemu.guest_agent.0"
        ) from error


def _check_guest(domain: Domain, error: t.Any) -> None:
    """Refuse to wait for a guest that has stopped."""
    with domain.connection.explained("read the domain's state"):
        try:
            runs = bool(domain.raw.isActive())
        except libvirt.libvirtError as another:
            if not is_code(another, "VIR_ERR_NO_DOMAIN"):
                raise
            runs = False
    if not runs:
        raise HypervisorError(
            "the guest does not run (any more); set state to running to start it, or see in its "
            "console or in libvirt's log of it why it has stopped"
        ) from error


def can_be_reached(address: str) -> bool:
    """Whether a text is an address that other hosts can reach.

    The agent's answers are the guest's own words, which may be anything.
    """
    try:
        # Few tasks wait.
        import ipaddress

        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    # A zone is the guest's name for one of its interfaces.
    return not (known.is_loopback or known.is_link_local or "%" in address)
