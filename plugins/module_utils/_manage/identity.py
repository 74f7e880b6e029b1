# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the object that a task is about."""

from __future__ import annotations

import dataclasses
import typing as t

from .._hypervisor.objects import Objects, ObjectT, as_uuid
from .._rules.name_lengths import too_long
from .._xmltree.element import Element
from .errors import TaskError


@dataclasses.dataclass(frozen=True)
class Identified(t.Generic[ObjectT]):
    """``document`` has the object's name, and its UUID if the task gives one.

    ``found`` is the existing object with this name.
    """

    document: Element
    name: str
    found: ObjectT | None


Identify = t.Callable[[Objects[ObjectT], Element, t.Optional[str]], Identified[ObjectT]]


def identify(
    objects: Objects[ObjectT], document: Element, given: str | None, named: str = "name"
) -> Identified[ObjectT]:
    """Find the object that the document and the option ``name`` are about.

    ``named`` is the value path of the name in a document.

    :raises TaskError: they contradict each other, or what exists, or a new name is too long.
    """
    written = document.value(named)
    if written is None and document.child(named) is not None:
        written = ""
    if written is not None and not written.strip():
        raise TaskError(f"the XML's {_words(named)} is empty; give the {objects.api.noun} a name")
    name, identifier = _name(objects, written, given, _words(named))
    if written is None:
        document = _named(document, named, name)
    document_uuid = document.value("uuid")
    if document_uuid is not None:
        written_uuid, document_uuid = document_uuid, as_uuid(document_uuid.strip())
        if document_uuid is None:
            raise TaskError(
                f"uuid: '{written_uuid}' is no UUID; write 32 hexadecimal digits, or leave it out"
            )
        if identifier is not None and identifier != document_uuid:
            raise TaskError(
                f"the XML has the UUID {document_uuid}, but the option name is {identifier}; "
                "make them equal, or leave one out"
            )
    elif identifier is not None:
        document = _with(document, "uuid", identifier)
    found = _existing(objects, name, document_uuid or identifier)
    words = too_long(name) if found is None else None
    if words is not None:
        raise TaskError(words)
    return Identified(document, name, found)


def _words(named: str) -> str:
    """The words for the place of the name in a message."""
    return f"attribute {named[1:]}" if named.startswith("@") else f"<{named}>"


def _named(document: Element, named: str, name: str) -> Element:
    if named.startswith("@"):
        return document.replaced({named[1:]: name, **document.attributes})
    return _with(document, named, name)


def _name(
    objects: Objects[ObjectT], written: str | None, given: str | None, place: str
) -> tuple[str, str | None]:
    """The name, and the UUID where ``given`` is one."""
    if given is None:
        if written is None:
            raise TaskError(f"the XML has no {place}; add it, or set the option name")
        return written, None
    if given == written:
        return given, None
    identifier = as_uuid(given)
    if identifier is None:
        if written is None:
            return given, None
        raise TaskError(
            f"the XML's {place} is '{written}', but the option name is '{given}'; make them "
            "equal, or leave one out"
        )
    if written is not None:
        return written, identifier
    owner = objects.by_uuid(identifier)
    if owner is None:
        raise TaskError(
            f"no {objects.api.noun} has the UUID {identifier}; to define one, "
            f"name it in the XML's {place}"
        )
    return owner.name, identifier


def _existing(objects: Objects[ObjectT], name: str, identifier: str | None) -> ObjectT | None:
    found = objects.by_name(name)
    if identifier is None:
        return found
    if found is not None:
        if found.uuid != identifier:
            raise TaskError(
                f"it exists with the UUID {found.uuid}, but {identifier} is asked for; "
                "leave the UUID out, or correct it"
            )
        return found
    owner = objects.by_uuid(identifier)
    if owner is not None:
        raise TaskError(
            f"the UUID {identifier} belongs to the {objects.api.noun} '{owner.name}', and "
            f"{objects.api.noun}s are not renamed; use that name, or another UUID"
        )
    return None


def _with(document: Element, tag: str, text: str) -> Element:
    """The document with another element, after its name or at the start."""
    position = 1 if tag == "uuid" else 0
    children = list(document.children)
    children.insert(position, Element(tag, text=text))
    return document.replaced(children=children)
