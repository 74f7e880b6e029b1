# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole host in one document that is as it should be, against libvirt's lists and dumps of it."""

from __future__ import annotations

import os
import shutil
import tempfile
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.estate.host import (
    DomainList,
    HostEstate,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.many_outcome import (
    as_result,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import Memory
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domains_items import (
    read_items,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.estate_items import (
    KINDS,
    read_entries,
)

from .documents import DUMP
from .measure import Row, paired

_FOLDER = "/srv/bench-host"
_URI = "qemu:///system"
_FILTER = "<filter name='bench-{}'><filterref filter='clean-traffic'/></filter>"
_DEFAULTS: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "graphics": "none",
}


def host() -> dict[str, list[dict[str, t.Any]]]:
    """3 networks, 4 pools, 20 volumes, 10 secrets, 5 filters and 200 domains."""
    return {
        "secrets": [
            {"usage": {"type": "ceph", "id": f"client.bench-{n}"}, "value": "bench"}
            for n in range(10)
        ],
        "nwfilters": [{"xml": _FILTER.format(n)} for n in range(5)],
        "networks": [
            {
                "name": f"bench-{n}",
                "state": "active",
                "ips": [{"address": f"192.168.{200 + n}.1", "prefix": 24}],
            }
            for n in range(3)
        ],
        "pools": [
            {"name": f"bench-{n}", "state": "active", "target": {"path": f"{_FOLDER}/{n}"}}
            for n in range(4)
        ],
        "volumes": [
            {"pool": f"bench-{n % 4}", "name": f"{n}.qcow2", "capacity": "1 GiB"} for n in range(20)
        ],
        "domains": [
            {
                "name": f"bench-{n:04}",
                "disks": [{"vol": f"bench-{n % 4}/{n}.qcow2"}] if n < 20 else "none",
                "networks": [{"network": f"bench-{n % 3}"}],
            }
            for n in range(200)
        ],
    }


def measure(connection: t.Any) -> t.Iterator[Row]:
    listed = host()
    with tempfile.TemporaryDirectory() as folder:
        remembered = os.path.join(folder, "memory")
        try:
            _run(listed, connection, None)

            def ours(file: str | None = None) -> None:
                work = _run(listed, connection, file)
                assert not any(done.is_changed for done in work.done)

            seconds, least = paired(ours, lambda: _dump_all(connection))
            what = "estate of 242 objects with nothing to do"
            yield Row(f"{what} / list and dump them", seconds, least, 3)
            for _round in range(2):
                ours(remembered)
            seconds, least = paired(lambda: ours(remembered), lambda: _dump_all(connection))
            yield Row(f"{what}, seen before / list and dump", seconds, least, 2)
        finally:
            _clear(connection)


def _run(
    listed: dict[str, list[dict[str, t.Any]]], raw: t.Any, remembered: str | None
) -> HostEstate:
    """What the module does between its options and its result."""
    memory = Memory(remembered, "bench", False)
    entries = [entry for kind in KINDS for entry in read_entries(kind, listed[kind.key], {})]
    domains = DomainList(read_items(listed["domains"], _DEFAULTS), None, None)
    connection = Connection(raw, _URI, is_local=True)
    work = HostEstate(connection, entries, [], domains, False, False, memory)
    work.carry_out()
    memory.save()
    as_result(work, False)
    errors = [done.error for done in work.done if done.error]
    assert not errors, errors
    return work


def _dump_all(connection: t.Any) -> None:
    for domain in connection.listAllDomains():
        domain.XMLDesc(DUMP)
    for name in ("listAllSecrets", "listAllNWFilters", "listAllNetworks"):
        for each in getattr(connection, name)():
            each.XMLDesc(0)
    for pool in connection.listAllStoragePools():
        pool.XMLDesc(0)
        for volume in pool.listAllVolumes():
            volume.XMLDesc(0)


def _clear(connection: t.Any) -> None:
    for domain in connection.listAllDomains():
        domain.undefine()
    for each in (*connection.listAllNetworks(), *connection.listAllStoragePools()):
        if each.name().startswith("bench-"):
            each.destroy()
            each.undefine()
    for secret in connection.listAllSecrets():
        if "bench-" in secret.usageID():
            secret.undefine()
    for each in connection.listAllNWFilters():
        if each.name().startswith("bench-"):
            each.undefine()
    shutil.rmtree(_FOLDER, ignore_errors=True)
