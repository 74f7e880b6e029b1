# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many domains in one task, against libvirt's own calls and against other ways to do it."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.many import (
    ManyDomains,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.many_outcome import (
    as_result,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import NOTHING
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import (
    Memory as Remembered,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domains_items import (
    read_items,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .documents import DUMP, defined
from .measure import TIME, Row, both_cpu, paired, timed
from .playbooks import play, write

_IMAGES = pathlib.Path("/var/lib/libvirt/images/bench")
_POOL = f"<pool type='dir'><name>bench</name><target><path>{_IMAGES}</path></target></pool>"
DEFAULTS: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 1024,
    "vcpus": 2,
    "networks": ["default"],
    "graphics": "vnc",
}
ROUNDS = 3
COUNTS = (10, 100, 1000)
_MODULE_PROCESS = """
import runpy
import sys

try:
    runpy.run_module(
        "ansible_collections.declarative.libvirt.plugins.modules.domains", run_name="__main__"
    )
finally:
    with open("/proc/self/status") as status:
        sys.stderr.write(status.read())
"""


class Memory(t.NamedTuple):
    """A line of the table: how much memory a process has at most."""

    what: str
    kib: int
    target: int | None

    def __str__(self) -> str:
        mib, target = self.kib / 1024, ""
        if self.target is not None:
            target = f"≤ {self.target} MiB {'met' if mib <= self.target else 'NOT MET'}"
        return f"{self.what:75} {mib:9.1f} MiB {target}".rstrip()


def measure(connection: t.Any) -> t.Iterator[Row | Memory]:
    with _images(connection, 1000):
        yield from _by_options(connection)
        yield from _by_documents(connection)
        yield from _creation(connection)
        yield from _other_ways(connection)


def estate(count: int) -> list[dict[str, t.Any]]:
    """This many domains, each with a disk of its own."""
    return [
        {"name": f"bench-{n:04}", "disks": [{"path": f"{_IMAGES}/{n:04}.qcow2", "size": 1}]}
        for n in range(count)
    ]


@contextlib.contextmanager
def _images(connection: t.Any, count: int) -> t.Iterator[None]:
    _IMAGES.mkdir(parents=True)
    first = _IMAGES / "0000.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", first, "1G"], check=True)
    for number in range(1, count):
        shutil.copyfile(first, _IMAGES / f"{number:04}.qcow2")
    pool = connection.storagePoolCreateXML(_POOL, 0)
    try:
        yield
    finally:
        pool.destroy()
        for path in _IMAGES.iterdir():
            path.unlink()
        _IMAGES.rmdir()


def _run(
    domains: list[dict[str, t.Any]], raw: t.Any = None, remembered: str | None = None
) -> ManyDomains:
    """What the module does between its options and its result, on a connection.

    ``remembered`` is the file of what earlier runs have found out.
    """
    with contextlib.ExitStack() as stack:
        if raw is None:
            opened = stack.enter_context(connected("qemu:///system"))
        else:
            opened = Connection(raw, "qemu:///system", is_local=True)
        memory = NOTHING if remembered is None else Remembered(remembered, "bench", False)
        items = read_items(domains, DEFAULTS)
        work = ManyDomains(opened, items, None, False, None, False, memory)
        work.carry_out()
        as_result(work, False)
    assert not [one.error for one in work.done if one.error]
    return work


def _clear(connection: t.Any) -> None:
    for domain in connection.listAllDomains():
        domain.undefine()


def _by_options(connection: t.Any) -> t.Iterator[Row | Memory]:
    """Domains that are given by options."""
    rows = {}
    for count in COUNTS:
        domains = estate(count)
        _run(domains)
        rows[count] = _nothing_to_do("options", domains, connection)
        yield from rows[count]
    yield from _growth("options", rows)
    most = {
        count: _process({"domains": estate(count), "defaults": DEFAULTS}) for count in (10, 1000)
    }
    yield Row("module process, 1000 domains with nothing to do / 3 s", most[1000][0], 3, 1, TIME)
    yield Memory("memory of the module process with 1000 domains", most[1000][1], 60)
    yield Memory("memory of the module process with 10 domains", most[10][1], None)
    _clear(connection)


def _by_documents(connection: t.Any) -> t.Iterator[Row]:
    """Domains that are given as XML: as libvirt writes it, and as a person does."""
    rows: dict[str, dict[int, tuple[Row, Row]]] = {"XML": {}, "hand-written XML": {}}
    for count in COUNTS:
        with defined(connection, count) as written:
            dumps = {name: connection.lookupByName(name).XMLDesc(DUMP) for name in written}
            for kind, documents in (("XML", dumps), ("hand-written XML", written)):
                domains = [{"name": name, "xml": text} for name, text in documents.items()]
                rows[kind][count] = _nothing_to_do(kind, domains, connection)
                yield from rows[kind][count]
    for kind, found in rows.items():
        yield from _growth(kind, found)


def _nothing_to_do(
    kind: str, domains: list[dict[str, t.Any]], connection: t.Any
) -> tuple[Row, Row]:
    """Domains that need no change, without and with the memory of earlier runs."""
    what = f"domains, {len(domains)} by {kind}"
    with tempfile.TemporaryDirectory() as folder:
        remembered = os.path.join(folder, "memory")
        for _round in range(2):
            _run(domains, connection, remembered)

        def ours(file: str | None) -> None:
            assert not any(one.is_changed for one in _run(domains, connection, file).done)

        def row(how: str, file: str | None, target: float) -> Row:
            seconds, least = paired(functools.partial(ours, file), lambda: _dump_all(connection))
            return Row(f"{what}, {how} / list and dump them", seconds, least, target)

        return row("not seen before", None, 3), row("seen before", remembered, 1.5)


def _growth(kind: str, rows: dict[int, tuple[Row, Row]]) -> t.Iterator[Row]:
    """What one domain takes among many, and among few."""
    for few, many in zip(COUNTS, COUNTS[1:]):
        for number, seen in enumerate(("not seen before", "seen before")):
            what = f"domains, one of {many} by {kind}, {seen} / one of {few}"
            small, large = (rows[count][number].seconds / count for count in (few, many))
            yield Row(what, large, small, 1.2)


def _dump_all(connection: t.Any) -> None:
    for domain in connection.listAllDomains():
        domain.XMLDesc(DUMP)


def _process(options: dict[str, t.Any]) -> tuple[float, int]:
    """The module as a process of its own: the seconds to its end, and the most memory, in KiB.

    As when it comes from Ansible, its code is compiled.
    """
    with tempfile.TemporaryDirectory() as folder:
        arguments = pathlib.Path(folder, "arguments.json")
        arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}), encoding="utf-8")
        command = [sys.executable, "-c", _MODULE_PROCESS, str(arguments)]
        memory = []

        def run() -> None:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert not done.returncode, done.stdout
            assert not json.loads(done.stdout)["changed"]
            memory.append(int(re.findall(r"VmHWM:\s+(\d+) kB", done.stderr)[0]))

        return min(timed(run) for _round in range(ROUNDS)), max(memory)


def _creation(connection: t.Any) -> t.Iterator[Row]:
    """Domains that aren't there yet, which are defined by several requests at once."""
    domains = estate(1000)
    works: list[ManyDomains] = []

    def ours() -> None:
        works[:] = [_run(domains)]

    def bare() -> None:
        for document in documents:
            connection.defineXML(document)

    rounds = []
    documents: list[str] = []
    for _round in range(ROUNDS):
        taken: list[float] = []
        for work in (ours, bare):
            begun = time.perf_counter()
            taken += (both_cpu(work), time.perf_counter() - begun)
            _clear(connection)
            documents = [serialise(one.work.result.domain) for one in works[0].done if one.work]
        rounds.append(taken)
    cpu, seconds, least_cpu, least_seconds = map(min, zip(*rounds))
    what = "domains, first creation of 1000 definitions / bare defineXML"
    yield Row(what, cpu, least_cpu, 1.3)
    yield Row(what, seconds, least_seconds, 1.3, TIME)


def _other_ways(connection: t.Any) -> t.Iterator[Row]:
    """The same hundred, by one task, by a task each, and by virt-install."""
    domains = estate(100)
    with tempfile.TemporaryDirectory() as folder:
        many = {"domains": domains, "defaults": DEFAULTS}
        write(folder, "none", [])
        write(folder, "domains", [f"declarative.libvirt.domains: {json.dumps(many)}"])
        write(
            folder,
            "domain",
            [f"declarative.libvirt.domain: {json.dumps({**DEFAULTS, **one})}" for one in domains],
        )
        nothing = timed(lambda: play(folder, "none"))
        one_task = timed(lambda: play(folder, "domains", 1)) - nothing
        _clear(connection)
        each = timed(lambda: play(folder, "domain", len(domains))) - nothing
        _clear(connection)
        programs = timed(lambda: _virt_install(domains, folder))
        _clear(connection)
    yield Row("100 domains made by one task / by a task of domain each", one_task, each, None, TIME)
    yield Row(
        "100 domains made by one task / virt-install --print-xml, virsh define",
        one_task,
        programs,
        None,
        TIME,
    )


def _virt_install(domains: list[dict[str, t.Any]], folder: str) -> None:
    path = pathlib.Path(folder, "domain.xml")
    for domain in domains:
        command = [
            *("virt-install", "--dry-run", "--print-xml", "--check", "all=off", "--import"),
            *("--osinfo", "debian11", "--virt-type", "qemu", "--memory", "1024", "--vcpus", "2"),
            *("--network", "default", "--graphics", "vnc", "--name", domain["name"]),
            *("--disk", domain["disks"][0]["path"]),
        ]
        path.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
        define = ["virsh", "-q", "-c", "qemu:///system", "define", str(path)]
        subprocess.run(define, capture_output=True, check=True)
