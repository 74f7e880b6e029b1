# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a guest has a driver for its memory balloon."""

from __future__ import annotations

from .domains import Domain
from .libvirt_import import libvirt

#: When the guest's driver last told of its memory, 0 for never. Linux' driver does so
#: when it starts, also when nobody asks for statistics.
_LAST_UPDATE = "last_update"


def has_driver(domain: Domain) -> bool:
    """Whether a driver has shown itself; where that can't be known, it is taken to be there."""
    try:
        known = domain.raw.memoryStats()
    except libvirt.libvirtError:
        return True
    return bool(known.get(_LAST_UPDATE, True))
