# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt makes of the elements in a rule: each names a protocol and what is matched of it.

Several elements of one protocol are one condition. What is negated of it stands in an element
with ``match='no'``.
"""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .context import Context
from .rows import Value

#: The sign of an attribute follows that of another one (virNWFilterRuleDefFixup).
_MAC_MASKS = {"srcmacmask": "srcmacaddr", "dstmacmask": "dstmacaddr"}
_IP_MASKS = {"srcipmask": "srcipaddr", "dstipmask": "dstipaddr"}
_IP_RANGES = {**_IP_MASKS, "srcipto": "srcipfrom", "dstipto": "dstipfrom"}
_PORTS = dict.fromkeys(("srcportend", "dstportstart", "dstportend"), "srcportstart")
_BRIDGE = {
    "srcmacmask": "srcmacaddr",
    "root-address-mask": "root-address",
    "sender-address-mask": "sender-address",
    **{
        f"{name}-hi": name
        for name in (
            *("root-priority", "root-cost", "sender-priority", "port", "age", "max-age"),
            *("hello-time", "forward-delay"),
        )
    },
}
_WITH_PORTS = {**_IP_RANGES, **_PORTS}
_WITH_CODES = {**_IP_RANGES, "code": "type"}
_FOLLOWERS: dict[str, dict[str, str]] = {
    **dict.fromkeys(("mac", "vlan"), _MAC_MASKS),
    "stp": _BRIDGE,
    "arp": {},
    "rarp": {},
    "ip": _IP_MASKS,
    "ipv6": {**_IP_MASKS, **dict.fromkeys(("typeend", "code", "codeend"), "type")},
    **{
        f"{name}{version}": followers
        for version in ("", "-ipv6")
        for names, followers in (
            (("tcp", "udp", "sctp"), _WITH_PORTS),
            (("udplite", "esp", "ah", "all"), _IP_RANGES),
        )
        for name in names
    },
    "igmp": _IP_RANGES,
    **dict.fromkeys(("icmp", "icmpv6"), _WITH_CODES),
}
#: The protocols of which libvirt keeps a set of addresses as it is written.
_KEEPS_SETS = ("all", "all-ipv6")
_SET, _FLAGS, _SOURCE = "ipset", "ipsetflags", "src"
_MATCH, _NEGATED = "match", "no"


def is_negated(element: Element) -> t.Hashable:
    """Whether a rule is about what does not match."""
    return element.get(_MATCH) == _NEGATED


def joined_protocols(document: Element) -> Element:
    """The filter with one condition in each rule, of which what is negated stands apart.

    A rule is of the protocol that comes first (virNWFilterRuleParse); the rest is dropped.
    """
    return _with_rules(document, _joined)


def _with_rules(document: Element, change: t.Callable[[Element], Element]) -> Element:
    children = [change(one) if one.tag == "rule" else one for one in document.children]
    if all(new is old for new, old in zip(children, document.children)):
        return document
    return document.replaced(children=children)


def _joined(rule: Element) -> Element:
    tag = next((child.tag for child in rule.children if child.tag in _FOLLOWERS), None)
    parts = [] if tag is None else rule.all(tag)
    if not parts or tag is None:
        return rule if not rule.children else rule.replaced(children=[])
    values: dict[str, tuple[str, bool]] = {}
    for part in parts:
        sign = part.get(_MATCH) == _NEGATED
        values.update((n, (v, sign)) for n, v in part.attributes.items() if n != _MATCH)
    for name, leader in _FOLLOWERS[tag].items():
        if name in values:
            values[name] = (values[name][0], values.get(leader, ("", False))[1])
    plain = {name: value for name, (value, negated) in values.items() if not negated}
    other = {name: value for name, (value, negated) in values.items() if negated}
    wanted = [Element(tag, plain)] if plain or not other else []
    wanted += [Element(tag, {_MATCH: _NEGATED, **other})] if other else []
    if len(parts) == len(rule.children) == len(wanted) and all(one in parts for one in wanted):
        return rule
    return rule.replaced(children=wanted)


def source_of_set(context: Context) -> Value:
    """virNWFilterRuleDefFixupIPSet: a set of addresses is looked up by the source."""
    return _SOURCE if context.desired.get(_SET) is not None else None


def kept_set(context: Context, written: str) -> str | None:
    """virNWFilterRuleDefFixupIPSet: a set with flags is dropped, and so are flags alone."""
    return None if loses_set(context.desired) else written


def loses_set(element: Element) -> bool:
    """Whether libvirt drops the set of addresses that is matched, so that all match."""
    return element.tag not in _KEEPS_SETS and element.get(_FLAGS) is not None


def without_flags_of_sets(merged: Element, _actual: Element, _said: object) -> Element:
    """What libvirt has filled in itself, it takes for a reason to drop the set."""
    return _with_rules(merged, _without_flags)


def _without_flags(rule: Element) -> Element:
    children = [
        one.replaced({name: value for name, value in one.attributes.items() if name != _FLAGS})
        if loses_set(one) and one.get(_FLAGS) == _SOURCE
        else one
        for one in rule.children
    ]
    if all(new is old for new, old in zip(children, rule.children)):
        return rule
    return rule.replaced(children=children)
