# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting 20 guests by one looped task, against virsh in a loop."""

from __future__ import annotations

import subprocess
import tempfile
import typing as t

from .measure import TIME, Row, timed
from .playbooks import play, write

GUESTS = 20
ROUNDS = 2
_GUEST = """
<domain type='qemu'>
  <name>bench-start-{}</name>
  <memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices><console type='pty'/></devices>
</domain>
"""


def measure(connection: t.Any) -> t.Iterator[Row]:
    domains = [connection.defineXML(_GUEST.format(number)) for number in range(GUESTS)]
    names = [domain.name() for domain in domains]

    def theirs() -> None:
        for name in names:
            subprocess.run(["virsh", "-q", "start", name], capture_output=True, check=True)

    with tempfile.TemporaryDirectory() as folder:
        task = "declarative.libvirt.domain_state: {name: '{{ item }}', state: running}"
        write(folder, "start", [f"{task}\n      loop: [{', '.join(names)}]"])
        write(folder, "none", [])
        runs: list[tuple[float, ...]] = []
        for _round in range(ROUNDS):
            # What Ansible takes to start is not what is measured.
            nothing = timed(lambda: play(folder, "none"))
            ours = timed(lambda: play(folder, "start", changed=1))
            _stop(domains)
            runs.append((nothing, ours, timed(theirs)))
            _stop(domains)
    nothing, ours, by_virsh = map(min, zip(*runs))
    for domain in domains:
        domain.undefine()
    yield Row(
        f"start {GUESTS} guests by one looped task / virsh start in a loop",
        ours - nothing,
        by_virsh,
        None,
        TIME,
    )


def _stop(domains: list[t.Any]) -> None:
    for domain in domains:
        assert domain.isActive()
        domain.destroy()
