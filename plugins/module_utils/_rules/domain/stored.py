# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt keeps instead of what the document says.

Most of it is what a dump of a running guest has and a definition has not, so
that such a dump can be used as a document.
"""

from __future__ import annotations

import re
import typing as t

from ..._xmltree.element import Element
from ..context import Context
from ..rows import Stored
from ..stored import container, dropped, unwritten
from . import facts
from .rewrites import VIRTIO_OPTIONS
from .unkept import character_source


def cpu_model(context: Context, model: Element) -> Element | None:
    """virCPUDefFormatBuf: a CPU that is the host's has no model of its own."""
    return model if context.desired.get("mode") in (None, "custom") else None


def fewer_vcpus(context: Context, current: str) -> str | None:
    """virDomainCpuFormat: nothing where all that there can be run."""
    most = context.desired.text or context.actual.text or ""
    return None if current.strip() == most.strip() else current


def vcpu_placement(context: Context, placement: str) -> str:
    """virDomainDefPostParse: as the memory's, unless a CPU set says otherwise."""
    numatune = context.root.desired.value("numatune/memory/@placement")
    automatic = numatune == "auto" and context.desired.get("cpuset") is None
    return "auto" if automatic else placement


def numa_nodes(context: Context, nodes: str) -> str | None:
    """virDomainNumatuneSet: automatic placement chooses the nodes itself."""
    return None if context.desired.get("placement") == "auto" else nodes


def page_nodes(context: Context, nodes: str) -> str | None:
    """qemuDomainDefPostParse: a guest without NUMA nodes has no node 0 to name."""
    has_nodes = context.root.desired.find("cpu/numa/cell") is not None
    return nodes if has_nodes or nodes.strip() != "0" else None


def memory_limit(_site: Context, limit: Element) -> Element | None:
    """virMemoryLimitIsSet: 9007199254740991 KiB and more is no limit."""
    text = (limit.text or "").strip()
    unlimited = text.isdigit() and limit.get("unit") in (None, "KiB") and int(text) >= 2**53 - 1
    return None if unlimited else limit


def disk_type(context: Context, kind: str) -> str:
    """virDomainDiskDefPostParse: an empty drive that needs no source is a file's."""
    source = context.desired.child("source")
    if source is None and context.actual.child("source") is None:
        return "file"
    return kind


def tray(_site: Context, state: str) -> str | None:
    """virDomainDiskDefFormat: only an open tray is written."""
    return state if state == "open" else None


#: qemuDomainChrMatchDefaultPath: where libvirt itself puts the sockets of
#: virtio channels, in this release and in older ones.
OWN_CHANNEL = re.compile(
    r".*/libvirt/qemu/(lib/)?channel/(target/)?([^/]+\.|\d+-[^/]*/|domain-).*"
    r"|.*domain-[^/]+/[^/]+"
)


def loader_format(context: Context, written: str) -> str:
    """qemuFirmwareEnableFeaturesModern: firmware that is no flash image is raw."""
    is_memory = context.actual.get("type") == "rom" and facts.is_firmware_chosen(context.above())
    return "raw" if is_memory else written


def removable(context: Context, value: str) -> str | None:
    """virDomainDiskDefParseXML: only a USB disk says whether it can be removed."""
    return value if context.desired.get("bus") == "usb" else None


def channel_source(context: Context, source: Element) -> Element | None:
    """qemuDomainChrDefDropDefaultPath: a socket of libvirt's own is made anew, with all of it."""
    kept = character_source(context, source)
    if kept is None:
        return None
    source = kept
    if context.desired.get("type") == "pty":
        return terminal(context, source)
    if context.desired.get("type") != "unix" or context.desired.value("target/@type") != "virtio":
        return character_source(context, source)
    path = source.get("path")
    if path is None:
        return None
    name = context.desired.value("target/@name")
    # Without a name, libvirt compares the beginning alone.
    is_own = path.endswith(name or "") and OWN_CHANNEL.fullmatch(path)
    # Newer libvirts keep one that lies in a directory of another.
    return None if is_own and context.actual.value("source/@path") != path else source


def serial_target_type(context: Context, kind: str) -> str:
    """qemuDomainChrDefPostParse: isa-serial used to stand for the machine's own kind."""
    arch = facts.architecture(context) or ""
    if kind != "isa-serial" or facts.is_x86(context):
        return kind
    if arch.startswith("ppc64"):
        return "spapr-vio-serial"
    if arch.startswith(("aarch64", "arm", "riscv")):
        return "system-serial"
    return "sclp-serial" if arch.startswith("s390") else kind


def upper(_site: Context, value: str) -> str:
    """Kept in capitals."""
    return value.upper()


def virtio_serial_bus(context: Context, number: str) -> str:
    """qemuDomainAssignVirtioSerialAddresses: a port that is chosen is on the only bus."""
    chosen = context.desired.get("type") == "virtio-serial" and context.desired.get("port") is None
    return "0" if chosen else number


def protocol(context: Context, element: Element) -> Element | None:
    """virDomainChrSourceDefFormat: only a TCP character device has one."""
    return element if context.desired.get("type") == "tcp" else None


def driver_of_interface(context: Context, element: Element) -> Element | None:
    """virDomainNetDefParseXML: only virtio has one to set.

    A host device's has a name or a model, and the options of virtio.
    """
    if context.desired.get("type") != "hostdev":
        is_virtio = (context.actual.value("model/@type") or "virtio").startswith("virtio")
        return container(context, element) if is_virtio else None
    kept = ("name", "model", *VIRTIO_OPTIONS)
    left = {name: value for name, value in element.attributes.items() if name in kept}
    return Element(element.tag, left) if left else None


def model_of_driver(context: Context, model: str) -> str | None:
    """virDomainNetDriverAttributesFormat: the driver of the host for a device of its own."""
    return model if context.above().desired.get("type") == "hostdev" else None


def filter_of_network(context: Context, element: Element) -> Element | None:
    """virDomainNetDefParseXML: only what passes through a bridge of the host is filtered."""
    return element if context.desired.get("type") in facts.FILTERED else None


def interface_type(context: Context, kind: str) -> str:
    """virDomainActualNetDefContentsFormat: what an interface on a network is while it runs."""
    source = context.desired.child("source")
    is_on_network = source is not None and "network" in source.attributes
    return "network" if is_on_network and kind in ("bridge", "direct") else kind


def of_network_port(name: str) -> t.Callable[[Context, str], str | None]:
    """virDomainNetDefParseXML: where a network forwards to stands in the network."""

    def value(context: Context, written: str) -> str | None:
        return context.actual.get(name) if "network" in context.desired.attributes else written

    return value


def port_of_switch(context: Context, written: str) -> str | None:
    """virDomainNetDefParseXML: of a network's switch it is a running guest's port."""
    return written if context.above().desired.get("type") == "vds" else None


def terminal(context: Context, source: Element) -> Element | None:
    """virDomainChrSourceDefParseXML: a pseudo terminal is opened at start."""
    if context.desired.get("type") == "pty":
        return None
    return character_source(context, source)


def interface_target(_site: Context, target: Element) -> Element | None:
    """virDomainNetDefParseXML: names that libvirt generates are not kept."""
    name = target.get("dev") or ""
    return None if re.fullmatch(r"(vnet|vif|macvtap|macvlan)\d+", name) else target


def wildcard(_site: Context, value: str) -> str | None:
    """virDomainRedirFilterUSBDevDefFormat: -1 stands for any, and is not written."""
    return None if value == "-1" else value


def primary(context: Context, value: str) -> str | None:
    """virDomainVideoDefFormat: only the primary video says so, and no video says nothing."""
    if context.desired.get("type") == "none":
        return None
    videos = context.above(2).desired.all("video")
    is_first = bool(videos) and videos[0] is context.above().desired
    return "yes" if is_first else (value if value == "yes" else None)


def security_label(context: Context, text: Element) -> Element | None:
    """virSecurityLabelDefFormat: a dynamic label is known at start only, and none has no label."""
    return text if context.desired.get("type") == "static" else None


def user_alias(_site: Context, alias: Element) -> Element | None:
    """virDomainDeviceInfoParseXML: names that are not the user's are those of a running guest."""
    return alias if (alias.get("name") or "").startswith("ua-") else None


STORED = (
    Stored("devices/*/alias", user_alias, "virDomainDeviceInfoParseXML"),
    Stored("@id", dropped, "the number of a running guest"),
    Stored("cpu/model", cpu_model, "virCPUDefFormatBuf"),
    Stored("vcpu/@current", fewer_vcpus, "virDomainCpuFormat"),
    Stored("vcpu/@placement", vcpu_placement, "virDomainDefPostParse"),
    Stored("numatune/memory/@nodeset", numa_nodes, "virDomainNumatuneSet"),
    Stored("numatune/memory/@placement", unwritten("static"), "virDomainNumatuneFormatXML"),
    Stored("memoryBacking/hugepages/page/@nodeset", page_nodes, "qemuDomainDefPostParse"),
    Stored("memtune/{hard_limit,soft_limit,swap_hard_limit}", memory_limit, "virMemoryLimitIsSet"),
    Stored(
        "{memtune,blkiotune,cputune,features,memoryBacking,pm,perf,iothreadids,"
        "resource,keywrap,idmap,vcpus}",
        container,
        "empty elements are not written",
    ),
    Stored("seclabel/label", security_label, "virSecurityLabelDefFormat"),
    Stored("seclabel/imagelabel", dropped, "the label of a running guest's images"),
    Stored("devices/disk/@type", disk_type, "virDomainDiskDefPostParse"),
    Stored("os/loader/@format", loader_format, "qemuFirmwareEnableFeaturesModern"),
    Stored("devices/disk/driver/@cache", unwritten("default"), "virDomainDiskDefFormatDriver"),
    Stored("devices/disk/driver/@queues", unwritten("0"), "virDomainDiskDefFormatDriver"),
    Stored(
        "devices/disk/blockio/@{logical_block_size,physical_block_size,discard_granularity}",
        unwritten("0"),
        "virDomainDiskBlockIoDefFormat: 0 is the device's own",
    ),
    Stored("devices/disk/target/@removable", removable, "virDomainDiskDefParseXML"),
    Stored("devices/disk/{blockio,driver}", container, "empty elements are not written"),
    Stored("devices/disk/target/@tray", tray, "virDomainDiskDefFormat"),
    Stored("devices/disk/mirror", dropped, "a job of a running guest"),
    Stored(
        "{os/nvram/source,devices/disk/source,devices/disk/backingStore,devices/disk/**/source,"
        "devices/disk/**/backingStore}/@index",
        dropped,
        "the numbers of a running guest's images",
    ),
    Stored(
        "{devices,os}/**/source/host/@transport",
        unwritten("tcp"),
        "virDomainDiskSourceFormatNetwork",
    ),
    Stored("devices/interface/driver", driver_of_interface, "virDomainNetDefParseXML"),
    Stored("devices/interface/driver/@model", model_of_driver, "since libvirt 10.0"),
    Stored("devices/interface/filterref", filter_of_network, "virDomainNetDefParseXML"),
    Stored("devices/interface/backend/@type", unwritten("default"), "virDomainNetBackendFormat"),
    Stored("devices/interface/backend", container, "empty elements are not written"),
    Stored("devices/interface/mac/@currentAddress", dropped, "since 11.2: that of a running guest"),
    Stored("devices/interface/target", interface_target, "virDomainNetDefParseXML"),
    Stored("devices/interface/source/@portid", port_of_switch, "virDomainNetDefParseXML"),
    Stored("devices/interface/@type", interface_type, "virDomainActualNetDefContentsFormat"),
    *(
        Stored(
            f"devices/interface/source/@{name}", of_network_port(name), "virDomainNetDefParseXML"
        )
        for name in ("bridge", "dev", "mode")
    ),
    Stored("devices/{serial,parallel,console}/source", terminal, "virDomainChrSourceDefParseXML"),
    Stored("devices/channel/source", channel_source, "qemuDomainChrDefDropDefaultPath"),
    Stored(
        "devices/{channel,console}/address/@bus",
        virtio_serial_bus,
        "qemuDomainAssignVirtioSerialAddresses",
    ),
    Stored("devices/serial/target/@type", serial_target_type, "qemuDomainChrDefPostParse"),
    Stored(
        "devices/*/boot/@loadparm",
        upper,
        "virDomainDeviceBootParseXML: a load parameter is in capitals",
    ),
    Stored("devices/channel/target/@state", dropped, "the state of a running guest's channel"),
    Stored(
        "devices/{serial,parallel,console,channel,redirdev,smartcard,rng/backend}/protocol",
        protocol,
        "virDomainChrSourceDefFormat",
    ),
    Stored(
        "devices/redirfilter/usbdev/@{class,vendor,product,version}",
        wildcard,
        "virDomainRedirFilterUSBDevDefFormat",
    ),
    Stored("devices/video/model/@primary", primary, "virDomainVideoDefFormat"),
    Stored("devices/{console,serial}/@tty", dropped, "a running guest's terminal"),
)
