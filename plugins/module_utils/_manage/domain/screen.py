# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at the screen of a guest."""

from __future__ import annotations

import time

from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.events import idle
from ..._hypervisor.screenshot import screenshot
from ..._screen.picture import Picture
from ..errors import TaskError

#: The time between two looks at a screen, in seconds.
_POLL = 0.5


def find_running(domains: Domains, name: str, needed: str) -> Domain:
    """The domain, whose guest runs; ``needed`` completes "only a guest that runs …".

    :raises TaskError: there is none, or no guest runs.
    """
    domain = domains.existing(name)
    if not domain.facts().active:
        raise TaskError(
            f"it is off, and only a guest that runs {needed}; start it with state: running of domain_state"
        )
    return domain


def look_at(domain: Domain, screen: int, timeout: float | None) -> Picture:
    """What a screen shows; with a ``timeout`` in seconds, as soon as there is anything to see.

    :raises TaskError: there is nothing to see until then.
    """
    picture = screenshot(domain, screen)
    if timeout is None:
        return picture
    end = time.monotonic() + timeout
    while picture.is_blank:
        if time.monotonic() >= end:
            raise TaskError(
                f"the screen is blank after {timeout:g} s; give it more time with wait.timeout, or leave out wait to "
                "take it as it is"
            )
        idle(_POLL)
        picture = screenshot(domain, screen)
    return picture
