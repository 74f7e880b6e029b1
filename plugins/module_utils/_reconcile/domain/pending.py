# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between a running guest and its definition."""

from __future__ import annotations

import typing as t

from ..._rules.domain.live import DOMAIN_LIVE, DOMAIN_PLANNED
from ..._rules.domain.started import as_defined
from ..._xmltree.element import Element
from ..plan import Change
from ..reconcile import reconcile


def pending(
    inactive: Element, live: Element, lost: t.Iterable[Change] = (), is_planned: bool = False
) -> tuple[Change, ...]:
    """The changes that the guest's restart will make.

    ``inactive`` is the definition and ``live`` the running guest's document;
    what libvirt adds to the latter when it starts a guest is no difference.
    ``before`` of a change is the running guest's value. ``lost`` are changes by which the
    definition has lost values: what the guest was started with by those isn't libvirt's choice.
    ``is_planned`` says that libvirt has yet to get the definition.
    """
    live = as_defined(inactive, live)
    book = DOMAIN_PLANNED if is_planned else DOMAIN_LIVE
    return reconcile(inactive, live, book, with_moves=False, lost=lost).changes
