# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which spellings of a value libvirt takes for the same."""

from __future__ import annotations

import re

from ..rows import Quantity, Same
from ..spelling import bitmap, caseless, octal, same_by, same_path
from .spelled import SPELLED

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


#: Names of one file in Debian's packages ovmf and qemu-efi-aarch64, which are symbolic links.
_OVMF_NAMES = (
    r"/usr/share/OVMF/OVMF_CODE(_4M)?\.(?:ms|secboot|snakeoil)\.fd"
    r"|/usr/share/(AAVMF)/AAVMF_CODE(?:\.no-secboot)?\.fd"
    r"|/usr/share/AAVMF/(AAVMF)_CODE\.(?:ms|secboot|snakeoil)\.fd"
)


def same_firmware(desired: str, actual: str) -> bool:
    """A firmware descriptor may name an image by another of its names.

    qemuFirmwareEnableFeaturesModern writes the descriptor's, since 12.0 for each name of the
    file.
    """
    names = [re.fullmatch(_OVMF_NAMES, path) for path in (desired, actual)]
    return names[0] is not None and names[1] is not None and names[0].groups() == names[1].groups()


def same_iscsi_name(desired: str, actual: str) -> bool:
    """An iSCSI target without a LUN is LUN 0."""
    return actual == f"{desired}/0"


def any_unit(_desired: str, _actual: str) -> bool:
    """A unit that is never read is as good as any other."""
    return True


def same_format(desired: str, actual: str) -> bool:
    """``aio`` was Xen's name for a raw image."""
    return (desired, actual) == ("aio", "raw")


_KIB = 1024

SPELLINGS = (
    Same(
        "**/mac/@{address,currentAddress}",
        same_by(caseless),
        "MAC addresses are written in lower case",
    ),
    Same("os/loader/text()", same_firmware, "the firmware descriptor's name of the image"),
    Same("os/type/@machine", same_machine, "an alias is resolved when the domain is defined"),
    Same(
        "cpu/numa/cell/cache/{size,line}/@unit",
        any_unit,
        "virDomainNumaDefNodeCacheParseXML looks for the unit where it isn't, and takes its own",
    ),
    Same(
        "{devices/input/source,devices/interface/backend,devices/filesystem/binary,"
        "devices/shmem/server}/@{dev,evdev,tap,vhost,path}",
        same_path,
        "virFileSanitizePath",
    ),
    Same("devices/video/model/acceleration/@rendernode", same_path, "virFileSanitizePath"),
    Same("os/acpi/table/text()", same_path, "virFileSanitizePath"),
    Same("devices/disk/driver/@type", same_format, "virDomainDiskDefDriverParseXML"),
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
    Quantity("features/tcg/tb-cache", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("devices/pstore/size", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("devices/iommu/driver/granule", "B", "kept in KiB", "@size", "@unit", _KIB),
    Quantity("cputune/cachetune/cache", "KiB", "kept in bytes", "@size", "@unit"),
    Quantity("features/tcg/tb-cache", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("features/hpt/maxpagesize", "KiB", "kept in KiB, rounded up", granule=_KIB),
    Quantity("**/metadata_cache/max_size", "B", "kept in bytes"),
    Quantity("devices/filesystem/source", "KiB", "kept in KiB", "@usage", "@units", _KIB),
    Quantity("cputune/memorytune/node", "B", "a share of bandwidth", "@bandwidth", "@unit"),
)

VALUES = SPELLINGS + SPELLED + QUANTITIES
