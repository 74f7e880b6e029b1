# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a disk of a running guest larger; the guest sees the new size at once."""

from __future__ import annotations

from .domains import Domain
from .libvirt_import import libvirt


def grow_disk(domain: Domain, target: str, capacity: int) -> None:
    """Make the disk with this target larger, to a size in bytes.

    :raises HypervisorError: libvirt can't; the disk stays as it is.
    """
    with domain.connection.explained(
        f"make the disk {target} of the running guest larger",
        "make room in its pool, end the disk's block jobs, or leave its size as it is",
    ):
        domain.raw.blockResize(target, capacity, libvirt.VIR_DOMAIN_BLOCK_RESIZE_BYTES)
