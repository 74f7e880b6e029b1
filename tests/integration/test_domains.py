# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domains on real guests: many at once, each as if it were alone."""

from __future__ import annotations

import json
import pathlib
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain, domains

from .guests import Boot
from .hypervisor import Hypervisor, Result, task_of

IMAGES = pathlib.Path("/var/lib/libvirt/images")
HELD = (
    "<domain type='qemu'><name>held</name><memory>65536</memory><os><type>hvm</type></os></domain>"
)
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
DEFAULTS: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "disks": "none",
    "networks": "none",
    "graphics": "none",
}
NAMES = ("a", "b", "c", "d")


pytestmark = pytest.mark.usefixtures("no_images")


def task(
    those: t.Sequence[t.Any], check: bool = False, diff: bool = False, **options: t.Any
) -> Result:
    options = {"defaults": DEFAULTS, **options}
    return task_of(domains, check, diff, domains=list(those), **options)


def three_ways(those: t.Sequence[t.Any], **options: t.Any) -> Result:
    """Foreseen, done, and not done again; each as single tasks would."""
    predicted = task(those, check=True, **options)
    assert not predicted.failed, predicted.msg
    done = task(those, **options)
    assert not done.failed, done.msg
    again = task(those, **options)
    assert (predicted.changed, done.changed, again.changed) == (True, True, False), again.values
    for one, other in zip(predicted.values["results"], done.values["results"]):
        assert one["changes"] == other["changes"]
        assert one["domain"]["state"] == other["domain"]["state"]
    assert predicted.values["summary"] == done.values["summary"]
    assert [one["changes"] for one in again.values["results"]] == [[]] * len(those)
    return done


def states(hypervisor: Hypervisor) -> dict[str, int]:
    return {one.name(): one.state()[0] for one in hypervisor.raw.listAllDomains()}


def test_made_started_changed_and_removed(hypervisor: Hypervisor) -> None:
    those = [{"name": name} for name in NAMES]
    done = three_ways([*those[:3], {**those[3], "memory": 80}])
    assert [one["name"] for one in done.values["results"]] == list(NAMES)
    assert done.values["summary"]["created"] == 4
    assert done.msg == "4 created, 0 changed, 0 unchanged, 0 failed, 0 restart pending"
    assert set(done.values["timings"]) == {"read", "plan", "apply", "wait"}
    three_ways([{**those[0], "state": "running"}, {**those[1], "state": "paused"}, *those[2:]])
    assert states(hypervisor) == {
        "a": libvirt.VIR_DOMAIN_RUNNING,
        "b": libvirt.VIR_DOMAIN_PAUSED,
        "c": libvirt.VIR_DOMAIN_SHUTOFF,
        "d": libvirt.VIR_DOMAIN_SHUTOFF,
    }
    changed = three_ways([{"name": "a", "memory": 128}, {"name": "c", "autostart": True}])
    assert changed.values["summary"]["restart_pending"] == 1
    assert changed.values["results"][0]["restart_required"]
    gone = [{"name": name, "state": "absent", "shutdown": SWITCH_OFF} for name in NAMES]
    removed = three_ways(gone)
    assert removed.values["summary"]["removed"] == 4
    assert not hypervisor.names()


def test_an_item_returns_what_a_single_task_returns(hypervisor: Hypervisor) -> None:
    options = {key: value for key, value in DEFAULTS.items() if key not in ("disks", "networks")}
    options.update(disk=[{"size": 1}], network="default", state="running", shutdown=SWITCH_OFF)
    one = task_of(domain, name="a", **options).values
    task_of(domain, name="a", state="absent", remove_volumes=["vda"], shutdown=SWITCH_OFF)
    many = task([{"name": "a"}], defaults=options).values["results"][0]
    assert set(many) - {"name"} == set(one) - {"invocation", "warnings"}
    for key in ("state", "persistent", "autostart"):
        assert many["domain"][key] == one["domain"][key]
    assert [(c["path"], c["op"], c["when"]) for c in many["changes"]] == [
        (c["path"], c["op"], c["when"]) for c in one["changes"]
    ]


def test_defaults_are_merged_and_lists_replaced(hypervisor: Hypervisor) -> None:
    defaults = {
        **DEFAULTS,
        "shutdown": {"method": [], "force": True},
        "networks": ["default", "default"],
        "graphics": {"type": "vnc", "listen": "127.0.0.1"},
    }
    text = "<domain type='qemu'><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>"
    those = [
        {"name": "a"},
        {"name": "b", "network": ["default"], "graphics": {"port": 5999}},
        {"name": "c", "networks": None, "graphics": "none", "state": "running"},
        {"name": "d", "xml": text},
    ]
    done = task(those, defaults=defaults)
    assert not done.failed, done.msg
    documents = {name: hypervisor.definition(name) for name in NAMES}
    assert [text.count("<interface") for text in documents.values()] == [2, 1, 1, 0]
    assert [text.count("type='vnc'") for text in documents.values()] == [1, 1, 0, 0]
    assert "port='5999'" in documents["b"]
    assert "listen='127.0.0.1'" in documents["b"]
    # It is switched off although only the timeout is its own.
    off = {"name": "c", "state": "stopped", "shutdown": {"timeout": 1}}
    assert not task([off], defaults=defaults).failed


def test_what_is_wrong_with_one_is_no_matter_of_the_others(hypervisor: Hypervisor) -> None:
    hypervisor.define(HELD)
    wrong = [
        ({"name": "x1", "memry": 5}, "there is no option 'memry'; did you mean memory?"),
        ({"name": "x2", "state": "on"}, "value of state must be one of"),
        ({"name": "x3", "disks": [{"sise": 5}]}, "there is no sub-option 'sise'"),
        (
            {"name": "x10", "networks": "none-such"},
            "describe is not valid: network: type: type='none-such'",
        ),
        (
            {"name": "x11", "disks": [{"path": "/dev/null", "bus": "ISA"}]},
            "is not valid: disk: bus: bus='ISA'",
        ),
        ({"name": "x4", "disks": [{"size": 1, "pool": "none"}]}, "there is no storage pool none"),
        ({"name": "x5", "networks": [{"network": "none"}], "state": "running"}, "none"),
        (
            {"name": "x6", "xml": f"{HELD.replace('held', 'x6')[:-9]}<nonsense/></domain>"},
            "nonsense",
        ),
        ({"name": "x7", "xml": "<domain><nonsense/></domain>"}, "a part of one"),
        ({"memory": 64}, "name is missing; set it to the name of the domain"),
        ("x8", "it is a dictionary of options, not str"),
        ({"name": "x9", "memory": 64, "disk": "none", "disks": "none"}, "disk under two names"),
        (
            {"name": "held", "uuid": "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a01"},
            "it exists with the UUID",
        ),
    ]
    those = [one for one, _words in wrong]
    done = task([{"name": "a"}, *those, {"name": "b"}])
    assert done.failed
    assert done.changed
    results = done.values["results"]
    assert len(results) == 15
    for result, (_one, words) in zip(results[1:], wrong):
        assert result["failed"], words
        assert words in result["msg"]
        assert "\n" not in result["msg"]
    assert [results[0].get("failed"), results[-1].get("failed")] == [None, None]
    # That it has no such network is known only when it starts.
    assert hypervisor.names() >= {"a", "b", "held"}
    assert not hypervisor.names() & {"x1", "x2", "x3", "x4", "x6", "x7", "x9", "x10", "x11"}
    assert "13 of 15 domains failed: 'x1': there is no option 'memry'" in done.msg
    assert "2 created, 0 changed, 0 unchanged, 13 failed" in done.msg


def test_fail_fast(hypervisor: Hypervisor) -> None:
    those: list[dict[str, t.Any]] = [
        {"name": "a"},
        {"name": "b", "memory": "much"},
        {"name": "c"},
    ]
    done = task(those, fail_fast=True)
    assert done.failed
    assert not done.changed
    assert [one.get("skipped", False) for one in done.values["results"]] == [True, False, True]
    assert not hypervisor.names()
    # What only libvirt knows is found when it happens.
    those[1] = {"name": "b", "qemu_commandline": "-nonsense", "state": "running"}
    done = task([*those, {"name": "d"}], fail_fast=True, parallel=1)
    assert done.failed
    assert [one.get("skipped", False) for one in done.values["results"]] == [
        False,
        False,
        True,
        True,
    ]
    assert hypervisor.names() >= {"a"}
    assert not hypervisor.names() & {"c", "d"}


def test_nothing_stays_of_those_that_libvirt_fails_to_start(hypervisor: Hypervisor) -> None:
    """Side by side: what is looked at for the first must not be believed for the next."""
    those = [{"name": f"refused{number}", "disks": [{"size": 1}]} for number in range(6)]
    first_boot = {
        "cloud_init": {"user_data": "#cloud-config"},
        "qemu_commandline": "-no-such-option",
    }
    refused = {**DEFAULTS, **first_boot, "state": "running"}
    done = task(those, defaults=refused, parallel=3)
    assert done.failed
    for one in done.values["results"]:
        assert not one["changed"], one
        assert "correct what QEMU names" in one["msg"]
        assert "/var/log/libvirt/qemu" in one["msg"]
    assert states(hypervisor) == {}
    assert list(IMAGES.iterdir()) == []


@pytest.mark.parametrize("check", [True, False])
def test_what_contradicts_itself_is_refused_before_anything_is_made(
    hypervisor: Hypervisor, check: bool
) -> None:
    hypervisor.define(
        "<domain type='qemu'><name>there</name><uuid>0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a01</uuid>"
        "<memory>65536</memory><os><type>hvm</type></os></domain>"
    )
    path, uuid = f"{IMAGES}/shared.qcow2", "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a0b"
    disk = {"disks": [{"path": path, "size": 1}]}
    for those, options, words in (
        ([{"name": "a"}, {"name": "b"}, {"name": "a"}], {}, "'a' is in the list more than once"),
        (
            [{"name": "there"}, {"name": "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a01"}],
            {},
            "'there' is in the list more than once",
        ),
        (
            [{"name": "a", **disk}, {"name": "b"}, {"name": "c", **disk}],
            {},
            f"{path} would be created for a and for c",
        ),
        (
            [{"name": "a", "uuid": uuid}, {"name": "b"}, {"name": "c", "uuid": uuid.upper()}],
            {},
            f"'a' and 'c' have the UUID {uuid}",
        ),
        ([{"name": "a/b"}], {}, "the name 'a/b' can't be: libvirt takes no slash"),
        ([{"name": "a"}], {"defaults": {"name": "b"}}, "defaults has name"),
        ([{"name": "a"}], {"defaults": {"memry": 5}}, "defaults: there is no option 'memry'"),
        ([{"name": "a"}], {"purge": True}, "purge needs purge_match"),
        ([{"name": "a"}], {"purge": True, "purge_match": " "}, "purge needs purge_match"),
        ([{"name": "a"}], {"parallel": 0}, "parallel is less than 1"),
    ):
        done = task(those, check=check, **options)
        assert done.failed
        assert not done.changed
        assert words in done.msg, done.msg
        assert hypervisor.names() == {"there"}
    assert not list(IMAGES.iterdir())


def test_a_volume_is_not_deleted_with_one_and_used_by_another(hypervisor: Hypervisor) -> None:
    task([{"name": "a", "disks": [{"size": 1}]}])
    path = IMAGES / "a.qcow2"
    those = [
        {"name": "a", "state": "absent", "remove_volumes": ["vda"]},
        {"name": "b", "disks": [{"path": str(path), "size": 1}]},
    ]
    for check in (True, False):
        done = task(those, check=check)
        assert (done.failed, done.changed) == (True, False)
        assert f"{path} would be deleted with a, and b is to use it" in done.msg
    assert path.exists()
    assert hypervisor.names() == {"a"}


def test_new_volumes_have_different_names(hypervisor: Hypervisor) -> None:
    # The second disk of the one has the name that the first of the other would have.
    those = [
        {"name": "a", "disks": [{"size": 1}, {"size": 1}]},
        {"name": "a-1", "disks": [{"size": 1}]},
    ]
    three_ways(those)
    assert {path.name for path in IMAGES.iterdir()} == {"a.qcow2", "a-1.qcow2", "a-1-1.qcow2"}


def test_purge(hypervisor: Hypervisor) -> None:
    names = ("web-1", "web-2", "web-3", "db-1")
    task([{"name": name, "disks": [{"size": 1}]} for name in names])
    task([{"name": "web-3", "disks": [{"size": 1}], "state": "running"}])
    kept = [{"name": "web-1", "disks": [{"size": 1}]}]
    options: dict[str, t.Any] = {"purge": True, "purge_match": "web-*"}
    # One that runs stays, and is told of.
    refused = task(kept, check=True, **options)
    assert refused.failed
    assert "'web-3': it is not in the list, and running; it stays" in refused.msg
    assert [one["name"] for one in refused.values["purged"]] == ["web-2", "web-3"]
    assert hypervisor.names() == set(names)
    foreseen = task(kept, check=True, shutdown=SWITCH_OFF, **options)
    assert not foreseen.failed
    assert foreseen.changed
    assert [one["name"] for one in foreseen.values["purged"]] == ["web-2", "web-3"]
    assert all(one["changed"] for one in foreseen.values["purged"])
    assert hypervisor.names() == set(names)
    refused = task(kept, **options)
    assert refused.failed
    assert hypervisor.names() == {"web-1", "web-3", "db-1"}
    done = task(kept, shutdown=SWITCH_OFF, **options)
    assert done.values["summary"]["removed"] == 1
    assert hypervisor.names() == {"web-1", "db-1"}
    assert not task(kept, shutdown=SWITCH_OFF, **options).changed
    # Their volumes are all there.
    assert {path.stem for path in IMAGES.iterdir()} == set(names)


def test_purge_keeps_what_may_be_in_the_list(hypervisor: Hypervisor) -> None:
    task([{"name": "a"}, {"name": "b"}])
    document = hypervisor.definition("a")
    options: dict[str, t.Any] = {"purge": True, "purge_match": "a"}
    for one in ({"nmae": "a"}, "a", {"xml": "<domain/>"}):
        for check in (True, False):
            done = task([one], check=check, **options)
            assert done.failed
            assert "'a': it stays: entry 1 of the list has no name" in done.msg
            assert hypervisor.names() == {"a", "b"}
    # These do say it, even where nothing else of them can be read.
    broken: dict[str, t.Any] = {"xml": document.replace("</devices>", "")}
    assert "well-formed" in task([broken], **options).msg
    assert hypervisor.names() == {"a", "b"}
    for one in ({"xml": document}, {"virt_install": "virt-install --name a"}):
        done = task([one], **options)
        assert not done.failed, done.msg
        assert done.values["results"][0]["name"] == "a"
        assert (done.changed, done.values["purged"]) == (False, [])


def test_purge_keeps_what_a_saved_guest_remembers(hypervisor: Hypervisor) -> None:
    task([{"name": "web-1", "state": "running"}])
    task([{"name": "web-1", "state": "saved"}])
    refused = task([{"name": "b"}], purge=True, purge_match="web-*", shutdown=SWITCH_OFF)
    assert refused.failed
    assert "the state of its guest is saved" in refused.msg
    assert hypervisor.names() == {"web-1", "b"}


def test_the_diff(hypervisor: Hypervisor) -> None:
    task([{"name": name} for name in NAMES])
    those = [{"name": "a", "memory": 128}, {"name": "b"}, {"name": "c", "state": "running"}]
    for check in (True, False):
        done = task(those, check=check, diff=True)
        diff = done.values["diff"]
        assert [one.get("before_header") for one in diff] == [
            None,
            "a (defined)",
            "c (state and storage)",
        ]
        lines = diff[0]["prepared"].splitlines()
        assert lines[0] == "0 created, 2 changed, 1 unchanged, 0 failed, 0 restart pending"
        assert lines[1].startswith("a: modify /domain/memory: ")
        assert lines[-1] == "c: modify state: shutoff -> running (live)"
        assert "<memory" in diff[1]["before"]
        assert "<devices" not in diff[1]["before"]
        assert diff[2]["after"] == "state: running\n"
    nothing = task([{"name": "b"}], diff=True)
    assert len(nothing.values["diff"]) == 1


@pytest.mark.parametrize("output", ["full", "changed", "summary"])
def test_how_much_is_returned(hypervisor: Hypervisor, output: str) -> None:
    task([{"name": name} for name in NAMES])
    those: list[dict[str, t.Any]] = [
        {"name": "a", "memory": 128},
        {"name": "b"},
        {"name": "new"},
        {"name": "bad", "nmae": "bad"},
    ]
    done = task(those, check=True, diff=True, output=output)
    results, diff = done.values["results"], done.values["diff"]
    everyone = [one["name"] for one in those]
    assert [one["name"] for one in results] == (
        everyone if output == "full" else ["a", "new", "bad"]
    )
    assert results[-1]["failed"]
    assert ("changes" in results[0]) == (output != "summary")
    assert results[0]["changed"]
    shown = {"full": 2, "changed": 1, "summary": 0}[output]
    assert len(diff) == 1 + shown
    lines = diff[0]["prepared"].splitlines()
    assert lines[0].startswith("1 created, 1 changed, 1 unchanged, 1 failed")
    assert "new: created" in lines
    assert done.values["summary"]["unchanged"] == 1


def test_a_result_that_awx_would_drop_is_warned_of(hypervisor: Hypervisor) -> None:
    those = [{"name": f"many-{number:04}"} for number in range(320)]
    large = task(those, check=True, diff=True)
    assert "set output to changed or summary" in str(large.values["warnings"])
    small = task(those, check=True, diff=True, output="summary")
    assert len(json.dumps(small.values)) < 100_000
    assert not small.values.get("warnings")
    task(those, output="summary")
    again = task(those, diff=True, output="changed")
    assert again.values["results"] == []
    assert len(again.values["diff"]) == 1


def test_passwords_are_told_to_nobody(hypervisor: Hypervisor) -> None:
    secret = {"graphics": {"type": "vnc", "password": "sesame12"}}
    text = (
        "<domain type='qemu'><name>c</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>"
        "<devices><graphics type='vnc' passwd='sesame12'/><nonsense/></devices></domain>"
    )
    those = [
        {"name": "a", **secret},
        {"name": "b", **secret, "sound": {"model": "sesame12"}},
        {"name": "c", "xml": text},
    ]
    for check in (True, False):
        done = task(those, check=check, diff=True)
        assert done.failed
        assert "sesame12" not in str(done.values)
    assert "passwd='sesame12'" in hypervisor.definition("a")
    # What is no secret is told.
    assert done.values["results"][0]["name"] == "a"
    assert "vnc" in str(task([{"name": "e", **secret}], check=True).values["results"])


def test_guests_start_side_by_side_and_are_waited_for(hypervisor: Hypervisor, boot: Boot) -> None:
    kernel = {"kernel": str(boot.kernel), "initrd": str(boot.initrd), "kernel_args": "quiet"}
    defaults = {
        **DEFAULTS,
        "memory": 192,
        "networks": ["default"],
        "boot": kernel,
        "state": "running",
        "wait": {"for": "agent", "timeout": 120},
    }
    deaf = {"name": "c", "wait": {"for": "shutoff", "timeout": 1}}
    begun = time.monotonic()
    done = task([{"name": "a"}, {"name": "b"}, deaf], defaults=defaults, parallel=2)
    assert time.monotonic() - begun < 60
    assert done.failed
    assert "1 of 3 domains failed: 'c': it is as wanted, but the guest still runs" in done.msg
    assert done.values["results"][2]["changed"]
    assert done.values["timings"]["wait"] > 0.5
    # A change of running guests, and their end, at the same time.
    without = {**defaults, "networks": "none", "exclusive": ["network"]}
    changed = task([{"name": "a"}, {"name": "b"}], defaults=without)
    assert not changed.failed, changed.msg
    for result in changed.values["results"]:
        assert [change["when"] for change in result["changes"]] == ["live"]
        assert not result["restart_required"]
    ended = task(
        [{"name": name, "state": "stopped"} for name in "ab"], defaults={}, shutdown={"timeout": 30}
    )
    assert not ended.failed, ended.msg
    both = {libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_RUNNING}
    assert set(states(hypervisor).values()) == both
