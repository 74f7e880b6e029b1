# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of 1000 guests, read and cached, against domain_info."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.info import (
    Wish,
    describe,
)

from .documents import defined
from .measure import ROUNDS, TIME, Row, timed

_COUNT = 1000
#: What a person hardly waits for, in seconds.
_READ, _CACHED = 2.0, 0.3


def measure(connection: t.Any) -> t.Iterator[Row]:
    with defined(connection, _COUNT), tempfile.TemporaryDirectory() as folder:
        cache = {
            "cache": True,
            "cache_plugin": "ansible.builtin.jsonfile",
            "cache_connection": f"{folder}/cache",
        }
        read, cached = _written(folder, "read", {}), _written(folder, "cached", cache)
        ours = Connection(connection, "qemu:///system", is_local=True)
        rounds = [
            (_parse(read), _parse(cached), timed(lambda: describe(ours, Wish())))
            # The first fills the cache.
            for _round in range(ROUNDS + 1)
        ][1:]
        reading, keeping, info = map(min, zip(*rounds))
    # Ours has the start of a process, and what Ansible itself does with each host.
    yield Row(f"inventory of {_COUNT} guests / domain_info", reading, info, 2, TIME)
    yield Row(f"inventory of {_COUNT} guests / {_READ:g} s", reading, _READ, 1, TIME)
    yield Row(f"cached inventory of {_COUNT} guests / domain_info", keeping, info, 0.3, TIME)
    yield Row(f"cached inventory of {_COUNT} guests / {_CACHED:g} s", keeping, _CACHED, 1, TIME)


def _written(folder: str, name: str, options: dict[str, t.Any]) -> pathlib.Path:
    path = pathlib.Path(folder, f"{name}.libvirt.yml")
    whole = {"plugin": "declarative.libvirt.libvirt", "uris": ["qemu:///system"], **options}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def _parse(path: pathlib.Path) -> float:
    # Of a collection that is installed, Python keeps the compiled code.
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.inventory_parsing", str(path), str(_COUNT)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout)
