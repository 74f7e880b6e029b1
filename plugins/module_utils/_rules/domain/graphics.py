# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How libvirt keeps the ports and listeners of a graphics device."""

from __future__ import annotations

import re

from ..._xmltree.element import Element
from ..spelling import integer


def stored_graphics(graphics: Element) -> Element:
    """The device with its ports and listeners in the form of libvirt's dumps.

    Follows virDomainGraphicsDefParseXML and, for what is written,
    virDomainGraphicsDefFormat with VIR_DOMAIN_DEF_FORMAT_INACTIVE.
    """
    kind = graphics.get("type")
    if kind not in ("vnc", "spice", "rdp"):
        return graphics
    attributes = dict(graphics.attributes)
    if "passwd" not in attributes:
        # virDomainGraphicsAuthDefParseXML: what goes with a password.
        for name in ("passwdValidTo", "connected"):
            attributes.pop(name, None)
    for name in ("port", "tlsPort", "websocket"):
        number = integer(attributes.get(name) or "")
        if isinstance(number, int):
            attributes[name] = str(number)
            if number == 0 and name != "port":
                del attributes[name]
    listens = _listeners(graphics, attributes)
    networked = listens[0].get("type") in ("address", "network")
    if kind == "vnc":
        _vnc_ports(attributes, networked)
    elif kind == "spice":
        _spice_ports(attributes, listens)
        networked = listens[0].get("type") in ("address", "network")
    attributes.pop("listen", None)
    address = listens[0].get("address")
    if networked and address is not None:
        attributes["listen"] = address
    if listens[0].get("type") == "socket" and kind == "vnc":
        socket = listens[0].get("socket")
        if socket is not None:
            attributes["socket"] = socket
    others = [child for child in graphics.children if child.tag != "listen"]
    return graphics.replaced(attributes, [*listens, *others])


def _listeners(graphics: Element, attributes: dict[str, str]) -> list[Element]:
    """virDomainGraphicsListensParseXML."""
    listens = [
        Element("listen", {n: v for n, v in given.attributes.items() if n != "fromConfig"})
        for given in graphics.all("listen")
    ]
    for listen in listens:
        if listen.get("type") == "network":
            listen.attributes.pop("address", None)
    if graphics.get("type") == "vnc":
        listens = [_without_own_socket(listen) for listen in listens]
    socket = attributes.pop("socket", None)
    if socket is not None and _OWN_SOCKET.match(socket):
        socket = None
    if socket is not None and not any(one.get("type") == "socket" for one in listens):
        listens = [Element("listen", {"type": "socket", "socket": socket})]
    if listens:
        address = attributes.get("listen")
        if address is not None and listens[0].get("type") == "address":
            listens[0].attributes.setdefault("address", address)
        return listens
    address = attributes.get("listen")
    plain = {"type": "address"} if not address else {"type": "address", "address": address}
    return [Element("listen", plain)]


#: Where libvirt makes sockets of its own for a guest.
_OWN_SOCKET = re.compile(r".*/libvirt/qemu/")


def _without_own_socket(listen: Element) -> Element:
    """qemuDomainRecheckInternalPaths: a socket that libvirt made is made anew, if it is at all."""
    is_own = listen.get("type") == "socket" and _OWN_SOCKET.match(listen.get("socket") or "")
    return Element("listen", {"type": "address"}) if is_own else listen


def _vnc_ports(attributes: dict[str, str], networked: bool) -> None:
    """virDomainGraphicsDefParseXMLVNC: no port means that libvirt finds one."""
    port = attributes.get("port")
    automatic = attributes.get("autoport") == "yes"
    if port in (None, "-1") and attributes.get("autoport") is None:
        automatic = True
    if not networked:
        for name in ("port", "autoport", "websocket"):
            attributes.pop(name, None)
        return
    attributes["autoport"] = "yes" if automatic else "no"
    if automatic:
        attributes["port"] = "-1"
    elif port in ("0", "-1"):
        del attributes["port"]


def _spice_ports(attributes: dict[str, str], listens: list[Element]) -> None:
    """virDomainGraphicsDefParseXMLSpice: without any port, only a local socket."""
    ports = {name: attributes.get(name) for name in ("port", "tlsPort")}
    automatic = attributes.get("autoport") == "yes" or set(ports.values()) == {"-1"}
    listen = listens[0]
    if (
        listen.get("type") == "address"
        and not automatic
        and all(value in (None, "0") for value in ports.values())
    ):
        listens[0] = listen = Element("listen", {"type": "none"})
    networked = listen.get("type") in ("address", "network")
    for name, value in ports.items():
        if automatic or not networked or value == "0":
            attributes.pop(name, None)
    attributes.pop("autoport", None)
    if networked:
        attributes["autoport"] = "yes" if automatic else "no"
    if attributes.get("defaultMode") == "any":
        del attributes["defaultMode"]
