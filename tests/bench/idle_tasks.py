# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that change nothing, against Ansible's emptiest one."""

from __future__ import annotations

import functools
import pathlib
import statistics
import tempfile
import typing as t

from .documents import defined
from .measure import ROUNDS, Row, timed
from .playbooks import play, write

TASKS = 20
_DEFAULTS = "{osinfo: gentoo, name: bench-gentoo, import: true, disks: [{size: 5}]}"


def measure(connection: t.Any) -> t.Iterator[Row]:
    with defined(connection, 2) as documents, tempfile.TemporaryDirectory() as folder:
        tried = {
            "none": [],
            "ping": ["ansible.builtin.ping:"],
            "domain_xml": ["declarative.libvirt.domain_xml: {src: " + f"{folder}/guest.xml" + "}"],
            "domain_defaults": ["declarative.libvirt.domain_defaults: " + _DEFAULTS],
        }
        pathlib.Path(folder, "guest.xml").write_text(documents["bench-0001"], encoding="utf-8")
        for name, lines in tried.items():
            write(folder, name, lines * TASKS)
        runs: dict[str, list[float]] = {name: [] for name in tried}
        for number in range(ROUNDS):
            for name in tried:
                seconds = timed(functools.partial(play, folder, name))
                if number:
                    runs[name].append(seconds)
    median = {name: statistics.median(seconds) for name, seconds in runs.items()}
    ping = (median["ping"] - median["none"]) / TASKS
    for name, what, target in (
        ("domain_xml", "a domain_xml task with nothing to do", 1.5),
        ("domain_defaults", "a domain_defaults task", 2),
    ):
        seconds = (median[name] - median["none"]) / TASKS
        yield Row(f"{what} / ansible.builtin.ping", seconds, ping, target)
