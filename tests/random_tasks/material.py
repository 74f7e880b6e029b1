# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random documents, put together from settings and devices, and parts of them."""

from __future__ import annotations

import dataclasses
import random
import typing as t

from .surroundings import BRIDGED, FLOPPIES, IMAGES, MEDIA, NETWORKS, SHARED

NAME = "random"

#: What a document may say besides its devices, several ways each.
SETTINGS: dict[str, tuple[str, ...]] = {
    "uuid": ("<uuid>5f2d3c1a-6b0e-4e07-9d4a-1f0a1b2c3d4e</uuid>",),
    "title": ("<title>First</title>", "<title>Second &amp; third</title>"),
    "description": ("<description>one\ntwo</description>", "<description>x</description>"),
    "metadata": (
        "<metadata><a:owner xmlns:a='urn:example:a' team='x'>alice</a:owner></metadata>",
        "<metadata><a:owner xmlns:a='urn:example:a'>bob</a:owner></metadata>",
        "<metadata><b:cost xmlns:b='urn:example:b'><b:centre>7</b:centre></b:cost></metadata>",
        "<metadata><a:owner xmlns:a='urn:example:a'>carol</a:owner>"
        "<b:cost xmlns:b='urn:example:b'><b:centre>8</b:centre></b:cost></metadata>",
    ),
    "memory": (
        "<memory unit='MiB'>64</memory>",
        "<memory unit='MiB'>96</memory>",
        "<memory>131072</memory>",
    ),
    "currentMemory": (
        "<currentMemory unit='MiB'>48</currentMemory>",
        "<currentMemory unit='MiB'>64</currentMemory>",
    ),
    "memoryBacking": (
        "<memoryBacking><nosharepages/></memoryBacking>",
        "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
    ),
    "vcpu": (
        "<vcpu>1</vcpu>",
        "<vcpu>2</vcpu>",
        "<vcpu current='1'>3</vcpu>",
        "<vcpu placement='static' current='2'>4</vcpu>",
    ),
    "iothreads": ("<iothreads>1</iothreads>", "<iothreads>2</iothreads>"),
    "cputune": (
        "<cputune><vcpupin vcpu='0' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='0' cpuset='0-1'/><emulatorpin cpuset='1'/></cputune>",
        "<cputune><emulatorpin cpuset='0'/></cputune>",
    ),
    "features": (
        "<features><acpi/></features>",
        "<features><acpi/><apic/></features>",
        "<features><acpi/><pae/><hyperv><relaxed state='on'/><vapic state='off'/></hyperv>"
        "</features>",
        "<features><acpi/><vmport state='off'/><kvm><hidden state='on'/></kvm></features>",
    ),
    "cpu": (
        "<cpu mode='custom' match='exact'><model fallback='forbid'>qemu64</model></cpu>",
        "<cpu><model>Nehalem</model><feature policy='disable' name='vme'/></cpu>",
        "<cpu mode='maximum'/>",
        "<cpu><topology sockets='1' dies='1' cores='4' threads='1'/></cpu>",
    ),
    "clock": (
        "<clock offset='utc'/>",
        "<clock offset='localtime'><timer name='rtc' tickpolicy='catchup'/></clock>",
        "<clock offset='utc'><timer name='hpet' present='no'/>"
        "<timer name='pit' tickpolicy='delay'/></clock>",
        "<clock offset='variable' adjustment='3600' basis='utc'/>",
    ),
    "on_poweroff": ("<on_poweroff>destroy</on_poweroff>",),
    "on_reboot": ("<on_reboot>restart</on_reboot>", "<on_reboot>destroy</on_reboot>"),
    "on_crash": ("<on_crash>preserve</on_crash>", "<on_crash>restart</on_crash>"),
    "pm": (
        "<pm><suspend-to-mem enabled='no'/><suspend-to-disk enabled='no'/></pm>",
        "<pm><suspend-to-mem enabled='yes'/></pm>",
    ),
    "sysinfo": (
        "<sysinfo type='smbios'><system><entry name='serial'>A1</entry></system></sysinfo>",
        "<sysinfo type='smbios'><system><entry name='serial'>B2</entry>"
        "<entry name='family'>F</entry></system>"
        "<oemStrings><entry>one</entry><entry>two</entry></oemStrings></sysinfo>",
    ),
    "qemu:commandline": (
        "<qemu:commandline><qemu:arg value='-msg'/><qemu:arg value='timestamp=on'/>"
        "<qemu:env name='A' value='1'/></qemu:commandline>",
        "<qemu:commandline><qemu:env name='A' value='2'/></qemu:commandline>",
    ),
}

_MACS = tuple(f"52:54:00:77:00:0{number}" for number in range(1, 6))


def _choice(draw: random.Random, *parts: str) -> str:
    return draw.choice(parts)


_TARGETS = (
    *(("vda", "virtio"), ("vdb", "virtio"), ("vdc", "virtio"), ("sda", "scsi"), ("sdd", "scsi")),
    *(("sdb", "sata"), ("sdc", "usb"), ("hda", "ide")),
)


def _disk(draw: random.Random) -> str:
    target, bus = draw.choice(_TARGETS)
    driver = _choice(draw, "", " cache='none'", " cache='writeback'", " discard='unmap'")
    # A guest with an image twice doesn't start.
    image = IMAGES[_TARGETS.index((target, bus))]
    rest = [
        part
        for part, chance in (
            ("<serial>S1</serial>", 0.2),
            ("<serial>S2</serial>", 0.1),
            ("<readonly/>", 0.1 if bus != "ide" and bus != "sata" else 0),
            ("<shareable/>", 0.05),
            (_iotune(draw), 0.3),
            (f"<boot order='{draw.randint(1, 3)}'/>", 0.1),
            ("<wwn>5000c50015ea71aa</wwn>", 0.1 if bus == "scsi" else 0),
            (_slot(draw), 0.15 if bus == "virtio" else 0),
        )
        if draw.random() < chance
    ]
    transient = "<transient/>" if draw.random() < 0.04 else ""
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'{driver}/>"
        f"<source file='{image}'/><target dev='{target}' bus='{bus}'/>"
        f"{''.join(rest)}{transient}</disk>"
    )


def _iotune(draw: random.Random) -> str:
    limit = _choice(
        draw, "<total_iops_sec>500</total_iops_sec>", "<read_bytes_sec>1000000</read_bytes_sec>"
    )
    return f"<iotune>{limit}</iotune>"


def _drive(draw: random.Random) -> str:
    if draw.random() < 0.3:
        medium = _choice(draw, "", *(f"<source file='{path}'/>" for path in FLOPPIES))
        return f"<disk type='file' device='floppy'>{medium}<target dev='fda' bus='fdc'/></disk>"
    medium = _choice(draw, "", *(f"<source file='{path}'/>" for path in MEDIA))
    target, bus = draw.choice((("sde", "sata"), ("hdc", "ide"), ("sdf", "scsi")))
    return (
        f"<disk type='file' device='cdrom'>{medium}<target dev='{target}' bus='{bus}'/>"
        "<readonly/></disk>"
    )


def _slot(draw: random.Random) -> str:
    """An address on the first bus, which somebody else may have."""
    slot = draw.randint(2, 9)
    return f"<address type='pci' domain='0x0000' bus='0x00' slot='0x{slot:02x}' function='0x0'/>"


def _interface(draw: random.Random) -> str:
    mac = f"<mac address='{draw.choice(_MACS)}'/>" if draw.random() < 0.6 else ""
    kind, source = draw.choice(
        (
            ("network", f"<source network='{NETWORKS[0]}'/>"),
            ("network", f"<source network='{NETWORKS[1]}'/>"),
            ("network", f"<source network='{BRIDGED}'/>"),
            ("bridge", "<source bridge='virbr182'/>"),
            ("user", ""),
        )
    )
    model = f"<model type='{_choice(draw, 'virtio', 'virtio', 'e1000', 'rtl8139')}'/>"
    rest = [
        part
        for part, chance in (
            ("<link state='down'/>", 0.2),
            ("<link state='up'/>", 0.1),
            ("<mtu size='1400'/>", 0.1 if kind == "bridge" else 0),
            ("<driver queues='2'/>", 0.1 if "virtio" in model else 0),
            ("<bandwidth><inbound average='1000'/></bandwidth>", 0.05 if kind != "user" else 0),
            (f"<boot order='{draw.randint(4, 6)}'/>", 0.1),
            ("<target dev='rnd0'/>", 0.05 if kind != "user" else 0),
            ("<alias name='ua-nic'/>", 0.05),
            (_slot(draw), 0.15),
        )
        if draw.random() < chance
    ]
    return f"<interface type='{kind}'>{mac}{source}{model}{''.join(rest)}</interface>"


def _serial(draw: random.Random) -> str:
    return _choice(
        draw,
        "<serial type='pty'/>",
        "<serial type='pty'><target port='0'/></serial>",
        "<serial type='pty'><target port='1'/></serial>",
        "<serial type='null'/>",
        "<serial type='file'><source path='/var/log/libvirt/qemu/random.txt'/></serial>",
        "<serial type='unix'><source mode='bind' path='/tmp/random.sock'/></serial>",
        "<serial type='pty'><target type='pci-serial'/></serial>",
        "<serial type='pty'><target type='usb-serial'/></serial>",
    )


def _console(draw: random.Random) -> str:
    return _choice(
        draw,
        "<console type='pty'/>",
        "<console type='pty'><target type='serial' port='0'/></console>",
        "<console type='pty'><target type='virtio'/></console>",
        "<console type='null'><target type='virtio' port='1'/></console>",
    )


def _channel(draw: random.Random) -> str:
    return _choice(
        draw,
        "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
        "<channel type='unix'><target type='virtio' name='org.example.0'/></channel>",
        "<channel type='null'><target type='virtio' name='org.example.0'/></channel>",
        "<channel type='unix'><source mode='bind' path='/tmp/random-channel'/>"
        "<target type='virtio' name='org.example.1'/></channel>",
    )


def _graphics(draw: random.Random) -> str:
    return _choice(
        draw,
        "<graphics type='vnc'/>",
        "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>",
        "<graphics type='vnc' port='5977' autoport='no'/>",
        "<graphics type='vnc' passwd='secret'/>",
        "<graphics type='vnc' passwd='other' keymap='de'/>",
        "<graphics type='vnc'><listen type='address' address='0.0.0.0'/></graphics>",
        "<graphics type='vnc'><listen type='none'/></graphics>",
        "<graphics type='vnc'><listen type='socket' socket='/tmp/random-vnc'/></graphics>",
    )


def _simple(*variants: str) -> t.Callable[[random.Random], str]:
    return lambda draw: _choice(draw, *variants)


#: The builders of devices by tag.
DEVICES: dict[str, t.Callable[[random.Random], str]] = {
    "disk": _disk,
    "drive": _drive,
    "interface": _interface,
    "serial": _serial,
    "console": _console,
    "channel": _channel,
    "graphics": _graphics,
    "controller": _simple(
        "<controller type='scsi' model='virtio-scsi'/>",
        "<controller type='scsi' index='0' model='virtio-scsi'/>",
        "<controller type='scsi' index='1' model='virtio-scsi'><driver queues='2'/></controller>",
        "<controller type='virtio-serial'/>",
        "<controller type='virtio-serial' index='0' ports='16'/>",
        "<controller type='usb' model='qemu-xhci'/>",
        "<controller type='usb' index='0' model='qemu-xhci' ports='8'/>",
        "<controller type='sata'/>",
    ),
    "video": _simple(
        "<video><model type='vga'/></video>",
        "<video><model type='vga' vram='16384'/></video>",
        "<video><model type='cirrus'/></video>",
        "<video><model type='virtio' heads='1'/></video>",
        "<video><model type='bochs'/></video>",
        "<video><model type='none'/></video>",
    ),
    "sound": _simple("<sound model='ich6'/>", "<sound model='ac97'/>", "<sound model='ich9'/>"),
    "rng": _simple(
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
        "<rng model='virtio'><backend model='builtin'/></rng>",
        "<rng model='virtio'><rate bytes='512' period='1000'/>"
        "<backend model='random'>/dev/random</backend></rng>",
    ),
    "watchdog": _simple(
        "<watchdog model='i6300esb' action='reset'/>",
        "<watchdog model='i6300esb' action='poweroff'/>",
        "<watchdog model='ib700'/>",
    ),
    "input": _simple(
        "<input type='tablet' bus='usb'/>",
        "<input type='mouse' bus='usb'/>",
        "<input type='keyboard' bus='virtio'/>",
        "<input type='mouse' bus='ps2'/>",
    ),
    "memballoon": _simple(
        "<memballoon model='virtio'/>",
        "<memballoon model='virtio'><stats period='5'/></memballoon>",
        "<memballoon model='virtio' autodeflate='on'/>",
        "<memballoon model='none'/>",
    ),
    "panic": _simple("<panic model='isa'/>", "<panic model='pvpanic'/>"),
    "redirdev": _simple(
        "<redirdev bus='usb' type='tcp'>"
        "<source mode='bind' host='127.0.0.1' service='4999'/></redirdev>",
    ),
    "shmem": _simple(
        "<shmem name='one'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>",
        "<shmem name='one'><model type='ivshmem-plain'/><size unit='M'>2</size></shmem>",
    ),
    "filesystem": _simple(
        f"<filesystem type='mount' accessmode='mapped'><source dir='{SHARED}'/>"
        "<target dir='share'/></filesystem>",
        f"<filesystem type='mount' accessmode='mapped'><source dir='{SHARED}'/>"
        "<target dir='share'/><readonly/></filesystem>",
    ),
    "vsock": _simple(
        "<vsock model='virtio'><cid auto='no' address='77'/></vsock>",
        "<vsock model='virtio'><cid auto='no' address='78'/></vsock>",
    ),
    "hub": _simple("<hub type='usb'/>"),
    "smartcard": _simple("<smartcard mode='passthrough' type='spicevmc'/>"),
    "audio": _simple("<audio id='1' type='none'/>"),
    "iommu": _simple("<iommu model='intel'/>"),
}
#: How often they are taken: those that guests have are the ones that tasks are about.
_WEIGHTS = {"disk": 8, "interface": 8, "drive": 3, "serial": 4, "channel": 3, "graphics": 3}
_SELDOM = {"hub": 0.3, "smartcard": 0.2, "iommu": 0.2, "vsock": 0.5, "panic": 0.5}
_SINGLE = ("watchdog", "memballoon", "vsock", "panic", "iommu", "audio", "shmem", "filesystem")


def device(draw: random.Random, kind: str | None = None) -> str:
    """A random device, of this kind or of any."""
    if kind is None:
        kinds = list(DEVICES)
        kind = draw.choices(kinds, [_WEIGHTS.get(one, _SELDOM.get(one, 1)) for one in kinds])[0]
    return DEVICES[kind](draw)


def setting(draw: random.Random) -> tuple[str, str]:
    """A random setting by its tag."""
    tag = draw.choice([tag for tag in SETTINGS if tag != "uuid"])
    return tag, draw.choice(SETTINGS[tag])


@dataclasses.dataclass
class Document:
    """A document in parts."""

    machine: str
    settings: dict[str, str]
    devices: list[str]

    def text(self) -> str:
        """The whole document."""
        settings = "".join(text for text in self.settings.values())
        boot = "" if any("<boot " in one for one in self.devices) else "<boot dev='hd'/>"
        return _around(
            f"{settings}<os><type arch='x86_64' machine='{self.machine}'>hvm</type>{boot}</os>"
            f"<devices>{''.join(sorted(self.devices, key=_is_numbered_later))}</devices>",
            " type='qemu'",
        )

    def edited(self, draw: random.Random) -> Document:
        """The document with something added, changed or taken away."""
        settings, devices = dict(self.settings), list(self.devices)
        for _time in range(draw.randint(1, 3)):
            what = draw.random()
            if what < 0.25:
                tag, text = setting(draw)
                settings[tag] = text
            elif what < 0.35:
                settings.pop(draw.choice(list(settings)), None)
                settings.setdefault("memory", SETTINGS["memory"][0])
            elif what < 0.65 or not devices:
                devices = _with(devices, device(draw))
            elif what < 0.8:
                devices.pop(draw.randrange(len(devices)))
            elif what < 0.95:
                number = draw.randrange(len(devices))
                again = device(draw, _kind(devices[number]))
                devices = _with(devices[:number] + devices[number + 1 :], again)
            else:
                draw.shuffle(devices)
        machine = draw.choice(("pc", "q35")) if draw.random() < 0.04 else self.machine
        return Document(machine, settings, devices)


def document(draw: random.Random) -> Document:
    """A random document, of which most can be started."""
    settings = {"memory": draw.choice(SETTINGS["memory"])}
    if draw.random() < 0.8:
        # Without ACPI nothing can be plugged in or out.
        settings["features"] = SETTINGS["features"][0]
    for _time in range(draw.randint(0, 6)):
        tag, text = setting(draw)
        settings[tag] = text
    devices: list[str] = []
    for _time in range(draw.randint(0, 7)):
        devices = _with(devices, device(draw))
    return Document(draw.choice(("pc", "pc", "q35")), settings, devices)


def fragment(draw: random.Random) -> str:
    """A part of a document."""
    settings = dict(setting(draw) for _time in range(draw.choice((0, 1, 1, 2))))
    devices: list[str] = []
    for _time in range(draw.choice((0, 1, 1, 2)) if settings else 1):
        devices = _with(devices, device(draw))
    inner = f"<devices>{''.join(devices)}</devices>" if devices else ""
    return _around("".join(settings.values()) + inner)


def _is_numbered_later(device: str) -> bool:
    """Whether it is a serial port whose number libvirt chooses, which might be another's."""
    return device.startswith("<serial") and " port=" not in device


def _around(inner: str, attributes: str = "") -> str:
    space = " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    return f"<domain{attributes}{space}><name>{NAME}</name>{inner}</domain>"


def _kind(xml: str) -> str:
    tag = xml[1:].split(" ", 1)[0].split(">", 1)[0]
    return "drive" if "device='cdrom'" in xml or "device='floppy'" in xml else tag


def _mark(xml: str) -> str:
    """What no two devices of a guest may have in common."""
    kind = _kind(xml)
    if kind in ("disk", "drive"):
        return f"disk {xml.partition('<target ')[2].partition('/>')[0].split()[0]}"
    if kind in ("channel", "graphics"):
        return f"{kind} {xml.partition('name=')[2].partition('/')[0]}"
    if kind == "interface" and "<mac " in xml:
        return xml.partition("<mac ")[2].partition("/>")[0]
    return kind if kind in _SINGLE else ""


def _with(devices: list[str], new: str) -> list[str]:
    """The devices with another one, in the place of what it can't be together with."""
    mark = _mark(new)
    return [one for one in devices if not mark or _mark(one) != mark] + [new]
