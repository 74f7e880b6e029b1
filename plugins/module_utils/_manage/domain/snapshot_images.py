# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The internal snapshots in the images of a domain, as far as this host can read them.

libvirt calls qemu-img for one image after the other (qemuDomainSnapshotForEachQcow2), and goes
back in the first ones before it finds that the next one has no such snapshot. QEMU takes a second
snapshot of a name, and goes back to the first one (bdrv_snapshot_find). Where a name is the number
of another snapshot, it goes back to that one (find_snapshot_by_id_or_name).
"""

from __future__ import annotations

import contextlib
import typing as t

from ..._hypervisor.disk_images import path_of
from ..._hypervisor.domains import Domain
from ..._hypervisor.file_users import is_absent
from ..._hypervisor.qcow2 import ImageSnapshot, image_snapshots
from ..._xmltree.element import Element
from ..errors import TaskError

#: QEMU numbers the snapshots in an image from 1 on, one more for each (find_new_snapshot_id). A
#: number with more digits, such as a date, isn't reached.
_MOST_DIGITS = 6


def check_new(domain: Domain, name: str, current: Element, targets: t.Collection[str]) -> None:
    """Check that the images of these disks are there, and have no snapshot of this name.

    :raises TaskError: one isn't, or has, or QEMU would take the name for a number.
    """
    if targets and len(name) <= _MOST_DIGITS and _may_be_number(name):
        raise TaskError(
            f"name: '{name}' is a number, and QEMU would go back to the snapshot that has this number in the image; give a name "
            f"with a letter, such as v{name}"
        )
    for target, path, found in _images(domain, current, targets):
        if found is not None and any(each.name == name for each in found):
            # qemu-img can't write an image that a guest has.
            command = f"qemu-img snapshot -d {name} {path}"
            if domain.facts().active:
                command = f"virsh qemu-monitor-command {domain.name} --hmp 'delvm {name}'"
            raise TaskError(
                f"name: {path}, the image of {target}, has a snapshot '{name}' already, which libvirt doesn't know; give another "
                f"name, or remove it: {command}"
            )


def check_present(domain: Domain, name: str, then: Element, targets: t.Collection[str]) -> None:
    """Check that the images of these disks are there, and have the snapshot of this name.

    :raises TaskError: one isn't, or hasn't, or QEMU would take the name for another one's number.
    """
    for target, path, found in _images(domain, then, targets):
        if found is None:
            continue
        other = next((each.name for each in found if each.number == name != each.name), None)
        if other is not None:
            raise TaskError(
                f"name: '{name}' is the number of the snapshot '{other}' in {path}, the image of {target}, and QEMU would go back to "
                f"that one; nothing was done; remove '{other}' first"
            )
        if not any(each.name == name for each in found):
            raise TaskError(
                f"name: {path}, the image of {target}, has no snapshot '{name}' any more, and going back with the other disks "
                "alone would lose what they have; nothing was done; put back an image that has it, or remove the snapshot"
            )


def _may_be_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and not name.startswith("0")


def _images(
    domain: Domain, document: Element, targets: t.Collection[str]
) -> t.Iterator[tuple[str, str, list[ImageSnapshot] | None]]:
    """Each disk's target, the path of its image, and the snapshots in it if they are known.

    :raises TaskError: an image isn't there.
    """
    for disk in document.findall("devices/disk"):
        target, path = disk.value("target/@dev") or "", path_of(domain.connection, disk)
        if target not in targets or path is None or not domain.connection.is_local:
            continue
        if is_absent(domain.connection, path):
            raise TaskError(
                f"name: {path}, the image of {target}, is not there; nothing was done; put it back, or mount the storage that it "
                "is on"
            )
        found = None
        with contextlib.suppress(OSError):
            found = image_snapshots(path)
        yield target, path, found
