# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that this one is not, told by capabilities made from what it has.

No machine here is an s390x or runs Xen, so what such a host would tell is made
up: for QEMU from what the emulator of that architecture really offers, with KVM
in place of emulation; for Xen and LXC by the formats' documentation,
https://libvirt.org/formatcaps.html and formatdomaincaps.html. Both sides are
told the same, and neither document is defined anywhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import pprint
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.capabilities import (
    Capabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.domain_capabilities import (
    DomainCapabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from lxml import etree

from .canonical import canonical
from .judge import URI, Judge, make_files
from .scenarios import IMAGE


@dataclasses.dataclass(frozen=True)
class Told:
    """What a host tells of itself: its URI, its capabilities, and those of all its domains."""

    uri: str
    capabilities: str
    domain_capabilities: str | None


class OtherHostJudge(Judge):
    """Compares documents as they are; no hypervisor here would take them."""

    @classmethod
    @contextlib.contextmanager
    def told(cls, told: Told, folder: pathlib.Path) -> t.Iterator[OtherHostJudge]:
        (folder / "capabilities.xml").write_text(told.capabilities)
        uri = f"__virtinst_test__test:///default,fakeuri={told.uri},caps={folder}/capabilities.xml"
        root = "<domainCapabilities/>"
        if told.domain_capabilities is not None:
            (folder / "domain_capabilities.xml").write_text(told.domain_capabilities)
            uri += f",domcaps={folder}/domain_capabilities.xml"
            root = told.domain_capabilities
        with connected("test:///default") as connection:
            _add_storage(connection.raw)
            host = host_facts(Domains(connection))._replace(
                driver=told.uri.partition(":")[0],
                capabilities=Capabilities(parse(told.capabilities)),
                domain_capabilities=lambda *key: DomainCapabilities(parse(root)),
                cpu_security_features=lambda *key: (),
            )
            yield cls(connection, host, uri)

    @classmethod
    @contextlib.contextmanager
    def test_driver(cls) -> t.Iterator[OtherHostJudge]:
        """libvirt's test driver as it is."""
        make_files()
        uri = "test:///default"
        with connected(uri) as connection:
            _add_storage(connection.raw)
            yield cls(connection, host_facts(Domains(connection)), uri)

    def understood(self, document: str) -> str:
        return pprint.pformat(canonical(parse(self.plain(document))))


def qemu_host(arch: str, machine: str) -> Told:
    """A host with KVM of an architecture of which the emulator is installed."""
    with connected(URI) as connection:
        host = etree.fromstring(connection.raw.getCapabilities())
        domain = etree.fromstring(
            connection.raw.getDomainCapabilities(None, arch, machine, "qemu", 0)
        )
    cpu = host.find("host/cpu")
    assert cpu is not None
    if arch != cpu.findtext("arch"):
        for child in list(cpu):
            cpu.remove(child)
        etree.SubElement(cpu, "arch").text = arch
    for guest in host.xpath(f"guest/arch[@name='{arch}']"):
        if guest.find("domain[@type='kvm']") is None:
            etree.SubElement(guest, "domain", type="kvm")
    _set_text(domain, "domain", "kvm")
    passthrough = domain.find("cpu/mode[@name='host-passthrough']")
    assert passthrough is not None
    passthrough.set("supported", "yes")
    return Told("qemu:///system", _text(host), _text(domain))


def sev_host() -> Told:
    """An x86 host that encrypts the memory and the registers of its guests."""
    told = qemu_host("x86_64", "q35")
    assert told.domain_capabilities is not None
    domain = etree.fromstring(told.domain_capabilities)
    features = domain.find("features")
    assert features is not None
    for known in features.findall("sev"):
        features.remove(known)
    sev = etree.SubElement(features, "sev", supported="yes")
    for name, value in (
        ("cbitpos", "47"),
        ("reducedPhysBits", "1"),
        ("maxGuests", "59"),
        ("maxESGuests", "450"),
    ):
        etree.SubElement(sev, name).text = value
    return dataclasses.replace(told, domain_capabilities=_text(domain))


def xen_host() -> Told:
    """A host with Xen, for its guests with and without their own virtualisation."""
    guests = "".join(
        f"<guest><os_type>{os_type}</os_type><arch name='x86_64'><wordsize>64</wordsize>"
        f"<emulator>/usr/lib/xen/bin/qemu-system-i386</emulator>{loader}"
        f"<machine>{machine}</machine><domain type='xen'/></arch>"
        f"<features>{features}</features></guest>"
        for os_type, machine, loader, features in (
            ("xen", "xenpv", "", ""),
            (
                "hvm",
                "xenfv",
                "<loader>/usr/lib/xen/boot/hvmloader</loader>",
                "<pae/><nonpae/><acpi default='on' toggle='yes'/><apic default='on' toggle='no'/>"
                "<hap default='on' toggle='yes'/>",
            ),
        )
    )
    return Told("xen:///", _host("x86_64", guests), None)


def lxc_host() -> Told:
    """A host with Linux containers."""
    guests = (
        "<guest><os_type>exe</os_type><arch name='x86_64'><wordsize>64</wordsize>"
        "<emulator>/usr/lib/libvirt/libvirt_lxc</emulator><domain type='lxc'/></arch>"
        "<features><acpi default='on' toggle='yes'/></features></guest>"
    )
    return Told("lxc:///", _host("x86_64", guests), None)


def bhyve_host() -> Told:
    """A FreeBSD host with bhyve and its UEFI firmware."""
    guests = (
        "<guest><os_type>hvm</os_type><arch name='x86_64'><wordsize>64</wordsize>"
        "<emulator>/usr/sbin/bhyve</emulator><domain type='bhyve'/></arch></guest>"
    )
    firmware = "".join(
        f"<value>/usr/local/share/uefi-firmware/{name}.fd</value>"
        for name in ("BHYVE_CSM", "BHYVE_UEFI", "BHYVE_UEFI_CSM")
    )
    devices = "".join(
        f"<{name} supported='yes'><enum name='{enum}'>{values}</enum></{name}>"
        for name, enum, values in (
            ("disk", "bus", "<value>sata</value><value>virtio</value>"),
            ("graphics", "type", "<value>vnc</value>"),
            ("video", "modelType", "<value>gop</value>"),
        )
    )
    domain = (
        "<domainCapabilities><path>/usr/sbin/bhyve</path><domain>bhyve</domain><arch>x86_64</arch>"
        f"<os supported='yes'><loader supported='yes'>{firmware}<enum name='type'>"
        "<value>pflash</value></enum><enum name='readonly'><value>yes</value></enum></loader></os>"
        f"<devices>{devices}</devices></domainCapabilities>"
    )
    return Told("bhyve:///system", _host("x86_64", guests), domain)


def _add_storage(raw: t.Any) -> None:
    """The pool that virt-install would make, and in it the image to install from.

    The test driver keeps all in this process, and sees no file.
    """
    folder, name = os.path.split(IMAGE)
    if "default" in raw.listStoragePools():
        return
    pool = raw.storagePoolDefineXML(
        f"<pool type='dir'><name>default</name><target><path>{folder}</path></target></pool>"
    )
    pool.create()
    pool.createXML(
        f"<volume><name>{name}</name><capacity>1048576</capacity>"
        "<target><format type='iso'/></target></volume>"
    )


def _host(arch: str, guests: str) -> str:
    return f"<capabilities><host><cpu><arch>{arch}</arch></cpu></host>{guests}</capabilities>"


def _set_text(root: etree._Element, path: str, text: str) -> None:
    element = root.find(path)
    assert element is not None
    element.text = text


def _text(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode")
