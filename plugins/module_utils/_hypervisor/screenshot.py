# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a guest's screen."""

from __future__ import annotations

import contextlib

from .._screen.errors import PictureError
from .._screen.picture import Picture, picture_of
from .._xmltree.dump import parse_dump
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt

_PIECE = 256 * 1024
_NO_DEVICE = (
    "the guest has no graphics card, and so no screen; give it one by the option video of domain, or look at its "
    "serial console"
)


def screenshot(domain: Domain, screen: int) -> Picture:
    """What a screen of the guest shows now; screens are counted from 0.

    :raises HypervisorError: the guest has no such screen, or the driver can't show it.
    """
    advice = "set screen to the number of a screen that the guest has, from 0 on"
    with domain.connection.explained("take a screenshot", advice):
        try:
            mime, data = _taken(domain, screen)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                raise HypervisorError(
                    "the hypervisor's driver can't take screenshots; look at the guest's console"
                ) from error
            if not _has_card(domain):
                raise HypervisorError(_NO_DEVICE) from error
            raise
    try:
        return picture_of(mime, data)
    except PictureError as error:
        raise HypervisorError(f"the screen can't be shown: {error}") from error


def _taken(domain: Domain, screen: int) -> tuple[str, bytes]:
    """The type of the picture and its bytes.

    :raises libvirtError: libvirt fails.
    """
    stream = domain.connection.raw.newStream(0)
    mime = str(domain.raw.screenshot(stream, screen, 0))
    pieces = []
    try:
        while piece := stream.recv(_PIECE):
            pieces.append(piece)
    except BaseException:
        with contextlib.suppress(libvirt.libvirtError):
            stream.abort()
        raise
    stream.finish()
    return mime, b"".join(pieces)


def _has_card(domain: Domain) -> bool:
    """Whether the running guest has a graphics card."""
    live = domain.live()
    cards = [] if live is None else parse_dump(live).findall("devices/video/model")
    return any(card.get("type") != "none" for card in cards)
