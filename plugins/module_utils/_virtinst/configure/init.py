# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first process of a container."""

from __future__ import annotations

from ..guest import Guest
from .features import is_full_container


def configure(guest: Guest) -> None:
    """Start the system's own init, or a shell where there is none."""
    if guest.is_container:
        guest.set_default("os/init", "/sbin/init" if is_full_container(guest) else "/bin/sh")
