# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading many domains with few calls."""

from __future__ import annotations

import typing as t

from .api import DOMAINS
from .connection import Connection
from .domains import STATES, Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt
from .objects import Facts
from .state_reasons import state_reason


class Listed(t.NamedTuple):
    """The facts of a domain from libvirt's bulk calls.

    ``saved``: its next start restores a saved state. ``saved`` and ``has_snapshots`` are
    ``None`` where they are unknown. ``stats`` are libvirt's own, by the names of
    virConnectGetAllDomainStats.
    """

    domain: Domain
    facts: Facts
    reason: str
    saved: bool | None
    has_snapshots: bool | None
    stats: t.Mapping[str, t.Any]


def list_domains(
    connection: Connection, is_selected: t.Callable[[str, str], bool], all_stats: bool
) -> list[Listed]:
    """The domains whose name and UUID are selected, by name.

    ``all_stats``: read all statistics of the driver, and not only those for a description. A
    domain that disappears meanwhile is left out.

    :raises HypervisorError: libvirt can't list domains.
    """
    with connection.explained("list the domains"):
        found = connection.raw.listAllDomains(0)
        selected = [raw for raw in found if is_selected(raw.name(), raw.UUIDString())]
        if not selected:
            return []
        uuids = {raw.UUIDString() for raw in selected}
        autostart = those_with(connection, "AUTOSTART")
        persistent = those_with(connection, "PERSISTENT")
        saved = those_with(connection, "MANAGEDSAVE")
        with_snapshots = those_with(connection, "HAS_SNAPSHOT")
        listed = []
        for raw, stats in _stats(connection, selected, len(selected) == len(found), all_stats):
            uuid = raw.UUIDString()
            if uuid not in uuids:
                # The domain was defined in between.
                continue
            number, identifier = stats["state.state"], raw.ID()
            state = STATES[number] if number < len(STATES) else "nostate"
            facts = Facts(
                DOMAINS,
                raw.name(),
                uuid,
                state,
                id=identifier if identifier >= 0 else None,
                persistent=uuid in (persistent or ()),
                autostart=uuid in (autostart or ()),
            )
            listed.append(
                Listed(
                    Domain(connection, raw, facts),
                    facts,
                    state_reason(state, stats.get("state.reason")),
                    None if saved is None else uuid in saved,
                    None if with_snapshots is None else uuid in with_snapshots,
                    stats,
                )
            )
    return sorted(listed, key=lambda entry: entry.facts.name)


#: A definition and, of an active domain, the running guest's XML, with their secrets.
Texts = tuple[str, t.Optional[str]]


def read_all(listed: t.Sequence[Listed]) -> t.Iterator[tuple[Listed, Texts]]:
    """The listed domains with their documents, without those that don't exist any more.

    The next domain is read while the caller works on the last one.

    :raises HypervisorError: a domain can't be read.
    """
    if len(listed) == 1:
        alone = _texts(listed[0])
        if alone is not None:
            yield listed[0], alone
        return
    # Only several domains are worth a thread.
    import concurrent.futures

    reader = concurrent.futures.ThreadPoolExecutor(1)
    try:
        for entry, texts in zip(listed, reader.map(_texts, listed)):
            if texts is not None:
                yield entry, texts
    finally:
        reader.shutdown(cancel_futures=True)


def _texts(entry: Listed) -> Texts | None:
    domain = entry.domain
    try:
        return domain.definition(), domain.live()
    except HypervisorError as error:
        if is_code(error.__cause__, "VIR_ERR_NO_DOMAIN"):
            return None
        raise HypervisorError(f"domain '{domain.name}': {error}") from error.__cause__


def those_with(connection: Connection, flag: str) -> frozenset[str] | None:
    """The UUIDs of the domains that a flag VIR_CONNECT_LIST_DOMAINS_… selects."""
    try:
        number = getattr(libvirt, f"VIR_CONNECT_LIST_DOMAINS_{flag}")
        return frozenset(raw.UUIDString() for raw in connection.raw.listAllDomains(number))
    except libvirt.libvirtError as error:
        # Not every driver knows each of them.
        if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_INVALID_ARG"):
            return None
        raise


def _stats(
    connection: Connection, selected: list[t.Any], is_all: bool, all_stats: bool
) -> list[tuple[t.Any, dict[str, t.Any]]]:
    groups = 0 if all_stats else libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_BLOCK
    try:
        return _stats_in_bulk(connection, selected, is_all, groups)
    except libvirt.libvirtError as error:
        if not is_code(error, "VIR_ERR_NO_SUPPORT"):
            raise
    return [(raw, stats) for raw in selected for stats in _state(raw)]


def _stats_in_bulk(
    connection: Connection, selected: list[t.Any], is_all: bool, groups: int
) -> list[tuple[t.Any, dict[str, t.Any]]]:
    def ask(flags: int) -> list[tuple[t.Any, dict[str, t.Any]]]:
        raw = connection.raw
        if is_all:
            return list(raw.getAllDomainStats(groups, flags))
        return list(raw.domainListGetStats(selected, groups, flags))

    try:
        # A guest that is busy with a job has fewer statistics, but isn't waited for.
        return ask(libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT)
    except libvirt.libvirtError as error:
        if not is_code(error, "VIR_ERR_INVALID_ARG", "VIR_ERR_ARGUMENT_UNSUPPORTED"):
            raise
    return ask(0)


def _state(raw: t.Any) -> t.Iterator[dict[str, t.Any]]:
    """The state in the form of the bulk call; empty for a domain that is gone."""
    try:
        state, reason = raw.state()
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_DOMAIN"):
            return
        raise
    yield {"state.state": state, "state.reason": reason}
