# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt writes where a document is silent."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..context import Context
from ..rows import ASSIGNED, Fill, Implied, Value

#: The modes in which libvirt makes the bridge itself; ``None`` is a network of its own.
OWN_BRIDGE = (None, "none", "nat", "route", "open")


def mode_of(network: Element) -> str | None:
    """How a network forwards; ``None`` where it doesn't."""
    forward = network.child("forward")
    return None if forward is None else forward.get("mode") or "nat"


def has_own_bridge(network: Element) -> bool:
    """Whether libvirt makes the network's bridge."""
    return mode_of(network) in OWN_BRIDGE


def bridge(context: Context, _extra: Element) -> Implied:
    """virNetworkDefFormatBuf: each network whose bridge libvirt makes says what it is like."""
    if not has_own_bridge(context.desired):
        return None
    return Element("bridge", {"stp": "on", "delay": "0"})


def bridge_name(context: Context) -> Value:
    """networkBridgeNameValidate: a free name is found; a bridge of the host's is none."""
    networks = context.root.desired, context.root.actual
    return ASSIGNED if all(map(has_own_bridge, networks)) else None


def on_own_bridge(usual: str) -> object:
    """A value of a bridge that libvirt makes."""

    def value(context: Context) -> Value:
        return usual if has_own_bridge(context.root.desired) else None

    return value


def mac(context: Context, _extra: Element) -> Implied:
    """networkDefineXMLFlags: one is drawn for a bridge that libvirt makes."""
    return ASSIGNED if has_own_bridge(context.desired) else None


def managed(context: Context) -> Value:
    """virNetworkDefFormatBuf: of devices of the host it is said whether libvirt manages them."""
    return "no" if context.desired.get("mode") == "hostdev" else None


def lease_unit(context: Context) -> Value:
    """virNetworkIPDefFormat: minutes, but where a lease has no end."""
    return None if (context.desired.get("expiry") or "0").strip("0") == "" else "minutes"


def trunk(context: Context) -> Value:
    """virNetDevVlanParse: several tags, or a native one, are a trunk's."""
    tags = context.desired.all("tag")
    is_native = any(tag.get("nativeMode") is not None for tag in tags)
    return "yes" if len(tags) > 1 or is_native else None


DEFAULTS = (
    Fill("uuid", ASSIGNED, "virNetworkDefParseXML: one is drawn, and known by the name"),
    Fill("mac", mac, "networkDefineXMLFlags"),
    Fill("bridge", bridge, "virNetworkDefFormatBuf"),
    Fill("bridge/@name", bridge_name, "networkBridgeNameValidate"),
    Fill("bridge/@stp", on_own_bridge("on"), "virNetworkDefParseXML: what isn't off is on"),
    Fill("bridge/@delay", on_own_bridge("0"), "virNetworkDefFormatBuf"),
    Fill("driver", ASSIGNED, "virNetworkDefFormatBuf of libvirt 11.3, see forward/driver"),
    Fill("forward/@mode", "nat", "virNetworkForwardDefParseXML"),
    Fill("forward/@managed", managed, "virNetworkDefFormatBuf"),
    Fill(
        "forward/address/@{domain,bus,slot,function}",
        "0",
        "virPCIDeviceAddressFormat writes an address in full",
    ),
    Fill("{ip,route}/@family", "ipv4", "virNetworkIPDefParseXML: IPv6 has to say so"),
    Fill("ip/dhcp/{range,host}/lease/@unit", lease_unit, "virNetworkIPDefFormat"),
    Fill("{vlan,portgroup/vlan}/@trunk", trunk, "virNetDevVlanParse"),
)
