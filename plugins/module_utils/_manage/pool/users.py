# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who uses a storage pool, and what is removed with it."""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import Pool
from ..._hypervisor.pool_users import running_guests
from ..._xmltree.element import Element
from ..references import domains_that


def users_of(found: Pool) -> list[str]:
    """The domains whose disks are volumes of a pool by its name, and the guests that run on it.

    libvirt looks for neither when it stops or removes a pool.

    :raises HypervisorError: domains or volumes can't be read.
    """

    def refers(document: Element) -> bool:
        return any(source.get("pool") == found.name for source in _sources(document))

    named = domains_that(found.connection, refers)
    running = [f"domain '{name}'" for name in running_guests(found)]
    return sorted({*named, *running})


def _sources(document: Element) -> t.Iterator[Element]:
    return (element for element in document.walk() if element.tag == "source")
