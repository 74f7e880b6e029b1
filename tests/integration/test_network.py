# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""declarative.libvirt.network and network_info on a private libvirtd."""

from __future__ import annotations

import pathlib
import re
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    estate,
    network,
    network_info,
)

from .hypervisor import Hypervisor, Result, task_of
from .three_ways import assert_fails, assert_unchanged, three_ways

DNSMASQ = pathlib.Path("/var/lib/libvirt/dnsmasq")
XML = """
<network>
  <name>web</name>
  <forward mode='nat'/>
  <bridge name='virbr60' stp='on' delay='0'/>
  <mac address='52:54:00:00:60:60'/>
  <dns>
    <txt name='motto' value='one'/>
    <srv service='ldap' protocol='tcp' domain='example.org' target='a.example.org' port='389'/>
    <host ip='192.0.2.10'><hostname>www</hostname></host>
  </dns>
  <ip address='192.0.2.1' prefix='24'>
    <dhcp>
      <range start='192.0.2.100' end='192.0.2.199'/>
      <host mac='52:54:00:00:00:0a' name='a' ip='192.0.2.10'/>
      <host mac='52:54:00:00:00:0b' name='b' ip='192.0.2.11'/>
    </dhcp>
  </ip>
  <portgroup name='slow'/>
</network>
"""
#: libvirt waits until an IPv6 address is known to be nobody else's.
_SUBNET = """  <ip family='ipv6' address='2001:db8::1' prefix='64'>
    <dhcp>
      <range start='2001:db8::100' end='2001:db8::1ff'/>
      <host id='0:3:0:1:0:16:3e:11:22:33' name='six' ip='2001:db8::6'/>
    </dhcp>
  </ip>
"""
WITH_IPV6 = XML.replace("  <portgroup", f"{_SUBNET}  <portgroup")
GUEST = """
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <interface type='network'>
      <mac address='{mac}'/><source network='web'/><model type='virtio'/>
    </interface>
  </devices>
</domain>
"""


class Networks:
    """What the tests look at by libvirt's own calls."""

    def __init__(self, raw: t.Any) -> None:
        self.raw = raw

    def state(self) -> dict[str, tuple[str, str, bool, bool, bool]]:
        """Of each network of a test: both documents, and its switches."""
        return {
            one.name(): (
                one.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE),
                one.XMLDesc(),
                bool(one.isActive()),
                bool(one.isPersistent()),
                bool(one.isPersistent() and one.autostart()),
            )
            for one in self.raw.listAllNetworks()
            if one.name() != "default"
        }

    def find(self, name: str = "web") -> t.Any:
        return self.raw.networkLookupByName(name)

    def definition(self, name: str = "web") -> str:
        return str(self.find(name).XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE))

    def live(self, name: str = "web") -> str:
        return str(self.find(name).XMLDesc())

    def define(self, xml: str = XML, start: bool = True) -> t.Any:
        made = self.raw.networkDefineXML(xml)
        if start:
            made.create()
        return made

    def redefine(self, xml: str) -> None:
        """The definition alone becomes another one."""
        uuid = f"<uuid>{self.find().UUIDString()}</uuid>"
        self.raw.networkDefineXML(xml.replace("<name>web</name>", f"<name>web</name>{uuid}"))

    def guest(self, number: int) -> t.Any:
        """A guest on the network that doesn't boot."""
        text = GUEST.format(name=f"guest{number}", mac=f"52:54:00:00:01:{number:02x}")
        return self.raw.createXML(text, libvirt.VIR_DOMAIN_START_PAUSED)

    def clear(self) -> None:
        for one in self.raw.listAllNetworks():
            if one.name() == "default":
                continue
            is_persistent = one.isPersistent()
            if one.isActive():
                one.destroy()
            if is_persistent:
                one.undefine()


@pytest.fixture
def networks(hypervisor: Hypervisor) -> t.Iterator[Networks]:
    found = Networks(hypervisor.raw)
    found.clear()
    yield found
    hypervisor.clear()
    found.clear()


def changes(done: Result) -> list[tuple[str, str, str]]:
    return [(one["path"], one["op"], one["when"]) for one in done.values["changes"]]


# New ones


def test_a_new_one_by_its_name_alone(networks: Networks) -> None:
    done = three_ways(network, networks.state, name="lab", state="active", autostart=True)
    assert done.values["network"].pop("uuid") == networks.find("lab").UUIDString()
    assert done.values["network"] == {
        "name": "lab",
        "state": "active",
        "persistent": True,
        "autostart": True,
        "mode": "nat",
        "bridge": "virbr1",
        "subnets": ["192.168.100.0/24"],
    }
    text = networks.definition("lab")
    assert "<domain name='lab'/>" in text
    assert "<range start='192.168.100.128' end='192.168.100.254'/>" in text
    # The first subnet is taken now.
    three_ways(network, networks.state, name="lab2")
    assert "address='192.168.101.1'" in networks.definition("lab2")
    assert not networks.find("lab2").isActive()


def test_a_new_one_is_free_of_routes_of_the_host(networks: Networks) -> None:
    bridge = XML.replace("192.0.2", "192.168.100").replace("web", "bridged")
    taken = networks.raw.networkCreateXML(bridge)
    three_ways(network, networks.state, name="lab")
    taken.destroy()
    assert "192.168.101.1" in networks.definition("lab")


def test_two_new_ones_of_one_task_have_two_subnets(networks: Networks) -> None:
    options: dict[str, t.Any] = {"networks": [{"name": "lab"}, {"name": "lab2"}]}
    for check in (True, False):
        done = task_of(estate, check, **options)
        assert not done.failed, done.msg
        assert [one["network"]["subnets"] for one in done.values["results"]] == [
            ["192.168.100.0/24"],
            ["192.168.101.0/24"],
        ]
    assert "192.168.101.1" in networks.definition("lab2")
    assert not task_of(estate, **options).changed


def test_all_options(networks: Networks) -> None:
    options: dict[str, t.Any] = {
        "name": "web",
        "uuid": "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f",
        "forward": {"mode": "nat", "nat": {"port": {"start": 2000, "end": 3000}, "ipv6": True}},
        "bridge": {"name": "virbr61", "stp": False, "delay": 2, "mac_table_manager": "kernel"},
        "mac": "52:54:00:00:61:61",
        "mtu": 1400,
        "domain": {"name": "example.org", "local_only": True},
        "dns": {
            "enable": True,
            "forward_plain_names": False,
            "forwarders": [{"addr": "192.0.2.99"}, {"addr": "192.0.2.98", "domain": "example.net"}],
            "txt": [{"name": "motto", "value": "to be"}],
            "srv": [{"service": "ldap", "protocol": "tcp", "target": "a.example.org", "port": 389}],
            "hosts": [{"ip": "192.0.2.10", "hostnames": ["www", "static"]}],
        },
        "ips": [
            {
                "address": "192.0.2.1",
                "netmask": "255.255.255.0",
                "local_ptr": True,
                "tftp": "/var/lib/tftp",
                "dhcp": {
                    "ranges": [
                        {
                            "start": "192.0.2.100",
                            "end": "192.0.2.199",
                            "lease": {"expiry": 2, "unit": "hours"},
                        }
                    ],
                    "hosts": [{"mac": "52:54:00:00:00:0a", "name": "a", "ip": "192.0.2.10"}],
                    "bootp": {"file": "pxelinux.0", "server": "192.0.2.1"},
                },
            },
            {"address": "2001:db8::1", "prefix": 64, "family": "ipv6"},
        ],
        "routes": [{"address": "198.51.100.0", "prefix": 24, "gateway": "192.0.2.2", "metric": 3}],
        "portgroups": [{"name": "slow", "default": True}],
        "dnsmasq_options": ["cname=*.foo.example.com,master.example.com"],
        "ipv6": True,
    }
    three_ways(network, networks.state, **options)
    text = networks.definition()
    for part in (
        " ipv6='yes'>\n  <name>",
        "<uuid>0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f</uuid>",
        "<nat ipv6='yes'>",
        "<port start='2000' end='3000'/>",
        "<bridge name='virbr61' stp='off' delay='2' macTableManager='kernel'/>",
        "<mtu size='1400'/>",
        "<domain name='example.org' localOnly='yes'/>",
        "<dns enable='yes' forwardPlainNames='no'>",
        "<lease expiry='2' unit='hours'/>",
        "<bootp file='pxelinux.0' server='192.0.2.1'/>",
        "<portgroup name='slow' default='yes'>",
        "metric='3'",
        "master.example.com",
    ):
        assert part in text
    # What is returned of it makes the same network.
    (found,) = task_of(network_info, name=["web"]).values["networks"]
    assert_unchanged(network, networks.state, name="web", mode="exact", **found["options"])
    given = {name: value for name, value in options.items() if name not in ("name", "uuid")}
    assert found["options"] == given
    assert_unchanged(network, networks.state, name="web", xml=text)


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        ({"forward": {"mode": "bridge"}, "bridge": {"name": "br0"}}, "bridge"),
        ({"forward": {"mode": "private", "interfaces": ["lo", "eth9"]}}, "private"),
        ({"forward": {"mode": "hostdev", "managed": True, "pf": "eth9"}}, "hostdev"),
        ({"forward": {"mode": "none"}}, "none"),
        ({"forward": {"mode": "none"}, "ips": []}, "none"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_mode(networks: Networks, options: dict[str, t.Any], mode: str) -> None:
    done = three_ways(network, networks.state, name="web", **options)
    assert done.values["network"]["mode"] == mode
    has_ip = "<ip " in networks.definition()
    assert has_ip == (mode == "none" and "ips" not in options)


def test_a_network_without_a_domain(networks: Networks) -> None:
    three_ways(network, networks.state, name="lab", domain={})
    assert "<domain" not in networks.definition("lab")
    three_ways(network, networks.state, name="lab", domain={"name": "lab.example.org"})
    assert "<domain name='lab.example.org'/>" in networks.definition("lab")
    three_ways(network, networks.state, name="lab", domain={})
    assert "<domain" not in networks.definition("lab")
    assert "<ip " in networks.definition("lab")


def test_invalid_options_have_no_lines(networks: Networks) -> None:
    words = "what the options describe is not valid"
    address = {"address": "10.0.0.1.2", "prefix": 24}
    assert_fails(network, networks.state, words, name="lab", ips=[address])
    words = "10.0.0.1/24 is an address with a prefix, which are two values; give the address 10.0.0.1 and the prefix 24"
    described = [{"address": "10.0.0.1/24"}]
    assert_fails(network, networks.state, f"ips.address: {words}", name="lab", ips=described)
    # A document has no options.
    text = "<network><name>lab</name><ip address='10.0.0.1/24'/></network>"
    wrong: dict[str, t.Any] = {"xml": text, "validate": False}
    assert_fails(network, networks.state, f"network 'lab': xml: <ip>: {words}", **wrong)
    text = "<network><name>lab</name><ip address='10.0.0.1.2'/></network>"
    assert_fails(network, networks.state, "the XML is not valid: line 1", name="lab", xml=text)


def test_exact_options_have_no_defaults(networks: Networks) -> None:
    three_ways(network, networks.state, name="web", mode="exact", bridge={"stp": False})
    assert "<ip" not in networks.definition()
    assert "<forward" not in networks.definition()
    networks.clear()
    networks.define(XML.replace("web", "full"))
    words = "mode=exact needs a description"
    assert_fails(network, networks.state, words, name="full", mode="exact")


def test_one_that_cant_be_started_is_removed_again(networks: Networks) -> None:
    # dnsmasq knows no such option, which libvirt learns when it starts it.
    namespace = "xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'"
    odd = "<d:options><d:option value='no-such-option'/></d:options></network>"
    text = XML.replace("<network>", f"<network {namespace}>").replace("</network>", odd)
    failed = task_of(network, xml=text, state="active")
    assert failed.failed
    assert "the network that was made is removed again" in failed.msg
    assert networks.state() == {}


# On, off and gone


def test_switches_alone(networks: Networks) -> None:
    networks.define(start=False)
    before = networks.definition()
    done = three_ways(network, networks.state, name="web", state="active", autostart=True)
    assert changes(done) == [("state", "modify", "live"), ("autostart", "modify", "config")]
    three_ways(network, networks.state, name="web", state="inactive", autostart=False)
    assert networks.definition() == before
    assert_unchanged(network, networks.state, name=networks.find().UUIDString())


def test_what_is_used_is_neither_stopped_nor_removed(networks: Networks) -> None:
    networks.define()
    guests = [networks.guest(number) for number in (1, 2)]
    words = "state=inactive: it is used by domain 'guest1', domain 'guest2'"
    assert_fails(network, networks.state, words, name="web", state="inactive")
    # The definition stays as well.
    assert_fails(network, networks.state, words, name="web", state="inactive", mtu=1400)
    words = "it is used by domain 'guest1', domain 'guest2'; change them first"
    assert_fails(network, networks.state, words, name="web", state="absent")
    done = three_ways(network, networks.state, name="web", state="inactive", force=True)
    assert "domain 'guest1', domain 'guest2' lost the network" in str(done.values["warnings"])
    guests[0].destroy()
    # A guest that is off could not start without it.
    text = GUEST.format(name="guest2", mac="52:54:00:00:01:02")
    networks.raw.defineXML(
        text.replace("<name>guest2", f"<uuid>{guests[1].UUIDString()}</uuid><name>guest2")
    )
    guests[1].destroy()
    words = "it is used by domain 'guest2'; change that first"
    assert_fails(network, networks.state, words, name="web", state="absent")
    done = three_ways(network, networks.state, name="web", state="absent", force=True)
    assert changes(done) == [("/network", "remove", "config")]
    assert networks.state() == {}


def test_one_that_is_on_is_removed_by_one_change(networks: Networks) -> None:
    networks.define()
    done = three_ways(network, networks.state, name="web", state="absent")
    assert changes(done) == [("/network", "remove", "config")]
    assert networks.state() == {}


def test_a_transient_one(networks: Networks) -> None:
    made = networks.raw.networkCreateXML(XML)
    uuid, live = made.UUIDString(), made.XMLDesc()
    done = three_ways(network, networks.state, name="web")
    assert changes(done) == [("/network", "add", "config")]
    assert networks.find().UUIDString() == uuid
    assert networks.live() == live
    assert networks.find().isPersistent()
    networks.clear()
    networks.raw.networkCreateXML(XML)
    words = "autostart: a transient network has none"
    assert_fails(network, networks.state, words, name="web", affect=["live"], autostart=True)
    three_ways(network, networks.state, name="web", state="absent")
    assert networks.state() == {}


# What libvirt carries over only if it is told


def test_identity_is_carried_over(networks: Networks) -> None:
    text = re.sub("<(mac|bridge) (address|name)='(52|virbr)[^>]*>", "", XML, count=2)
    assert text.count("mac address") == 0
    made = networks.define(text)
    uuid, (mac,), (bridge,) = (
        made.UUIDString(),
        re.findall("<mac address='([^']*)'/>", networks.live()),
        re.findall("<bridge name='([^']*)'", networks.live()),
    )
    three_ways(network, networks.state, xml=text.replace("one", "two"))
    assert networks.find().UUIDString() == uuid
    for document in (networks.live(), networks.definition()):
        assert f"<mac address='{mac}'/>" in document
        assert f"<bridge name='{bridge}'" in document


# Live


class Live(t.NamedTuple):
    """A change that virNetworkUpdate makes: ``there`` is in both documents and for dnsmasq then."""

    before: str
    after: str
    there: str
    gone: str
    files: tuple[str, ...] = ()
    dnsmasq: str = ""
    dnsmasq_gone: str = ""


_B = "<host mac='52:54:00:00:00:0b' name='b' ip='192.0.2.11'/>"
_RANGE = "<range start='192.0.2.100' end='192.0.2.199'/>"
_TXT = "<txt name='motto' value='one'/>"
_SRV = "<srv service='ldap' protocol='tcp' domain='example.org' target='a.example.org' port='389'/>"
_DNS = "<host ip='192.0.2.10'><hostname>www</hostname></host>"
_SIX = "<range start='2001:db8::100' end='2001:db8::1ff'/>"
_SIX_HOST = "<host id='0:3:0:1:0:16:3e:11:22:33' name='six' ip='2001:db8::6'/>"
_HOSTS, _NAMES, _CONF = ("hostsfile",), ("addnhosts",), ("conf",)
_C = "<host mac='52:54:00:00:00:0c' name='c' ip='192.0.2.12'/>"
LIVE = {
    "dhcp host added": Live(_B, _B + _C, _C, "", _HOSTS, "52:54:00:00:00:0c,192.0.2.12,c"),
    "dhcp host gone": Live(_B, "", "", _B, _HOSTS, "", "192.0.2.11"),
    "dhcp host with another address": Live(
        _B, _B.replace("2.11", "2.13"), "2.13", "2.11", _HOSTS, "192.0.2.13", "192.0.2.11"
    ),
    "dhcp host with another MAC": Live(_B, _B.replace("0b", "0d"), "0d", "0b", _HOSTS, "00:0d"),
    "dhcp range added": Live(
        _RANGE,
        _RANGE + "<range start='192.0.2.50' end='192.0.2.59'/>",
        "192.0.2.50",
        "",
        _CONF,
        "dhcp-range=192.0.2.50,192.0.2.59",
    ),
    "dhcp range moved": Live(
        _RANGE, _RANGE.replace("199", "150"), "150", "2.199", _CONF, "2.150", "2.199"
    ),
    "dhcp range with a lease": Live(
        _RANGE,
        _RANGE.replace("/>", "><lease expiry='1' unit='hours'/></range>"),
        "<lease expiry='1' unit='hours'/>",
        "",
        _CONF,
        "192.0.2.199,255.255.255.0,1h",
    ),
    "dhcp range of IPv6": Live(
        _SIX, _SIX.replace("1ff", "17f"), "17f", "1ff", _CONF, "db8::17f", "db8::1ff"
    ),
    "dhcp host of IPv6": Live(
        _SIX_HOST, _SIX_HOST.replace("::6", "::7"), "db8::7'", "db8::6'", _HOSTS, "db8::7"
    ),
    "dns host added": Live(
        _DNS,
        _DNS + "<host ip='192.0.2.14'><hostname>d</hostname></host>",
        "192.0.2.14",
        "",
        _NAMES,
        "192.0.2.14\td",
    ),
    "dns host with another name": Live(
        _DNS, _DNS.replace("www", "web"), "web</host", "www", _NAMES, "10\tweb", "www"
    ),
    "dns host gone": Live(_DNS, "", "", "www", _NAMES, "", "www"),
    "dns txt added": Live(
        _TXT, _TXT + "<txt name='other' value='x'/>", "other", "", _CONF, "txt-record=other,x"
    ),
    "dns txt changed": Live(
        _TXT, _TXT.replace("one", "two"), "value='two'", "value='one'", _CONF, "motto,two", "o,one"
    ),
    "dns srv added": Live(
        _SRV, _SRV + _SRV.replace("a.", "b."), "b.example.org", "", _CONF, "b.example.org"
    ),
    "dns srv changed": Live(_SRV, _SRV.replace("389", "390"), "390", "389", _CONF, "390", "389"),
    "dns srv gone": Live(_SRV, "", "", "389", _CONF, "", "389"),
    "portgroup added": Live(
        "<portgroup name='slow'/>",
        "<portgroup name='slow'/><portgroup name='fast'/>",
        "<portgroup name='fast'>",
        "",
    ),
    "portgroup changed": Live(
        "<portgroup name='slow'/>",
        "<portgroup name='slow' default='yes'/>",
        "<portgroup name='slow' default='yes'>",
        "",
    ),
    "portgroup gone": Live("<portgroup name='slow'/>", "", "", "slow"),
}


@pytest.mark.parametrize("case", LIVE.values(), ids=LIVE.keys())
def test_changed_live(networks: Networks, case: Live) -> None:
    before = XML if case.before in XML else WITH_IPV6
    networks.define(before)
    process = _dnsmasq_of()
    text = before.replace(case.before, case.after)
    assert text != before
    done = three_ways(network, networks.state, xml=text)
    _assert_live(networks, done, case)
    # libvirt starts dnsmasq anew only for its configuration.
    assert (_dnsmasq_of() == process) == (case.files != _CONF)


@pytest.mark.parametrize("number", [0, 3])
def test_changed_live_where_both_sides_differ(networks: Networks, number: int) -> None:
    made = networks.define(WITH_IPV6)
    # What is on has a host more than the definition, which has another text.
    networks.redefine(WITH_IPV6.replace("name='slow'", "name='else'"))
    made.update(
        libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
        libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST,
        0,
        "<host mac='52:54:00:00:00:99' ip='192.0.2.99'/>",
        libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE,
    )
    text, places = WITH_IPV6, set()
    cases = []
    for case in list(LIVE.values())[number:] + list(LIVE.values())[:number]:
        # One change of each place.
        if case.before not in places:
            places.add(case.before)
            cases.append(case)
            text = text.replace(case.before, case.after)
    done = three_ways(network, networks.state, xml=text)
    assert len(cases) == 8
    for case in cases:
        _assert_live(networks, done, case)
    for document in (networks.definition(), networks.live()):
        assert "192.0.2.99" not in document
        assert "else" not in document


def _assert_live(networks: Networks, done: Result, case: Live) -> None:
    assert not done.values["restart_required"], done.values["pending"]
    assert done.values["pending"] == []
    assert {one["when"] for one in done.values["changes"]} <= {"live", "config"}
    assert "live" in {one["when"] for one in done.values["changes"]}
    for text in (networks.definition(), networks.live()):
        # A UUID that is drawn may have anything in it.
        document = re.sub(r"<uuid>.*</uuid>", "", text)
        assert case.there in document
        assert not case.gone or case.gone not in document
    for name in case.files:
        file = (DNSMASQ / f"web.{name}").read_text(encoding="utf-8")
        assert case.dnsmasq in file
        assert not case.dnsmasq_gone or case.dnsmasq_gone not in file


def _dnsmasq_of(name: str = "web") -> str:
    """The number of the process."""
    return pathlib.Path(f"/run/libvirt/network/{name}.pid").read_text(encoding="ascii")


def test_two_hosts_change_addresses_with_each_other(networks: Networks) -> None:
    networks.define()
    text = XML.replace("2.10'/>", "2.x'/>").replace("2.11'/>", "2.10'/>").replace("2.x'", "2.11'")
    done = three_ways(network, networks.state, xml=text)
    assert not done.values["restart_required"]
    hosts = (DNSMASQ / "web.hostsfile").read_text(encoding="utf-8")
    assert "52:54:00:00:00:0a,192.0.2.11,a" in hosts
    assert "52:54:00:00:00:0b,192.0.2.10,b" in hosts


def test_forward_interfaces(networks: Networks) -> None:
    three_ways(
        network,
        networks.state,
        name="web",
        state="active",
        forward={"mode": "private", "interfaces": ["lo", "virbr0"]},
    )
    xml = networks.definition()
    other = xml.replace("<interface dev='virbr0'/>", "").replace(
        "<interface dev='lo'/>", "<interface dev='eth9'/><interface dev='lo'/>"
    )
    done = three_ways(network, networks.state, xml=other.replace("forward dev='lo'", "forward"))
    assert not done.values["restart_required"], done.values["pending"]
    assert re.findall("<interface dev='([^']*)'/>", networks.live()) == ["eth9", "lo"]


def test_merged_entries(networks: Networks) -> None:
    networks.define()
    ips: list[dict[str, t.Any]] = [
        {
            "address": "192.0.2.1",
            "dhcp": {
                "hosts": [
                    {"mac": "52:54:00:00:00:0C", "ip": "192.0.2.12"},
                    {"mac": "52:54:00:00:00:0a", "state": "absent"},
                    {"ip": "192.0.2.77", "state": "absent"},
                ]
            },
        }
    ]
    dns = {"txt": [{"name": "motto", "state": "absent"}]}
    done = three_ways(network, networks.state, name="web", ips=ips, dns=dns)
    assert sorted(changes(done)) == sorted(
        [
            ("/network/dns/txt", "remove", "live"),
            ("/network/ip[1]/dhcp/host[1]", "remove", "live"),
            ("/network/ip[1]/dhcp/host[3]", "add", "live"),
        ]
    ) or {one[1:] for one in changes(done)} == {("remove", "live"), ("add", "live")}
    for document in (networks.definition(), networks.live()):
        assert "192.0.2.10'/>" not in document
        assert "192.0.2.11" in document
        assert "192.0.2.12" in document
        assert "motto" not in document


def test_only_one_side(networks: Networks) -> None:
    networks.define()
    text = XML.replace("2.11'", "2.13'")
    done = three_ways(network, networks.state, xml=text, affect=["config"])
    assert {one["when"] for one in done.values["changes"]} == {"restart"}
    assert done.values["restart_required"]
    assert "192.0.2.11'" in networks.live()
    networks.clear()
    networks.define()
    done = three_ways(network, networks.state, xml=text, affect=["live"])
    assert {one["when"] for one in done.values["changes"]} == {"live"}
    assert "192.0.2.11'" in networks.definition()
    assert "192.0.2.13'" in networks.live()
    networks.clear()
    networks.define(start=False)
    assert_unchanged(network, networks.state, xml=text, affect=["live"])


def test_what_is_on_alone_is_checked_as_its_definition(networks: Networks) -> None:
    networks.define()
    record = {"txt": [{"name": "new"}]}
    host = {"address": "192.0.2.1", "dhcp": {"hosts": [{"mac": "52:54:00:00:00:0c", "name": "c"}]}}
    ranges = {
        "address": "192.0.2.1",
        "dhcp": {"ranges": [{"start": "192.0.2.199", "end": "192.0.2.210"}]},
    }
    for words, options in (
        ("<txt> in <dns> lacks the attribute 'value'", {"dns": record}),
        ("lacks the attribute 'ip'", {"ips": [host]}),
        ("overlap", {"ips": [ranges]}),
    ):
        for affect in (["live"], ["config"]):
            assert_fails(network, networks.state, words, name="web", affect=affect, **options)


def test_what_stands_for_nothing_takes_away(networks: Networks) -> None:
    networks.define(start=False)
    nothing: dict[str, t.Any] = {"mtu": 0, "ips": [{"address": "192.0.2.1", "tftp": ""}]}
    assert_unchanged(network, networks.state, name="web", **nothing)
    ips = [{"address": "192.0.2.1", "tftp": "/var/lib/tftp"}]
    three_ways(network, networks.state, name="web", mtu=9000, ips=ips)
    three_ways(network, networks.state, name="web", **nothing)
    assert "<mtu" not in networks.definition()
    assert "<tftp" not in networks.definition()


def test_a_lease_is_one_value_with_its_unit(networks: Networks) -> None:
    networks.define(start=False)
    hours = {"expiry": 5, "unit": "hours"}
    for lease in (hours, {"expiry": 5}, hours):
        host = {"mac": "52:54:00:00:00:0a", "lease": lease}
        ips = [{"address": "192.0.2.1", "dhcp": {"hosts": [host]}}]
        three_ways(network, networks.state, name="web", ips=ips)


def test_what_waits(networks: Networks) -> None:
    networks.define()
    done = three_ways(network, networks.state, name="web", mtu=1400, bridge={"stp": False})
    assert done.values["restart_required"]
    assert {one["path"] for one in done.values["pending"]} == {
        "/network/mtu",
        "/network/bridge/@stp",
    }
    assert {one["when"] for one in done.values["changes"]} == {"restart"}
    assert {one["reason"] for one in done.values["pending"]} == {
        "libvirt has no call for it while the network is on"
    }
    (found,) = task_of(network_info, name=["web"]).values["networks"]
    assert found["restart_required"]
    assert [one["path"] for one in found["pending"]] == [
        one["path"] for one in done.values["pending"]
    ]
    # libvirt writes the address in another way.
    subnet = {"address": "2001:DB8:0:0::9", "prefix": 64}
    done = three_ways(network, networks.state, name="web", ips=[subnet])
    assert changes(done) == [("/network/ip[@address='2001:DB8:0:0::9']", "add", "restart")]
    three_ways(network, networks.state, name="web", ips=[{**subnet, "state": "absent"}])
    # Nobody is connected.
    done = three_ways(network, networks.state, name="web", mtu=1400, restart="if_required")
    assert changes(done) == [("state", "modify", "restart")]
    assert done.values["pending"] == []
    assert "<mtu size='1400'/>" in networks.live()


def test_what_people_and_applications_write(networks: Networks) -> None:
    if networks.raw.getLibVersion() < 9_007_000:
        # It drops the first two, and has no call for the third.
        networks.define()
        done = three_ways(
            network, networks.state, xml=XML.replace("  <forward", f"  {_NOTE}<forward")
        )
        assert [one["path"] for one in done.values["pending"]] == ["/network/metadata"]
        return
    networks.define()
    options: dict[str, t.Any] = {"name": "web", "title": "Web", "description": "Of the shop"}
    done = three_ways(network, networks.state, **options)
    assert {one["when"] for one in done.values["changes"]} == {"live"}
    assert not done.values["restart_required"]
    three_ways(network, networks.state, name="web", title="Another")
    for note in (_NOTE, _NOTE.replace("one", "other")):
        text = XML.replace("  <forward", f"  {note}<forward")
        done = three_ways(network, networks.state, xml=text)
        assert not done.values["restart_required"], done.values["pending"]
        assert ("other" in networks.live()) == ("other" in note)


_NOTE = "<metadata><a:note xmlns:a='urn:a' b='1'>one</a:note></metadata>"


def test_a_name_of_two_addresses_waits(networks: Networks) -> None:
    networks.define()
    text = XML.replace(_DNS, f"{_DNS}<host ip='2001:db8::10'><hostname>www</hostname></host>")
    done = three_ways(network, networks.state, xml=text.replace("value='one'", "value='two'"))
    assert done.values["restart_required"]
    assert "value='two'" in networks.live()
    assert "192.0.2.10" in (DNSMASQ / "web.addnhosts").read_text(encoding="utf-8")


# Refused


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (_B, _B.replace("0b", "0a"), "two hosts have the mac 52:54:00:00:00:0a"),
        (_B, _B.replace("0b", "A"), "two hosts have the mac 52:54:00:00:00:A"),
        (_B, _B.replace("'b'", "'a'"), "two hosts have the name a"),
        (_B, _B.replace("2.11", "2.10"), "two hosts have the ip 192.0.2.10"),
        (_B, _B.replace("2.11", "3.11"), "192.0.3.11 is outside of the subnet 192.0.2.0/24"),
        (
            _DNS,
            _DNS + _DNS.replace("www", "web"),
            "xml: <dns><host>: 192.0.2.10 stands there twice",
        ),
        (_TXT, _TXT + _TXT.replace("one", "two"), "xml: <dns><txt>: motto stands there twice"),
        (
            _RANGE,
            _RANGE + "<range start='192.0.2.150' end='192.0.2.210'/>",
            "192.0.2.100-192.0.2.199 and 192.0.2.150-192.0.2.210 overlap",
        ),
    ],
)
def test_what_could_never_be_changed_is_refused(
    networks: Networks, before: str, after: str, words: str
) -> None:
    text = XML.replace(before, after)
    assert_fails(network, networks.state, words, xml=text)
    # libvirt itself takes it, and then it is not the task's.
    networks.define()
    assert_fails(network, networks.state, words, xml=text)
    networks.clear()
    networks.define(text, start=False)
    three_ways(network, networks.state, name="web", mtu=1400)


def test_what_contradicts_itself_is_refused(networks: Networks) -> None:
    networks.define()
    assert_fails(network, networks.state, "mutually exclusive", xml=XML, mtu=1400)
    assert_fails(network, networks.state, "affect is empty", name="web", affect=[])
    assert_fails(network, networks.state, "is no UUID", name="web", uuid="one")
    assert_fails(
        network,
        networks.state,
        "it exists with the UUID",
        name="web",
        uuid="0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f",
    )
    assert_fails(network, networks.state, "required", state="active")
    for name in ("a/b", "a\nb", "a\tb"):
        assert_fails(network, networks.state, "neither a slash nor", name=name)
    assert_fails(network, networks.state, "name: it has 248 bytes", name="a" * 248)
    three_ways(network, networks.state, name="a" * 247)


def test_dhcp_is_for_one_subnet(networks: Networks) -> None:
    networks.define()
    dhcp = {"ranges": [{"start": "192.0.3.100", "end": "192.0.3.199"}]}
    other = {"address": "192.0.3.1", "prefix": 24, "dhcp": dhcp}
    words = "have DHCP, and libvirt has it for one IPv4 address of a network"
    assert_fails(network, networks.state, words, name="web", ips=[other])
    moved = [{"address": "192.0.2.1", "state": "absent"}, other]
    three_ways(network, networks.state, name="web", ips=moved, restart="if_required")


_LAB = "<network><name>{}</name>{}<ip address='10.9.1.1' prefix='24'/></network>"
_SAME: list[dict[str, t.Any]] = [{"address": "10.9.1.77", "prefix": 24}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bridge": {"name": "virbr0"}}, "bridge.name: virbr0 is the bridge of network 'default'"),
        ({"bridge": {"name": "lo"}, "state": "active"}, "the host has a device lo already"),
        ({"bridge": {"name": "a" * 16}, "state": "active"}, "is no name for a device"),
        ({"ips": _SAME, "state": "active"}, "ips: 10.9.1.0/24 is in use by device virbr1"),
        (
            {
                "ips": [{"address": "10.9.2.1", "prefix": 24}],
                "routes": [{"address": "10.9.1.0", "prefix": 24, "gateway": "10.9.2.9"}],
                "state": "active",
            },
            "routes: 10.9.1.0/24 is in use by device virbr1",
        ),
    ],
)
def test_what_others_have_is_foreseen(
    networks: Networks, options: dict[str, t.Any], words: str
) -> None:
    networks.define(_LAB.format("other", ""))
    assert_fails(network, networks.state, words, name="lab", **options)
    networks.define(_LAB.format("lab", "").replace("10.9.1.", "10.9.3."))
    restart = {**options, "restart": "if_required"}
    assert_fails(network, networks.state, words, name="lab", **restart)


def test_one_that_is_defined_waits_for_its_subnet(networks: Networks) -> None:
    other = networks.define(_LAB.format("other", ""))
    networks.define(_LAB.format("lab", ""), start=False)
    assert_fails(network, networks.state, "is in use by", name="lab", state="active")
    # Only libvirt's start minds.
    three_ways(network, networks.state, name="lab", mtu=1400)
    other.destroy()
    three_ways(network, networks.state, name="lab", state="active")
    # What it has itself is in nobody's way.
    three_ways(network, networks.state, name="lab", mtu=1450, restart="if_required")


# Information


def test_info(networks: Networks) -> None:
    made = networks.define()
    guest = networks.guest(1)
    (found,) = task_of(network_info, name=["w*"], check=True).values["networks"]
    (port,) = made.listAllPorts()
    (one,) = found.pop("ports")
    assert one.pop("device").startswith("vnet")
    assert one == {
        "uuid": port.UUIDString(),
        "domain": "guest1",
        "domain_uuid": guest.UUIDString(),
        "mac": "52:54:00:00:01:01",
    }
    assert found.pop("xml") == networks.definition()
    assert found.pop("live_xml") == networks.live()
    assert found.pop("options")["ips"][0]["address"] == "192.0.2.1"
    assert found == {
        "name": "web",
        "uuid": made.UUIDString(),
        "state": "active",
        "persistent": True,
        "autostart": False,
        "mode": "nat",
        "bridge": "virbr60",
        "subnets": ["192.0.2.0/24"],
        "leases": [],
        "disconnected": [],
        "restart_required": False,
        "pending": [],
    }
    made.destroy()
    made.create()
    (found,) = task_of(network_info, name=[made.UUIDString()]).values["networks"]
    assert found["ports"] == []
    assert [(nic["domain"], nic["mac"], nic["network"]) for nic in found["disconnected"]] == [
        ("guest1", "52:54:00:00:01:01", "web")
    ]
    assert [one["name"] for one in task_of(network_info).values["networks"]] == ["default", "web"]
