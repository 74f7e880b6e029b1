# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a running guest that libvirt or QEMU can't move to another host."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element

#: QEMU 6.0 names what blocks a migration, and libvirt 8.6 asks it instead of its own table.
ASKS_QEMU = 8_006_000


class Row(t.NamedTuple):
    """A device that stays: its path, words about it, what to do, and who says so.

    ``attributes`` are its values by their paths within the element; ``""`` stands for none.
    ``before`` is the version of libvirt that leaves it to QEMU; 0 where none does.
    """

    path: str
    words: str
    remedy: str
    reason: str
    attributes: t.Mapping[str, str] = {}
    before: int = 0

    def fits(self, element: Element) -> bool:
        """Whether the row is about this element."""
        return all(
            (element.value(place) or "") == value for place, value in self.attributes.items()
        )


_DETACH = "detach it with domain_device first, or move the guest while it is off"
_HOSTDEV = "qemuMigrationSrcIsAllowedHostdev"
_ALLOWED = "qemuMigrationSrcIsAllowed"

ROWS: tuple[Row, ...] = (
    *(
        Row(
            "devices/hostdev",
            f"a device of its host (hostdev of type {kind})",
            _DETACH,
            _HOSTDEV,
            {"@type": kind},
            ASKS_QEMU,
        )
        for kind in ("scsi", "scsi_host", "mdev")
    ),
    Row(
        "devices/hostdev",
        "a device of its host (hostdev of type pci)",
        _DETACH,
        f"{_HOSTDEV}: all but one with teaming",
        {"@type": "pci", "teaming/@type": ""},
        ASKS_QEMU,
    ),
    Row(
        "devices/interface",
        "a network card of its host (interface of type hostdev)",
        f"{_DETACH}, or give it a teaming partner",
        f"{_HOSTDEV}: all but one with teaming",
        {"@type": "hostdev", "teaming/@type": ""},
        ASKS_QEMU,
    ),
    Row("devices/interface", "a vDPA interface", _DETACH, _ALLOWED, {"@type": "vdpa"}, ASKS_QEMU),
    Row(
        "devices/filesystem",
        "a shared folder with virtiofs",
        _DETACH,
        f"{_ALLOWED}, until libvirt 10.6",
        {"driver/@type": "virtiofs"},
        10_006_000,
    ),
    Row(
        "devices/shmem",
        "shared memory that isn't its own (shmem without role master)",
        _DETACH,
        _ALLOWED,
        {"@role": "peer"},
    ),
    Row("devices/disk/transient", "a transient disk", "move the guest while it is off", _ALLOWED),
    Row(
        "devices/disk",
        "an NVMe disk of its host",
        _DETACH,
        "qemuMigrationSrcIsSafe",
        {"@type": "nvme"},
    ),
    Row(
        "devices/tpm",
        "the TPM of its host",
        "move the guest while it is off",
        "tpm_passthrough.c: migrate_add_blocker",
        {"backend/@type": "passthrough"},
    ),
    Row(
        "devices/video/model/acceleration",
        "3D acceleration by the host",
        "move the guest while it is off",
        "virtio-gpu.c: virgl is not yet migratable",
        {"@accel3d": "yes"},
    ),
    Row(
        "launchSecurity",
        "memory that its host has encrypted",
        "move the guest while it is off",
        "QEMU's SEV has a migration blocker",
    ),
)


def staying(document: Element, version: int) -> t.Iterator[tuple[str, str]]:
    """What can't be moved of a running guest: words and remedies. ``version`` is the source's."""
    for row in ROWS:
        if row.before and version >= row.before:
            continue
        for element in document.findall(row.path):
            if row.fits(element):
                yield row.words, row.remedy
    if _has_unset_tsc(document):
        yield (
            "the CPU feature invtsc",
            "set the frequency of its timer tsc, or leave that feature out",
        )


def _has_unset_tsc(document: Element) -> bool:
    """QEMU blocks the migration then, see qemuMigrationSrcIsAllowed."""
    requires = any(
        feature.get("name") == "invtsc" and feature.get("policy") in (None, "require", "force")
        for feature in document.findall("cpu/feature")
    )
    return requires and not any(
        timer.get("name") == "tsc" and timer.get("frequency")
        for timer in document.findall("clock/timer")
    )
