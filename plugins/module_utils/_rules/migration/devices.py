# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a running guest whose state libvirt or QEMU can't move to another host, or save.

A snapshot with memory saves the state as a migration sends it: libvirt asks the same function
(qemuMigrationSrcIsAllowed, with ``remote`` false) and QEMU the same blockers.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element

#: QEMU 6.0 names what blocks a migration, and libvirt 8.6 asks it instead of its own table.
ASKS_QEMU = 8_006_000


class Row(t.NamedTuple):
    """A device that stays: its path, words about it, what to do, and who says so.

    ``attributes`` are its values by their paths within the element; ``""`` stands for none.
    ``before`` is the version of libvirt that leaves it to QEMU; 0 where none does. ``is_saved``:
    its state can be saved on its own host.
    """

    path: str
    words: str
    remedy: str
    reason: str
    attributes: t.Mapping[str, str] = {}
    before: int = 0
    is_saved: bool = False

    def is_certain(self, version: int) -> bool:
        """Whether this version of libvirt refuses it, whatever QEMU says."""
        return not self.before or version < self.before

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
        "qemuMigrationSrcIsSafe, which is about other hosts",
        {"@type": "nvme"},
        is_saved=True,
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


_TSC = "the CPU feature invtsc"


def staying(document: Element, version: int) -> t.Iterator[tuple[str, str]]:
    """What can't be moved of a running guest: words and remedies. ``version`` is the source's."""
    for row in _rows_of(document):
        if row.is_certain(version):
            yield row.words, row.remedy
    if _has_unset_tsc(document):
        yield _TSC, "set the frequency of its timer tsc, or leave that feature out"


class Unsaved(t.NamedTuple):
    """What a running guest has whose state isn't saved, in words.

    libvirt refuses what is ``certain``, and asks QEMU about the rest.
    """

    certain: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


def unsaved(document: Element, version: int) -> Unsaved:
    """The parts of a running guest whose state can't be saved by this version of libvirt."""
    certain: list[str] = []
    asked: list[str] = []
    for row in _rows_of(document):
        if not row.is_saved:
            (certain if row.is_certain(version) else asked).append(row.words)
    if _has_unset_tsc(document):
        certain.append(_TSC)
    return Unsaved(tuple(dict.fromkeys(certain)), tuple(dict.fromkeys(asked)))


def _rows_of(document: Element) -> t.Iterator[Row]:
    """A row for each part that one is about."""
    for row in ROWS:
        for element in document.findall(row.path):
            if row.fits(element):
                yield row


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
