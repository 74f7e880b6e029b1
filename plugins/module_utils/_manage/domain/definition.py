# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defining a domain as one document demands."""

from __future__ import annotations

from ..._choices import MERGE
from ..._hypervisor.domains import Domains
from ..._hypervisor.stopping import Shutdown
from ..._rules.domain.book import KIND
from ..._xmltree.element import Element
from ..goal import Goal, whole
from ..memory import Memory
from ..outcome import Outcome
from ..present import ensure_present
from ..validation import Validation
from .running import GuestRunning


def ensure_defined(
    domains: Domains,
    document: Element,
    *,
    name: str | None,
    mode: str,
    validation: Validation,
    check_mode: bool,
    memory: Memory,
    affect: frozenset[str],
    restart: str,
    shutdown: Shutdown,
    live_timeout: float,
) -> Outcome:
    """As :func:`.present.ensure_present`, for a domain and the guest that runs.

    ``name`` is the name or UUID beside the document. The rest is as in :class:`.GuestRunning`.
    """
    running = GuestRunning(
        domains.connection,
        affect=affect,
        restart=restart,
        shutdown=shutdown,
        live_timeout=live_timeout,
    )
    goal = Goal(document, name, whole(mode), is_part=mode == MERGE)
    return ensure_present(
        domains, KIND, goal, validation, check_mode, running=running, memory=memory
    )
