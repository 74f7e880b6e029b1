# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding, reading and defining domains."""

from __future__ import annotations

import typing as t

from .._choices import ABSENT
from .api import DOMAINS
from .connection import Connection
from .errors import HypervisorError, is_code
from .flags import flag
from .libvirt_import import libvirt
from .objects import Facts, Object, Objects

#: virDomainState in libvirt-domain.h, by its numbers.
STATES = (
    "nostate",
    "running",
    "blocked",
    "paused",
    "shutdown",
    "shutoff",
    "crashed",
    "pmsuspended",
)


class Domain(Object):
    """A domain that exists. ``raw`` is libvirt's own ``virDomain``.

    ``facts`` are those that are known already.
    """

    def __init__(self, connection: Connection, raw: t.Any, facts: Facts | None = None) -> None:
        super().__init__(connection, raw, DOMAINS)
        self._facts = facts
        self._live: str | None = None
        #: Whether ``raw`` was looked up just now.
        self._is_looked_up = True

    def _forget(self) -> None:
        super()._forget()
        self._facts = None

    def release(self) -> None:
        """As :meth:`.Object.release`, with the document of the guest that runs."""
        super().release()
        self._live = None

    def facts(self) -> Facts:
        """The facts of the domain, read once."""
        if self._facts is None:
            with self._explained("read the domain's state"):
                self._facts = self._asked()
        return self._facts

    def _asked(self) -> Facts:
        if not self._is_looked_up:
            # libvirt remembers the number of the guest that ran when it was looked up.
            self.raw = self.connection.raw.lookupByUUIDString(self.uuid)
        self._is_looked_up = False
        number, identifier = self.raw.state()[0], self.raw.ID()
        return Facts(
            self.api,
            self.name,
            self.uuid,
            STATES[number] if number < len(STATES) else "nostate",
            id=identifier if identifier >= 0 else None,
            persistent=bool(self.raw.isPersistent()),
            autostart=self._autostart(),
        )

    def facts_now(self) -> Facts:
        """The facts of the domain at this moment, also of a transient domain that has ended."""
        now = Domains(self.connection).by_uuid(self.uuid)
        return absent(self.name, self.uuid) if now is None else now.facts()

    def live(self) -> str | None:
        """The XML of the running guest, with its secrets; ``None`` where none runs.

        :raises HypervisorError: it can't be read.
        """
        if self._live is None and self.facts().active:
            with self._explained("read the running guest's XML"):
                self._live = str(self.raw.XMLDesc(flag(self.api.secure)))
        return self._live

    def _autostart(self) -> bool:
        try:
            return bool(self.raw.autostart())
        except libvirt.libvirtError as error:
            # Not every driver can start domains by itself.
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return False
            raise


class Domains(Objects[Domain]):
    """The domains of a hypervisor."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, DOMAINS, Domain)

    def existing(self, name: str) -> Domain:
        """The domain with this name, or else with this UUID.

        :raises HypervisorError: there is none; the message has the nearest name.
        """
        found = self.find(name)
        if found is None:
            # Most domains are there.
            from .near_names import no_such_domain

            raise HypervisorError(no_such_domain(name, self))
        return found


def absent(name: str, uuid: str | None) -> Facts:
    """The facts of a domain that doesn't exist."""
    return Facts(DOMAINS, name, uuid, ABSENT)
