# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between a running guest and its definition."""

from __future__ import annotations

import typing as t

from ..._reconcile.domain.pending import pending as differing
from ..._reconcile.plan import Change
from ..._rules.domain.balloon import depends_on_driver, has_balloon, without_current
from ..._virtinst.first_boot import is_installation, without_first_boot
from ..._xmltree.element import Element
from ..outcome import INSTALLING


def reasons_of(
    changes: t.Iterable[Change], reasons: t.Mapping[str, str], definition: Element, live: Element
) -> t.Mapping[str, str]:
    """The reasons by path; during an installation it is the installation."""
    if not is_installation(definition, live):
        return reasons
    return {change.path: INSTALLING for change in changes}


def pending(
    definition: Element,
    live: Element,
    has_driver: t.Callable[[], bool],
    lost: t.Iterable[Change] = (),
    is_planned: bool = False,
) -> tuple[Change, ...]:
    """What will be different once the guest has been restarted.

    What it has for its first boot alone is no difference: no restart is needed for that.
    ``has_driver`` says whether the guest has a driver for its memory balloon. ``lost`` are
    changes by which the definition has lost values just now. ``is_planned`` says that libvirt has yet to get it.
    """
    live = without_first_boot(definition, live)
    if depends_on_driver(definition, live) and not (has_balloon(live) and has_driver()):
        live = without_current(live)
    return differing(definition, live, lost, is_planned)
