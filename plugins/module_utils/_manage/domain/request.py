# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request of a task for one whole domain."""

from __future__ import annotations

import types
import typing as t

from ..._choices import ABSENT, MERGE, NEVER, PAUSED, PRESENT, RUNNING, SAVED, STOPPED
from ..._hypervisor.stopping import Shutdown
from ..outcome import CONFIG, LIVE
from .wait import AGENT, IP, Wait

STATES = (PRESENT, ABSENT, RUNNING, STOPPED, PAUSED, SAVED)
#: The things to wait for that need a running guest.
OF_A_GUEST = (RUNNING, IP, AGENT)


class Request(t.NamedTuple):
    """The options of one domain as values.

    ``options`` are those of :func:`._virtinst.defaults.domain_defaults`; ``text``, a whole
    document, replaces them: it is read where a plan needs it. ``notes`` are lines for a person about them.
    """

    name: str
    options: t.Mapping[str, t.Any] = types.MappingProxyType({})
    text: str | None = None
    state: str = PRESENT
    autostart: bool | None = None
    mode: str = MERGE
    exclusive: frozenset[str] = frozenset()
    validate: bool = True
    wait: Wait | None = None
    start_networks: bool = False
    keep: frozenset[str] = frozenset()
    remove_volumes: tuple[str, ...] = ()
    recreate_missing: bool = False
    shutdown: Shutdown = Shutdown()
    affect: frozenset[str] = frozenset((CONFIG, LIVE))
    restart: str = NEVER
    live_timeout: float = 20.0
    notes: tuple[str, ...] = ()
