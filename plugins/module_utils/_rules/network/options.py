# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a network, and where each of them stands in its document.

The names are libvirt's, with an underscore where one of its words begins, and in the plural where
there may be several.
"""

from __future__ import annotations

import typing as t

#: The two words of a switch in a document, for off and on.
Words = tuple[str, str]
_YES: Words = ("no", "yes")
_ON: Words = ("off", "on")


class Value(t.NamedTuple):
    """An option with one value.

    ``at`` is the value path below the element of its group, ``text()`` that element's own text.
    ``type`` is ``str``, ``int``, ``bool`` or ``list``: the list has a text for each element whose
    value ``at`` is.
    """

    option: str
    at: str
    type: str = "str"
    choices: tuple[str, ...] = ()
    is_required: bool = False
    words: Words = _YES


class Group(t.NamedTuple):
    """An option with sub-options, which are the parts of one element, or of several.

    ``path`` leads to the element from that of the group around it. ``is_many``: the option is a
    list. ``is_removable``: an entry of the list may have ``state: absent``.
    """

    option: str
    path: str
    parts: tuple[Value | Group, ...]
    is_many: bool = False
    is_removable: bool = False


_LEASE = Group(
    "lease",
    "lease",
    (
        Value("expiry", "@expiry", "int", is_required=True),
        Value("unit", "@unit", choices=("seconds", "minutes", "hours")),
    ),
)


def _limits(option: str, *more: str) -> Group:
    """One direction of a bandwidth."""
    names = ("average", "peak", "burst", *more)
    return Group(option, option, tuple(Value(name, f"@{name}", "int") for name in names))


_BANDWIDTH = Group("bandwidth", "bandwidth", (_limits("inbound", "floor"), _limits("outbound")))
_VLAN = Group(
    "vlan",
    "vlan",
    (
        Value("trunk", "@trunk", "bool"),
        Group(
            "tags",
            "tag",
            (
                Value("id", "@id", "int", is_required=True),
                Value("native_mode", "@nativeMode", choices=("tagged", "untagged")),
            ),
            is_many=True,
        ),
    ),
)
_VIRTUALPORT = Group(
    "virtualport",
    "virtualport",
    (
        Value(
            "type",
            "@type",
            choices=("openvswitch", "802.1Qbg", "802.1Qbh", "midonet"),
        ),
        Value("profile_id", "parameters/@profileid"),
        Value("interface_id", "parameters/@interfaceid"),
        Value("manager_id", "parameters/@managerid"),
        Value("type_id", "parameters/@typeid"),
        Value("type_id_version", "parameters/@typeidversion"),
        Value("instance_id", "parameters/@instanceid"),
    ),
)
_FORWARD = Group(
    "forward",
    "forward",
    (
        Value(
            "mode",
            "@mode",
            choices=(
                *("none", "nat", "route", "open", "bridge"),
                *("private", "vepa", "passthrough", "hostdev"),
            ),
        ),
        Value("dev", "@dev"),
        Value("managed", "@managed", "bool"),
        Value("interfaces", "interface/@dev", "list"),
        Value("pf", "pf/@dev"),
        Value("driver", "driver/@name", choices=("vfio", "kvm")),
        Group(
            "nat",
            "nat",
            (
                Value("ipv6", "@ipv6", "bool"),
                Group("address", "address", (Value("start", "@start"), Value("end", "@end"))),
                Group(
                    "port", "port", (Value("start", "@start", "int"), Value("end", "@end", "int"))
                ),
            ),
        ),
    ),
)
_DNS = Group(
    "dns",
    "dns",
    (
        Value("enable", "@enable", "bool"),
        Value("forward_plain_names", "@forwardPlainNames", "bool"),
        Group(
            "forwarders",
            "forwarder",
            (Value("addr", "@addr"), Value("domain", "@domain"), Value("port", "@port", "int")),
            is_many=True,
            is_removable=True,
        ),
        Group(
            "txt",
            "txt",
            (Value("name", "@name", is_required=True), Value("value", "@value")),
            is_many=True,
            is_removable=True,
        ),
        Group(
            "srv",
            "srv",
            (
                Value("service", "@service", is_required=True),
                Value("protocol", "@protocol", is_required=True),
                Value("domain", "@domain"),
                Value("target", "@target"),
                *(Value(name, f"@{name}", "int") for name in ("port", "priority", "weight")),
            ),
            is_many=True,
            is_removable=True,
        ),
        Group(
            "hosts",
            "host",
            (Value("ip", "@ip", is_required=True), Value("hostnames", "hostname/text()", "list")),
            is_many=True,
            is_removable=True,
        ),
    ),
)
_DHCP = Group(
    "dhcp",
    "dhcp",
    (
        Group(
            "ranges",
            "range",
            (
                Value("start", "@start", is_required=True),
                Value("end", "@end", is_required=True),
                _LEASE,
            ),
            is_many=True,
            is_removable=True,
        ),
        Group(
            "hosts",
            "host",
            (
                Value("mac", "@mac"),
                Value("id", "@id"),
                Value("name", "@name"),
                Value("ip", "@ip"),
                _LEASE,
            ),
            is_many=True,
            is_removable=True,
        ),
        Group("bootp", "bootp", (Value("file", "@file"), Value("server", "@server"))),
    ),
)
_IPS = Group(
    "ips",
    "ip",
    (
        Value("address", "@address", is_required=True),
        Value("netmask", "@netmask"),
        Value("prefix", "@prefix", "int"),
        Value("family", "@family", choices=("ipv4", "ipv6")),
        Value("local_ptr", "@localPtr", "bool"),
        Value("tftp", "tftp/@root"),
        _DHCP,
    ),
    is_many=True,
    is_removable=True,
)
_ROUTES = Group(
    "routes",
    "route",
    (
        Value("address", "@address", is_required=True),
        Value("netmask", "@netmask"),
        Value("prefix", "@prefix", "int"),
        Value("family", "@family", choices=("ipv4", "ipv6")),
        Value("gateway", "@gateway", is_required=True),
        Value("metric", "@metric", "int"),
    ),
    is_many=True,
    is_removable=True,
)
_PORTGROUPS = Group(
    "portgroups",
    "portgroup",
    (
        Value("name", "@name", is_required=True),
        Value("default", "@default", "bool"),
        Value("trust_guest_rx_filters", "@trustGuestRxFilters", "bool"),
        _VLAN,
        _VIRTUALPORT,
        _BANDWIDTH,
    ),
    is_many=True,
    is_removable=True,
)

#: In the order in which libvirt writes the elements.
OPTIONS = Group(
    "",
    "network",
    (
        Value("ipv6", "@ipv6", "bool"),
        Value("trust_guest_rx_filters", "@trustGuestRxFilters", "bool"),
        Value("uuid", "uuid"),
        Value("title", "title"),
        Value("description", "description"),
        _FORWARD,
        Group(
            "bridge",
            "bridge",
            (
                Value("name", "@name"),
                Value("stp", "@stp", "bool", words=_ON),
                Value("delay", "@delay", "int"),
                Value("zone", "@zone"),
                Value("mac_table_manager", "@macTableManager", choices=("kernel", "libvirt")),
            ),
        ),
        Value("mtu", "mtu/@size", "int"),
        Value("mac", "mac/@address"),
        Group(
            "domain",
            "domain",
            (
                Value("name", "@name"),
                Value("local_only", "@localOnly", "bool"),
                Value("register", "@register", "bool"),
            ),
        ),
        _DNS,
        _VLAN,
        _BANDWIDTH,
        Value("isolated", "port/@isolated", "bool"),
        _IPS,
        _ROUTES,
        _VIRTUALPORT,
        _PORTGROUPS,
        Value("dnsmasq_options", "dnsmasq:options/dnsmasq:option/@value", "list"),
    ),
)
