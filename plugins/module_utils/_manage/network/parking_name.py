# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the networks are called on which NICs wait while their own is started anew."""

from __future__ import annotations

_PARK = "parked-"


def park_name(uuid: str) -> str:
    """The name of such a network, by the UUID of the one that is started anew."""
    return f"{_PARK}{uuid}"


def is_park(name: str) -> bool:
    """Whether a network is called so."""
    return name.startswith(_PARK)
