# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task on a domain that found nothing to do before."""

from __future__ import annotations

import functools
import os
import re
import typing as t

from ..._choices import ABSENT
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domain
from ..._hypervisor.objects import Object
from ..._hypervisor.pool_state import pool_states
from ..._virtinst.move_note import URI
from ..._xmltree.parse import parse
from ..memory import Memory
from ..outcome import Outcome
from ..unchanged import Unchanged
from .request import Request

#: The image of a disk in a dump of libvirt's.
_IMAGE = re.compile(r"<source file='([^']*)'")
#: Options that name files whose content counts, or devices of the host.
_OF_FILES = frozenset(
    ["cloud_init", "location", "install", "unattended", "initrd_inject", "cdrom", "hostdev"]
)

#: What was asked of the host's storage: the pool and the name of a volume, or "" and a path.
Asked = t.Sequence[tuple[str, str]]


class UnchangedDomain(Unchanged):
    """Remembers requests of domains that had nothing to do."""

    def _is_lasting(self, found: Object) -> bool:
        """Whether what waits for a restart depends on the documents alone."""
        live = found.live()
        if live is None:
            return True
        # Ansible compiles a module's code anew in each task, and most domains are off.
        from ..._rules.domain.balloon import depends_on_driver

        return not depends_on_driver(found.document(), parse(live))


class UnchangedRequests:
    """The same for a whole :class:`.request.Request`, which may depend on the host."""

    def __init__(self, memory: Memory, connection: Connection) -> None:
        self._connection = connection
        self._is_local = connection.is_local
        self._documents = UnchangedDomain(memory, connection)
        self._options = UnchangedDomain(memory, connection, self._host_state)

    def outcome(self, found: Domain | None, request: Request) -> Outcome | None:
        """As :meth:`.Unchanged.outcome`."""
        if found is None or not _can_be_known(request):
            return None
        return self._of(request).outcome(found, lambda: self._text(found, request))

    def note(self, found: Domain | None, request: Request, outcome: Outcome, asked: Asked) -> None:
        """As :meth:`.Unchanged.note`; ``asked`` is what the plan has asked of the storage."""
        if found is None or not _can_be_known(request):
            return
        images = _images(found)
        names = {os.path.basename(path) for path in images}
        if not all(name in (names if pool else images) for pool, name in asked):
            return
        if asked and not self._is_local:
            return
        if URI in found.definition():
            # Whether an old volume may go depends on who uses it.
            return
        self._of(request).note(found, lambda: self._text(found, request), outcome)

    def _of(self, request: Request) -> UnchangedDomain:
        return self._documents if request.text is not None else self._options

    def _text(self, found: Domain, request: Request) -> str:
        # The order of a set is another one in each process.
        fields = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in request._asdict().items()
        }
        if request.text is not None:
            return repr(fields)
        images = _images(found) if self._is_local else []
        return repr((fields, [file_stamp(path) for path in images], images and self._pools))

    def _host_state(self) -> str:
        # Ansible compiles a module's code anew in each task, and documents need none of it.
        from .host_state import host_state

        return host_state(self._connection)

    @functools.cached_property
    def _pools(self) -> list[tuple[str, bool, str]]:
        return pool_states(self._connection)


def _can_be_known(request: Request) -> bool:
    if request.wait is not None or request.state == ABSENT:
        return False
    return _OF_FILES.isdisjoint(request.options)


def _images(found: Domain) -> list[str]:
    return _IMAGE.findall(found.definition())


def file_stamp(path: str) -> tuple[int, ...] | None:
    """What changes with the content of a file on this host; ``None`` where there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
