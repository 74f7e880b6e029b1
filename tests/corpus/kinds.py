# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks, filters, pools, volumes and secrets: their documents, and libvirt's calls for them."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import re
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.plan import Plan
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules import (
    network,
    nwfilter,
    pool,
    secret,
    volume,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.kind import Kind
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)
from lxml import etree

_TOP = pathlib.Path(__file__).resolve().parents[2]
_PREFIX = f"corpus{os.environ.get('PYTEST_XDIST_WORKER', '')}-"


@dataclasses.dataclass(frozen=True)
class Api:
    """A kind, where libvirt's source has documents of it, and the calls by which it is kept."""

    kind: Kind
    folder: str
    define: t.Callable[[t.Any, str], t.Any]
    #: By a name, or for secrets by a UUID.
    find: t.Callable[[t.Any, str], t.Any]
    remove: t.Callable[[t.Any], object]

    def paths(self) -> list[pathlib.Path]:
        """The documents' files, sorted by name."""
        source = os.environ.get("LIBVIRT_SOURCE")
        folder = (
            pathlib.Path(source) / "tests" / self.folder
            if source
            else _TOP.parent / "shared" / "corpus" / self.kind.noun
        )
        return sorted(folder.glob("*.xml")) if folder.is_dir() else []


def _volume_pool(connection: t.Any) -> t.Any:
    try:
        return connection.storagePoolLookupByName("corpus-volumes")
    except libvirt.libvirtError:
        folder = "/var/lib/libvirt/corpus-volumes"
        pathlib.Path(folder).mkdir(exist_ok=True)
        return connection.storagePoolCreateXML(
            "<pool type='dir'><name>corpus-volumes</name>"
            f"<target><path>{folder}</path></target></pool>"
        )


APIS = (
    Api(
        network.KIND,
        "networkxml2xmlin",
        lambda c, text: c.networkDefineXML(text),
        lambda c, name: c.networkLookupByName(name),
        lambda found: found.undefine(),
    ),
    Api(
        nwfilter.KIND,
        "nwfilterxml2xmlin",
        lambda c, text: c.nwfilterDefineXML(text),
        lambda c, name: c.nwfilterLookupByName(name),
        lambda found: found.undefine(),
    ),
    Api(
        pool.KIND,
        "storagepoolxml2xmlin",
        lambda c, text: c.storagePoolDefineXML(text),
        lambda c, name: c.storagePoolLookupByName(name),
        lambda found: found.undefine(),
    ),
    Api(
        secret.KIND,
        "secretxml2xmlin",
        lambda c, text: c.secretDefineXML(text),
        lambda c, name: c.secretLookupByUUIDString(name),
        lambda found: found.undefine(),
    ),
    Api(
        volume.KIND,
        "storagevolxml2xmlin",
        lambda c, text: _volume_pool(c).createXML(text),
        lambda c, name: _volume_pool(c).storageVolLookupByName(name),
        lambda found: found.delete(),
    ),
)


class Objects:
    """What there is of a kind on a libvirtd, and what a task does with a document of it."""

    def __init__(self, api: Api) -> None:
        libvirt.registerErrorHandler(lambda *_error: None, None)
        self.raw = libvirt.open("qemu:///system")
        self.api = api
        self.writes = 0

    def define(self, text: str) -> str:
        """What virsh defines; the name, or a secret's UUID."""
        made = self.api.define(self.raw, text)
        return str(made.UUIDString() if self.api.kind.noun == "secret" else made.name())

    def definition(self, name: str) -> str:
        """What virsh dumps of the definition."""
        found = self.api.find(self.raw, name)
        flags = {
            "network": libvirt.VIR_NETWORK_XML_INACTIVE,
            "pool": libvirt.VIR_STORAGE_XML_INACTIVE,
        }
        return str(found.XMLDesc(flags.get(self.api.kind.noun, 0)))

    def plan(self, text: str, name: str, mode: str = "exact") -> Plan:
        """What a task would change."""
        desired = parse(text, self.api.kind.tag)
        actual = parse(self.definition(name), self.api.kind.tag)
        return reconcile(desired, actual, self.api.kind.book, mode)

    def task(self, text: str, name: str, mode: str = "exact") -> Plan:
        """What a task changes."""
        plan = self.plan(text, name, mode)
        if plan:
            self.define(serialise(plan.document))
        return plan

    def remove(self, name: str) -> None:
        with contextlib.suppress(libvirt.libvirtError):
            self.api.remove(self.api.find(self.raw, name))


def document(path: pathlib.Path, kind: Kind) -> str:
    """The document with a name of ours, and without UUID, as a person writes it."""
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False)).getroot()
    name = _PREFIX + re.sub("[^a-z0-9]", "-", path.stem.lower())
    if kind.noun == "nwfilter":
        root.set("name", name)
    elif kind.noun != "secret":
        element = root.find("name")
        if element is not None:
            element.text = name
    if kind.noun != "secret":
        for element in root.findall("uuid"):
            root.remove(element)
    if kind.noun == "network":
        # That of the network that each libvirt has is taken.
        for element in root.findall("bridge[@name='virbr0']"):
            element.set("name", "virbr99")
    return etree.tostring(root, encoding="unicode")


def without_chance(definition: str, text: str) -> Element:
    """A definition without what libvirt draws by lot."""
    root = parse(definition)
    said = parse(text)
    children = [
        one for one in root.children if one.tag not in ("uuid", "mac") or said.child(one.tag)
    ]
    return root.replaced(children=children)
