# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving a guest with its disk to another host by a task, against ``virsh migrate``.

Both send as much in a second as a network of 1 Gbit/s carries.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import typing as t

from ..integration.second_host import IMAGES, SECOND, SecondHost
from .measure import Row, timed
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
    # Its daemon asks QEMU what it can do, once.
    second.raw.getDomainCapabilities()
    with tempfile.TemporaryDirectory() as folder:
        task = (
            f"declarative.libvirt.domain_migrate: {{domain: {_NAME}, destination: '{SECOND}', "
            f"copy_storage: full, migrate_uri: 'tcp://127.0.0.1', bandwidth: {_BANDWIDTH}}}"
        )
        write(folder, "move", [task])
        write(folder, "none", [])
        runs: list[tuple[float, float]] = []
        for _round in range(ROUNDS):
            # What Ansible takes to start is not what is measured.
            nothing = timed(lambda: play(folder, "none"))
            _begin(connection, second)
            ours = timed(lambda: play(folder, "move", changed=1)) - nothing
            _begin(connection, second)
            theirs = timed(lambda: subprocess.run(_VIRSH, capture_output=True, check=True))
            runs.append((ours, theirs))
    second.clear()
    second.clear_images()
    image.unlink()
    yield Row(
        f"move a guest with a disk of 1 GiB at {_BANDWIDTH} MiB/s / virsh migrate",
        statistics.median(one for one, _other in runs),
        statistics.median(other for _one, other in runs),
        1.2,
    )


def _begin(connection: t.Any, second: SecondHost) -> None:
    """The guest runs here, and the other host has nothing of it."""
    second.clear()
    second.clear_images()
    second.make_pool()
    connection.defineXML(_GUEST).create()
