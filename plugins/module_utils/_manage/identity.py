# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which domain a task is about."""

from __future__ import annotations

import dataclasses

from .._hypervisor.connection import Connection
from .._hypervisor.domains import Domain, as_uuid, find_by_name, find_by_uuid
from .._xmltree.element import Element
from .domain.name import check_new_name
from .errors import TaskError


@dataclasses.dataclass(frozen=True)
class Identified:
    """``document`` has its name, and the UUID where one is asked for.

    ``domain`` is the existing domain with this name.
    """

    document: Element
    name: str
    domain: Domain | None


def identify(connection: Connection, document: Element, wanted: str | None) -> Identified:
    """Find out which domain the document and the option ``name`` mean.

    :raises TaskError: they contradict each other, or what exists.
    """
    written = document.value("name")
    if document.child("name") is not None and not (written or "").strip():
        raise TaskError("the XML's <name> is empty; give the domain a name")
    name, identifier = _name(connection, written, wanted)
    if written is None:
        document = _with(document, "name", name)
    document_uuid = document.value("uuid")
    if document_uuid is not None:
        written_uuid, document_uuid = document_uuid, as_uuid(document_uuid.strip())
        if document_uuid is None:
            raise TaskError(
                f"uuid: '{written_uuid}' is no UUID; write 32 hexadecimal digits, or leave it out"
            )
        if identifier is not None and identifier != document_uuid:
            raise TaskError(
                f"the XML has the UUID {document_uuid}, but the option name says {identifier}; "
                "make them equal, or leave one out"
            )
    elif identifier is not None:
        document = _with(document, "uuid", identifier)
    domain = _existing(connection, name, document_uuid or identifier)
    if domain is None:
        check_new_name(name, document.get("type"))
    return Identified(document, name, domain)


def _name(
    connection: Connection, written: str | None, wanted: str | None
) -> tuple[str, str | None]:
    """The name, and the UUID where ``wanted`` is one."""
    if wanted is None:
        if written is None:
            raise TaskError("the XML has no <name>; add it, or set the option name")
        return written, None
    if wanted == written:
        return wanted, None
    identifier = as_uuid(wanted)
    if identifier is None:
        if written is None:
            return wanted, None
        raise TaskError(
            f"the XML's <name> is '{written}', but the option name is '{wanted}'; make them "
            "equal, or leave one out"
        )
    if written is not None:
        return written, identifier
    owner = find_by_uuid(connection, identifier)
    if owner is None:
        raise TaskError(
            f"no domain has the UUID {identifier}; to define one, name it in the XML's <name>"
        )
    return owner.name, identifier


def _existing(connection: Connection, name: str, identifier: str | None) -> Domain | None:
    domain = find_by_name(connection, name)
    if identifier is None:
        return domain
    if domain is not None:
        if domain.uuid != identifier:
            raise TaskError(
                f"it exists with the UUID {domain.uuid}, but {identifier} is asked for; "
                "leave the UUID out, or correct it"
            )
        return domain
    owner = find_by_uuid(connection, identifier)
    if owner is not None:
        raise TaskError(
            f"the UUID {identifier} belongs to the domain '{owner.name}', and domains are not "
            "renamed; use that name, or another UUID"
        )
    return None


def _with(document: Element, tag: str, text: str) -> Element:
    """The document with one more element, behind its name or at the start."""
    position = 1 if tag == "uuid" else 0
    children = list(document.children)
    children.insert(position, Element(tag, text=text))
    return document.replaced(children=children)
