# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be missing where a domain is to be made again on a host that doesn't have it.

Of each line the first document leaves out what the second one has.
"""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.book import RuleBook
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.anew import (
    ANEW,
    DRAWN,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_X86 = "<os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>"
_ARM = "<os><type arch='aarch64' machine='virt-7.2'>hvm</type></os>"
_S390 = "<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>"
_PPC = "<os><type arch='ppc64' machine='pseries-7.2'>hvm</type></os>"

DRAWN_ANEW = {
    "uuid": ("", "<uuid>3ed09ff2-8682-4957-b2b0-f6c0aa3939a4</uuid>"),
    "the address of a device": (
        "<devices><vsock model='virtio'/></devices>",
        "<devices><vsock model='virtio'><address type='pci' domain='0x0000' bus='0x00' slot='0x05' "
        "function='0x0'/></vsock></devices>",
    ),
    "a MAC": (
        "<devices><interface type='user'><model type='virtio'/></interface></devices>",
        "<devices><interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/>"
        "</interface></devices>",
    ),
    "the identifier of a port": (
        "<devices><interface type='bridge'><virtualport type='openvswitch'/>"
        "<model type='virtio'/></interface></devices>",
        "<devices><interface type='bridge'><virtualport type='openvswitch'><parameters "
        "interfaceid='3ed09ff2-8682-4957-b2b0-f6c0aa3939a4'/></virtualport>"
        "<model type='virtio'/></interface></devices>",
    ),
    "numbers of cells": (
        "<memory>1</memory><cpu mode='maximum'><numa><cell cpus='0' memory='1'/></numa></cpu>",
        "<memory>1</memory><cpu mode='maximum'><numa><cell id='0' cpus='0' memory='1'/></numa></cpu>",
    ),
    "numbers of threads": (
        "<iothreads>2</iothreads>",
        "<iothreads>2</iothreads><iothreadids><iothread id='1'/><iothread id='2'/></iothreadids>",
    ),
    "ARM's interrupt controller, emulated": (
        _ARM,
        f"{_ARM}<features><gic version='2'/></features>",
    ),
    "ARM's serial port": (
        f"{_ARM}<devices><serial type='pty'><target port='0'><model/></target></serial><console type='pty'>"
        "<target type='serial' port='0'/></console></devices>",
        f"{_ARM}<devices><serial type='pty'><target type='system-serial' port='0'>"
        "<model name='pl011'/></target></serial><console type='pty'><target type='serial' port='0'/>"
        "</console></devices>",
    ),
    "a serial port of pseries": (
        f"{_PPC}<devices><serial type='pty'><target port='0'><model/></target></serial><console type='pty'>"
        "<target type='serial' port='0'/></console></devices>",
        f"{_PPC}<devices><serial type='pty'><target type='spapr-vio-serial' port='0'>"
        "<model name='spapr-vty'/></target></serial><console type='pty'><target type='serial' port='0'/>"
        "</console></devices>",
    ),
    "the only USB model of x86": (
        f"{_X86}<devices><controller type='usb' index='0'/></devices>",
        f"{_X86}<devices><controller type='usb' index='0' model='piix3-uhci'/></devices>",
    ),
    "the version of a TPM-CRB": (
        "<devices><tpm model='tpm-crb'><backend type='emulator'/></tpm></devices>",
        "<devices><tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm></devices>",
    ),
    "QEMU's port": (
        "<devices><controller type='pci' index='1' model='pcie-root-port'><model/></controller>"
        "</devices>",
        "<devices><controller type='pci' index='1' model='pcie-root-port'>"
        "<model name='pcie-root-port'/><target chassis='1' port='0x10'/></controller></devices>",
    ),
    "the lowest number that is free": (
        "<devices><controller type='scsi' model='virtio-scsi'/>"
        "<controller type='scsi' index='0' model='lsilogic'/></devices>",
        "<devices><controller type='scsi' index='1' model='virtio-scsi'/>"
        "<controller type='scsi' index='0' model='lsilogic'/></devices>",
    ),
    "the numbers of USB companions": (
        "<devices><controller type='usb' model='ich9-ehci1'/>"
        "<controller type='usb' model='ich9-uhci1'/></devices>",
        "<devices><controller type='usb' index='0' model='ich9-ehci1'/>"
        "<controller type='usb' index='0' model='ich9-uhci1'/></devices>",
    ),
}
WRITTEN_DOWN = {
    "the bus of PS/2": (
        f"{_X86}<devices><input type='mouse'/></devices>",
        f"{_X86}<devices><input type='mouse' bus='ps2'/></devices>",
    ),
    "a number that isn't the lowest": (
        "<devices><controller type='scsi' model='virtio-scsi'/></devices>",
        "<devices><controller type='scsi' index='3' model='virtio-scsi'/></devices>",
    ),
    "a number beside those of others": (
        "<devices><controller type='scsi' model='virtio-scsi'/>"
        "<controller type='scsi' index='0' model='lsilogic'/></devices>",
        "<devices><controller type='scsi' index='2' model='virtio-scsi'/>"
        "<controller type='scsi' index='0' model='lsilogic'/></devices>",
    ),
    "the alias that a person gave": (
        "<devices><vsock model='virtio'/></devices>",
        "<devices><vsock model='virtio'><alias name='ua-one'/></vsock></devices>",
    ),
    "how a MAC is checked": (
        "<devices><interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/>"
        "</interface></devices>",
        "<devices><interface type='user'><mac address='52:54:00:00:00:01' check='no'/>"
        "<model type='virtio'/></interface></devices>",
    ),
    "CPUs of a cell": (
        "<memory>1</memory><cpu mode='maximum'><numa><cell id='0' memory='1'/></numa></cpu>",
        "<memory>1</memory><cpu mode='maximum'><numa><cell id='0' cpus='0' memory='1'/></numa></cpu>",
    ),
    "other numbers of threads": (
        "<iothreads>2</iothreads>",
        "<iothreads>2</iothreads><iothreadids><iothread id='2'/><iothread id='4'/></iothreadids>",
    ),
    "how virtual CPUs are plugged in": (
        "<vcpu>1</vcpu><vcpus><vcpu id='0' enabled='yes'/></vcpus>",
        "<vcpu>1</vcpu><vcpus><vcpu id='0' enabled='yes' order='1'/></vcpus>",
    ),
    "the version of a TPM": (
        "<devices><tpm model='tpm-tis'><backend type='emulator'/></tpm></devices>",
        "<devices><tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm></devices>",
    ),
    "the model of a SCSI controller": (
        f"{_X86}<devices><controller type='scsi' index='0'/></devices>",
        f"{_X86}<devices><controller type='scsi' index='0' model='lsilogic'/></devices>",
    ),
    "the number of a SCSI controller beside a host device": (
        "<devices><controller type='scsi' model='virtio-scsi'/><hostdev type='scsi'/></devices>",
        "<devices><controller type='scsi' index='0' model='virtio-scsi'/>"
        "<hostdev type='scsi' mode='subsystem' managed='no'/></devices>",
    ),
    "an application's element": (
        "",
        "<metadata><a:b xmlns:a='urn:a'/></metadata>",
    ),
    "the profile of a port": (
        "<devices><interface type='bridge'><virtualport type='openvswitch'/>"
        "<model type='virtio'/></interface></devices>",
        "<devices><interface type='bridge'><virtualport type='openvswitch'><parameters "
        "profileid='red'/></virtualport><model type='virtio'/></interface></devices>",
    ),
    "the template of a firmware that was named": (
        "<os><loader type='pflash' readonly='yes'>/fw</loader><nvram>/v</nvram></os>",
        "<os><loader type='pflash' readonly='yes'>/fw</loader><nvram template='/t'>/v</nvram></os>",
    ),
    "the render node": (
        "<devices><graphics type='egl-headless'><gl/></graphics></devices>",
        "<devices><graphics type='egl-headless'><gl rendernode='/dev/dri/a'/></graphics></devices>",
    ),
    "that there is no USB": (
        _S390,
        f"{_S390}<devices><controller type='usb' index='0' model='none'/></devices>",
    ),
}


def _changes(lines: tuple[str, str], book: RuleBook = ANEW) -> list[str]:
    made, there = (parse(f"<domain type='qemu'><name>a</name>{text}</domain>") for text in lines)
    # What both would get is no matter here.
    own = parse(f"<domain type='qemu'><name>a</name>{lines[0]}</domain>")
    ignored = {change.path for change in reconcile(made, own, book).changes}
    return [c.path for c in reconcile(made, there, book).changes if c.path not in ignored]


@pytest.mark.parametrize("lines", DRAWN_ANEW.values(), ids=DRAWN_ANEW)
def test_what_may_be_missing(lines: tuple[str, str]) -> None:
    assert _changes(lines) == []


@pytest.mark.parametrize("lines", WRITTEN_DOWN.values(), ids=WRITTEN_DOWN)
def test_what_has_to_be_written_down(lines: tuple[str, str]) -> None:
    assert _changes(lines)
    assert _changes(lines, DOMAIN) == []


def test_each_row_has_a_reason() -> None:
    assert all(row.reason for row in DRAWN)


def test_memory_is_placed_automatically_only_where_the_cpus_are() -> None:
    def document(placement: str) -> tuple[str, str]:
        vcpu = f"<vcpu placement='{placement}'>1</vcpu>"
        return (
            f"{vcpu}<numatune><memory mode='strict'/></numatune>",
            f"{vcpu}<numatune><memory mode='strict' placement='auto'/></numatune>",
        )

    for book in (ANEW, DOMAIN):
        assert _changes(document("auto"), book) == []
        assert _changes(document("static"), book) == ["/domain/numatune/memory/@placement"]
