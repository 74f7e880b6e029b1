# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of networks, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.network import KIND, ROWS

from .row_cases import Case, check, rows_without_a_case

_UUID = "<uuid>81ff0d90-c91e-6742-64da-4a736edb9a9b</uuid>"
_BRIDGE = "<bridge name='virbr1' stp='on' delay='0'/>"
_NAMESPACE = "xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'"


def _network(*inside: str, head: str = "", bridge: str = _BRIDGE) -> str:
    """A definition as libvirt writes it."""
    return f"<network {head}><name>a</name>{_UUID}{''.join(inside)}{bridge}</network>"


def _written(*inside: str, head: str = "") -> str:
    """A document as a person writes it."""
    return f"<network {head}><name>a</name>{''.join(inside)}</network>"


def _same(document: str, dump: str | None = None) -> Case:
    return Case(_written(document), _network(document if dump is None else dump))


def _changed(document: str, dump: str, *changes: str, result: str | None = None) -> Case:
    return Case(_written(document), _network(dump), changes, result=result)


def _merged(document: str, dump: str, *changes: str, result: str | None = None) -> Case:
    return Case(_written(document), _network(dump), changes, "merge", result)


def _host_network(*inside: str, mode: str = "bridge") -> str:
    return _network(f"<forward mode='{mode}'/>", *inside, bridge="")


def _ip(*inside: str, head: str = "address='10.0.0.1' netmask='255.255.255.0'") -> str:
    return f"<ip {head}>{''.join(inside)}</ip>"


def _dhcp(*inside: str, head: str = "address='10.0.0.1' netmask='255.255.255.0'") -> str:
    return _ip(f"<dhcp>{''.join(inside)}</dhcp>", head=head)


def _hostdev(*inside: str, head: str = "mode='hostdev' managed='no'") -> str:
    return f"<forward {head}>{''.join(inside)}</forward>"


def _pci(slot: str) -> str:
    return f"<address type='pci' domain='0x0000' bus='0x03' slot='{slot}' function='0x0'/>"


_RANGE = "<range start='10.0.0.2' end='10.0.0.9'/>"


def _options(*values: str) -> str:
    inside = "".join(f"<dnsmasq:option value='{value}'/>" for value in values)
    return f"<dnsmasq:options>{inside}</dnsmasq:options>"


SPELLINGS = [
    Case(f"<network><name>a</name>{_UUID.upper().replace('UUID', 'uuid')}</network>", _network()),
    _same("<mac address='52:54:0:AA:B:C'/>", "<mac address='52:54:00:aa:0b:0c'/>"),
    _same(
        _dhcp("<host mac='52:54:0:AA:B:C' ip='10.0.0.3'/>"),
        _dhcp("<host mac='52:54:00:aa:0b:0c' ip='10.0.0.3'/>"),
    ),
    _same(
        _ip(head="family='ipv6' address='FD00::0:1' prefix='064'"),
        _ip(head="family='ipv6' address='fd00::1' prefix='64'"),
    ),
    _same(
        _ip(head="address='10.0.0.1' netmask=' 255.0.0.0'"),
        _ip(head="address='10.0.0.1' netmask='255.0.0.0'"),
    ),
    _same(
        _dhcp(
            "<range start='FD00::0:2' end='FD00::0:9'/>",
            head="family='ipv6' address='fd00::1' prefix='64'",
        ),
        _dhcp(
            "<range start='fd00::2' end='fd00::9'/>",
            head="family='ipv6' address='fd00::1' prefix='64'",
        ),
    ),
    _same(
        _dhcp(
            "<host id='0:1' ip='FD00::0:3'/>", head="family='ipv6' address='fd00::1' prefix='64'"
        ),
        _dhcp("<host id='0:1' ip='fd00::3'/>", head="family='ipv6' address='fd00::1' prefix='64'"),
    ),
    _same(
        _dhcp(_RANGE, "<bootp file='f' server='FD00::0:3'/>"),
        _dhcp(_RANGE, "<bootp file='f' server='fd00::3'/>"),
    ),
    _same(
        "<route family='ipv6' address='FD01::0:0' prefix='064' gateway='FD00::0:2' metric='02'/>",
        "<route family='ipv6' address='fd01::' prefix='64' gateway='fd00::2' metric='2'/>",
    ),
    _same(
        "<route address='10.1.0.0' netmask=' 255.255.0.0' gateway='10.0.0.2'/>",
        "<route address='10.1.0.0' netmask='255.255.0.0' gateway='10.0.0.2'/>",
    ),
    _same(
        "<dns><host ip='FD00::0:5'><hostname>B.example</hostname></host></dns>",
        "<dns><host ip='fd00::5'><hostname>b.example</hostname></host></dns>",
    ),
    _same("<dns><forwarder addr='FD00::0:5'/></dns>", "<dns><forwarder addr='fd00::5'/></dns>"),
    _same(
        "<dns><forwarder addr='10.0.0.5' port='053'/></dns>",
        "<dns><forwarder addr='10.0.0.5' port='53'/></dns>",
    ),
    _same(
        "<forward mode='nat'><nat><address start=' 10.1.0.1' end=' 10.1.0.2'/><port start='01024' end='065535'/></nat></forward>",
        "<forward mode='nat'><nat><address start='10.1.0.1' end='10.1.0.2'/><port start='1024' end='65535'/></nat></forward>",
    ),
    _same(
        "<dns><srv service='s' protocol='tcp' target='t' port='099' priority='01' weight='02'/></dns>",
        "<dns><srv service='s' protocol='tcp' target='t' port='99' priority='1' weight='2'/></dns>",
    ),
    _same(
        _dhcp(
            "<range start='10.0.0.2' end='10.0.0.9'><lease expiry='012' unit='hours'/></range>",
            "<host mac='52:54:00:aa:0b:0c' ip='10.0.0.3'><lease expiry='012' unit='hours'/></host>",
        ),
        _dhcp(
            "<range start='10.0.0.2' end='10.0.0.9'><lease expiry='12' unit='hours'/></range>",
            "<host mac='52:54:00:aa:0b:0c' ip='10.0.0.3'><lease expiry='12' unit='hours'/></host>",
        ),
    ),
    _same("<mtu size='01400'/>", "<mtu size='1400'/>"),
    Case(_written("<bridge name='virbr%d' delay='00'/>"), _network()),
    *(
        case
        for head, tail in (("", ""), ("<portgroup name='p'>", "</portgroup>"))
        for case in (
            _same(
                f"{head}<bandwidth><inbound average='01' peak='02' burst='03' floor='04'/>"
                f"<outbound average='01' peak='02' burst='03' floor='04'/></bandwidth>{tail}",
                f"{head}<bandwidth><inbound average='1' peak='2' burst='3' floor='4'/><outbound average='1' peak='2' burst='3' floor='4'/></bandwidth>{tail}",
            ),
            _same(
                f"{head}<bandwidth><inbound average='1' peak='0' burst='0' floor='0'/><outbound average='1' peak='0' burst='0' floor='0'/></bandwidth>{tail}",
                f"{head}<bandwidth><inbound average='1'/><outbound average='1'/></bandwidth>{tail}",
            ),
            _same(
                f"{head}<bandwidth><inbound floor='1' average='0'/><outbound floor='1' average='0'/></bandwidth>{tail}",
                f"{head}<bandwidth><inbound floor='1'/><outbound floor='1'/></bandwidth>{tail}",
            ),
            _same(
                f"{head}<bandwidth><inbound average='0'/><outbound average='0'/></bandwidth>{tail}",
                f"{head}<bandwidth/>{tail}",
            ),
            _same(
                f"{head}<vlan trunk='no'><tag id='042'/></vlan>{tail}",
                f"{head}<vlan><tag id='42'/></vlan>{tail}",
            ),
            _same(
                f"{head}<vlan><tag id='42' nativeMode='default'/><tag id='43'/></vlan>{tail}",
                f"{head}<vlan trunk='yes'><tag id='42'/><tag id='43'/></vlan>{tail}",
            ),
            _same(
                f"{head}<vlan trunk='YES'><tag id='42'/></vlan>{tail}",
                f"{head}<vlan trunk='yes'><tag id='42'/></vlan>{tail}",
            ),
            _same(
                f"{head}<vlan><tag id='43'/><tag id='42'/></vlan>{tail}",
                f"{head}<vlan trunk='yes'><tag id='42'/><tag id='43'/></vlan>{tail}",
            ),
            _merged(
                f"{head}<vlan><tag id='43'/></vlan>{tail}",
                f"{head}<vlan><tag id='42'/></vlan>{tail}",
                *(
                    f"{op} /network/{'portgroup[@name=' + chr(39) + 'p' + chr(39) + ']/' if head else ''}vlan/tag[@id='{number}']"
                    for op, number in (("add", 43), ("remove", 42))
                ),
                result="<vlan><tag id='43'/></vlan>",
            ),
            _same(
                f"{head}<virtualport type='802.1Qbg'><parameters managerid='0xb' typeid='0x3' typeidversion='02' "
                f"instanceid='09B11C53-8B5C-4EEB-8F00-D84EAA0AAA4F'/></virtualport>{tail}",
                f"{head}<virtualport type='802.1Qbg'><parameters managerid='11' typeid='3' typeidversion='2' "
                f"instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>{tail}",
            ),
            _same(
                f"{head}<virtualport type='openvswitch'><parameters interfaceid='09B11C53-8B5C-4EEB-8F00-D84EAA0AAA4F'/></virtualport>{tail}",
                f"{head}<virtualport type='openvswitch'><parameters interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>{tail}",
            ),
            _merged(
                f"{head}<virtualport type='openvswitch'/>{tail}",
                f"{head}<virtualport type='openvswitch'><parameters profileid='a'/></virtualport>{tail}",
                f"remove /network/{'portgroup[@name=' + chr(39) + 'p' + chr(39) + ']/' if head else ''}virtualport/parameters",
            ),
        )
    ),
    _same("<portgroup name='p' default='YES'/>", "<portgroup name='p' default='yes'/>"),
    _same("<portgroup name='p' default='no'/>", "<portgroup name='p'/>"),
]

FORWARDING = [
    _same("<forward/>", "<forward mode='nat'/>"),
    _same("<forward mode='none'/>", ""),
    _same("<forward mode='nat'><nat/></forward>", "<forward mode='nat'/>"),
    _same(
        "<forward mode='nat'><nat ipv6='yes'><port start='0' end='0'/></nat></forward>",
        "<forward mode='nat'><nat ipv6='yes'/></forward>",
    ),
    _same(
        "<forward dev='eth0'/>", "<forward mode='nat' dev='eth0'><interface dev='eth0'/></forward>"
    ),
    _same(
        "<forward><interface dev='eth0'/></forward>",
        "<forward mode='nat' dev='eth0'><interface dev='eth0'/></forward>",
    ),
    _merged(
        "<forward dev='eth1'/>",
        "<forward dev='eth0' mode='nat'><interface dev='eth0'/></forward>",
        "modify /network/forward/@dev",
        "add /network/forward/interface[@dev='eth1']",
        "remove /network/forward/interface[@dev='eth0']",
        result="<forward dev='eth1' mode='nat'><interface dev='eth1'/></forward>",
    ),
    Case(
        _written(_hostdev(_pci("0x02"), _pci("0x1"), head="mode='hostdev' managed='YES'")),
        _network(
            _hostdev(_pci("0x01"), _pci("0x02"), head="mode='hostdev' managed='yes'"), bridge=""
        ),
        (
            "move /network/forward/address[2] 1",
            "move /network/forward/address[1] 2",
        ),
    ),
    Case(
        _written("<forward mode='hostdev'><address type='pci' slot='1'/></forward>"),
        _network(
            _hostdev("<address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>"),
            bridge="",
        ),
    ),
    Case(
        _written(
            "<forward mode='hostdev'><address type='pci' domain='0' bus='0' slot='0' function='0' connections='1'/></forward>"
        ),
        _network(
            _hostdev("<address type='pci' domain='0x0000' bus='0x00' slot='0x00' function='0x0'/>"),
            bridge="",
        ),
    ),
    _same("<forward mode='nat' managed='yes'/>", "<forward mode='nat'/>"),
    Case(
        _written("<forward mode='bridge'><interface dev='eth1'/><interface dev='eth0'/></forward>"),
        _network(
            "<forward dev='eth0' mode='bridge'><interface dev='eth0'/><interface dev='eth1'/></forward>",
            bridge="",
        ),
        (
            "modify /network/forward/@dev",
            "move /network/forward/interface[@dev='eth1'] 1",
            "move /network/forward/interface[@dev='eth0'] 2",
        ),
    ),
    Case(
        _written("<forward mode='bridge'><interface dev='eth0' connections='1'/></forward>"),
        _network("<forward dev='eth0' mode='bridge'><interface dev='eth0'/></forward>", bridge=""),
    ),
    Case(
        _written(_hostdev(_pci("0x2"))),
        _network(_hostdev(_pci("0x01"), _pci("0x02")), bridge=""),
        ("remove /network/forward/address[1]",),
    ),
    Case(
        _written(_hostdev(_pci("0x2"), _pci("0x5"))),
        _network(_hostdev(_pci("0x01"), _pci("0x02")), bridge=""),
        ("add /network/forward/address[2]", "remove /network/forward/address[1]"),
    ),
    Case(
        _written("<forward mode='hostdev'><address type='pci' bus='3'/></forward>"),
        _network(_hostdev(_pci("0x00")), bridge=""),
    ),
    Case(
        _written("<forward mode='private'><interface dev='eth0'/><pf dev='eth9'/></forward>"),
        _network("<forward dev='eth0' mode='private'><interface dev='eth0'/></forward>", bridge=""),
    ),
    Case(
        _written("<forward mode='private'/><bridge delay='0'/>"),
        _network("<forward mode='private'/>", bridge=""),
    ),
    # Of one mode to another
    Case(
        _written("<forward mode='bridge'/>"),
        _network(
            "<forward mode='nat'><nat ipv6='yes'/></forward>",
            "<bridge name='virbr1' zone='z' stp='on' delay='0'/><mtu size='1400'/><mac address='52:54:00:aa:0b:0c'/><domain name='d'/><dns enable='yes'/>",
            _ip(),
            bridge="",
        ),
        (
            "modify /network/forward/@mode",
            "remove /network/forward/nat",
            "remove /network/bridge/@zone",
            "remove /network/bridge/@stp",
            "remove /network/bridge/@delay",
            "remove /network/mtu",
            "remove /network/mac",
            "remove /network/domain",
            "remove /network/dns",
            "remove /network/ip[@address='10.0.0.1']",
        ),
        "merge",
    ),
    Case(
        _written("<forward mode='route'/>"),
        _network(
            "<forward mode='hostdev' managed='yes'><driver name='vfio'/></forward>", bridge=""
        ),
        (
            "modify /network/forward/@mode",
            "remove /network/forward/@managed",
            "remove /network/forward/driver",
        ),
        "merge",
    ),
]

BRIDGES = [
    _same(""),
    _same("<bridge name='virbr1'/>", ""),
    Case(_written(), _network("<mac address='52:54:00:aa:0b:0c'/>")),
    Case(_written("<bridge stp='maybe'/>"), _network()),
    Case(
        _written(),
        _network(bridge="<bridge name='virbr1' stp='off' delay='2'/>"),
        ("modify /network/bridge/@stp", "modify /network/bridge/@delay"),
    ),
    Case(
        _written("<bridge name='virbr1'/>"),
        _network(bridge="<bridge name='virbr1' stp='off' delay='2'/>"),
        ("modify /network/bridge/@stp", "modify /network/bridge/@delay"),
    ),
    Case(
        _written("<bridge zone='z'/>"),
        _network(bridge="<bridge name='virbr1' zone='z' stp='on' delay='0'/>"),
    ),
    Case(
        _written("<forward mode='bridge'/><bridge name='br0' delay='0'/>"),
        _host_network("<bridge name='br0'/>"),
    ),
    Case(
        _written("<forward mode='bridge'/>"),
        _host_network("<bridge name='br0'/>"),
        ("remove /network/bridge",),
    ),
    Case(
        _written("<forward mode='nat'/><bridge stp='on'/>"),
        _host_network("<bridge name='br0'/>"),
        (
            "modify /network/forward/@mode",
            "remove /network/bridge/@name",
            "add /network/bridge/@stp",
        ),
    ),
    _same("<mtu size='0'/>", ""),
    _merged("<mtu size='0'/>", ""),
    _merged("<mtu size='0'/>", "<mtu size='9000'/>", "modify /network/mtu/@size"),
    _merged(_ip("<tftp root=''/>"), _ip()),
    _merged(
        _ip("<tftp root=''/>"),
        _ip("<tftp root='/boot'/>"),
        "modify /network/ip[@address='10.0.0.1']/tftp/@root",
    ),
    Case(_written(head="ipv6='no' connections='3'"), _network()),
]

_ROUTE = "<route address='10.1.0.0' {} gateway='10.0.0.2'/>"


def _in_both_forms(element: str) -> list[Case]:
    """A mask, said as it isn't written."""
    mask, prefix = element.format("netmask='255.255.0.0'"), element.format("prefix='16'")
    longer = element.format("prefix='17'")
    at = "ip[@address='10.0.0.1']" if "<ip" in element else "route"
    return [
        _same(mask, prefix),
        _same(prefix, mask),
        _changed(longer, mask, f"remove /network/{at}/@netmask", f"add /network/{at}/@prefix"),
        _merged(longer, mask, f"modify /network/{at}/@netmask", result="='255.255.128.0'"),
        _merged(mask, longer, f"modify /network/{at}/@prefix", result="prefix='16'"),
    ]


ADDRESSES = [
    *_in_both_forms("<ip address='10.0.0.1' {}/>"),
    *_in_both_forms(_ROUTE),
    _same(_ip(head="family='ipv4' address='10.0.0.1'"), _ip(head="address='10.0.0.1'")),
    _same(_ip(head="address='10.0.0.1'"), _ip(head="family='ipv4' address='10.0.0.1'")),
    _same(_ip(head="address='10.0.0.1' prefix='0'"), _ip(head="address='10.0.0.1'")),
    _same(
        _ROUTE.format("family='ipv4' prefix='16' metric='0'"),
        _ROUTE.format("prefix='16'"),
    ),
    _same(_ROUTE.format("prefix='16'"), _ROUTE.format("family='ipv4' prefix='16'")),
]

_LEASE = "<lease expiry='{}'/>"
_HOST = "<host mac='52:54:00:aa:0b:0c' ip='10.0.0.3'>{}</host>"
_LONG_RANGE = "<range start='10.0.0.2' end='10.0.0.9'>{}</range>"
_HOUR, _ENDLESS = "<lease expiry='60' unit='minutes'/>", "<lease expiry='0'/>"
_ZERO = "<lease expiry='0' unit='hours'/>"

DHCP = [
    _same(
        _dhcp(_LONG_RANGE.format(_LEASE.format(60)), _HOST.format(_LEASE.format(60))),
        _dhcp(_LONG_RANGE.format(_HOUR), _HOST.format(_HOUR)),
    ),
    _same(
        _dhcp(_LONG_RANGE.format(_ZERO), _HOST.format(_ZERO)),
        _dhcp(_LONG_RANGE.format(_ENDLESS), _HOST.format(_ENDLESS)),
    ),
    _same(_dhcp("<bootp file='f'/>"), _ip()),
    _same(
        _dhcp(
            "<range start='fd00::2' end='fd00::9'/><bootp file='f'/>",
            head="family='ipv6' address='fd00::1' prefix='64'",
        ),
        _dhcp(
            "<range start='fd00::2' end='fd00::9'/>",
            head="family='ipv6' address='fd00::1' prefix='64'",
        ),
    ),
]

MERGES = [
    _merged(
        _dhcp("<bootp file='f'/>"),
        _dhcp(_RANGE),
        "add /network/ip[@address='10.0.0.1']/dhcp/bootp",
    ),
    _merged(
        _dhcp("<range start='10.0.0.2' end='10.0.0.9'><lease unit='hours'/></range>"),
        _dhcp(_LONG_RANGE.format(_HOUR)),
        "modify /network/ip[@address='10.0.0.1']/dhcp/range[@start='10.0.0.2'][@end='10.0.0.9']"
        "/lease/@unit",
    ),
    _merged(
        "<bandwidth><inbound peak='5'/></bandwidth>",
        "<bandwidth><inbound average='4'/></bandwidth>",
        "add /network/bandwidth/inbound/@peak",
    ),
    Case(
        "<network><forward managed='yes'/></network>",
        _network(_hostdev(), bridge=""),
        ("modify /network/forward/@managed",),
        "merge",
    ),
]

LISTS = [
    # Each is written in another order, without a change.
    _same(
        _ip(head="address='10.0.1.1' prefix='24'") + _ip(head="address='10.0.0.1' prefix='24'"),
        _ip(head="address='10.0.0.1' prefix='24'") + _ip(head="address='10.0.1.1' prefix='24'"),
    ),
    _same(
        _dhcp("<range start='10.0.0.20' end='10.0.0.29'/>", _RANGE),
        _dhcp(_RANGE, "<range start='10.0.0.20' end='10.0.0.29'/>"),
    ),
    _same(
        _dhcp("<host name='b' ip='10.0.0.4'/><host mac='52:54:0:aa:b:c' ip='10.0.0.3'/>"),
        _dhcp("<host mac='52:54:00:aa:0b:0c' ip='10.0.0.3'/><host name='b' ip='10.0.0.4'/>"),
    ),
    _changed(
        _dhcp("<host mac='52:54:00:aa:0b:0c' name='b' ip='10.0.0.4'/>"),
        _dhcp("<host mac='52:54:00:aa:0b:0c' name='c' ip='10.0.0.3'/>"),
        "modify /network/ip[@address='10.0.0.1']/dhcp/host[@mac='52:54:00:aa:0b:0c']/@name",
        "modify /network/ip[@address='10.0.0.1']/dhcp/host[@mac='52:54:00:aa:0b:0c']/@ip",
    ),
    _same(
        "<dns><host ip='10.0.0.6'><hostname>c</hostname></host>"
        "<host ip='10.0.0.5'><hostname>b</hostname></host></dns>",
        "<dns><host ip='10.0.0.5'><hostname>b</hostname></host>"
        "<host ip='10.0.0.6'><hostname>c</hostname></host></dns>",
    ),
    _changed(
        "<dns><host ip='10.0.0.5'><hostname>c</hostname><hostname>b</hostname></host></dns>",
        "<dns><host ip='10.0.0.5'><hostname>b</hostname><hostname>c</hostname></host></dns>",
        "move /network/dns/host[@ip='10.0.0.5']/hostname[text()='c'] 1",
        "move /network/dns/host[@ip='10.0.0.5']/hostname[text()='b'] 2",
    ),
    _same(
        "<dns><txt name='c' value='2'/><txt name='b' value='1'/></dns>",
        "<dns><txt name='b' value='1'/><txt name='c' value='2'/></dns>",
    ),
    _same(
        "<dns><srv service='s' protocol='tcp' target='c' port='2'/>"
        "<srv service='s' protocol='tcp' target='b' port='1'/></dns>",
        "<dns><srv service='s' protocol='tcp' target='b' port='1'/>"
        "<srv service='s' protocol='tcp' target='c' port='2'/></dns>",
    ),
    _changed(
        "<dns><forwarder addr='10.0.0.6'/><forwarder addr='10.0.0.5'/></dns>",
        "<dns><forwarder addr='10.0.0.5'/><forwarder addr='10.0.0.6'/></dns>",
        "move /network/dns/forwarder[2] 1",
        "move /network/dns/forwarder[1] 2",
    ),
    _changed(
        "<dns><forwarder addr='FD00::0:6'/></dns>",
        "<dns><forwarder addr='fd00::5'/><forwarder addr='fd00::6'/></dns>",
        "remove /network/dns/forwarder[1]",
    ),
    _changed(
        "<dns><forwarder domain='b' addr='10.0.0.7'/></dns>",
        "<dns><forwarder domain='a' addr='10.0.0.5'/><forwarder domain='b' addr='10.0.0.6'/></dns>",
        "modify /network/dns/forwarder[@domain='b']/@addr",
        "remove /network/dns/forwarder[@domain='a']",
    ),
    _same(
        "<portgroup name='q'/><portgroup name='p' trustGuestRxFilters='yes'/>",
        "<portgroup name='p' trustGuestRxFilters='yes'/><portgroup name='q'/>",
    ),
    _same(
        _dhcp(_RANGE, "<bootp file='f' server='010'/>"),
        _dhcp(_RANGE, "<bootp file='f' server='0.0.0.8'/>"),
    ),
    _same(
        "<route address='10.2.0.0' prefix='16' gateway='10.0.0.3'/>" + _ROUTE.format("prefix='16'"),
        _ROUTE.format("prefix='16'") + "<route address='10.2.0.0' prefix='16' gateway='10.0.0.3'/>",
    ),
    Case(
        _written(_options("c", "b"), head=_NAMESPACE),
        _network(_options("b", "c"), head=_NAMESPACE),
        (
            "move /network/dnsmasq:options/dnsmasq:option[@value='c'] 1",
            "move /network/dnsmasq:options/dnsmasq:option[@value='b'] 2",
        ),
    ),
    _same("<dns/>", ""),
    _same(
        "<dns><srv service='s' protocol='tcp' target='t' port='0' priority='0' weight='0'/></dns>",
        "<dns><srv service='s' protocol='tcp' target='t'/></dns>",
    ),
]

EMPTY = [
    *(_same(f"<{tag}/>", "") for tag in ("title", "description", "bandwidth", "port")),
    _same("<forward mode='nat'><driver/></forward>", "<forward mode='nat'/>"),
    *(
        _same(f"<portgroup name='p'><{tag}/></portgroup>", "<portgroup name='p'/>")
        for tag in ("bandwidth", "virtualport")
    ),
    *(
        _same(
            f"{head}<virtualport type='openvswitch'><parameters/></virtualport>{tail}",
            f"{head}<virtualport type='openvswitch'/>{tail}",
        )
        for head, tail in (("", ""), ("<portgroup name='p'>", "</portgroup>"))
    ),
    Case(_written("<forward mode='hostdev'/><bridge/>"), _host_network(mode="hostdev")),
    Case(
        _written(
            "<d:options xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'/>",
        ),
        _network(),
    ),
]

METADATA = [
    _same("", "<metadata><a:a xmlns:a='urn:a'/></metadata>"),
    _same(
        "<metadata><a:a xmlns:a='urn:a'/></metadata>",
        "<metadata><a:a xmlns:a='urn:a'/><b:b xmlns:b='urn:b'/></metadata>",
    ),
    # libvirt 9.0 keeps an empty one, and 11.3 doesn't.
    _same("<metadata/>", ""),
    _same("", "<metadata/>"),
    # libvirt 11.3 writes the driver behind what it belongs to, where it isn't read.
    _same(
        "<forward mode='open'><driver model='x'/></forward>",
        "<forward mode='open'/><driver model='x'/>",
    ),
    _same(
        "<metadata><c/><a:a xmlns:a='urn:a'/><a:b xmlns:a='urn:a'/></metadata>",
        "<metadata><a:a xmlns:a='urn:a'/></metadata>",
    ),
    _merged(
        "<metadata><a:a xmlns:a='urn:a' x='1'/></metadata>",
        "<metadata><a:a xmlns:a='urn:a' y='1'/></metadata>",
        "remove /network/metadata/a/@y",
        "add /network/metadata/a/@x",
    ),
]

CASES = [*SPELLINGS, *FORWARDING, *BRIDGES, *ADDRESSES, *DHCP, *MERGES, *LISTS, *EMPTY, *METADATA]


@pytest.mark.parametrize("case", CASES)
def test_row(case: Case) -> None:
    check(case, KIND)


def test_each_row_has_a_case() -> None:
    assert rows_without_a_case(ROWS, KIND, CASES) == []
