# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a full backup of a guest that runs, against virsh.

What Ansible takes to start a module is not what is measured; each has a connection of its own.
"""

from __future__ import annotations

import functools
import os
import pathlib
import shutil
import subprocess
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.backup import (
    BackupTask,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.backup_plan import (
    BackupRequest,
)

from .measure import ROUNDS, TIME, Row, timed

_URI = "qemu:///system"
_NAME = "bench-backup"
_IMAGES = pathlib.Path("/var/lib/libvirt/images")
_KEPT = _IMAGES / _NAME
_MIB = 1024**2
#: How much the image has, in MiB.
_SIZE = 256
_LONGEST = "120"
_GUEST = """
<domain type='qemu'>
  <name>bench-backup</name>
  <memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/><source file='{image}'/><target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
"""
_JOB = """
<domainbackup mode='push'>
  <disks>
    <disk name='vda' backup='yes' type='file'>
      <driver type='qcow2'/><target file='{target}'/>
    </disk>
  </disks>
</domainbackup>
"""


def measure(connection: t.Any) -> t.Iterator[Row]:
    _KEPT.mkdir(parents=True, exist_ok=True)
    raw, image = _IMAGES / f"{_NAME}.raw", _IMAGES / f"{_NAME}.qcow2"
    with raw.open("wb") as file:
        for _part in range(_SIZE):
            file.write(os.urandom(_MIB))
    command = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(raw), str(image)]
    subprocess.run(command, check=True)
    raw.unlink()
    domain = connection.defineXML(_GUEST.format(image=image))
    domain.create()
    rounds = []
    for _round in range(ROUNDS + 1):
        ours = timed(_ours)
        _clear()
        job = _KEPT / "job.xml"
        job.write_text(_JOB.format(target=_KEPT / "vda.qcow2"))
        rounds.append((ours, timed(functools.partial(_virsh, job))))
        _clear()
    yield Row(
        f"make a full backup of {_SIZE} MiB of a guest that runs / virsh",
        # One round isn't counted.
        min(one for one, _other in rounds[1:]),
        min(other for _one, other in rounds[1:]),
        1.2,
        TIME,
    )
    domain.destroy()
    domain.undefine()
    image.unlink()
    shutil.rmtree(_KEPT)


def _clear() -> None:
    for path in _KEPT.iterdir():
        path.unlink()


def _ours() -> None:
    raw = libvirt.open(_URI)
    domains = Domains(Connection(raw, _URI, is_local=True))
    assert BackupTask(domains, BackupRequest(_NAME, str(_KEPT)), False).run().changed
    raw.close()


def _virsh(job: pathlib.Path) -> None:
    """Begin, and wait for the end. A job of this size lasts until virsh listens."""
    wait = f"event --domain {_NAME} --event job-completed --timeout {_LONGEST}"
    command = ["virsh", "-q", f"backup-begin {_NAME} {job}; {wait}"]
    subprocess.run(command, capture_output=True, check=True)
