# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes and texts that libvirt writes where the document is silent.

Functions stand here for defaults that depend on something else; each says on
what. They name the function of libvirt 9.0 that they follow.
"""

from __future__ import annotations

from ..._xmltree.element import Element
from ..context import Context
from ..rows import ASSIGNED, Fill, Implied, Value
from ..spelling import integer
from . import facts


def address_part(context: Context) -> Value:
    """virPCIDeviceAddressParseXML: the rest of an address of which a part is given is 0."""
    given = context.desired
    names = {"pci": ("domain", "bus", "slot"), "drive": ("controller", "bus", "target", "unit")}
    parts = names.get(given.get("type") or "", ())
    if any(integer(given.get(name) or "0") != 0 for name in parts):
        return "0"
    return ASSIGNED


def pmem_access(context: Context) -> Value:
    """qemuDomainDefPostParse: what persists is shared with its file."""
    return "shared" if context.desired.get("model") == "virtio-pmem" else None


def position(context: Context) -> str:
    """The number of a device among those of its kind (virDomainChrDefPostParse)."""
    device = context.above()
    siblings = device.above().desired.all(device.desired.tag)
    for number, sibling in enumerate(siblings):
        if sibling is device.desired:
            return str(number)
    return "0"


# CPU


def _cpu_mode(cpu: Context) -> str:
    """A CPU without a mode is a custom one (virCPUDefParseXML)."""
    return cpu.desired.get("mode") or "custom"


def cpu_check(context: Context) -> Value:
    """qemuDomainDefCPUPostParse: a CPU is checked unless it is the host's or emulated."""
    mode = _cpu_mode(context)
    if mode == "host-model":
        return "partial"
    if mode != "custom" or context.desired.child("model") is None:
        return "none"
    return "partial" if facts.domain_type(context) == "kvm" else "none"


def cpu_migratable(context: Context) -> Value:
    """qemuDomainDefCPUPostParse: on where QEMU can say so, which needs KVM."""
    if _cpu_mode(context) not in ("host-passthrough", "maximum"):
        return None
    if facts.architecture(context) == "x86_64" and facts.domain_type(context) == "kvm":
        return "on"
    return ("on", "off") if facts.is_x86(context) else None


def cpu_match(context: Context) -> Value:
    """Only a custom CPU is matched."""
    return "exact" if _cpu_mode(context) == "custom" else None


def cpu_model_fallback(context: Context) -> Value:
    """A model that libvirt chose itself must not be replaced by another."""
    return "forbid" if context.desired.text is None else "allow"


def cpu_model_name(context: Context) -> Value:
    """QEMU's default CPU for its target (virQEMUCapsGetMachineDefaultCPU)."""
    if _cpu_mode(context.above()) != "custom":
        return None
    if not facts.is_x86(context):
        return ASSIGNED
    if facts.machine(context) == "isapc":
        return "486"
    emulator = context.root.actual.value("devices/emulator") or ""
    return "qemu32" if emulator.endswith("i386") else "qemu64"


# Operating system


def machine(context: Context) -> Value:
    """virQEMUCapsGetPreferredMachine; on x86 it is QEMU's own default."""
    return "pc" if facts.is_x86(context) else ASSIGNED


def firmware_chosen(context: Context) -> Value:
    """qemuFirmwareFillDomain completes what it chose."""
    return ASSIGNED if facts.is_firmware_chosen(context.above()) else None


def loader_readonly(context: Context) -> Value:
    """The same; since 9.2 of a flash image that a descriptor knows, whose variables have a template."""
    system = context.above()
    is_flash = context.desired.get("type") == "pflash"
    is_known = is_flash and system.actual.value("nvram/@template") is not None
    return "yes" if is_known else firmware_chosen(context)


def variables_file(context: Context, _extra: Element) -> Implied:
    """qemuDomainNVRAMPathGenerate: the file of a type that says none."""
    return ASSIGNED if context.desired.get("type") == "file" else None


def firmware_kind(context: Context) -> Value:
    """qemuFirmwareFillDomain since 9.2: of a flash image that a firmware descriptor knows."""
    return "efi" if facts.is_firmware_chosen(context) else None


def loader_format(context: Context) -> Value:
    """qemuFirmwareFillDomain: an image as it is, unless another one is chosen."""
    return "raw" if context.above().desired.get("firmware") is None else ASSIGNED


def loader_type(context: Context) -> Value:
    """A loader without a type is a ROM."""
    return "rom" if context.above().desired.get("firmware") is None else ASSIGNED


# Disks

_BUS_OF_PREFIX = (
    ("fd", "fdc"),
    ("hd", "ide"),
    ("sd", "scsi"),
    ("vd", "virtio"),
    ("xvd", "xen"),
    ("ubd", "uml"),
)


def disk_bus(context: Context) -> Value:
    """virDomainDiskDefParseXML: the bus follows from the target's name."""
    if context.above().desired.get("device") == "floppy":
        return "fdc"
    name = context.desired.get("dev") or ""
    for prefix, bus in _BUS_OF_PREFIX:
        if name.startswith(prefix):
            return bus
    return "ide"


def disk_driver_name(context: Context) -> Value:
    """The QEMU driver writes its own name."""
    return "qemu" if facts.is_qemu(context) else None


def disk_format(context: Context) -> Value:
    """qemuDomainDeviceDiskDefPostParse: raw, but a volume's format is its pool's."""
    disk = context.above()
    if not facts.is_qemu(context) or disk.desired.get("type") == "vhostuser":
        return None
    if disk.desired.get("type") == "volume":
        return None
    return "raw"


def disk_snapshot(context: Context) -> Value:
    """A vhost-user disk can't have snapshots (qemuDomainDeviceDiskDefPostParse)."""
    return "no" if context.desired.get("type") == "vhostuser" else None


_PORTS = {
    "http": "80",
    "https": "443",
    "ftp": "21",
    "ftps": "990",
    "tftp": "69",
    "nbd": "10809",
    "iscsi": "3260",
    "gluster": "24007",
    "sheepdog": "7000",
    "ssh": "22",
    "vxhs": "9999",
}


def network_disk_port(context: Context) -> Value:
    """virStorageSourceNetworkDefaultPort."""
    if context.desired.get("transport") in ("unix", "rdma"):
        return None
    return _PORTS.get(context.above().desired.get("protocol") or "")


# Network interfaces


def interface_model(context: Context) -> Value:
    """qemuDomainDefaultNetModel."""
    if context.above().desired.get("type") == "vdpa":
        return "virtio"
    if facts.is_x86(context):
        return ("rtl8139", "e1000", "virtio")
    return ASSIGNED


def vds_number(context: Context) -> Value:
    """virDomainNetDefParseXML since 11.1: the numbers of a VMware switch need not be given."""
    return "0" if context.above().desired.get("type") == "vds" else None


def address_family(context: Context) -> Value:
    """virDomainNetIPParseXML takes it from the address."""
    return "ipv6" if ":" in (context.desired.get("address") or "") else "ipv4"


# Controllers


_USB_MODELS = {
    "x86_64": "piix3-uhci",
    "i686": "piix3-uhci",
    "aarch64": "qemu-xhci",
    "armv7l": "qemu-xhci",
    "ppc64": "qemu-xhci",
    "ppc64le": "qemu-xhci",
    "s390x": "none",
}


def controller_model(context: Context) -> Value:
    """qemuDomainControllerDefPostParse."""
    kind = context.desired.get("type")
    if kind == "usb":
        if facts.is_arm(context) and not facts.machine(context).startswith("virt"):
            # A board has the one that QEMU gives it.
            return ASSIGNED
        return _USB_MODELS.get(facts.architecture(context) or "", ASSIGNED)
    if kind == "scsi":
        return ("lsilogic", "virtio-scsi") if facts.is_x86(context) else ASSIGNED
    if kind == "pci" and context.desired.get("index") == "0":
        return ("pcie-root", "pci-root")
    return ASSIGNED if kind == "pci" else None


_PCI_CONTROLLER_NAMES = {
    "pci-bridge": ("pci-bridge",),
    "dmi-to-pci-bridge": ("i82801b11-bridge",),
    "pcie-to-pci-bridge": ("pcie-pci-bridge",),
    "pcie-root-port": ("pcie-root-port", "ioh3420"),
    "pcie-switch-upstream-port": ("x3130-upstream",),
    "pcie-switch-downstream-port": ("xio3130-downstream",),
    "pci-expander-bus": ("pxb",),
    "pcie-expander-bus": ("pxb-pcie",),
    "pci-root": ("spapr-pci-host-bridge",),
}


def pci_controller_name(context: Context) -> Value:
    """qemuDomainPCIControllerSetOptionsDefaults: QEMU's device for a model."""
    return _PCI_CONTROLLER_NAMES.get(context.above().actual.get("model") or "")


# Character devices


def serial_target_type(context: Context) -> Value:
    """qemuDomainChrDefPostParse, by address and architecture."""
    if context.above().actual.value("address/@type") == "spapr-vio":
        return ASSIGNED
    address = context.above().desired.child("address")
    if address is not None and address.get("type") == "usb":
        return "usb-serial"
    if address is not None and address.get("type") == "pci":
        return "pci-serial"
    if facts.is_x86(context):
        return "isa-serial"
    return ASSIGNED


_SERIAL_MODELS = {
    "isa-serial": "isa-serial",
    "pci-serial": "pci-serial",
    "usb-serial": "usb-serial",
    "isa-debug": "isa-debugcon",
    "spapr-vio-serial": "spapr-vty",
    "sclp-serial": "sclpconsole",
}


def serial_model(context: Context) -> Value:
    """qemuDomainChrSerialTargetModel: the only model of most target types."""
    target = context.above()
    kind = target.desired.get("type") or serial_target_type(target)
    if kind == "isa-serial" and not facts.is_x86(context):
        # It stands for the machine's own kind there.
        kind = target.actual.get("type") or ""
    return _SERIAL_MODELS.get(kind, ASSIGNED) if isinstance(kind, str) else ASSIGNED


def console_target_type(context: Context) -> Value:
    """A console is a serial port unless it says otherwise.

    Containers and paravirtual guests of Xen have one of their own
    (virLXCDomainDeviceDefPostParse, libxlDomainDeviceDefPostParse).
    """
    kind = facts.domain_type(context)
    if kind == "lxc":
        return "lxc"
    if kind == "xen" and context.root.actual.value("os/type") != "hvm":
        return "xen"
    return "serial" if facts.is_x86(context) else ASSIGNED


def channel_name(context: Context) -> Value:
    """virDomainChrDefPostParse: the name that SPICE's agent looks for."""
    kind = context.above().desired.get("type")
    return "com.redhat.spice.0" if kind in ("spicevmc", "qemu-vdagent") else None


# Others


def input_bus(context: Context) -> Value:
    """As :func:`.facts.bus_of_input`."""
    return facts.bus_of_input(context.desired.get("type"), facts.architecture(context))


def is_primary_video(context: Context) -> bool:
    """Whether the video device is the first one of the document."""
    video = context.above()
    videos = video.above().desired.all("video")
    return not videos or videos[0] is video.desired


def video_primary(context: Context) -> Value:
    """virDomainDefPostParseVideo: the first video is the primary one."""
    return "yes" if is_primary_video(context) else None


def video_type(context: Context) -> Value:
    """qemuDomainDefaultVideoDevice: the best that this QEMU has."""
    if facts.is_x86(context):
        return ("cirrus", "vga", "none")
    return "vga" if (facts.architecture(context) or "").startswith("ppc64") else "virtio"


def video_memory(qxl: str, vga: str | None) -> object:
    """virDomainVideoDefaultRAM and qemuDomainDeviceVideoDefPostParse, in KiB."""

    def size(context: Context) -> Value:
        kind = context.actual.get("type")
        if kind == "qxl":
            return qxl
        return vga if kind in ("vga", "cirrus", "bochs", "vmvga", "xen", "ramfb") else None

    return size


def video_heads(context: Context) -> Value:
    """A video has one head, where heads can be counted."""
    return None if context.actual.get("type") == "none" else "1"


def video_device(context: Context) -> Value:
    """qemuDomainDeviceVideoDefPostParse since 12.0: QEMU's device, with VGA for the first if it has that."""
    video = context.above()
    if context.actual.get("type") != "virtio":
        return None
    kind = "vhost-user" if video.desired.value("driver/@name") == "vhostuser" else "virtio"
    if not is_primary_video(context) or facts.is_arm(context):
        names: tuple[str, ...] = (f"{kind}-gpu",)
    else:
        # Of other architectures, some QEMUs have one with VGA.
        names = (f"{kind}-vga",) if facts.is_x86(context) else (f"{kind}-vga", f"{kind}-gpu")
    if context.desired.value("acceleration/@accel3d") == "yes":
        # What draws with OpenGL is a module of QEMU that may not be there.
        return (*(f"{name}-gl" for name in names), *names)
    return names if len(names) > 1 else names[0]


def sound_streams(context: Context) -> Value:
    """qemuDomainDeviceSoundPostParse since 11.0: a virtio sound card has two."""
    return "2" if context.desired.get("model") == "virtio" else None


def disk_model(context: Context) -> Value:
    """qemuDomainDeviceDiskDefPostParse since 12.0: QEMU's device for a USB disk."""
    if context.desired.value("target/@bus") != "usb":
        return None
    return "usb-bot" if context.desired.get("device") == "cdrom" else "usb-storage"


def iommu_interrupts(context: Context) -> Value:
    """qemuDomainIOMMUDefPostParse since 10.10: more than 255 CPUs need interrupt remapping."""
    needed = facts.has_many_cpus(context) and context.above().desired.get("model") == "intel"
    return "on" if needed else None


def panic_model(context: Context) -> Value:
    """qemuDomainDefaultPanicModel."""
    if facts.is_x86(context):
        return "isa"
    return {"ppc64": "pseries", "ppc64le": "pseries", "s390x": "s390"}.get(
        facts.architecture(context) or "", "pvpanic"
    )


def hostdev_display(context: Context) -> Value:
    """Only a vfio-pci mediated device can have a display."""
    return "off" if context.desired.get("model") == "vfio-pci" else None


def adjustment(context: Context) -> Value:
    """A variable offset starts at zero."""
    return "0" if context.desired.get("offset") == "variable" else None


def basis(context: Context) -> Value:
    """A variable offset is counted from UTC."""
    return "utc" if context.desired.get("offset") == "variable" else None


def numa_placement(context: Context) -> Value:
    """virDomainNumatuneSet: without a node set, as the virtual CPUs, if they are placed automatically."""
    is_auto = context.root.desired.value("vcpu/@placement") == "auto"
    return "auto" if is_auto and context.desired.get("nodeset") is None else None


def all_vcpus(context: Context) -> Value:
    """All that there can be run, unless their number is said."""
    return (context.desired.text or "").strip() or None


def vcpu_placement(context: Context) -> Value:
    """virDomainVcpuParse: automatic when the memory is and no CPU set is given."""
    numatune = context.root.desired.value("numatune/memory/@placement")
    if numatune == "auto" and context.desired.get("cpuset") is None:
        return "auto"
    return "static"


def direct_mode(context: Context) -> Value:
    """How an interface of the host is shared, unless it says."""
    return "vepa" if context.above().desired.get("type") == "direct" else None


def channel_mode(context: Context) -> Value:
    """A socket that libvirt is to connect to, unless it says bind."""
    return "connect" if context.above().desired.get("type") in ("tcp", "unix", "udp") else None


def seclabel_relabel(context: Context) -> Value:
    """virSecurityLabelDefParseXML: dynamic labels are applied, others not."""
    return "yes" if context.desired.get("type") in (None, "dynamic") else "no"


def unlisted_thread(context: Context, thread: Element) -> Implied:
    """virDomainDefIOThreadsParse: as many as there are more threads than identifiers."""
    listed = sum(child.tag == thread.tag for child in context.kept)
    count = context.root.desired.value("iothreads") or ""
    return ASSIGNED if count.isdigit() and listed < int(count) else None


def thread_number(thread: Element) -> int:
    """The number of an I/O thread."""
    return int(thread.get("id") or 0)


DEFAULTS = (
    # What libvirt assigns: any value is right, and is kept
    Fill("uuid", ASSIGNED, "a domain without a UUID gets a random one"),
    Fill("genid/text()", ASSIGNED, "an empty genid gets a random one"),
    Fill("devices/*/address", ASSIGNED, "device addresses are assigned when defined"),
    Fill("devices/*/address/@multifunction", ASSIGNED, "devices that share a slot say so"),
    Fill("devices/*/address/@*", address_part, "an incomplete address is completed"),
    Fill("devices/*/address/zpci", ASSIGNED, "zPCI identifiers are assigned when defined"),
    Fill("devices/*/address/zpci/@*", ASSIGNED, "zPCI identifiers are completed"),
    Fill("devices/*/alias", ASSIGNED, "an alias is a name for the device, not a part of it"),
    Fill("devices/interface/mac", ASSIGNED, "an interface without a MAC gets a random one"),
    Fill("devices/interface/mac/@{type,check}", ASSIGNED, "how the MAC came about"),
    Fill(
        "devices/interface/virtualport/parameters",
        ASSIGNED,
        "port profiles get identifiers of their own",
    ),
    Fill(
        "devices/interface/virtualport/parameters/@{interfaceid,instanceid,profileid}",
        ASSIGNED,
        "port profiles get identifiers of their own",
    ),
    Fill("devices/controller/@index", ASSIGNED, "controllers are numbered when defined"),
    Fill("devices/controller/target", ASSIGNED, "chassis and port numbers are assigned"),
    Fill(
        "devices/controller/target/@{chassis,chassisNr,port,busNr,index}",
        ASSIGNED,
        "chassis and port numbers are assigned",
    ),
    Fill("devices/controller/master", ASSIGNED, "USB companions are given their first port"),
    Fill(
        "iothreadids/iothread",
        unlisted_thread,
        "I/O threads without an identifier get one",
        order=thread_number,
    ),
    Fill("iothreadids/iothread/@id", ASSIGNED, "I/O threads without an identifier get one"),
    Fill("devices/graphics/gl/@rendernode", ASSIGNED, "the host's render node is chosen"),
    Fill("devices/tpm/backend/profile", ASSIGNED, "swtpm's profile is recorded"),
    # General
    Fill("vcpu/@placement", vcpu_placement, "virDomainVcpuParse"),
    Fill("vcpu/@current", all_vcpus, "virDomainCpuFormat"),
    Fill("{memory,currentMemory,maxMemory}/@unit", "KiB", "memory is written in KiB"),
    Fill("clock/@offset", "utc", "a clock without an offset is UTC"),
    Fill("clock/@adjustment", adjustment, "a variable offset starts at zero"),
    Fill("clock/@basis", basis, "a variable offset is counted from UTC"),
    Fill("numatune/memory/@placement", numa_placement, "virDomainNumatuneParseXML"),
    Fill("numatune/memory/@mode", "strict", "virDomainNumatuneParseXML"),
    Fill("features/hyperv/@mode", "custom", "enlightenments are named one by one"),
    Fill("features/smm/tseg/@unit", "MiB", "without a unit, MiB"),
    Fill("features/async-teardown/@enabled", "yes", "virDomainFeaturesDefParse: it is named"),
    Fill("features/gic/@version", ASSIGNED, "the host's or the machine's GIC version"),
    Fill(
        "features/{hap,pmu,pvspinlock,vmport,vmcoreinfo,smm,htm,nested-hv,ccf-assist}/@state",
        "on",
        "virDomainFeaturesDefParse: a feature that is named is on",
    ),
    Fill("**/source/seclabel/@relabel", "yes", "virSecurityDeviceLabelDefParseXML"),
    Fill("devices/memory/@access", pmem_access, "qemuDomainMemoryDefPostParse"),
    Fill("devices/tpm/backend/device/@path", "/dev/tpm0", "virDomainTPMDefParseXML"),
    Fill("seclabel/@type", "dynamic", "virSecurityLabelDefParseXML"),
    Fill("seclabel/@relabel", seclabel_relabel, "virSecurityLabelDefParseXML"),
    Fill("sysinfo/@type", "smbios", "virSysinfoParseXML"),
    # Operating system
    Fill("os/type/@arch", ASSIGNED, "the host's architecture, unless the emulator says another"),
    Fill("os/type/@machine", machine, "QEMU's default machine"),
    Fill("os/@firmware", firmware_kind, "qemuFirmwareFillDomain"),
    Fill("os/loader/@type", loader_type, "a loader without a type is a ROM"),
    Fill("os/loader/@readonly", loader_readonly, "firmware selection completes the loader"),
    Fill(
        "os/loader/@{secure,stateless}",
        firmware_chosen,
        "firmware selection completes the loader",
    ),
    Fill("os/loader/@format", loader_format, "libvirt 11 writes it down"),
    Fill("os/loader/text()", firmware_chosen, "firmware selection completes the loader"),
    Fill(
        "os/nvram/@{template,templateFormat,format}",
        ASSIGNED,
        "the template of the firmware is recorded",
    ),
    Fill("os/nvram/text()", ASSIGNED, "the NVRAM file's path is chosen"),
    Fill("os/nvram/source", variables_file, "the NVRAM file's path is chosen"),
    # CPU
    Fill("cpu/@mode", "custom", "virCPUDefParseXML"),
    Fill("cpu/@match", cpu_match, "virCPUDefParseXML"),
    Fill("cpu/@check", cpu_check, "qemuDomainDefCPUPostParse"),
    Fill("cpu/@migratable", cpu_migratable, "qemuDomainDefCPUPostParse"),
    Fill("cpu/model/@fallback", cpu_model_fallback, "virCPUDefParseXML"),
    Fill("cpu/model/text()", cpu_model_name, "QEMU's default CPU"),
    Fill("cpu/topology/@{dies,clusters}", "1", "levels that are not given have one member"),
    Fill("cpu/feature/@policy", "require", "virCPUDefParseXML"),
    Fill("seclabel/@model", ASSIGNED, "qemuSecurityGenLabel: the host's security driver"),
    Fill("cpu/numa/cell/@cpus", ASSIGNED, "qemuDomainDefNumaCPUsRectify: all that have no cell"),
    Fill("cpu/numa/cell/@id", ASSIGNED, "cells without a number are numbered in order"),
    Fill("cpu/numa/cell/@unit", "KiB", "memory is written in KiB"),
    # Disks
    Fill("devices/disk/@type", "file", "virDomainDiskDefParseXML"),
    Fill("devices/disk/@device", "disk", "virDomainDiskDefParseXML"),
    Fill("devices/disk/@model", disk_model, "qemuDomainDeviceDiskDefPostParse"),
    Fill("devices/disk/@snapshot", disk_snapshot, "a vhost-user disk can't have snapshots"),
    Fill("devices/disk/driver/@name", disk_driver_name, "the QEMU driver writes its own name"),
    Fill("devices/disk/driver/@type", disk_format, "qemuDomainDeviceDiskDefPostParse"),
    Fill("devices/disk/target/@bus", disk_bus, "virDomainDiskDefParseXML"),
    Fill("devices/disk/**/encryption/@engine", "qemu", "QEMU itself encrypts"),
    Fill("devices/disk/encryption/@engine", "qemu", "QEMU itself encrypts"),
    Fill(
        "{devices,os}/**/source/host/@port",
        network_disk_port,
        "virStorageSourceNetworkDefaultPort",
    ),
    Fill("{devices,os}/**/source/host/@transport", "tcp", "the usual transport"),
    Fill("devices/disk/source/reservations/source/@mode", "client", "a helper is connected to"),
    # Interfaces
    Fill("devices/interface/model/@type", interface_model, "qemuDomainDefaultNetModel"),
    Fill("devices/{interface,hostdev}/**/ip/@family", address_family, "virDomainNetIPParseXML"),
    Fill("devices/{interface,hostdev}/ip/@family", address_family, "virDomainNetIPParseXML"),
    Fill("devices/interface/@managed", "no", "virDomainNetDefParseXML"),
    Fill("devices/interface/source/@{portid,connectionid}", vds_number, "virDomainNetDefParseXML"),
    # Controllers
    Fill("devices/controller/@model", controller_model, "qemuDomainControllerDefPostParse"),
    Fill(
        "devices/controller/model/@name",
        pci_controller_name,
        "qemuDomainPCIControllerSetOptionsDefaults",
    ),
    # Character devices
    Fill(
        "devices/{serial,parallel,console}/target/@port",
        position,
        "ports are numbered in the order of the document",
    ),
    Fill("devices/serial/target/@type", serial_target_type, "qemuDomainChrDefPostParse"),
    Fill("devices/serial/target/model/@name", serial_model, "qemuDomainChrSerialTargetModel"),
    Fill("devices/console/target/@type", console_target_type, "virDomainChrDefParseTargetXML"),
    Fill("devices/channel/target/@name", channel_name, "the name that SPICE's agent looks for"),
    Fill("devices/**/protocol/@type", "raw", "a TCP character device speaks nothing else"),
    Fill(
        "devices/{serial,parallel,console,channel,redirdev,smartcard}/source/@mode",
        channel_mode,
        "virDomainChrSourceDefParseXML",
    ),
    Fill("devices/interface/source/@mode", direct_mode, "virDomainNetDefParseXML"),
    Fill("devices/rng/backend/source/@mode", channel_mode, "virDomainChrSourceDefParseXML"),
    Fill(
        "devices/{serial,parallel,console,channel,redirdev,smartcard}/@type",
        "pty",
        "virDomainChrSourceDefParseXML",
    ),
    # Other devices
    Fill("devices/filesystem/@type", "mount", "virDomainFSDefParseXML"),
    Fill("devices/filesystem/@accessmode", "passthrough", "virDomainFSDefParseXML"),
    Fill("devices/input/@bus", input_bus, "virDomainInputDefPostParse"),
    Fill("devices/redirdev/@bus", "usb", "only USB devices can be redirected"),
    Fill("devices/video/model/@type", video_type, "qemuDomainDefaultVideoDevice"),
    Fill(
        "devices/video/model/@ram", video_memory("65536", None), "qemuDomainDeviceVideoDefPostParse"
    ),
    Fill("devices/video/model/@vram", video_memory("65536", "16384"), "virDomainVideoDefaultRAM"),
    Fill(
        "devices/video/model/@vgamem",
        video_memory("16384", None),
        "qemuDomainDeviceVideoDefPostParse",
    ),
    Fill("devices/video/model/@heads", video_heads, "virDomainVideoDefParseXML"),
    Fill("devices/video/model/@primary", video_primary, "virDomainDefPostParseVideo"),
    Fill("devices/video/model/@device", video_device, "qemuDomainDeviceVideoDefPostParse"),
    Fill("devices/sound/@streams", sound_streams, "qemuDomainDeviceSoundPostParse"),
    Fill("devices/iommu/driver/@{intremap,eim}", iommu_interrupts, "qemuDomainIOMMUDefPostParse"),
    Fill("devices/hostdev/@mode", "subsystem", "virDomainHostdevDefParseXML"),
    Fill("devices/hostdev/@managed", "no", "virDomainHostdevDefParseXML"),
    Fill("devices/hostdev/@display", hostdev_display, "only vfio-pci can have a display"),
    Fill(
        "**/source/address/@{domain,bus,slot,function,target,unit}",
        "0",
        "virPCIDeviceAddressParseXML: a part that isn't given is 0",
    ),
    Fill("devices/hostdev/source/address/@*", ASSIGNED, "an incomplete address is completed"),
    Fill("devices/disk/source/@managed", "yes", "virDomainDiskSourceNVMeParse"),
    Fill("devices/panic/@model", panic_model, "qemuDomainDefaultPanicModel"),
    Fill(
        "devices/rng/backend/text()",
        ("/dev/urandom", "/dev/random"),
        "virDomainRNGDefParseXML; the older default was /dev/random",
    ),
    Fill("devices/rng/rate/@period", "1000", "bytes are counted per second"),
    Fill("devices/shmem/@role", "peer", "virDomainShmemDefParseXML"),
    Fill("devices/shmem/msi/@ioeventfd", "on", "qemuDomainShmemDefPostParse"),
    Fill("devices/watchdog/@action", "reset", "virDomainWatchdogDefParseXML"),
    Fill(
        "devices/tpm/@model",
        ("tpm-tis", "tpm-crb", "tpm-spapr"),
        "qemuDomainDeviceTPMDefPostParse, by architecture and version",
    ),
    Fill(
        "devices/tpm/backend/@version",
        ("2.0", "1.2"),
        "qemuDomainDeviceTPMDefPostParse; TPM 1.2 was the older default",
    ),
    Fill("devices/vsock/@model", "virtio", "qemuDomainVsockDefPostParse"),
    Fill("devices/vsock/cid/@auto", "no", "a CID that is given is not chosen"),
    Fill("devices/memballoon/@model", "virtio", "virDomainMemballoonDefParseXML"),
)
