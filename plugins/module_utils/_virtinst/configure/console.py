# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text console."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest


def add(guest: Guest) -> None:
    """Add a console, unless the guest has a console or a serial port, or is to have none."""
    if "console" in guest.unwanted or guest.devices("console") or guest.devices("serial"):
        return
    console = guest.add_device(Element("console", {"type": "pty"}))
    if guest.is_s390x:
        writing.write(console, "target/@type", "sclp")
