# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How network filters write numbers, addresses, flags and variables."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .spelling import ip_address, mac

Canonical = t.Callable[[str], t.Hashable]

_ETHERTYPES = {"arp": 0x806, "rarp": 0x8035, "ipv4": 0x800, "ipv6": 0x86DD, "vlan": 0x8100}
_IP_PROTOCOLS = {
    "tcp": 6,
    "udp": 17,
    "udplite": 136,
    "esp": 50,
    "ah": 51,
    "icmp": 1,
    "igmp": 2,
    "sctp": 132,
    "icmpv6": 58,
}
_ARP_OPCODES = {
    "request": 1,
    "reply": 2,
    "request_reverse": 3,
    "reply_reverse": 4,
    "drarp_request": 5,
    "drarp_reply": 6,
    "drarp_error": 7,
    "inarp_request": 8,
    "arp_nak": 9,
}
_TCP_FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "all": 63, "none": 0}
_STATES = ("new", "established", "related", "invalid", "none")
_TRUE = ("true", "1", "yes")


def number(value: str) -> t.Hashable:
    """virNWFilterRuleDetailsParse: decimal, or else hexadecimal, with ``0x`` or without."""
    text = value.strip()
    try:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else int(text, 16)
    except ValueError:
        return value


def prefix_length(value: str) -> t.Hashable:
    """virSocketAddrGetNumNetmaskBits: ``24`` and ``255.255.255.0``."""
    text = value.strip()
    if text.isdigit():
        return int(text)
    try:
        bits = format(int(ipaddress.ip_address(text)), "b")
    except ValueError:
        return value
    return len(bits.rstrip("0")) if len(bits) in (32, 128) and "01" not in bits else value


def boolean(value: str) -> t.Hashable:
    """What isn't true is false."""
    return value in _TRUE


def names_of(table: t.Mapping[str, int]) -> Canonical:
    """A name in any case, or its number."""

    def canonical(value: str) -> t.Hashable:
        return table.get(value.lower(), number(value))

    return canonical


def states(value: str) -> t.Hashable:
    """parseStateMatch: a set of names in any case; nothing beside ``NONE``."""
    found = _items(value, _STATES)
    if found is None:
        return value
    return frozenset(["none"]) if "none" in found else frozenset(found)


def tcp_flags(value: str) -> t.Hashable:
    """tcpFlagsValidator: the flags that are looked at, and those of them that are set."""
    sums = []
    for part in value.partition("/")[::2]:
        found = _items(part, tuple(_TCP_FLAGS))
        if found is None:
            return value
        sums.append(sum({_TCP_FLAGS[name] for name in found if name != "all"}))
        if "all" in found:
            sums[-1] = _TCP_FLAGS["all"]
    return tuple(sums)


def _items(value: str, names: tuple[str, ...]) -> list[str] | None:
    """parseStringItems: names in any case, with commas and white space between them."""
    text = "".join(value.lower().split())
    found = []
    while text := text.lstrip(","):
        name = next((one for one in names if text.startswith(one)), None)
        if name is None:
            return None
        found.append(name)
        text = text[len(name) :]
    return found


def set_flags(value: str) -> t.Hashable:
    """ipsetFlagsFormatter writes them in lower case."""
    return value.lower()


def variable(value: str) -> t.Hashable:
    """virNWFilterVarAccessPrint: ``$IP[@0]`` is ``$IP``, and white space goes."""
    found = re.fullmatch(r"\$(\w+)(?:\[\s*(@?)\s*(\d+)\s*\])?", value.strip())
    if found is None:
        return value
    name, is_iterator, place = found[1], found[2] == "@" or found[3] is None, int(found[3] or 0)
    return (name, is_iterator, place)


def or_variable(canonical: Canonical) -> t.Callable[[str, str], bool]:
    """A comparison of two values, each of which may be a variable's name."""

    def same(desired: str, actual: str) -> bool:
        both = [
            (True, variable(value)) if value.startswith("$") else (False, canonical(value))
            for value in (desired, actual)
        ]
        return both[0] == both[1]

    return same


#: By a canonical form, the attributes of protocols that have it.
SPELLINGS: tuple[tuple[Canonical, str, str], ...] = (
    (
        mac,
        "srcmacaddr,srcmacmask,dstmacaddr,dstmacmask,arpsrcmacaddr,arpdstmacaddr,"
        "root-address,root-address-mask,sender-address,sender-address-mask",
        "MAC addresses and masks are written in lower case, with two digits a byte",
    ),
    (
        ip_address,
        "srcipaddr,dstipaddr,srcipfrom,srcipto,dstipfrom,dstipto,arpsrcipaddr,arpdstipaddr",
        "virSocketAddrFormat writes IPv6 addresses short and in lower case",
    ),
    (
        prefix_length,
        "srcipmask,dstipmask,arpsrcipmask,arpdstipmask",
        "masks are written as the length of a prefix",
    ),
    (
        number,
        "srcportstart,srcportend,dstportstart,dstportend,dscp,connlimit-above,type,typeend,code,"
        "codeend,vlanid,hwtype,protocoltype,root-priority,root-priority-hi,root-cost,root-cost-hi,"
        "sender-priority,sender-priority-hi,port,port-hi,age,age-hi,max-age,max-age-hi,hello-time,"
        "hello-time-hi,forward-delay,forward-delay-hi",
        "a number is written as it was read, decimal or hexadecimal",
    ),
    (
        names_of(_ETHERTYPES),
        "protocolid,encap-protocol",
        "macProtocolIDFormatter: a protocol of Ethernet is written by its name where it has one",
    ),
    (
        names_of(_IP_PROTOCOLS),
        "protocol",
        "formatIPProtocolID: a protocol is written by its name where it has one",
    ),
    (
        names_of(_ARP_OPCODES),
        "opcode",
        "arpOpcodeFormatter: an operation is written by its name where it has one",
    ),
    (boolean, "gratuitous", "virNWFilterRuleDetailsParse: what isn't true is false"),
    (states, "state", "stateFormatter: without white space, in one order"),
    (set_flags, "ipsetflags", "ipsetFlagsFormatter writes them in lower case"),
)
