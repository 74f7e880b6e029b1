# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unplugging devices from a running guest, which has to release them first."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from .._xmltree.element import Element
from .._xmltree.parse import parse
from .._xmltree.serialise import serialise
from .domains import Domain
from .errors import HypervisorError, is_code, reason
from .events import listening, wait
from .libvirt_import import libvirt

#: A guest that still boots misses the request; it is repeated after so many seconds.
_ASK_AGAIN = 5.0


@dataclasses.dataclass
class _Request:
    """The request to release a device."""

    device: Element
    alias: str | None
    is_gone: bool = False
    refused: str | None = None

    @property
    def is_answered(self) -> bool:
        return self.is_gone or self.refused is not None


def detach_all(domain: Domain, devices: t.Sequence[Element], timeout: float) -> list[str | None]:
    """Unplug these devices of the running guest's document, all at once.

    Returns for each device ``None``, or the reason why it is still plugged in. The guest has
    ``timeout`` seconds for all of them.

    :raises HypervisorError: the connection was lost; it is unknown which devices are gone.
    """
    requests = [_Request(device, device.value("alias/@name")) for device in devices]
    by_alias = {request.alias: request for request in requests if request.alias is not None}

    def removed(_connection: t.Any, _domain: t.Any, alias: str, _data: t.Any) -> None:
        if alias in by_alias:
            by_alias[alias].is_gone = True

    def failed(_connection: t.Any, _domain: t.Any, alias: str, _data: t.Any) -> None:
        if alias in by_alias:
            by_alias[alias].refused = "the guest refuses to release it"

    callbacks = (
        (libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, removed),
        (libvirt.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, failed),
    )
    # An event may come before the request returns.
    with listening(domain.connection, domain.raw, *callbacks):
        _ask(domain, requests)
        end = time.monotonic() + timeout
        while not all(request.is_answered for request in requests):
            left = end - time.monotonic()
            if left <= 0:
                break
            wait(lambda: all(request.is_answered for request in requests), min(_ASK_AGAIN, left))
            _look(domain, requests)
            if time.monotonic() < end:
                _ask(domain, [request for request in requests if not request.is_answered])
    _look(domain, requests)
    late = f"the guest has not released it within {timeout:g} s"
    return [None if request.is_gone else request.refused or late for request in requests]


def _ask(domain: Domain, requests: t.Iterable[_Request]) -> None:
    for request in requests:
        try:
            if request.alias is not None:
                domain.raw.detachDeviceAlias(request.alias, libvirt.VIR_DOMAIN_AFFECT_LIVE)
            else:
                domain.raw.detachDeviceFlags(
                    serialise(request.device), libvirt.VIR_DOMAIN_AFFECT_LIVE
                )
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_DEVICE_MISSING"):
                request.is_gone = True
            elif not _is_in_progress(error):
                if not domain.connection.raw.isAlive():
                    raise HypervisorError(reason(error)) from error
                request.refused = reason(error)


def _is_in_progress(error: t.Any) -> bool:
    """Whether QEMU waits for the guest already; libvirt has no code for this error."""
    return "in the process of unplug" in reason(error)


def _look(domain: Domain, requests: t.Sequence[_Request]) -> None:
    """Find out which devices are gone from the running guest's document, not from events."""
    with domain.connection.explained("read the running guest's XML"):
        try:
            document = parse(domain.raw.XMLDesc(0))
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise
            # A transient domain has ended, and with it its devices.
            document = Element("domain")
    aliases = {
        device.value("alias/@name") for device in (document.child("devices") or document).children
    }
    for request in requests:
        if request.alias is not None:
            request.is_gone = request.alias not in aliases
