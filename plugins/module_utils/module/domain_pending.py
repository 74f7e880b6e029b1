# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a running guest still lacks of its definition."""

from __future__ import annotations

import typing as t

from ..reconcile.pending import pending as differing
from ..reconcile.plan import Change
from ..rules.domain.balloon import depends_on_driver, has_balloon, without_current
from ..xmltree.element import Element


def pending(
    definition: Element, live: Element, has_driver: t.Callable[[], bool]
) -> tuple[Change, ...]:
    """What will be different once the guest has been restarted.

    ``has_driver`` says whether the guest has a driver for its memory balloon.
    """
    if depends_on_driver(definition, live) and not (has_balloon(live) and has_driver()):
        live = without_current(live)
    return differing(definition, live)
