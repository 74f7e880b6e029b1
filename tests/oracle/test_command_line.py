# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole command lines, pasted here and run there."""

from __future__ import annotations

import collections
import shlex
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options import (
    command_line,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.versions import VERSIONS

from . import handbooks
from .command_lines import BETTER, LIBVIRT_REFUSES, LINES, SINCE
from .scenarios import IMAGE, USER_DATA

#: Of domains that are imported with one disk, by their operating system.
_IMPORTED = {
    "ubuntu22.04": ("-w bridge:br0 -m 52:54:00:11:22:33",),
    "rhel9.0": (
        "--bridge br0 --bridge br1",
        "--network user,model=e1000 --noacpi",
    ),
    "fedora37": (
        "--boot hd,network,menu=on --sound --sound ich6",
        "--boot loader=/x.fd,loader_ro=yes,loader_type=pflash",
        "--graphics vnc,listen=0.0.0.0,port=5910 --video virtio",
        "--graphics spice,gl.enable=yes,listen=none",
        "--cpu host-model,+vmx,-x2apic,topology.sockets=2",
        "--cpu Skylake-Client --vcpus 2,maxvcpus=8 --cpuset 0-1",
        "--memory 2048,maxmemory=4096 --memorybacking hugepages=on",
        "--filesystem /srv,srv --filesystem type=mount,source=/a,target=b",
        "--rng /dev/random --watchdog default --panic default",
        "--channel spicevmc --redirdev none --memballoon none",
        "--serial pty --console pty,target_type=virtio",
        "--serial tcp,host=:2222,mode=bind,protocol=telnet",
        "--features kvm_hidden=on,acpi=off --clock offset=localtime",
        "--metadata title='My guest',description='a, b' --pm suspend_to_mem=yes",
        "--input keyboard,bus=usb --input tablet",
        "--qemu-commandline='-display gtk,gl=on'",
        "--xml ./on_crash=preserve --xml ./title=other",
        "--sysinfo system.serial=42 --iothreads 2 --vsock default",
        "--xml xpath.delete=./pm --xml xpath.create=./memoryBacking/nosharepages",
        "--xml xpath.set=./title,xpath.value='a, b'",
        "--disk path=IMAGE,device=cdrom --disk source.file=IMAGE,device=cdrom",
        "--disk vol=default/installation.iso,device=cdrom",
        "--disk source.pool=default,source.volume=installation.iso,type=volume,device=cdrom",
    ),
    "freebsd13.1": ("--memory 512 --disk device=cdrom --disk device=floppy --machine pc",),
    "debian11": (
        "--virt-type qemu --arch i686 --numatune 0-1,mode=preferred",
        "--seclabel type=none --events on_reboot=destroy",
        "--network network=default,model=virtio,link_state=down",
    ),
}
_LINES = (
    "--osinfo gentoo --cdrom IMAGE --disk size=5",
    "--name web --osinfo fedora37 --import --memory 4096 --vcpus 4 --disk size=10,cache=none",
    "-n old -r 1024 --os-variant debian11 -s 8 --vnc --import",
    "-n old -r 1024 --os-variant debian11 -f /var/lib/libvirt/images/a.raw -s 8"
    " --nonsparse --import",
    "-n a --ram 512 --osinfo generic --nodisks --pxe --nographics",
    "--osinfo ubuntu22.04 --import --disk size=5,bus=scsi --controller type=scsi,model=virtio-scsi",
    "--osinfo win10 --cdrom IMAGE --disk size=40,bus=sata --boot uefi --tpm default",
    "--osinfo win11 --cdrom IMAGE --disk size=70",
    "--connect qemu:///system --name my-win10 --memory 4096 --disk size=40 --osinfo win10 --cdrom IMAGE",
    "--memory 8192 --vcpus 8 --graphics vnc --osinfo centos7.0 --pxe --disk size=20",
    "-n live --memory 1024 --osinfo generic --livecd --nodisks --cdrom IMAGE --graphics spice",
    "--name a --memory 512 --osinfo detect=on,require=off --disk none --boot network --network bridge:br0",
    "--name a --memory 512 --disk none --install bootdev=network --osinfo generic",
    "--import --memory 512 --disk IMAGE,readonly=on,format=raw --osinfo debian9",
    "--name a --ram 2048 --vcpus=2 --os-type=linux --os-variant=ubuntu20.04 --disk size=10 --import",
    *(
        f"--osinfo {system} --import --disk size=5 {rest}"
        for system, lines in _IMPORTED.items()
        for rest in lines
    ),
    *(f"--osinfo fedora37 --import {line}" for line in LINES),
    *handbooks.LINES,
)
_TWICE = (
    *(f"--osinfo fedora37 --import {line}" for line in (*LINES, *BETTER)),
    *handbooks.LINES,
)


@pytest.mark.parametrize("line", _LINES)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], line: str
) -> None:
    line = _with_files(line)
    for part, since in SINCE.items():
        if part in line and VERSIONS.index(judge.version) < VERSIONS.index(since):
            pytest.skip(f"virt-install before {since} lacks {part}, or is mistaken there")
    counts["command lines"] += 1
    difference = judge.compare(shlex.split(line), command_line.read(line).options)
    assert difference is None, difference


@pytest.mark.parametrize("line", _TWICE)
def test_the_same_line_twice(judge: t.Any, line: str) -> None:
    options = command_line.read(_with_files(line)).options
    # The judge has a name of its own.
    options.pop("name", None)
    known = {part: text for part, text in LIBVIRT_REFUSES.items() if part in line}
    try:
        changes = judge.changes(options)
    except libvirt.libvirtError as error:
        if not any(text in str(error) for text in known.values()):
            raise
        pytest.skip(f"libvirt refuses it: {error}")
    assert changes == []


def _with_files(line: str) -> str:
    return line.replace("IMAGE", IMAGE).replace("USER_DATA", USER_DATA)
