# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents of new domains, made from that of one that is alike.

Most of the domains that a task makes are of a few kinds: their options differ in the names, in
the paths of the disks and in the MAC addresses. The document of the first of a kind is made from
its options, and so is that of the second. Where the second also follows from the first, by
exchanging these values, so do all further ones, as long as what is at the paths is the same.
"""

from __future__ import annotations

import posixpath
import re
import typing as t

from ..._choices import ABSENT
from ..._hypervisor.host_storage import HostStorage
from ..._reconcile.domain.shared_parts import SharedParts
from ..._virtinst.defaults import Result
from ..._virtinst.storage import Existing
from ..._xmltree.element import Element
from .request import Request
from .whole import DomainTask

#: What of a request is compared by other means, or doesn't matter for a document.
_APART = ("name", "options", "notes")
_OPTIONS_APART = ("name", "disk")
_MAC = re.compile(r"(?<![0-9a-fA-F:])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![0-9a-fA-F:])")
#: A path as the whole of a value in a representation.
_PATH = re.compile(r"/(?<=['\"]/)[^'\"]+(?=['\"])")
#: One that options, representations and documents spell the same.
_PLAIN_PATH = re.compile(r"[\w./@+-]+", re.ASCII)


class _Kind(t.NamedTuple):
    """What is the same in the requests of one kind, and the values that differ."""

    key: str
    paths: tuple[str, ...]
    macs: tuple[str, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """All that differ beside the name."""
        return (*self.paths, *self.macs)


class _Model(t.NamedTuple):
    """The first of its kind; ``is_proven``: the document of another one followed from it.

    ``differing`` are the identities of the elements that hold a value that differs.
    """

    kind: _Kind
    result: Result
    differing: frozenset[int]
    is_proven: bool = False


class NewDomains:
    """Remembers the documents of new domains, for those that are alike.

    ``parts`` gets to know what these share.
    """

    def __init__(self, parts: SharedParts) -> None:
        self._parts = parts
        self._known: dict[str, _Model] = {}
        #: The last one that followed from another.
        self._last: Result | None = None

    def note(self, request: Request, work: DomainTask, asked: t.Sequence[tuple[str, str]]) -> None:
        """Remember one whose document was made from its options.

        ``asked`` is what that has asked of the storage, as :attr:`.HostStorage.asked` has it.
        """
        if not work.resolved.is_new or work.result is self._last or not _is_plain(work):
            return
        kind = _kind_of(request)
        if kind is None:
            return
        if set(asked) != {("", path) for path in kind.paths}:
            # What is at other places decides about the document too.
            return
        model = self._known.get(kind.key)
        if model is not None and not set(model.kind.values).isdisjoint(kind.values):
            # Where they have a value in common, nothing follows from exchanging it.
            return
        if model is not None and model.is_proven:
            return
        if model is None or _alike(model, kind, request.name) != work.result._replace(sizes=()):
            model = _Model(kind, work.result, _differing(work.result.domain, {*kind.values}))
        else:
            model = model._replace(is_proven=True)
            self._parts.add(model.result.domain)
        self._known[kind.key] = model

    def result(self, request: Request, storage: t.Callable[[], t.Any]) -> Result | None:
        """What a request comes to, if it is certain; ``None`` where it has to be made."""
        kind = _kind_of(request) if self._known else None
        model = None if kind is None else self._known.get(kind.key)
        if kind is None or model is None or not model.is_proven:
            return None
        facts = storage()
        if not isinstance(facts, HostStorage):
            return None
        for path, other in zip(model.kind.paths, kind.paths):
            if not _is_same(facts.at(path), facts.at(other)):
                return None
        self._last = _alike(model, kind, request.name)
        return self._last


def _kind_of(request: Request) -> _Kind | None:
    """``None`` where the request isn't spelled plainly enough to be compared as text."""
    if request.text is not None or request.state == ABSENT:
        return None
    options = {name: value for name, value in request.options.items() if name not in _OPTIONS_APART}
    rest = {name: value for name, value in request._asdict().items() if name not in _APART}
    text, disks = repr((options, rest)), repr(request.options.get("disk"))
    paths, macs = (
        tuple(dict.fromkeys(pattern.findall(where)))
        for pattern, where in ((_PATH, disks), (_MAC, text))
    )
    if any(not _is_plain_path(path) or path in text for path in paths):
        return None
    if any(int(mac[1], 16) & 1 for mac in macs) or _MAC.search(disks) is not None:
        # The address of a group, which no interface can have, or something else.
        return None
    numbers = {value: f"\x00{number}" for number, value in enumerate((*paths, *macs))}
    endings = [posixpath.splitext(path)[1] for path in paths]
    text = _MAC.sub(lambda found: numbers[found[0]], text)
    disks = _PATH.sub(lambda found: numbers[found[0]], disks)
    return _Kind(repr((text, disks, endings)), paths, macs)


def _is_plain_path(path: str) -> bool:
    return _PLAIN_PATH.fullmatch(path) is not None and posixpath.normpath(path) == path


def _is_plain(work: DomainTask) -> bool:
    """Whether there is nothing about a domain but its document, and its disks as they are."""
    result, volumes = work.result, work.volumes
    has_more = (
        result.first_boot is not None
        or result.volumes
        or result.notes
        or result.installs
        or result.bases
        or result.scripts
        or result.reinstallation is not None
        or result.moves
    )
    return not (has_more or volumes.missing or volumes.growing or volumes.notes)


def _alike(model: _Model, kind: _Kind, name: str) -> Result:
    """The result for another one of the kind, whose disks have the sizes that they are to have."""
    values = dict(zip(model.kind.values, kind.values))
    domain = model.result.domain
    named = [_named(child, name) if child.tag == "name" else child for child in domain.children]
    return model.result._replace(
        domain=_exchanged(domain.replaced(children=named), values, model.differing), sizes=()
    )


def _differing(element: Element, values: t.Container[str]) -> frozenset[int]:
    """The identities of the elements that have one of the values, or hold one that has."""
    below = frozenset().union(*(_differing(child, values) for child in element.children))
    own = (*element.attributes.values(), element.text)
    return below | {id(element)} if below or any(value in values for value in own) else below


def _named(element: Element, name: str) -> Element:
    element = element.replaced()
    element.text = name
    return element


def _exchanged(element: Element, values: t.Mapping[str, str], differing: frozenset[int]) -> Element:
    """The element with these values for others; parts without any are shared."""
    children = [
        _exchanged(child, values, differing) if id(child) in differing else child
        for child in element.children
    ]
    attributes, text = element.attributes, element.text
    if not values.keys().isdisjoint(attributes.values()):
        attributes = {key: values.get(value, value) for key, value in attributes.items()}
    if text is not None and text in values:
        text = values[text]
    return element.rewritten(attributes, text, children)


def _is_same(first: Existing | None, second: Existing | None) -> bool:
    """Whether what is at two paths is the same but for its name, and based on nothing else."""
    if first is None or second is None:
        return False
    first_facts, second_facts = (
        (each.kind, each.format, each.capacity, each.pool and each.pool.name)
        for each in (first, second)
    )
    return first_facts == second_facts and first.backing is None and second.backing is None
