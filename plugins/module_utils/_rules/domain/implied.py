# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Elements that libvirt adds where the document has none.

Attributes that the element gets in turn stand in :mod:`.defaults`.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import ASSIGNED, Fill, Implied
from ..site import Site
from . import controllers, facts, numa


def _is_kept(site: Site, tag: str) -> bool:
    """Whether such an element has been accounted for already."""
    return any(child.tag == tag for child in site.kept)


def lone(tag: str, text: str | None = None, **attributes: str) -> t.Callable[..., Implied]:
    """The element itself, without a condition."""

    def element(_site: Site, _extra: Element) -> Implied:
        return Element(tag, dict(attributes), text)

    return element


def current_memory(site: Site, _extra: Element) -> Implied:
    """virDomainDefPostParseMemory: all of the memory."""
    memory = site.desired.child("memory")
    if memory is None:
        return None
    unit = {"unit": memory.attributes["unit"]} if "unit" in memory.attributes else {}
    return Element("currentMemory", unit, memory.text)


def cpu(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefSetDefaultCPU: QEMU's default CPU is written down."""
    return Element("cpu") if facts.is_qemu(site) else None


def cpu_model(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefSetDefaultCPU: a custom CPU without a model gets QEMU's default."""
    return Element("model") if site.desired.get("mode") in (None, "custom") else None


def distances(site: Site, _extra: Element) -> Implied:
    """virDomainNumaDefNodeDistanceParseXML: a distance holds both ways, the own one is 10."""
    cells = site.root.desired.findall("cpu/numa/cell")
    return ASSIGNED if any(cell.child("distances") is not None for cell in cells) else None


def boot_disk(site: Site, _extra: Element) -> Implied:
    """virDomainDefBootOrderPostParse: from disk, where nothing says a boot order."""
    root = site.root.desired
    if site.desired.child("boot") is not None or _is_kept(site, "boot"):
        return None
    devices = root.child("devices")
    for device in devices.children if devices is not None else ():
        if device.child("boot") is not None:
            return None
    return Element("boot", {"dev": "hd"})


def numatune(site: Site, _extra: Element) -> Implied:
    """virDomainNumatuneParseXML: automatic placement of CPUs is one of memory too."""
    if site.desired.value("vcpu/@placement") != "auto":
        return None
    return Element(
        "numatune", children=[Element("memory", {"mode": "strict", "placement": "auto"})]
    )


def with_firmware(site: Site, _extra: Element) -> Implied:
    """qemuFirmwareFillDomain: what firmware selection found is written down."""
    return ASSIGNED if site.desired.get("firmware") is not None else None


def nvram(site: Site, _extra: Element) -> Implied:
    """qemuFirmwareFillDomain: a writable EFI loader has an NVRAM file."""
    loader = site.desired.child("loader")
    flash = loader is not None and loader.get("type") == "pflash"
    return ASSIGNED if flash or site.desired.get("firmware") is not None else None


def firmware_feature(site: Site, feature: Element) -> Implied:
    """qemuFirmwareSetOsFeatures: enrolled keys are of use with secure boot only."""
    if site.above().desired.get("firmware") is None:
        return None
    for given in site.desired.all("feature"):
        if given.get("name") == "enrolled-keys" and given.get("enabled") == "yes":
            return Element("feature", {"enabled": "yes", "name": feature.get("name") or ""})
    return ASSIGNED


def emulator(site: Site, extra: Element) -> Implied:
    """virQEMUCapsGetDefaultEmulator: QEMU for the guest's architecture, wherever it lies."""
    arch = facts.architecture(site) or ""
    name = (extra.text or "").rpartition("/")[2]
    usual = ("qemu-kvm", "qemu-system-i386", "kvm", f"qemu-system-{arch.replace('i686', 'x86_64')}")
    if not facts.is_qemu(site):
        return ASSIGNED
    if name in usual or name == f"qemu-system-{_TARGETS.get(arch, arch)}":
        return ASSIGNED
    return Element("emulator", text=f"/usr/bin/qemu-system-{_TARGETS.get(arch, arch)}")


#: QEMU's names for libvirt's architectures (virQEMUCapsArchToString).
_TARGETS = {"i686": "i386", "armv7l": "arm", "ppc64le": "ppc64"}


def input_ps2(site: Site, extra: Element) -> Implied:
    """qemuDomainDefAddImplicitInputDevice: every x86 machine has a mouse and a keyboard."""
    kind = extra.get("type") or ""
    if kind not in ("mouse", "keyboard") or not facts.is_x86(site):
        return None
    for given in site.kept:
        if given.tag == "input" and given.get("type") == kind and given.get("bus") == "ps2":
            return None
    return Element("input", {"type": kind, "bus": "ps2"})


#: The graphics that decide about the backend; SDL's clients get none of their own accord.
_AUDIO_OF_GRAPHICS = {"spice": "spice", "vnc": "none", "sdl": None}


def audio(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultAudioBackend: by the last graphics device that has a say."""
    if site.desired.child("audio") is not None or _is_kept(site, "audio"):
        return None
    kind = audio_of(facts.graphics(site))
    return None if kind is None else Element("audio", {"id": "1", "type": kind})


def audio_of(graphics: t.Sequence[str | None]) -> str | None:
    """The same for these types of graphics; ``None`` where there is no backend."""
    deciding = [_AUDIO_OF_GRAPHICS[kind] for kind in graphics if kind in _AUDIO_OF_GRAPHICS]
    return deciding[-1] if deciding else None if graphics else "none"


def memballoon(site: Site, _extra: Element) -> Implied:
    """virDomainDefPostParse: guests of QEMU have a balloon unless it is forbidden."""
    return Element("memballoon", {"model": "virtio"})


def video(site: Site, _extra: Element) -> Implied:
    """virDomainDefAddImplicitVideo: graphics need a video device."""
    if site.desired.child("graphics") is None or _is_kept(site, "video"):
        return None
    return Element("video", children=[Element("model")])


def hub(site: Site, extra: Element) -> Implied:
    """qemuDomainUSBAddressAddHubs: a hub for what no port was left for."""
    port = extra.value("address/@port")
    for device in site.kept:
        if (device.value("address/@port") or "").startswith(f"{port}."):
            return Element("hub", {"type": "usb"})
    return None


def panic(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices: pseries and s390 machines have one."""
    arch = facts.architecture(site)
    if arch in ("ppc64", "ppc64le"):
        return Element("panic", {"model": "pseries"})
    return Element("panic", {"model": "s390"}) if arch == "s390x" else None


def watchdog(site: Site, extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices since 9.1: the q35 chipset has one."""
    if extra.get("model") != "itco" or not facts.is_q35(site):
        return None
    return Element("watchdog", {"model": "itco", "action": "reset"})


def disk_driver(site: Site, _extra: Element) -> Implied:
    """qemuDomainDeviceDiskDefPostParse: who handles the disk, and its format."""
    return Element("driver") if facts.is_qemu(site) else None


def read_only(site: Site, _extra: Element) -> Implied:
    """virDomainDiskDefPostParse: a CD-ROM can't be written."""
    return Element("readonly") if site.desired.get("device") == "cdrom" else None


def interface_model(site: Site, _extra: Element) -> Implied:
    """qemuDomainDeviceNetDefPostParse: host devices are what they are."""
    if site.desired.get("type") == "hostdev" or not facts.is_qemu(site):
        return None
    return Element("model")


def tcp_protocol(site: Site, _extra: Element) -> Implied:
    """A TCP character device speaks raw."""
    return Element("protocol") if site.desired.get("type") == "tcp" else None


def shmem_size(site: Site, _extra: Element) -> Implied:
    """qemuDomainShmemDefPostParse: 4 MiB, unless a server has its own size."""
    if site.desired.child("server") is not None:
        return None
    return Element("size", {"unit": "M"}, "4")


def shmem_msi(site: Site, _extra: Element) -> Implied:
    """qemuDomainShmemDefPostParse: with a server, interrupts."""
    return Element("msi", {"ioeventfd": "on"}) if site.desired.child("server") else None


def features(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefEnableDefaultFeatures: a GIC on ARM's virt machine."""
    return Element("features") if facts.architecture(site) in ("aarch64", "armv7l") else None


def gic(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefEnableDefaultFeatures: the host's or the machine's GIC version."""
    return ASSIGNED if facts.architecture(site) in ("aarch64", "armv7l") else None


def spapr_nvram(site: Site, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices: pseries machines have NVRAM."""
    return ASSIGNED if facts.machine(site).startswith("pseries") else None


def of_another_application(site: Site, element: Element) -> Implied:
    """virDomainSetMetadata: an application keeps what it knows of a guest in its own namespace."""
    own = {_namespace(child) for child in site.desired.children}
    return None if _namespace(element) in own else ASSIGNED


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0]


def tpm_device(site: Site, _extra: Element) -> Implied:
    """virDomainTPMDefParseXML: the host's first one is passed through."""
    is_passed = site.desired.get("type") == "passthrough"
    return Element("device", {"path": "/dev/tpm0"}) if is_passed else None


IMPLIED = (
    Fill("metadata", ASSIGNED, "what a document doesn't speak of is another application's"),
    Fill("metadata/*", of_another_application, "virDomainSetMetadata"),
    Fill("currentMemory", current_memory, "virDomainDefPostParseMemory"),
    Fill("vcpu", lone("vcpu", "1"), "a guest has one virtual CPU"),
    Fill("numatune", numatune, "virDomainNumatuneParseXML"),
    Fill("iothreadids", lone("iothreadids"), "I/O threads without an identifier get one"),
    Fill("features", features, "qemuDomainDefEnableDefaultFeatures"),
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
    Fill("devices/input", input_ps2, "qemuDomainDefAddImplicitInputDevice"),
    Fill("devices/audio", audio, "qemuDomainDefAddDefaultAudioBackend"),
    Fill("devices/memballoon", memballoon, "virDomainDefPostParse"),
    Fill("devices/video", video, "virDomainDefAddImplicitVideo"),
    Fill("devices/video/model", lone("model"), "virDomainVideoDefParseXML"),
    Fill("devices/hub", hub, "qemuDomainUSBAddressAddHubs"),
    Fill("devices/panic", panic, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/watchdog", watchdog, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/nvram", spapr_nvram, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/disk/driver", disk_driver, "qemuDomainDeviceDiskDefPostParse"),
    Fill("devices/disk/readonly", read_only, "virDomainDiskDefPostParse"),
    Fill("devices/interface/model", interface_model, "qemuDomainDeviceNetDefPostParse"),
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
