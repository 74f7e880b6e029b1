# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugging devices out of a running guest, which has to release them first."""

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

#: A guest that still boots misses the request; it is asked again after so many seconds.
_ASK_AGAIN = 5.0


@dataclasses.dataclass
class _Request:
    """One device on its way out."""

    device: Element
    alias: str | None
    is_gone: bool = False
    refused: str | None = None

    @property
    def is_settled(self) -> bool:
        return self.is_gone or self.refused is not None


def detach_all(domain: Domain, devices: t.Sequence[Element], timeout: float) -> list[str | None]:
    """Plug out these devices of the running guest's document, all at once.

    Gives for each of them ``None``, or the reason why it is still there. The guest has
    ``timeout`` seconds for all of them.

    :raises HypervisorError: the connection was lost; which of them are gone is unknown.
    """
    requests = [_Request(device, device.value("alias/@name")) for device in devices]
    by_alias = {one.alias: one for one in requests if one.alias is not None}

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
        while not all(one.is_settled for one in requests):
            left = end - time.monotonic()
            if left <= 0:
                break
            wait(lambda: all(one.is_settled for one in requests), min(_ASK_AGAIN, left))
            _look(domain, requests)
            if time.monotonic() < end:
                _ask(domain, [one for one in requests if not one.is_settled])
    _look(domain, requests)
    late = f"the guest has not released it within {timeout:g} s"
    return [None if one.is_gone else one.refused or late for one in requests]


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
    """Whether QEMU waits for the guest already; there is no code of its own for that."""
    return "in the process of unplug" in reason(error)


def _look(domain: Domain, requests: t.Sequence[_Request]) -> None:
    """See in the running guest's document which are gone, whatever the events said."""
    with domain.connection.explained("read the running guest's XML"):
        try:
            document = parse(domain.raw.XMLDesc(0))
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise
            # A transient domain has ended, and with it its devices.
            document = Element("domain")
    there = {
        device.value("alias/@name") for device in (document.child("devices") or document).children
    }
    for request in requests:
        if request.alias is not None:
            request.is_gone = request.alias not in there
