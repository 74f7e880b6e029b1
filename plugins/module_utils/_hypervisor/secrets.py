# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets, which are known by a UUID or by what they are for, and their values."""

from __future__ import annotations

import typing as t

from .api import SECRETS
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt
from .objects import Object, Objects, as_uuid

#: virSecretUsageType in libvirt-secret.h, by its numbers.
USAGE_TYPES = ("none", "volume", "ceph", "iscsi", "tls", "vtpm")


def usage_name(kind: str, identifier: str) -> str:
    """What a secret with a usage is called: ``ceph client.admin``."""
    return f"{kind} {identifier}"


class Secret(Object):
    """A secret that exists. ``name`` is its usage as :func:`usage_name` has it, or its UUID."""

    def __init__(self, connection: Connection, raw: t.Any) -> None:
        super().__init__(connection, raw, SECRETS)

    def _name(self) -> str:
        number = self.raw.usageType()
        if number == 0 or number >= len(USAGE_TYPES):
            return str(self.raw.UUIDString())
        return usage_name(USAGE_TYPES[number], self.raw.usageID())

    def value(self) -> bytes | None:
        """Its value; ``None`` where it has none yet. That of a private secret can't be read.

        :raises HypervisorError: it can't be read.
        """
        with self._explained("read the secret's value"):
            try:
                return bytes(self.raw.value(0))
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_SECRET"):
                    return None
                raise

    def set_value(self, value: bytes) -> None:
        """Give it a value.

        :raises HypervisorError: libvirt refuses it.
        """
        with self._explained("set the secret's value"):
            self.raw.setValue(value, 0)


class Secrets(Objects[Secret]):
    """The secrets of a hypervisor."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, SECRETS, Secret)

    def fresh(self) -> Secrets:
        """The same secrets, of which nothing was read yet."""
        return Secrets(self.connection)

    def by_name(self, name: str) -> Secret | None:
        """The secret with this usage, as :func:`usage_name` has it, or with this UUID."""
        identifier = as_uuid(name)
        if identifier is not None:
            return self.by_uuid(identifier)
        kind, space, wanted = name.partition(" ")
        if name not in self._by_name and space and kind in USAGE_TYPES:
            self._by_name[name] = self._found(
                lambda: self.connection.raw.secretLookupByUsage(USAGE_TYPES.index(kind), wanted),
                name,
            )
        return self._by_name.get(name)
