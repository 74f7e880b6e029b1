# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents of one domain in this process, against virt-install as a program."""

from __future__ import annotations

import subprocess
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)

from .measure import ROUNDS, Row, cpu_time

_VIRT_INSTALL = (
    *("virt-install", "--dry-run", "--print-xml", "--check", "all=off", "--osinfo", "gentoo"),
    *("--name", "bench-gentoo", "--import", "--disk", "size=5"),
)


def measure(_connection: t.Any) -> t.Iterator[Row]:
    """The figures are the CPU of this process and of the program: both wait for libvirt."""
    options = {"osinfo": "gentoo", "name": "bench-gentoo", "import": True, "disk": ["size=5"]}

    def ours() -> None:
        with connected("qemu:///system") as opened:
            domain_defaults(host_facts(Domains(opened)), options)

    def theirs() -> None:
        subprocess.run(_VIRT_INSTALL, capture_output=True, check=True)

    rounds = [(cpu_time(ours), cpu_time(theirs)) for _round in range(ROUNDS + 1)][1:]
    yield Row(
        "domain_defaults of one domain / virt-install --print-xml",
        min(one for one, _other in rounds),
        min(other for _one, other in rounds),
        0.2,
    )
