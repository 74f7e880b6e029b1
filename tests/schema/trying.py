# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding documents that libvirt accepts, and trying the module with them."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import random
import typing as t
import zlib

from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from lxml import etree

from .bases import Base, Bases
from .grammars import Place, Schema
from .hosts import HOSTS, NAME, Died, Refused
from .writing import values_at, with_thing, without_thing

_Node = t.Any
#: A value that libvirt refuses is tried in as many documents where it took another one of the
#: place, where it took none so far, and where this is the first.
_TRIES, _LATER_TRIES, _FIRST_TRIES = 4, 10, 36
#: So many kinds of an element are tried for one that doesn't keep a value.
_KINDS = 24
#: What tells kinds of one element apart: its attributes, and the type of some of its children.
_KIND_ATTRIBUTES = ("type", "model", "mode", "device", "bus")
_KIND_CHILDREN = ("model", "target", "driver", "backend", "forward", "format")
#: The share of pairs that are in one part of a document.
_NEAR = 0.6
#: Seconds that an export may take, which tries many documents, on a busy machine.
_LONG = 180
#: Of so many pairs, libvirt takes one.
_ATTEMPTS = 40
#: Candidates that the schema refuses cost less.
_CANDIDATES = 90


def is_drawn(what: str, share: float) -> bool:
    """Whether a share of all, the same in each run, has this."""
    return zlib.crc32(what.encode()) / 2**32 < share


@dataclasses.dataclass
class Case:
    """A document that libvirt accepts, with what it makes of it.

    ``kept`` says that its definition has something at the place.
    """

    name: str
    base: Base
    text: str
    judged: str
    kept: bool


class Refusals(Exception):
    """No document with a thing was accepted; the message is the most frequent reason."""


class Bench:
    """One kind of objects on a private libvirt."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.bases = Bases(schema)
        self.host = HOSTS[schema.name]()
        self._taken: dict[str, str | None] = {}
        self._fitting_of: dict[str, list[Place]] = {}

    def base_taken(self, base: Base) -> str | None:
        """What libvirt makes of a base; ``None`` where it refuses it."""
        if base.name not in self._taken:
            self._taken[base.name] = None
            if self.schema.judge.validate(_named(base.root)):
                with contextlib.suppress(Refused):
                    self._taken[base.name] = self._defined(self.host.document(base.root))
        return self._taken[base.name]

    def case(
        self, place: Place, value: str, seed: str, first: t.Sequence[Base] = (), number: int = 0
    ) -> Case:
        """A document with a value at a place that libvirt accepts, and keeps if there is any.

        ``first`` are bases that took other values; as many as ``number`` were tried.

        :raises Refusals: there is none.
        """
        reasons: collections.Counter[str] = collections.Counter()
        tries = candidates = 0
        dropped: Case | None = None
        name = _thing(place, value)
        for base in [*first, *self.bases.for_place(place, seed)]:
            if self.base_taken(base) is None:
                continue
            for root in with_thing(self.schema, base.root, place, value):
                candidates += 1
                text = self.host.document(root)
                if not self.schema.judge.validate(root):
                    reasons["the schema allows none of the documents"] += 0
                    continue
                tries += 1
                try:
                    judged = self._defined(text)
                except Refused as error:
                    reasons[str(error)] += 1
                    if isinstance(error, Died):
                        # One is enough, which takes seconds.
                        tries += _FIRST_TRIES // 3
                    continue
                found = Case(name, base, text, judged, False)
                if values_at(etree.fromstring(judged), place):
                    found.kept = True
                    return found
                dropped = dropped or found
            most = _TRIES if first else _LATER_TRIES if number else _FIRST_TRIES
            if tries >= (most // 3 if dropped else most) or candidates >= _CANDIDATES:
                break
        if dropped is not None:
            return dropped
        raise Refusals(reasons.most_common(1)[0][0] if reasons else "no document has room for it")

    def dropping(self, place: Place, value: str, seed: str) -> Case | None:
        """A document that libvirt accepts with a value that it doesn't keep of this kind of things.

        Another kind may keep it: a device of another type, or a network of another mode.
        """
        seen: set[t.Any] = set()
        for base in self.bases.for_place(place, seed):
            kinds = _kinds(base.root, place)
            if kinds <= seen or self.base_taken(base) is None:
                continue
            seen |= kinds
            for root in with_thing(self.schema, base.root, place, value):
                if not self.schema.judge.validate(_named(root)):
                    continue
                name = _thing(place, value)
                case = self._asked(f"{name} in {base.name}", base, root)
                if case is not None and not values_at(etree.fromstring(case.judged), place):
                    case.kept = False
                    return case
            if len(seen) >= _KINDS:
                break
        return None

    def cases_without(self, place: Place, seed: str, most: int) -> t.Iterator[Case]:
        """Documents without what their bases have at a place, so far as libvirt accepts them."""
        for base in self.bases.with_place(place, seed)[: _TRIES * most]:
            if self.base_taken(base) is None:
                continue
            root = without_thing(base.root, place)
            if root is None or not self.schema.judge.validate(root):
                continue
            case = self._asked(f"without {place} of {base.name}", base, root)
            if case is not None:
                yield case
                most -= 1
                if not most:
                    return

    def pairs(self, chance: random.Random, size: int) -> t.Iterator[Case]:
        """Documents with two things put in, of which half are in one part of the document."""
        for _attempt in range(size * _ATTEMPTS):
            base = chance.choice(self.bases.all)
            if self.base_taken(base) is None:
                continue
            fitting = self._fitting(base)
            first = chance.choice(fitting)
            near = [place for place in fitting if place.steps[:2] == first.steps[:2]]
            second = chance.choice(near if chance.random() < _NEAR else fitting)
            things = [(place, chance.choice(place.values)) for place in (first, second)]
            root: _Node | None = base.root
            for place, value in things:
                root = None if root is None else self._put_in(root, place, value)
            if root is None or first == second:
                continue
            said = " and ".join(_thing(*thing) for thing in things)
            case = self._asked(f"{said} in {base.name}", base, root)
            if case is not None:
                yield case
                size -= 1
            if not size:
                return

    def _fitting(self, base: Base) -> list[Place]:
        """The places of whose elements a base has at least the parent."""
        if base.name not in self._fitting_of:
            self._fitting_of[base.name] = [
                place
                for place in self.schema.places
                if place.values and (len(place.steps) < 2 or place.steps[:-1] in base.paths)
            ]
        return self._fitting_of[base.name]

    def _put_in(self, root: _Node, place: Place, value: str) -> _Node | None:
        """The first document with a thing that the schema allows."""
        for found in with_thing(self.schema, root, place, value):
            if self.schema.judge.validate(_named(found)):
                return found
        return None

    def _asked(self, name: str, base: Base, root: _Node) -> Case | None:
        text = self.host.document(root)
        try:
            return Case(name, base, text, self._defined(text), True)
        except Refused:
            return None

    def _defined(self, text: str) -> str:
        """What libvirt makes of a document where there was none.

        :raises Refused: it doesn't take it.
        """

        def define() -> str:
            self.host.remove()
            return str(self.host.define(text))

        judged: str = self.host.surviving(define)
        return judged

    def unheld(self, case: Case, place: Place | None = None) -> str | None:
        """Why libvirt by itself can't hold what it has accepted; ``None`` where it can.

        It can where it takes its own definition, and comes to rest with it: defined twice from
        what it gives, it is the same, and what stands at the place is so the first time. And a
        document has to be of one object.
        """

        def asked() -> str | None:
            self.host.remove()
            if not self.host.is_one(case.text):
                return "each time that libvirt defines it, it is another object"
            self.host.remove()
            given = self.host.define(case.text)
            try:
                once = self.host.define(given)
                twice = self.host.define(once)
            except Refused as error:
                return f"libvirt doesn't take its own definition: {error}"
            if twice != once:
                return "libvirt changes its own definition each time"
            if place is not None and _counted(given, place) - _counted(once, place):
                return "libvirt doesn't keep the value when it reads its own definition again"
            return None

        why: str | None = self.host.surviving(asked)
        return why

    def exported(self, case: Case) -> t.Any:
        """What becomes of a domain that is exported, and made again of the export."""

        def tried() -> t.Any:
            self.host.remove()
            definition = self.host.define(case.text)
            return self.host.exporter.trip(NAME, definition, self.host.remove)

        try:
            return self.host.surviving(tried, _LONG)
        finally:
            self.host.remove()

    # What the module does

    def problem(self, case: Case, place: Place | None, value: str | None) -> str | None:
        """What is wrong with what the module does with a document; ``None`` if nothing is."""

        def tried() -> str | None:
            self.host.remove()
            problem = self._as_defined(case)
            if problem is None and place is not None:
                problem = self._edited(case.text, place, value)
            return problem

        try:
            problem: str | None = self.host.surviving(tried)
            return problem
        except (ExpectedError, Refused) as error:
            return f"refused: {' '.join(str(error).split())[:300]}"

    def _as_defined(self, case: Case) -> str | None:
        host, text = self.host, case.text
        host.task(text)
        created = host.definition()
        if host.without_chance(created, text) != host.without_chance(case.judged, text):
            return "not created as define does"
        changes = host.task(text, check_mode=True).changes
        if changes:
            return f"check right after: {shown(changes)}"
        changes = host.task(text).changes
        if changes or host.writes:
            return f"second run: {shown(changes)} {host.writes}"
        if host.definition() != created:
            return "second run: the definition is another one"
        changes = host.task(text, "merge", check_mode=True).changes
        return f"merge: {shown(changes)}" if changes else None

    def _edited(self, text: str, place: Place, value: str | None) -> str | None:
        host = self.host
        before = host.definition()
        root = without_thing(etree.fromstring(before), place, value)
        if root is None:
            return None
        try:
            edited = host.define(etree.tostring(root, encoding="unicode"))
        except Refused:
            return None
        left = _counted(edited, place)
        if not (_counted(text, place) - left and _counted(before, place) - left):
            # What the document says is there all the same.
            return None
        predicted = host.task(text, check_mode=True).changes
        if host.definition() != edited:
            return "edit: check mode wrote"
        if not predicted:
            return "edit: not seen"
        done = host.task(text)
        if done.changes != predicted:
            return f"edit: predicted {shown(predicted)}, done {shown(done.changes)}"
        if done.unkept:
            return f"edit: not kept {shown(done.unkept)}"
        changes = host.task(text, check_mode=True).changes
        if changes:
            return f"edit: not undone {shown(changes)}"
        after = host.definition()
        if after != before and not host.is_undone(before, edited, after, text):
            return "edit: undone to another definition"
        return None


def _thing(place: Place, value: str) -> str:
    """What is put in, in words."""
    return f"{place}={value}" if place.about else str(place)


def _kinds(root: _Node, place: Place) -> set[t.Any]:
    """The kinds that there are of what the place is in: a device, or another part of the document."""
    found = root.findall("/".join(place.steps[:2])) if place.steps else []
    return {
        (
            *(one.get(name) for name in _KIND_ATTRIBUTES),
            *(child.get("type") for name in _KIND_CHILDREN for child in one.findall(name)),
        )
        for one in (found or [root])
    }


def _named(root: _Node) -> _Node:
    name = root.find("name")
    if name is not None and not name.text:
        name.text = "schema"
    return root


def _counted(text: str, place: Place) -> collections.Counter[str]:
    """The values that a document has at a place."""
    return collections.Counter(values_at(etree.fromstring(text), place))


def shown(changes: t.Iterable[t.Any]) -> str:
    """Changes as a line."""
    return "; ".join(
        f"{one['op']} {one['path']} {one['before']!r}->{one['after']!r}"[:160]
        if isinstance(one, dict)
        else str(one)[:160]
        for one in changes
    )
