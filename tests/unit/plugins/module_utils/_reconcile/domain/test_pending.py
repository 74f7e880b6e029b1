# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.pending import (
    pending,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.balloon import (
    depends_on_driver,
    has_balloon,
    without_current,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


def domain(memory: int, current: int, arch: str = "x86_64", rest: str = ""):
    return parse(
        f"<domain type='qemu'><name>a</name><memory>{memory}</memory>"
        f"<currentMemory>{current}</currentMemory><os><type arch='{arch}'>hvm</type></os>{rest}"
        "<devices><memballoon model='virtio'/></devices></domain>"
    )


def paths(definition, live) -> list[str]:
    return [change.path for change in pending(definition, live)]


@pytest.mark.parametrize(
    ("definition", "live", "expected"),
    [
        # It was to give memory back, and has not.
        ((4096, 1024), (4096, 4096), True),
        # A driver has given some back.
        ((4096, 1024), (4096, 2048), False),
        # It is to have all of it.
        ((8192, 8192), (4096, 4096), False),
    ],
)
def test_when_a_driver_matters(definition, live, expected) -> None:
    assert depends_on_driver(domain(*definition), domain(*live)) is expected


def test_the_present_memory_without_a_driver_is_not_pending() -> None:
    definition, live = domain(4096, 1024), domain(4096, 4096)
    assert paths(definition, live) == ["/domain/currentMemory"]
    assert paths(definition, without_current(live)) == []
    assert paths(domain(8192, 1024), without_current(live)) == ["/domain/memory"]


@pytest.mark.parametrize(
    ("current", "live", "expected"),
    [
        # The driver gives its last pages back late.
        (4194304, 4193280, []),
        (2097152, 2098176, []),
        (4194304, 4192256, ["/domain/currentMemory"]),
        (2097152, 4194304, ["/domain/currentMemory"]),
    ],
)
def test_a_step_of_the_driver_is_not_pending(current: int, live: int, expected: list[str]) -> None:
    assert paths(domain(4194304, current), domain(4194304, live)) == expected


GRAPHICS = (
    "<devices><graphics type='vnc' autoport='yes' {0}><listen type='address' {1}/></graphics>"
    "</devices>"
)


@pytest.mark.parametrize(
    ("before", "live", "expected"),
    [
        ("192.168.1.1", "192.168.1.1", ["@listen", "listen[@type='address']/@address"]),
        # It never had that.
        ("192.168.1.1", "127.0.0.1", []),
        ("", "192.168.1.1", []),
    ],
)
def test_a_value_that_is_taken_away_is_not_libvirts_choice(before, live, expected) -> None:
    old, new, running = (
        parse(
            "<domain type='qemu'><name>a</name>"
            + GRAPHICS.format(one and f"listen='{one}'", one and f"address='{one}'")
            + "</domain>"
        )
        for one in (before, "", live)
    )
    lost = reconcile(new, old, DOMAIN).changes
    found = [change.path for change in pending(new, running, lost)]
    assert found == [f"/domain/devices/graphics[@type='vnc']/{one}" for one in expected]
    assert pending(new, running) == ()


def test_a_balloon() -> None:
    assert has_balloon(domain(1, 1))
    assert not has_balloon(parse("<domain><devices/></domain>"))
    assert not has_balloon(parse("<domain><devices><memballoon model='none'/></devices></domain>"))


@pytest.mark.parametrize(
    ("arch", "memory", "current", "expected"),
    [
        ("ppc64", 262144, 262144, []),
        ("ppc64le", 262144, 262144, []),
        ("ppc64", 524288, 262144, ["/domain/memory"]),
        ("x86_64", 262144, 262144, ["/domain/memory", "/domain/currentMemory"]),
    ],
)
def test_memory_in_whole_blocks(arch: str, memory: int, current: int, expected: list[str]) -> None:
    assert paths(domain(219100, 219100, arch), domain(memory, current, arch)) == expected


@pytest.mark.parametrize(
    ("written", "runs", "is_same"),
    [
        ("force", "disable", True),
        ("force", "require", True),
        ("forbid", "disable", True),
        ("disable", "require", False),
        ("require", "forbid", False),
    ],
)
def test_the_policy_of_a_cpu_feature(written: str, runs: str, is_same: bool) -> None:
    def with_policy(policy: str):
        cpu = (
            f"<cpu mode='custom'><model>qemu64</model><feature policy='{policy}' name='ds'/></cpu>"
        )
        return domain(1024, 1024, rest=cpu)

    found = paths(with_policy(written), with_policy(runs))
    assert found == ([] if is_same else ["/domain/cpu/feature[@name='ds']/@policy"])


@pytest.mark.parametrize(("name", "pending"), [("ht", 0), ("ds", 1)])
def test_a_cpu_feature_that_the_running_guest_does_not_list(name: str, pending: int) -> None:
    listed = f"<feature policy='require' name='{name}'/>"
    definition, live = (
        domain(1024, 1024, rest=f"<cpu mode='custom'><model>qemu64</model>{feature}</cpu>")
        for feature in (listed, "")
    )
    assert len(paths(definition, live)) == pending
