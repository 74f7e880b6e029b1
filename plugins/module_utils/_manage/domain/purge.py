# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing the domains that a list leaves out, if their names fit a pattern."""

from __future__ import annotations

import fnmatch
import typing as t

from ..._choices import ABSENT
from ..._hypervisor.domains import Domain
from ..._hypervisor.power import is_saved
from ..._hypervisor.removal import NVRAM, TPM
from ..._hypervisor.snapshots import names_of_snapshots
from ..._hypervisor.stopping import Shutdown
from ..errors import TaskError
from .request import Request


class Purge(t.NamedTuple):
    """``pattern`` is a glob. ``shutdown`` is ``None`` where guests that run are to stay."""

    pattern: str
    shutdown: Shutdown | None

    def has(self, name: str) -> bool:
        """Whether a domain with this name may be removed."""
        return fnmatch.fnmatchcase(name, self.pattern)

    def check(self, domain: Domain) -> None:
        """Check that a domain loses no more than its definition.

        :raises TaskError: it would.
        """
        facts = domain.facts()
        if facts.active and self.shutdown is None:
            raise TaskError(
                f"it is not in the list, and {facts.state}; it stays until it is off; set shutdown "
                "to have it stopped, or add it to the list"
            )
        if not facts.active and is_saved(domain):
            raise TaskError(
                "it is not in the list, and the state of its guest is saved; it stays; let it run "
                "and stop it, or remove it with state: absent"
            )
        remembered = names_of_snapshots(domain)
        if remembered:
            raise TaskError(
                f"it is not in the list, and libvirt would forget its {', '.join(remembered)}; it "
                "stays; delete those, or remove it with state: absent"
            )

    def request(self, name: str) -> Request:
        """The request for a domain that is removed: only its definition goes."""
        shutdown = self.shutdown if self.shutdown is not None else Shutdown()
        return Request(name, state=ABSENT, keep=frozenset((NVRAM, TPM)), shutdown=shutdown)
