# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Elements that libvirt adds where the document has none.

Attributes that the element gets in turn stand in :mod:`.defaults`.
"""

from __future__ import annotations

import re
import typing as t

from ..._xmltree.element import Element
from ..context import Context
from ..implied import lone
from ..rows import ASSIGNED, Fill, Implied
from . import controllers, facts, numa


def _is_kept(context: Context, tag: str) -> bool:
    """Whether such an element has been accounted for already."""
    return any(child.tag == tag for child in context.kept)


def current_memory(context: Context, _extra: Element) -> Implied:
    """virDomainDefPostParseMemory: all of the memory."""
    memory = context.desired.child("memory")
    if memory is None:
        return None
    unit = {"unit": memory.attributes["unit"]} if "unit" in memory.attributes else {}
    return Element("currentMemory", unit, memory.text)


def cpu(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefSetDefaultCPU: QEMU's default CPU is written down."""
    return Element("cpu") if facts.is_qemu(context) else None


def cpu_model(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefSetDefaultCPU: a custom CPU without a model gets QEMU's default."""
    return Element("model") if context.desired.get("mode") in (None, "custom") else None


def distances(context: Context, _extra: Element) -> Implied:
    """virDomainNumaDefNodeDistanceParseXML: a distance holds both ways, the own one is 10."""
    cells = context.root.desired.findall("cpu/numa/cell")
    return ASSIGNED if any(cell.child("distances") is not None for cell in cells) else None


def boot_disk(context: Context, _extra: Element) -> Implied:
    """virDomainDefBootOrderPostParse: from disk, where nothing says a boot order."""
    root = context.root.desired
    if context.desired.child("boot") is not None or _is_kept(context, "boot"):
        return None
    devices = root.child("devices")
    for device in devices.children if devices is not None else ():
        if device.child("boot") is not None:
            return None
    return Element("boot", {"dev": "hd"})


def numatune(context: Context, _extra: Element) -> Implied:
    """virDomainNumatuneParseXML: automatic placement of CPUs is one of memory too."""
    if context.desired.value("vcpu/@placement") != "auto":
        return None
    return Element(
        "numatune", children=[Element("memory", {"mode": "strict", "placement": "auto"})]
    )


def with_firmware(context: Context, _extra: Element) -> Implied:
    """qemuFirmwareFillDomain: what firmware selection found is written down."""
    return ASSIGNED if facts.is_firmware_chosen(context) else None


def smm(context: Context, _extra: Element) -> Implied:
    """qemuFirmwareEnableFeaturesModern since 9.2: firmware with secure boot needs SMM."""
    system = context.above().actual.child("os")
    is_secure = system is not None and system.value("loader/@secure") == "yes"
    chosen = facts.firmware_is_chosen(context.root)
    return Element("smm", {"state": "on"}) if is_secure and chosen else None


def nvram(context: Context, _extra: Element) -> Implied:
    """qemuFirmwareFillDomain: a writable EFI loader has an NVRAM file."""
    loader = context.desired.child("loader")
    flash = loader is not None and loader.get("type") == "pflash"
    return ASSIGNED if flash or context.desired.get("firmware") is not None else None


def firmware_feature(context: Context, feature: Element) -> Implied:
    """qemuFirmwareSetOsFeatures: enrolled keys are of use with secure boot only."""
    if not facts.is_firmware_chosen(context.above()):
        return None
    for given in context.desired.all("feature"):
        if given.get("name") == "enrolled-keys" and given.get("enabled") == "yes":
            return Element("feature", {"enabled": "yes", "name": feature.get("name") or ""})
    return ASSIGNED


def emulator(context: Context, extra: Element) -> Implied:
    """virQEMUCapsGetDefaultEmulator: QEMU for the guest's architecture, wherever it lies."""
    arch = facts.architecture(context) or ""
    name = (extra.text or "").rpartition("/")[2]
    usual = ("qemu-kvm", "qemu-system-i386", "kvm", f"qemu-system-{arch.replace('i686', 'x86_64')}")
    if not facts.is_qemu(context):
        return ASSIGNED
    if name in usual or name == f"qemu-system-{_TARGETS.get(arch, arch)}":
        return ASSIGNED
    return Element("emulator", text=f"/usr/bin/qemu-system-{_TARGETS.get(arch, arch)}")


#: QEMU's names for libvirt's architectures (virQEMUCapsArchToString).
_TARGETS = {"i686": "i386", "armv7l": "arm", "ppc64le": "ppc64"}


def input_ps2(context: Context, extra: Element) -> Implied:
    """qemuDomainDefAddImplicitInputDevice: every x86 machine has a mouse and a keyboard."""
    kind = extra.get("type") or ""
    if kind not in ("mouse", "keyboard"):
        return None
    if facts.machine(context).startswith("pseries") and facts.graphics(context):
        # qemuDomainDefAddDefaultDevices
        is_there = any(one.tag == "input" and one.get("type") == kind for one in context.kept)
        return None if is_there else Element("input", {"type": kind, "bus": "usb"})
    if not facts.is_x86(context):
        return None
    own = Element("input", {"type": kind, "bus": "ps2"})
    given = [one for one in context.kept if one.tag == "input" and one.get("type") == kind]
    if all(one.get("bus") != "ps2" for one in given):
        return own
    # Newer libvirts put those that say no bus beside the machine's own.
    buses = [one.get("bus") for one in facts.devices(context, "input") if one.get("type") == kind]
    is_beside = None in buses and "ps2" not in buses and len(given) == len(buses)
    return own if is_beside else None


def of_machine_first(device: Element) -> tuple[int, int]:
    """Of two, the machine's own is the one that sits nowhere; before all controllers."""
    return (-1, len(device.children))


#: The graphics that decide about the backend; SDL's clients get none of their own accord.
_AUDIO_OF_GRAPHICS = {"spice": "spice", "vnc": "none", "sdl": None}


def audio(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultAudioBackend: by the last graphics device that has a say."""
    if context.desired.child("audio") is not None or _is_kept(context, "audio"):
        return None
    kind = audio_of(facts.graphics(context))
    return None if kind is None else Element("audio", {"id": "1", "type": kind})


def audio_of(graphics: t.Sequence[str | None]) -> str | None:
    """The same for these types of graphics; ``None`` where there is no backend."""
    deciding = [_AUDIO_OF_GRAPHICS[kind] for kind in graphics if kind in _AUDIO_OF_GRAPHICS]
    return deciding[-1] if deciding else None if graphics else "none"


def memballoon(context: Context, _extra: Element) -> Implied:
    """virDomainDefPostParse: guests of QEMU have a balloon unless it is forbidden."""
    return Element("memballoon", {"model": "virtio"})


def video(context: Context, _extra: Element) -> Implied:
    """virDomainDefAddImplicitVideo: graphics need a video device."""
    if context.desired.child("graphics") is None or _is_kept(context, "video"):
        return None
    return Element("video", children=[Element("model")])


def hub(context: Context, extra: Element) -> Implied:
    """qemuDomainUSBAddressAddHubs: a hub for what no port was left for."""
    port = extra.value("address/@port")
    for device in context.kept:
        if (device.value("address/@port") or "").startswith(f"{port}."):
            return Element("hub", {"type": "usb"})
    return None


def panic(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices: pseries and s390 machines have one."""
    arch = facts.architecture(context)
    if arch in ("ppc64", "ppc64le"):
        return Element("panic", {"model": "pseries"})
    return Element("panic", {"model": "s390"}) if arch == "s390x" else None


def watchdog(context: Context, extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices since 9.1: the q35 chipset has one, which does as the first."""
    if extra.get("model") != "itco" or not facts.is_q35(context):
        return None
    given = [one.get("action") for one in context.kept if one.tag == "watchdog"]
    return Element("watchdog", {"model": "itco", "action": (given or [None])[0] or "reset"})


def disk_driver(context: Context, _extra: Element) -> Implied:
    """qemuDomainDeviceDiskDefPostParse: who handles the disk, and its format."""
    return Element("driver") if facts.is_qemu(context) else None


def read_only(context: Context, _extra: Element) -> Implied:
    """virDomainDiskDefPostParse: a CD-ROM can't be written."""
    return Element("readonly") if context.desired.get("device") == "cdrom" else None


def interface_model(context: Context, _extra: Element) -> Implied:
    """qemuDomainDeviceNetDefPostParse: host devices are what they are."""
    if context.desired.get("type") == "hostdev" or not facts.is_qemu(context):
        return None
    return Element("model")


def container_partition(context: Context, extra: Element) -> Implied:
    """virLXCCgroupCreate: a container that has started once has the partition in its definition."""
    is_default = [one.tag for one in extra.children] == ["partition"]
    is_default = is_default and extra.value("partition") == "/machine"
    return ASSIGNED if is_default and facts.domain_type(context) == "lxc" else None


def test_interface(context: Context, extra: Element) -> Implied:
    """testDomainGenerateIfnames: the test driver names tap devices when a domain is defined."""
    is_named = re.fullmatch(r"testnet\d+", extra.get("dev") or "")
    return ASSIGNED if is_named and facts.domain_type(context) == "test" else None


def tcp_protocol(context: Context, _extra: Element) -> Implied:
    """A TCP character device speaks raw."""
    return Element("protocol") if context.desired.get("type") == "tcp" else None


def shmem_size(context: Context, _extra: Element) -> Implied:
    """qemuDomainShmemDefPostParse: 4 MiB, unless a server has its own size."""
    if context.desired.child("server") is not None:
        return None
    return Element("size", {"unit": "M"}, "4")


def shmem_msi(context: Context, _extra: Element) -> Implied:
    """qemuDomainShmemDefPostParse: with a server, interrupts."""
    return Element("msi", {"ioeventfd": "on"}) if context.desired.child("server") else None


def features(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefEnableDefaultFeatures: a GIC on ARM's virt machine, or an I/O APIC."""
    is_arm = facts.architecture(context) in ("aarch64", "armv7l")
    return Element("features") if is_arm or facts.has_many_cpus(context) else None


def gic(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefEnableDefaultFeatures: the host's or the machine's GIC version."""
    return ASSIGNED if facts.architecture(context) in ("aarch64", "armv7l") else None


def ioapic(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefEnableDefaultFeatures since 10.10: remapped interrupts need QEMU's own."""
    remaps = any(
        one.value("driver/@intremap") == "on" for one in facts.actual_devices(context, "iommu")
    )
    return Element("ioapic", {"driver": "qemu"}) if remaps or facts.has_many_cpus(context) else None


def iommu(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices since 10.10: more than 255 CPUs need an IOMMU."""
    if not facts.has_many_cpus(context) or _is_kept(context, "iommu"):
        return None
    return Element("iommu", {"model": "intel"}, children=[Element("driver")])


def iommu_driver(context: Context, _extra: Element) -> Implied:
    """qemuDomainIOMMUDefPostParse since 10.10: more than 255 CPUs need interrupt remapping."""
    needed = facts.has_many_cpus(context) and context.desired.get("model") == "intel"
    return Element("driver") if needed else None


def pstore_path(context: Context, path: Element) -> Implied:
    """qemuDomainPstorePostParse: a file of libvirt's own, named after the domain."""
    name = context.root.desired.value("name") or ""
    return ASSIGNED if (path.text or "").endswith(f"/{name}_PSTORE.raw") else None


def spapr_nvram(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices: pseries machines have NVRAM."""
    return ASSIGNED if facts.machine(context).startswith("pseries") else None


def tpm_device(context: Context, _extra: Element) -> Implied:
    """virDomainTPMDefParseXML: the host's first one is passed through."""
    is_passed = context.desired.get("type") == "passthrough"
    return Element("device", {"path": "/dev/tpm0"}) if is_passed else None


def requested(context: Context, _extra: Element) -> Implied:
    """virDomainMemoryTargetDefFormat: how much of a virtio-mem is to be plugged in is written."""
    is_virtio = context.above().desired.get("model") == "virtio-mem"
    return Element("requested", {"unit": "KiB"}, "0") if is_virtio else None


def iothreads(context: Context, _extra: Element) -> Implied:
    """virDomainDefParseIOThreads: as many as have identifiers."""
    listed = context.desired.child("iothreadids")
    return None if listed is None else Element("iothreads", text=str(len(listed.all("iothread"))))


def usbredir_channel(context: Context, _extra: Element) -> Implied:
    """virDomainRedirdevDefParseXML: the channel that a client of D-Bus looks for."""
    is_dbus = context.desired.get("type") == "dbus"
    return Element("source", {"channel": "org.qemu.usbredir"}) if is_dbus else None


IMPLIED = (
    Fill("devices/vsock/cid", lone("cid", auto="yes"), "qemuDomainDeviceVsockDefPostParse"),
    Fill("devices/audio/{input,output}/settings", lone("settings"), "virDomainAudioCommonFormat"),
    Fill("devices/memory/target/requested", requested, "virDomainMemoryTargetDefFormat"),
    Fill("vcpus/vcpu", ASSIGNED, "virDomainDefFormat: each virtual CPU is written, or none"),
    Fill("vcpus/vcpu/@{hotpluggable,order}", ASSIGNED, "virDomainVcpuParse"),
    Fill("iothreads", iothreads, "virDomainDefParseIOThreads"),
    Fill("devices/redirdev/source", usbredir_channel, "virDomainRedirdevDefParseXML"),
    Fill("currentMemory", current_memory, "virDomainDefPostParseMemory"),
    Fill("vcpu", lone("vcpu", "1"), "a guest has one virtual CPU"),
    Fill("numatune", numatune, "virDomainNumatuneParseXML"),
    Fill("iothreadids", lone("iothreadids"), "I/O threads without an identifier get one"),
    Fill("features", features, "qemuDomainDefEnableDefaultFeatures"),
    Fill("features/smm", smm, "qemuFirmwareEnableFeaturesModern"),
    Fill("features/ioapic", ioapic, "qemuDomainDefEnableDefaultFeatures"),
    Fill("features/gic", gic, "qemuDomainDefEnableDefaultFeatures"),
    Fill("cpu", cpu, "qemuDomainDefSetDefaultCPU"),
    Fill("cpu/model", cpu_model, "qemuDomainDefSetDefaultCPU"),
    Fill("cpu/numa", numa.implied, "qemuDomainDefNumaAutoAdd"),
    Fill("cpu/numa/cell/distances", distances, "virDomainNumaDefNodeDistanceParseXML"),
    Fill("cpu/numa/cell/distances/sibling", ASSIGNED, "virDomainNumaDefNodeDistanceParseXML"),
    Fill("clock", lone("clock", offset="utc"), "a clock is UTC"),
    Fill("on_poweroff", lone("on_poweroff", "destroy"), "virDomainDefParseXML"),
    Fill("on_reboot", lone("on_reboot", "restart"), "virDomainDefParseXML"),
    Fill("on_crash", lone("on_crash", "destroy"), "virDomainDefParseXML"),
    Fill("os/boot", boot_disk, "virDomainDefBootOrderPostParse"),
    Fill("os/{loader,firmware}", with_firmware, "qemuFirmwareFillDomain"),
    Fill("os/nvram", nvram, "qemuFirmwareFillDomain"),
    Fill("os/firmware/feature", firmware_feature, "qemuFirmwareSetOsFeatures"),
    Fill("devices", lone("devices"), "every guest has devices"),
    Fill("devices/emulator", emulator, "virQEMUCapsGetDefaultEmulator"),
    Fill("devices/controller", controllers.own, "see controllers.py", order=controllers.order),
    Fill(
        "devices/input",
        input_ps2,
        "qemuDomainDefAddImplicitInputDevice",
        order=of_machine_first,
    ),
    Fill("devices/audio", audio, "qemuDomainDefAddDefaultAudioBackend"),
    Fill("devices/memballoon", memballoon, "virDomainDefPostParse"),
    Fill("devices/video", video, "virDomainDefAddImplicitVideo"),
    Fill("devices/video/model", lone("model"), "virDomainVideoDefParseXML"),
    Fill("devices/hub", hub, "qemuDomainUSBAddressAddHubs"),
    Fill("devices/panic", panic, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/watchdog", watchdog, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/iommu", iommu, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/iommu/driver", iommu_driver, "qemuDomainIOMMUDefPostParse"),
    Fill("devices/pstore/path", pstore_path, "qemuDomainPstorePostParse"),
    Fill("devices/nvram", spapr_nvram, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/disk/driver", disk_driver, "qemuDomainDeviceDiskDefPostParse"),
    Fill("devices/disk/readonly", read_only, "virDomainDiskDefPostParse"),
    Fill("devices/interface/model", interface_model, "qemuDomainDeviceNetDefPostParse"),
    Fill("devices/interface/target", test_interface, "testDomainGenerateIfnames"),
    Fill("resource", container_partition, "virLXCCgroupCreate"),
    Fill("devices/controller/model", lone("model"), "qemuDomainPCIControllerSetOptionsDefaults"),
    Fill(
        "devices/{serial,parallel,console,channel}/target",
        lone("target"),
        "virDomainChrDefParseXML",
    ),
    Fill("devices/serial/target/model", lone("model"), "qemuDomainChrSerialTargetModel"),
    Fill(
        "devices/{serial,parallel,console,channel,redirdev,smartcard}/protocol",
        tcp_protocol,
        "a TCP character device speaks raw",
    ),
    Fill("devices/tpm/backend/device", tpm_device, "virDomainTPMDefParseXML"),
    Fill("devices/rng/backend/protocol", tcp_protocol, "a TCP character device speaks raw"),
    Fill("devices/shmem/model", lone("model", type="ivshmem-plain"), "virDomainShmemDefParseXML"),
    Fill("devices/shmem/size", shmem_size, "qemuDomainShmemDefPostParse"),
    Fill("devices/shmem/msi", shmem_msi, "qemuDomainShmemDefPostParse"),
)
