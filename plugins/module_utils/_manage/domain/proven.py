# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that are as they are wanted, told by one that is alike.

Most of an estate is unchanged, and most of its domains are of a few kinds. A plan depends on
the request, on the definition and on what is at the paths that it looks at. Where all of
that is the same as for a domain that needs no change, none is needed either.
"""

from __future__ import annotations

import typing as t

from ..._choices import ABSENT
from ..._hypervisor.domain_index import DomainIndex
from ..._hypervisor.domains import Domain
from ..._hypervisor.host_storage import HostStorage
from ..._reconcile.domain.fingerprint import Fingerprint, fingerprint_of
from ..._virtinst.errors import OptionError
from ..._virtinst.storage import Existing
from ..outcome import Outcome
from .request import Request
from .whole import DomainTask

#: What of a request is compared by other means, or doesn't matter for a plan.
_APART = ("name", "options", "text", "wait", "notes")


class _Unchanged(t.NamedTuple):
    """A domain that needs no change, and the storage that its plan has looked at.

    That is as in :attr:`._hypervisor.host_storage.HostStorage.asked`.
    """

    kind: Fingerprint
    asked: tuple[tuple[str, str], ...]


class UnchangedDomains:
    """Remembers the domains that need no change, for those that are alike."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Unchanged] = {}

    def note(
        self,
        index: DomainIndex,
        request: Request,
        work: DomainTask,
        outcome: Outcome,
        asked: t.Sequence[tuple[str, str]],
    ) -> None:
        """Remember one, if it needs no change and nothing is to be said of it."""
        has_more = outcome.notes or outcome.pending or outcome.unkept or work.result.volumes
        if outcome.changed or has_more or work.volumes.missing:
            return
        found = _found_kind(index, request)
        if found is not None:
            kind = found[1]
            self._known[kind.key] = _Unchanged(kind, tuple(dict.fromkeys(asked)))

    def outcome(
        self, index: DomainIndex, request: Request, storage: t.Callable[[], t.Any]
    ) -> tuple[Outcome, list[tuple[str, str]]] | None:
        """That nothing has to be done, if it is certain, and what of the storage that depends on.

        ``None`` where a plan is needed.
        """
        if not self._known:
            return None
        found = _found_kind(index, request)
        like = self._known.get(found[1].key) if found is not None else None
        if found is None or like is None:
            return None
        domain, kind = found
        asked = [(pool, _counterpart(like.kind, kind, pool, name)) for pool, name in like.asked]
        if asked:
            facts = storage()
            if not isinstance(facts, HostStorage):
                return None
            for (pool, name), (_pool, counterpart) in zip(like.asked, asked):
                if not _is_same(_found(facts, pool, name), _found(facts, pool, counterpart)):
                    return None
        return Outcome(domain.facts()), asked


def _found_kind(index: DomainIndex, request: Request) -> tuple[Domain, Fingerprint] | None:
    """The domain, and what tells it from others of another kind."""
    domain = index.find(request.name)
    if domain is None or request.wait is not None or request.state == ABSENT:
        return None
    facts = domain.facts()
    if facts.active:
        return None
    rest = {name: value for name, value in request._asdict().items() if name not in _APART}
    options = {name: value for name, value in request.options.items() if name != "name"}
    text = repr((options, rest, facts.state, facts.persistent, facts.autostart))
    if request.text is not None:
        if "\0" in request.text:
            # It stands for what is the same, and no document can have it.
            return None
        text = f"{text}\n{request.text}"
    return domain, fingerprint_of(domain.name, domain.uuid, text, domain.definition())


def _counterpart(kind: Fingerprint, like: Fingerprint, pool: str, name: str) -> str:
    """The path, or the name in a pool, that the other domain has instead."""
    return kind.path_in(like, f"/{name}")[1:] if pool else kind.path_in(like, name)


def _found(storage: HostStorage, pool: str, name: str) -> Existing | None:
    if not pool:
        return storage.at(name)
    try:
        return storage.volume(pool, name)
    except OptionError:
        return None


def _is_same(first: Existing | None, second: Existing | None) -> bool:
    """Whether what is at two paths is the same but for its name."""
    if first is None or second is None:
        return False
    first_facts, second_facts = (
        (each.kind, each.format, each.capacity, each.backing, each.pool and each.pool.name)
        for each in (first, second)
    )
    return first_facts == second_facts
