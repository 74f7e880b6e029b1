# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows gathered by the place that they speak of."""

from __future__ import annotations

import heapq
import itertools
import operator
import re
import typing as t

from .rows import (
    ASSIGNED,
    Depends,
    Fill,
    Identity,
    Mirror,
    Quantity,
    Rewrite,
    Row,
    Same,
    Secret,
    Sequence,
    Settle,
    Spelled,
    Stored,
    Whole,
)

_Steps = tuple[str, ...]
#: A row by its number, with the steps and the value that it speaks of.
_Entry = tuple[int, _Steps, str, Row]

#: Below this, an application's own words stand.
_METADATA = "metadata/"
#: The prefixes by which rows name elements of other namespaces.
PREFIXES = {
    "http://libvirt.org/schemas/domain/qemu/1.0": "qemu",
    "http://libvirt.org/schemas/domain/lxc/1.0": "lxc",
    "http://libvirt.org/schemas/domain/xen/1.0": "xen",
    "http://libvirt.org/schemas/domain/bhyve/1.0": "bhyve",
    "http://libvirt.org/schemas/domain/vmware/1.0": "vmware",
    "http://libvirt.org/schemas/network/dnsmasq/1.0": "dnsmasq",
    "http://libvirt.org/schemas/storagepool/fs/1.0": "fs",
    "http://libvirt.org/schemas/storagepool/rbd/1.0": "rbd",
}


def step_name(tag: str) -> str:
    """The tag as rows write it: ``qemu:arg``, ``other:name``, ``disk``."""
    if tag[0] != "{":
        return tag
    uri, _brace, local = tag[1:].partition("}")
    return f"{PREFIXES.get(uri, 'other')}:{local}"


class PathRules:
    """All that the tables know about the elements at one path."""

    __slots__ = (
        "_book",
        "_children",
        "assigned",
        "depends",
        "fills",
        "identity",
        "is_whole",
        "mirrors",
        "path",
        "quantities",
        "same",
        "secrets",
        "sequence",
        "stored",
    )

    def __init__(self, book: RuleBook, path: str) -> None:
        self._book = book
        self._children: dict[str, PathRules] = {}
        self.path = path
        self.identity: Identity | None = None
        #: The tags of the children that are one list.
        self.sequence: tuple[str, ...] = ()
        self.quantities: list[Quantity] = []
        self.depends: list[Depends] = []
        self.mirrors: list[Mirror] = []
        #: Whether the element is one value.
        self.is_whole = False
        #: By attribute (``@name``), ``text()``, or the tag of a child.
        self.fills: dict[str, Fill] = {}
        #: Those of them that libvirt chooses freely.
        self.assigned: set[str] = set()
        self.same: dict[str, Same] = {}
        self.stored: dict[str, Stored] = {}
        self.secrets: dict[str, Secret] = {}

    def are_same(self, about: str, desired: str, actual: str) -> bool:
        """Whether two spellings of a value (``@name`` or ``text()``) are the same to libvirt."""
        row: Same | Spelled | None = self.same.get(about)
        if row is None and not self.path.startswith(_METADATA):
            row = self._book.spelled.get(f"{self.path.rpartition('/')[2]}/{about}")
        return row is not None and row.same(desired, actual)

    def child(self, tag: str) -> PathRules:
        """The place of the children with this tag."""
        place = self._children.get(tag)
        if place is None:
            place = self._children[tag] = self._book.place(
                "/".join(filter(None, (self.path, step_name(tag))))
            )
        return place


class RuleBook:
    """The tables of one kind of document.

    ``root`` is the document's root tag. Where two rows speak of the same
    thing at the same place, the first one holds.
    """

    def __init__(self, root: str, rows: t.Iterable[Row]) -> None:
        self.root = root
        self.rewrites: list[Rewrite] = []
        self.settles: list[Settle] = []
        #: By the ends of paths.
        self.spelled: dict[str, Spelled] = {}
        self._by_tag: dict[str, list[_Entry]] = {}
        self._anywhere: list[_Entry] = []
        for number, row in enumerate(rows):
            if isinstance(row, Rewrite):
                self.rewrites.append(row)
            elif isinstance(row, Settle):
                self.settles.append(row)
            elif isinstance(row, Spelled):
                for end in row.ends:
                    self.spelled.update(dict.fromkeys(alternatives(end), row))
            else:
                self._index(number, row)
        self.top = self.place("")

    def _index(self, number: int, row: t.Any) -> None:
        for path in alternatives(row.path):
            steps = path.split("/") if path else []
            about = ""
            if steps and (steps[-1].startswith("@") or steps[-1] == "text()"):
                about = steps.pop()
            elif isinstance(row, (Fill, Stored, Secret)):
                # A row about an element is looked up from its parent.
                about = steps.pop()
            entry = (number, tuple(steps), about, row)
            tag = steps[-1] if steps else ""
            if tag in ("*", "**"):
                self._anywhere.append(entry)
            else:
                self._by_tag.setdefault(tag, []).append(entry)

    def place(self, path: str) -> PathRules:
        """What is known about ``path``; ``""`` is the root element."""
        place = PathRules(self, path)
        steps = tuple(path.split("/")) if path else ()
        here = self._by_tag.get(steps[-1] if steps else "", ())
        found = heapq.merge(here, self._anywhere, key=operator.itemgetter(0))
        for _number, wanted, about, row in found:
            if _fits(wanted, steps):
                _enter(place, about, row)
        place.assigned = {about for about, row in place.fills.items() if row.value is ASSIGNED}
        return place


def _enter(place: PathRules, about: str, row: t.Any) -> None:
    if isinstance(row, Identity):
        place.identity = place.identity or row
    elif isinstance(row, Sequence):
        place.sequence = place.sequence or row.tags
    elif isinstance(row, Quantity):
        if all(known.amount != row.amount for known in place.quantities):
            place.quantities.append(row)
    elif isinstance(row, Depends):
        place.depends += [row._replace(decider=decider) for decider in alternatives(row.decider)]
    elif isinstance(row, Mirror):
        place.mirrors.append(row)
    elif isinstance(row, Whole):
        place.is_whole = True
    elif isinstance(row, Fill):
        place.fills.setdefault(about, row)
    elif isinstance(row, Same):
        place.same.setdefault(about, row)
    elif isinstance(row, Stored):
        place.stored.setdefault(about, row)
    elif isinstance(row, Secret):
        place.secrets.setdefault(about, row)


def below(path: str) -> t.Callable[[str], bool]:
    """Whether a path is one that a row's path stands for, or below it."""
    wanted = [(*one.split("/"), "**") for one in alternatives(path)]
    return lambda at: any(_fits(one, tuple(at.split("/"))) for one in wanted)


def alternatives(path: str) -> list[str]:
    """``a/{b,c}`` as ``a/b`` and ``a/c``."""
    parts = re.split(r"\{([^{}]*)\}", path)
    choices = [part.split(",") if odd % 2 else [part] for odd, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


def _fits(wanted: _Steps, steps: _Steps) -> bool:
    if not wanted:
        return not steps
    if wanted[0] == "**":
        return any(_fits(wanted[1:], steps[number:]) for number in range(len(steps) + 1))
    return bool(steps) and wanted[0] in ("*", steps[0]) and _fits(wanted[1:], steps[1:])
