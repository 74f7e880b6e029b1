# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checkpoints of real guests, and the backups that rest on them."""

from __future__ import annotations

import functools
import json
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_checkpoint,
    domain_checkpoint_info,
)

from .hypervisor import Hypervisor, Result, task_of
from .test_domain_backup import KEPT, NAME, SOCKET, define, disk, done, folder, image, task
from .three_ways import assert_fails, assert_unchanged, three_ways

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("no_images", "folder")


def state_of(hypervisor: Hypervisor) -> object:
    """The definition, and all that libvirt keeps of the checkpoints."""
    domain = hypervisor.raw.lookupByName(NAME)
    return domain.XMLDesc(0), sorted(each.getXMLDesc(0) for each in domain.listAllCheckpoints())


def changes(result: Result) -> list[tuple[str, str]]:
    return [(each["op"], each["path"]) for each in result.values["changes"]]


def test_a_checkpoint(hypervisor: Hypervisor) -> None:
    vda, vdb = image("vda", options="compat=1.1"), image("vdb", "raw")
    old = image("old", options="compat=0.10")
    domain = define(hypervisor, disk(vda, "vda") + disk(vdb, "vdb") + disk(old, "vdc"))
    state = functools.partial(state_of, hypervisor)
    fails = functools.partial(assert_fails, domain_checkpoint, state)
    ways = functools.partial(three_ways, domain_checkpoint, state)
    one: dict[str, t.Any] = {"domain": NAME, "name": "one", "disks": ["vda"]}

    fails("state: the guest is off, and libvirt makes", **one)
    assert_unchanged(domain_checkpoint, state, **one, state="absent")
    assert_unchanged(domain_checkpoint, state, domain="nobody", name="one", state="absent")
    fails("domain: there is no domain 'nobody'", domain="nobody", name="one")
    domain.create()
    fails("disks: the image of vdb is raw", domain=NAME, name="one")
    fails("disks: the image of vdc is qcow2 of version 2", **{**one, "disks": ["vdc"]})
    fails("disks: the domain has no disk vdd", **{**one, "disks": ["vdd"]})
    fails("name: libvirt takes letters", **{**one, "name": "a b"})
    fails("name: it has 248 bytes", **{**one, "name": "x" * 248})

    result = ways(**one, description="words")
    assert changes(result) == [("add", "checkpoint one")]
    assert result.values["changes"][0]["after"] == "checkpoint of vda"
    assert_unchanged(domain_checkpoint, state, domain=NAME, name="one")
    assert changes(ways(**one, description="more")) == [("modify", "checkpoint one description")]
    assert changes(ways(**one, description="")) == [("remove", "checkpoint one description")]
    fails("disks: the checkpoint 'one' exists and is of vda", **{**one, "disks": ["vdb"]})
    for name in ("two", "three"):
        assert task_of(domain_checkpoint, **{**one, "name": name}).changed
    found = task_of(domain_checkpoint_info, domain=[NAME], name=["t*", "one"]).values["checkpoints"]
    by_name = {each["name"]: each for each in found}
    assert [each["name"] for each in found if each["parent"] is None] == ["one"]
    assert by_name["two"]["parent"] == "one"
    assert by_name["two"]["children"] == ["three"]
    assert by_name["two"]["disks"] == ["vda"]
    assert by_name["two"]["changed_bytes"] == {"vda": 0}
    assert task_of(domain_checkpoint_info, name=["four"]).values["checkpoints"] == []

    # One from the middle, then one with all that came after it.
    gone = ways(domain=NAME, name="two", state="absent")
    assert changes(gone) == [("remove", "checkpoint two")]
    (last,) = task_of(domain_checkpoint_info, name=["three"]).values["checkpoints"]
    assert last["parent"] == "one"
    gone = ways(domain=NAME, name="one", state="absent", children=True)
    assert changes(gone) == [("remove", "checkpoint three"), ("remove", "checkpoint one")]

    # While it is off, libvirt can only forget one, and QEMU keeps its notes.
    assert task_of(domain_checkpoint, **one).changed
    domain.destroy()
    fails("state: the guest is off, and libvirt deletes", domain=NAME, name="one", state="absent")
    ways(domain=NAME, name="one", state="absent", metadata_only=True)
    domain.create()
    domain.suspend()
    failed = task_of(domain_checkpoint, **one)
    assert failed.failed
    assert "an image has the notes of a checkpoint of this name" in failed.msg
    assert domain.listAllCheckpoints() == []


def test_backups_after_their_checkpoint_is_gone(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk(image("vda", options="compat=1.1"), "vda"))
    domain.create()
    state = functools.partial(state_of, hypervisor)
    first = done(type="auto")
    name = first["checkpoint"]
    # Somebody's own stays, whatever backups do.
    assert task_of(domain_checkpoint, domain=NAME, name="own").changed
    assert done(type="auto")["type"] == "incremental"
    assert {each.getName() for each in domain.listAllCheckpoints()} > {"own"}
    (name,) = {each.getName() for each in domain.listAllCheckpoints()} - {"own"}

    # While a backup is read, its checkpoint stays.
    serve: dict[str, t.Any] = {"state": "served", "socket": SOCKET}
    assert task(**serve).changed
    gone: dict[str, t.Any] = {"domain": NAME, "name": name, "state": "absent"}
    assert_fails(domain_checkpoint, state, "domain: a backup of it runs", **gone)
    assert task(state="ended").changed

    three_ways(domain_checkpoint, state, **gone)
    words = f"the checkpoint of {name} is gone"
    for check in (True, False):
        failed = task(check=check, type="incremental")
        assert failed.failed
        assert words in failed.msg
    result = task(type="auto")
    assert f"the backup is full: {words}" in str(result.values["warnings"])
    newest = result.values["backup"]
    assert newest["type"] == "full"

    # Another one of its name has noted later writes alone.
    record = KEPT / f"{newest['name']}.backup.json"
    made = json.loads(record.read_text())["checkpoint_time"]
    record.write_text(json.dumps({**json.loads(record.read_text()), "checkpoint_time": made - 1}))
    result = task(type="auto")
    assert "somebody has made another of that name" in str(result.values["warnings"])
    assert result.values["backup"]["type"] == "full"
    assert task(type="auto").values["backup"]["type"] == "incremental"


def test_a_name_that_no_checkpoint_may_have(hypervisor: Hypervisor) -> None:
    """libvirt takes more in the name of a domain."""
    domain = define(hypervisor, disk(image("vda", options="compat=1.1"), "vda"), "ä web+1")
    domain.create()
    for kind in ("full", "incremental"):
        result = task(domain="ä web+1", type="auto")
        assert not result.failed, result.msg
        assert result.values["backup"]["type"] == kind
        assert result.values["backup"]["name"].startswith("ä web+1.")
        assert result.values["backup"]["checkpoint"].startswith("__web_1.")
