# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks, filters, pools, volumes and secrets: their documents, and libvirt's calls for them."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import pathlib
import re
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import NEVER
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.active_object import (
    networks,
    pools,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.api import (
    NETWORKS,
    NWFILTERS,
    POOLS,
    SECRETS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.api import (
    Api as Names,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.objects import (
    Object,
    Objects,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.secrets import Secrets
from ansible_collections.declarative.libvirt.plugins.module_utils._manage import secret as secrets
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.goal import Goal, whole
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.identity import identify
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import Memory
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.network.clashes import (
    clashes,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.network.running import (
    NetworkRunning,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import Outcome
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.pool.running import (
    PoolRunning,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.present import (
    ensure_present,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.running import NoRunning
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.validation import (
    Validation,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules import (
    network,
    nwfilter,
    pool,
    secret,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.kind import Kind
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from lxml import etree

from . import documents
from .host import Recorded

_TOP = pathlib.Path(__file__).resolve().parents[2]
_PREFIX = f"corpus{os.environ.get('PYTEST_XDIST_WORKER', '')}-"
_URI = "qemu:///system"


@dataclasses.dataclass(frozen=True)
class Described:
    """A kind that can be defined anew, and where libvirt's source has documents of it.

    ``left`` finds the places that a document leaves to libvirt: what was there stays.
    """

    kind: Kind
    names: Names
    folder: str
    left: str
    #: What can't be taken back, so that no edit is undone.
    is_final: tuple[str, ...] = ()


#: Lists without an order.
_ORDER = r"/(ip|range|host|txt|srv|portgroup|route|tag|device|\w+:option)(\[\d+\])? moved$"

KINDS = (
    Described(
        network.KIND,
        NETWORKS,
        "networkxml2xmlin",
        rf"/(uuid|mac|bridge|metadata|@family)\b|{_ORDER}",
    ),
    Described(nwfilter.KIND, NWFILTERS, "nwfilterxml2xmlin", "/uuid"),
    # Where libvirt derives the path of the target, permissions are all that is in it.
    Described(
        pool.KIND,
        POOLS,
        "storagepoolxml2xmlin",
        rf"/(uuid|permissions)\b|^/pool/target gone$|{_ORDER}",
    ),
    Described(secret.KIND, SECRETS, "secretxml2xmlin", "/uuid", ("private", "ephemeral", "usage")),
)


def folder_of(name: str, folder: str) -> list[pathlib.Path]:
    """The files of a kind's documents, sorted by name."""
    source = os.environ.get("LIBVIRT_SOURCE")
    found = (
        pathlib.Path(source) / "tests" / folder
        if source
        else _TOP.parent / "shared" / "corpus" / name
    )
    return sorted(found.glob("*.xml")) if found.is_dir() else []


def cases() -> list[tuple[Described, pathlib.Path]]:
    """Each document of each kind that can be defined anew."""
    return [(about, path) for about in KINDS for path in folder_of(about.kind.noun, about.folder)]


#: The classes of kinds that are more than a definition.
_OBJECTS: dict[str, t.Callable[[Connection], Objects[t.Any]]] = {
    "secret": Secrets,
    "pool": pools,
    "network": networks,
}
_RUNNING: dict[str, t.Callable[[], NoRunning[t.Any]]] = {
    "secret": lambda: secrets.Valued(None, secrets.ON_CREATE),
    # What the documents name is not there.
    "pool": lambda: PoolRunning(build=NEVER),
    "network": NetworkRunning,
}


class KindHost:
    """The objects of a kind on a libvirtd, and what a task does with a document of it.

    ``memory`` is the file that tasks remember things in; without one they remember nothing.
    """

    def __init__(self, about: Described, memory: str | None = None) -> None:
        self._memory = memory
        libvirt.registerErrorHandler(lambda *_error: None, None)
        self.about = about
        self.raw = libvirt.open(_URI)
        #: The calls of the last task that could have changed anything.
        self.writes: list[str] = []
        self._connection = Connection(Recorded(self.raw, self.writes), _URI, is_local=True)

    def task(self, text: str, mode: str = "exact", check_mode: bool = False) -> Outcome:
        """What a module about one object of the kind does with this document."""
        self.writes.clear()
        kind, names = self.about.kind, self.about.names
        objects: Objects[t.Any] = (
            _OBJECTS[kind.noun](self._connection)
            if kind.noun in _OBJECTS
            else Objects(self._connection, names, lambda host, raw: Object(host, raw, names))
        )
        goal: Goal[t.Any] = Goal(
            parse(text, kind.tag),
            None,
            whole(mode),
            is_part=mode == "merge",
            identify=(
                secrets.identify
                if kind is secret.KIND
                else functools.partial(identify, named=kind.named)
            ),
        )
        running = _RUNNING.get(kind.noun, NoRunning)().on(self._connection)
        # Some of libvirt's documents are not valid and accepted all the same.
        validation = Validation(self._connection, kind.schema, False, text, named=kind.named)
        memory = Memory(self._memory, "tests", check_mode)
        outcome = ensure_present(
            objects, kind, goal, validation, check_mode, running=running, memory=memory
        )
        memory.save()
        return outcome

    def define(self, text: str) -> str:
        """What virsh defines; its UUID."""
        return str(getattr(self.raw, self.about.names.define)(text).UUIDString())

    def knows(self, text: str) -> bool:
        """Whether this libvirt, which drops what it doesn't know, has a schema of the document."""
        return self.raw.getLibVersion() >= documents.version() or self.is_valid(text)

    def is_valid(self, text: str) -> bool:
        """Whether libvirt's schema allows the document, which has yet to be defined."""
        names = self.about.names
        try:
            made = getattr(self.raw, names.define_flags)(text, getattr(libvirt, names.validate))
        except libvirt.libvirtError as error:
            return bool(error.get_error_code() != libvirt.VIR_ERR_XML_INVALID_SCHEMA)
        made.undefine()
        return True

    def definition(self, identifier: str) -> str:
        """What virsh dumps of the definition of the object with this UUID."""
        found = getattr(self.raw, self.about.names.by_uuid)(identifier)
        return str(found.XMLDesc(getattr(libvirt, self.about.names.inactive or "", 0)))

    def identifiers(self) -> set[str]:
        """The UUIDs of all objects of the kind."""
        return {one.UUIDString() for one in getattr(self.raw, self.about.names.list_all)()}

    def remove(self, identifier: str) -> None:
        with contextlib.suppress(libvirt.libvirtError):
            getattr(self.raw, self.about.names.by_uuid)(identifier).undefine()


def refused_in_words(text: str, kind: Kind) -> list[str]:
    """Why the module refuses what libvirt would define."""
    return clashes(parse(text, kind.tag)) if kind is network.KIND else []


def document(path: pathlib.Path, kind: Kind) -> str:
    """The document with a name of ours, and without UUID, as a person writes it."""
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False)).getroot()
    name = _PREFIX + re.sub("[^a-z0-9]", "-", path.stem.lower())
    if kind.named.startswith("@"):
        root.set(kind.named[1:], name)
    for element in root.findall(kind.named) if kind.named.isalpha() else ():
        element.text = name
    if kind.named == "name" and root.find("name") is None:
        # libvirt gives a pool that of its source.
        etree.SubElement(root, "name").text = name
    for element in root.findall("uuid") if kind.named else ():
        root.remove(element)
    # That of the network that each libvirt has is taken.
    for element in root.findall("bridge[@name='virbr0']"):
        element.set("name", "virbr99")
    return etree.tostring(root, encoding="unicode")


def without_chance(definition: str, text: str) -> Element:
    """A definition without what libvirt draws by lot."""
    root, said = parse(definition), parse(text)
    drawn = [tag for tag in ("uuid", "mac") if said.child(tag) is None]
    return root.replaced(children=[one for one in root.children if one.tag not in drawn])


def fragments(text: str, kind: Kind) -> list[str]:
    """The document in parts, each with the name: all elements of a tag at a time."""
    root = etree.fromstring(text)
    found = []
    for tag in dict.fromkeys(child.tag for child in root if isinstance(child.tag, str)):
        if tag == kind.named:
            continue
        part = etree.Element(root.tag, nsmap=root.nsmap)
        if kind.named.startswith("@"):
            part.set(kind.named[1:], root.get(kind.named[1:], ""))
        # What a secret is known by.
        known = ("uuid", "usage") if not kind.named else (kind.named,)
        part.extend([child for child in etree.fromstring(text) if child.tag in (tag, *known)])
        found.append(etree.tostring(part, encoding="unicode"))
    return found


def dropped_attributes(text: str, definition: str) -> set[str]:
    """What attributes of a document are called that its definition has none of."""
    names = [
        {name for one in parse(each).walk() for name in one.attributes}
        for each in (text, definition)
    ]
    return names[0] - names[1]


#: Another value for one that has only a few.
_OTHERS = {
    "yes": "no",
    "no": "yes",
    "on": "off",
    "off": "on",
    "true": "false",
    "nat": "route",
    "in": "out",
    "out": "in",
    "inout": "in",
    "accept": "drop",
    "drop": "accept",
    "auto": "ext3",
    "ext4": "ext3",
    "ext3": "ext4",
    "kvm": "vfio",
    "ipv4": "ipv6",
    "tcp": "udp",
    "udp": "tcp",
    "unknown": "gpt",
    "gpt": "dos",
    "dos": "gpt",
    "minutes": "hours",
    "hours": "minutes",
    "seconds": "hours",
    "tagged": "untagged",
}


def edits(definition: str, kind: Kind) -> t.Iterator[tuple[str, str]]:
    """A definition with one thing changed, by where: each value, and each element that goes."""
    root = etree.fromstring(definition, etree.XMLParser(remove_blank_text=True))
    tree = root.getroottree()
    for element in root.iter(etree.Element):
        path = tree.getpath(element)
        for name, value in list(element.attrib.items()):
            if element is root and f"@{name}" == kind.named:
                continue
            element.set(name, _other(value))
            yield f"{path}/@{name}", etree.tostring(root, encoding="unicode")
            del element.attrib[name]
            yield f"{path}/@{name} gone", etree.tostring(root, encoding="unicode")
            element.set(name, value)
        if element.text is not None and element.tag not in (kind.named, "uuid"):
            before, element.text = element.text, _other(element.text)
            yield path, etree.tostring(root, encoding="unicode")
            element.text = before
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if parent is None or element.tag in (kind.named, "uuid"):
            continue
        path, place = tree.getpath(element), parent.index(element)
        parent.remove(element)
        yield f"{path} gone", etree.tostring(root, encoding="unicode")
        parent.insert(place, element)
        following = element.getnext()
        if following is not None and following.tag not in (kind.named, "uuid"):
            following.addnext(element)
            yield f"{path} moved", etree.tostring(root, encoding="unicode")
            parent.remove(element)
            parent.insert(place, element)


def _other(value: str) -> str:
    if value in _OTHERS:
        return _OTHERS[value]
    found = re.search(r"\d+(?!.*\d)", value)
    if found is not None and not value.lower().startswith("0x"):
        return f"{value[: found.start()]}{int(found[0]) + 1}{value[found.end() :]}"
    return f"{value}x"
