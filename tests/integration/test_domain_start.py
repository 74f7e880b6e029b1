# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest needs to start: it is told before anything is done, or started."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_state,
    domain_xml,
    domains,
)

from .hypervisor import Hypervisor, Result, task_of
from .test_domain import BASE, NAME, paths, thrice

LAB = "<network><name>lab</name><bridge name='virbrlab'/></network>"


@pytest.fixture(autouse=True)
def lab(hypervisor: Hypervisor) -> t.Iterator[t.Any]:
    network = hypervisor.raw.networkDefineXML(LAB)
    yield network
    hypervisor.clear()
    if network.isActive():
        network.destroy()
    network.undefine()


def both(**options: t.Any) -> Result:
    """The same refusal, foreseen and met, with nothing done."""
    foreseen, met = (task_of(domain, check, **{**BASE, **options}) for check in (True, False))
    assert foreseen.failed
    assert foreseen.msg == met.msg
    assert not met.changed
    return met


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ({"network": "nosuch"}, "it can't start: there is no network 'nosuch'; define it, or take"),
        ({"bridge": "nosuch"}, "it can't start: the host has no bridge 'nosuch'; make it"),
        ({"type": "direct", "source": "nosuch"}, "has no network device 'nosuch'; make it"),
        ({"network": "lab"}, "the network 'lab' is off; set start_networks: true, or start the"),
    ],
)
def test_what_is_not_there(hypervisor: Hypervisor, network: t.Any, words: str) -> None:
    refused = both(network=network, state="running")
    assert words in refused.msg
    assert not hypervisor.names()
    # A domain that doesn't have to start is one as for virsh.
    thrice(**{**BASE, "network": network})
    refused = task_of(domain_state, True, name=NAME, state="running")
    assert refused.failed
    assert words.partition(";")[0] in refused.msg


def test_a_network_that_is_off_is_started(lab: t.Any) -> None:
    done = thrice(**{**BASE, "network": "network=lab"}, state="running", start_networks=True)
    assert lab.isActive()
    assert paths(done) == ["/domain", "network lab", "state"]
    assert not lab.autostart()


def test_one_domain_of_a_list_starts_it(lab: t.Any) -> None:
    defaults = {**BASE, "network": "network=lab", "state": "running", "start_networks": True}
    del defaults["name"]
    options = {"defaults": defaults, "domains": [{"name": "a"}, {"name": "b"}]}
    results = [task_of(domains, check, diff=True, **options) for check in (True, False, False)]
    assert [one.failed for one in results] == [False, False, False]
    assert [one.changed for one in results] == [True, True, False]
    foreseen, done = (
        [[change["path"] for change in one["changes"]] for one in result.values["results"]]
        for result in results[:2]
    )
    assert foreseen == done == [["/domain", "network lab", "state"], ["/domain", "state"]]
    assert lab.isActive()


def test_an_image_that_is_missing(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    image = tmp_path / "gone.img"
    document = (
        f"<domain type='qemu'><name>{NAME}</name><memory>65536</memory><os><type>hvm</type></os>"
        f"<devices><disk type='file'><source file='{image}'/><target dev='vda'/></disk></devices>"
        "</domain>"
    )
    options: dict[str, t.Any] = {"name": NAME, "xml": document, "state": "running"}
    for check in (True, False):
        refused = task_of(domain, check, **options)
        assert f"it can't start: there is no image {image}, which is its disk vda" in refused.msg
    assert not hypervisor.names()


@pytest.mark.parametrize(
    ("boot", "words"),
    [
        ({"kernel": "/nosuch/kernel"}, "nothing at /nosuch/kernel, which is its kernel"),
        ({"kernel": "/etc/hosts", "initrd": "/nosuch/i"}, "/nosuch/i, which is its initrd"),
        ({"loader": "/nosuch/rom", "loader_type": "rom"}, "/nosuch/rom, which is its firmware"),
    ],
)
def test_a_file_that_it_boots_from_is_missing(
    hypervisor: Hypervisor, boot: dict[str, str], words: str
) -> None:
    assert words in both(boot=boot, state="running").msg
    assert not hypervisor.names()
    thrice(**{**BASE, "boot": boot})
    assert words in both(state="running").msg
    for check in (True, False):
        refused = task_of(domain_state, check, name=NAME, state="running")
        assert words in refused.msg


def test_a_pool_that_is_off(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    pool = hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>idle</name><target><path>{tmp_path}</path></target></pool>"
    )
    (tmp_path / "a.raw").write_bytes(bytes(1024**2))
    by_volume = (
        f"<domain type='qemu'><name>{NAME}</name><memory>65536</memory><os><type>hvm</type></os>"
        "<devices><disk type='volume'><source pool='idle' volume='a.raw'/>"
        "<target dev='vda'/></disk></devices></domain>"
    )
    words = "the storage pool idle is off; start it with virsh pool-start idle"
    try:
        for disk in ({"vol": "idle/a.raw"}, {"pool": "idle", "size": 1}):
            assert words in both(disk=[disk], state="running").msg
        for check in (True, False):
            options: dict[str, t.Any] = {"name": NAME, "xml": by_volume, "state": "running"}
            refused = task_of(domain, check, **options)
            assert f"it can't start: {words}" in refused.msg
            assert not hypervisor.names()
        hypervisor.define(by_volume)
        assert words in task_of(domain_state, True, name=NAME, state="running").msg
        assert words in task_of(domain_state, False, name=NAME, state="running").msg
        pool.create()
        assert not task_of(domain_state, False, name=NAME, state="running").failed
    finally:
        hypervisor.clear()
        if pool.isActive():
            pool.destroy()
        pool.undefine()


NOTHING = "the guest has nothing to boot"


@pytest.mark.parametrize(
    ("options", "warns"),
    [
        ({"disk": [{"size": 0.01}]}, True),
        ({"disk": "none"}, True),
        ({"disk": [{"size": 0.01}, {"device": "cdrom"}], "boot": "hd"}, True),
        ({"disk": [{"size": 0.01}], "import": True}, False),
        ({"disk": [{"size": 0.01}], "pxe": True}, False),
        ({"disk": [{"size": 0.01}], "boot": "network,hd"}, False),
        ({"disk": [{"size": 0.01}], "cloud_init": {"root_password": "opensesame"}}, False),
        ({"disk": [{"size": 0.01}, {"path": "/dev/zero", "device": "cdrom"}]}, False),
        ({"disk": [{"size": 0.01}], "state": "stopped"}, False),
        ({"disk": [{"size": 0.01}], "state": "present"}, False),
    ],
)
def test_a_guest_that_has_nothing_to_boot(options: t.Any, warns: bool) -> None:
    given = {**BASE, "state": "running", "network": "none", "import": False, **options}
    done = task_of(domain, True, **given)
    assert not done.failed, done.msg
    assert (NOTHING in str(done.values.get("warnings"))) == warns


def test_a_guest_that_could_not_start_again_runs_on(hypervisor: Hypervisor) -> None:
    """A restart is refused before the guest is stopped."""
    network = {"bridge": "nosuch", "mac": "52:54:00:77:13:01", "model": "virtio"}
    plugged = {**BASE, "network": network}
    assert not task_of(domain, False, **BASE, state="running").failed
    number = hypervisor.raw.lookupByName(NAME).ID()
    done = task_of(domain, False, **plugged)
    assert not done.failed
    assert done.values["restart_required"]
    assert "did not take interface" in str(done.values["warnings"])
    assert "'nosuch': No such device" in str(done.values["warnings"])
    words = "it can't start: the host has no bridge 'nosuch'; make it"
    force: dict[str, t.Any] = {"shutdown": {"method": [], "force": True}}
    tasks: list[tuple[t.Any, dict[str, t.Any]]] = [
        (domain, {**plugged, "restart": "if_required", **force}),
        (domain, {**plugged, "restart": "always", "metadata": {"title": "new"}, **force}),
        (domain_state, {"name": NAME, "state": "restarted", **force}),
    ]
    for module, options in tasks:
        refused = task_of(module, False, **options)
        assert refused.failed
        assert words in refused.msg
        assert hypervisor.raw.lookupByName(NAME).ID() == number
    foreseen = task_of(domain_state, True, name=NAME, state="restarted", **force)
    assert foreseen.msg == refused.msg


def test_a_filter_that_there_is_not(hypervisor: Hypervisor, lab: t.Any) -> None:
    """Foreseen as a missing network is: where the guest starts, or runs already."""
    nic = {"network": "lab", "mac": "52:54:00:00:00:f1"}
    filtered = {**nic, "filterref.filter": "clean-trafic"}
    words = (
        "filterref: there is no nwfilter 'clean-trafic', but there is 'clean-traffic'; define it first, as "
        "the module nwfilter does"
    )
    lab.create()
    assert f"it can't start: {words}" in both(network=filtered, state="running").msg
    assert not hypervisor.names()
    # One that doesn't have to start is one as for virsh, with a warning.
    made = task_of(domain, **{**BASE, "network": filtered})
    assert words in str(made.values["warnings"])
    assert not task_of(domain, **{**BASE, "network": filtered}).changed
    refused = task_of(domain_state, True, name=NAME, state="running")
    assert words in refused.msg
    # A guest that runs, and an interface that it has.
    thrice(**{**BASE, "network": {**nic, "filterref.filter": "clean-traffic"}, "state": "running"})
    before = hypervisor.definition(NAME)
    assert words in both(network=filtered, state="running").msg
    assert hypervisor.definition(NAME) == before
    device: dict[str, t.Any] = {"domain": NAME, "network": {**filtered, "mac": "52:54:00:00:00:f2"}}
    foreseen, met = (task_of(domain_device, check, **device) for check in (True, False))
    assert words in foreseen.msg
    assert foreseen.msg == met.msg
    assert hypervisor.definition(NAME) == before


def test_a_filter_that_filters_nothing(hypervisor: Hypervisor) -> None:
    """libvirt drops it, and each run says so."""
    nic = {"type": "user", "mac": "52:54:00:00:00:f1", "filterref.filter": "clean-traffic"}
    words = "'clean-traffic' filters nothing of the interface 52:54:00:00:00:f1, as libvirt drops"
    for check in (True, False, True, False):
        done = task_of(domain, check, **{**BASE, "network": nic})
        assert not done.failed, done.msg
        assert str(done.values["warnings"]).count(words) == 1
    assert not done.changed
    assert "filterref" not in hypervisor.definition(NAME)
    document = {
        "xml": hypervisor.definition(NAME).replace(
            "</interface>", "<filterref filter='clean-traffic'/></interface>"
        )
    }
    by_mac = {"mac": nic["mac"], "filterref.filter": "clean-traffic"}
    device: dict[str, t.Any] = {"domain": NAME, "network": by_mac}
    for module, options in ((domain_xml, document), (domain_device, device)):
        for check in (True, False, False):
            done = task_of(module, check, **options)
            assert (done.failed, done.changed) == (False, False), done.msg
            assert str(done.values["warnings"]).count(words) == 1
