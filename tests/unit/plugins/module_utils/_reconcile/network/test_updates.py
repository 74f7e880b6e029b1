# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls of virNetworkUpdate, from each list to each, on a libvirt that is played by its rules."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.network.updates import (
    UpdatePlan,
    planned_updates,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.network import KIND
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.network.updates import (
    ADD,
    DELETE,
    DESCRIBE,
    MODIFY,
    SECTIONS,
    Update,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import (
    Element,
    apart,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

OLD, NEW = 9_000_000, 10_006_000
_BY_NAME = {section.name: section for section in SECTIONS}
_A, _B, _C = (f"52:54:00:00:00:0{letter}" for letter in "abc")


class Refused(Exception):
    """What the played libvirt answers."""


class Played:
    """A list of a network that is on, and what virNetworkUpdate does to it."""

    def __init__(self, items: list[Element]) -> None:
        self.items = list(items)

    def update(self, update: Update, version: int) -> None:
        section, given = _BY_NAME[update.section], update.given
        if update.command == ADD:
            if any(section.clashes(given, one) for one in self.items):
                raise Refused("there is already one")
            self.items.append(given)
            return
        takes = section.finds if update.command == DELETE else section.clashes
        found = [one for one in self.items if takes(given, one)]
        if len(found) != 1:
            raise Refused(f"{len(found)} match")
        if update.command == DELETE:
            self.items.remove(found[0])
            return
        assert section.modifies is not None
        assert version >= section.modifies
        self.items[self.items.index(found[0])] = given


def _host(mac: str, number: int, name: str = "") -> str:
    named = f" name='{name}'" if name else ""
    return f"<host mac='{mac}'{named} ip='192.0.2.{number}'/>"


#: For each list: the elements around it, and lists of which each becomes each other.
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "IP_DHCP_HOST": (
        "<ip address='192.0.2.1' prefix='24'><dhcp>{}</dhcp></ip>",
        (
            "",
            _host(_A, 10),
            _host(_A, 11),
            _host(_B, 10),
            _host(_A, 10, "a") + _host(_B, 11, "b"),
            _host(_A, 11, "a") + _host(_B, 10, "b"),
            _host(_A, 10, "b") + _host(_B, 11, "a"),
            _host(_A, 11, "b") + _host(_B, 12, "c") + _host(_C, 10, "a"),
            _host(_B, 12, "a") + _host(_C, 11),
            _host(_A.upper(), 10, "a") + _host(_C, 11, "b"),
            "<host name='a' ip='192.0.2.12'/>",
        ),
    ),
    "IP_DHCP_RANGE": (
        "<ip address='192.0.2.1' prefix='24'><dhcp>{}</dhcp></ip>",
        (
            "",
            "<range start='192.0.2.2' end='192.0.2.9'/>",
            "<range start='192.0.2.2' end='192.0.2.8'/>",
            "<range start='192.0.2.2' end='192.0.2.9'><lease expiry='1'/></range>",
            "<range start='192.0.2.2' end='192.0.2.5'/><range start='192.0.2.6' end='192.0.2.9'/>",
        ),
    ),
    "DNS_HOST": (
        "<dns>{}</dns>",
        (
            "",
            "<host ip='192.0.2.2'><hostname>a</hostname></host>",
            "<host ip='192.0.2.2'><hostname>b</hostname><hostname>a</hostname></host>",
            "<host ip='192.0.2.3'><hostname>a</hostname></host>",
            "<host ip='192.0.2.2'><hostname>a</hostname></host>"
            "<host ip='192.0.2.3'><hostname>b</hostname></host>",
            "<host ip='192.0.2.2'><hostname>b</hostname></host>"
            "<host ip='192.0.2.3'><hostname>a</hostname></host>",
        ),
    ),
    "DNS_TXT": (
        "<dns>{}</dns>",
        (
            "",
            "<txt name='a' value='1'/>",
            "<txt name='a' value='2'/>",
            "<txt name='b' value='1'/><txt name='a' value='1'/>",
        ),
    ),
    "DNS_SRV": (
        "<dns>{}</dns>",
        (
            "",
            "<srv service='a' protocol='tcp' target='x' port='1'/>",
            "<srv service='a' protocol='tcp' target='x' port='2'/>",
            "<srv service='a' protocol='tcp' target='x' port='1'/>"
            "<srv service='a' protocol='tcp' target='y' port='1'/>",
            # It fits all others of its service.
            "<srv service='a' protocol='tcp'/>",
            "<srv service='b' protocol='udp' target='x'/>",
        ),
    ),
    "PORTGROUP": (
        "{}",
        (
            "",
            "<portgroup name='a'/>",
            "<portgroup name='a'><bandwidth><inbound average='1'/></bandwidth></portgroup>",
            "<portgroup name='b'/><portgroup name='a'/>",
        ),
    ),
    "FORWARD_INTERFACE": (
        "<forward mode='private'>{}</forward>",
        tuple(
            "".join(f"<interface dev='{dev}'/>" for dev in devs)
            for devs in ("", "a", "b", "ab", "ba", "bca", "ca", "abc")
        ),
    ),
}


def _network(around: str, items: str) -> Element:
    return apart(parse(f"<network><name>n</name>{around.format(items)}</network>"))


def _planned(live: Element, wanted: Element, version: int) -> UpdatePlan:
    return planned_updates(live, reconcile(wanted, live, KIND.book).document, version)


def _left(live: Element, wanted: Element) -> list[str]:
    return [change.path for change in reconcile(wanted, live, KIND.book).changes]


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("name", LISTS)
def test_each_list_becomes_each(name: str, version: int) -> None:
    around, lists = LISTS[name]
    section = _BY_NAME[name]
    for before, after in itertools.permutations(lists, 2):
        live, wanted = _network(around, before), _network(around, after)
        plan = _planned(live, wanted, version)
        played = Played(live.findall(section.path))
        for update in itertools.chain(*plan.lists):
            assert update.section == name
            played.update(update, version)
        # Nothing is left, and the plan knows what libvirt has then.
        assert _left(plan.live, wanted) == [], (before, after)
        assert plan.live.findall(section.path) == played.items, (before, after)
        assert _planned(plan.live, wanted, version).lists == ()


@pytest.mark.parametrize("name", LISTS)
def test_each_call_can_be_taken_back(name: str) -> None:
    around, lists = LISTS[name]
    section = _BY_NAME[name]
    for before, after in itertools.permutations(lists, 2):
        live = _network(around, before)
        plan = _planned(live, _network(around, after), NEW)
        for updates in plan.lists:
            for number in range(len(updates) + 1):
                played = Played(live.findall(section.path))
                for update in updates[:number]:
                    played.update(update, NEW)
                for update in reversed(updates[:number]):
                    played.update(update.undone(), NEW)
                texts = sorted(serialise(one) for one in played.items)
                assert texts == sorted(map(serialise, live.findall(section.path)))


def test_one_host_is_modified() -> None:
    around = LISTS["IP_DHCP_HOST"][0]
    live = _network(around, _host(_A, 10) + _host(_B, 11))
    plan = _planned(live, _network(around, _host(_A, 12) + _host(_B, 11)), OLD)
    assert [(one.command, one.parent) for one in plan.lists[0]] == [(MODIFY, 0)]


def test_two_hosts_that_change_addresses_go_before_they_come() -> None:
    around = LISTS["IP_DHCP_HOST"][0]
    live = _network(around, _host(_A, 10) + _host(_B, 11))
    plan = _planned(live, _network(around, _host(_A, 11) + _host(_B, 10)), OLD)
    assert [one.command for one in plan.lists[0]] == [DELETE, DELETE, ADD, ADD]


def test_the_number_of_the_subnet() -> None:
    text = (
        "<ip address='192.0.2.1' prefix='24'/><ip family='ipv6' address='2001:db8::1' prefix='64'>"
        "<dhcp>{}</dhcp></ip>"
    )
    live = _network(text, "<range start='2001:db8::2' end='2001:db8::9'/>")
    wanted = _network(text, "<range start='2001:db8::2' end='2001:db8::8'/>")
    plan = _planned(live, wanted, OLD)
    assert [(one.command, one.parent) for one in plan.lists[0]] == [(DELETE, 1), (ADD, 1)]


def test_two_lists_of_one_subnet() -> None:
    around = LISTS["IP_DHCP_HOST"][0]
    items = "<range start='192.0.2.50' end='192.0.2.59'/>" + _host(_A, 10)
    live, wanted = _network(around, ""), _network(around, items)
    plan = _planned(live, wanted, OLD)
    assert [updates[0].section for updates in plan.lists] == ["IP_DHCP_RANGE", "IP_DHCP_HOST"]
    assert _left(plan.live, wanted) == []


def test_a_name_of_two_addresses_waits_and_the_rest_is_done() -> None:
    text = "<host ip='192.0.2.{}'><hostname>{}</hostname></host>"
    live = _network("<dns>{}</dns>", text.format(2, "a"))
    wanted = _network(
        "<dns>{}</dns>", text.format(2, "a") + text.format(3, "a") + text.format(4, "b")
    )
    plan = _planned(live, wanted, OLD)
    ((update,),) = plan.lists
    assert update.given.get("ip") == "192.0.2.4"
    assert len(_left(plan.live, wanted)) == 1
    # Two that are there can go, each by its address.
    plan = _planned(wanted, live, OLD)
    assert [one.command for one in plan.lists[0]] == [DELETE, DELETE]
    assert all(one.given.children == [] for one in plan.lists[0])


def test_what_libvirt_has_no_call_for_stays() -> None:
    live = _network("{}", "<mtu size='1400'/><ip address='192.0.2.1' prefix='24'/>")
    wanted = _network("{}", "<mtu size='1500'/><ip address='198.51.100.1' prefix='24'/>")
    plan = _planned(live, wanted, NEW)
    assert not plan
    assert plan.live is live


def test_interfaces_of_another_mode_stay() -> None:
    live = _network("<forward mode='private'>{}</forward>", "<interface dev='a'/>")
    plan = _planned(live, _network("<forward mode='vepa'>{}</forward>", ""), NEW)
    assert not plan


def test_one_that_fits_others_goes_when_they_are_out_of_the_way() -> None:
    around, _lists = LISTS["DNS_SRV"]
    wide = "<srv service='a' protocol='tcp'/>"
    narrow = "<srv service='a' protocol='tcp' target='x' port='1'/>"
    # They were defined together.
    live = _network(around, wide + narrow)
    plan = _planned(live, _network(around, narrow), OLD)
    assert [(one.command, one.given.get("target")) for one in plan.lists[0]] == [
        (DELETE, "x"),
        (DELETE, None),
        (ADD, "x"),
    ]
    plan = _planned(live, _network(around, wide), OLD)
    assert [(one.command, one.given.get("target")) for one in plan.lists[0]] == [(DELETE, "x")]


@pytest.mark.parametrize("tag", ["title", "description"])
def test_descriptions(tag: str) -> None:
    texts = [f"<{tag}>{text}</{tag}>" for text in "ab"]
    for before, after in itertools.permutations(["", *texts], 2):
        live, wanted = _network("{}", before), _network("{}", after)
        desired = reconcile(wanted, live, KIND.book).document
        # libvirt before 9.7 has no call.
        assert not planned_updates(live, desired, OLD)
        plan = planned_updates(live, desired, NEW, True)
        ((update,),) = plan.lists
        assert (update.section, update.command) == (tag, DESCRIBE)
        assert _left(plan.live, wanted) == []
        assert update.undone().undone() == update
