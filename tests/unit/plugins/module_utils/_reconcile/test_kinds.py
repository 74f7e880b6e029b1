# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a merge does to kinds, to elements that are one value, to lists and to two places."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.taken import Taken
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

_QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"


def _merged(actual: str, said: str, attributes: str = "") -> str:
    """The parts of a domain after a merge, which a second one leaves alone."""
    head = f"<domain type='qemu' {attributes}><name>a</name>"
    before = parse(f"{head}{actual}</domain>", "domain")
    wanted = parse(f"<domain {attributes}>{said}</domain>", "domain")
    document = reconcile(wanted, before, DOMAIN, MERGE).document
    assert reconcile(wanted, document, DOMAIN, MERGE).changes == ()
    text = serialise(document, indent=None)
    return text[text.index("</name>") + len("</name>") : -len("</domain>")]


def _device(actual: str, said: str) -> str:
    inner = _merged(f"<devices>{actual}</devices>", f"<devices>{said}</devices>")
    return inner[len("<devices>") : -len("</devices>")]


@pytest.mark.parametrize(
    ("actual", "said", "wanted"),
    [
        (
            "<rng model='virtio'><backend model='random'>/dev/random</backend></rng>",
            "<rng model='virtio'><backend model='builtin'/></rng>",
            "<rng model='virtio'><backend model='builtin'/></rng>",
        ),
        (
            "<rng model='virtio'><backend model='egd' type='tcp'>"
            "<source mode='connect' host='h' service='1'/><protocol type='raw'/></backend></rng>",
            "<rng><backend type='unix'><source path='/s'/></backend></rng>",
            "<rng model='virtio'><backend model='egd' type='unix'><source path='/s'/>"
            "</backend></rng>",
        ),
        (
            "<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/>"
            "<source file='/a'/><target dev='vda' bus='virtio'/></disk>",
            "<disk type='network'><source protocol='nbd' name='e'><host name='h'/></source>"
            "<target dev='vda'/></disk>",
            "<disk type='network' device='disk'><driver name='qemu' cache='none'/>"
            "<source protocol='nbd' name='e'><host name='h'/></source>"
            "<target dev='vda' bus='virtio'/></disk>",
        ),
        (
            "<tpm model='tpm-crb'><backend type='passthrough'><device path='/dev/tpm0'/></backend>"
            "</tpm>",
            "<tpm><backend type='emulator'/></tpm>",
            "<tpm model='tpm-crb'><backend type='emulator'/></tpm>",
        ),
        (
            "<filesystem type='mount' accessmode='mapped'><source dir='/s'/><target dir='t'/>"
            "</filesystem>",
            "<filesystem><driver type='virtiofs'/><target dir='t'/></filesystem>",
            "<filesystem type='mount'><source dir='/s'/><target dir='t'/>"
            "<driver type='virtiofs'/></filesystem>",
        ),
        (
            "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='b'/>"
            "<vlan><tag id='42'/></vlan></interface>",
            "<interface type='bridge'><mac address='52:54:00:00:00:01'/>"
            "<vlan><tag id='43'/></vlan></interface>",
            "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='b'/>"
            "<vlan><tag id='43'/></vlan></interface>",
        ),
        (
            "<graphics type='vnc' port='5901' autoport='no' listen='0.0.0.0'>"
            "<listen type='address' address='0.0.0.0'/></graphics>",
            "<graphics type='vnc' listen='127.0.0.1'/>",
            "<graphics type='vnc' port='5901' autoport='no' listen='127.0.0.1'>"
            "<listen type='address' address='127.0.0.1'/></graphics>",
        ),
        (
            "<graphics type='vnc' port='5901' autoport='no' listen='0.0.0.0'>"
            "<listen type='address' address='0.0.0.0'/></graphics>",
            "<graphics type='vnc'><listen type='none'/></graphics>",
            "<graphics type='vnc'><listen type='none'/></graphics>",
        ),
    ],
)
def test_a_device_becomes_as_it_is_said(actual: str, said: str, wanted: str) -> None:
    assert _device(actual, said) == wanted


@pytest.mark.parametrize(
    ("actual", "said", "wanted"),
    [
        (
            "<cpu mode='custom' match='exact'><model>qemu64</model><vendor>AMD</vendor>"
            "<topology sockets='1' cores='2' threads='1'/><feature policy='require' name='svm'/>"
            "</cpu>",
            "<cpu mode='host-model'/>",
            "<cpu mode='host-model'><topology sockets='1' cores='2' threads='1'/></cpu>",
        ),
        (
            "<seclabel type='static' model='selinux'><label>x</label></seclabel>",
            "<seclabel type='none' model='dac'/>",
            "<seclabel type='none' model='dac'/>"
            "<seclabel type='static' model='selinux'><label>x</label></seclabel>",
        ),
        (
            "<metadata><a:a xmlns:a='a:a'><a:tag>web</a:tag><a:tag>prod</a:tag></a:a></metadata>",
            "<metadata><a:a xmlns:a='a:a'><a:tag>db</a:tag></a:a></metadata>",
            "<metadata><a:a xmlns:a='a:a'><a:tag>db</a:tag></a:a></metadata>",
        ),
        (
            "<memory unit='KiB'>1024</memory><currentMemory unit='KiB'>1024</currentMemory>",
            "<memory unit='KiB'>2048</memory>",
            "<memory unit='KiB'>2048</memory><currentMemory unit='KiB'>2048</currentMemory>",
        ),
        (
            "<memory unit='KiB'>1024</memory><currentMemory unit='KiB'>512</currentMemory>",
            "<memory unit='KiB'>2048</memory>",
            "<memory unit='KiB'>2048</memory><currentMemory unit='KiB'>512</currentMemory>",
        ),
    ],
)
def test_a_domain_becomes_as_it_is_said(actual: str, said: str, wanted: str) -> None:
    assert _merged(actual, said) == wanted


def _arguments(*values: str) -> str:
    listed = "".join(f"<qemu:arg value='{value}'/>" for value in values)
    return f"<qemu:commandline>{listed}</qemu:commandline>"


@pytest.mark.parametrize(
    ("actual", "said", "wanted"),
    [
        (("-device", "a"), ("-global", "b"), ("-device", "a", "-global", "b")),
        (("-device", "a", "-s"), ("-s",), ("-device", "a", "-s")),
        (("-device", "a"), ("-device", "b", "-device", "a"), ("-device", "a", "-device", "b")),
        (("-s",), ("-s", "-s"), ("-s", "-s")),
    ],
)
def test_arguments_are_added_where_they_lack(actual, said, wanted) -> None:
    merged = _merged(_arguments(*actual), _arguments(*said), _QEMU)
    assert merged == _arguments(*wanted)


def test_a_console_that_is_a_serial_port_is_changed_as_both() -> None:
    port = "<serial type='pty'><target port='0'/></serial>"
    console = "<console type='pty'><target type='serial' port='0'/></console>"
    said = "<devices><console type='file'><source path='/a'/></console></devices>"
    os = "<os><type arch='x86_64'>hvm</type></os>"
    merged = _merged(f"{os}<devices>{port}{console}</devices>", said)
    assert "<serial type='file'><target port='0'/><source path='/a'/>" in merged
    assert "<target type='serial' port='0'/><source path='/a'/></console>" in merged


def test_sound_for_spice_goes_with_it() -> None:
    before = parse(
        "<domain type='qemu'><name>a</name><devices><graphics type='spice'/>"
        "<audio id='1' type='spice'/></devices></domain>",
        "domain",
    )
    left = parse(
        "<domain type='qemu'><name>a</name><devices><audio id='1' type='spice'/></devices>"
        "</domain>",
        "domain",
    )
    document = reconcile(
        parse("<domain/>", "domain"), before, DOMAIN, MERGE, taken=Taken(left)
    ).document
    assert [one.get("type") for one in document.findall("devices/audio")] == ["none"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("<iothreads>1</iothreads>", "<iothreadids><iothread id='2'/></iothreadids>"),
        (
            "<iothreads>4</iothreads>",
            "<iothreadids><iothread id='9'/><iothread id='2'/><iothread id='5'/></iothreadids>",
        ),
        ("<iothreads>0</iothreads>", "<iothreadids/>"),
    ],
)
def test_fewer_io_threads_have_fewer_identifiers(said: str, left: str) -> None:
    """libvirt would go by the identifiers, and keep the number of those."""
    ids = "<iothreadids><iothread id='9'/><iothread id='2'/><iothread id='5'/></iothreadids>"
    assert _merged(f"<iothreads>3</iothreads>{ids}", said) == f"{said}{left}"
