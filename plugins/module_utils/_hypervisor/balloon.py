# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a guest has a driver for its memory balloon."""

from __future__ import annotations

from .domains import Domain
from .libvirt_import import libvirt

#: The time of the driver's last statistics, 0 for never. Linux' driver sends some when it
#: starts, also when they weren't requested.
_LAST_UPDATE = "last_update"


def has_driver(domain: Domain) -> bool:
    """Whether a driver has sent statistics; true where that is unknown."""
    try:
        known = domain.raw.memoryStats()
    except libvirt.libvirtError:
        return True
    return bool(known.get(_LAST_UPDATE, True))
