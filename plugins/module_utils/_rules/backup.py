# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt can back up, and of which images it can keep a checkpoint.

Each row was tried on libvirt 9.0 with QEMU 7.2 and on libvirt 11.3 with QEMU 10.0, except where
it names another version.
"""

from __future__ import annotations

import typing as t

FULL, INCREMENTAL, AUTO = "full", "incremental", "auto"
PRESENT, SERVED, ENDED = "present", "served", "ended"
_QCOW2 = "qcow2"


class Drive(t.NamedTuple):
    """A disk of a backup.

    ``path`` is that of its image, ``None`` where it has none. ``form`` is the format of the
    image, and ``version`` that of qcow2, ``None`` where it is unknown.
    """

    target: str
    path: str | None
    form: str
    version: int | None = None


class Situation(t.NamedTuple):
    """The domain that is backed up, as far as it decides about a checkpoint.

    ``snapshots`` are the names of the snapshots that are kept in its images.
    """

    drives: tuple[Drive, ...]
    is_active: bool
    is_persistent: bool = True
    snapshots: tuple[str, ...] = ()


class Hindrance(t.NamedTuple):
    """A row: there is no checkpoint if ``fits`` returns words, which name what is in the way.

    ``reason`` names libvirt's or QEMU's function, or what would happen. ``option`` is the option of
    domain_checkpoint that is to blame, and ``remedy`` what makes a checkpoint possible.
    """

    fits: t.Callable[[Situation], str | None]
    reason: str
    option: str
    remedy: str


def _off(situation: Situation) -> str | None:
    if situation.is_active:
        return None
    return "the guest is off, and libvirt makes checkpoints of guests that run"


def _transient(situation: Situation) -> str | None:
    if situation.is_persistent:
        return None
    return "the domain is transient, so that libvirt forgets its checkpoints when it stops"


def _no_bitmaps(situation: Situation) -> str | None:
    for drive in situation.drives:
        if drive.form != _QCOW2:
            return f"the image of {drive.target} is {drive.form}, and only qcow2 has room for a checkpoint"
    return None


def _old_qcow2(situation: Situation) -> str | None:
    for drive in situation.drives:
        if drive.version is not None and drive.version < 3:
            return (
                f"the image of {drive.target} is qcow2 of version {drive.version}, which has no room for a checkpoint; "
                "qemu-img amend -o compat=1.1 makes it version 3 while the guest is off"
            )
    return None


def _internal_snapshots(situation: Situation) -> str | None:
    if not situation.snapshots:
        return None
    return (
        f"its images have the snapshots {', '.join(situation.snapshots)}, and QEMU can't go back to a snapshot in an image "
        "with checkpoints"
    )


#: The first row that fits is reported.
NO_CHECKPOINT: tuple[Hindrance, ...] = (
    Hindrance(
        _off,
        "qemuCheckpointCreateXML: cannot create checkpoint for inactive domain (code 84)",
        "state",
        "start it first",
    ),
    Hindrance(
        _transient,
        "qemuCheckpointDiscardAllMetadata: qemuProcessStop of a transient domain",
        "domain",
        "define it first",
    ),
    Hindrance(
        _no_bitmaps,
        "qemuCheckpointPrepare: checkpoint for disk unsupported for storage type",
        "disks",
        "name the other disks alone",
    ),
    Hindrance(
        _old_qcow2,
        "QEMU: Cannot store dirty bitmaps in qcow2 v2 files",
        "disks",
        "do that, or name the other disks alone",
    ),
    Hindrance(
        _internal_snapshots,
        "QEMU ends at loadvm: Device has active dirty bitmaps",
        "domain",
        "remove them first with state: absent of domain_snapshot",
    ),
)


def no_checkpoint(situation: Situation) -> str | None:
    """The reason why there can be no checkpoint, as a sentence; ``None`` if there can be one."""
    return next((words for _row, words in _hindrances(situation)), None)


def refusal(situation: Situation) -> str | None:
    """The reason as a message of domain_checkpoint; ``None`` if there can be a checkpoint."""
    messages = (f"{row.option}: {words}; {row.remedy}" for row, words in _hindrances(situation))
    return next(messages, None)


def _hindrances(situation: Situation) -> t.Iterator[tuple[Hindrance, str]]:
    """The rows that fit, with their words."""
    for row in NO_CHECKPOINT:
        words = row.fits(situation)
        if words is not None:
            yield row, words
