# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Foreseeing that libvirt refuses to save a guest's state."""

from __future__ import annotations

from ..._hypervisor.domains import Domain
from ..._rules.migration.devices import unsaved
from ..errors import TaskError
from .current import current_of


def check_saveable(domain: Domain) -> None:
    """See that the state of a running guest can be saved, before libvirt is asked to.

    Only what libvirt refuses by itself is known; what QEMU may refuse comes out when it is tried.

    :raises TaskError: it can't be saved.
    :raises HypervisorError: its document can't be read.
    """
    parts = unsaved(current_of(domain), domain.connection.version()).certain
    if parts:
        raise TaskError(
            f"state: libvirt can't save the state of a guest that has {', '.join(parts)}; take that "
            "away first, or use state: stopped"
        )
