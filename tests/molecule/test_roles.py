# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A role is tested as the guide says, on real guests."""

from __future__ import annotations

import pathlib
import re
import time

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from ..integration.guests import Boot
from ..integration.hypervisor import Hypervisor
from .projects import Ended, classic, files_of_guide, native

AGENT = {"molecule_libvirt_connection": "agent"}
SSH = {"molecule_libvirt_login": "agent", "molecule_libvirt_user": "root"}
MADE = "Make the guests, and wait until they have booted"
IMAGES = pathlib.Path("/var/lib/libvirt/images")


def changes(ended: Ended, host: str = "localhost") -> list[int]:
    """How many tasks have changed something on a host, in each of the playbooks."""
    return [int(number) for number in re.findall(rf"{host} +: ok=\d+ +changed=(\d+)", ended.line)]


def images() -> set[str]:
    return {path.name for path in IMAGES.iterdir()}


def test_native_over_ssh(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = native(tmp_path / "role", boot, **SSH)
    created = project.run("create")
    assert created.status == 0, created.text
    assert created.text.count(MADE) == 1
    names = hypervisor.names()
    assert {name.rpartition("-")[2] for name in names} == {"web", "database"}
    assert all(name.startswith("molecule-role-default-") for name in names)
    assert len(images()) == 1 + 3

    listed = project.run("list")
    assert {"web", "database"} <= set(listed.text.split())
    assert "molecule-role" not in listed.text

    # It makes them again where it has forgotten that it has.
    for state in project.home.glob("tmp/molecule.*/state.yml"):
        state.unlink()
    again = project.run("create")
    assert again.status == 0, again.text
    assert changes(again) == [0]

    converged = project.run("converge")
    assert converged.status == 0, converged.text
    assert re.search(r"web +: ok=1", converged.text)
    destroyed = project.run("destroy")
    assert destroyed.status == 0, destroyed.text
    assert (hypervisor.names(), images()) == (set(), {image.name})


def test_platforms_through_the_agent(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = classic(tmp_path / "role", boot, **AGENT)
    tested = project.run("test")
    assert tested.status == 0, tested.text
    assert re.search(r"database +: ok=1", tested.text)
    assert (hypervisor.names(), images()) == (set(), {image.name})


def test_five_guests_are_made_by_one_task_and_two_checkouts_do_not_meet(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    first, second = (native(tmp_path / where / "role", boot, **AGENT) for where in ("one", "two"))
    # Each has a home of its own, as two users of one hypervisor have.
    for project, hosts in ((first, ["web"]), (second, [f"guest-{number}" for number in range(5)])):
        path = "molecule/default/inventory/hosts.yml"
        common = (project.folder / path).read_text(encoding="utf-8").partition("molecule:\n")[0]
        listed = "".join(f"    {host}:\n" for host in hosts)
        project.write(path, f"{common}molecule:\n  hosts:\n{listed}")
    assert first.run("create").status == 0
    of_first = hypervisor.names()
    converged = second.run("converge")
    assert converged.status == 0, converged.text
    assert converged.text.count(MADE) == 1
    assert len(hypervisor.names() - of_first) == 5
    assert re.search(r"guest-4 +: ok=1", converged.text)
    assert re.search(r"\bweb\b", converged.text) is None
    destroyed = second.run("destroy")
    assert destroyed.status == 0, destroyed.text
    assert hypervisor.names() == of_first
    assert len(images()) == 1 + 1


def test_each_converge_begins_from_a_clean_state(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = native(tmp_path / "role", boot, **SSH)
    for name in ("prepare", "side_effect", "molecule"):
        text = files_of_guide()[f"molecule/clean/{name}.yml"]
        project.write(f"molecule/default/{name}.yml", text)
    hosts = "molecule/default/inventory/hosts.yml"
    common = (project.folder / hosts).read_text(encoding="utf-8").partition("molecule:\n")[0]
    project.write(hosts, f"{common}molecule:\n  hosts:\n    web:\n")
    # The second run would fail if it saw what the first one has left.
    mark = "test ! -e /tmp/role && head -c 4 /dev/vda | grep -qv role && touch /tmp/role && echo role > /dev/vda && date +%s"
    project.write("tasks/main.yml", [{"name": "Leave traces", "ansible.builtin.raw": mark}])
    first = project.run("converge")
    assert first.status == 0, first.text
    ids = {name: hypervisor.raw.lookupByName(name).UUIDString() for name in hypervisor.names()}
    assert len(ids) == 1
    begun = time.time()
    second = project.run("converge")
    assert second.status == 0, second.text
    assert second.text.count(MADE) == 0
    assert ids == {
        name: hypervisor.raw.lookupByName(name).UUIDString() for name in hypervisor.names()
    }
    web = hypervisor.raw.lookupByName(next(name for name in ids if name.endswith("web")))
    taken = parse(web.snapshotCurrent().getXMLDesc()).value("creationTime")
    # Without being set, the guest's clock would be late by that much.
    assert abs(web.getTime()["seconds"] - time.time()) < begun - int(taken or 0)
    prepared = project.run("prepare", "--force")
    assert prepared.status == 0, prepared.text
    anew = parse(web.snapshotCurrent().getXMLDesc()).value("creationTime")
    assert int(anew or 0) > int(taken or 0)
    assert web.snapshotNum() == 1
    destroyed = project.run("destroy")
    assert destroyed.status == 0, destroyed.text
    assert (hypervisor.names(), images()) == (set(), {image.name})
