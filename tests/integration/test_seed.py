# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image with cloud-init's data: what it never overwrites, and what becomes of other data."""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain

from .hypervisor import Hypervisor, Result, task_of
from .three_ways import three_ways

pytestmark = pytest.mark.usefixtures("no_images")

NAME = "seeded"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
SEED = IMAGES / f"{NAME}-cloudinit.iso"
BASE: dict[str, t.Any] = {
    "name": NAME,
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "disk": "none",
    "network": "none",
    "graphics": "none",
    "shutdown": {"method": [], "timeout": 0, "force": True},
}
ONE, OTHER = ({"user_data": {"hostname": name}} for name in ("one", "other"))


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain, check, **{**BASE, **options})


thrice = functools.partial(three_ways, domain, None, **BASE)


def seeds() -> list[str]:
    return sorted(path.name for path in IMAGES.glob(f"{NAME}-cloudinit*"))


@pytest.mark.parametrize("state", ["present", "running"])
@pytest.mark.parametrize("seed", ["next_boot", "always"])
def test_other_data_reach_the_guest(hypervisor: Hypervisor, seed: str, state: str) -> None:
    thrice(cloud_init={**ONE, "seed": seed}, state="running")
    assert SEED.stat().st_mode & 0o777 == 0o600
    before = SEED.read_bytes()
    task(state="stopped" if state == "present" else "running")
    # The order and the time say nothing.
    assert not task(cloud_init={"seed": seed, **ONE}).changed
    done = thrice(cloud_init={**OTHER, "seed": seed})
    assert not done.values["restart_required"]
    assert SEED.read_bytes() == before
    assert len(seeds()) == 2
    new = IMAGES / next(name for name in seeds() if name != SEED.name)
    assert new.stat().st_mode & 0o777 == 0o600
    assert (b"instance-id" in new.read_bytes()) == (seed == "next_boot")
    assert str(new) in hypervisor.definition(NAME)
    if state == "running":
        assert str(new) in hypervisor.raw.lookupByName(NAME).XMLDesc()
    assert not task(cloud_init={**OTHER, "seed": seed}, mode="exact").changed
    # And back again.
    thrice(cloud_init={**ONE, "seed": seed})
    assert new.name not in hypervisor.definition(NAME)
    gone = task_of(
        domain, name=NAME, state="absent", remove_volumes=["all"], shutdown=BASE["shutdown"]
    )
    assert not gone.failed, gone.msg
    assert seeds() == []


def test_other_data_that_do_not_reach_the_guest_are_told(hypervisor: Hypervisor) -> None:
    thrice(cloud_init=ONE, state="running")
    before = SEED.read_bytes()
    for check in (True, False, False):
        for options in ({}, {"mode": "exact"}):
            late = task(check, cloud_init=OTHER, **options)
            assert not late.failed, late.msg
            assert not late.changed
            assert "set cloud_init.seed to next_boot" in str(late.values["warnings"])
    assert SEED.read_bytes() == before
    assert "warnings" not in task(cloud_init=ONE).values
    assert seeds() == [SEED.name]
    # Its drive is empty by now, of which nothing is kept.
    whole: dict[str, t.Any] = {
        "name": NAME,
        "remove_volumes": ["all"],
        "shutdown": BASE["shutdown"],
    }
    gone = task_of(domain, diff=True, state="absent", **whole)
    assert f"{SEED}" in str(gone.values["diff"])
    assert "(kept)" not in str(gone.values["diff"])
    assert seeds() == []


def test_data_for_a_domain_that_was_made_without(hypervisor: Hypervisor) -> None:
    task()
    for mode in ("merge", "exact"):
        for check in (True, False, False):
            late = task(check, cloud_init=ONE, mode=mode)
            assert not late.failed, late.msg
            # The whole truth has the empty drive of cloud-init.
            assert not late.changed or mode == "exact"
            warnings = str(late.values["warnings"])
            assert warnings.count(f"the guest has no volume default/{SEED.name} with data") == 1
    assert seeds() == []
    thrice(cloud_init={**ONE, "seed": "next_boot"})
    assert seeds()[0] in hypervisor.definition(NAME)


def test_the_old_image_survives_a_pool_without_room(hypervisor: Hypervisor) -> None:
    IMAGES.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", IMAGES], check=True)
    try:
        assert not task(cloud_init=ONE).failed
        hypervisor.undefine(NAME)
        before = SEED.read_bytes()
        filling = IMAGES / "filling"
        filling.write_bytes(bytes(1024 * 1024 - len(before) - 24 * 1024))
        refused = task(cloud_init=OTHER)
        assert refused.failed
        assert "make room" in refused.msg or "No space left" in refused.msg
        assert SEED.read_bytes() == before
        assert seeds() == [SEED.name]
        filling.unlink()
        assert not task(cloud_init=OTHER).failed
        assert SEED.read_bytes() != before
        assert seeds() == [SEED.name]
        hypervisor.clear()
        hypervisor.clear_pools()
    finally:
        subprocess.run(["umount", "--lazy", IMAGES], check=True)


@pytest.mark.parametrize("kind", ["blank disk", "the image of cloud-init", "dangling", "link"])
def test_what_another_domain_has_is_left_alone(hypervisor: Hypervisor, kind: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    if kind == "the image of cloud-init":
        assert not task(cloud_init=ONE).failed
        hypervisor.undefine(NAME)
    elif kind == "blank disk":
        SEED.write_bytes(bytes(1024 * 1024))
    else:
        SEED.symlink_to("/var/lib/libvirt/elsewhere")
        if kind == "link":
            pathlib.Path("/var/lib/libvirt/elsewhere").write_bytes(b"precious")
    if not kind.startswith(("dangling", "link")):
        hypervisor.define(
            "<domain type='qemu'><name>other</name><memory unit='MiB'>64</memory>"
            "<os><type arch='x86_64'>hvm</type></os><devices><disk type='file'>"
            f"<source file='{SEED}'/><target dev='vda'/></disk></devices></domain>"
        )
    before = None if kind == "dangling" else SEED.read_bytes()
    is_link = os.path.islink(SEED)
    refused = task(cloud_init=OTHER)
    assert (refused.failed, refused.changed) == (True, False), refused.msg
    assert "nothing was written to it" in refused.msg
    assert (None if kind == "dangling" else SEED.read_bytes()) == before
    assert os.path.islink(SEED) == is_link
    assert seeds() == [SEED.name]
    if not is_link:
        assert "vda of the domain other" in refused.msg


@pytest.mark.parametrize("seed", ["once", "next_boot"])
def test_a_password_that_is_made_up(
    hypervisor: Hypervisor, tmp_path: pathlib.Path, seed: str
) -> None:
    path = tmp_path / "password"
    made = {"root_password_generate": True, "root_password_file": str(path), "seed": seed}
    foreseen = task(True, cloud_init=made, state="running", memory=65)
    assert [one["path"] for one in foreseen.values["changes"]][:2] == [
        "/domain",
        f"file {path}",
    ]
    assert (path.exists(), seeds()) == (False, [])
    done = thrice(cloud_init=made, state="running")
    assert foreseen.values["changes"][1:] == done.values["changes"][1:]
    password = path.read_text().rstrip("\n")
    assert (len(password), path.stat().st_mode & 0o777) == (20, 0o600)
    assert password.encode() in SEED.read_bytes()
    assert b'"expire": true' in SEED.read_bytes()
    assert password not in str(done)
    assert os.listdir(tmp_path) == ["password"]
    # A file that is there is what the password is, of another guest as well.
    assert not task(cloud_init=made, mode="exact").changed
    path.unlink()
    again = task(True, cloud_init=made)
    assert again.failed == (seed != "once"), again.msg
    if again.failed:
        assert (
            f"root_password_file: {path}, with the password that the guest was given" in again.msg
        )
    else:
        assert not task(cloud_init=made).changed
    assert not path.exists()


def test_a_password_without_a_place_for_it(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    place = tmp_path / "none" / "password"
    for made, reason in (
        ({"root_password_generate": True}, "a password that is made up has to be kept"),
        ({"root_password_generate": True, "root_password_file": str(place)}, "there is no folder"),
        ({"root_password_generate": True, "root_password_file": str(tmp_path)}, "a directory"),
        ({"root_password_file": str(place)}, "can't read"),
    ):
        for check in (True, False):
            done = task(check, cloud_init=made, state="running")
            assert done.failed
            assert reason in done.msg
    assert (seeds(), NAME in hypervisor.names()) == ([], False)
