# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line a row: what a document has, what libvirt 9.0 makes of it, and that both are the same.

The last of a line, where there is one, is what libvirt would make of another document: it differs.
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.live import (
    DOMAIN_LIVE,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

#: By what the row is about.
LINES: dict[str, tuple[str, ...]] = {
    # Spelled
    "numbers with zeros in front": (
        "<devices><rng model='virtio'><rate bytes='07' period='1000'/></rng></devices>",
        "<devices><rng model='virtio'><rate bytes='7' period='1000'/></rng></devices>",
        "<devices><rng model='virtio'><rate bytes='8' period='1000'/></rng></devices>",
    ),
    "numbers that tell elements apart": (
        "<cputune><vcpupin vcpu='01' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='1' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='2' cpuset='0'/></cputune>",
    ),
    "hexadecimal numbers": (
        "<devices><hostdev><source><address bus='0x01' device='004'/></source></hostdev></devices>",
        "<devices><hostdev><source><address bus='1' device='4'/></source></hostdev></devices>",
        "<devices><hostdev><source><address bus='1' device='5'/></source></hostdev></devices>",
    ),
    "ports of USB hubs": (
        "<devices><hub type='usb'><address type='usb' bus='0' port='01.02'/></hub></devices>",
        "<devices><hub type='usb'><address type='usb' bus='0' port='1.2'/></hub></devices>",
        "<devices><hub type='usb'><address type='usb' bus='0' port='12'/></hub></devices>",
    ),
    "versions of USB devices": (
        "<devices><redirfilter><usbdev version='2.0' allow='yes'/></redirfilter></devices>",
        "<devices><redirfilter><usbdev version='2.00' allow='yes'/></redirfilter></devices>",
        "<devices><redirfilter><usbdev version='2.01' allow='yes'/></redirfilter></devices>",
    ),
    "UUIDs": (
        "<devices><hostdev><source><address uuid='5BFCD486C5EB43E4A5EE97366690106F'/></source>"
        "</hostdev></devices>",
        "<devices><hostdev><source><address uuid='5bfcd486-c5eb-43e4-a5ee-97366690106f'/></source>"
        "</hostdev></devices>",
        "<devices><hostdev><source><address uuid='5bfcd486-c5eb-43e4-a5ee-973666901060'/></source>"
        "</hostdev></devices>",
    ),
    "octal numbers where libvirt reads them": (
        "<devices><controller type='pci' index='1' model='pcie-root-port'>"
        "<target chassis='010'/></controller></devices>",
        "<devices><controller type='pci' index='1' model='pcie-root-port'><target chassis='8'/>"
        "</controller></devices>",
        "<devices><controller type='pci' index='1' model='pcie-root-port'><target chassis='9'/>"
        "</controller></devices>",
    ),
    "hexadecimal numbers without 0x": (
        "<devices><nvram><address type='spapr-vio' reg='4096'/></nvram></devices>",
        "<devices><nvram><address type='spapr-vio' reg='0x00004096'/></nvram></devices>",
        "<devices><nvram><address type='spapr-vio' reg='0x00001000'/></nvram></devices>",
    ),
    "IPv6 addresses": (
        "<devices><interface type='user'><mac address='52:54:00:00:00:01'/>"
        "<ip address='FE80:0::7' family='ipv6'/></interface></devices>",
        "<devices><interface type='user'><mac address='52:54:00:00:00:01'/>"
        "<ip address='fe80::7' family='ipv6'/></interface></devices>",
        "<devices><interface type='user'><mac address='52:54:00:00:00:01'/>"
        "<ip address='fe80::8' family='ipv6'/></interface></devices>",
    ),
    "paths of input devices": (
        "<devices><input type='evdev'><source dev='/dev//input/'/></input></devices>",
        "<devices><input type='evdev'><source dev='/dev/input'/></input></devices>",
        "<devices><input type='evdev'><source dev='/dev/inputs'/></input></devices>",
    ),
    "units that libvirt doesn't read": (
        "<cpu><numa><cell id='0' cpus='0-1' memory='1024' unit='KiB'><cache level='1'>"
        "<size value='10' unit='MiB'/></cache></cell></numa></cpu>",
        "<cpu><numa><cell id='0' cpus='0-1' memory='1024' unit='KiB'><cache level='1'>"
        "<size value='10' unit='KiB'/></cache></cell></numa></cpu>",
    ),
    "features are on": (
        "<features><pmu/><vmcoreinfo/></features>",
        "<features><pmu state='on'/><vmcoreinfo state='on'/></features>",
        "<features><pmu state='off'/><vmcoreinfo state='on'/></features>",
    ),
    "a vsock without an identifier": (
        "<devices><vsock model='virtio'/></devices>",
        "<devices><vsock model='virtio'><cid auto='yes'/></vsock></devices>",
        "<devices><vsock model='virtio'><cid auto='no' address='3'/></vsock></devices>",
    ),
    "as many I/O threads as identifiers": (
        "<iothreadids><iothread id='2'/></iothreadids>",
        "<iothreads>1</iothreads><iothreadids><iothread id='2'/></iothreadids>",
        "<iothreads>2</iothreads><iothreadids><iothread id='2'/><iothread id='3'/></iothreadids>",
    ),
    "zero is no limit": (
        "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<target dev='vda' bus='virtio'/><iotune><total_bytes_sec>0</total_bytes_sec></iotune>"
        "</disk></devices>",
        "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<target dev='vda' bus='virtio'/></disk></devices>",
        "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<target dev='vda' bus='virtio'/><iotune><total_bytes_sec>1</total_bytes_sec></iotune>"
        "</disk></devices>",
    ),
    "zero is no value": (
        "<devices><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
        "<lease><lockspace>a</lockspace><key>b</key><target path='/x' offset='0'/></lease>"
        "</devices>",
        "<devices><lease><lockspace>a</lockspace><key>b</key><target path='/x'/></lease>"
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng></devices>",
        "<devices><lease><lockspace>a</lockspace><key>b</key><target path='/x' offset='1'/>"
        "</lease><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
        "</devices>",
    ),
    "what is empty says nothing": (
        "<description/><features><hpt/></features>",
        "",
        "<description>a</description>",
    ),
    "geometry is whole or nothing": (
        "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<target dev='vda' bus='virtio'/><geometry cyls='0' heads='1' secs='1'/></disk></devices>",
        "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<target dev='vda' bus='virtio'/></disk></devices>",
        "<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<target dev='vda' bus='virtio'/><geometry cyls='2' heads='1' secs='1'/></disk></devices>",
    ),
    "limits of no device": (
        "<blkiotune><device><path>/dev/sda</path></device></blkiotune>",
        "",
        "<blkiotune><device><path>/dev/sda</path><weight>300</weight></device></blkiotune>",
    ),
    "other drivers' elements": (
        "<x:namespace xmlns:x='http://libvirt.org/schemas/domain/lxc/1.0'>"
        "<x:sharenet type='name' value='a'/></x:namespace>",
        "",
    ),
    "sources of character devices": (
        "<devices><channel type='pipe'><source path='/x' master='a'><mouse mode='server'/>"
        "</source><target type='virtio' name='a'/></channel></devices>",
        "<devices><channel type='pipe'><source path='/x'/><target type='virtio' name='a'/>"
        "</channel></devices>",
        "<devices><channel type='pipe'><source path='/y'/><target type='virtio' name='a'/>"
        "</channel></devices>",
    ),
    "labels without a label": (
        "<devices><channel type='pipe'><source path='/x'><seclabel relabel='yes'><label/>"
        "</seclabel></source><target type='virtio' name='a'/></channel></devices>",
        "<devices><channel type='pipe'><source path='/x'/><target type='virtio' name='a'/>"
        "</channel></devices>",
        "<devices><channel type='pipe'><source path='/x'><seclabel relabel='no'/></source>"
        "<target type='virtio' name='a'/></channel></devices>",
    ),
    "PCI addresses of zeros": (
        "<devices><sound model='ich9'><address type='pci' domain='0' bus='0x00' slot='0'/>"
        "</sound></devices>",
        "<devices><sound model='ich9'><address type='pci' domain='0x0000' bus='0x00' slot='0x1b'"
        " function='0x0'/></sound></devices>",
    ),
    "parts of an address that are left out are 0": (
        "<devices><sound model='ich9'><address type='pci' slot='0x04'/></sound></devices>",
        "<devices><sound model='ich9'><address type='pci' domain='0x0000' bus='0x00' slot='0x04'"
        " function='0x0'/></sound></devices>",
        "<devices><sound model='ich9'><address type='pci' domain='0x0000' bus='0x01' slot='0x04'"
        " function='0x0'/></sound></devices>",
    ),
    "addresses on a bus that the device isn't on": (
        "<devices><hub type='usb'><address type='pci' slot='0x04'/></hub></devices>",
        "<devices><hub type='usb'><address type='usb' bus='0' port='1'/></hub></devices>",
    ),
    "host devices by what tells them apart": (
        "<devices><hostdev mode='subsystem' type='scsi' managed='no'><source protocol='adapter'>"
        "<adapter name='scsi_host0'/><address bus='0' target='1' unit='2'/></source></hostdev>"
        "</devices>",
        "<devices><hostdev mode='subsystem' type='scsi' managed='no'><source>"
        "<adapter name='scsi_host0'/><address bus='0' target='1' unit='2'/></source></hostdev>"
        "</devices>",
        "<devices><hostdev mode='subsystem' type='scsi' managed='no'><source>"
        "<adapter name='scsi_host0'/><address bus='0' target='1' unit='3'/></source></hostdev>"
        "</devices>",
    ),
    "a clock with an adjustment": (
        "<clock offset='utc' adjustment='5'/>",
        "<clock offset='variable' adjustment='5' basis='utc'/>",
        "<clock offset='variable' adjustment='6' basis='utc'/>",
    ),
    "virtual CPUs that aren't there": (
        "<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='2' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='0' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='1' cpuset='0'/></cputune>",
    ),
    "chains of images that end": (
        "<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
        "<backingStore><format type='raw'/><source file='/x'/></backingStore>"
        "<target dev='vda' bus='virtio'/></disk></devices>",
        "<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
        "<backingStore/><target dev='vda' bus='virtio'/></disk></devices>",
    ),
    "memory of video devices": (
        "<devices><video><model type='qxl' ram='60000' vram='0' vgamem='16384' heads='1'"
        " primary='yes'/></video></devices>",
        "<devices><video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1'"
        " primary='yes'/></video></devices>",
        "<devices><video><model type='qxl' ram='32768' vram='65536' vgamem='16384' heads='1'"
        " primary='yes'/></video></devices>",
    ),
    "sizes of shared memory": (
        "<devices><shmem name='a'><model type='ivshmem-plain'/><size unit='KiB'>1500</size>"
        "</shmem></devices>",
        "<devices><shmem name='a'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>"
        "</devices>",
        "<devices><shmem name='a'><model type='ivshmem-plain'/><size unit='M'>2</size></shmem>"
        "</devices>",
    ),
    "shared memory of less than a MiB": (
        "<devices><shmem name='a'><model type='ivshmem-plain'/><size>1</size></shmem></devices>",
        "<devices><shmem name='a'><model type='ivshmem-plain'/><size unit='M'>0</size></shmem>"
        "</devices>",
        "<devices><shmem name='a'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>"
        "</devices>",
    ),
    "labels of a socket of libvirt's own": (
        "<devices><channel type='unix'><source mode='bind'><seclabel model='dac' relabel='no'/>"
        "</source><target type='virtio' name='a'/></channel></devices>",
        "<devices><channel type='unix'><target type='virtio' name='a'/></channel></devices>",
        "<devices><channel type='unix'><source mode='bind' path='/run/a'/>"
        "<target type='virtio' name='a'/></channel></devices>",
    ),
    "no label, in many words": (
        "<seclabel model='none' relabel='yes'><baselabel>a</baselabel></seclabel>",
        "<seclabel type='none' model='none'/>",
    ),
    "a label of the type none": (
        "<seclabel type='none' model='dac'><label>a</label><baselabel>a</baselabel></seclabel>",
        "<seclabel type='none' model='dac'/>",
    ),
    "a file system's driver without a type": (
        "<devices><filesystem type='mount'><driver format='raw' wrpolicy='immediate'/>"
        "<source dir='/a'/><target dir='b'/></filesystem></devices>",
        "<devices><filesystem type='mount' accessmode='passthrough'><source dir='/a'/>"
        "<target dir='b'/></filesystem></devices>",
        "<devices><filesystem type='mount' accessmode='passthrough'><source dir='/c'/>"
        "<target dir='b'/></filesystem></devices>",
    ),
    "default ports of network disks": (
        "<devices><disk type='network' device='disk'><driver name='qemu' type='raw'/>"
        "<source protocol='nbd' name='a'><host name='h' port='0'/></source>"
        "<target dev='vda' bus='virtio'/></disk></devices>",
        "<devices><disk type='network' device='disk'><driver name='qemu' type='raw'/>"
        "<source protocol='nbd' name='a'><host name='h' port='10809'/></source>"
        "<target dev='vda' bus='virtio'/></disk></devices>",
        "<devices><disk type='network' device='disk'><driver name='qemu' type='raw'/>"
        "<source protocol='nbd' name='a'><host name='h' port='10810'/></source>"
        "<target dev='vda' bus='virtio'/></disk></devices>",
    ),
    "drives without a source": (
        "<devices><disk type='block' device='cdrom'><driver name='qemu' type='raw'/>"
        "<target dev='hda' bus='ide'/><readonly/></disk></devices>",
        "<devices><disk type='file' device='cdrom'><driver name='qemu' type='raw'/>"
        "<target dev='hda' bus='ide'/><readonly/></disk></devices>",
    ),
    "labels without a security driver": (
        "<seclabel type='dynamic'/>",
        "<seclabel type='none' model='none'/>",
        "<seclabel type='dynamic' model='dac' relabel='no'/>",
    ),
    "ports and passwords of graphics": (
        "<devices><graphics type='vnc' port='05901' connected='keep' websocket='0'/></devices>",
        "<devices><graphics type='vnc' port='5901' autoport='no'><listen type='address'/>"
        "</graphics></devices>",
        "<devices><graphics type='vnc' port='5902' autoport='no'><listen type='address'/>"
        "</graphics></devices>",
    ),
    # Of one kind alone
    "a schedule of several threads": (
        "<cputune><vcpusched vcpus='0-1' scheduler='idle'/></cputune>",
        "<cputune><vcpusched vcpus='0' scheduler='idle'/><vcpusched vcpus='1' scheduler='idle'/>"
        "</cputune>",
        "<cputune><vcpusched vcpus='0' scheduler='idle'/></cputune>",
    ),
    "a MAC of zeros": (
        "<devices><interface type='user'><mac address='00:00:00:00:00:00'/></interface></devices>",
        "<devices><interface type='user'><mac address='52:54:00:00:00:01'/></interface></devices>",
    ),
    "snapshots of what can't be written": (
        "<devices><disk snapshot='no'><target dev='vda'/><readonly/></disk></devices>",
        "<devices><disk><target dev='vda'/><readonly/></disk></devices>",
        "<devices><disk snapshot='external'><target dev='vda'/><readonly/></disk></devices>",
    ),
    "a driver of what isn't virtio": (
        "<devices><interface type='user'><model type='e1000'/><driver queues='5'/></interface>"
        "</devices>",
        "<devices><interface type='user'><model type='e1000'/></interface></devices>",
        "<devices><interface type='user'><model type='virtio'/></interface></devices>",
    ),
    "a filter of no bridge": (
        "<devices><interface type='vhostuser'><filterref filter='f'/></interface></devices>",
        "<devices><interface type='vhostuser'/></devices>",
        "<devices><interface type='bridge'/></devices>",
    ),
    "streams of another sound card": (
        "<devices><sound model='ich9' streams='3' multichannel='yes'/></devices>",
        "<devices><sound model='ich9'/></devices>",
        "<devices><sound model='usb'/></devices>",
    ),
    "a time that only other sources wait": (
        "<devices><redirdev bus='usb' type='unix'><source path='/x'><reconnect delay='1'/></source>"
        "</redirdev></devices>",
        "<devices><redirdev bus='usb' type='unix'><source path='/x'/></redirdev></devices>",
        "<devices><redirdev bus='usb' type='unix'><source path='/y'/></redirdev></devices>",
    ),
    "an address that only virtio has": (
        "<devices><memory model='dimm'><target><address base='0x1'/></target></memory></devices>",
        "<devices><memory model='dimm'><target/></memory></devices>",
        "<devices><memory model='virtio-mem'><target/></memory></devices>",
    ),
    "flushes that are switched off": (
        "<features><hyperv><tlbflush state='on'><direct state='off'/></tlbflush></hyperv></features>",
        "<features><hyperv><tlbflush state='on'/></hyperv></features>",
        "<features><hyperv><tlbflush state='on'><direct state='on'/></tlbflush></hyperv></features>",
    ),
    "a source of memory of another model": (
        "<devices><memory model='dimm'><source><path>/a</path><alignsize>0</alignsize></source>"
        "<target/></memory></devices>",
        "<devices><memory model='dimm'><target/></memory></devices>",
        "<devices><memory model='dimm'><source><pagesize unit='KiB'>4</pagesize></source><target/>"
        "</memory></devices>",
    ),
    "what no video has": (
        "<devices><video><model type='none' ram='65536' vram='16384' vgamem='16384' vram64='16384' "
        "heads='1'><resolution x='1' y='1'/></model></video></devices>",
        "<devices><video><model type='none'/></video></devices>",
        "<devices><video><model type='vga' vram='16384' heads='1' primary='yes'>"
        "<resolution x='1' y='2'/></model></video></devices>",
    ),
    "ports of no USB": (
        "<devices><controller type='usb' index='0' model='none'><master startport='1'/></controller>"
        "</devices>",
        "<devices><controller type='usb' index='0' model='none'/></devices>",
        "<devices><controller type='usb' index='0' model='qemu-xhci'/></devices>",
    ),
    "a device behind a user's network": (
        "<devices><interface type='user'><source dev='eth0'/></interface></devices>",
        "<devices><interface type='user'/></devices>",
        "<devices><interface type='direct'><source dev='eth1' mode='vepa'/></interface></devices>",
    ),
    "a backend of what is passed through": (
        "<devices><interface type='hostdev'><source><address type='pci' domain='0x0000' bus='0x01' "
        "slot='0x02' function='0x0'/></source><backend vhost='/a'/></interface></devices>",
        "<devices><interface type='hostdev'><source><address type='pci' domain='0x0000' bus='0x01' "
        "slot='0x02' function='0x0'/></source></interface></devices>",
        "<devices><interface type='hostdev'><source><address type='pci' domain='0x0000' bus='0x01' "
        "slot='0x02' function='0x0'/></source><backend tap='/b'/></interface></devices>",
    ),
    "a virtual CPU that is listed twice": (
        "<vcpus><vcpu id='0' enabled='no'/><vcpu id='1' enabled='yes'/><vcpu id='0' enabled='yes'/>"
        "</vcpus>",
        "<vcpus><vcpu id='0' enabled='yes'/><vcpu id='1' enabled='yes'/></vcpus>",
        "<vcpus><vcpu id='0' enabled='no'/><vcpu id='1' enabled='yes'/></vcpus>",
    ),
    "a slot at an address that libvirt replaces": (
        "<devices><memory model='dimm'><target/><address type='ccid' slot='07'/></memory></devices>",
        "<devices><memory model='dimm'><target/><address type='dimm' slot='0'/></memory></devices>",
        "<devices><memory model='nvdimm'><target/><address type='dimm' slot='0'/></memory></devices>",
    ),
    "a socket of a channel without a name": (
        "<devices><channel type='unix'><source mode='bind' path='/a/domain-b/c'/>"
        "<target type='virtio'/></channel></devices>",
        "<devices><channel type='unix'><target type='virtio'/></channel></devices>",
        "<devices><channel type='unix'><source mode='bind' path='/c'/><target type='virtio'/>"
        "</channel></devices>",
    ),
    "a driver of a card without a model": (
        "<devices><interface type='vdpa'><source dev='/a'/><driver queues='9' packed='on'/>"
        "</interface><interface type='user'><driver name='qemu'/></interface></devices>",
        "<devices><interface type='vdpa'><source dev='/a'/><model type='virtio'/>"
        "<driver packed='on'/></interface><interface type='user'><model type='virtio'/></interface>"
        "</devices>",
        "<devices><interface type='vdpa'><source dev='/a'/><model type='virtio'/>"
        "<driver queues='9' packed='on'/></interface><interface type='user'/></devices>",
    ),
    "a driver of what is passed through": (
        "<devices><interface type='hostdev'><mac address='52:54:00:00:00:01'/>"
        "<driver name='vfio' queues='9' packed='on'/></interface></devices>",
        "<devices><interface type='hostdev'><mac address='52:54:00:00:00:01'/>"
        "<driver name='vfio' packed='on'/></interface></devices>",
        "<devices><interface type='hostdev'><mac address='52:54:00:00:00:01'/>"
        "<driver name='vfio'/></interface></devices>",
    ),
    "what is requested of a module that has all": (
        "<devices><memory model='dimm'><target><requested unit='MiB'>1</requested></target></memory>"
        "</devices>",
        "<devices><memory model='dimm'><target/></memory></devices>",
        "<devices><memory model='virtio-mem'><target><requested unit='KiB'>0</requested></target>"
        "</memory></devices>",
    ),
    "a version of a TPM of the host": (
        "<devices><tpm model='tpm-tis'><backend type='passthrough' version='1.2'>"
        "<device path='/dev/tpm0'/></backend></tpm></devices>",
        "<devices><tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/>"
        "</backend></tpm></devices>",
        "<devices><tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm></devices>",
    ),
    "no number of heads": (
        "<devices><video><model type='qxl' heads='0'/></video></devices>",
        "<devices><video><model type='qxl' primary='yes'/></video></devices>",
        "<devices><video><model type='qxl' heads='2' primary='yes'/></video></devices>",
    ),
    "no number of heads, which libvirt has read again": (
        "<devices><video><model type='qxl' heads='0'/></video></devices>",
        "<devices><video><model type='qxl' heads='1' primary='yes'/></video></devices>",
    ),
    "a CPU's vendor without a name": (
        "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model>"
        "<vendor/></cpu>",
        "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>",
        "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model>"
        "<vendor>Intel</vendor></cpu>",
    ),
    "a port of SPICE that is found where TLS has none": (
        "<devices><graphics type='spice' port='-1'/></devices>",
        "<devices><graphics type='spice' port='-1' autoport='no'><listen type='address'/></graphics>"
        "</devices>",
        "<devices><graphics type='spice' autoport='yes'><listen type='address'/></graphics></devices>",
    ),
    "both ports of SPICE that are found": (
        "<devices><graphics type='spice' port='-1' tlsPort='-1' autoport='no'/></devices>",
        "<devices><graphics type='spice' autoport='yes'><listen type='address'/></graphics></devices>",
        "<devices><graphics type='spice' autoport='no'><listen type='address'/></graphics></devices>",
    ),
    "no port of SPICE but that of TLS": (
        "<devices><graphics type='spice' port='0' tlsPort='-1'/></devices>",
        "<devices><graphics type='spice' tlsPort='-1' autoport='no'><listen type='address'/>"
        "</graphics></devices>",
    ),
    "no port of VNC": (
        "<devices><graphics type='vnc' port='-1' autoport='no'/></devices>",
        "<devices><graphics type='vnc' autoport='no'><listen type='address'/></graphics></devices>",
        "<devices><graphics type='vnc' port='-1' autoport='yes'><listen type='address'/></graphics>"
        "</devices>",
    ),
    "a bus of slots behind a port of its number": (
        "<devices><controller type='usb' index='0' model='ehci'>"
        "<address type='pci' bus='1' slot='1'/></controller></devices>",
        "<devices><controller type='usb' index='0' model='ehci'><address type='pci' "
        "domain='0x0000' bus='0x02' slot='0x01' function='0x0'/></controller>"
        "<controller type='pci' index='0' model='pcie-root'/>"
        "<controller type='pci' index='1' model='pcie-root-port'/>"
        "<controller type='pci' index='2' model='pcie-to-pci-bridge'><address type='pci' "
        "domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></controller></devices>",
        "<devices><controller type='usb' index='0' model='ehci'><address type='pci' "
        "domain='0x0000' bus='0x03' slot='0x01' function='0x0'/></controller></devices>",
    ),
}


@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_what_libvirt_makes_of_it_is_the_same(line: tuple[str, ...]) -> None:
    desired, *made = (parse(_domain(text)) for text in line)
    assert [change.path for change in reconcile(desired, made[0], DOMAIN).changes] == []
    for another in made[1:]:
        assert reconcile(desired, another, DOMAIN).changes


@pytest.mark.parametrize(
    ("kind", "name", "is_given"),
    [("test", "testnet0", True), ("test", "tap0", False), ("qemu", "testnet0", False)],
)
def test_the_test_driver_names_network_devices(kind: str, name: str, is_given: bool) -> None:
    document = "<domain type='{}'><devices><interface type='user'>{}</interface></devices></domain>"
    desired = parse(document.format(kind, ""))
    made = parse(document.format(kind, f"<target dev='{name}'/>"))
    assert (not reconcile(desired, made, DOMAIN).changes) == is_given


CONTAINER = (
    "<domain type='{}'><os><type arch='x86_64'>{}</type></os><devices><console type='pty'>{}</console>"
    "</devices>{}</domain>"
)


@pytest.mark.parametrize(
    ("kind", "os_type", "target", "is_given"),
    [
        ("lxc", "exe", "lxc", True),
        ("lxc", "exe", "serial", False),
        ("xen", "linux", "xen", True),
        ("xen", "linux", "serial", False),
        ("xen", "hvm", "serial", True),
    ],
)
def test_the_console_of_containers_and_of_xen(
    kind: str, os_type: str, target: str, is_given: bool
) -> None:
    desired = parse(CONTAINER.format(kind, os_type, "", ""))
    made = parse(CONTAINER.format(kind, os_type, f"<target type='{target}' port='0'/>", ""))
    paths = [change.path for change in reconcile(desired, made, DOMAIN).changes]
    assert (not any("console" in path for path in paths)) == is_given


@pytest.mark.parametrize(
    ("kind", "partition", "is_given"),
    [("lxc", "/machine", True), ("lxc", "/web", False), ("qemu", "/machine", False)],
)
def test_the_partition_of_a_container(kind: str, partition: str, is_given: bool) -> None:
    resource = f"<resource><partition>{partition}</partition></resource>"
    desired, made = (parse(CONTAINER.format(kind, "exe", "", more)) for more in ("", resource))
    paths = [change.path for change in reconcile(desired, made, DOMAIN).changes]
    assert ("/domain/resource" not in paths) == is_given


@pytest.mark.parametrize(
    ("kind", "source", "is_given"),
    [("lxc", "/", True), ("lxc", "/srv", False), ("qemu", "/", False)],
)
def test_what_a_container_gets_at_its_start(kind: str, source: str, is_given: bool) -> None:
    document = (
        "<domain type='{}'><devices><interface type='user'>{}</interface>{}</devices></domain>"
    )
    root = f"<filesystem type='mount'><source dir='{source}'/><target dir='/'/></filesystem>"
    definition = parse(document.format(kind, "", ""))
    live = parse(document.format(kind, "<guest dev='eth0'/>", root))
    paths = [change.path for change in reconcile(definition, live, DOMAIN_LIVE).changes]
    assert (paths == []) == is_given


@pytest.mark.parametrize(
    ("defined", "running", "is_same"),
    [
        ("", "no", True),
        ("no", "", True),
        ("no", "no", True),
        ("yes", "no", False),
        ("no", "yes", False),
        ("", "yes", False),
    ],
)
def test_an_event_that_is_off_is_as_good_as_none(defined: str, running: str, is_same: bool) -> None:
    definition, live = (
        parse(_domain(f"<perf><event name='cmt' enabled='{one}'/></perf>" if one else ""))
        for one in (defined, running)
    )
    assert (not reconcile(definition, live, DOMAIN_LIVE).changes) == is_same


#: Of these, a merge has nothing to do either: the document, and what libvirt made of it.
MERGED: dict[str, tuple[str, str]] = {
    "a virtio console beside that of a serial port with the same file": (
        "<devices><serial type='file'><source path='/a'/><log file='/b'/></serial>"
        "<console type='file'><source path='/a'/><target type='virtio' port='0'/></console>"
        "</devices>",
        "<devices><serial type='file'><source path='/a'/><log file='/b'/>"
        "<target type='isa-serial' port='0'><model name='isa-serial'/></target></serial>"
        "<console type='file'><source path='/a'/><log file='/b'/>"
        "<target type='serial' port='0'/></console><console type='file'><source path='/a'/>"
        "<target type='virtio' port='0'/></console></devices>",
    ),
    "a primary video device that the document has second": (
        "<devices><video><model type='qxl'/></video><video><model type='qxl' vram64='1024' "
        "primary='yes'/></video></devices>",
        "<devices><video><model type='qxl' vram64='1024' heads='1' primary='yes'/></video>"
        "<video><model type='qxl' heads='1'/></video></devices>",
    ),
}


def test_the_keyboard_of_the_machine_is_the_one_that_sits_nowhere() -> None:
    # A keyboard that was on USB keeps its address there when it is put on PS/2.
    made = parse(
        _domain(
            "<devices><input type='mouse' bus='ps2'/><input type='keyboard' bus='ps2'><address "
            "type='usb' bus='0' port='1'/></input><input type='keyboard' bus='ps2'/></devices>"
        )
    )
    plan = reconcile(parse(_domain("<devices/>")), made, DOMAIN)
    assert plan.document.find("devices/input/address") is None
    assert len(plan.document.findall("devices/input")) == 2


@pytest.mark.parametrize("line", MERGED.values(), ids=list(MERGED))
def test_a_merge_knows_it_again(line: tuple[str, str]) -> None:
    desired, made = (parse(_domain(text)) for text in line)
    assert [change.path for change in reconcile(desired, made, DOMAIN, "merge").changes] == []


def _domain(inner: t.Any) -> str:
    """A domain that is whole but for what is in it."""
    head = "<memory unit='KiB'>1024</memory><currentMemory unit='KiB'>1024</currentMemory>"
    os = "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>"
    return f"<domain type='qemu'><name>d</name>{head}<vcpu placement='static'>2</vcpu>{os}{inner}</domain>"


@pytest.mark.parametrize("address", ["", "<address type='pci'/>", "<address type='pci' bus='0'/>"])
def test_the_free_port_stays_when_a_device_is_replaced(address: str) -> None:
    hostdev = "<hostdev mode='subsystem' type='pci'><source><address bus='3' slot='{}'/></source>{}"
    made = parse(
        _domain(
            "<devices><controller type='pci' index='0' model='pcie-root'/>"
            "<controller type='pci' index='1' model='pcie-root-port'/>"
            "<controller type='pci' index='2' model='pcie-root-port'/>"
            f"{hostdev.format(1, '')}<address type='pci' bus='0x01' slot='0'/></hostdev></devices>"
        )
    )
    desired = parse(_domain(f"<devices>{hostdev.format(2, address)}</hostdev></devices>"))
    paths = [change.path for change in reconcile(desired, made, DOMAIN).changes]
    assert [path for path in paths if "hostdev" in path]
    assert not [path for path in paths if "controller" in path]


#: A part of a document, and what libvirt 9.0 and 11.3 make of it.
DROPPED = {
    "metadata": ("<metadata/>", ""),
    "maximum memory": ("<maxMemory unit='KB'>0</maxMemory>", ""),
    "CPU": (
        "<cpu><model fallback='allow'/><topology sockets='2' cores='1' threads='1'/></cpu>",
        "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model>"
        "<topology sockets='2' dies='1' cores='1' threads='1'/></cpu>",
    ),
    **{
        f"no video, {part}": (
            f"<devices><video><model type='none'{value}/>{more}</video></devices>",
            "<devices><video><model type='none'/></video></devices>",
        )
        for part, value, more in (
            ("its place", "", "<address type='ccw' cssid='0x1' ssid='1' devno='1'/>"),
            ("its number", "", "<acpi index='1'/>"),
            ("its driver", "", "<driver name='vhostuser'/>"),
            ("primary", " primary='no'", ""),
            ("blob", " blob='on'", ""),
        )
    },
    "a host's USB device": (
        "<devices><hostdev mode='subsystem' type='usb'><source><address bus='1' device='2'/>"
        "</source><readonly/></hostdev></devices>",
        "<devices><hostdev mode='subsystem' type='usb' managed='no'><source><address bus='1' "
        "device='2'/></source><address type='usb' bus='0' port='1'/></hostdev></devices>",
    ),
    "codecs of virtio": (
        "<devices><sound model='virtio'><codec type='duplex'/></sound></devices>",
        "<devices><sound model='virtio' streams='2'/></devices>",
    ),
    "a bridge's model of a driver": (
        "<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/>"
        "<driver model='1'/></interface></devices>",
        "<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/>"
        "<model type='virtio'/></interface></devices>",
    ),
    "a model beside the name of a bridge's driver": (
        "<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/>"
        "<driver name='vhost' model='1'/></interface></devices>",
        "<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/>"
        "<model type='virtio'/><driver name='vhost'/></interface></devices>",
    ),
    "readahead of ssh": (
        "<devices><disk type='network' device='disk'><source protocol='ssh' name='x'><host name='h'"
        "/><readahead size='1'/><timeout seconds='2'/></source><target dev='vda' bus='virtio'/>"
        "</disk></devices>",
        "<devices><disk type='network' device='disk'><driver name='qemu' type='raw'/><source "
        "protocol='ssh' name='x'><host name='h' port='22'/></source><target dev='vda' bus='virtio'"
        "/></disk></devices>",
    ),
    "slots of a DIMM": (
        "<devices><memory model='dimm'><target dynamicMemslots='yes'><size unit='KiB'>1024</size>"
        "<node>0</node></target></memory></devices>",
        "<devices><memory model='dimm'><target><size unit='KiB'>1024</size><node>0</node></target>"
        "</memory></devices>",
    ),
    "a part of what is off": (
        "<features><hyperv mode='custom'><tlbflush state='off'><direct state='on'/></tlbflush>"
        "</hyperv></features>",
        "<features><hyperv mode='custom'><tlbflush state='off'/></hyperv></features>",
    ),
    "a bridge's network": (
        "<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0' "
        "network='default'/></interface></devices>",
        "<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'"
        "/><model type='virtio'/></interface></devices>",
    ),
}


@pytest.mark.parametrize("line", DROPPED.values(), ids=list(DROPPED))
def test_what_libvirt_drops_is_no_difference(line: tuple[str, str]) -> None:
    desired, made = (parse(_domain(text)) for text in line)
    assert [change.path for change in reconcile(desired, made, DOMAIN, "merge").changes] == []


_CPU = "<cpu mode='custom' match='exact' check='partial'><model fallback='allow'>Skylake-Client</model></cpu>"
_DISK = (
    "<devices><disk type='file' device='disk'><target dev='vda' bus='virtio'/>{}</disk></devices>"
)
_NIC = "<devices><interface type='{}'><mac address='52:54:00:00:00:01'/>{}</interface></devices>"
_PASST = "<source dev='eth0'/><backend type='passt'/>"
#: What libvirt keeps nothing of, or other things: what a domain has, what is merged into it, and what changes.
TAKING_AWAY = {
    "maximum memory": (
        "<maxMemory slots='4' unit='KiB'>4194304</maxMemory>",
        "<maxMemory unit='KiB'>0</maxMemory>",
        ["/domain/maxMemory"],
    ),
    "a limit among others": (
        _DISK.format(
            "<iotune><read_bytes_sec>9</read_bytes_sec><write_bytes_sec>9</write_bytes_sec></iotune>"
        ),
        _DISK.format("<iotune><read_bytes_sec>0</read_bytes_sec></iotune>"),
        ["/domain/devices/disk[target/@dev='vda']/iotune/read_bytes_sec"],
    ),
    "the only limit": (
        "<cputune><quota>10000</quota></cputune>",
        "<cputune><quota>0</quota></cputune>",
        ["/domain/cputune"],
    ),
    "queues of a controller": (
        "<devices><controller type='scsi' index='0' model='virtio-scsi'><driver queues='4' iothread='1'/>"
        "</controller></devices>",
        "<devices><controller type='scsi' index='0'><driver queues='0'/></controller></devices>",
        [
            "/domain/devices/controller[@type='scsi'][@index='0'][@model='virtio-scsi']/driver/@queues"
        ],
    ),
    "a model's fallback": (
        _CPU,
        "<cpu><model fallback='forbid'/></cpu>",
        ["/domain/cpu/model/@fallback"],
    ),
    "how a CPU is checked": (_CPU, "<cpu check='full'/>", ["/domain/cpu/@check"]),
    "how a CPU is matched": (_CPU, "<cpu match='minimum'/>", ["/domain/cpu/@match"]),
    **{
        f"passt's device, {kind}": (
            _NIC.format(kind, _PASST),
            _NIC.format(kind, "<source dev='eth1'/>"),
            [
                f"/domain/devices/interface[mac/@address='52:54:00:00:00:01'][@type='{kind}']/source/@dev"
            ],
        )
        for kind in ("user", "vhostuser")
    },
}


@pytest.mark.parametrize("line", TAKING_AWAY.values(), ids=list(TAKING_AWAY))
def test_a_merge_changes_what_there_is(line: tuple[str, str, list[str]]) -> None:
    actual, desired = (parse(_domain(text)) for text in line[:2])
    plan = reconcile(desired, actual, DOMAIN, "merge")
    assert [change.path for change in plan.changes] == line[2]
    assert reconcile(desired, plan.document, DOMAIN, "merge").changes == ()


def test_a_console_on_s390_is_a_serial_port() -> None:
    head = (
        "<domain type='qemu'><name>d</name><memory unit='KiB'>1024</memory><os><type arch='s390x' "
        "machine='s390-ccw-virtio'>hvm</type></os>"
    )
    made = parse(
        f"{head}<devices><serial type='pty'><target type='sclp-serial' port='0'><model name="
        "'sclpconsole'/></target></serial><console type='pty'><target type='serial' port='0'/>"
        "</console></devices></domain>"
    )
    desired = parse(f"{head}<devices><console type='pty'/></devices></domain>")
    assert [change.path for change in reconcile(desired, made, DOMAIN).changes] == []
