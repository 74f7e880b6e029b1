# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the objects that refer to an object, which is needed before it is removed."""

from __future__ import annotations

import typing as t

from .._hypervisor.connection import Connection
from .._hypervisor.errors import HypervisorError, is_code
from .._hypervisor.listing import list_domains, read_all
from .._hypervisor.objects import Objects, ObjectT
from .._xmltree.element import Element
from .._xmltree.parse import parse

#: Whether a document refers to something.
Refers = t.Callable[[Element], bool]


def domains_that(connection: Connection, refer: Refers) -> list[str]:
    """The names of the domains whose definition or running guest refers to an object.

    :raises HypervisorError: a domain can't be read.
    """
    found = []
    for listed, texts in read_all(list_domains(connection, lambda _name, _uuid: True, False)):
        if any(refer(parse(text)) for text in texts if text is not None):
            found.append(f"domain '{listed.facts.name}'")
    return found


def objects_that(objects: Objects[ObjectT], refer: Refers) -> list[str]:
    """The same for objects of another kind; an object may disappear meanwhile."""
    noun = objects.api.noun
    return [
        f"{noun} '{found.name}'" for found, document in documents_of(objects) if refer(document)
    ]


def documents_of(objects: Objects[ObjectT]) -> t.Iterator[tuple[ObjectT, Element]]:
    """All objects of a kind with their definitions, without those that disappear meanwhile.

    :raises HypervisorError: an object can't be read.
    """
    for found in objects.all():
        try:
            document = found.document()
        except HypervisorError as error:
            if is_code(error.__cause__, objects.api.missing):
                continue
            raise HypervisorError(
                f"{objects.api.noun} '{found.name}': {error}"
            ) from error.__cause__
        yield found, document
