# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Suspending to memory and to disk."""

from __future__ import annotations

from ..guest import Guest


def configure(guest: Guest) -> None:
    """Switch both off on x86: some systems take a shutdown request for a request to sleep."""
    if guest.is_x86 and guest.host.is_qemu_or_test:
        guest.set_default("pm/suspend-to-mem/@enabled", "no")
        guest.set_default("pm/suspend-to-disk/@enabled", "no")
