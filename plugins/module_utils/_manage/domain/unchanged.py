# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task on a domain that found nothing to do before."""

from __future__ import annotations

from ..._hypervisor.objects import Object
from ..unchanged import Unchanged


class UnchangedDomain(Unchanged):
    """Remembers requests of domains that had nothing to do."""

    def _is_lasting(self, found: Object) -> bool:
        """Whether what waits for a restart depends on the documents alone."""
        live = found.live()
        if live is None:
            return True
        # Most domains are off.
        from ..._rules.domain.balloon import depends_on_driver
        from ..._xmltree.parse import parse

        return not depends_on_driver(found.document(), parse(live))
