# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virNetworkUpdate can change of a network that is on.

libvirt has no section for the rest: it refuses BRIDGE, DOMAIN, IP, FORWARD and FORWARD_PF
(virNetworkDefUpdateSection), and has none for mtu, bandwidth, vlan, routes and others.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..spelling import caseless, ip_address, mac
from .identity import by

#: Whether libvirt takes one element for another: the first is the one that it is given.
Takes = t.Callable[[Element, Element], bool]
#: The version of libvirt as virConnectGetLibVersion gives it.
_ANY, _10_6 = 0, 10_006_000
#: Commands: the words in VIR_NETWORK_UPDATE_COMMAND_….
ADD, MODIFY, DELETE = "ADD_LAST", "MODIFY", "DELETE"
#: And that of virNetworkSetMetadata, whose sections are the tags below.
DESCRIBE = "DESCRIBE"
#: What people and applications write into a network's document, which changes nothing of it.
DESCRIPTIONS = ("title", "description", "metadata")
_DNS_HOST = "DNS_HOST"


class Section(t.NamedTuple):
    """A list of elements that virNetworkUpdate changes.

    * ``name``: the word in VIR_NETWORK_SECTION_….
    * ``path``: of the list's elements, below ``<network>``. Those below ``ip`` need the number of their ``<ip>``.
    * ``modifies``: the version from which VIR_NETWORK_UPDATE_COMMAND_MODIFY works; ``None`` if it never does.
    * ``clashes``: whether libvirt refuses to add the first beside the second; it is also how it finds
      what to modify.
    * ``finds``: whether libvirt deletes the second when it is given the first.
    * ``ordered``: the order of the elements counts.
    """

    name: str
    path: str
    modifies: int | None
    clashes: Takes
    finds: Takes
    reason: str
    ordered: bool = False


class Update(t.NamedTuple):
    """One call. ``command`` is one of :data:`ADD`, :data:`MODIFY`, :data:`DELETE` and :data:`DESCRIBE`.

    ``parent`` is the number of the ``<ip>`` that the list is in, -1 for others. ``before`` and
    ``after`` are the element that goes and the one that comes.
    """

    section: str
    command: str
    parent: int
    before: Element | None
    after: Element | None

    @property
    def given(self) -> Element:
        """The element that libvirt is given."""
        element = self.after or self.before or Element("")
        if self.section == _DNS_HOST and self.command == DELETE:
            # With its names, others that have one of them would be meant too.
            return element.replaced(children=[])
        return element

    def undone(self) -> Update:
        """The call that takes it back."""
        command = {ADD: DELETE, DELETE: ADD}.get(self.command, self.command)
        return Update(self.section, command, self.parent, self.after, self.before)


def _by(*keys: t.Callable[[Element], t.Hashable | None]) -> Takes:
    """Takes those for the same which have any of the keys in common."""

    def takes(given: Element, found: Element) -> bool:
        return any(key(given) is not None and key(given) == key(found) for key in keys)

    return takes


def _of_all(**canonical: t.Callable[[str], t.Hashable]) -> Takes:
    """Takes those for the same which have all attributes that the first has."""

    def takes(given: Element, found: Element) -> bool:
        for name, form in canonical.items():
            value, there = given.get(name), found.get(name)
            if value is not None and (there is None or form(value) != form(there)):
                return False
        return True

    return takes


def _same(value: str) -> str:
    return value


def _number(value: str) -> str:
    """What is 0 is the same as nothing."""
    return value.lstrip("0")


_IP, _NAME, _DEV = by(ip=ip_address), by("name"), by("dev")
_MAC, _ID = by(mac=mac), by("id")
_RANGE = by(start=ip_address, end=ip_address)


def _dns_hosts_clash(given: Element, found: Element) -> bool:
    """virNetworkDefUpdateDNSHost: an address or a name in common."""
    names = [{caseless(name.text or "") for name in one.all("hostname")} for one in (given, found)]
    return _by(_IP)(given, found) or bool(names[0] & names[1])


def _is_wanted_srv(given: Element, found: Element) -> bool:
    """virNetworkDefUpdateDNSSrv: what isn't given fits all."""
    texts, numbers = ("service", "protocol", "domain", "target"), ("port", "priority", "weight")
    for name in (*texts, *numbers):
        value, there = given.get(name) or "", found.get(name) or ""
        if name in numbers:
            value, there = _number(value), _number(there)
        if value and value != there:
            return False
    return True


_HOST = _of_all(mac=mac, id=_same, name=_same, ip=ip_address)

SECTIONS = (
    Section(
        "IP_DHCP_RANGE",
        "ip/dhcp/range",
        None,
        _by(_RANGE),
        _by(_RANGE),
        "virNetworkDefUpdateIPDHCPRange: ranges are added and removed",
    ),
    Section(
        "IP_DHCP_HOST",
        "ip/dhcp/host",
        _ANY,
        _by(_MAC, _ID, _NAME, _IP),
        _HOST,
        "virNetworkDefUpdateIPDHCPHost: modifies one that has the MAC, the address or the name",
    ),
    Section(
        "FORWARD_INTERFACE",
        "forward/interface",
        None,
        _by(_DEV),
        _by(_DEV),
        "virNetworkDefUpdateForwardInterface: refuses to remove one that guests use",
        ordered=True,
    ),
    Section(
        "PORTGROUP",
        "portgroup",
        _ANY,
        _by(_NAME),
        _by(_NAME),
        "virNetworkDefUpdatePortGroup: NICs that are plugged in later have it",
    ),
    Section(
        _DNS_HOST,
        "dns/host",
        _10_6,
        _dns_hosts_clash,
        _by(_IP),
        "virNetworkDefUpdateDNSHost: a name belongs to one address there",
    ),
    Section(
        "DNS_TXT",
        "dns/txt",
        _10_6,
        _by(_NAME),
        _by(_NAME),
        "virNetworkDefUpdateDNSTxt: one record of a name",
    ),
    Section(
        "DNS_SRV",
        "dns/srv",
        None,
        _is_wanted_srv,
        _is_wanted_srv,
        "virNetworkDefUpdateDNSSrv: the one that has all that is given",
    ),
)
