# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""For each row of the table of live changes, a change of a running guest that it makes."""

from __future__ import annotations

import dataclasses

#: The other media, disks and networks; the tests make them.
IMAGES = "/var/lib/libvirt/live"
DOCUMENT = f"""
<domain type='qemu'>
  <name>live</name>
  <uuid>8a1f3c0e-6f0b-4a53-9a55-0c7a5a1b2c3d</uuid>
  <title>First</title>
  <description>One guest</description>
  <metadata><a:owner xmlns:a='urn:example:a'>alice</a:owner></metadata>
  <maxMemory slots='4' unit='MiB'>512</maxMemory>
  <memory unit='MiB'>128</memory>
  <vcpu current='2'>4</vcpu>
  <iothreads>1</iothreads>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <cpu><numa><cell id='0' cpus='0-3' memory='128' unit='MiB'/></numa></cpu>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
      <source file='{IMAGES}/vda.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><driver name='qemu' type='raw'/>
      <source file='{IMAGES}/one.iso'/><target dev='hda' bus='ide'/><readonly/></disk>
    <disk type='file' device='floppy'><driver name='qemu' type='raw'/>
      <source file='{IMAGES}/one.img'/><target dev='fda' bus='fdc'/></disk>
    <controller type='usb' model='qemu-xhci'/>
    <controller type='virtio-serial'/>
    <interface type='network'><mac address='52:54:00:00:00:01'/>
      <source network='default'/><model type='virtio'/></interface>
    <serial type='pty'/>
    <graphics type='vnc' passwd='first'/>
    <memballoon model='virtio'><stats period='5'/></memballoon>
  </devices>
</domain>
"""


@dataclasses.dataclass(frozen=True)
class Case:
    """``old`` in the document becomes ``new``; then ``xpath`` of the running guest's
    document gives ``value``. ``again`` is what it becomes the next time.

    ``row`` is the path of the row of the table; ``needs_guest`` says that a guest
    without an operating system can't do it.
    """

    row: str
    old: str
    new: str
    xpath: str
    value: str
    needs_guest: bool = False
    call: str | None = None
    again: str | None = None


def _added(tag: str, xml: str, xpath: str, value: str) -> Case:
    return Case(f"devices/{tag}", "</devices>", f"{xml}</devices>", xpath, value, call="attach")


_INTERFACE = "<source network='default'/><model type='virtio'/>"
_DISK = "<target dev='vda' bus='virtio'/>"
CASES: tuple[Case, ...] = (
    Case("title", "First", "Second", "string(title)", "Second", again="Third"),
    Case("title", "<title>First</title>", "", "count(title)", "0.0", again="<title>Third</title>"),
    Case("description", "One guest", "Another", "string(description)", "Another", again="A third"),
    Case("metadata", "alice", "bob", "string(metadata/*)", "bob", again="carol"),
    Case(
        "metadata",
        "</metadata>",
        "<b:cost xmlns:b='urn:example:b' centre='7'/></metadata>",
        "string(metadata/*[local-name()='cost']/@centre)",
        "7",
        again="<b:cost xmlns:b='urn:example:b' centre='8'><b:of/></b:cost></metadata>",
    ),
    Case(
        "metadata",
        "<a:owner xmlns:a='urn:example:a'>alice</a:owner>",
        "<a:owner xmlns:a='urn:example:a' a:team='x'><a:name>bob</a:name></a:owner>",
        "string(metadata/*/*[local-name()='name'])",
        "bob",
        again="<a:owner xmlns:a='urn:example:a' a:team='y'><a:name>eve</a:name><a:x/></a:owner>",
    ),
    Case(
        "{on_poweroff,on_reboot,on_crash}",
        "<on_reboot>restart",
        "<on_reboot>destroy",
        "string(on_reboot)",
        "destroy",
    ),
    Case(
        "{on_poweroff,on_reboot,on_crash}",
        "<on_crash>destroy",
        "<on_crash>preserve",
        "string(on_crash)",
        "preserve",
        again="<on_crash>restart",
    ),
    Case(
        "currentMemory",
        "<vcpu current",
        "<currentMemory unit='MiB'>160</currentMemory><vcpu current",
        "string(currentMemory)",
        str(160 * 1024),
        needs_guest=True,
    ),
    Case(
        "vcpu/@current",
        "current='2'",
        "current='3'",
        "string(vcpu/@current)",
        "3",
        again="current='4'",
    ),
    Case(
        "{iothreads,iothreadids}",
        "<iothreads>1",
        "<iothreads>3",
        "string(iothreads)",
        "3",
        again="<iothreads>2",
    ),
    Case(
        "cputune/vcpupin",
        "</iothreads>",
        "</iothreads><cputune><vcpupin vcpu='1' cpuset='0'/></cputune>",
        "string(cputune/vcpupin[@vcpu='1']/@cpuset)",
        "0",
        again="</iothreads><cputune><vcpupin vcpu='0' cpuset='0'/>"
        "<vcpupin vcpu='1' cpuset='1'/></cputune>",
    ),
    Case(
        "cputune/emulatorpin",
        "</iothreads>",
        "</iothreads><cputune><emulatorpin cpuset='1'/></cputune>",
        "string(cputune/emulatorpin/@cpuset)",
        "1",
        again="</iothreads><cputune><emulatorpin cpuset='0'/></cputune>",
    ),
    Case(
        "cputune/iothreadpin",
        "</iothreads>",
        "</iothreads><cputune><iothreadpin iothread='1' cpuset='0'/></cputune>",
        "string(cputune/iothreadpin/@cpuset)",
        "0",
        again="</iothreads><cputune><iothreadpin iothread='1' cpuset='1'/></cputune>",
    ),
    Case(
        "{iothreads,iothreadids}",
        "<iothreads>1</iothreads>",
        "<iothreads>2</iothreads><iothreadids><iothread id='1'/><iothread id='5'/></iothreadids>",
        "string(iothreadids/iothread[2]/@id)",
        "5",
        again="<iothreads>3</iothreads><iothreadids><iothread id='1'/><iothread id='5'/>"
        "<iothread id='9'/></iothreadids>",
    ),
    Case(
        "devices/disk/iotune",
        _DISK,
        f"{_DISK}<iotune><total_iops_sec>500</total_iops_sec><total_iops_sec_max>900"
        "</total_iops_sec_max><total_iops_sec_max_length>3</total_iops_sec_max_length></iotune>",
        "string(//iotune/total_iops_sec_max_length)",
        "3",
        again=f"{_DISK}<iotune><write_iops_sec>7</write_iops_sec></iotune>",
    ),
    Case(
        "devices/interface/{link,bandwidth,filterref,coalesce,source,virtualport,vlan,port}",
        _INTERFACE,
        f"{_INTERFACE}<filterref filter='clean-traffic'>"
        "<parameter name='IP' value='10.0.0.1'/></filterref>",
        "string(//filterref/parameter/@value)",
        "10.0.0.1",
        again=f"{_INTERFACE}<filterref filter='clean-traffic'>"
        "<parameter name='IP' value='10.0.0.2'/></filterref>",
    ),
    Case(
        "devices/interface/{link,bandwidth,filterref,coalesce,source,virtualport,vlan,port}",
        _INTERFACE,
        f"{_INTERFACE}<coalesce><rx><frames max='7'/></rx></coalesce>",
        "string(//coalesce/rx/frames/@max)",
        "7",
        again=f"{_INTERFACE}<coalesce><rx><frames max='9'/></rx></coalesce>",
    ),
    Case(
        "devices/disk/iotune",
        _DISK,
        f"{_DISK}<iotune><total_iops_sec>500</total_iops_sec></iotune>",
        "string(//disk[target/@dev='vda']/iotune/total_iops_sec)",
        "500",
        again=f"{_DISK}<iotune><read_bytes_sec>100000</read_bytes_sec></iotune>",
    ),
    # The firmware that looks for something to boot from may close the tray again.
    Case(
        "devices/disk/{source,@type,driver/@type}",
        "one.iso",
        "two.iso",
        "string(//disk[@device='cdrom']/source/@file)",
        f"{IMAGES}/two.iso",
        needs_guest=True,
    ),
    Case(
        "devices/disk/{source,@type,driver/@type}",
        f"<source file='{IMAGES}/one.iso'/>",
        "",
        "count(//disk[@device='cdrom']/source/@file)",
        "0.0",
        needs_guest=True,
    ),
    Case(
        "devices/disk/{source,@type,driver/@type}",
        "one.img",
        "two.img",
        "string(//disk[@device='floppy']/source/@file)",
        f"{IMAGES}/two.img",
        again="three.img",
    ),
    Case(
        "devices/interface/{link,bandwidth,filterref,coalesce,source,virtualport,vlan,port}",
        _INTERFACE,
        f"{_INTERFACE}<link state='down'/>",
        "string(//interface/link/@state)",
        "down",
        again=f"{_INTERFACE}<link state='up'/>",
    ),
    Case(
        "devices/interface/{link,bandwidth,filterref,coalesce,source,virtualport,vlan,port}",
        "<source network='default'/>",
        "<source network='live'/>",
        "string(//interface/source/@network)",
        "live",
        again="<source network='live2'/>",
    ),
    Case(
        "devices/graphics/@{passwd,passwdValidTo,connected}",
        "passwd='first'",
        "passwd='second'",
        "string(//graphics/@passwd)",
        "second",
        again="passwd='third'",
    ),
    Case(
        "devices/memballoon/stats",
        "period='5'",
        "period='9'",
        "string(//memballoon/stats/@period)",
        "9",
        again="period='11'",
    ),
    _added(
        "disk",
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
        f"<source file='{IMAGES}/vdb.qcow2'/><target dev='vdb' bus='virtio'/></disk>",
        "string(//disk[target/@dev='vdb']/source/@file)",
        f"{IMAGES}/vdb.qcow2",
    ),
    _added(
        "interface",
        "<interface type='network'><source network='default'/><model type='virtio'/></interface>",
        "count(//interface)",
        "2.0",
    ),
    _added(
        "controller",
        "<controller type='scsi' index='0' model='virtio-scsi'/>",
        "string(//controller[@type='scsi']/@model)",
        "virtio-scsi",
    ),
    _added(
        "redirdev",
        "<redirdev bus='usb' type='tcp'>"
        "<source mode='bind' host='127.0.0.1' service='4999'/></redirdev>",
        "count(//redirdev)",
        "1.0",
    ),
    _added(
        "rng",
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
        "count(//rng)",
        "1.0",
    ),
    _added(
        "shmem",
        "<shmem name='live'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>",
        "count(//shmem)",
        "1.0",
    ),
    _added(
        "memory",
        "<memory model='dimm'><target><size unit='MiB'>128</size><node>0</node></target></memory>",
        "count(//memory[@model='dimm'])",
        "1.0",
    ),
    _added(
        "watchdog",
        "<watchdog model='i6300esb' action='reset'/>",
        "count(//watchdog)",
        "1.0",
    ),
    _added("input", "<input type='tablet' bus='usb'/>", "count(//input[@bus='usb'])", "1.0"),
    _added(
        "serial",
        "<serial type='pty'><target type='usb-serial'/></serial>",
        "count(//serial)",
        "2.0",
    ),
    _added(
        "channel",
        "<channel type='unix'><target type='virtio' name='org.example.live'/></channel>",
        "count(//channel[target/@name='org.example.live'])",
        "1.0",
    ),
)
