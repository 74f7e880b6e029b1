# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a domain is at the moment."""

from __future__ import annotations

from ..._hypervisor.domains import Domain
from ..._xmltree.element import Element
from ..._xmltree.parse import parse


def current_of(domain: Domain) -> Element:
    """The document of the guest if one runs, else the definition.

    :raises HypervisorError: it can't be read.
    """
    live = domain.live()
    return domain.document() if live is None else parse(live)
