# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects that are on or off: networks and storage pools."""

from __future__ import annotations

import contextlib
import re
import typing as t

from .._choices import ACTIVE, INACTIVE
from .api import NETWORKS, POOLS, Api
from .connection import Connection
from .errors import HypervisorError
from .objects import Facts, Object, Objects

#: What a pool's document says of its volumes, which others make and fill meanwhile.
_ROOM = re.compile(
    r"^  <(capacity|allocation|available)\b[^\n]*</\1>\n|^ *<freeExtent\b[^>\n]*/>\n", re.MULTILINE
)


class ActiveObject(Object):
    """A network or a pool that exists."""

    def __init__(self, connection: Connection, raw: t.Any, api: Api) -> None:
        super().__init__(connection, raw, api)
        self._facts: Facts | None = None
        self._live: str | None = None

    def _forget(self) -> None:
        super()._forget()
        self._facts = self._live = None

    def facts(self) -> Facts:
        """The facts, read once.

        :raises HypervisorError: they can't be read.
        """
        if self._facts is None:
            with self._explained("read its state"):
                is_persistent = bool(self.raw.isPersistent())
                self._facts = Facts(
                    self.api,
                    self.name,
                    self.uuid,
                    ACTIVE if self.raw.isActive() else INACTIVE,
                    persistent=is_persistent,
                    # A transient object has no such switch.
                    autostart=is_persistent and bool(self.raw.autostart()),
                )
        return self._facts

    def live(self) -> str | None:
        """The XML of what is on; ``None`` where it is off.

        :raises HypervisorError: it can't be read.
        """
        if self._live is None and self.facts().active:
            with self._explained("read its live XML"):
                self._live = str(self.raw.XMLDesc(0))
        return self._live

    def start(self) -> None:
        """Switch it on.

        :raises HypervisorError: libvirt refuses.
        """
        with self._explained("start it"):
            self.raw.create()
        self._forget()

    def stop(self) -> None:
        """Switch it off; a transient object is gone then.

        :raises HypervisorError: libvirt refuses.
        """
        with self._explained("stop it"):
            self.raw.destroy()
        self._forget()

    def set_autostart(self, is_on: bool) -> None:
        """Have it started with the hypervisor, or not.

        :raises HypervisorError: libvirt refuses.
        """
        with self._explained(f"switch autostart {'on' if is_on else 'off'}"):
            self.raw.setAutostart(int(is_on))
        self._facts = None

    def remove(self) -> None:
        """Stop and undefine it.

        :raises HypervisorError: libvirt refuses; it runs again where it ran.
        """
        facts = self.facts()
        if facts.active:
            self.stop()
        if not facts.persistent:
            return
        try:
            self.undefine()
        except HypervisorError:
            if facts.active:
                with contextlib.suppress(HypervisorError):
                    self.start()
            raise


class Pool(ActiveObject):
    """A storage pool that exists. Its documents are without the room in it."""

    def __init__(self, connection: Connection, raw: t.Any) -> None:
        super().__init__(connection, raw, POOLS)

    def definition(self) -> str:
        """As that of any object."""
        return _ROOM.sub("", super().definition())

    def live(self) -> str | None:
        """As that of any object."""
        text = super().live()
        return None if text is None else _ROOM.sub("", text)

    def sizes(self) -> dict[str, int | None]:
        """The bytes that its volumes may have in all, that they have, and that are left.

        :raises HypervisorError: they can't be read.
        """
        if not self.facts().active:
            return {"capacity": None, "allocation": None, "available": None}
        with self._explained("read its size"):
            _state, capacity, allocation, available = self.raw.info()
        return {"capacity": capacity, "allocation": allocation, "available": available}

    def volume_names(self) -> list[str] | None:
        """The names of its volumes, sorted; ``None`` where it is inactive.

        :raises HypervisorError: they can't be read.
        """
        if not self.facts().active:
            return None
        with self._explained("list its volumes"):
            return sorted(self.raw.listVolumes())


ActiveObjectT = t.TypeVar("ActiveObjectT", bound=ActiveObject)


def networks(connection: Connection) -> Objects[ActiveObject]:
    """The virtual networks of a hypervisor."""
    return Objects(connection, NETWORKS, lambda host, raw: ActiveObject(host, raw, NETWORKS))


def pools(connection: Connection) -> Objects[Pool]:
    """The storage pools of a hypervisor."""
    return Objects(connection, POOLS, Pool)
