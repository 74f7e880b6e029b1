# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the collection against a floor in the same run, and prints ratios.

Usage: python -m tests.bench [MEASUREMENT...]

Run by ``make bench`` beside a private libvirtd. What is compared takes turns over
several rounds, so that a machine whose speed varies does not favour one of them.
Each line says what was measured, the CPU or the time that passes (see
:mod:`.measure`), and where a ratio has a target, whether it is met.
"""

from __future__ import annotations

import sys

import libvirt

from . import (
    agent,
    backups,
    defaults,
    estates,
    hosts,
    idle_tasks,
    inventories,
    many_devices,
    many_domains,
    migrating,
    planning,
    snapshots,
    starting,
)

#: In the order in which they are made.
MEASUREMENTS = {
    "planning": planning.measure,
    "many_devices": many_devices.measure,
    "many_domains": many_domains.measure,
    "inventories": inventories.measure,
    "defaults": defaults.measure,
    "idle_tasks": idle_tasks.measure,
    "starting": starting.measure,
    "snapshots": snapshots.measure,
    "backups": backups.measure,
    "migrating": migrating.measure,
    "estates": estates.measure,
    "hosts": hosts.measure,
    "agent": agent.measure,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"no such measurement: {', '.join(unknown)}. There are: {', '.join(MEASUREMENTS)}")
    libvirt.registerErrorHandler(lambda *_error: None, None)
    # As the modules do it, before they connect.
    libvirt.virEventRegisterDefaultImpl()
    connection = libvirt.open("qemu:///system")
    print(f"libvirt {connection.getLibVersion()}, Python {sys.version.split()[0]}")
    print(f"{'':70} {'':4} {'ours':>12} {'floor':>12}  ratio")
    for name in names or MEASUREMENTS:
        for row in MEASUREMENTS[name](connection):
            print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
