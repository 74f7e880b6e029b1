# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the collection, run by their names, as AWX runs them."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import typing as t

import pytest

from .hypervisor import Hypervisor

EXAMPLES = pathlib.Path(__file__).parents[2] / "docs" / "examples" / "awx"
PYTHON = os.environ.get("TEST_PYTHON", "/usr/bin/python3")
DEFAULTS: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "disk": "none",
    "network": "none",
    "graphics": "none",
}
HERE: dict[str, t.Any] = {
    "ansible_connection": "local",
    "ansible_python_interpreter": PYTHON,
    "guest_defaults": DEFAULTS,
}


class Played(t.NamedTuple):
    """The status of a run, what it printed, and its artifacts."""

    status: int
    text: str
    artifacts: dict[str, t.Any]


def play(folder: pathlib.Path, name: str, *arguments: str, **variables: t.Any) -> Played:
    """Run ``declarative.libvirt.NAME`` on the hypervisor ``here``."""
    inventory, extra = folder / "inventory.json", folder / "variables.json"
    inventory.write_text(json.dumps({"hypervisors": {"hosts": {"here": HERE}}}))
    extra.write_text(json.dumps(variables))
    done = subprocess.run(
        [
            *("ansible-playbook", f"declarative.libvirt.{name}", "--inventory", str(inventory)),
            *("--extra-vars", f"@{extra}", *arguments),
        ],
        env={**os.environ, "ANSIBLE_SHOW_CUSTOM_STATS": "1", "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    stats = done.stdout.rpartition("RUN: ")[2]
    artifacts = json.loads(stats) if stats.startswith("{") else {}
    return Played(done.returncode, done.stdout + done.stderr, artifacts)


def test_an_estate_its_drift_and_what_waits(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    guests = [{"name": "a", "state": "running"}, {"name": "b"}]
    drift = play(tmp_path, "drift", guests=guests)
    assert drift.status == 2
    assert "2 created" in drift.text
    assert "run declarative.libvirt.estate" in drift.text
    assert hypervisor.names() == set()

    networks = [{"name": "lab", "ips": [{"address": "192.168.77.1", "prefix": 24}]}]
    drift = play(tmp_path, "drift", guests=guests, host_networks=networks, drift_fails=False)
    assert drift.artifacts["drift"]["here"]["guests"] == ["a", "b"]
    assert drift.artifacts["drift"]["here"]["objects"] == ["network lab"]
    host = {"host_networks": networks, "host_defaults": {"networks": {"autostart": True}}}
    made = play(tmp_path, "estate", "--diff", guests=guests, **host)
    assert made.status == 0, made.text
    assert made.artifacts["estate"]["here"]["created"] == 3
    assert hypervisor.raw.networkLookupByName("lab").autostart() == 1
    gone = [{"name": "lab", "state": "absent"}]
    removed = play(tmp_path, "estate", host_networks=gone)
    assert removed.artifacts["estate"]["here"]["removed"] == 1, removed.text
    assert made.text.index("a: created") < made.text.index("changed=")
    assert hypervisor.names() == {"a", "b"}
    assert play(tmp_path, "estate", guests=guests).artifacts["estate"]["here"]["unchanged"] == 2
    same = play(tmp_path, "drift", guests=guests)
    assert same.status == 0, same.text
    assert same.artifacts["drift"]["here"]["guests"] == []
    assert play(tmp_path, "restart_pending").artifacts["restart_pending"] == {"here": {}}

    # The number of CPUs can't become larger than the guest was started with.
    more = [{"name": "a", "vcpus": 4}, {"name": "c"}]
    reported = play(tmp_path, "drift", guests=more, guests_purge_match="*", drift_fails=False)
    assert reported.status == 0, reported.text
    assert reported.artifacts["drift"]["here"]["guests"] == ["a", "c", "b"]
    assert hypervisor.names() == {"a", "b"}
    assert play(tmp_path, "estate", guests=more, guests_purge_match="*").status == 0
    assert hypervisor.names() == {"a", "c"}
    waits = play(tmp_path, "restart_pending")
    assert waits.status == 0, waits.text
    assert list(waits.artifacts["restart_pending"]["here"]) == ["a"]
    assert any("vcpu" in path for path in waits.artifacts["restart_pending"]["here"]["a"])


def test_the_last_of_a_kind_goes_when_the_variables_say_so(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    networks = [{"name": "lab", "ips": [{"address": "192.168.77.1", "prefix": 24}]}]
    guests = [{"name": "a", "state": "running"}, {"name": "b"}]
    made = play(tmp_path, "estate", guests=guests, host_networks=networks)
    assert made.status == 0, made.text
    going: dict[str, t.Any] = {
        "guests": guests[1:],
        "guests_purge_match": "a",
        "host_networks": [],
        "host_purge": {"networks": "lab"},
    }
    refused = play(tmp_path, "estate", **going)
    assert refused.status == 2
    assert "set purge_all: true" in refused.text
    going["host_purge_all"] = "true"
    # No guest is on the network, which goes.
    refused = play(tmp_path, "estate", **going)
    assert refused.status == 2
    assert hypervisor.names() == {"a", "b"}
    going["host_shutdown"] = {"method": [], "force": True}
    done = play(tmp_path, "estate", **going)
    assert done.status == 0, done.text
    assert hypervisor.names() == {"b"}
    assert [one.artifacts["estate"]["here"]["removed"] for one in (refused, done)] == [1, 1]
    assert play(tmp_path, "drift", **going).status == 0


def test_there_are_artifacts_where_a_guest_failed(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    # A survey gives what was left empty as an empty text.
    empty = {"guests_purge_match": "", "guests_output": "", "hypervisors": ""}
    guests = [{"name": "a"}, {"name": "b", "osinfo": "none-such"}]
    drift = play(tmp_path, "drift", guests=guests, drift_fails=False, **empty)
    assert drift.status == 2
    assert drift.artifacts["drift"]["here"]["guests"] == ["a"]
    assert drift.artifacts["drift"]["here"]["failed"] == ["b"]
    estate = play(tmp_path, "estate", guests=guests, **empty)
    assert estate.status == 2
    summary = estate.artifacts["estate"]["here"]
    assert (summary["created"], summary["failed"]) == (1, 1)
    assert hypervisor.names() == {"a"}


@pytest.mark.parametrize("name", ["estate", "drift"])
def test_the_result_of_many_guests_is_kept_by_ansible_runner(
    hypervisor: Hypervisor, tmp_path: pathlib.Path, name: str
) -> None:
    runner = pytest.importorskip("ansible_runner")
    guests = [{"name": f"many-{number:04}"} for number in range(1000)]
    (tmp_path / "env").mkdir()
    done = runner.run(
        private_data_dir=str(tmp_path),
        playbook=f"declarative.libvirt.{name}",
        inventory={"hypervisors": {"hosts": {"here": HERE}}},
        extravars={"guests": guests, "drift_fails": False, "guests_output": "summary"},
        cmdline="--check --diff",
        quiet=True,
    )
    assert done.status == "successful"
    events = [
        event["event_data"]
        for event in done.events
        if event["event"] == "runner_on_ok"
        and event["event_data"]["task_action"] == "declarative.libvirt.estate"
    ]
    assert len(events) == 1
    # It empties a result of more than 700,000 characters.
    assert events[0]["res"]["summary"]["created"] == 1000
    assert events[0]["res"]["diff"][0]["prepared"].startswith("1000 created")


def test_the_survey_of_the_examples_makes_a_guest(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    survey = json.loads((EXAMPLES / "survey.json").read_text(encoding="utf-8"))
    answers = {question["variable"]: question["default"] for question in survey["spec"]}
    # AWX gives what was left empty as an empty text, and numbers as it likes.
    answers |= {"virt_install_name": "asked", "virt_install_memory": "96", "virt_install_vcpus": ""}
    answers |= {"virt_install_disk": "none", "virt_install_network": "none"}
    role: dict[str, t.Any] = {"role": "declarative.libvirt.virt_install"}
    role["virt_install_import"] = True
    # A guest of KVM does not start on each machine that tests run on.
    role["virt_install_virt_type"] = "qemu"
    role["virt_install_shutdown"] = {"method": [], "timeout": 0, "force": True}
    guest = tmp_path / "guest.yml"
    guest.write_text(json.dumps([{"hosts": "here", "gather_facts": False, "roles": [role]}]))
    inventory, extra = tmp_path / "inventory.json", tmp_path / "answers.json"
    inventory.write_text(json.dumps({"hypervisors": {"hosts": {"here": HERE}}}))
    for state, expected in (("stopped", {"asked"}), ("running", {"asked"}), ("absent", set())):
        extra.write_text(json.dumps({**answers, "virt_install_state": state}))
        done = subprocess.run(
            ["ansible-playbook", str(guest), "-i", str(inventory), "-e", f"@{extra}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert hypervisor.names() == expected
