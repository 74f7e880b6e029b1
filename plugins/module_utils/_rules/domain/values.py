# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which spellings of a value libvirt takes for the same."""

from __future__ import annotations

import re

from ..rows import Quantity, Same
from ..spelling import bitmap, caseless, integer, octal, same_by, uuid

#: A machine alias, and the versioned names that libvirt resolves it to.
_MACHINE_ALIASES = {
    "pc": r"pc-(i440fx-|0\.|1\.).*|pc-i440fx-rhel.*",
    "q35": r"pc-q35-.*",
    "ubuntu": r"pc-i440fx-.*",
    "ubuntu-q35": r"pc-q35-.*",
    "virt": r"virt-.*",
    "pseries": r"pseries-.*",
    "s390-ccw-virtio": r"s390-ccw-virtio-.*",
    "s390-ccw": r"s390-ccw-virtio-.*",
}


def same_machine(desired: str, actual: str) -> bool:
    """An alias is satisfied by any version of its machine.

    So that a newer QEMU never changes the machine of a guest that exists.
    """
    pattern = _MACHINE_ALIASES.get(desired)
    return pattern is not None and re.fullmatch(pattern, actual) is not None


def same_iscsi_name(desired: str, actual: str) -> bool:
    """An iSCSI target without a LUN is LUN 0."""
    return actual == f"{desired}/0"


_KIB = 1024

SPELLINGS = (
    Same("uuid/text()", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    Same("genid/text()", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    Same(
        "devices/interface/source/@switchid", same_by(uuid), "virUUIDParse ignores case and hyphens"
    ),
    Same("**/mac/@address", same_by(caseless), "MAC addresses are written in lower case"),
    Same("os/type/@machine", same_machine, "an alias is resolved when the domain is defined"),
    Same(
        "**/address/@{domain,bus,slot,function,controller,target,unit,cssid,ssid,devno,"
        "iobase,irq,reg,base,uid,fid}",
        same_by(integer),
        "addresses are written in hexadecimal of a fixed width",
    ),
    Same("**/zpci/@{uid,fid}", same_by(integer), "written in hexadecimal"),
    Same("devices/hostdev/**/{vendor,product}/@id", same_by(integer), "written in hexadecimal"),
    Same(
        "devices/redirfilter/usbdev/@{class,vendor,product}",
        same_by(integer),
        "written in hexadecimal",
    ),
    Same(
        "devices/controller/target/@{port,chassis,chassisNr,busNr}",
        same_by(integer),
        "port numbers are written in hexadecimal",
    ),
    Same("devices/controller/@{index,ports,vectors}", same_by(integer), "a number"),
    Same("devices/{tpm,panic}/address/@iobase", same_by(integer), "written in hexadecimal"),
    Same(
        "{vcpu,cputune/emulatorpin,cputune/vcpupin,cputune/iothreadpin}/@cpuset",
        same_by(bitmap),
        "virBitmapFormat writes ranges",
    ),
    Same(
        "**/@{cpus,cpuset,nodeset,vcpus,iothreads}",
        same_by(bitmap),
        "virBitmapFormat writes ranges",
    ),
    Same("devices/memory/source/nodemask/text()", same_by(bitmap), "virBitmapFormat writes ranges"),
    Same("devices/filesystem/@{fmode,dmode}", same_by(octal), "written with a leading zero"),
    Same(
        "devices/interface/model/@type",
        same_by(caseless),
        "model names are compared without case and written as libvirt knows them",
    ),
    Same(
        "devices/{disk,hostdev}/**/source/@name",
        same_iscsi_name,
        "an iSCSI target without a LUN is LUN 0",
    ),
)

QUANTITIES = (
    Quantity("{memory,currentMemory,maxMemory}", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("memtune/*", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("cpu/numa/cell", "KiB", "kept in KiB, rounded up", "@memory", "@unit", _KIB),
    Quantity("cpu/numa/cell/cache/size", "B", "kept in KiB, rounded up", "@value", "@unit", _KIB),
    Quantity("cpu/numa/interconnects/bandwidth", "KiB", "kept in KiB", "@value", "@unit", _KIB),
    Quantity("memoryBacking/hugepages/page", "KiB", "kept in KiB", "@size", "@unit", _KIB),
    Quantity(
        "devices/memory/target/{size,block,requested,current}",
        "KiB",
        "kept in KiB, rounded up",
        granule=_KIB,
    ),
    Quantity("devices/memory/target/label/size", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity(
        "devices/memory/source/{pagesize,alignsize}", "KiB", "kept in KiB, rounded up", granule=_KIB
    ),
    Quantity("devices/shmem/size", "B", "written in MiB"),
    Quantity("devices/controller/pcihole64", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("devices/filesystem/{space_hard_limit,space_soft_limit}", "B", "kept in bytes"),
    Quantity("devices/hostdev/rom", "B", "kept in bytes", "@size", "@unit"),
    Quantity("features/smm/tseg", "MiB", "without a unit, MiB"),
    Quantity("cputune/cachetune/cache", "B", "kept in bytes", "@size", "@unit"),
    Quantity("cputune/memorytune/node", "B", "a share of bandwidth", "@bandwidth", "@unit"),
)

VALUES = SPELLINGS + QUANTITIES
