# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of network filters, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.nwfilter import KIND, ROWS

from .row_cases import Case, check, rows_without_a_case

_UUID = "<uuid>5c6d49af-b071-6127-b4ec-6f8ed4b55335</uuid>"
_ACTION = "action='accept' direction='in'"
_OTHER = "action='drop' direction='out'"


def _filter(*inside: str, head: str = "chain='root'") -> str:
    return f"<filter name='a' {head}>{_UUID}{''.join(inside)}</filter>"


def _rule(*inside: str, head: str = "priority='500'") -> str:
    return f"<rule {_ACTION} {head}>{''.join(inside)}</rule>"


def _same(document: str, dump: str) -> Case:
    """A protocol of a rule as a person writes it, and as libvirt does."""
    return Case(_filter(_rule(document)), _filter(_rule(dump)))


def _attributes(protocol: str, names: str, *values: str) -> list[Case]:
    """Each of the attributes with all values but the last, and as libvirt writes it."""
    return [
        _same(f"<{protocol} {name}='{value}'/>", f"<{protocol} {name}='{values[-1]}'/>")
        for name in names.split()
        for value in values[:-1]
    ]


def _differ(protocol: str, name: str, document: str, dump: str) -> Case:
    return Case(
        _filter(_rule(f"<{protocol} {name}='{document}'/>")),
        _filter(_rule(f"<{protocol} {name}='{dump}'/>")),
        (f"modify /filter/rule/{protocol}/@{name}",),
    )


def _reference(*parameters: str, name: str = "b") -> str:
    inside = "".join(f"<parameter name='{one[0]}' value='{one[1:]}'/>" for one in parameters)
    return f"<filterref filter='{name}'>{inside}</filterref>"


_FIRST, _SECOND, _THIRD = (_rule(f"<tcp dstportstart='{port}'/>") for port in ("22", "80", "443"))

SPELLINGS = [
    *_attributes(
        "mac",
        "srcmacaddr srcmacmask dstmacaddr dstmacmask",
        "52:54:0:AA:B:C",
        "52:54:00:aa:0b:0c",
    ),
    *_attributes("arp", "arpsrcmacaddr arpdstmacaddr", "52:54:0:AA:B:C", "52:54:00:aa:0b:0c"),
    *_attributes(
        "stp",
        "root-address root-address-mask sender-address sender-address-mask",
        "1:2:3:4:5:F",
        "01:02:03:04:05:0f",
    ),
    *_attributes(
        "all-ipv6", "srcipaddr dstipaddr srcipfrom srcipto dstipfrom dstipto", "A::0:1", "a::1"
    ),
    *_attributes("arp", "arpsrcipaddr arpdstipaddr", " 10.0.0.1", "10.0.0.1"),
    *_attributes("ip", "srcipmask dstipmask", "255.255.255.0", "24"),
    *_attributes("ipv6", "srcipmask", "ffff:ffff::", "32"),
    *_attributes("arp", "arpsrcipmask arpdstipmask", "255.0.0.0", "8"),
    *_attributes("tcp", "srcportstart srcportend dstportstart dstportend", "0x16", "22", "22"),
    *_attributes("tcp", "dscp connlimit-above", "0x16", "022", "22"),
    *_attributes("ipv6", "type typeend code codeend", "0x16", "22"),
    *_attributes("vlan", "vlanid", "0x16", "22"),
    *_attributes("arp", "hwtype protocoltype", "ff", "0xff"),
    *_attributes(
        "stp",
        "flags root-priority root-priority-hi root-cost root-cost-hi sender-priority "
        "sender-priority-hi port port-hi age age-hi max-age max-age-hi hello-time hello-time-hi "
        "forward-delay forward-delay-hi",
        "0x16",
        "22",
    ),
    *_attributes("mac", "protocolid", "0x806", "ARP", "2054", "arp"),
    *_attributes("vlan", "encap-protocol", "0x800", "ipv4"),
    *_attributes("ip", "protocol", "0x11", "17", "UDP", "udp"),
    *_attributes("arp", "opcode", "1", "request", "Request"),
    *_attributes("arp", "gratuitous", "1", "yes", "true"),
    *_attributes("arp", "gratuitous", "0", "maybe", "false"),
    *_attributes("tcp", "state", "established, NEW", "NEW,ESTABLISHED"),
    *_attributes("tcp", "state", "NONE,NEW", "NONE"),
    *_attributes("tcp", "flags", "syn,ack/SYN", "ACK,SYN / SYN", "SYN,ACK/SYN"),
    *_attributes("tcp", "flags", "ALL/NONE", "fin,syn,rst,psh,ack,urg/none", "ALL/NONE"),
    *_attributes("tcp", "srcportstart", "$P[@0]", "$P[ @ 0 ]", "$P"),
    *_attributes("tcp", "srcportstart", "$P[ 1 ]", "$P[1]"),
]

CASES = [
    *SPELLINGS,
    _same("<all ipset='a' ipsetflags='SRC,DST'/>", "<all ipset='a' ipsetflags='src,dst'/>"),
    _same("<tcp ipset='a'/>", "<tcp ipset='a' ipsetflags='src'/>"),
    _differ("tcp", "dstportstart", "22", "23"),
    _differ("ip", "protocol", "tcp", "udp"),
    _differ("tcp", "flags", "SYN/SYN", "SYN,ACK/SYN"),
    _differ("tcp", "srcportstart", "$P[1]", "$P"),
    _differ("tcp", "srcipmask", "255.0.255.0", "16"),
    # The head
    Case(f"<filter name='a'>{_UUID.upper().replace('UUID', 'uuid')}</filter>", _filter()),
    Case("<filter name='a'/>", _filter()),
    Case("<filter name='a' chain='root' priority='0'/>", _filter()),
    Case("<filter name='a' priority='7'/>", _filter()),
    Case("<filter name='a' chain='ipv4'/>", _filter(head="chain='ipv4' priority='-700'")),
    Case("<filter name='a' chain='arp-b'/>", _filter(head="chain='arp-b' priority='-500'")),
    Case(
        "<filter name='a' chain='ipv4'/>",
        _filter(head="chain='ipv4' priority='-10'"),
        ("modify /filter/@priority",),
    ),
    Case(
        "<filter name='a'/>",
        _filter(head="chain='mac' priority='-800'"),
        ("modify /filter/@chain", "remove /filter/@priority"),
    ),
    # Rules
    Case(_filter(_rule("<all/>", head="")), _filter(_rule("<all/>"))),
    Case(_filter(_rule("<all/>", head="priority='0x10'")), _filter(_rule("<all/>"))),
    Case(_filter(_rule("<all/>", head="priority='1001'")), _filter(_rule("<all/>"))),
    Case(
        _filter(_rule("<all/>", head="priority='007'")),
        _filter(_rule("<all/>", head="priority='7'")),
    ),
    Case(
        _filter(_rule("<all/>", head="statematch='0'")),
        _filter(_rule("<all/>", head="priority='500' statematch='false'")),
    ),
    Case(_filter(_rule("<all/>", head="statematch='true'")), _filter(_rule("<all/>"))),
    Case(
        _filter(_rule("<all/>")),
        _filter(_rule("<all/>", head="priority='500' statematch='false'")),
        ("remove /filter/rule/@statematch",),
    ),
    _same("<all match='no'/>", "<all/>"),
    _same("<ip match='yes' dscp='1'/>", "<ip dscp='1'/>"),
    Case(
        _filter(_rule("<ip match='no' dscp='1'/>")),
        _filter(_rule("<ip dscp='1'/>")),
        ("add /filter/rule/ip/@match",),
    ),
    _same(f"<all comment='{'x' * 300}'/>", f"<all comment='{'x' * 256}'/>"),
    # Several elements are one condition, and signs follow.
    _same(
        "<tcp match='no' srcportstart='1'/><tcp dstportstart='22' comment='c'/>",
        "<tcp comment='c'/><tcp match='no' srcportstart='1' dstportstart='22'/>",
    ),
    _same(
        "<ip dscp='3'/><ip match='no' srcipaddr='10.0.0.1'/>",
        "<ip match='no' srcipaddr='10.0.0.1'/><ip dscp='3'/>",
    ),
    _same(
        "<ip match='no' srcipaddr='10.0.0.1'/><ip srcipmask='24' dscp='3'/>",
        "<ip match='no' srcipaddr='10.0.0.1' srcipmask='24'/><ip dscp='3'/>",
    ),
    _same("<tcp match='no' dstportstart='22'/>", "<tcp dstportstart='22'/>"),
    _same("<icmp match='no' code='1'/>", "<icmp code='1'/>"),
    # Sets
    _same("<tcp ipset='a' ipsetflags='SRC'/>", "<tcp ipset='a' ipsetflags='src'/>"),
    _same("<tcp ipset='a' ipsetflags='SRC'/>", "<tcp/>"),
    _same("<tcp ipset='a'/>", "<tcp ipset='a' ipsetflags='src'/>"),
    _same("<tcp ipset='a' ipsetflags='src,dst'/>", "<tcp/>"),
    _same("<tcp ipsetflags='src'/>", "<tcp/>"),
    _same("<tcp ipsetflags='dst'/>", "<tcp/>"),
    Case(
        _filter(_rule("<tcp ipset='a'/>"), _FIRST),
        _filter(_rule("<tcp ipset='a' ipsetflags='src'/>"), _SECOND),
        ("modify /filter/rule[2]/tcp/@dstportstart",),
        result=_rule("<tcp ipset='a'/>"),
    ),
    _same("<nonsense/><tcp dscp='1'/><udp dscp='2'/>", "<tcp dscp='1'/>"),
    # Lists
    Case(
        _filter(_SECOND, _FIRST),
        _filter(_FIRST, _SECOND),
        ("move /filter/rule[2] 1", "move /filter/rule[1] 2"),
        result=_SECOND + _FIRST,
    ),
    Case(
        _filter(_FIRST, _THIRD),
        _filter(_FIRST, _SECOND, _THIRD),
        ("remove /filter/rule[2]",),
        result=_FIRST + _THIRD,
    ),
    Case(
        _filter(_FIRST, _SECOND, _THIRD),
        _filter(_FIRST, _THIRD),
        ("add /filter/rule[2]",),
        result=_FIRST + _SECOND + _THIRD,
    ),
    # A rule that says nothing fits all that have its attributes.
    Case(
        _filter(_rule("<tcp dscp='0x1'/>"), _rule()),
        _filter(_rule("<tcp dscp='1'/>"), _rule()),
    ),
    Case(
        _filter(_FIRST, _reference(), _SECOND),
        _filter(_FIRST, _SECOND, _reference()),
        ("move /filter/filterref 2", "move /filter/rule[2] 3"),
        result=_FIRST + "<filterref filter='b'/>" + _SECOND,
    ),
    Case(
        _filter(_FIRST),
        _filter(_reference(), _FIRST, _SECOND),
        ("remove /filter/rule[2]",),
        "merge",
        "<filterref filter='b'/>" + _FIRST,
    ),
    Case(
        _filter(_reference(name="c")),
        _filter(_FIRST, _reference(), _reference(name="c")),
        ("remove /filter/filterref[1]",),
        "merge",
        _FIRST + "<filterref filter='c'/>",
    ),
    Case(
        _filter(_rule("<tcp dstportstart='22'/>", head="")),
        _filter(_rule("<tcp srcportstart='1' dstportstart='22'/>"), _reference("Ax")),
        ("remove /filter/rule/tcp/@srcportstart",),
        "merge",
    ),
    Case(
        _filter(_reference()),
        _filter(_rule("<all/>"), _reference("Ax")),
        ("remove /filter/filterref/parameter",),
        "merge",
    ),
    Case(
        "<filter name='a' priority='-1'/>",
        _filter(head="chain='ipv4' priority='-700'"),
        ("modify /filter/@priority",),
        "merge",
    ),
    Case(_filter(_reference("Bx", "Ay", "Bz")), _filter(_reference("Ay", "Bx", "Bz"))),
    Case(_filter(_reference("Ax", "B-")), _filter(_reference("Ax"))),
    Case(
        _filter(_reference("Ay", "Ax")),
        _filter(_reference("Ax", "Ay")),
        (
            "move /filter/filterref/parameter[2] 1",
            "move /filter/filterref/parameter[1] 2",
        ),
    ),
    Case(
        _filter(_reference("Ay")),
        _filter(_reference("Ax", "Ay", "Bz")),
        (
            "remove /filter/filterref/parameter[1]",
            "remove /filter/filterref/parameter[3]",
        ),
        "merge",
    ),
]


@pytest.mark.parametrize("case", CASES)
def test_row(case: Case) -> None:
    check(case, KIND)


def test_each_row_has_a_case() -> None:
    assert rows_without_a_case(ROWS, KIND, CASES) == []
