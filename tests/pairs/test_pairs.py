# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""From each kind of an element to each, on real libvirt."""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from . import kinds, seeds

if t.TYPE_CHECKING:
    from .bench import Bench

Counts = collections.Counter
#: A device is another one, or a domain, with another value of these.
_NO_PAIRS = ("/@type", "os/type/@arch", "os/type/@machine", "devices/graphics/@connected")
#: What is refused by libvirt for something that is kept on purpose.
_KEPT = {
    "Can't add another USB controller": "the domain has others",
    "virtiofs does not yet support read-only mode": "a share doesn't become writable by itself",
    "shared access for disk": "a disk goes on being shared",
    "hugepages are not allowed": "memory goes on being huge pages",
    "virtio-net teaming transient interface": "it names the interface that it stands in for",
    "virtio-net teaming persistent interface": "the other one of the two names it",
}
#: What one of this kind has from libvirt, and keeps as another one, unlike a new one.
_STAYS = {
    # It is virtio, which the others may have too; a guest's driver isn't changed unsaid.
    ("devices/interface/@type", "vdpa"): "model",
}
_CHARACTER_DEVICES = {
    f"devices/{tag}"
    for tag in ("serial", "parallel", "console", "channel", "redirdev", "smartcard", "rng/backend")
}
_SERIAL = ("devices/serial",)


def _tried() -> list[kinds.Kind]:
    found: dict[t.Any, kinds.Kind] = {}
    for kind in kinds.kinds():
        if (
            str(kind) not in _NO_PAIRS
            and not kind.path.startswith("{")
            and "/nvram/source/" not in f"/{kind.path}/"
        ):
            # What every device has is tried with one.
            last = kind.path.rpartition("/")[2]
            key = (last, kind.attribute) if last in ("address", "seclabel", "protocol") else kind
            found.setdefault(key, kind)
    return list(found.values())


@pytest.mark.parametrize("kind", _tried(), ids=str)
def test_from_each_kind_to_each(kind: kinds.Kind, bench: Bench, counts: Counts[str]) -> None:
    pairs = _Pairs(kind, bench, counts)
    pairs.try_all()
    assert bench.host.raw.isAlive()
    if pairs.wrong:
        pytest.fail("\n".join([f"{len(pairs.wrong)} pairs", *pairs.wrong]), pytrace=False)


class _Pairs:
    def __init__(self, kind: kinds.Kind, bench: Bench, counts: Counts[str]) -> None:
        self.kind = kind
        self.bench = bench
        self.counts = counts
        self.wrong: list[str] = []
        self._small: dict[str, Element] = {}
        self._new: dict[str, tuple[str, ...]] = {}
        self._reasons: dict[str, str] = {}
        self._number: dict[str, int] = {}
        self._started: set[str] = set()

    def try_all(self) -> None:
        from .bench import Refused, elements, plain

        for value in self.kind.values:
            element = seeds.smallest(self.kind.top, seeds.needed({self.kind.decider: value}))
            if element is None:
                self.wrong.append(f"no document has {value}")
                continue
            self._small[value] = element
            try:
                text = self.bench.define(self.kind.top, element)
            except Refused as refused:
                self._reasons[value] = str(refused)
            else:
                if not self._is_kept(text, value):
                    self.counts["values that libvirt doesn't keep"] += 1
                    del self._small[value]
                    continue
                self._new[value] = tuple(map(plain, self._meant(text)))
                self._number[value] = len(elements(text, self.kind.path))
        for before in self._new:
            large = self.bench.largest(self.kind, before) if self._has_parts() else None
            for after in self._small:
                if after != before and self._is_alike(before, after):
                    self._try(before, self._small[before], after, "")
                    if large is not None:
                        self._try(before, large, after, "with all its parts: ")

    def _meant(self, text: str) -> list[Element]:
        """The elements in a definition that are tried, and not what libvirt adds for them."""
        from .bench import elements

        found = elements(text, self.kind.top)
        small = next(iter(self._small.values()))
        return [
            one for one in found if all(one.value(p) == v for p, v in self._place(small).items())
        ]

    def _has_parts(self) -> bool:
        """Whether something may be left over, and it isn't tried with another device."""
        is_tried = self.kind.path not in _CHARACTER_DEVICES or self.kind.path in _SERIAL
        return is_tried and bool(self.kind.parts or "/" not in self.kind.decider)

    def _place(self, element: Element) -> dict[str, str]:
        """What tells a controller, or an input device, from those that libvirt adds."""
        name = {"devices/controller": "index", "devices/input": "bus"}.get(self.kind.top, "")
        value = element.get(name)
        return {} if value is None or self.kind.attribute == "bus" else {f"@{name}": value}

    def _is_kept(self, text: str, value: str) -> bool:
        from .bench import elements

        return any(one.value(self.kind.decider) == value for one in elements(text, self.kind.top))

    def _is_identity(self) -> bool:
        """Whether another value of it is another element beside the old one."""
        identity = DOMAIN.place(self.kind.path).identity
        about = f"@{self.kind.attribute}"
        return (
            identity is not None
            and not identity.in_order
            and all(not isinstance(key, str) or about in key.split() for key in identity.keys)
        )

    def _is_alike(self, before: str, after: str) -> bool:
        """Models of one type of controller are tried with each other."""
        types = [self._small[value].get("type") for value in (before, after)]
        return (
            self.kind.path != "devices/controller"
            or self.kind.attribute == "type"
            or (types[0] == types[1])
        )

    def _try(self, before: str, element: Element, after: str, how: str) -> None:
        from .bench import Refused

        wanted = self._small[after]
        ways: dict[str, t.Callable[[bool], t.Any]] = {}
        if not self._is_identity():
            ways["merge"] = lambda check: self.bench.merge(self.kind.top, wanted, check)
        if self.kind.top.startswith("devices/"):
            match = {self.kind.decider: before, **self._place(element)}
            ways["domain_device"] = lambda check: self.bench.device(wanted, match, check)
        # What can leave nothing behind is tried in one way.
        for way, run in list(ways.items())[: 1 if how or not self._has_parts() else None]:
            pair = f"{way}: {how}{before} to {after}"
            self.counts["pairs"] += 1
            there = self._there(element)
            try:
                predicted = run(True)
                done = run(False)
            except Refused as refused:
                self._refused(pair, after, str(refused))
                continue
            if done.changes != predicted.changes:
                self.wrong.append(
                    f"{pair}: check mode foresaw {predicted.changes}, not {done.changes}"
                )
            # A device that had no place may get a new port to sit at.
            unkept = [one for one in done.unkept if "/controller[" not in one.path]
            if unkept:
                self.wrong.append(f"{pair}: libvirt did not keep {unkept}")
            try:
                again = run(False).changes
            except Refused as refused:
                again = str(refused)
            if again:
                self.wrong.append(f"{pair}: the second run: {again}")
            self._judge(pair, before, after, there, not how)
            if how:
                self._start(pair, before, after, element)

    def _there(self, element: Element) -> int:
        from .bench import elements

        return len(elements(self.bench.define(self.kind.top, element), self.kind.path))

    def _refused(self, pair: str, after: str, reason: str) -> None:
        known = self._reasons.get(after)
        if known is not None and known in reason:
            self.counts["pairs, of it: refused with the reason of a new one"] += 1
        elif known is not None and "to define the domain" in reason:
            self.counts["pairs, of it: refused by libvirt as a new one, for another reason"] += 1
        elif any(kept in reason for kept in _KEPT):
            self.counts["pairs, of it: refused for what is kept on purpose"] += 1
        else:
            self.wrong.append(f"{pair}: refused: {reason}; a new one: {known}")

    def _judge(self, pair: str, before: str, after: str, there: int, is_exact: bool) -> None:
        from .bench import elements, plain

        text = self.bench.host.definition(self._name)
        found = [plain(one) for one in self._meant(text)]
        stays = _STAYS.get((str(self.kind), before))
        if after not in self._new:
            self.counts["pairs, of it: possible by what was there, unlike a new one"] += 1
        elif len(elements(text, self.kind.path)) > max(there, self._number[after]):
            self.counts["pairs, of it: another one beside it"] += 1
        elif stays is not None and is_exact:
            new = [_without(stays, one) for one in self._new[after]]
            if sorted(_without(stays, one) for one in found) != sorted(new):
                self.wrong.append(f"{pair}: {found} is not {new}")
            self.counts[f"pairs, of it: the same as a new one, but for {stays}"] += 1
        elif is_exact and sorted(found) != sorted(self._new[after]):
            self.wrong.append(f"{pair}: {found} is not {list(self._new[after])}")
        else:
            self.counts["pairs, of it: the same as a new one"] += 1

    @property
    def _name(self) -> str:
        from .bench import NAME

        return NAME

    def _start(self, pair: str, before: str, after: str, element: Element) -> None:
        """See that the guest can start if one with the old and one with a new device can."""
        if after in self._started or after not in self._new or not self._is_started():
            return
        self._started.add(after)
        reason = self.bench.starts()
        if reason is None:
            self.counts["guests that were started"] += 1
            return
        for one in (self._small[after], element):
            self.bench.define(self.kind.top, one)
            if self.bench.starts() is not None:
                self.counts["guests that can't start, as it was or with a new one neither"] += 1
                return
        self.wrong.append(f"{pair}: can't start: {reason}")

    def _is_started(self) -> bool:
        """Whether QEMU may judge the kind in its own way, and it isn't that of another device."""
        if self.kind.attribute == "type" and self.kind.path in _CHARACTER_DEVICES:
            return self.kind.path in _SERIAL
        # An interface is plugged into the host's network, at which some libvirts fall over.
        is_device = self.kind.top.startswith("devices/") and self.kind.top != "devices/interface"
        return is_device and "/source" not in self.kind.path


def _without(tag: str, text: str) -> str:
    """An element without its children of this name."""
    element = parse(text)
    return serialise(
        element.replaced(children=[one for one in element.children if one.tag != tag]), indent=None
    )
