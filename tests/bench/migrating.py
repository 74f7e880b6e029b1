# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving a guest with its disk to another host by a task, against ``virsh migrate``.

Both send as much in a second as a network of 1 Gbit/s carries. Of each, the fastest round counts:
what else the machine does only adds to a round, and one of them takes as long as ten seconds. The
task is measured with what Ansible takes for any task, which is that of ``ping``, and without it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import typing as t

from ..integration.second_host import IMAGES, SECOND, SecondHost
from .measure import TIME, Row, timed
from .playbooks import play, write

ROUNDS = 3
_MIB = 1024 * 1024
_SIZE = 1024 * _MIB
_BANDWIDTH = 110
_NAME = "bench-migrate"
_GUEST = f"""
<domain type='qemu'>
  <name>{_NAME}</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='{IMAGES}/{_NAME}.raw'/>
      <target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
"""
_VIRSH = (
    *("virsh", "-q", "migrate", _NAME, SECOND, "--live", "--p2p", "--persistent"),
    *("--undefinesource", "--copy-storage-all", "--migrateuri", "tcp://127.0.0.1"),
    *("--bandwidth", str(_BANDWIDTH)),
)


def measure(connection: t.Any) -> t.Iterator[Row]:
    second = SecondHost()
    IMAGES.mkdir(exist_ok=True)
    image = IMAGES / f"{_NAME}.raw"
    with image.open("wb") as file:
        for _piece in range(_SIZE // _MIB):
            file.write(os.urandom(_MIB))
    # A daemon asks each QEMU what it can do, once.
    for raw in (connection, second.raw):
        raw.getCapabilities()
    with tempfile.TemporaryDirectory() as folder:
        task = (
            f"declarative.libvirt.domain_migrate: {{domain: {_NAME}, destination: '{SECOND}', "
            f"copy_storage: full, migrate_uri: 'tcp://127.0.0.1', bandwidth: {_BANDWIDTH}}}"
        )
        write(folder, "move", [task])
        write(folder, "ping", ["ansible.builtin.ping:"])
        write(folder, "none", [])
        rounds: list[tuple[float, ...]] = []
        for _round in range(ROUNDS):
            nothing = timed(lambda: play(folder, "none"))
            ping = timed(lambda: play(folder, "ping"))
            _begin(connection, second)
            ours = timed(lambda: play(folder, "move", changed=1))
            _begin(connection, second)
            theirs = timed(lambda: subprocess.run(_VIRSH, capture_output=True, check=True))
            rounds.append((nothing, ping, ours, theirs))
    nothing, ping, ours, theirs = (min(column) for column in zip(*rounds))
    second.clear()
    second.clear_images()
    image.unlink()
    # What Ansible takes to start is not what is measured.
    what = f"move a guest with 1 GiB at {_BANDWIDTH} MiB/s"
    yield Row(f"{what} / virsh migrate", ours - nothing, theirs, 1.2, TIME)
    yield Row(f"{what}, without a task of ping / virsh migrate", ours - ping, theirs, 1.2, TIME)


def _begin(connection: t.Any, second: SecondHost) -> None:
    """The guest runs here, and the other host has nothing of it."""
    second.clear()
    second.clear_images()
    second.make_pool()
    connection.defineXML(_GUEST).create()
