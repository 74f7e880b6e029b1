# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role snapshot_before, from the inventory plugin to what the guest's disk has afterwards."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import typing as t

import pytest

from .guests import Boot, Guest, start
from .guests import document as guest_document
from .hypervisor import Hypervisor
from .inventories import write
from .test_domain_snapshot import IMAGES, NAME, REVERTS_EXTERNAL, content, define, disk, top
from .test_domain_snapshot import write as write_image

pytestmark = pytest.mark.usefixtures("no_images", "folder")

CHANGE = {
    "name": "Change the guest",
    "ansible.builtin.raw": "echo changed > /dev/vda; echo changed > /tmp/state; sync",
}
BREAK = {"name": "Break it", "ansible.builtin.raw": "exit 3"}
ROLE = "declarative.libvirt.snapshot_before"


@pytest.fixture
def folder(hypervisor: Hypervisor) -> t.Iterator[None]:
    IMAGES.mkdir(exist_ok=True)
    yield
    hypervisor.clear()


class Played(t.NamedTuple):
    """Whether the playbook succeeded, and what it printed, on one line."""

    succeeded: bool
    text: str


def play(
    folder: pathlib.Path,
    tasks: list[dict[str, t.Any]],
    *arguments: str,
    handlers: t.Sequence[dict[str, t.Any]] = (),
    connection: str = "agent",
    playbook: str | None = None,
    **variables: t.Any,
) -> Played:
    """Run tasks in a file with the role, on the host that the inventory plugin makes of the guest."""
    inventory = write(folder, connection=connection)
    (folder / "upgrade.yml").write_text(json.dumps(tasks))
    own = folder / "play.yml"
    role = {"name": "Upgrade", "ansible.builtin.include_role": {"name": ROLE}}
    own.write_text(
        json.dumps(
            [{"hosts": "all", "gather_facts": False, "tasks": [role], "handlers": list(handlers)}]
        )
    )
    extra = {"snapshot_before_tasks": "upgrade.yml", "snapshot_before_hosts": "all", **variables}
    done = subprocess.run(
        [
            "ansible-playbook",
            playbook or str(own),
            "-i",
            str(inventory),
            "-e",
            json.dumps(extra),
            *arguments,
        ],
        env={
            **os.environ,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "PWD": str(folder),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Played(done.returncode == 0, " ".join((done.stdout + done.stderr).split()))


def inside(guest: Guest) -> str:
    return guest.run(
        "sh", "-c", "echo 3 > /proc/sys/vm/drop_caches; head -c 7 /dev/vda; cat /tmp/state"
    )


def test_a_guest_that_runs(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    guest = start(hypervisor, guest_document(NAME, boot, disk("vda", "qcow2")))
    guest.run("sh", "-c", "echo before > /dev/vda; echo before > /tmp/state; sync")
    before = inside(guest)

    checked = play(tmp_path, [CHANGE], "--check")
    assert checked.succeeded, checked.text
    assert "changed=1" in checked.text
    assert guest.domain.snapshotNum() == 0

    failed = play(tmp_path, [CHANGE, BREAK], playbook="declarative.libvirt.snapshot_before")
    assert not failed.succeeded
    assert "The task 'Break it' failed" in failed.text
    assert "The guest is back where it was" in failed.text, failed.text
    guest.wait_for_agent()
    assert inside(guest) == before
    assert guest.domain.snapshotNum() == 0

    # A handler that fails comes before the snapshot goes.
    notifies = {**CHANGE, "changed_when": True, "notify": "Restart"}
    handler = {"name": "Restart", "ansible.builtin.raw": "exit 3"}
    failed = play(tmp_path, [notifies], handlers=[handler])
    assert not failed.succeeded
    assert "The task 'Restart' failed" in failed.text, failed.text
    guest.wait_for_agent()
    assert inside(guest) == before

    done = play(tmp_path, [CHANGE])
    assert done.succeeded, done.text
    assert inside(guest) == "changedchanged\n"
    assert guest.domain.snapshotNum() == 0


def test_a_guest_that_is_off(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    image = IMAGES / "vda.qcow2"
    write_image("qcow2", image, 1)
    before = content(image)
    io = f"qemu-io -f qcow2 -c 'write -P 2 1M 64k' {image}"
    change = {"name": "Change the disk", "ansible.builtin.command": io}
    fail = {"name": "Break it", "ansible.builtin.command": "false"}
    local: dict[str, t.Any] = {"connection": "ssh", "ansible_connection": "local"}

    # The tasks start it, and it is off again.
    begin = {"name": "Start it", "ansible.builtin.command": f"virsh start {NAME}"}
    failed = play(tmp_path, [change, begin, fail], **local)
    assert "The guest is back where it was" in failed.text, failed.text
    assert content(image) == before
    assert not domain.isActive()
    assert domain.snapshotListNames() == []

    # Somebody else's snapshot is neither used nor removed.
    domain.snapshotCreateXML("<domainsnapshot><name>mine</name></domainsnapshot>", 0)
    refused = play(tmp_path, [change], snapshot_before_name="mine", **local)
    assert "has a snapshot 'mine' already" in refused.text, refused.text
    assert "<description>" not in domain.snapshotLookupByName("mine", 0).getXMLDesc(0)
    assert content(image) == before

    # What failed first is told, and why the guest isn't back.
    lose = f"qemu-img snapshot -d lost {image}"
    broken = play(
        tmp_path,
        [change, {"name": "Lose it", "ansible.builtin.command": lose}, fail],
        snapshot_before_name="lost",
        **local,
    )
    assert "The task 'Break it' failed" in broken.text
    assert "could not be brought back to its snapshot 'lost'" in broken.text, broken.text
    assert "has no snapshot 'lost' any more" in broken.text
    assert sorted(domain.snapshotListNames()) == ["lost", "mine"]
    subprocess.run(["virsh", "snapshot-delete", NAME, "lost", "--metadata"], check=True)

    # Somebody's own, whose name begins with the prefix, stays.
    domain.snapshotCreateXML("<domainsnapshot><name>before-upgrade</name></domainsnapshot>", 0)
    others = {"mine", "before-upgrade"}
    kept = play(tmp_path, [change], snapshot_before_keep=1, **local)
    assert kept.succeeded, kept.text
    (first,) = set(domain.snapshotListNames()) - others
    assert first.startswith("before-20")
    assert play(tmp_path, [change], snapshot_before_keep=1, **local).succeeded
    (second,) = set(domain.snapshotListNames()) - others
    assert second != first
    left = play(
        tmp_path,
        [fail],
        snapshot_before_revert=False,
        snapshot_before_name=second,
        snapshot_before_existing="use",
        **local,
    )
    assert f"and its snapshot '{second}' stays" in left.text, left.text
    assert second in domain.snapshotListNames()


def test_no_task_runs_where_the_guest_could_not_go_back(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    domain = define(hypervisor, disk("vda", "raw"))
    domain.create()
    touch = {
        "name": "Leave a trace",
        "ansible.builtin.file": {"path": str(tmp_path / "trace"), "state": "touch"},
    }
    fail = {"name": "Break it", "ansible.builtin.command": "false"}
    local: dict[str, t.Any] = {"connection": "ssh", "ansible_connection": "local"}
    checked = play(tmp_path, [touch], "--check", **local)
    played = play(tmp_path, [touch, fail], **local)
    assert not played.succeeded
    assert domain.isActive()
    assert domain.snapshotListNames() == []
    if REVERTS_EXTERNAL:
        assert checked.succeeded, checked.text
        assert "The guest is back where it was" in played.text, played.text
        return
    assert not checked.succeeded
    for text in (checked.text, played.text):
        assert "no task was run, and no new snapshot is left" in text, text
        assert "update libvirt to 9.9, which can go back to an external snapshot" in text
        assert "vda is raw" in text
    assert not (tmp_path / "trace").exists()
    assert top(domain) == IMAGES / "vda.raw"

    # A checkpoint is in the way of an internal snapshot with memory alone.
    domain.destroy()
    domain.undefine()
    domain = define(hypervisor, disk("vdb", "qcow2"))
    domain.create()
    domain.checkpointCreateXML("<domaincheckpoint><name>c1</name></domaincheckpoint>")
    for arguments in (["--check"], []):
        refused = play(tmp_path, [touch], *arguments, **local)
        assert not refused.succeeded
        assert "the domain has the checkpoint c1" in refused.text, refused.text
        assert "no task was run" in refused.text
    assert domain.snapshotListNames() == []


def test_in_a_block_of_ones_own(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    image = IMAGES / "vda.qcow2"
    before = content(image)

    def entry(name: str) -> dict[str, t.Any]:
        return {"name": name, "ansible.builtin.include_role": {"name": ROLE, "tasks_from": name}}

    change = {
        "name": "Change",
        "ansible.builtin.command": f"qemu-io -f qcow2 -c 'write -P 2 1M 64k' {image}",
    }
    fail = {"name": "Break it", "ansible.builtin.command": "false", "when": "breaks | bool"}
    own = tmp_path / "own.yml"
    block = {"block": [change, fail, entry("remove")], "rescue": [entry("revert")]}
    own.write_text(
        json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [entry("take"), block]}])
    )
    local: dict[str, t.Any] = {"connection": "ssh", "ansible_connection": "local"}
    rescued = play(tmp_path, [], playbook=str(own), breaks=True, **local)
    assert rescued.succeeded, rescued.text
    assert content(image) == before
    assert domain.snapshotListNames() == []
    assert play(tmp_path, [], playbook=str(own), breaks=False, **local).succeeded
    assert content(image) != before
    assert domain.snapshotListNames() == []
