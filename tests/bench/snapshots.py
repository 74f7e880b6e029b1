# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking a snapshot of a guest, going back to it and removing it, against virsh.

What Ansible takes to start a module is not what is measured; each has a connection of its own.
"""

from __future__ import annotations

import functools
import pathlib
import subprocess
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot import (
    SnapshotTask,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot_plan import (
    SnapshotRequest,
)

from .measure import ROUNDS, TIME, Row, timed

_URI = "qemu:///system"
_NAME = "bench-snapshot"
_IMAGES = pathlib.Path("/var/lib/libvirt/images")
_GUEST = """
<domain type='qemu'>
  <name>bench-snapshot</name>
  <memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/><source file='{image}'/><target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
"""
#: What is done, the state that the module is asked for, and the command of virsh.
_STEPS = (
    ("take", "present", "snapshot-create-as"),
    ("go back to", "reverted", "snapshot-revert"),
    ("remove", "absent", "snapshot-delete"),
)


def measure(connection: t.Any) -> t.Iterator[Row]:
    _IMAGES.mkdir(parents=True, exist_ok=True)
    image = _IMAGES / f"{_NAME}.qcow2"
    command = ["qemu-img", "create", "-q", "-f", "qcow2", str(image), "64M"]
    subprocess.run(command, check=True)
    domain = connection.defineXML(_GUEST.format(image=image))
    yield from _measured("that is off")
    domain.create()
    yield from _measured("that runs")
    domain.destroy()
    domain.undefine()
    image.unlink()


def _measured(kind: str) -> t.Iterator[Row]:
    found: dict[str, list[tuple[float, float]]] = {what: [] for what, *_rest in _STEPS}
    for _round in range(ROUNDS + 1):
        ours = [timed(functools.partial(_ours, state)) for _what, state, _command in _STEPS]
        theirs = [timed(functools.partial(_virsh, command)) for *_rest, command in _STEPS]
        for (what, *_rest), *both in zip(_STEPS, ours, theirs):
            found[what].append((both[0], both[1]))
    for what, rounds in found.items():
        yield Row(
            f"{what} an internal snapshot of a guest {kind} / virsh",
            # One round isn't counted.
            min(one for one, _other in rounds[1:]),
            min(other for _one, other in rounds[1:]),
            1.2,
            TIME,
        )


def _ours(state: str) -> None:
    raw = libvirt.open(_URI)
    domains = Domains(Connection(raw, _URI, is_local=True))
    request = SnapshotRequest(_NAME, "bench", type="auto", is_confirmed=True)
    assert SnapshotTask(domains, request, False).run(state).changed
    raw.close()


def _virsh(command: str) -> None:
    done = ["virsh", "-q", command, _NAME, "bench"]
    subprocess.run(done, capture_output=True, check=True)
