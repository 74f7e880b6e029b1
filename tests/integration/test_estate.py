# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""estate: a host in one document, from an empty host on, and back to it."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import estate

from .hypervisor import Hypervisor, Result, task_of

pytestmark = pytest.mark.usefixtures("no_images", "no_objects")

DEFAULTS: dict[str, t.Any] = {
    "domains": {
        "osinfo": "debian11",
        "virt_type": "qemu",
        "import": True,
        "memory": 64,
        "disks": "none",
        "graphics": "none",
    }
}
_PROGRAM = """
import json, sys
from ansible_collections.declarative.libvirt.plugins.module_utils._module import estate
from tests.integration.hypervisor import task_of
task_of(estate, **json.load(sys.stdin))
"""
_TOP = pathlib.Path(__file__).parents[2]
FILTER = "<filter name='web'><filterref filter='clean-traffic'/></filter>"
HOST: dict[str, t.Any] = {
    "secrets": [{"usage": {"type": "ceph", "id": "client.lab"}, "value": "geheim-47"}],
    "nwfilters": [{"xml": FILTER}],
    "networks": [
        {
            "name": "lab",
            "state": "active",
            "autostart": True,
            "ips": [{"address": "192.168.77.1", "prefix": 24}],
        }
    ],
    "pools": [{"name": "lab", "state": "active", "target": {"path": "/srv/lab-pool"}}],
    "volumes": [
        {
            "pool": "lab",
            "name": "overlay.qcow2",
            "capacity": "2 MiB",
            "backing": {"volume": "base.qcow2"},
        },
        {"pool": "lab", "name": "base.qcow2", "capacity": "1 MiB"},
        {"pool": "lab", "name": "data.raw", "capacity": "1 MiB", "format": "raw"},
    ],
    "domains": [
        {
            "name": "one",
            "networks": [{"network": "lab", "filterref": {"filter": "web"}}],
            "disks": [
                {"pool": "lab", "size": 0.01},
                {"vol": "lab/overlay.qcow2"},
                {"path": "/srv/lab-pool/data.raw"},
            ],
            "state": "running",
        },
        {"name": "two", "networks": [{"network": "lab"}]},
    ],
}


@pytest.fixture(name="no_objects")
def fixture_no_objects(hypervisor: Hypervisor) -> t.Iterator[None]:
    yield
    raw = hypervisor.raw
    for network in raw.listAllNetworks():
        if network.name() != "default":
            if network.isActive():
                network.destroy()
            network.undefine()
    for pool in raw.listAllStoragePools():
        if pool.name() != "default":
            if pool.isActive():
                pool.destroy()
            pool.undefine()
    shutil.rmtree("/srv/lab-pool", ignore_errors=True)
    for secret in raw.listAllSecrets():
        secret.undefine()
    for each in raw.listAllNWFilters():
        if each.name().startswith(("web", "lab")):
            each.undefine()


def task(check: bool = False, diff: bool = False, **options: t.Any) -> Result:
    return task_of(estate, check, diff, **{"defaults": DEFAULTS, **options})


def gone(host: dict[str, t.Any]) -> dict[str, t.Any]:
    """The same document with everything absent."""
    keys = {"secrets": ("usage",), "volumes": ("pool", "name")}
    found: dict[str, t.Any] = {}
    for kind, those in host.items():
        known = keys.get(kind, ("name",))
        found[kind] = [
            {**{key: one.get(key, "web") for key in known}, "state": "absent"} for one in those
        ]
    found["domains"] = [
        {**one, "shutdown": {"method": [], "force": True}} for one in found["domains"]
    ]
    return found


def alike(result: Result) -> list[tuple[str, str, t.Any]]:
    """What is changed, by kind and name, without what libvirt draws by lot."""
    return [(one["kind"], one["name"], len(one["changes"])) for one in result.values["results"]]


def test_from_nothing_and_back(hypervisor: Hypervisor) -> None:
    foreseen = task(check=True, diff=True, **HOST)
    assert not foreseen.failed, foreseen.msg
    assert hypervisor.names() == set()
    made = task(diff=True, **HOST)
    assert not made.failed, made.msg
    assert made.values["summary"]["created"] == 9
    assert alike(made) == alike(foreseen)
    lines = [result.values["diff"][0]["prepared"] for result in (foreseen, made)]
    assert lines[0] == lines[1]
    assert "geheim" not in str(made.values)
    again = task(**HOST)
    assert not again.failed, again.msg
    assert not again.changed, again.values["results"]
    for check in (True, False):
        removed = task(check=check, **gone(HOST))
        assert not removed.failed, removed.msg
        assert removed.values["summary"]["removed"] == 9
    again = task(**gone(HOST))
    assert not again.failed, again.msg
    assert not again.changed
    assert hypervisor.names() == set()


def network(name: str, number: int, **options: t.Any) -> dict[str, t.Any]:
    address = f"192.168.{number}.1"
    return {"name": name, "state": "active", "ips": [{"address": address, "prefix": 24}], **options}


def kinds(result: Result, what: str) -> list[str]:
    return [f"{one['kind']} {one['name']}" for one in result.values["results"] if one.get(what)]


def test_what_fails_stops_what_needs_it_and_no_more(hypervisor: Hypervisor) -> None:
    host: dict[str, t.Any] = {
        # That of the network default, which is on.
        "networks": [network("lab-1", 71, bridge={"name": "virbr0"}), network("lab-2", 72)],
        "domains": [
            {"name": "one", "networks": [{"network": "lab-1"}]},
            {"name": "two", "networks": [{"network": "lab-2"}]},
        ],
    }
    made = task(**host)
    assert made.failed
    assert kinds(made, "failed") == ["network lab-1"]
    assert kinds(made, "skipped") == ["domain one"]
    [skipped] = [one["msg"] for one in made.values["results"] if one.get("skipped")]
    assert skipped == "it was not tried, because it needs the network 'lab-1', which failed"
    assert hypervisor.names() == {"two"}
    host["networks"][0]["bridge"] = {"name": "virbr71"}
    assert not task(**host).failed
    assert hypervisor.names() == {"one", "two"}
    assert not task(**host).changed


def test_what_needs_a_wrong_entry_is_not_tried_whatever_else_changes(
    hypervisor: Hypervisor,
) -> None:
    host: dict[str, t.Any] = {
        # The second is made, so that the domains are planned again after it.
        "networks": [{"name": "lab-1", "domain": "lab.test"}, network("lab-2", 72)],
        "domains": [{"name": "one", "networks": [{"network": "lab-1"}], "state": "running"}],
    }
    # What is made is there in the last run.
    for check in (True, False, False):
        result = task(check=check, **host)
        assert result.failed
        assert kinds(result, "failed") == ["network lab-1"]
        assert kinds(result, "skipped") == ["domain one"]
        msg = next(one["msg"] for one in result.values["results"] if one.get("failed"))
        assert msg.count("dictionary requested") == 1
    assert hypervisor.names() == set()


def test_networks_of_one_document_have_what_is_left(hypervisor: Hypervisor) -> None:
    host: dict[str, t.Any] = {
        "networks": [
            {"name": "lab-1", "state": "active"},
            {"name": "lab-2"},
            network("lab-3", 71, bridge={"name": "virbr71"}),
            network("lab-4", 71),
            {"name": "lab-5", "bridge": {"name": "virbr71"}},
        ]
    }
    for check in (True, False):
        made = task(check=check, **host)
        assert kinds(made, "failed") == ["network lab-4", "network lab-5"]
        one, two = (made.values["results"][number]["network"]["subnets"] for number in (0, 1))
        assert (one, two) == (["192.168.100.0/24"], ["192.168.101.0/24"])
    # One makes room for another.
    host["networks"][2] = {"name": "lab-3", "state": "absent"}
    for check in (True, False):
        made = task(check=check, **host)
        assert not made.failed, made.msg
        assert made.values["summary"]["created"] == 2
    assert not task(**host).changed


def test_a_mistake_in_an_entry_is_no_mistake_of_the_others(hypervisor: Hypervisor) -> None:
    host: dict[str, t.Any] = {
        "networks": [network("lab-1", 71), {"name": "lab-2", "forwad": {}}, "lab-3"],
        "domains": [{"name": "one", "networks": [{"network": "lab-2"}]}, {"name": "two"}],
    }
    for check in (True, False):
        made = task(check=check, **host)
        assert kinds(made, "failed") == ["network lab-2", "network entry 3"]
        assert "forwad" in made.msg
        assert kinds(made, "skipped") == ["domain one"]
    assert hypervisor.names() == {"two"}


def test_what_goes_makes_room_and_what_is_used_goes_last(hypervisor: Hypervisor) -> None:
    bridge = {"name": "virbr71"}
    domains: list[dict[str, t.Any]] = [
        {"name": "one", "networks": [{"mac": "52:54:00:00:00:01", "network": "lab-used"}]}
    ]
    before: dict[str, t.Any] = {
        "networks": [network("lab-old", 71, bridge=bridge), network("lab-used", 72)],
        "domains": domains,
    }
    assert not task(**before).failed
    domains[0]["networks"][0]["network"] = "lab-new"
    after: dict[str, t.Any] = {
        "networks": [
            network("lab-new", 71, bridge=bridge),
            {"name": "lab-old", "state": "absent"},
            {"name": "lab-used", "state": "absent"},
        ],
        "domains": domains,
    }
    foreseen = task(check=True, **after)
    assert not foreseen.failed, foreseen.msg
    made = task(**after)
    assert not made.failed, made.msg
    assert alike(made) == alike(foreseen)
    assert made.values["summary"] == foreseen.values["summary"]
    assert {each.name() for each in hypervisor.raw.listAllNetworks()} == {"default", "lab-new"}
    assert not task(**after).changed


def test_what_is_used_by_one_that_stays_is_not_removed(hypervisor: Hypervisor) -> None:
    host: dict[str, t.Any] = {
        "networks": [network("lab", 71)],
        "domains": [{"name": "one", "networks": [{"network": "lab"}]}],
    }
    assert not task(**host).failed
    host["networks"] = [{"name": "lab", "state": "absent"}]
    for check in (True, False):
        done = task(check=check, **host)
        assert kinds(done, "failed") == ["network lab"]
        assert "domain 'one'" in done.msg
        assert not done.changed


def test_a_purge_removes_what_fits_and_is_not_listed(hypervisor: Hypervisor) -> None:
    host: dict[str, t.Any] = {
        "networks": [network("lab-1", 71), network("lab-2", 72), network("other", 73)],
        "nwfilters": [{"xml": FILTER.replace("'web'", "'lab-filter'")}],
    }
    assert not task(**host).failed
    host["networks"] = host["networks"][:1]
    host["nwfilters"] = []
    purge = {"networks": "lab-*"}
    for check in (True, False):
        done = task(check=check, purge=purge, **host)
        assert not done.failed, done.msg
        assert [one["name"] for one in done.values["purged"]] == ["lab-2"]
    assert not task(purge=purge, **host).changed
    refused = task(purge={"nwfilters": "*"}, **host)
    assert "purge_all" in refused.msg
    done = task(purge={"nwfilters": "*"}, purge_all=True, **host)
    assert [one["name"] for one in done.values["purged"]] == ["lab-filter"]
    names = {each.name() for each in hypervisor.raw.listAllNetworks()}
    assert names == {"default", "lab-1", "other"}


def test_a_purge_takes_an_image_after_the_disks_that_are_based_on_it(
    hypervisor: Hypervisor,
) -> None:
    host: dict[str, t.Any] = {
        "pools": HOST["pools"],
        "volumes": [
            {"pool": "lab", "name": "a-base.qcow2", "capacity": "1 MiB"},
            {"pool": "lab", "name": "b.qcow2", "backing": {"volume": "a-base.qcow2"}},
        ],
        "domains": [{"name": "one", "disks": [{"vol": "lab/b.qcow2"}]}],
    }
    made = task(**host)
    assert not made.failed, made.msg
    # The domain that uses them goes in the same run.
    purge = {"domains": "one", "volumes": "lab/*"}
    for check in (True, False):
        done = task(check=check, purge=purge, purge_all=True, pools=HOST["pools"])
        assert not done.failed, done.msg
        names = {one["name"] for one in done.values["purged"] if one["changed"]}
        assert names == {"one", "lab/a-base.qcow2", "lab/b.qcow2"}
    assert hypervisor.names() == set()
    assert hypervisor.raw.storagePoolLookupByName("lab").listVolumes() == []


def lab() -> dict[str, t.Any]:
    return {
        "networks": [network("lab-1", 71), network("lab-2", 72)],
        "pools": [{"name": "lab", "state": "active", "target": {"path": "/srv/lab-pool"}}],
        "volumes": [{"pool": "lab", "name": f"{n}.qcow2", "capacity": "1 MiB"} for n in range(6)],
        "domains": [
            {
                "name": f"d-{n}",
                "disks": [{"vol": f"lab/{n}.qcow2"}, {"pool": "lab", "size": 0.01}],
                "networks": [{"network": f"lab-{n % 2 + 1}"}],
            }
            for n in range(6)
        ],
    }


def count(hypervisor: Hypervisor) -> int:
    """How many of the objects there are; the network default is always there."""
    raw = hypervisor.raw
    volumes = 0
    for pool in raw.listAllStoragePools():
        with contextlib.suppress(libvirt.libvirtError):
            volumes += len(pool.listVolumes()) if pool.name() == "lab" else 0
    return len(raw.listAllNetworks()) - 1 + volumes + len(hypervisor.names())


@pytest.mark.parametrize("at", [1, 2, 5, 8, 12])
def test_a_killed_task_is_completed_by_the_next(hypervisor: Hypervisor, at: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=_TOP,
        env={**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{_TOP}"},
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"defaults": DEFAULTS, **lab()}))
        process.stdin.close()
        end = time.monotonic() + 60
        while count(hypervisor) < at and time.monotonic() < end:
            time.sleep(0.001)
        process.kill()
    # What it had asked for last, the daemon still does.
    there = None
    while there != count(hypervisor):
        there = count(hypervisor)
        time.sleep(0.2)
    done = task(**lab())
    assert not done.failed, done.msg
    assert done.changed
    again = task(**lab())
    assert not again.failed, again.msg
    assert not again.changed, again.values["results"]
    assert count(hypervisor) == 2 + 6 + 6 + 6


def test_what_another_entry_needs_does_not_go(hypervisor: Hypervisor) -> None:
    before: dict[str, t.Any] = {
        "networks": [network("lab", 71)],
        "pools": [{"name": "lab", "state": "active", "target": {"path": "/srv/lab-pool"}}],
        "volumes": [{"pool": "lab", "name": "base.qcow2", "capacity": "1 MiB"}],
    }
    assert not task(**before).failed
    absent: dict[str, t.Any] = {
        "networks": [{"name": "lab", "state": "absent"}],
        "volumes": [{"pool": "lab", "name": "base.qcow2", "state": "absent"}],
        "domains": [
            {
                "name": "one",
                "networks": [{"network": "lab"}],
                "disks": [
                    {"pool": "lab", "size": 1, "backing_store": "/srv/lab-pool/base.qcow2"},
                ],
            }
        ],
    }
    for check in (True, False):
        done = task(check=check, **absent)
        assert kinds(done, "failed") == ["network lab", "volume lab/base.qcow2"]
        assert "is listed as absent, and domain 'one' is listed and needs it" in done.msg
    assert hypervisor.raw.networkLookupByName("lab").isActive()
    assert os.path.exists("/srv/lab-pool/base.qcow2")
    assert hypervisor.names() == {"one"}


def test_a_purge_leaves_what_a_listed_domain_needs(hypervisor: Hypervisor) -> None:
    volume = {"pool": "lab", "capacity": "1 MiB"}
    pools = [{"name": "lab", "state": "active", "target": {"path": "/srv/lab-pool"}}]
    names = ["by-name", "by-path", "by-both", "left"]
    before: dict[str, t.Any] = {
        "pools": pools,
        "volumes": [{**volume, "name": name} for name in names],
    }
    assert not task(**before).failed
    host: dict[str, t.Any] = {
        "pools": pools,
        "volumes": [{**volume, "name": "other"}],
        "domains": [
            {"name": "one", "disks": [{"vol": "lab/by-name"}, {"path": "/srv/lab-pool/by-path"}]},
            {"name": "two", "disks": [{"pool": "lab", "size": 0.01}]},
            {"name": "three", "memory": "much", "disks": [{"vol": "lab/by-both"}]},
        ],
    }
    purge = {"volumes": "lab/*"}
    # What a wrong entry needs is unknown.
    for check in (True, False):
        done = task(check=check, purge=purge, **host)
        assert kinds(done, "failed") == ["domain three"]
        assert {one["name"] for one in done.values["purged"] if one.get("skipped")} == {
            *(f"lab/{name}" for name in ("by-both", "left")),
        }
        assert "domain 'three' failed and may need it" in str(done.values["purged"])
    assert set(names) < set(os.listdir("/srv/lab-pool"))
    host["domains"][2]["memory"] = 64
    for check in (True, False):
        done = task(check=check, purge=purge, **host)
        assert not done.failed, done.msg
        assert [one["name"] for one in done.values["purged"]] == ["lab/left"]
    assert set(os.listdir("/srv/lab-pool")) > {"by-name", "by-path", "by-both", "other"}
    again = task(purge=purge, **host)
    assert not again.failed, again.msg
    assert not again.changed


def test_what_is_absent_stays_while_a_domain_can_not_be_planned(hypervisor: Hypervisor) -> None:
    volume = {"pool": "lab", "name": "data", "capacity": "1 MiB"}
    pools = [{"name": "lab", "state": "active", "target": {"path": "/srv/lab-pool"}}]
    assert not task(pools=pools, volumes=[volume]).failed
    host: dict[str, t.Any] = {
        "volumes": [{**volume, "state": "absent"}],
        "domains": [{"name": "one", "disks": [{"vol": "lab/data"}]}],
    }
    for check in (True, False):
        done = task(check=check, **host)
        assert kinds(done, "failed") == ["domain one"]
        assert kinds(done, "skipped") == ["volume lab/data"]
    assert os.path.exists("/srv/lab-pool/data")
