# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""estate: a host in one document, from an empty host on, and back to it."""

from __future__ import annotations

import typing as t

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
    "domains": [
        {
            "name": "one",
            "networks": [{"network": "lab", "filterref": {"filter": "web"}}],
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
    for secret in raw.listAllSecrets():
        secret.undefine()
    for each in raw.listAllNWFilters():
        if each.name().startswith(("web", "lab")):
            each.undefine()


def task(check: bool = False, diff: bool = False, **options: t.Any) -> Result:
    return task_of(estate, check, diff, **{"defaults": DEFAULTS, **options})


def gone(host: dict[str, t.Any]) -> dict[str, t.Any]:
    """The same document with everything absent."""
    keys = {"secrets": ("usage",), "nwfilters": ("name",)}
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
    assert made.values["summary"]["created"] == 5
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
        assert removed.values["summary"]["removed"] == 5
    assert not task(**gone(HOST)).changed
    assert hypervisor.names() == set()
