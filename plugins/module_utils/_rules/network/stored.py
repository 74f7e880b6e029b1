# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt keeps instead of what the document says."""

from __future__ import annotations

from ..._xmltree.element import Element, with_child
from ..context import Context
from ..rows import Depends, Rewrite, Stored
from ..stored import container, dropped, unless_nothing, unwritten
from .defaults import has_own_bridge

_HOST_MODES = ("bridge", "private", "vepa", "passthrough", "hostdev")


def forward(_context: Context, written: Element) -> Element | None:
    """virNetworkDefFormatBuf: a network that doesn't forward says nothing of it."""
    return None if written.get("mode") == "none" else written


def driver(context: Context, written: Element) -> Element | None:
    """virNetworkDefFormatBuf of libvirt 11.3 closes an element that has nothing but it too early.

    A driver without a name comes behind its forward then, where it isn't read. An empty one is none.
    """
    if not written.attributes:
        return None
    is_alone = all(one.tag == "driver" for one in context.desired.children)
    return None if is_alone and written.get("name") is None else written


def managed(context: Context, written: str) -> str | None:
    """virNetworkDefFormatBuf: devices of the host are managed, or not."""
    if (context.desired.get("mode") or context.actual.get("mode")) != "hostdev":
        return None
    return "yes" if written.lower() == "yes" else "no"


def bridge(context: Context, written: Element) -> Element | None:
    """virNetworkDefFormatBuf: the host's bridge is its name, and who manages its addresses."""
    says = written.get("name") is not None or written.get("macTableManager") is not None
    return written if says or has_own_bridge(context.root.desired) else None


def stp(context: Context, written: str) -> str | None:
    """virNetworkDefParseXML: what isn't off is on; a bridge of the host's has its own."""
    if not has_own_bridge(context.root.desired):
        return None
    return "off" if written == "off" else "on"


def delay(context: Context, written: str) -> str | None:
    """virNetworkDefFormatBuf: of a bridge that libvirt makes."""
    return written if has_own_bridge(context.root.desired) else None


def nat(_context: Context, written: Element) -> Element | None:
    """virNetworkForwardNatDefFormat: what says nothing is not written, nor are ports from 0 to 0."""
    ports = [one for one in written.all("port") if _is_range(one)]
    children = [*(one for one in written.children if one.tag != "port"), *ports]
    if not children and written.get("ipv6") is None:
        return None
    return (
        written if len(children) == len(written.children) else written.replaced(children=children)
    )


def _is_range(port: Element) -> bool:
    return any((port.get(name) or "0").strip("0") for name in ("start", "end"))


def dhcp(context: Context, written: Element) -> Element | None:
    """virNetworkIPDefFormat: nothing without a range and a host; of IPv6 nothing boots by it."""
    # A merge need not say all of it.
    known = [*written.children, *_there(context, written).children]
    if all(one.tag not in ("range", "host") for one in known):
        return None
    if context.desired.get("family") != "ipv6" or written.child("bootp") is None:
        return written
    return written.replaced(children=[one for one in written.children if one.tag != "bootp"])


def lease_unit(context: Context, written: str) -> str | None:
    """virNetworkIPDefFormat: a lease without an end has no unit."""
    expiry = context.desired.get("expiry") or context.actual.get("expiry") or "0"
    return written if expiry.strip("0") else None


def family(context: Context, written: str) -> str | None:
    """virNetworkIPDefParseXML: whether IPv4 is said or not makes no difference."""
    return context.actual.get("family") if written == "ipv4" else written


def yes(_context: Context, written: str) -> str | None:
    """Only that it is so is written."""
    return written if written.lower() == "yes" else None


def trunk(context: Context, written: str) -> str | None:
    """virNetDevVlanFormat: only that it is one is written."""
    return "yes" if written.lower() == "yes" else None


def unless_empty(_context: Context, element: Element) -> Element | None:
    """What is empty is not written."""
    children = [one for one in element.children if unless_empty(_context, one) is not None]
    return element if element.attributes or element.text or children else None


def above_zero(_context: Context, written: str) -> str | None:
    """0 is not written."""
    return written if written.strip("0") else None


def rate(context: Context, written: Element) -> Element | None:
    """virNetDevBandwidthParse: a direction without an amount has no limit."""
    both = (written, _there(context, written))
    amounts = [one.get(name) for one in both for name in ("average", "floor")]
    return written if any((amount or "0").strip("0") for amount in amounts) else None


def _there(context: Context, written: Element) -> Element:
    """The element that there is of the same kind."""
    return context.actual.child(written.tag) or Element(written.tag)


def main_interface(document: Element) -> Element:
    """virNetworkForwardDefParseXML: the device to forward to is the first of the interfaces.

    A physical function is not looked at beside either.
    """
    found = document.child("forward")
    return document if found is None else with_child(document, _with_main_interface(found))


def _with_main_interface(found: Element) -> Element:
    dev, interfaces = found.get("dev"), found.all("interface")
    others = [one for one in found.children if one.tag != "pf"]
    if dev is not None and not interfaces:
        return found.replaced(children=[*others, Element("interface", {"dev": dev})])
    if not interfaces:
        return found
    if len(others) != len(found.children):
        found = found.replaced(children=others)
    main = interfaces[0].get("dev")
    return found if main == dev else _with_attribute(found, "dev", main)


def _with_attribute(element: Element, name: str, value: str | None) -> Element:
    return element if value is None else element.replaced({**element.attributes, name: value})


STORED = (
    Stored("@connections", dropped, "how many guests are connected to a running network"),
    Stored("forward/{interface,address}/@connections", dropped, "of a running network"),
    Stored("@ipv6", yes, "virNetworkDefFormatBuf"),
    Stored("forward", forward, "virNetworkDefFormatBuf"),
    Stored("forward/@managed", managed, "virNetworkDefFormatBuf"),
    Stored("forward/nat", nat, "virNetworkForwardNatDefFormat"),
    Stored("bridge", bridge, "virNetworkDefFormatBuf"),
    Stored("bridge/@stp", stp, "virNetworkDefParseXML"),
    Stored("bridge/@delay", delay, "virNetworkDefFormatBuf"),
    Stored("mtu", unless_nothing("size", "0"), "virNetworkDefFormatBuf"),
    Stored("dns", container, "virNetworkDNSDefFormat: empty elements are not written"),
    Stored("dns/srv/@{port,priority,weight}", above_zero, "virNetworkDNSDefFormat"),
    Stored("{ip,route}/@family", family, "virNetworkIPDefParseXML"),
    Stored("route/@metric", above_zero, "virNetDevIPRouteFormat"),
    Stored("ip/dhcp", dhcp, "virNetworkIPDefFormat"),
    Stored("ip/tftp", unless_nothing("root"), "virXPathString: an empty text is none"),
    Stored("ip/dhcp/{range,host}/lease/@unit", lease_unit, "virNetworkIPDefFormat"),
    Stored("portgroup/@default", yes, "virPortGroupDefFormat"),
    Stored("{vlan,portgroup/vlan}/@trunk", trunk, "virNetDevVlanFormat"),
    Stored("{vlan,portgroup/vlan}/tag/@nativeMode", unwritten("default"), "virNetDevVlanFormat"),
    Stored(
        "{title,description,bandwidth,port,dnsmasq:options,portgroup/bandwidth,"
        "portgroup/virtualport}",
        unless_empty,
        "virNetworkDefFormatBuf: empty elements are not written",
    ),
    Stored("forward/driver", driver, "virNetworkDefFormatBuf"),
    Stored(
        "{virtualport,portgroup/virtualport}/parameters",
        unless_empty,
        "virNetDevVPortProfileFormat: empty elements are not written",
    ),
    Stored("{bandwidth,portgroup/bandwidth}/{inbound,outbound}", rate, "virNetDevBandwidthParse"),
    Stored(
        "{bandwidth,portgroup/bandwidth}/{inbound,outbound}/@{peak,burst,floor,average}",
        above_zero,
        "virNetDevBandwidthRateFormat",
    ),
    Rewrite(main_interface, "virNetworkForwardDefParseXML"),
    Depends(
        "forward", "@dev", ("interface/*",), "virNetworkForwardDefParseXML: it is the first one"
    ),
    Depends(
        "",
        "forward/@mode",
        ("bridge/@stp", "bridge/@delay", "bridge/@zone", "mtu", "ip", "dns", "domain", "mac"),
        "virNetworkDefParseXML: of a network that libvirt has no bridge of its own for",
        becoming=_HOST_MODES,
    ),
    Depends(
        "",
        "forward/@mode",
        ("forward/nat", "forward/driver", "forward/@managed"),
        "virNetworkForwardNatDefParseXML: each belongs to one mode",
    ),
)
