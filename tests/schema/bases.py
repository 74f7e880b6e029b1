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
from tests.corpus.kinds import folder_of
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
    for file in documents.all_paths():
        yield f"corpus {file.stem}", etree.fromstring(documents.document(file))


def _own_and_given(
    folder: str, source: str, *own: str
) -> t.Callable[[Schema], t.Iterator[tuple[str, _Node]]]:
    """Small documents, and libvirt's own of a kind."""

    def made(_schema: Schema) -> t.Iterator[tuple[str, _Node]]:
        for number, text in enumerate(own):
            yield f"own {number}", etree.fromstring(text)
        for file in folder_of(folder, source):
            yield f"corpus {file.stem}", without_uuid(etree.parse(str(file)).getroot())

    return made


def without_uuid(root: _Node) -> _Node:
    """Without the UUID, which a person leaves out; but of a secret it is all the name there is."""
    for element in root.findall("uuid") if root.tag != "secret" else ():
        root.remove(element)
    return root


_NETWORKS = (
    "<network><name>n</name></network>",
    "<network><name>n</name><forward mode='nat'><nat><port start='1024' end='2048'/></nat></forward>"
    "<bridge name='virbrs'/><domain name='example.org'/><dns/><ip address='192.0.2.1' prefix='24'>"
    "<dhcp><range start='192.0.2.2' end='192.0.2.99'/></dhcp></ip></network>",
    "<network><name>n</name><forward mode='route' dev='lo'/><ip family='ipv6' "
    "address='2001:db8::1' prefix='64'/></network>",
    "<network><name>n</name><forward mode='bridge'/><bridge name='br0'/><portgroup name='a'/>"
    "<virtualport type='openvswitch'/></network>",
    "<network><name>n</name><forward mode='hostdev' managed='yes'><pf dev='eth0'/></forward>"
    "</network>",
    "<network><name>n</name><forward mode='passthrough'><interface dev='eth0'/></forward></network>",
)
_FILTERS = (
    "<filter name='f'/>",
    *(
        f"<filter name='f'><rule action='accept' direction='inout'><{protocol}/></rule></filter>"
        for protocol in (
            *("mac", "vlan", "stp", "arp", "rarp", "ip", "ipv6", "tcp", "udp", "sctp", "icmp"),
            *("igmp", "udplite", "esp", "ah", "all", "tcp-ipv6", "udp-ipv6", "sctp-ipv6"),
            *("icmpv6", "esp-ipv6", "ah-ipv6", "udplite-ipv6", "all-ipv6"),
        )
    ),
)
_SECRETS = tuple(
    f"<secret><usage type='{kind}'><{tag}>schema</{tag}></usage></secret>"
    for kind, tag in (
        *(("volume", "volume"), ("ceph", "name"), ("iscsi", "target"), ("tls", "name")),
        ("vtpm", "name"),
    )
)
_POOLS = tuple(
    f"<pool type='{kind}'><name>p</name>{inner}</pool>"
    for kind, inner in (
        ("dir", "<target><path>/srv/p</path></target>"),
        ("fs", "<source><device path='/dev/a'/></source><target><path>/srv/p</path></target>"),
        (
            "netfs",
            "<source><host name='h'/><dir path='/e'/><format type='nfs'/></source>"
            "<target><path>/srv/p</path></target>",
        ),
        ("logical", "<source><name>vg</name></source><target><path>/dev/vg</path></target>"),
        ("disk", "<source><device path='/dev/a'/></source><target><path>/dev</path></target>"),
        (
            "iscsi",
            "<source><host name='h'/><device path='iqn.a'/></source>"
            "<target><path>/dev/disk/by-path</path></target>",
        ),
        (
            "iscsi-direct",
            "<source><host name='h'/><device path='iqn.a'/><initiator><iqn name='iqn.b'/>"
            "</initiator></source>",
        ),
        (
            "scsi",
            "<source><adapter type='scsi_host' name='scsi_host0'/></source>"
            "<target><path>/dev/disk/by-path</path></target>",
        ),
        ("mpath", "<target><path>/dev/mapper</path></target>"),
        ("rbd", "<source><host name='h'/><name>r</name></source>"),
        ("gluster", "<source><host name='h'/><name>g</name><dir path='/'/></source>"),
        ("zfs", "<source><name>z</name></source>"),
        ("sheepdog", "<source><host name='h'/><name>s</name></source>"),
        ("vstorage", "<source><name>v</name></source><target><path>/srv/p</path></target>"),
    )
)

_MAKERS: dict[str, t.Callable[[Schema], t.Iterator[tuple[str, _Node]]]] = {
    "domain": _domains,
    "network": _own_and_given("network", "networkxml2xmlin", *_NETWORKS),
    "nwfilter": _own_and_given("nwfilter", "nwfilterxml2xmlin", *_FILTERS),
    "secret": _own_and_given("secret", "secretxml2xmlin", *_SECRETS),
    "storagepool": _own_and_given("pool", "storagepoolxml2xmlin", *_POOLS),
}
