# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests of hosts with another architecture, hypervisor or CPU than this one."""

from __future__ import annotations

import collections
import os
import typing as t

import pytest

from . import few_systems
from .judge import BOTH_REFUSE

_QEMU = {
    "aarch64": "virt",
    "armv7l": "virt",
    "ppc64le": "pseries",
    "riscv64": "virt",
    "s390x": "s390-ccw-virtio",
    "x86_64": "q35",
}
_HOSTS = (*_QEMU, "sev", "xen", "lxc", "bhyve")
#: Of what only some hosts have: systems that both refuse it for, whose machine by
#: default isn't q35, or that don't need UEFI.
_REFUSED = {
    "encrypted memory": {"generic", "freebsd13.1"},
    "no UEFI": set(few_systems.SYSTEMS) - {"win11"},
}
#: Beside the scenarios: what only some hosts have.
_ONLY: dict[str, dict[str, tuple[list[str], dict[str, t.Any]]]] = {
    "sev": {
        "encrypted memory": (
            ["--launchSecurity", "sev", "--boot", "uefi"],
            {"launchSecurity": "sev", "boot": "uefi"},
        ),
        "encrypted registers": (
            ["--launchSecurity", "sev,policy=0x07", "--boot", "uefi", "--machine", "q35"],
            {"launchSecurity": "sev,policy=0x07", "boot": "uefi", "machine": "q35"},
        ),
        "no UEFI": (["--launchSecurity", "sev"], {"launchSecurity": "sev"}),
    },
    "xen": {
        "paravirtual": (["--paravirt"], {"os_type": "xen"}),
        "fully virtual": (["--hvm"], {"os_type": "hvm"}),
        "from its CD-ROM": (["--hvm", "--boot", "cdrom"], {"os_type": "hvm", "boot": "cdrom"}),
    },
    "lxc": {
        "a program": (["--init", "/bin/sh"], {"boot": {"init": "/bin/sh"}}),
        "a whole system": (["--filesystem", "/srv/web,/"], {"filesystem": "/srv/web,/"}),
        "a system in a folder": (
            ["--filesystem", "source=/srv/web,target=/srv", "--boot", "initargs=a b"],
            {
                "filesystem": {"source": "/srv/web", "target": "/srv"},
                "boot": {"initargs": "a b"},
            },
        ),
        "a container": (["--container"], {"os_type": "exe"}),
    },
    "bhyve": {
        "BIOS": (["--boot", "loader=/csm.fd"], {"boot": {"loader": "/csm.fd"}}),
        "a console": (
            ["--console", "pty", "--video", "gop"],
            {"console": "pty", "video": "gop"},
        ),
    },
}


@pytest.fixture(scope="module", params=_HOSTS)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> t.Any:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make oracle")
    from . import other_hosts

    kind = request.param
    if kind in _QEMU:
        told = other_hosts.qemu_host(kind, _QEMU[kind])
    else:
        told = getattr(other_hosts, f"{kind}_host")()
    with other_hosts.OtherHostJudge.told(told, tmp_path_factory.mktemp(kind)) as judge:
        yield kind, judge


@pytest.mark.parametrize("scenario", few_systems.SCENARIOS)
def test_the_same_as_virt_install(
    other: t.Any, counts: collections.Counter[str], scenario: str
) -> None:
    _kind, judge = other
    counts["guests of other hosts"] += len(few_systems.SYSTEMS)
    found = few_systems.differences(judge, scenario)
    assert not found, few_systems.shown(found)


def test_what_only_such_a_host_has(other: t.Any, counts: collections.Counter[str]) -> None:
    kind, judge = other
    for what, (arguments, options) in _ONLY.get(kind, {}).items():
        counts["guests of other hosts"] += len(few_systems.SYSTEMS)
        found = few_systems.differences(judge, "import", arguments, options)
        refused = {name for name, difference in found.items() if difference == BOTH_REFUSE}
        assert refused == _REFUSED.get(what, set())
        found = {name: found[name] for name in found if name not in refused}
        assert not found, f"{what}: {few_systems.shown(found)}"
