# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sound card."""

from __future__ import annotations

from ..guest import Guest


def configure(guest: Guest) -> None:
    """Choose the model that fits the machine."""
    for sound in guest.devices("sound"):
        sound.attributes.setdefault("model", "ich9" if guest.is_pcie else "ich6")
