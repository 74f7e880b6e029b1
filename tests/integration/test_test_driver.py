# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each module on ``test:///default``: foreseen in check mode, done, and nothing the second time.

All that it has is in the memory of this process, as long as a connection is open.
"""

from __future__ import annotations

import contextlib
import pathlib
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_defaults,
    domain_device,
    domain_info,
    domain_state,
    domain_xml,
    domains,
    estate,
    hypervisor_info,
    network,
    network_info,
    pool,
    pool_info,
    volume,
    volume_info,
)

from .hypervisor import Result, task_of

URI = "test:///default"
NEW: dict[str, t.Any] = {"osinfo": "debian11", "memory": 512, "disks": [{"size": 1}]}
NIC = {"network": "default", "mac": "52:54:00:00:00:01"}
DOCUMENT = (
    "<domain type='test'><name>c</name><memory>65536</memory>{}<os><type>hvm</type></os></domain>"
)
NETWORK = "<network><name>n</name><forward mode='nat'/><ip address='192.168.5{}.1'/></network>"
POOL = "<pool type='dir'><name>p</name><target><path>/nowhere/p</path></target></pool>"


@pytest.fixture(autouse=True)
def _memory() -> t.Iterator[None]:
    with contextlib.closing(libvirt.open(URI)):
        yield


def done(module: t.Any, **options: t.Any) -> Result:
    """As ``three_ways``, for what has more than changes."""
    options["uri"] = URI
    foreseen = task_of(module, check=True, **options)
    assert (foreseen.failed, foreseen.changed) == (False, True), foreseen.msg
    first = task_of(module, **options)
    assert (first.failed, first.changed) == (False, True), first.msg
    assert first.values.get("changes") == foreseen.values.get("changes")
    for check in (True, False):
        again = task_of(module, check=check, **options)
        assert (again.failed, again.changed) == (False, False), (again.msg, again.values)
    return first


def quiet(module: t.Any, **options: t.Any) -> Result:
    result = task_of(module, uri=URI, **options)
    assert (result.failed, result.changed) == (False, False), result.msg
    return result


def test_a_domain() -> None:
    made = done(domain, name="a", **NEW)
    assert not made.values.get("warnings")
    done(domain, name="a", memory=1024)
    done(domain, name="a", state="running")
    done(domain, name="a", metadata={"title": "x"})
    done(domain, name="a", vcpus=4, restart="if_required")
    for state in ("paused", "running", "saved", "running", "stopped"):
        done(domain_state, name="a", state=state)
    done(domain_state, name="a", autostart=True)
    done(domain_device, domain="a", disk={"size": 1, "target": {"dev": "hdb"}})
    done(domain_device, domain="a", disk={"target": {"dev": "hda"}, "cache": "none"})
    done(domain_device, domain="a", network=NIC)
    done(domain_device, domain="a", network={"mac": NIC["mac"]}, state="absent")
    done(domain_state, name="a", state="running")
    done(domain, name="a", state="absent", remove_volumes="all")


def test_a_domain_with_cloud_init(tmp_path: pathlib.Path) -> None:
    data = tmp_path / "user-data"
    data.write_text("#cloud-config\n", encoding="ascii")
    options = {"name": "b", "import": True, "cloud_init": {"user_data": str(data)}, **NEW}
    done(domain, state="running", **options)
    done(domain, name="b", state="absent", remove_volumes="all")


def test_documents() -> None:
    done(domain_xml, xml=DOCUMENT.format(""))
    done(domain_xml, xml=DOCUMENT.format("<vcpu>2</vcpu>"))
    done(domain_xml, name="c", state="absent")


def test_many() -> None:
    done(domains, domains=[{"name": "d"}, {"name": "e", "state": "running"}], defaults=NEW)
    gone = [{"name": name, "state": "absent", "remove_volumes": "all"} for name in "de"]
    done(domains, domains=gone)
    done(estate, pools=[{"xml": POOL}], domains=[{"name": "f", **NEW}])
    done(domain, name="f", state="absent", remove_volumes="all")
    done(pool, name="p", state="absent")


def test_the_guest_that_it_has() -> None:
    assert quiet(domain_info).values["domains"][0]["name"] == "test"
    done(domain, name="test", state="absent")


def test_networks() -> None:
    done(network, xml=NETWORK.format(0))
    done(network, xml=NETWORK.format(1), state="active", autostart=True)
    done(network, name="n", state="inactive")
    assert {one["name"] for one in quiet(network_info).values["networks"]} == {"default", "n"}
    done(network, name="n", state="absent")


def test_pools_and_volumes() -> None:
    done(pool, xml=POOL, state="active")
    done(volume, pool="p", name="v", capacity="1G")
    assert [one["name"] for one in quiet(volume_info, pool="p").values["volumes"]] == ["v"]
    done(volume, pool="p", name="v", state="absent")
    assert "p" in {one["name"] for one in quiet(pool_info).values["pools"]}
    done(pool, name="p", state="absent")


def test_what_changes_nothing() -> None:
    assert "<domain type=" in quiet(domain_defaults, name="g", **NEW).values["xml"]
    quiet(hypervisor_info)
