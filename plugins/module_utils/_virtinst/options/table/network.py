# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces."""

from __future__ import annotations

from ..rows import Group, Nothing, host_path, integer, on_off, text, yes_no
from ..setters import network
from .common import device

_PARAMETERS = "virtualport/parameters"
_FORWARD = "portForward[{}]"
_RANGE = f"{_FORWARD}/range[{{}}]"

NETWORK = Group(
    "network",
    "devices/interface",
    "network interfaces",
    device(
        text("model", "model/@type", "virtio, e1000e, rtl8139…"),
        text("mac", "mac/@address", "MAC address, or RANDOM"),
        text("network", "source/@network", "name of a virtual network of libvirt"),
        text("bridge", "source/@bridge", "name of a bridge of the host"),
        text(
            "type",
            "@type",
            "network, bridge, direct, user, passt, vdpa…, or default; a network of libvirt is network=NAME",
            set=network.set_kind,
        ),
        text("backend.type", "backend/@type", "passt, for the type user"),
        host_path("backend.logFile", "backend/@logFile", "where passt writes its messages"),
        yes_no(
            "trustGuestRxFilters",
            "@trustGuestRxFilters",
            "whether the host heeds changes of MAC address and filters",
        ),
        text(
            "source",
            "source/@network",
            "name of the network, bridge or device, as the type has it",
            set=network.set_source,
        ),
        text(
            "source.mode",
            "source/@mode",
            "vepa, bridge, private or passthrough; server or client",
            "source_mode",
        ),
        text("source.type", "source/@type", "unix, for vhostuser", "source_type"),
        text("source.path", "source/@path", "socket, for vhostuser", "source_path"),
        text("source.portgroup", "source/@portgroup", "port group of the network", "portgroup"),
        text("source.address.type", "source/address/@type", "pci: address of the host's card"),
        *(
            integer(
                f"source.address.{name}", f"source/address/@{name}", f"{about} of the host's card"
            )
            for name, about in (
                ("domain", "PCI domain"),
                ("bus", "PCI bus"),
                ("slot", "PCI slot"),
                ("function", "PCI function"),
            )
        ),
        text(
            "hostdev",
            None,
            "PCI card of the host that is handed on, by libvirt's name or its address",
            set=network.set_hostdev,
        ),
        text("target.dev", "target/@dev", "name of the host's end", "target"),
        text("model.type", "model/@type", "virtio, e1000e, rtl8139…"),
        text("mac.address", "mac/@address", "MAC address, or RANDOM", set=network.set_mac),
        text("filterref.filter", "filterref/@filter", "name of a network filter", "filterref"),
        text(
            "link.state",
            "link/@state",
            "up or down",
            "link_state",
            set=network.set_link,
            words=("up", "down"),
        ),
        text("driver.name", "driver/@name", "vhost or qemu", "driver_name"),
        integer("driver.queues", "driver/@queues", "number of queues", "driver_queues"),
        text("rom.file", "rom/@file", "path of a boot ROM", "rom_file"),
        on_off("rom.bar", "rom/@bar", "whether the guest sees the boot ROM", "rom_bar"),
        integer("mtu.size", "mtu/@size", "largest packet, in bytes"),
        text(
            "virtualport.type",
            "virtualport/@type",
            "openvswitch, 802.1Qbg, 802.1Qbh or midonet",
            "virtualport_type",
        ),
        integer(
            "virtualport.parameters.managerid",
            f"{_PARAMETERS}/@managerid",
            "id of the VSI manager",
            "virtualport_managerid",
        ),
        integer(
            "virtualport.parameters.typeid",
            f"{_PARAMETERS}/@typeid",
            "id of the VSI type",
            "virtualport_typeid",
        ),
        integer(
            "virtualport.parameters.typeidversion",
            f"{_PARAMETERS}/@typeidversion",
            "version of the VSI type",
            "virtualport_typeidversion",
        ),
        text(
            "virtualport.parameters.instanceid",
            f"{_PARAMETERS}/@instanceid",
            "UUID of the VSI instance",
            "virtualport_instanceid",
        ),
        text(
            "virtualport.parameters.profileid",
            f"{_PARAMETERS}/@profileid",
            "name of the port profile",
            "virtualport_profileid",
        ),
        text(
            "virtualport.parameters.interfaceid",
            f"{_PARAMETERS}/@interfaceid",
            "UUID of the interface",
            "virtualport_interfaceid",
        ),
        text(
            "portForward[].proto",
            f"{_FORWARD}/@proto",
            "tcp or udp: what passt hands on to the guest",
        ),
        text("portForward[].address", f"{_FORWARD}/@address", "address of the host"),
        text("portForward[].dev", f"{_FORWARD}/@dev", "network device of the host"),
        integer("portForward[].range[].start", f"{_RANGE}/@start", "first port of the host"),
        integer("portForward[].range[].end", f"{_RANGE}/@end", "last port of the host"),
        integer("portForward[].range[].to", f"{_RANGE}/@to", "first port of the guest"),
        yes_no(
            "portForward[].range[].exclude",
            f"{_RANGE}/@exclude",
            "whether these ports are left out",
        ),
        text(
            "portForward[]",
            None,
            "all of this in short: [ADDRESS:]PORT[-PORT][:PORT OF THE GUEST][/udp]",
            set=network.leave,
        ),
        boot_order=True,
        boot_parameter=True,
        virtio=True,
    ),
    flags=("--network", "-w"),
    is_list=True,
    aliases=("networks",),
    first=("type",),
    none=Nothing.UNWANTED,
    prepare=network.prepare,
)
