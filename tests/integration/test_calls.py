# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often libvirt is asked: each call is a round trip, and a remote hypervisor is far away."""

from __future__ import annotations

import collections
import contextlib
import pathlib
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_state,
    domain_xml,
    domains,
    network,
    nwfilter,
    pool,
    secret,
    volume,
)

from .hypervisor import Hypervisor, task_of

NAME = "guest"
DOCUMENT = f"""
<domain type='qemu'>
  <name>{NAME}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng></devices>
</domain>
"""
NEW = DOCUMENT.replace(NAME, "new")
#: Each module with options that say what the domain is already.
TASKS: dict[str, tuple[t.Any, dict[str, t.Any]]] = {
    "domain_xml": (domain_xml, {"xml": DOCUMENT}),
    "domain_xml, merge": (domain_xml, {"xml": DOCUMENT, "mode": "merge"}),
    "domain": (domain, {"name": NAME, "memory": 64, "vcpus": 1}),
    "domain, a document": (domain, {"xml": DOCUMENT}),
    "domain_device, a document": (
        domain_device,
        {
            "domain": NAME,
            "xml": "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
        },
    ),
    "domain_device, an option": (domain_device, {"domain": NAME, "rng": "/dev/urandom"}),
    "domain_state": (domain_state, {"name": NAME}),
}
#: What a lookup and a dump are called.
LOOKUPS = (
    *("lookupByName", "lookupByUUIDString", "lookupByUUID", "listAllDomains"),
    *("nwfilterLookupByName", "nwfilterLookupByUUIDString", "listAllNWFilters", "listNWFilters"),
    *("secretLookupByUUIDString", "secretLookupByUsage", "listAllSecrets"),
    *("listAllStoragePools", "listAllNetworks", "storagePoolLookupByName"),
    *("networkLookupByName", "networkLookupByUUIDString"),
)
DUMPS = ("XMLDesc",)
#: Documents of other kinds, and tasks that say the same.
FILTER = "<filter name='calls'><rule action='drop' direction='in'><all/></rule></filter>"
UUID = "9f0c4a1b-6d3e-4c57-8a70-2c3d5e6f7a81"
SECRET = f"<secret><uuid>{UUID}</uuid><usage type='tls'><name>calls</name></usage></secret>"
POOL = "<pool type='dir'><name>calls</name><target><path>{}</path></target></pool>"
USAGE = {"type": "tls", "id": "calls"}
OTHERS: dict[str, tuple[t.Any, dict[str, t.Any], dict[str, int]]] = {
    "nwfilter": (nwfilter, {"xml": FILTER}, {"nwfilterLookupByName": 1, "XMLDesc": 1}),
    "nwfilter, merge": (
        nwfilter,
        {"xml": FILTER, "mode": "merge"},
        {"nwfilterLookupByName": 1, "XMLDesc": 1},
    ),
    "pool": (
        pool,
        {"name": "calls", "state": "active", "autostart": False},
        {"storagePoolLookupByName": 1, "XMLDesc": 2},
    ),
    "volume": (
        volume,
        {"pool": "calls", "name": "a", "capacity": "1M"},
        {"storagePoolLookupByName": 1, "storageVolLookupByName": 1, "XMLDesc": 1},
    ),
    "secret, its usage": (
        secret,
        {"usage": USAGE, "value": "a", "description": "b"},
        {"secretLookupByUsage": 1, "XMLDesc": 1},
    ),
    "secret, a document": (
        secret,
        {"xml": SECRET.replace("<usage", "<description>b</description><usage")},
        {"secretLookupByUUIDString": 1, "XMLDesc": 1},
    ),
    # What is on, too.
    "network": (
        network,
        {"name": "default", "state": "active"},
        {"networkLookupByName": 1, "XMLDesc": 2},
    ),
    "network, what it looks for": (
        network,
        {"name": "default", "state": "active", "reconnect": True},
        {"networkLookupByName": 2, "XMLDesc": 2, "listAllDomains": 1},
    ),
    "secret, its value": (
        secret,
        {"uuid": UUID, "value": "a", "update_value": "if_different"},
        {"secretLookupByUUIDString": 1, "XMLDesc": 1, "value": 1},
    ),
}


@contextlib.contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[collections.Counter[str]]:
    """How often each of the calls is made within the block."""
    calls: collections.Counter[str] = collections.Counter()

    def counting(name: str, method: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        def call(*arguments: t.Any) -> t.Any:
            calls[name] += 1
            return method(*arguments)

        return call

    with monkeypatch.context() as patch:
        for kind, names in (
            (libvirt.virConnect, LOOKUPS),
            (libvirt.virDomain, DUMPS),
            (libvirt.virNWFilter, DUMPS),
            (libvirt.virSecret, (*DUMPS, "value")),
            (libvirt.virStoragePool, (*DUMPS, "storageVolLookupByName", "refresh")),
            (libvirt.virStorageVol, DUMPS),
            (libvirt.virNetwork, (*DUMPS, "listAllPorts")),
        ):
            for name in names:
                patch.setattr(kind, name, counting(name, getattr(kind, name)))
        yield calls


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("state", ["stopped", "running"])
@pytest.mark.parametrize("task", TASKS)
def test_with_nothing_to_do_each_thing_is_read_once(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, task: str, state: str, check: bool
) -> None:
    hypervisor.define(DOCUMENT)
    if state == "running":
        hypervisor.raw.lookupByName(NAME).createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    module, options = TASKS[task]
    if module is domain_state:
        options = {**options, "state": "paused" if state == "running" else "stopped"}
    with counted(monkeypatch) as calls:
        result = task_of(module, check, **options)
    assert not result.failed, result.msg
    assert not result.changed, result.values["changes"]
    # A definition; and what runs.
    dumps = 2 if state == "running" else 0 if module is domain_state else 1
    assert calls == {"lookupByName": 1, **({"XMLDesc": dumps} if dumps else {})}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_each_of_many_is_read_once(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, check: bool
) -> None:
    hypervisor.define(DOCUMENT)
    hypervisor.define(DOCUMENT.replace(NAME, "other"))
    listed = [{"xml": DOCUMENT}, {"name": "other", "memory": 64}, {"name": "new", "xml": NEW}]
    with counted(monkeypatch) as calls:
        result = task_of(domains, check, domains=listed)
    assert not result.failed, result.msg
    assert [one["changed"] for one in result.values["results"]] == [False, False, True]
    # All of them, those that start by themselves, and those that are in a rare state. A new one is
    # looked for again right before it is defined, and read after that.
    made = {} if check else {"lookupByName": 1}
    assert calls == {"listAllDomains": 3, "XMLDesc": 2 + len(made), **made}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("task", OTHERS)
def test_objects_of_other_kinds_are_read_once(
    hypervisor: Hypervisor,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
    task: str,
    check: bool,
) -> None:
    module, options, expected = OTHERS[task]
    made = hypervisor.raw.nwfilterDefineXML(FILTER), hypervisor.raw.secretDefineXML(SECRET)
    folder = tmp_path / "pool"
    stored = hypervisor.raw.storagePoolDefineXML(POOL.format(folder))
    stored.build()
    stored.create()
    stored.createXML("<volume><name>a</name><capacity unit='MiB'>1</capacity></volume>")
    if module is pool:
        options = {**options, "target": {"path": str(folder)}}
    try:
        assert task_of(secret, usage=USAGE, description="b").changed
        assert task_of(secret, usage=USAGE, value="a", update_value="always").changed
        with counted(monkeypatch) as calls:
            result = task_of(module, check, **options)
        assert not result.failed, result.msg
        assert not result.changed, result.values["changes"]
        assert calls == expected
    finally:
        stored.destroy()
        for each in (*made, stored):
            each.undefine()
