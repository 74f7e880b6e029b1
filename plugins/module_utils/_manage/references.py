# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the objects that refer to an object, which is needed before it is removed."""

from __future__ import annotations

import typing as t

from .._hypervisor.api import DOMAINS
from .._hypervisor.connection import Connection
from .._hypervisor.errors import HypervisorError, is_code
from .._hypervisor.listing import list_domains, read_all
from .._hypervisor.objects import Objects, ObjectT
from .._xmltree.element import Element
from .._xmltree.parse import parse

#: Whether a document refers to something.
Refers = t.Callable[[Element], bool]
_DOMAIN = DOMAINS.noun


def domains_that(connection: Connection, refer: Refers) -> list[str]:
    """The names of the domains whose definition or running guest refers to an object.

    Domains that the task is about to change are looked at as they will be.

    :raises HypervisorError: a domain can't be read.
    """
    listed = list_domains(connection, _is_not_coming(connection, _DOMAIN), False)
    found = [
        each.facts.name
        for each, texts in read_all(listed)
        if any(refer(parse(text)) for text in texts if text is not None)
    ]
    return _named(_DOMAIN, [*found, *_coming_that(connection, _DOMAIN, refer)])


def objects_that(objects: Objects[ObjectT], refer: Refers) -> list[str]:
    """The same for objects of another kind; an object may disappear meanwhile."""
    connection, noun = objects.connection, objects.api.noun
    is_not_coming = _is_not_coming(connection, noun)
    found = [
        each.name
        for each, document in documents_of(objects)
        if is_not_coming(each.name, each.uuid) and refer(document)
    ]
    return _named(noun, [*found, *_coming_that(connection, noun, refer)])


def _is_not_coming(connection: Connection, noun: str) -> t.Callable[[str, str], bool]:
    coming = connection.coming
    planned = {name for name, each in coming.all(noun).items() if each.document is not None}

    def is_not_coming(name: str, _uuid: str) -> bool:
        return name not in planned and not coming.is_gone(noun, name)

    return is_not_coming


def _coming_that(connection: Connection, noun: str, refer: Refers) -> list[str]:
    planned = connection.coming.all(noun).items()
    return [name for name, each in planned if each.document is not None and refer(each.document)]


def _named(noun: str, names: t.Iterable[str]) -> list[str]:
    return [f"{noun} '{name}'" for name in sorted(names)]


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
