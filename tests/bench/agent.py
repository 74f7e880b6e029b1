# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Raw tasks in a guest by its agent, against the same by SSH with ControlPersist."""

from __future__ import annotations

import functools
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import typing as t

from ..integration.guests import Boot, Guest, document, start
from .measure import TIME, Row, timed

TASKS = 20
ROUNDS = 5
_NAME = "bench-agent"
_INTERFACE = (
    "<interface type='network'><mac address='52:54:00:00:0b:01'/><source network='default'/>"
    "<model type='virtio'/></interface>"
)


class _Hypervisor(t.NamedTuple):
    raw: t.Any


def measure(connection: t.Any) -> t.Iterator[Row]:
    text = document(_NAME, Boot(), devices=_INTERFACE, arguments="ssh")
    guest = start(_Hypervisor(connection), text)
    try:
        with tempfile.TemporaryDirectory() as folder:
            key = pathlib.Path(folder, "key")
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True
            )
            _let_in(guest, key.with_suffix(".pub").read_text(encoding="utf-8"))
            hosts = {
                "agent": {
                    "ansible_connection": "declarative.libvirt.agent",
                    "ansible_libvirt_domain": _NAME,
                },
                "ssh": {
                    "ansible_connection": "ssh",
                    "ansible_user": "root",
                    "ansible_host": _address(guest),
                    "ansible_ssh_private_key_file": str(key),
                    "ansible_ssh_extra_args": "-o UserKnownHostsFile=/dev/null "
                    f"-o StrictHostKeyChecking=no -o ControlPath={folder}/%C",
                },
            }
            inventory = pathlib.Path(folder, "inventory.yml")
            inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
            ours, theirs = _rounds(folder)
    finally:
        guest.domain.destroy()
        guest.domain.undefine()
    yield Row(
        f"{TASKS} raw tasks by the agent / by SSH with ControlPersist", ours, theirs, 1.3, TIME
    )


def _rounds(folder: str) -> tuple[float, float]:
    """The fastest rounds; what Ansible takes to start isn't counted."""
    for name in ("agent", "ssh"):
        _write(folder, name, TASKS)
        _write(folder, f"{name}-none", 1)
    names = ("agent", "agent-none", "ssh", "ssh-none")
    rounds = [
        [timed(functools.partial(_play, folder, name)) for name in names]
        for _round in range(ROUNDS + 1)
    ][1:]
    ours, ours_start, theirs, their_start = map(min, zip(*rounds))
    return ours - ours_start, theirs - their_start


def _let_in(guest: Guest, key: str) -> None:
    script = f"mkdir -p -m 700 /root/.ssh && echo '{key.strip()}' >/root/.ssh/authorized_keys"
    guest.run("sh", "-c", script)


def _address(guest: Guest) -> str:
    while True:
        for found in guest.domain.interfaceAddresses(0).values():
            for address in found["addrs"]:
                return str(address["addr"])
        time.sleep(0.2)


def _write(folder: str, name: str, count: int) -> None:
    host = name.partition("-")[0]
    plays = [{"hosts": host, "gather_facts": False, "tasks": [{"raw": "echo it"}] * count}]
    pathlib.Path(folder, f"{name}.yml").write_text(json.dumps(plays), encoding="utf-8")


def _play(folder: str, name: str) -> None:
    done = subprocess.run(
        [
            str(pathlib.Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            f"{folder}/inventory.yml",
            f"{folder}/{name}.yml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name}.yml did not run as expected:\n{done.stdout}{done.stderr}")
