# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first boot of a guest, with cloud-init or an installer, until it is over."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_info,
    domain_state,
    domains,
)

from .guests import Boot, Guest
from .hypervisor import Hypervisor, Result, task_of

pytestmark = pytest.mark.usefixtures("no_images")

NAME = "first"
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
BASE: dict[str, t.Any] = {
    "name": NAME,
    "osinfo": "debian11",
    "virt_type": "qemu",
    "memory": 192,
    "disk": "none",
    "network": "none",
    "graphics": "none",
}


def task(check: bool = False, **options: t.Any) -> Result:
    done = task_of(domain, check, **{"name": NAME, "shutdown": SWITCH_OFF, **options})
    assert not done.failed, done.msg
    return done


def kernel(boot: Boot) -> dict[str, str]:
    return {
        "kernel": str(boot.kernel),
        "initrd": str(boot.initrd),
        "kernel_args": "console=ttyS0 quiet",
    }


def answers(options: dict[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
    """What each module says of the guest while nothing of it changes, in each of its ways."""
    for check in (True, False):
        yield task(check, **options).values
        yield task(check, name=NAME, state="running").values
        yield task(check, **{**options, "mode": "exact"}).values
        yield task_of(domain_state, check, name=NAME, state="running").values
        several = task_of(domains, check, domains=[options])
        assert not several.failed, several.msg
        yield several.values["results"][0]
    yield task_of(domain_info, name=NAME).values["domains"][0]


def waits_for_nothing(options: dict[str, t.Any]) -> None:
    for number, one in enumerate(answers(options)):
        told = (one.get("changed", False), one["restart_required"], one["pending"])
        assert told == (False, False, []), number


def test_a_guest_with_cloud_init_restarts_like_any_other(
    hypervisor: Hypervisor, boot: Boot
) -> None:
    options = {
        **BASE,
        "import": True,
        "boot": kernel(boot),
        "cloud_init": {"user_data": {"hostname": NAME}},
        "state": "running",
    }
    for check in (True, False):
        done = task(check, **options)
        assert (done.changed, done.values["restart_required"]) == (True, False)
        assert done.values["pending"] == []
    waits_for_nothing(options)
    raw = hypervisor.raw.lookupByName(NAME)
    number, guest = raw.ID(), Guest(raw)
    guest.wait_for_agent()
    before = guest.boot_id()
    assert before
    guest.restart()
    guest.wait_until(lambda: guest.boot_id() not in (None, before), 120)
    assert (raw.isActive(), raw.ID()) == (1, number)
    # It is still the first boot's guest, which may need its data after a restart.
    assert f"{NAME}-cloudinit.iso" in raw.XMLDesc()
    assert f"{NAME}-cloudinit.iso" not in hypervisor.definition(NAME)
    waits_for_nothing(options)
    assert not task(**options, wait={"for": "installed"}).changed
    # What differs besides is told, and waits for a restart.
    changed = task(memory=256)
    assert changed.values["restart_required"]
    assert {one["path"] for one in changed.values["pending"]} == {
        "/domain/memory",
        "/domain/currentMemory",
    }


@pytest.mark.parametrize("restart", ["if_required", "always", "state"])
def test_a_restart_leaves_cloud_init_its_data(
    hypervisor: Hypervisor, boot: Boot, restart: str
) -> None:
    """It may be in the middle of them, and a start with an empty drive would end that."""
    options = {
        **BASE,
        "import": True,
        "boot": kernel(boot),
        "cloud_init": {"user_data": {"hostname": NAME}},
        "state": "running",
    }
    task(**options)
    raw = hypervisor.raw.lookupByName(NAME)
    number = hypervisor.number(NAME)
    if restart == "state":
        done = task_of(domain_state, name=NAME, state="restarted", shutdown=SWITCH_OFF)
        assert done.changed, done.msg
    else:
        for check in (True, False):
            done = task(check, memory=256, restart=restart)
            assert done.changed
            assert done.values["pending"] == []
        assert raw.maxMemory() == 256 * 1024
        options["memory"] = 256
    assert hypervisor.number(NAME) not in (number, -1)
    seed = f"{NAME}-cloudinit.iso"
    assert (seed in raw.XMLDesc(), seed in hypervisor.definition(NAME)) == (True, False)
    assert raw.isPersistent()
    waits_for_nothing(options)
    # As it is documented, it has them until it is switched off.
    task(**options, wait=None)
    raw.destroy()
    task(**options)
    assert seed not in raw.XMLDesc()


def test_an_installation_is_not_cut_short(hypervisor: Hypervisor, boot: Boot) -> None:
    options = {**BASE, "disk": {"size": 1}, "install": kernel(boot), "state": "running"}
    for check in (True, False):
        done = task(check, **options)
        assert (done.changed, done.values["restart_required"]) == (True, False)
        assert done.values["pending"] == []
    waits_for_nothing(options)
    raw = hypervisor.raw.lookupByName(NAME)
    number, guest = raw.ID(), Guest(raw)
    guest.wait_for_agent()
    for restart, memory in (("if_required", 256), ("always", 224)):
        for check in (True, False):
            changed = task(check, memory=memory, restart=restart)
            assert changed.changed
            assert not changed.values["restart_required"]
            reasons = {one["reason"] for one in changed.values["pending"]}
            assert len(reasons) == 1
            assert "is being installed" in reasons.pop()
            assert "not restarted" in str(changed.values["warnings"])
        device = task_of(
            domain_device, domain=NAME, rng="/dev/urandom", restart=restart, affect=["config"]
        )
        assert not device.failed, device.msg
        assert raw.ID() == number
    told = task_of(domain_info, name=NAME).values["domains"][0]
    assert not told["restart_required"]
    assert all("is being installed" in one["reason"] for one in told["pending"])
    guest.restart()
    installed = task(**{**options, "memory": 224}, wait={"for": "installed", "timeout": 60})
    assert installed.changed
    assert installed.values["pending"] == []
    assert (raw.isActive(), raw.maxMemory()) == (1, 224 * 1024)
    assert "<kernel>" not in raw.XMLDesc()


def test_the_guest_of_a_task_that_was_killed_is_defined(hypervisor: Hypervisor) -> None:
    options = {
        **BASE,
        "import": True,
        "cloud_init": {"user_data": {"hostname": NAME}},
        "state": "running",
    }
    task(**options)
    raw = hypervisor.raw.lookupByName(NAME)
    number, wanted = raw.ID(), hypervisor.definition(NAME)
    raw.undefine()
    for check in (True, False):
        assert task(check, **options).changed
    assert raw.ID() == number
    assert hypervisor.definition(NAME) == wanted
    waits_for_nothing(options)
