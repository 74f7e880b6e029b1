# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""declarative.libvirt.nwfilter and nwfilter_info on a private libvirtd."""

from __future__ import annotations

import pathlib
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    estate,
    nwfilter,
    nwfilter_info,
)

from .hypervisor import Hypervisor, task_of
from .three_ways import assert_fails, assert_unchanged, three_ways

FILTER = """
<filter name='web'>
  <rule action='accept' direction='in'><tcp dstportstart='{}'/></rule>
  <rule action='drop' direction='in' priority='900'><all/></rule>
</filter>
"""
#: Of the filters that these tests make.
NAMES = ("web", "base", "other", "one", "two", "three", "four")
GUEST = """
<domain type='qemu'>
  <name>guest</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <interface type='network'>
      <mac address='52:54:00:00:00:09'/>
      <source network='default'/>
      <filterref filter='web'><parameter name='IP' value='192.168.122.9'/></filterref>
    </interface>
  </devices>
</domain>
"""


class Filters:
    """What the tests look at by libvirt's own calls."""

    def __init__(self, raw: t.Any) -> None:
        self.raw = raw

    def state(self) -> dict[str, str]:
        found = {one.name(): one.XMLDesc(0) for one in self.raw.listAllNWFilters()}
        return {name: text for name, text in found.items() if name in NAMES}

    def clear(self) -> None:
        left = 3
        while left and self.state():
            left -= 1
            for name in self.state():
                self.raw.nwfilterLookupByName(name).undefine()


@pytest.fixture
def filters(hypervisor: Hypervisor) -> t.Iterator[Filters]:
    found = Filters(hypervisor.raw)
    found.clear()
    yield found
    hypervisor.clear()
    found.clear()


def test_a_new_one(filters: Filters) -> None:
    done = three_ways(nwfilter, filters.state, xml=FILTER.format(22))
    made = filters.raw.nwfilterLookupByName("web")
    assert done.values["nwfilter"] == {
        "name": "web",
        "uuid": made.UUIDString(),
        "state": "present",
    }
    assert "dstportstart='22'" in made.XMLDesc(0)
    assert "priority='500'" in made.XMLDesc(0)


def test_one_that_says_the_opposite(filters: Filters) -> None:
    made = filters.raw.nwfilterDefineXML(FILTER.format(23))
    uuid = made.UUIDString()
    done = three_ways(nwfilter, filters.state, xml=FILTER.format(22))
    assert [
        (one["path"], one["before"], one["after"], one["when"]) for one in done.values["changes"]
    ] == [("/filter/rule[1]/tcp/@dstportstart", "23", "22", "live")]
    assert filters.raw.nwfilterLookupByName("web").UUIDString() == uuid


def test_a_file_and_a_name(filters: Filters, tmp_path: pathlib.Path) -> None:
    document = tmp_path / "web.xml"
    document.write_text(FILTER.replace(" name='web'", "").format(22), encoding="utf-8")
    three_ways(nwfilter, filters.state, src=str(document), name="web")
    uuid = filters.raw.nwfilterLookupByName("web").UUIDString()
    assert_unchanged(nwfilter, filters.state, src=str(document), name=uuid)


def test_merged(filters: Filters) -> None:
    filters.raw.nwfilterDefineXML(FILTER.format(22))
    three_ways(
        nwfilter,
        filters.state,
        name="web",
        mode="merge",
        xml="<filter><rule action='accept' direction='out'><all/></rule></filter>",
    )
    text = filters.state()["web"]
    assert text.count("<rule") == 1
    assert "direction='out'" in text


def test_what_is_wrong_is_refused_by_the_schema(filters: Filters) -> None:
    wrong = FILTER.replace("accept", "admit").format(22)
    assert_fails(nwfilter, filters.state, "admit", xml=wrong)
    assert_fails(nwfilter, filters.state, "name", xml="<filter/>")
    assert_fails(
        nwfilter, filters.state, "attribute name is 'web'", xml=FILTER.format(22), name="other"
    )
    assert filters.state() == {}


def test_a_running_guest_has_it_at_once(filters: Filters) -> None:
    filters.raw.nwfilterDefineXML(FILTER.format(22))
    filters.raw.createXML(GUEST, libvirt.VIR_DOMAIN_START_PAUSED)
    three_ways(nwfilter, filters.state, xml=FILTER.format(80))
    # A variable that the guest's interface doesn't set: the old filter stays.
    variable = FILTER.replace("<all/>", "<all srcipaddr='$ELSE'/>").format(80)
    before = filters.state()
    failed = task_of(nwfilter, xml=variable)
    assert failed.failed
    assert "libvirt failed to define the nwfilter" in failed.msg
    assert filters.state() == before


def test_references(filters: Filters) -> None:
    xml = "<filter name='web'><filterref filter='base'/></filter>"
    lacking = task_of(nwfilter, xml=xml)
    assert lacking.changed
    words = "refers to the nwfilter 'base', which doesn't exist"
    assert words in str(lacking.values["warnings"])
    again = task_of(nwfilter, xml=xml)
    assert not again.changed
    assert words in str(again.values["warnings"])
    three_ways(nwfilter, filters.state, xml="<filter name='base'/>")
    assert not task_of(nwfilter, xml=xml).values.get("warnings")


def test_references_that_come_back(filters: Filters) -> None:
    refers = "<filter name='{}'><filterref filter='{}'/></filter>"
    for name, other in (("one", "two"), ("two", "three")):
        assert not task_of(nwfilter, xml=refers.format(name, other)).failed
    words = "filterref: the filter 'one' refers to 'three' in turn"
    assert_fails(nwfilter, filters.state, words, xml=refers.format("three", "one"))
    words = "filterref: it refers to itself"
    assert_fails(nwfilter, filters.state, words, xml=refers.format("three", "three"))
    three_ways(nwfilter, filters.state, xml=refers.format("four", "one"))


def test_a_reference_may_turn_round_in_one_task(filters: Filters) -> None:
    filters.raw.nwfilterDefineXML("<filter name='two'/>")
    filters.raw.nwfilterDefineXML("<filter name='one'><filterref filter='two'/></filter>")
    turned = ["<filter name='one'/>", "<filter name='two'><filterref filter='one'/></filter>"]
    options: dict[str, t.Any] = {"nwfilters": [{"xml": xml} for xml in turned]}
    for check, changes in ((True, True), (False, True), (True, False), (False, False)):
        done = task_of(estate, check, **options)
        assert not done.failed, done.msg
        assert done.changed is changes
    assert "filter='one'" in filters.state()["two"]
    assert "filterref" not in filters.state()["one"]


def test_no_reference_is_missing_while_a_guest_runs(filters: Filters) -> None:
    filters.raw.nwfilterDefineXML("<filter name='web'/>")
    guest = filters.raw.createXML(GUEST, libvirt.VIR_DOMAIN_START_PAUSED)
    xml = "<filter name='web'><filterref filter='none'/></filter>"
    words = "filterref: there is no filter 'none', and domain 'guest' runs with this one"
    assert_fails(nwfilter, filters.state, words, xml=xml)
    guest.destroy()
    three_ways(nwfilter, filters.state, xml=xml)


def test_a_set_that_libvirt_drops_is_warned_of(filters: Filters) -> None:
    rule = "<rule action='accept' direction='in'><tcp ipset='known' {}/></rule>"
    lost = "<filter name='web'>" + rule.format("ipsetflags='src'") + "</filter>"
    for _run in range(2):
        done = task_of(nwfilter, xml=lost)
        assert "libvirt drops ipset from rule 1, which" in str(done.values["warnings"])
    assert not done.changed
    kept = "<filter name='web'>" + rule.format("") + "</filter>"
    three_ways(nwfilter, filters.state, xml=kept, validate=False)
    # The dump has flags, with which libvirt would drop the set from its own dump.
    other = kept.replace("</filter>", "<rule action='drop' direction='in'/></filter>")
    three_ways(nwfilter, filters.state, xml=other, validate=False)
    assert "ipset='known'" in filters.state()["web"]


def test_removed(filters: Filters) -> None:
    filters.raw.nwfilterDefineXML(FILTER.format(22))
    done = three_ways(nwfilter, filters.state, name="web", state="absent")
    assert done.values["nwfilter"]["state"] == "absent"
    assert filters.state() == {}


def test_what_is_used_stays(filters: Filters) -> None:
    filters.raw.nwfilterDefineXML("<filter name='web'/>")
    filters.raw.nwfilterDefineXML("<filter name='other'><filterref filter='web'/></filter>")
    filters.raw.defineXML(GUEST)
    absent: dict[str, t.Any] = {"name": "web", "state": "absent"}
    words = "used by domain 'guest', nwfilter 'other'"
    assert_fails(nwfilter, filters.state, words, **absent)
    # Without a definition, and running.
    filters.raw.lookupByName("guest").undefine()
    guest = filters.raw.createXML(GUEST, libvirt.VIR_DOMAIN_START_PAUSED)
    assert_fails(nwfilter, filters.state, words, **absent)
    # libvirt itself keeps what a running guest uses.
    before = filters.state()
    assert_fails(nwfilter, filters.state, "while domain 'guest' runs with it", force=True, **absent)
    assert filters.state() == before
    guest.destroy()
    done = three_ways(nwfilter, filters.state, force=True, **absent)
    assert "it was used by nwfilter 'other'" in str(done.values["warnings"])


def test_what_a_running_guest_has_by_the_reference_of_another_filter_stays(
    filters: Filters,
) -> None:
    inner = filters.raw.nwfilterDefineXML("<filter name='inner'/>")
    filters.raw.nwfilterDefineXML("<filter name='web'><filterref filter='inner'/></filter>")
    guest = filters.raw.createXML(GUEST, libvirt.VIR_DOMAIN_START_PAUSED)
    with pytest.raises(libvirt.libvirtError, match="in use"):
        inner.undefine()
    absent: dict[str, t.Any] = {"name": "inner", "state": "absent", "force": True}
    words = "force: libvirt doesn't remove it while domain 'guest' runs with it"
    assert_fails(nwfilter, filters.state, words, **absent)
    guest.destroy()
    done = three_ways(nwfilter, None, **absent)
    assert "it was used by nwfilter 'web'; remove the references" in str(done.values["warnings"])


def test_info(filters: Filters) -> None:
    web = filters.raw.nwfilterDefineXML(FILTER.format(22))
    filters.raw.nwfilterDefineXML(
        "<filter name='base' chain='ipv4'><filterref filter='web'/></filter>"
    )
    filters.raw.createXML(GUEST, libvirt.VIR_DOMAIN_START_PAUSED)
    found = task_of(nwfilter_info, name=["w*b", "nothing"])
    assert not found.changed
    (one,) = found.values["nwfilters"]
    (binding,) = one.pop("bindings")
    assert one == {
        "name": "web",
        "uuid": web.UUIDString(),
        "chain": "root",
        "priority": 0,
        "references": [],
        "xml": web.XMLDesc(0),
    }
    assert binding.pop("domain_uuid") == filters.raw.lookupByName("guest").UUIDString()
    assert binding.pop("device").startswith("vnet")
    parameters = {each["name"]: each["value"] for each in binding.pop("parameters")}
    assert parameters["IP"] == "192.168.122.9"
    assert binding == {"domain": "guest", "mac": "52:54:00:00:00:09"}
    (base,) = task_of(nwfilter_info, name=["base"], check=True).values["nwfilters"]
    assert (base["chain"], base["priority"], base["references"]) == ("ipv4", -700, ["web"])
    assert len(task_of(nwfilter_info).values["nwfilters"]) > 10
