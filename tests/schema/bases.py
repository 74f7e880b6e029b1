# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents into which one thing is put: small ones made from the schema, and libvirt's own."""

from __future__ import annotations

import dataclasses
import functools
import random
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)
from lxml import etree

from tests.corpus import documents
from tests.pairs import kinds, seeds
from tests.pairs.samples import context_of

from .grammars import Path, Place, Schema
from .writing import paths_of

_Node = t.Any
_HEAD = "<name/><memory>131072</memory>"
_OS = "<os><type arch='x86_64' machine='q35'>hvm</type></os>"
#: Machines with rules of their own, by architecture.
_MACHINES = (
    ("x86_64", "pc"),
    ("x86_64", "q35"),
    ("i686", "pc"),
    ("x86_64", "isapc"),
    ("aarch64", "virt"),
    ("armv7l", "vexpress-a15"),
    ("armv7l", "virt"),
    ("ppc64", "pseries"),
    ("ppc", "g3beige"),
    ("s390x", "s390-ccw-virtio"),
    ("riscv64", "virt"),
)
_DEVICES = """
<disk type='file' device='disk'><driver name='qemu' type='raw'/>
<source file='/var/lib/libvirt/images/schema.img'/><target dev='vda' bus='virtio'/></disk>
<interface type='network'><source network='default'/><model type='virtio'/></interface>
<serial type='pty'/>
"""


@dataclasses.dataclass(frozen=True)
class Base:
    """A document by the name that it goes by in reports."""

    name: str
    root: _Node

    @functools.cached_property
    def paths(self) -> frozenset[Path]:
        """The paths of its elements."""
        return frozenset(paths_of(self.root))


class Bases:
    """All documents of a schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._by_path: dict[Path, list[Base]] = {}
        self.all = [Base(*one) for one in _MAKERS[schema.name](schema)]
        for base in self.all:
            for path in base.paths:
                self._by_path.setdefault(path, []).append(base)

    def for_place(self, place: Place, seed: str) -> list[Base]:
        """Those that have most of the way to a place, in an order of chance."""
        found: dict[str, Base] = {}
        for length in range(len(place.steps), -1, -1):
            steps = place.steps[:length]
            here = self._by_path.get(steps, []) if steps else self.all
            for base in _mixed([one for one in here if one.name not in found], f"{seed}/{place}"):
                found[base.name] = base
            if len(found) > _ENOUGH:
                break
        return list(found.values())

    def with_place(self, place: Place, seed: str) -> list[Base]:
        """Those that have the element that a place is in, in an order of chance."""
        return _mixed(self._by_path.get(place.steps, []), f"{seed}/{place}")


def _mixed(bases: t.Iterable[Base], seed: str) -> list[Base]:
    """In an order of chance, of each kind of documents some."""
    # The same in each run, wherever the documents come from.
    bases = sorted(bases, key=lambda base: base.name)
    random.Random(seed).shuffle(bases)
    own = [base for base in bases if not base.name.startswith("corpus ")]
    rest = [base for base in bases if base.name.startswith("corpus ")]
    mixed = [one for pair in zip(own, rest) for one in pair]
    return mixed + own[len(rest) :] + rest[len(own) :]


_ENOUGH = 80


def _domains(schema: Schema) -> t.Iterator[tuple[str, _Node]]:
    for arch, machine in _MACHINES:
        program = documents.PROGRAMS.get(arch, arch)
        text = (
            f"<domain type='qemu'>{_HEAD}<vcpu>1</vcpu><os><type arch='{arch}' machine='{machine}'>"
            f"hvm</type></os><devices><emulator>/usr/bin/qemu-system-{program}</emulator>{_DEVICES}"
            "</devices></domain>"
        )
        yield f"{arch}-{machine}", etree.fromstring(text)
    tops: list[Path] = [
        (tag,) for tag in kinds.names_in(schema.content) if tag not in ("name", "devices")
    ]
    tops += [("devices", tag) for tag in kinds.names_in(schema.content_at(("devices",)))]
    for top in tops:
        path = "/".join(top)
        if path.startswith("{"):
            continue
        needs: dict[str, dict[str, str | None]] = {path: {}}
        for kind in kinds.kinds():
            if kind.top == path:
                for value in kind.values:
                    needs[f"{kind}={value}"] = {kind.decider: value}
        for name, need in needs.items():
            element = seeds.smallest(path, seeds.needed(need))
            if element is not None:
                text = serialise(element, indent=None)
                head = _HEAD if path == "os" else _HEAD + _OS
                inner = context_of(path).replace("{}", text)
                yield name, etree.fromstring(f"<domain type='qemu'>{head}{inner}</domain>")
    for file in documents.paths():
        yield f"corpus {file.stem}", etree.fromstring(documents.document(file))


_MAKERS: dict[str, t.Callable[[Schema], t.Iterator[tuple[str, _Node]]]] = {"domain": _domains}
