# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of each kind of a part in the document of a clone: a line for a row of the table."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.clone.document import (
    Identity,
    cloned,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.clone.names import (
    renamed,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.clone.origin import (
    MADE,
    Origin,
    OwnVolume,
    origin_of,
    with_origin,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

OLD, NEW = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
MAC = "52:54:00:00:00:02"
IDENTITY = Identity("web2", NEW, (MAC,), nvram="/nvram/web2_VARS.fd")


def clone_of(inner, identity=IDENTITY, disks=None):
    source = parse(f"<domain type='kvm' id='3'><name>web</name><uuid>{OLD}</uuid>{inner}</domain>")
    return cloned(source, identity, disks or {}, lambda path: renamed(path, "web", "web2"))


def inner(made):
    text = serialise(made.document, indent=None)
    head = f"<domain type='kvm'><name>web2</name><uuid>{NEW}</uuid>"
    assert text.startswith(head), text
    return text[len(head) : -len("</domain>")]


CHAR = "<serial type='{}'><source {}/><target port='0'/></serial>"
#: What stands in the source, and in the clone.
CASES = {
    "title": ("<title>Web</title>", ""),
    "description": ("<description>Serves</description>", "<description>Serves</description>"),
    "generation": (f"<genid>{OLD}</genid>", "<genid/>"),
    "hardware uuid": (f"<hwuuid>{OLD}</hwuuid>", ""),
    "memory": ("<memory unit='KiB'>65536</memory>", "<memory unit='KiB'>65536</memory>"),
    "smbios": (
        f"<sysinfo type='smbios'><system><entry name='uuid'>{OLD}</entry><entry name='serial'>7</entry>"
        "<entry name='product'>p</entry></system><chassis><entry name='asset'>9</entry></chassis></sysinfo>",
        f"<sysinfo type='smbios'><system><entry name='uuid'>{NEW}</entry><entry name='product'>p</entry>"
        "</system></sysinfo>",
    ),
    "nvram": (
        "<os><nvram template='/t.fd'>/nvram/web_VARS.fd</nvram></os>",
        "<os><nvram template='/t.fd'>/nvram/web2_VARS.fd</nvram></os>",
    ),
    "nvram with a source": (
        "<os><nvram type='file'><source file='/nvram/web_VARS.fd'/></nvram></os>",
        "<os><nvram type='file'><source file='/nvram/web2_VARS.fd'/></nvram></os>",
    ),
    "kernel": ("<os><kernel>/web/k</kernel></os>", "<os><kernel>/web/k</kernel></os>"),
    "label": (
        "<seclabel type='dynamic' model='selinux'><label>a:c1</label><imagelabel>b:c1</imagelabel></seclabel>",
        "<seclabel type='dynamic' model='selinux'/>",
    ),
    "appid": ("<resource><fibrechannel appid='web'/></resource>", ""),
    "note of another program": (
        "<metadata><o:os xmlns:o='http://o/1'/></metadata>",
        "<metadata><o:os xmlns:o='http://o/1'/></metadata>",
    ),
}
DEVICES = {
    "interface": (
        "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='n' portid='p'/>"
        "<target dev='tap7'/><virtualport type='openvswitch'><parameters interfaceid='i' profileid='x'/>"
        "</virtualport><model type='virtio'/></interface>",
        f"<interface type='network'><mac address='{MAC}'/><source network='n'/>"
        "<virtualport type='openvswitch'><parameters profileid='x'/>"
        "</virtualport><model type='virtio'/></interface>",
    ),
    "filter of a MAC address": (
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='b'/>"
        "<filterref filter='f'><parameter name='MAC' value='52:54:00:00:00:01'/></filterref></interface>",
        f"<interface type='bridge'><mac address='{MAC}'/><source bridge='b'/>"
        f"<filterref filter='f'><parameter name='MAC' value='{MAC}'/></filterref></interface>",
    ),
    "serial log": (
        CHAR.format("file", "path='/log/web.log'"),
        CHAR.format("file", "path='/log/web2.log'"),
    ),
    "log of a pty": (
        "<serial type='pty' tty='/dev/pts/1'><log file='/log/s0.log' append='on'/></serial>",
        "<serial type='pty'><log file='/log/s0-web2.log' append='on'/></serial>",
    ),
    "terminal": (
        CHAR.format("pty", "path='/dev/pts/1'"),
        "<serial type='pty'><target port='0'/></serial>",
    ),
    "socket of one's own": (
        CHAR.format("unix", "mode='bind' path='/s/web'"),
        CHAR.format("unix", "mode='bind' path='/s/web2'"),
    ),
    "socket that libvirt makes": (
        "<channel type='unix'><source mode='bind' path='/c/web/a'/><target type='virtio' name='a'/></channel>",
        "<channel type='unix'><source mode='bind'/><target type='virtio' name='a'/></channel>",
    ),
    "console with a port": (
        "<graphics type='vnc' port='5901' autoport='no' websocket='5701' passwd='p'><listen type='address'/></graphics>",
        "<graphics type='vnc' port='-1' autoport='yes' websocket='-1' passwd='p'><listen type='address'/></graphics>",
    ),
    "console with any port": (
        "<graphics type='spice' autoport='yes'/>",
        "<graphics type='spice' autoport='yes'/>",
    ),
    "console with a socket": (
        "<graphics type='vnc'><listen type='socket' socket='/s/web.vnc'/></graphics>",
        "<graphics type='vnc'><listen type='socket' socket='/s/web2.vnc'/></graphics>",
    ),
    "vsock": (
        "<vsock model='virtio'><cid auto='no' address='7'/></vsock>",
        "<vsock model='virtio'><cid auto='yes'/></vsock>",
    ),
    "shared memory": ("<shmem name='s'/>", "<shmem name='s'/>"),
    "emulated TPM": (
        "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>",
        "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>",
    ),
    "state of a TPM in a place of its own": (
        "<tpm><backend type='emulator'><source type='dir' path='/tpm/web'/></backend></tpm>",
        "<tpm><backend type='emulator'><source type='dir' path='/tpm/web2'/></backend></tpm>",
    ),
    "sound to a file": (
        "<audio id='1' type='file' path='/a/web.wav'/>",
        "<audio id='1' type='file' path='/a/web2.wav'/>",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_part(case):
    before, after = CASES[case]
    assert inner(clone_of(before)) == after


@pytest.mark.parametrize("case", DEVICES)
def test_a_device(case):
    before, after = DEVICES[case]
    made = clone_of(f"<devices>{before}</devices>")
    assert inner(made) == f"<devices>{after}</devices>"
    assert not made.notes


#: What is copied, although only one of both guests can have it, and what is said.
ONCE = {
    "device of the host": (
        "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/></source></hostdev>",
        "the device of the host",
    ),
    "device of an interface": (
        "<interface type='hostdev'><source><address type='pci' bus='1'/></source></interface>",
        "the device of the host",
    ),
    "vhost-user": (
        "<interface type='vhostuser'><source type='unix' path='/s/v' mode='server'/></interface>",
        "the socket /s/v",
    ),
    "tap of somebody else": (
        "<interface type='ethernet'><target dev='t7' managed='no'/></interface>",
        "the network device t7",
    ),
    "port": (CHAR.format("tcp", "mode='bind' host='::' service='5555'"), "the port 5555"),
    "pipe": (CHAR.format("pipe", "path='/p/web'"), "the device or pipe /p/web"),
    "server's socket": (CHAR.format("unix", "mode='connect' path='/s/x'"), "the socket /s/x"),
    "nvdimm": (
        "<memory model='nvdimm'><source><path>/n/web</path></source></memory>",
        "the file of an NVDIMM /n/web",
    ),
    "TPM of the host": (
        "<tpm><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
        "the TPM of the host /dev/tpm0",
    ),
    "input": (
        "<input type='evdev'><source dev='/dev/input/e1'/></input>",
        "the input device /dev/input/e1",
    ),
    "image of a container": (
        "<filesystem type='file'><source file='/i/web'/><target dir='/'/></filesystem>",
        "the image of a filesystem /i/web",
    ),
}


@pytest.mark.parametrize("case", ONCE)
def test_what_only_one_can_have_is_said(case):
    device, words = ONCE[case]
    made = clone_of(f"<devices>{device}</devices>")
    assert inner(made) == f"<devices>{device}</devices>"
    assert len(made.notes) == 1
    assert f": {words} is the clone's too, and only one of both guests can have it" in made.notes[0]


@pytest.mark.parametrize(
    "device",
    [
        CHAR.format("tcp", "mode='connect' host='h' service='5555'"),
        "<interface type='direct'><mac address='52:54:00:00:00:02'/><source dev='eth0' mode='bridge'/></interface>",
        "<filesystem type='mount'><source dir='/srv/web'/><target dir='t'/></filesystem>",
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
    ],
)
def test_what_both_may_have_stays(device):
    made = clone_of(f"<devices>{device}</devices>")
    assert (inner(made), made.notes) == (f"<devices>{device}</devices>", ())


def test_devices_of_the_host_may_be_left_out():
    made = clone_of(
        f"<devices>{ONCE['device of the host'][0]}</devices>", IDENTITY._replace(has_hostdevs=False)
    )
    assert (inner(made), made.notes) == ("<devices/>", ())


def test_disks_are_those_that_were_planned():
    disks = "<disk><target dev='vda'/></disk><disk><target dev='vdb'/></disk><disk><target dev='vdc'/></disk>"
    new = parse("<disk><source file='/new'/><target dev='vda'/></disk>")
    made = clone_of(f"<devices>{disks}</devices>", disks={"vda": new, "vdb": None})
    assert inner(made) == (
        "<devices><disk><source file='/new'/><target dev='vda'/></disk><disk><target dev='vdc'/></disk></devices>"
    )


def test_a_title_and_a_description_are_given():
    made = clone_of(
        "<genid/><description>a</description>", IDENTITY._replace(title="T", description="D")
    )
    assert inner(made) == "<genid/><title>T</title><description>D</description>"


def test_the_address_of_the_source_is_not_copied():
    host = (
        "<metadata><a:host xmlns:a='https://declarative-libvirt.github.io/ns/host/1'><a:tag>t</a:tag>"
        '<a:var name="ansible_host">"192.0.2.1"</a:var></a:host></metadata>'
    )
    made = clone_of(host)
    assert "192.0.2.1" not in inner(made)
    assert "<a:tag>t</a:tag>" in inner(made)
    assert "ansible_host" in made.notes[0]


ORIGIN = Origin(
    "web", OLD, False, (OwnVolume("/i/a", "p", "a", "a.part"), OwnVolume("/i/b", None, "b", None))
)


@pytest.mark.parametrize("origin", [ORIGIN, ORIGIN.with_stage("/i/a", MADE), Origin("web", OLD)])
@pytest.mark.parametrize(
    "document",
    [
        "<domain><name>w</name><memory>1</memory></domain>",
        "<domain><name>w</name><metadata><o:os xmlns:o='http://o/1'/></metadata><memory>1</memory></domain>",
    ],
)
def test_the_origin_is_read_as_it_was_written(origin, document):
    once = with_origin(parse(document), ORIGIN)
    made = with_origin(once, origin)
    assert origin_of(parse(serialise(made))) == origin
    assert [child.tag for child in made.children] == ["name", "metadata", "memory"]


def test_what_is_no_clone_has_no_origin():
    assert origin_of(parse("<domain><metadata/></domain>")) is None
    assert origin_of(parse("<domain/>")) is None
