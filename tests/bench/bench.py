# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the collection against a floor in the same run, and prints ratios.

Run by ``make bench`` beside a private libvirtd. Each figure is the median of
several rounds in which what is compared takes turns, so that a machine whose
speed varies does not favour one of them.
"""

from __future__ import annotations

import functools
import itertools
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils.hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils.reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.xmltree.parse import parse

HERE = pathlib.Path(__file__).parent
DUMP = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
TASKS = 20
ROUNDS = 5


class Row(t.NamedTuple):
    """A line of the table: what was measured, against what, and the target."""

    what: str
    seconds: float
    floor: float
    target: float | None

    def __str__(self) -> str:
        target = f"target ≤ {self.target}" if self.target else ""
        return (
            f"{self.what:62} {self.seconds * 1000:9.1f} ms {self.floor * 1000:9.1f} ms "
            f"{self.seconds / self.floor:6.2f} {target}"
        )


def timed(work: t.Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(first: t.Callable[[], object], second: t.Callable[[], object]) -> tuple[float, float]:
    """The medians of both, which take turns; one round of each isn't counted."""
    rounds = [(timed(first), timed(second)) for _round in range(ROUNDS + 1)][1:]
    return (
        statistics.median(one for one, _other in rounds),
        statistics.median(other for _one, other in rounds),
    )


# Documents


def guest(number: int) -> str:
    """A guest like those that virt-install makes: as many devices, as a person writes it."""
    return (
        (HERE / "guest.xml")
        .read_text(encoding="utf-8")
        .replace("NUMBER", f"{number:04}")
        .replace("MAC", f"52:54:00:00:{number // 256:02x}:{number % 256:02x}")
    )


def guest_with_devices(count: int) -> str:
    """A guest with this many disks and interfaces, half and half."""
    disks = "".join(
        f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
        f"<source file='/images/{n}.qcow2'/><target dev='sd{_letters(n + 1)}' bus='scsi'/></disk>"
        for n in range(count // 2)
    )
    interfaces = "".join(
        f"<interface type='network'><mac address='52:54:00:01:00:{n:02x}'/>"
        f"<source network='default'/><model type='virtio'/></interface>"
        for n in range(count - count // 2)
    )
    return guest(9999).replace("</devices>", f"{disks}{interfaces}</devices>")


def _letters(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


# Measurements


def engine(connection: t.Any) -> t.Iterator[Row]:
    """Planning for all domains against libvirt's own list-and-dump of them."""
    for number in range(1000):
        connection.defineXML(guest(number))
    by_hand = {f"bench-{number:04}": guest(number) for number in range(1000)}
    dumps: dict[str, str] = {}

    def read() -> None:
        dumps.clear()
        for domain in connection.listAllDomains():
            dumps[domain.name()] = domain.XMLDesc(DUMP)

    def plan_all(documents: dict[str, str], count: int = 1000) -> t.Callable[[], None]:
        def plan() -> None:
            for name in sorted(documents)[:count]:
                assert not reconcile(parse(documents[name]), parse(dumps[name])).changes

        return plan

    read()
    complete = dict(dumps)
    for what, documents in (("written by hand", by_hand), ("complete", complete)):
        ours, floor = paired(plan_all(documents), read)
        yield Row(f"plan 1000 domains, {what} / list and dump them", ours, floor, 3)
        yield Row(f"read and plan 1000 domains, {what} / list and dump", ours + floor, floor, None)
    small, large = paired(plan_all(by_hand, 10), plan_all(by_hand))
    yield Row("plan one of 1000 domains / one of 10", large / 1000, small / 10, None)
    for name in by_hand:
        connection.lookupByName(name).undefine()


def devices(connection: t.Any) -> Row:
    """How time grows with the devices of one guest."""
    plans = {}
    for count in (10, 200):
        document = guest_with_devices(count)
        domain = connection.defineXML(document)
        dump = domain.XMLDesc(DUMP)
        domain.undefine()
        desired, actual = parse(document), parse(dump)
        assert not reconcile(desired, actual).changes

        def plan(desired: t.Any = desired, actual: t.Any = actual, count: int = count) -> None:
            for _time in range(2000 // count):
                reconcile(desired, actual)

        plans[count] = plan
    small, large = paired(plans[10], plans[200])
    # Both have made plans for 2000 devices in all.
    return Row("plan for one of 200 devices / one of 10", large / 2000, small / 2000, None)


def tasks(connection: t.Any) -> t.Iterator[Row]:
    """Tasks that change nothing, against Ansible's emptiest one."""
    document = guest(1)
    connection.defineXML(document)
    with tempfile.TemporaryDirectory() as folder:
        tried = {
            "none": [],
            "ping": ["ansible.builtin.ping:"],
            "domain_xml": ["declarative.libvirt.domain_xml: {src: " + f"{folder}/guest.xml" + "}"],
            "domain_defaults": ["declarative.libvirt.domain_defaults: " + _DEFAULTS],
        }
        pathlib.Path(folder, "guest.xml").write_text(document, encoding="utf-8")
        for name, lines in tried.items():
            playbook = _playbook(lines * TASKS)
            pathlib.Path(folder, f"{name}.yml").write_text(playbook, encoding="utf-8")
        runs: dict[str, list[float]] = {name: [] for name in tried}
        for number in range(ROUNDS):
            for name in tried:
                seconds = timed(functools.partial(_play, folder, name))
                if number:
                    runs[name].append(seconds)
    connection.lookupByName("bench-0001").undefine()
    median = {name: statistics.median(seconds) for name, seconds in runs.items()}
    ping = (median["ping"] - median["none"]) / TASKS
    for name, what, target in (
        ("domain_xml", "a domain_xml task with nothing to do", 1.5),
        ("domain_defaults", "a domain_defaults task", 2),
    ):
        seconds = (median[name] - median["none"]) / TASKS
        yield Row(f"{what} / ansible.builtin.ping", seconds, ping, target)


_DEFAULTS = "{osinfo: gentoo, name: bench-gentoo, import: true, disks: [{size: 5}]}"
_VIRT_INSTALL = (
    *("virt-install", "--dry-run", "--print-xml", "--check", "all=off", "--osinfo", "gentoo"),
    *("--name", "bench-gentoo", "--import", "--disk", "size=5"),
)


def defaults(_connection: t.Any) -> Row:
    """The documents of one domain in this process, against virt-install as a program.

    The figures are user CPU: both wait for libvirt.
    """
    options = {"osinfo": "gentoo", "name": "bench-gentoo", "import": True, "disk": ["size=5"]}

    def ours() -> None:
        with connected("qemu:///system") as opened:
            domain_defaults(host_facts(opened), options)

    def theirs() -> None:
        subprocess.run(_VIRT_INSTALL, capture_output=True, check=True)

    rounds = [(user_time(ours), user_time(theirs)) for _round in range(ROUNDS + 1)][1:]
    return Row(
        "domain_defaults of one domain / virt-install --print-xml (user CPU)",
        statistics.median(one for one, _other in rounds),
        statistics.median(other for _one, other in rounds),
        0.2,
    )


def user_time(work: t.Callable[[], object]) -> float:
    """The user CPU that it takes, that of the processes it starts included."""
    before = os.times()
    work()
    after = os.times()
    return after.user - before.user + after.children_user - before.children_user


def _playbook(tasks: list[str]) -> str:
    lines = ["- hosts: localhost", "  connection: local", "  gather_facts: false", "  tasks:"]
    lines += [f"    - {line}" for line in tasks or ["ansible.builtin.meta: noop"]]
    return "\n".join(lines) + "\n"


def _play(folder: str, name: str) -> None:
    done = subprocess.run(
        [
            str(pathlib.Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "localhost,",
            "-e",
            "ansible_python_interpreter=/usr/bin/python3",
            f"{folder}/{name}.yml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or re.search(r"changed=[1-9]", done.stdout):
        sys.exit(f"{name}.yml did not run unchanged:\n{done.stdout}{done.stderr}")


def main() -> None:
    libvirt.registerErrorHandler(lambda *_error: None, None)
    connection = libvirt.open("qemu:///system")
    print(f"libvirt {connection.getLibVersion()}, Python {sys.version.split()[0]}")
    print(f"{'':62} {'ours':>12} {'floor':>12}  ratio")
    for row in itertools.chain(
        engine(connection), [devices(connection), defaults(connection)], tasks(connection)
    ):
        print(row, flush=True)


if __name__ == "__main__":
    main()
