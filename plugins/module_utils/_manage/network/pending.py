# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between a network that is on and its definition."""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import ActiveObject
from ..._reconcile.plan import Change
from ..._reconcile.reconcile import reconcile
from ..._rules.network import KIND
from ..._rules.network.live import as_defined
from ..._xmltree.element import Element, apart
from ..._xmltree.parse import parse
from ..outcome import pending_as_result

#: The reason where libvirt has no call for a change.
NEEDS_START = "libvirt has no call for it while the network is on"


def pending(definition: Element, live: Element | None) -> tuple[Change, ...]:
    """What will be different once the network is started anew."""
    if live is None:
        return ()
    return reconcile(definition, as_defined(live, definition), KIND.book).changes


def reasons_of(changes: t.Iterable[Change], refused: t.Mapping[str, str]) -> dict[str, str]:
    """Why each waits, by path; ``refused`` has libvirt's reasons."""
    return {change.path: refused.get(change.path, NEEDS_START) for change in changes}


def pending_of(network: ActiveObject) -> dict[str, t.Any]:
    """The same as modules return it.

    :raises HypervisorError: the network can't be read.
    """
    live = network.live()
    if live is None or not network.facts().persistent:
        return pending_as_result((), {})
    changes = pending(apart(network.document()), apart(parse(live)))
    return pending_as_result(changes, reasons_of(changes, {}))
