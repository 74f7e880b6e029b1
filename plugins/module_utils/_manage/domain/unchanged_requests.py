# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task on a domain that is described by options, which found nothing to do before."""

from __future__ import annotations

import functools
import os
import re
import typing as t

from ..._choices import ABSENT
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domain
from ..._hypervisor.pool_state import pool_states
from ..._virtinst.move_note import URI
from ..memory import Memory
from ..outcome import Outcome
from .request import Request
from .unchanged import UnchangedDomain

if t.TYPE_CHECKING:
    from ..._virtinst.host import Host

#: The image of a disk in a dump of libvirt's.
_IMAGE = re.compile(r"<source file='([^']*)'")
#: Options that name files whose content counts, or devices of the host.
_OF_FILES = frozenset(
    ["cloud_init", "location", "install", "unattended", "initrd_inject", "cdrom", "hostdev"]
)

#: What was asked of the host's storage: the pool and the name of a volume, or "" and a path.
Asked = t.Sequence[tuple[str, str]]


class UnchangedRequests:
    """As :class:`.UnchangedDomain`, of a :class:`.request.Request`, which may depend on the host."""

    def __init__(self, memory: Memory, connection: Connection) -> None:
        self._connection = connection
        self._is_local = connection.is_local
        self._is_on = memory.is_on
        self._documents = UnchangedDomain(memory, connection)
        self._options = UnchangedDomain(memory, connection, self._host_state)
        #: Those whose plan depends on what the hypervisor can do as well.
        self._of_hypervisor = UnchangedDomain(memory, connection, self._hypervisor_state)

    def outcome(self, found: Domain | None, request: Request) -> Outcome | None:
        """As :meth:`.Unchanged.outcome`."""
        if found is None or not self._is_on or not _can_be_known(request):
            return None
        text = self._text(found, request)
        if request.text is not None:
            return self._documents.outcome(found, lambda: text)
        known = self._options.outcome(found, lambda: text)
        return self._of_hypervisor.outcome(found, lambda: text) if known is None else known

    def note(
        self,
        found: Domain | None,
        request: Request,
        outcome: Outcome,
        asked: Asked,
        host: t.Callable[[], Host],
    ) -> None:
        """As :meth:`.Unchanged.note`; ``asked`` is what the plan has asked of the storage.

        A plan that has asked nothing of the ``host`` doesn't depend on what that can do.
        """
        if found is None or not self._is_on or not _can_be_known(request):
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
        if request.text is not None:
            unchanged = self._documents
        else:
            unchanged = self._of_hypervisor if host().is_asked() else self._options
        unchanged.note(found, lambda: self._text(found, request), outcome)

    def _text(self, found: Domain, request: Request) -> str:
        # The order of a set is another one in each process.
        fields = [
            sorted(value) if isinstance(value, frozenset) else value
            for value in request._replace(text=None)
        ]
        if request.text is not None:
            # A representation has no NUL.
            return f"{fields!r}\0{request.text}"
        images = _images(found) if self._is_local else []
        stamps = [file_stamp(path) for path in images]
        return repr((fields, stamps, self._pools if images else ""))

    def _host_state(self) -> str:
        # Ansible compiles a module's code anew in each task, and documents need none of it.
        from .host_state import host_state

        return host_state()

    def _hypervisor_state(self) -> str:
        from .host_state import host_state, hypervisor_state

        return host_state() + hypervisor_state(self._connection)

    @functools.cached_property
    def _pools(self) -> str:
        return repr(pool_states(self._connection))


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
