# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt reads and doesn't keep: nothing, zero, and what another kind of the same has.

A value that a rule takes away and that libvirt keeps all the same does no harm: what is equal is
never asked about.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..context import Context
from ..rows import Stored
from ..spelling import bitmap, integer
from ..stored import container, dropped, unwritten
from . import facts
from .defaults import network_disk_port
from .device_keys import is_pci_place

_CHARACTER = "devices/{serial,parallel,console,channel,redirdev,smartcard}"


def zero(_site: Context, value: str) -> str | None:
    """0 is as if nothing were given."""
    return None if integer(value) == 0 else value


def zero_text(_site: Context, element: Element) -> Element | None:
    """The same of an element's text; an empty one has nothing either."""
    return None if integer(element.text or "0") == 0 else element


def zero_value(_site: Context, element: Element) -> Element | None:
    """The same of the attribute ``value``."""
    return None if integer(element.get("value") or "0") == 0 else element


def any_zero(_site: Context, element: Element) -> Element | None:
    """virDomainDiskGeometryDefFormat: all of the numbers or none of them."""
    return None if any(integer(value) == 0 for value in element.attributes.values()) else element


def few_queues(context: Context, queues: str) -> str | None:
    """virDomainNetDriverAttributesFormat: one queue is what there is anyhow."""
    return None if integer(queues) in (0, 1) else queues


def snapshot_of_disk(context: Context, where: str) -> str | None:
    """virDomainDiskDefFormat: a disk that can't be written has none anyhow."""
    is_readonly = context.desired.child("readonly") is not None
    is_readonly = is_readonly or context.desired.get("device") == "cdrom"
    return None if where == "no" and is_readonly else where


def vhost_of_virtio(context: Context, path: str) -> str | None:
    """virDomainNetBackendParseXML: only virtio has a part in the kernel."""
    if context.above().desired.get("type") == "hostdev":
        return None
    model = context.above().actual.value("model/@type") or "virtio"
    return path if model.startswith("virtio") else None


#: What tells where an interface of each type is connected (virDomainNetDefFormat).
_INTERFACE_SOURCES: dict[str, frozenset[str]] = {
    "network": frozenset(["network", "portgroup", "portid", "bridge", "macTableManager"]),
    "bridge": frozenset(["bridge", "macTableManager"]),
    "direct": frozenset(["dev", "mode"]),
    "internal": frozenset(["name"]),
    "vdpa": frozenset(["dev"]),
    "vhostuser": frozenset(["type", "path", "mode"]),
    "user": frozenset(),
    "null": frozenset(),
    "ethernet": frozenset(),
    **dict.fromkeys(("server", "client", "mcast", "udp"), frozenset(["address", "port"])),
}


def source_of_interface(context: Context, source: Element) -> Element | None:
    """virDomainNetDefParseXML: each type has a source of its own; passt, of any, has a device."""
    names = _INTERFACE_SOURCES.get(context.desired.get("type") or "")
    if names is None or context.desired.value("backend/@type") == "passt":
        return source
    left = {name: value for name, value in source.attributes.items() if name in names}
    return container(context, source if left == source.attributes else source.replaced(left))


def master_of_usb(context: Context, master: Element) -> Element | None:
    """virDomainControllerDefFormat: no USB has no ports."""
    return None if context.desired.get("model") == "none" else master


def sound_streams(context: Context, number: str) -> str | None:
    """virDomainSoundDefFormat: only a virtio sound card has streams; 0 is the default."""
    if context.desired.get("model") != "virtio":
        return None
    return "2" if integer(number) == 0 else number


def usb_sound(context: Context, value: str) -> str | None:
    """virDomainSoundDefParseXML: only a USB sound card has several channels."""
    return value if context.desired.get("model") == "usb" else None


def virtio_sound(context: Context, driver: Element) -> Element | None:
    """virDomainSoundDefParseXML: only a virtio sound card has a driver to set."""
    return container(context, driver) if context.desired.get("model") == "virtio" else None


def codec_of_hda(context: Context, codec: Element) -> Element | None:
    """virDomainSoundDefParseXML: only an HDA sound card has codecs."""
    return codec if context.desired.get("model") in ("ich6", "ich7", "ich9") else None


def of_protocol(*protocols: str) -> t.Callable[[Context, Element], Element | None]:
    """What only the sources of some protocols have (virDomainDiskSourceNetworkParse)."""

    def value(context: Context, element: Element) -> Element | None:
        protocol = context.desired.get("protocol") or context.actual.get("protocol")
        return element if protocol in protocols else None

    return value


def mapped(context: Context, element: Element) -> Element | None:
    """virDomainFSDefFormat: only virtiofs maps users."""
    return container(context, element) if virtiofs_only(context, element) is not None else None


def profile(_site: Context, element: Element) -> Element | None:
    """virDomainTPMDefFormat since 10.10: a profile has a source or a name."""
    return element if element.attributes.keys() & {"source", "name"} else None


def type_of_label(context: Context, kind: str) -> str:
    """virSecurityManagerGenLabel: a host without a security driver has no labels."""
    return "none" if context.actual.get("model") == "none" else kind


def with_limits(_site: Context, device: Element) -> Element | None:
    """virDomainBlkioDeviceParseXML: a device without a limit or a weight says nothing."""
    limits = [one for one in device.children if one.tag != "path"]
    return device if any(zero_text(_site, one) is not None for one in limits) else None


def of_other_driver(context: Context, element: Element) -> Element | None:
    """virDomainDefParseXML: each driver reads the elements of its own namespace."""
    return None if facts.is_qemu(context) else element


def _is_nothing(device: Element) -> bool:
    """Whether it says that there is no such device: it has no place, and nothing to set."""
    return "none" in (device.get("model"), device.value("model/@type"))


def pci_index(context: Context, acpi: Element) -> Element | None:
    """virDomainDeviceInfoFormat: an ACPI index of 0 is none, and what isn't there has none."""
    if _is_nothing(context.desired):
        return None
    return None if integer(acpi.get("index") or "0") == 0 else acpi


def virtiofs_only(context: Context, binary: Element) -> Element | None:
    """virDomainFSDefFormat: only virtiofs has a program of its own."""
    return (
        container(context, binary) if context.desired.value("driver/@type") == "virtiofs" else None
    )


def version_of_tpm(context: Context, version: str) -> str | None:
    """virDomainTPMDefFormat: only an emulated TPM has a version that can be chosen."""
    return version if context.desired.get("type") == "emulator" else None


def nvdimm_uuid(context: Context, uuid: Element) -> Element | None:
    """virDomainMemoryDefParseXML: only an NVDIMM has a UUID, which pseries needs."""
    return uuid if context.desired.get("model") == "nvdimm" else None


def of_enabled(element: str, name: str) -> t.Callable[[Context, t.Any], t.Any]:
    """What ``name`` of an element that is switched off says isn't kept."""

    def value(context: Context, written: t.Any) -> t.Any:
        return None if context.desired.get(name) in ("off", "no") else written

    value.__doc__ = f"{element}: what is switched off has no values."
    return value


def vcpus_there(context: Context, element: Element) -> Element | None:
    """virDomainResctrlVcpuMatch: what is for virtual CPUs that aren't there is for none."""
    numbers = bitmap(element.get("vcpus") or "")
    return element if not isinstance(numbers, frozenset) or numbers & _vcpus(context) else None


def vcpu_there(context: Context, pin: Element) -> Element | None:
    """virDomainVcpuPinDefParseXML: a virtual CPU that isn't there is left out."""
    return pin if integer(pin.get("vcpu") or "") in _vcpus(context) else None


def _vcpus(context: Context) -> frozenset[int]:
    most = integer(context.root.desired.value("vcpu") or "1")
    return frozenset(range(most if isinstance(most, int) else 0))


def no_iothreads(context: Context, threads: Element) -> Element | None:
    """virDomainDefIothreadsFormat: none are not counted; those that there are go by it."""
    return threads if context.actual.child("iothreads") else zero_text(context, threads)


def _is_default_cpu(cpu: Context) -> bool:
    """Whether libvirt has chosen the CPU (qemuDomainDefSetDefaultCPU), of which a document names none."""
    model, actual = cpu.actual.child("model"), cpu.actual
    return (
        cpu.desired.get("mode") in (None, "custom")
        and not (cpu.desired.value("model") or "").strip()
        and (actual.get("match"), actual.get("check")) == ("exact", "none")
        and model is not None
        and model.get("fallback") == "forbid"
    )


def default_match(context: Context, match: str) -> str | None:
    """qemuDomainDefSetDefaultCPU: a CPU without a model gets one, and that exactly."""
    if context.desired.get("mode") not in (None, "custom"):
        return None
    return "exact" if _is_default_cpu(context) else match


def enabled_menu(context: Context, timeout: str) -> str | None:
    """virDomainDefParseBootXML: a menu that isn't shown has no timeout."""
    return timeout if context.desired.get("enable") == "yes" else None


def own_cpus(context: Context, cpus: str) -> str | None:
    """virDomainVcpuParse: with automatic placement, numad chooses the CPUs."""
    return None if context.desired.get("placement") == "auto" else cpus


def typed_label(context: Context, label: Element) -> Element | None:
    """virSecurityLabelDefFormat: a label without a type is the default and isn't written.

    virSecurityLabelDefParseXML: of the model none it is of the type none, and there is no more to it.
    """
    if label.get("model") == "none":
        return label.replaced({"type": "none", "model": "none"}, [])
    others = [one.get("model") for one in context.actual.all("seclabel")]
    return label if label.get("type") is not None or label.get("model") in others else None


def relabelled(context: Context, value: str) -> str | None:
    """virSecurityLabelDefFormat: nothing is relabelled without labels."""
    return None if context.actual.get("type") == "none" else value


def base_of_label(context: Context, base: Element) -> Element | None:
    """virSecurityLabelDefParseXML: where nothing is labelled there is no base, nor is an empty one."""
    return None if context.desired.get("type") == "none" else container(context, base)


def of_typed_driver(context: Context, value: str) -> str | None:
    """virDomainFSDefFormat: of a driver without a type, the options of virtio alone are written."""
    return value if context.desired.get("type") is not None else None


def of_model(*models: str) -> t.Callable[[Context, t.Any], t.Any]:
    """What only some models of memory have (virDomainMemoryTargetDefFormat)."""

    def value(context: Context, written: t.Any) -> t.Any:
        return written if context.above().desired.get("model") in models else None

    return value


#: What tells where the memory of a module comes from (virDomainMemorySourceDefFormat).
_MEMORY_SOURCES = {
    "dimm": ("pagesize", "nodemask"),
    "virtio-mem": ("pagesize", "nodemask"),
    "nvdimm": ("path", "alignsize", "pmem"),
    "virtio-pmem": ("path",),
    "sgx-epc": ("nodemask",),
}


def memory_source(context: Context, source: Element) -> Element | None:
    """virDomainMemorySourceDefFormat: each model has a source of its own."""
    names = _MEMORY_SOURCES.get(context.desired.get("model") or "")
    if names is None:
        return container(context, source)
    left = [child for child in source.children if child.tag in names]
    if len(left) < len(source.children):
        source = source.replaced(children=left)
    return container(context, source)


def scsi_only(context: Context, element: Element) -> Element | None:
    """virDomainHostdevDefParseXMLSubsys: only SCSI devices can be shared."""
    return element if context.desired.get("type") == "scsi" else None


def default_fallback(context: Context, fallback: str) -> str | None:
    """qemuDomainDefSetDefaultCPU: there is no other one for it, whatever the document allows."""
    return "forbid" if _is_default_cpu(context.above()) else fallback


def default_check(context: Context, check: str) -> str:
    """qemuDomainDefCPUPostParse: the default CPU isn't checked."""
    return "none" if _is_default_cpu(context) else check


def image_end(_site: Context, store: Element) -> Element:
    """virDomainDiskBackingStoreParse: without a type, it is where the chain ends."""
    return store if store.get("type") is not None else Element("backingStore")


def nvram(_site: Context, element: Element) -> Element | None:
    """virDomainNvramDefParseXML: a source belongs to a type; without anything there is none."""
    if element.get("type") is not None or not element.children:
        return element
    return element.replaced(children=[]) if element.attributes or element.text else None


def port(context: Context, number: str) -> str | None:
    """virStorageSourceNetworkAssignDefaultPorts: 0 is the protocol's own."""
    if integer(number) != 0:
        return number
    if context.place.path.startswith("devices/hostdev/"):
        return None
    usual = network_disk_port(context)
    return usual if isinstance(usual, str) else None


def power_of_two(name: str) -> t.Callable[[Context, str], str | None]:
    """qemuDomainDeviceVideoDefPostParse: memory is rounded up; 0 is the default.

    virDomainVideoDefFormat: no video has none.
    """

    def value(context: Context, amount: str) -> str | None:
        if context.desired.get("type") == "none":
            return None
        number = integer(amount)
        if isinstance(number, int) and number > 0:
            return str(1 << (number - 1).bit_length())
        usual = context.place.fills[f"@{name}"].value(context)
        return usual if isinstance(usual, str) else None

    return value


def mode_of_channel(_site: Context, channel: Element) -> Element | None:
    """virDomainGraphicsDefFormat: any mode is what each channel has."""
    return None if channel.get("mode") == "any" else channel


def for_network(context: Context, value: str) -> str | None:
    """virDomainNetDefParseXML: words of a network's port, of other types not kept."""
    return value if context.desired.attributes.keys() & {"network"} else None


def switched_on(context: Context, element: Element) -> Element | None:
    """What is off is not written, and a part of it neither."""
    return None if "off" in (element.get("state"), context.desired.get("state")) else element


def scsi_model(context: Context, model: str) -> str | None:
    """qemuDomainControllerDefPostParse: the first model of SCSI that QEMU has."""
    return context.actual.get("model") if model == "auto" else model


def of_video(context: Context, written: t.Any) -> t.Any:
    """virDomainVideoModelDefFormat: no video has nothing to set."""
    return None if context.desired.get("type") == "none" else written


def driver_of_video(context: Context, driver: Element) -> Element | None:
    """virDomainVideoDefFormat: no video has no driver."""
    return None if _is_nothing(context.desired) else container(context, driver)


def heads(context: Context, number: str) -> str | None:
    """The same; 0 isn't written, and is one when libvirt reads its own definition."""
    if of_video(context, number) is None:
        return None
    usual = context.actual.get("heads")
    return number if integer(number) != 0 else usual if usual == "1" else None


def vram64(context: Context, amount: str) -> str | None:
    """The same, and 0 is as if nothing were given."""
    return None if of_video(context, amount) is None else zero(context, amount)


def acceleration(context: Context, element: Element) -> Element | None:
    """virDomainVideoModelDefParseXML: no video has no acceleration."""
    return None if context.desired.get("type") == "none" else container(context, element)


# Character devices

#: The attributes of a source by the type of its device (virDomainChrSourceDefFormat).
_SOURCE_ATTRIBUTES: dict[str, frozenset[str]] = {
    "dev": frozenset(["path"]),
    "pipe": frozenset(["path"]),
    "file": frozenset(["path", "append"]),
    "nmdm": frozenset(["master", "slave"]),
    "udp": frozenset(["mode", "host", "service"]),
    "tcp": frozenset(["mode", "host", "service", "tls"]),
    "unix": frozenset(["mode", "path"]),
    "spiceport": frozenset(["channel"]),
    "dbus": frozenset(["channel"]),
}
_LABELLED = ("dev", "pipe", "file", "unix")
_UNLABELLED = ("backend", "redirdev", "smartcard")
_SOURCE_CHILDREN: dict[str, frozenset[str]] = {
    **{kind: frozenset(["seclabel"]) for kind in _LABELLED},
    "unix": frozenset(["seclabel", "reconnect"]),
    "tcp": frozenset(["reconnect"]),
    "qemu-vdagent": frozenset(["mouse", "clipboard"]),
}


def character_source(context: Context, source: Element) -> Element | None:
    """virDomainChrSourceDefFormat: each type has a source of its own, and some have none."""
    kind = context.desired.get("type") or "pty"
    names = _SOURCE_ATTRIBUTES.get(kind, frozenset())
    tags = _SOURCE_CHILDREN.get(kind, frozenset())
    if context.desired.tag in _UNLABELLED:
        tags -= {"seclabel"}
    attributes = {name: value for name, value in source.attributes.items() if name in names}
    children = [child for child in source.children if child.tag in tags]
    if not attributes and not children:
        return None
    if len(attributes) == len(source.attributes) and len(children) == len(source.children):
        return source
    return source.replaced(attributes, children)


def device_label(context: Context, label: Element) -> Element | None:
    """virSecurityDeviceLabelDefFormat: without a label it says what holds anyhow."""
    if label.get("labelskip") == "yes":
        return None
    if label.get("model") in [known.get("model") for known in context.actual.all("seclabel")]:
        # It takes away the label that there is.
        return label
    text = (label.value("label") or "").strip()
    return label if text or label.get("relabel") == "no" else None


#: What has a source of data; the others with one are character devices.
_IMAGES = ("disk", "backingStore", "dataStore", "mirror", "nvram")


def reconnect(context: Context, element: Element) -> Element | None:
    """virDomainChrSourceReconnectDefFormat: a time where it is switched on."""
    owner = context.above()
    kind = owner.desired.get("type") or owner.actual.get("type")
    if owner.desired.tag in _IMAGES and kind != "vhostuser":
        # virDomainDiskSourceNetworkParse: an NBD image waits for a delay, a socket for a timeout.
        protocol = context.desired.get("protocol") or context.actual.get("protocol")
        delay = (element.get("delay") or "0") if protocol == "nbd" else "0"
        return element.replaced({"delay": delay}) if integer(delay) != 0 else None
    element = element.replaced({n: v for n, v in element.attributes.items() if n != "delay"})
    if element.get("enabled") != "no":
        return element if element.attributes else None
    return element.replaced({"enabled": "no"})


# Addresses

#: The buses that have places for some devices alone, and whose devices have no others.
_OWN_BUSES = ("dimm", "usb", "spapr-vio", "virtio-serial", "ccid")
_ADDRESSES: dict[str, frozenset[str]] = {
    "pci": frozenset(["type", "domain", "bus", "slot", "function", "multifunction"]),
    "drive": frozenset(["type", "controller", "bus", "target", "unit"]),
    "virtio-serial": frozenset(["type", "controller", "bus", "port"]),
    "ccid": frozenset(["type", "controller", "slot"]),
    "usb": frozenset(["type", "bus", "port"]),
    "spapr-vio": frozenset(["type", "reg"]),
    "ccw": frozenset(["type", "cssid", "ssid", "devno"]),
    "virtio-mmio": frozenset(["type"]),
    "isa": frozenset(["type", "iobase", "irq"]),
    "dimm": frozenset(["type", "slot", "base"]),
    "unassigned": frozenset(["type"]),
}
_ELSEWHERE = {
    "ccw": ("s390x", "s390"),
    "spapr-vio": ("ppc64", "ppc64le"),
}
#: What is not written where it is 0.
_ZEROS = {"isa": ("iobase", "irq"), "dimm": ("base",)}


def address(context: Context, written: Element) -> Element | None:
    """virDomainDeviceInfoFormat, of an address that another one may have taken the place of.

    qemuDomainAssignAddresses gives the devices of some buses one of theirs, whatever is asked
    for; and a PCI address of zeros is none.
    """
    if _is_nothing(context.desired):
        return None
    actual = context.actual.child("address")
    kind, given = written.get("type") or "", None if actual is None else actual.get("type")
    if given in _OWN_BUSES and kind != given:
        return Element("address")
    if given == "pci" and kind != "pci" and context.desired.tag == "controller":
        return Element("address")
    is_elsewhere = kind == "unassigned" and context.desired.tag != "hostdev"
    if kind in _ELSEWHERE:
        is_elsewhere = facts.architecture(context) not in _ELSEWHERE[kind]
    if is_elsewhere and kind != given:
        return Element("address")
    names = _ADDRESSES.get(kind)
    if names is None:
        return written
    if kind == "pci" and actual is not None and _is_behind_new_port(context, written, actual):
        written = written.replaced({**written.attributes, "bus": actual.attributes["bus"]})
    attributes = {name: value for name, value in written.attributes.items() if name in names}
    if kind == "pci" and not is_pci_place(written):
        is_given = actual is not None and actual.get("slot") is not None
        attributes = {
            name: value
            for name, value in attributes.items()
            if name == "type" or (name == "multifunction" and not is_given)
        }
    if kind in ("usb", "virtio-serial") and integer(attributes.get("port") or "0") == 0:
        attributes.pop("port", None)
    for name in _ZEROS.get(kind, ()):
        if integer(attributes.get(name) or "0") == 0:
            attributes.pop(name, None)
    children = [one for one in written.children if kind in ("pci", "") and one.tag == "zpci"]
    kept = [child for child in children if _zpci(context, child) is not None]
    if len(attributes) == len(written.attributes) and len(kept) == len(written.children):
        return written
    return written.replaced(attributes, kept)


def _is_behind_new_port(context: Context, written: Element, actual: Element) -> bool:
    """virDomainPCIAddressSetGrow: a bus with slots that isn't there is a bridge behind a port.

    The port gets the number that the document has of the bus, and the bridge the next one.
    """
    bus = integer(written.get("bus") or "0")
    given = [
        one.get("index")
        for one in facts.devices(context, "controller")
        if one.get("type") == "pci" and one.get("model") not in ("pci-root", "pcie-root")
    ]
    if not isinstance(bus, int) or bus == 0 or given:
        return False
    models = {
        integer(one.get("index") or "0"): one.get("model")
        for one in facts.actual_devices(context, "controller")
        if one.get("type") == "pci"
    }
    is_bridge = models.get(bus) == "pcie-root-port" and models.get(bus + 1) in facts.WITH_SLOTS
    return is_bridge and integer(actual.get("bus") or "0") == bus + 1


def _zpci(context: Context, zpci: Element) -> Element | None:
    """virDomainDeviceInfoFormat: identifiers of 0 are none, and only s390 has any."""
    if facts.architecture(context) not in _ELSEWHERE["ccw"]:
        return None
    return zpci if any(integer(value) != 0 for value in zpci.attributes.values()) else None


_ZERO = (
    "clock/timer/@frequency",
    "clock/timer/catchup/@{threshold,slew,limit}",
    "cpu/numa/interconnects/{latency,bandwidth}/@cache",
    "devices/audio/{input,output}/@{voices,bufferLength,bufferCount,latency}",
    "devices/controller/driver/@{cmd_per_lun,max_sectors,queues,iothread}",
    "devices/filesystem/driver/@queue",
    "devices/filesystem/@{fmode,dmode}",
    "devices/interface/coalesce/rx/frames/@max",
    "devices/interface/{ip,source/ip}/@prefix",
    "devices/hostdev/**/ip/@prefix",
    "devices/interface/mtu/@size",
    "devices/iommu/driver/@aw_bits",
    "devices/lease/target/@offset",
    "{devices,os}/**/source/reconnect/@delay",
    "devices/tpm/backend/@debug",
    "devices/shmem/msi/@vectors",
    "devices/tpm/backend/encryption/@secret",
    "memoryBacking/allocation/@threads",
)
_ZERO_TEXTS = (
    "cputune/{period,quota,global_period,global_quota,emulator_period,emulator_quota,"
    "iothread_period,iothread_quota}",
    "devices/disk/iotune/{total,read,write}_{bytes,iops}_sec",
    "devices/disk/iotune/{total,read,write}_{bytes,iops}_sec_{max,max_length}",
    "devices/disk/iotune/size_iops_sec",
    "devices/disk/**/metadata_cache/max_size",
    "devices/filesystem/{space_hard_limit,space_soft_limit}",
    "devices/memory/source/{alignsize,pagesize}",
    "features/hpt/maxpagesize",
    "features/tcg/tb-cache",
    "memtune/min_guarantee",
    "maxMemory",
    "blkiotune/device/{weight,read_bytes_sec,read_iops_sec,write_bytes_sec,write_iops_sec}",
)
#: Elements that say nothing when they are empty.
_EMPTY = (
    "{description,title,cpu/vendor,os/cmdline,os/dtb,devices/redirfilter,cpu/numa/interconnects}",
    "{bootloader,bootloader_args,defaultiothread,qemu:capabilities,qemu:override,qemu:commandline}",
    "qemu:override/qemu:device/qemu:frontend",
    "clock/timer/catchup",
    "{throttlegroups,os/shim,iothreadids/iothread/poll}",
    "devices/disk/throttlefilters",
    "devices/filesystem/binary/openfiles",
    "devices/graphics/gl",
    "devices/tpm/backend/active_pcr_banks",
    "devices/{controller,filesystem,hostdev,input,memballoon,rng,iommu,vsock,crypto}/driver",
    "devices/disk/**/metadata_cache",
    "devices/disk/**/source",
    "{devices,os}/**/source/identity",
    "os/nvram/source",
    "os/loader",
    "numatune/memory",
    "devices/controller/target",
    "devices/disk/{blockio,iotune}",
    "devices/interface/{coalesce,guest,mtu,tune,port,rom,backend,bandwidth}",
    "devices/interface/coalesce/rx",
    "devices/interface/coalesce/rx/frames",
    "devices/interface/driver/{guest,host}",
    "devices/hostdev/rom",
    "devices/audio/{input,output}",
    "features/{capabilities,hpt,tcg}",
    "memoryBacking/allocation",
    "numatune",
    "os/{acpi,bios}",
    "pm/{suspend-to-disk,suspend-to-mem}",
)

UNKEPT = (
    *(Stored(path, zero, "0 is as if nothing were given") for path in _ZERO),
    *(Stored(path, zero_text, "0 is as if nothing were given") for path in _ZERO_TEXTS),
    *(Stored(path, container, "empty elements are not written") for path in _EMPTY),
    Stored("devices/disk/iotune/group_name", container, "an empty name is none"),
    Stored("devices/disk/geometry", any_zero, "virDomainDiskGeometryDefFormat"),
    Stored("cpu/numa/cell/cache/line", zero_value, "virDomainNumaDefFormatXML"),
    Stored("devices/interface/driver/@queues", few_queues, "virDomainNetDriverAttributesFormat"),
    Stored("devices/disk/@snapshot", snapshot_of_disk, "virDomainDiskDefFormat"),
    Stored("devices/interface/source", source_of_interface, "virDomainNetDefParseXML"),
    Stored("devices/controller/master", master_of_usb, "virDomainControllerDefFormat"),
    Stored("devices/interface/backend/@vhost", vhost_of_virtio, "virDomainNetBackendParseXML"),
    Stored("devices/sound/@streams", sound_streams, "virDomainSoundDefFormat since 11.0"),
    Stored("devices/sound/@multichannel", usb_sound, "virDomainSoundDefParseXML"),
    Stored("devices/sound/driver", virtio_sound, "virDomainSoundDefParseXML"),
    Stored("devices/sound/codec", codec_of_hda, "virDomainSoundDefParseXML"),
    Stored(
        "{devices,os}/**/source/{readahead,timeout}",
        of_protocol("http", "https", "ftp", "ftps", "tftp"),
        "virDomainDiskSourceNetworkParse",
    ),
    Stored(
        "{devices,os}/**/source/ssl",
        of_protocol("https", "ftps"),
        "virDomainDiskSourceNetworkParse",
    ),
    Stored("{devices,os}/**/source/knownHosts", of_protocol("ssh"), "since libvirt 9.8"),
    Stored("devices/filesystem/idmap", mapped, "virDomainFSDefFormat"),
    Stored("devices/tpm/backend/@version", version_of_tpm, "virDomainTPMDefFormat"),
    Stored("devices/tpm/backend/profile", profile, "virDomainTPMDefParseXML"),
    Stored("seclabel/@type", type_of_label, "virSecurityManagerGenLabel"),
    Stored(
        "devices/memory/target/address",
        of_model("virtio-mem", "virtio-pmem"),
        "virDomainMemoryTargetDefFormat since 9.4",
    ),
    Stored(
        "features/hyperv/tlbflush/{direct,extended}",
        switched_on,
        "virDomainDefFormatFeatures since 11.0",
    ),
    Stored("blkiotune/device", with_limits, "virDomainBlkioDeviceParseXML"),
    Stored(
        "{lxc:namespace,xen:commandline,bhyve:commandline,bhyve:env,vmware:datacenterpath}",
        of_other_driver,
        "virDomainDefParseXML",
    ),
    Stored("devices/*/acpi", pci_index, "virDomainDeviceInfoFormat"),
    Stored("devices/filesystem/binary", virtiofs_only, "virDomainFSDefFormat"),
    Stored(
        "devices/filesystem/binary/{cache,lock,sandbox,thread_pool}", container, "nothing is given"
    ),
    Stored("devices/filesystem/binary/thread_pool/@size", unwritten("-1"), "-1 is QEMU's own"),
    Stored("devices/filesystem/@multidevs", unwritten("default"), "virDomainFSDefFormat"),
    Stored("devices/memory/source", memory_source, "virDomainMemorySourceDefFormat"),
    Stored("devices/memory/target/label", of_model("nvdimm"), "virDomainMemoryTargetDefParseXML"),
    Stored("devices/memory/target/current", dropped, "the amount of a running guest"),
    Stored("devices/memory/uuid", nvdimm_uuid, "virDomainMemoryDefParseXML"),
    Stored("devices/disk/transient/@shareBacking", unwritten("no"), "virDomainDiskDefFormat"),
    Stored(
        "{devices/disk/**/backingStore,os/nvram}/source/@startupPolicy",
        dropped,
        "virDomainDiskDefFormat: that of the disk itself is kept",
    ),
    Stored("devices/graphics/@fullscreen", unwritten("no"), "virDomainGraphicsDefFormat"),
    Stored("devices/graphics/@p2p", unwritten("no"), "virDomainGraphicsDefFormat"),
    Stored("devices/graphics/channel", mode_of_channel, "virDomainGraphicsDefFormat"),
    *(
        Stored(f"devices/video/model/@{name}", power_of_two(name), "virDomainVideoDefaultRAM")
        for name in ("ram", "vram", "vgamem")
    ),
    Stored("devices/video/model/@vram64", vram64, "virDomainVideoModelDefFormat"),
    Stored("devices/video/model/@heads", heads, "virDomainVideoModelDefFormat"),
    Stored(
        "devices/video/model/{resolution,@blob,@edid}",
        of_video,
        "virDomainVideoModelDefFormat",
    ),
    Stored("devices/video/driver", driver_of_video, "virDomainVideoDefFormat"),
    Stored("devices/video/model/acceleration", acceleration, "virDomainVideoModelDefParseXML"),
    Stored("devices/video/driver/@vgaconf", unwritten("io"), "virDomainVideoDefFormat"),
    Stored("devices/controller/@model", scsi_model, "qemuDomainControllerDefPostParse"),
    Stored("devices/interface/@managed", unwritten("no"), "virDomainNetDefFormat"),
    Stored("devices/interface/source/@{missing,macTableManager}", for_network, "not of its type"),
    Stored("cputune/{cachetune,memorytune,energytune}", vcpus_there, "virDomainResctrlVcpuMatch"),
    Stored(
        "cputune/{cachetune,memorytune,energytune}/monitor",
        vcpus_there,
        "virDomainResctrlVcpuMatch",
    ),
    Stored("cputune/vcpupin", vcpu_there, "virDomainVcpuPinDefParseXML"),
    Stored("iothreads", no_iothreads, "virDomainDefIothreadsFormat"),
    Stored("os/bootmenu/@timeout", enabled_menu, "virDomainDefParseBootXML"),
    Stored("vcpu/@cpuset", own_cpus, "virDomainVcpuParse"),
    Stored("seclabel", typed_label, "virSecurityLabelDefFormat"),
    Stored("seclabel/baselabel", base_of_label, "virSecurityLabelDefParseXML"),
    Stored("devices/filesystem/driver/@{format,wrpolicy}", of_typed_driver, "virDomainFSDefFormat"),
    Stored("seclabel/@relabel", relabelled, "virSecurityLabelDefFormat"),
    Stored(
        "devices/memory/target/{block,requested,@dynamicMemslots}",
        of_model("virtio-mem"),
        "virDomainMemoryTargetDefFormat",
    ),
    Stored("devices/memory/target/readonly", of_model("nvdimm"), "virDomainMemoryTargetDefFormat"),
    Stored("devices/hostdev/{readonly,shareable}", scsi_only, "virDomainHostdevDefParseXMLSubsys"),
    Stored("cpu/@match", default_match, "qemuDomainDefSetDefaultCPU"),
    Stored("cpu/model/@fallback", default_fallback, "qemuDomainDefSetDefaultCPU"),
    Stored("cpu/@check", default_check, "qemuDomainDefCPUPostParse"),
    Stored("devices/disk/**/backingStore", image_end, "virDomainDiskBackingStoreParse"),
    Stored("os/nvram", nvram, "virDomainNvramDefParseXML"),
    Stored("{devices,os}/**/source/host/@port", port, "virStorageSourceNetworkAssignDefaultPorts"),
    Stored("**/source/address/@multifunction", dropped, "virDomainHostdevSubsysPCIDefParseXML"),
    Stored("devices/hostdev/source/@protocol", unwritten("adapter"), "as nothing"),
    Stored("devices/hostdev/source/adapter/@type", unwritten("scsi_host"), "as nothing"),
    Stored("devices/tpm/backend/@persistent_state", unwritten("no"), "virDomainTPMDefFormat"),
    Stored("cpu/numa/cell/cache/@{associativity,policy}", unwritten("none"), "as nothing"),
    Stored("features/capabilities/@policy", unwritten("default"), "virDomainDefFormatFeatures"),
    Stored("features/hyperv/spinlocks/@retries", of_enabled("spinlocks", "state"), "as its words"),
    Stored("features/hyperv/vendor_id/@value", of_enabled("vendor_id", "state"), "as its words"),
    Stored("features/kvm/dirty-ring/@size", of_enabled("dirty-ring", "state"), "as its words"),
    Stored("features/smm/tseg", of_enabled("smm", "state"), "virDomainDefFormatFeatures"),
    Stored("features/hyperv/stimer/direct", switched_on, "virDomainDefFormatFeatures"),
    Stored(
        "devices/{parallel,console,channel,smartcard}/target/model",
        dropped,
        "virDomainChrTargetDefFormat: of serial ports",
    ),
    Stored("devices/{parallel,smartcard}/target/@type", dropped, "virDomainChrTargetDefFormat"),
    Stored("devices/smartcard/target", dropped, "virDomainSmartcardDefFormat"),
    Stored("devices/parallel/@tty", dropped, "a running guest's terminal"),
    Stored("**/source/seclabel", device_label, "virSecurityDeviceLabelDefFormat"),
    Stored("**/source/reconnect", reconnect, "virDomainChrSourceReconnectDefFormat"),
    Stored("**/source/reconnect/@timeout", zero, "0 is as if nothing were given"),
    Stored(f"{_CHARACTER}/source", character_source, "virDomainChrSourceDefFormat"),
    Stored("devices/rng/backend/source", character_source, "virDomainChrSourceDefFormat"),
    Stored("devices/*/address", address, "qemuDomainAssignAddresses"),
)
