# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The choice of a guest's address among those that are known."""

from __future__ import annotations

import ipaddress
import re
import typing as t

_FAMILIES = {"ipv4": 4, "ipv6": 6}
_HOSTNAME = "hostname"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})"
#: What a name server may know. Other names, such as one that begins with a dash, would be
#: something else to ssh.
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")

_Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


class Rule(t.NamedTuple):
    """Which addresses are taken; one of the fields says it.

    * ``family``: 4 or 6.
    * ``network``: those within it.
    * ``plug``: those of interfaces that are plugged into this network, bridge or device.
    * ``is_hostname``: the guest's own name instead of an address.
    * ``is_off``: none, and no further rule counts.
    """

    family: int | None = None
    network: _Network | None = None
    plug: str | None = None
    is_hostname: bool = False
    is_off: bool = False


OFF = Rule(is_off=True)


def rule_of(text: str) -> Rule:
    """The rule of an entry of the option ``ansible_host``."""
    if text.lower() in _FAMILIES:
        return Rule(family=_FAMILIES[text.lower()])
    if text == _HOSTNAME:
        return Rule(is_hostname=True)
    try:
        return Rule(network=ipaddress.ip_network(text, strict=False))
    except ValueError:
        return Rule(plug=text)


def chosen(
    rules: t.Iterable[Rule], facts: t.Mapping[str, t.Any], hostname: str | None
) -> str | None:
    """The address, or the name, by the first rule that fits; ``None`` where none does.

    ``facts`` are those of domain_info. Addresses of the guest's own interfaces come before
    those of devices within the guest, such as a bridge of containers.
    """
    plugs = {
        (interface["mac"] or "").lower(): interface["source"] for interface in facts["interfaces"]
    }
    own: list[t.Mapping[str, t.Any]] = []
    others: list[t.Mapping[str, t.Any]] = []
    for address in facts["addresses"]:
        of_interface = (address["mac"] or "").lower() in plugs
        (own if of_interface else others).append(address)
    for rule in rules:
        if rule.is_off:
            return None
        if rule.is_hostname:
            if hostname is not None and is_name(hostname):
                return hostname
            continue
        for address in (*own, *others):
            if _fits(rule, address, plugs):
                found: str = address["address"]
                return found
    return None


def is_name(text: str) -> bool:
    """Whether a text is a host's name, as a name server may know it."""
    return len(text) <= 253 and _NAME.fullmatch(text) is not None and text != "localhost"


def is_place(text: str) -> bool:
    """Whether a text is an address or a host's name, and nothing else to a program."""
    try:
        return "%" not in str(ipaddress.ip_address(text))
    except ValueError:
        return is_name(text)


def _fits(rule: Rule, address: t.Mapping[str, t.Any], plugs: t.Mapping[str, str | None]) -> bool:
    known = ipaddress.ip_address(address["address"])
    if rule.family is not None:
        return known.version == rule.family
    if rule.network is not None:
        return known in rule.network
    return plugs.get((address["mac"] or "").lower()) == rule.plug
