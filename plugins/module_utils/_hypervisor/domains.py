# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding, reading and defining domains."""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from .._xmltree.dump import parse_dump
from .._xmltree.element import Element
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt

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


@dataclasses.dataclass(frozen=True)
class DomainFacts:
    """What libvirt says of a domain beside its XML.

    ``id`` is ``None`` unless the domain is active. ``state`` is one of
    ``STATES``, or ``absent``.
    """

    name: str
    uuid: str | None
    id: int | None
    state: str
    persistent: bool
    autostart: bool

    @property
    def active(self) -> bool:
        """Whether there is a guest: running, paused or on its way down."""
        return self.id is not None

    def as_result(self) -> dict[str, t.Any]:
        """The facts as modules return them."""
        return dict(vars(self))


class Domain:
    """A domain that exists. ``raw`` is libvirt's own ``virDomain``."""

    def __init__(self, connection: Connection, raw: t.Any) -> None:
        self.connection = connection
        self.raw = raw
        self.name: str = raw.name()
        self.uuid: str = raw.UUIDString()
        self._is_fresh = True

    def facts(self) -> DomainFacts:
        """What libvirt says of it at this moment."""
        with self.connection.explained("read the domain's state"):
            if not self._is_fresh:
                # libvirt remembers the number of the guest that ran when it was looked up.
                self.raw = self.connection.raw.lookupByUUIDString(self.uuid)
            self._is_fresh = False
            number = self.raw.state()[0]
            identifier = self.raw.ID()
            return DomainFacts(
                name=self.name,
                uuid=self.uuid,
                id=identifier if identifier >= 0 else None,
                state=STATES[number] if number < len(STATES) else "nostate",
                persistent=bool(self.raw.isPersistent()),
                autostart=self._autostart(),
            )

    def facts_or_absent(self) -> DomainFacts:
        """The same, also of a transient domain that has ended."""
        if find_by_uuid(self.connection, self.uuid) is None:
            return DomainFacts(self.name, self.uuid, None, "absent", False, False)
        return self.facts()

    def definition(self) -> str:
        """The XML that the next start uses, with its secrets."""
        with self.connection.explained("read the domain's definition"):
            flags = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
            return str(self.raw.XMLDesc(flags))

    def document(self, definition: str | None = None) -> Element:
        """The same as a tree, of the text where that was read before."""
        return parse_dump(self.definition() if definition is None else definition)

    def live(self) -> str:
        """The XML of the running guest, with its secrets."""
        with self.connection.explained("read the running guest's XML"):
            return str(self.raw.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE))

    def _autostart(self) -> bool:
        try:
            return bool(self.raw.autostart())
        except libvirt.libvirtError as error:
            # Not every driver can start domains by itself.
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return False
            raise


def as_uuid(text: str) -> str | None:
    """The text as libvirt writes a UUID, ``None`` when it is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


def find(connection: Connection, name: str) -> Domain | None:
    """The domain with this name or, where there is none, with this UUID."""
    found = find_by_name(connection, name)
    if found is None:
        identifier = as_uuid(name)
        if identifier is not None:
            return find_by_uuid(connection, identifier)
    return found


def find_by_name(connection: Connection, name: str) -> Domain | None:
    """The domain with this name."""
    if connection.knows_domains:
        return t.cast("Domain | None", connection.known(name, None))
    return _found(connection, connection.raw.lookupByName, name)


def find_by_uuid(connection: Connection, identifier: str) -> Domain | None:
    """The domain with this UUID."""
    if connection.knows_domains:
        return t.cast("Domain | None", connection.known(None, identifier))
    return _found(connection, connection.raw.lookupByUUIDString, identifier)


def define(connection: Connection, document: str, validate: bool) -> Domain:
    """Define a domain; with ``validate``, libvirt checks it against its schema.

    :raises HypervisorError: libvirt refuses it; what was defined before stays.
    """
    flags = libvirt.VIR_DOMAIN_DEFINE_VALIDATE if validate else 0
    with connection.explained("define the domain", "correct the document"):
        return Domain(connection, connection.raw.defineXMLFlags(document, flags))


def _found(connection: Connection, lookup: t.Callable[[str], t.Any], wanted: str) -> Domain | None:
    with connection.explained(f"look for the domain {wanted}"):
        try:
            return Domain(connection, lookup(wanted))
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                return None
            raise
