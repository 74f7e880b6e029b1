# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text console."""

from __future__ import annotations

import uuid

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest


def add(guest: Guest) -> None:
    """Add a console, unless the guest has a console or a serial port, or is to have none."""
    if "console" in guest.unwanted or guest.devices("console") or guest.devices("serial"):
        return
    if guest.host.is_bhyve:
        guest.add_device(_null_modem(guest.name or ""))
        return
    console = guest.add_device(Element("console", {"type": "pty"}))
    if guest.is_s390x:
        writing.write(console, "target/@type", "sclp")


def _null_modem(name: str) -> Element:
    """The two ends of a null modem cable, by a domain's name, so that the next run finds the same.

    nmdm(4) of FreeBSD: the devices are made when they are opened, with any name between ``nmdm``
    and ``A`` or ``B``.
    """
    cable = f"/dev/nmdm{uuid.uuid5(uuid.NAMESPACE_OID, name)}"
    console = Element("console", {"type": "nmdm"})
    writing.write(console, "source/@master", f"{cable}A")
    writing.write(console, "source/@slave", f"{cable}B")
    return console
