# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network filters of a domain's interfaces: those that do nothing, and those that lack."""

from __future__ import annotations

import typing as t

from ..._hypervisor.connection import Connection
from ..._rules.domain.facts import FILTERED, dropped_filters, filters_of
from ..._xmltree.element import Element
from ..errors import TaskError


def notes_on_dropped(document: Element, actual: Element | None) -> t.Iterator[str]:
    """Lines for a person about filters in a task's document that filter nothing.

    ``actual`` is the definition that the domain has.
    """
    for interface, kind in dropped_filters(document, actual):
        mac, name = interface.value("mac/@address"), interface.value("filterref/@filter")
        yield (
            f"network: filterref: '{name}' filters nothing of the interface{f' {mac}' if mac else ''}, as libvirt "
            f"drops the filter of one with the type {kind}; plug it into a network or a bridge "
            f"(type {', '.join(FILTERED)}), or leave filterref out"
        )


def check_filters(
    connection: Connection, before: Element | None, after: Element, runs: bool
) -> list[str]:
    """Look for the filters that ``after`` has and ``before``, the definition, doesn't have.

    libvirt looks for them when a guest starts or gets one (virNWFilterInstantiateFilterUpdate).
    ``runs``: a running guest gets them.

    :raises TaskError: one lacks, and the guest runs.
    :return: lines for a person about those that lack.
    """
    known = [] if before is None else filters_of(before)
    faults = missing_filters(connection, [one for one in filters_of(after) if one not in known])
    if faults and runs:
        raise TaskError(f"network: {faults[0]}")
    return [f"network: {fault}; the guest can't start until then" for fault in faults]


def missing_filters(connection: Connection, named: t.Collection[str]) -> list[str]:
    """A line for each of these filters that there isn't, with its remedy."""
    if not named:
        return []
    # Ansible compiles a module's code anew in each task, and few interfaces have a filter.
    from ..._hypervisor.near_names import nearest
    from ..._hypervisor.nwfilters import names_if_any

    known = names_if_any(connection)
    return [
        f"filterref: there is no nwfilter '{name}'{nearest(name, known)}; define it first, as the module nwfilter "
        "does, or take another"
        for name in named
        if known is not None and name not in known
    ]
