# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole command lines, pasted here and run there."""

from __future__ import annotations

import collections
import shlex
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.options.command_line import (
    read,
)

from .scenarios import IMAGE

_LINES = (
    "--osinfo gentoo --cdrom IMAGE --disk size=5",
    "--name web --osinfo fedora37 --import --memory 4096 --vcpus 4 --disk size=10,cache=none",
    "-n old -r 1024 --os-variant debian11 -s 8 --vnc --import",
    "-n old -r 1024 --os-variant debian11 -f /var/lib/libvirt/images/a.raw -s 8 --nonsparse --import",
    "-n a --ram 512 --osinfo generic --nodisks --pxe --nographics",
    "--osinfo ubuntu22.04 --import --disk size=5,bus=scsi --controller type=scsi,model=virtio-scsi",
    "--osinfo ubuntu22.04 --import --disk size=5 -w bridge:br0 -m 52:54:00:11:22:33",
    "--osinfo rhel9.0 --import --disk size=5 --bridge br0 --bridge br1",
    "--osinfo rhel9.0 --import --disk size=5 --network user,model=e1000 --noacpi",
    "--osinfo win10 --cdrom IMAGE --disk size=40,bus=sata --boot uefi --tpm default",
    "--osinfo win11 --cdrom IMAGE --disk size=70",
    "--osinfo fedora37 --import --disk size=5 --boot hd,network,menu=on --sound --sound ich6",
    "--osinfo fedora37 --import --disk size=5 --boot loader=/x.fd,loader_ro=yes,loader_type=pflash",
    "--osinfo fedora37 --import --disk size=5 --graphics vnc,listen=0.0.0.0,port=5910 --video virtio",
    "--osinfo fedora37 --import --disk size=5 --graphics spice,gl.enable=yes,listen=none",
    "--osinfo fedora37 --import --disk size=5 --cpu host-model,+vmx,-x2apic,topology.sockets=2",
    "--osinfo fedora37 --import --disk size=5 --cpu Skylake-Client --vcpus 2,maxvcpus=8 --cpuset 0-1",
    "--osinfo fedora37 --import --disk size=5 --memory 2048,maxmemory=4096 --memorybacking hugepages=on",
    "--osinfo fedora37 --import --disk size=5 --filesystem /srv,srv --filesystem type=mount,source=/a,target=b",
    "--osinfo fedora37 --import --disk size=5 --rng /dev/random --watchdog default --panic default",
    "--osinfo fedora37 --import --disk size=5 --channel spicevmc --redirdev none --memballoon none",
    "--osinfo fedora37 --import --disk size=5 --serial pty --console pty,target_type=virtio",
    "--osinfo fedora37 --import --disk size=5 --serial tcp,host=:2222,mode=bind,protocol=telnet",
    "--osinfo fedora37 --import --disk size=5 --features kvm_hidden=on,acpi=off --clock offset=localtime",
    "--osinfo fedora37 --import --disk size=5 --metadata title='My guest',description='a, b' --pm suspend_to_mem=yes",
    "--osinfo fedora37 --import --disk size=5 --input keyboard,bus=usb --input tablet",
    "--osinfo fedora37 --import --disk size=5 --qemu-commandline='-display gtk,gl=on'",
    "--osinfo fedora37 --import --disk size=5 --xml ./on_crash=preserve --xml ./title=other",
    "--osinfo fedora37 --import --disk size=5 --sysinfo system.serial=42 --iothreads 2 --vsock default",
    "--osinfo freebsd13.1 --import --disk size=5 --disk device=cdrom --disk device=floppy --machine pc",
    "--osinfo debian11 --import --disk size=5 --virt-type qemu --arch i686 --numatune 0-1,mode=preferred",
    "--osinfo debian11 --import --disk size=5 --seclabel type=none --events on_reboot=destroy",
    "--osinfo debian11 --import --disk size=5 --network network=default,model=virtio,link_state=down",
)


@pytest.mark.parametrize("line", _LINES)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], line: str
) -> None:
    line = line.replace("IMAGE", IMAGE)
    counts["command lines"] += 1
    difference = judge.compare(shlex.split(line), read(line).options)
    assert difference is None, difference
