# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The block jobs of running guests: what copies or merges their images."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .._xmltree.parse import parse
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt

PULL, COPY, COMMIT, ACTIVE_COMMIT, BACKUP = "pull", "copy", "commit", "active commit", "backup"
#: virDomainBlockJobType in libvirt-domain.h, by its numbers.
_KINDS = ("unknown", PULL, COPY, COMMIT, ACTIVE_COMMIT, BACKUP)


class BlockJob(t.NamedTuple):
    """A job on the disk ``target``; ``path`` is what it copies to, where that is known.

    ``is_ready``: both have the same content, and one can be exchanged for the other. ``done`` grows
    with its progress.
    """

    target: str
    kind: str
    path: str | None = None
    is_ready: bool = False
    done: int = 0

    @property
    def words(self) -> str:
        """For a person, after the target."""
        where = f" to {self.path}" if self.path else ""
        return f"has a block job ({self.kind}{where})"


def job_of(domain: Domain, target: str) -> BlockJob | None:
    """The job on a disk; ``None`` where there is none, or no guest runs.

    :raises HypervisorError: it can't be read.
    """
    with domain.connection.explained(f"read the block job of {target}"):
        try:
            info = domain.raw.blockJobInfo(target, 0)
            document = parse(domain.raw.XMLDesc(0)) if info else None
        except libvirt.libvirtError as error:
            # The guest has ended; a disk that is only defined has none; not every driver has jobs.
            codes = ("VIR_ERR_OPERATION_INVALID", "VIR_ERR_INVALID_ARG", "VIR_ERR_NO_SUPPORT")
            if is_code(error, *codes, "VIR_ERR_NO_DOMAIN"):
                return None
            raise
    if document is None:
        return None
    number = info.get("type", 0)
    kind = _KINDS[number] if number < len(_KINDS) else _KINDS[0]
    mirror = _mirror(document, target)
    if mirror is None:
        return BlockJob(target, kind, done=info.get("cur", 0))
    source = mirror.child("source") or Element("source")
    path = mirror.get("file") or source.get("file") or source.get("dev")
    return BlockJob(target, kind, path, mirror.get("ready") == "yes", info.get("cur", 0))


def jobs_of(domain: Domain) -> list[BlockJob]:
    """The jobs on all disks of a running guest; empty where none runs.

    :raises HypervisorError: they can't be read.
    """
    live = domain.live()
    if live is None:
        return []
    targets = [disk.value("target/@dev") for disk in parse(live).findall("devices/disk")]
    jobs = [job_of(domain, target) for target in targets if target]
    return [job for job in jobs if job is not None]


def check_no_job(domain: Domain, target: str, option: str) -> None:
    """Check that a disk can become larger: QEMU refuses it beside a job (bdrv_op_is_blocked).

    :raises HypervisorError: there is a job.
    """
    job = job_of(domain, target)
    if job is not None:
        raise HypervisorError(
            f"{option}: {target} {job.words}, beside which it can't become larger; wait until that has ended, or end "
            f"it: virsh blockjob {domain.name} {target} --abort"
        )


def _mirror(document: Element, target: str) -> Element | None:
    for disk in document.findall("devices/disk"):
        if disk.value("target/@dev") == target:
            return disk.child("mirror")
    return None
