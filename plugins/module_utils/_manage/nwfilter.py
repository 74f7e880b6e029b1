# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only network filters need: their references, and who refers to them."""

from __future__ import annotations

import typing as t

from .._hypervisor.api import NWFILTERS
from .._hypervisor.connection import Connection
from .._hypervisor.nwfilters import bindings, names, nwfilters
from .._hypervisor.objects import Object
from .._reconcile.plan import Plan
from .._rules.nwfilter_protocols import loses_set
from .._xmltree.element import Element
from .errors import TaskError
from .outcome import LIVE
from .reading import Observed
from .references import documents_of, domains_that, objects_that
from .running import NoRunning
from .selection import Selection

_REFERENCE = "filterref"


class Rebuilt(NoRunning[Object]):
    """libvirt makes the rules of each guest anew when it gets a filter (virNWFilterObjTestUnassignDef)."""

    when = LIVE

    def __init__(self, connection: Connection | None = None) -> None:
        self._connection = connection

    def on(self, connection: Connection) -> Rebuilt:
        """The same on this connection."""
        return Rebuilt(connection)

    def check(self, plan: Plan, observed: Observed[Object] | None) -> list[str]:
        """Refuse what libvirt refuses when it gets the filter: references that come back to it
        (virNWFilterObjListDefLoopDetect), and ones that are missing while guests run with it.

        :raises TaskError: the plan has that.
        """
        named, name = references(plan.document), plan.document.get("name")
        if self._connection is None or not named:
            return []
        referring = {
            nwfilter.name: references(document)
            for nwfilter, document in documents_of(nwfilters(self._connection))
        }
        known = names(self._connection)
        for other in known:
            planned = self._connection.coming.find(NWFILTERS.noun, other)
            if planned is not None and planned.document is not None:
                referring[other] = references(planned.document)
        for reference in named:
            if name in _below(reference, referring):
                raise TaskError(
                    f"filterref: the filter '{reference}' refers to '{name}' in turn, and libvirt takes no circle; "
                    "take one of the references out"
                    if reference != name
                    else "filterref: it refers to itself, and libvirt takes no circle; take that out"
                )
        missing = [f"'{reference}'" for reference in named if reference not in known]
        guests = held_by(observed.object) if missing and observed is not None else []
        if guests:
            raise TaskError(
                f"filterref: there is no filter {', '.join(missing)}, and {', '.join(guests)} runs with this one; "
                "define that first"
            )
        return []


def _below(name: str, referring: t.Mapping[str, t.Sequence[str]]) -> set[str]:
    """The filter of this name and all those that it leads to."""
    found, left = {name}, [name]
    while left:
        new = set(referring.get(left.pop(), ())) - found
        found |= new
        left += new
    return found


def references(document: Element) -> list[str]:
    """The filters that a filter refers to, in the order of the document."""
    found = (reference.get("filter") for reference in document.all(_REFERENCE))
    return list(dict.fromkeys(name for name in found if name is not None))


def users_of(found: Object) -> list[str]:
    """The domains and filters that refer to a filter.

    libvirt only protects the filters of running guests. A domain that is off, or another
    filter, may refer to a removed filter, and then guests can't start.

    :raises HypervisorError: the domains or filters can't be read.
    """
    name, connection = found.name, found.connection

    def refers(document: Element) -> bool:
        places = document.findall(f"devices/interface/{_REFERENCE}") + document.all(_REFERENCE)
        return any(place.get("filter") == name for place in places)

    return [
        *domains_that(connection, refers),
        *objects_that(nwfilters(connection), refers),
    ]


def held_by(found: Object) -> list[str]:
    """The running guests that have a filter, also by the references of others.

    libvirt refuses to remove it then (virNWFilterObjTestUnassignDef).

    :raises HypervisorError: the filters or what they are bound to can't be read.
    """
    referring = {
        nwfilter.name: set(references(document))
        for nwfilter, document in documents_of(nwfilters(found.connection))
    }
    holding, size = {found.name}, 0
    while len(holding) > size:
        size = len(holding)
        holding.update(name for name, names_in in referring.items() if names_in & holding)
    guests = (
        binding.value("owner/name")
        for binding in bindings(found.connection)
        if binding.value("filterref/@filter") in holding
    )
    return [f"domain '{name}'" for name in dict.fromkeys(guests) if name is not None]


def notes_on(connection: Connection, asked: Element, document: Element) -> list[str]:
    """Lines for a person about a filter: the references that are missing, and conditions lost.

    ``asked`` is the task's document, and ``document`` the definition. libvirt defines such a
    filter.
    """
    return [*_missing(connection, document), *_lost_sets(asked)]


def _missing(connection: Connection, document: Element) -> list[str]:
    named = references(document)
    known = names(connection) if named else frozenset()
    missing = [f"'{name}'" for name in named if name not in known]
    if not missing:
        return []
    if len(missing) == 1:
        return [
            f"it refers to the nwfilter {missing[0]}, which doesn't exist; define that, or no guest "
            "with it can start"
        ]
    return [
        f"it refers to the nwfilters {', '.join(missing)}, which don't exist; define them, or no "
        "guest with it can start"
    ]


def _lost_sets(document: Element) -> list[str]:
    rules = document.all("rule")
    return [
        f"libvirt drops ipset from rule {number}, which matches all addresses then; match the set by "
        "<all>, or leave ipsetflags out and set validate to false"
        for number, rule in enumerate(rules, 1)
        if any(loses_set(part) and part.get("ipset") is not None for part in rule.children)
    ]


def describe(connection: Connection, selection: Selection) -> list[dict[str, t.Any]]:
    """The facts of the selected filters, by name.

    :raises HypervisorError: they can't be read.
    """
    found = [
        (nwfilter, document)
        for nwfilter, document in documents_of(nwfilters(connection))
        if selection.means(nwfilter.name, nwfilter.uuid)
    ]
    bound: dict[str, list[dict[str, t.Any]]] = {}
    if found:
        for binding in bindings(connection):
            name = binding.value("filterref/@filter")
            bound.setdefault(name or "", []).append(_binding(binding))
    return [
        {
            "name": nwfilter.name,
            "uuid": nwfilter.uuid,
            "chain": document.get("chain"),
            "priority": int(document.get("priority") or 0),
            "references": references(document),
            "bindings": bound.get(nwfilter.name, []),
            "xml": nwfilter.definition(),
        }
        for nwfilter, document in found
    ]


def _binding(document: Element) -> dict[str, t.Any]:
    return {
        "domain": document.value("owner/name"),
        "domain_uuid": document.value("owner/uuid"),
        "device": document.value("portdev/@name"),
        "mac": document.value("mac/@address"),
        "parameters": [
            {"name": parameter.get("name"), "value": parameter.get("value")}
            for parameter in document.findall(f"{_REFERENCE}/parameter")
        ],
    }
