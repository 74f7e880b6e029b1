# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people change behind the module's back.

Each edit is a function of the definition's root element. It returns ``False``
where the definition has nothing to edit. The path of the change that has to be
found stands beside it.
"""

from __future__ import annotations

import typing as t

from lxml import etree

Edit = t.Callable[[etree._Element], t.Optional[bool]]


class Row(t.NamedTuple):
    """An edit by name, and what the path of a change has to contain."""

    name: str
    path: str
    edit: Edit


EDITS: list[Row] = []
#: Those that are tried on documents written by hand and in merges too.
COMMON = {
    "memory",
    "vcpu",
    "title",
    "on_reboot",
    "clock",
    "disk_cache",
    "disk_removed",
    "interface_removed",
    "interface_added",
    "interface_mac",
    "watchdog_added",
    "graphics_keymap",
    "graphics_password",
    "feature_added",
    "metadata_changed",
}


def edit(path: str) -> t.Callable[[Edit], Edit]:
    def enter(function: Edit) -> Edit:
        EDITS.append(Row(function.__name__, path, function))
        return function

    return enter


def _device(root: etree._Element, xml: str) -> None:
    root.findall("devices")[0].append(etree.fromstring(xml))


def _text(root: etree._Element, tag: str) -> None:
    element = root.find(tag)
    if element is None:
        element = etree.Element(tag)
        root.insert(2, element)
    element.text = (element.text or "") + "x"


@edit("/memory")
def memory(root):
    if root.find("cpu/numa") is not None:
        return False
    root.find("memory").text = str(int(root.findtext("memory")) + 4096)


@edit("/currentMemory")
def current_memory(root):
    root.find("currentMemory").text = str(int(root.findtext("currentMemory")) - 1024)


@edit("/vcpu")
def vcpu(root):
    root.find("vcpu").text = str(int(root.findtext("vcpu")) + 1)


@edit("/title")
def title(root):
    _text(root, "title")


@edit("/description")
def description(root):
    _text(root, "description")


@edit("/on_reboot")
def on_reboot(root):
    element = root.find("on_reboot")
    element.text = "restart" if element.text == "destroy" else "destroy"


@edit("/on_crash")
def on_crash(root):
    element = root.find("on_crash")
    if element.text == "preserve":
        return False
    element.text = "preserve"


@edit("/clock")
def clock(root):
    element = root.find("clock")
    offset = element.get("offset")
    if offset not in ("utc", "localtime"):
        return False
    element.set("offset", "localtime" if offset == "utc" else "utc")


@edit("/clock/timer")
def timer_added(root):
    if root.find("clock/timer[@name='pit']") is not None:
        return False
    root.find("clock").append(etree.fromstring("<timer name='pit' tickpolicy='delay'/>"))


@edit("/features")
def feature_added(root):
    features = root.find("features")
    if features is None:
        features = etree.SubElement(root, "features")
    if features.find("hap") is not None:
        return False
    etree.SubElement(features, "hap", state="on")


@edit("/features")
def feature_removed(root):
    features = root.find("features")
    if features is None or not len(features):
        return False
    features.remove(features[0])


@edit("/metadata")
def metadata_changed(root):
    metadata = root.find("metadata")
    if metadata is None or not len(metadata):
        return False
    metadata[0].set("edited", "yes")


@edit("/os/boot")
def boot_device(root):
    boot = root.find("os/boot")
    if boot is None:
        return False
    boot.set("dev", "cdrom" if boot.get("dev") == "network" else "network")


@edit("/os/boot")
def boot_device_added(root):
    boots = root.findall("os/boot")
    if len(boots) != 1 or boots[0].get("dev") == "network":
        return False
    boots[0].addnext(etree.Element("boot", dev="network"))


@edit("/os/type/@machine")
def machine(root):
    kind = root.find("os/type")
    if not kind.get("machine").startswith("pc-q35"):
        return False
    kind.set("machine", "pc-i440fx-7.2")


@edit("/cpu")
def cpu_model(root):
    cpu = root.find("cpu")
    if cpu is None or cpu.find("numa") is not None or "x86" not in root.find("os/type").get("arch"):
        return False
    root.remove(cpu)
    root.append(
        etree.fromstring(
            "<cpu mode='custom' match='exact'><model fallback='allow'>Nehalem</model></cpu>"
        )
    )


@edit("/cpu")
def cpu_topology(root):
    cpu = root.find("cpu")
    if cpu is None or cpu.find("topology") is not None:
        return False
    sockets = root.findtext("vcpu")
    etree.SubElement(cpu, "topology", sockets=sockets, dies="1", cores="1", threads="1")


@edit("/iothreads")
def iothreads(root):
    if root.find("iothreads") is not None:
        return False
    threads = etree.Element("iothreads")
    threads.text = "2"
    root.find("vcpu").addnext(threads)


@edit("/cputune")
def cpu_shares(root):
    cputune = root.find("cputune")
    if cputune is None:
        cputune = etree.SubElement(root, "cputune")
    shares = cputune.find("shares")
    if shares is None:
        shares = etree.Element("shares")
        cputune.insert(0, shares)
    shares.text = "334" if shares.text == "333" else "333"


@edit("/memtune")
def memory_limit(root):
    if root.find("memtune") is not None:
        return False
    root.append(etree.fromstring("<memtune><hard_limit unit='KiB'>9999999</hard_limit></memtune>"))


@edit("/blkiotune")
def io_weight(root):
    if root.find("blkiotune") is not None:
        return False
    root.append(etree.fromstring("<blkiotune><weight>345</weight></blkiotune>"))


@edit("/pm")
def power_management(root):
    if root.find("pm") is not None:
        return False
    root.append(etree.fromstring("<pm><suspend-to-mem enabled='no'/></pm>"))


@edit("/emulator")
def emulator(root):
    root.find("devices/emulator").text = "/bin/true"


@edit("/disk")
def disk_cache(root):
    driver = root.find("devices/disk/driver")
    if driver is None:
        return False
    driver.set("cache", "writeback" if driver.get("cache") == "none" else "none")


@edit("/disk")
def disk_source(root):
    source = root.find("devices/disk/source")
    for name in ("file", "dev"):
        if source is not None and source.get(name):
            source.set(name, source.get(name) + "x")
            return None
    return False


@edit("/disk")
def disk_removed(root):
    disk = root.find("devices/disk")
    if disk is None:
        return False
    disk.getparent().remove(disk)


@edit("/disk")
def last_disk_removed(root):
    disks = root.findall("devices/disk")
    if len(disks) < 2:
        return False
    disks[-1].getparent().remove(disks[-1])


@edit("/disk")
def disk_added(root):
    _device(
        root,
        "<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        "<source file='/tmp/x.img'/><target dev='vdzz' bus='virtio'/></disk>",
    )


@edit("/interface")
def interface_removed(root):
    interface = root.find("devices/interface")
    if interface is None:
        return False
    interface.getparent().remove(interface)


@edit("/interface")
def interface_added(root):
    _device(
        root,
        "<interface type='user'><mac address='52:54:00:ff:ee:01'/><model type='virtio'/>"
        "</interface>",
    )


@edit("/interface")
def interface_mac(root):
    mac = root.find("devices/interface/mac")
    if mac is None:
        return False
    mac.set("address", "52:54:00:ff:ee:02")


@edit("/interface")
def interface_link(root):
    interface = root.find("devices/interface")
    if interface is None or interface.find("link") is not None:
        return False
    etree.SubElement(interface, "link", state="down")


@edit("/watchdog")
def watchdog_added(root):
    if root.find("devices/watchdog") is not None:
        return False
    _device(root, "<watchdog model='i6300esb' action='poweroff'/>")


def _graphics(root):
    graphics = root.find("devices/graphics")
    return graphics if graphics is not None and graphics.get("type") in ("vnc", "spice") else None


@edit("/graphics")
def graphics_keymap(root):
    graphics = _graphics(root)
    if graphics is None:
        return False
    graphics.set("keymap", "fr" if graphics.get("keymap") == "de" else "de")


@edit("/graphics")
def graphics_password(root):
    graphics = _graphics(root)
    if graphics is None:
        return False
    graphics.set("passwd", "secret99")


@edit("/graphics")
def graphics_removed(root):
    graphics = root.find("devices/graphics")
    if graphics is None:
        return False
    graphics.getparent().remove(graphics)


@edit("/graphics")
def graphics_added(root):
    if root.find("devices/graphics") is not None:
        return False
    _device(root, "<graphics type='vnc'/>")


@edit("/video")
def video_model(root):
    model = root.find("devices/video/model")
    if model is None:
        return False
    video = model.getparent()
    other = "vga" if model.get("type") == "bochs" else "bochs"
    for part in list(video):
        video.remove(part)
    etree.SubElement(video, "model", type=other)


@edit("/controller")
def scsi_controller_added(root):
    if root.find("devices/controller[@type='scsi']") is not None:
        return False
    _device(root, "<controller type='scsi' model='virtio-scsi'/>")


@edit("/controller")
def usb_controller_model(root):
    controller = root.find("devices/controller[@type='usb']")
    if controller is None:
        return False
    for part in list(controller):
        controller.remove(part)
    controller.set("model", "qemu-xhci" if controller.get("model") == "nec-xhci" else "nec-xhci")


@edit("/rng")
def rng_added(root):
    _device(root, "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>")


@edit("/sound")
def sound_added(root):
    _device(root, "<sound model='ac97'/>")


@edit("/audio")
def audio_backend(root):
    audio = root.find("devices/audio")
    if audio is None or audio.get("type") != "none":
        return False
    audio.set("type", "oss")


@edit("/input")
def tablet_added(root):
    _device(root, "<input type='tablet' bus='usb'/>")


@edit("/serial")
def serial_added(root):
    if root.find("devices/serial") is not None:
        return False
    _device(root, "<serial type='pty'><target port='0'/></serial>")


@edit("/channel")
def channel_added(root):
    _device(root, "<channel type='unix'><target type='virtio' name='org.example.0'/></channel>")


@edit("/memballoon")
def balloon_removed(root):
    balloon = root.find("devices/memballoon")
    if balloon is None or balloon.get("model") == "none":
        return False
    for part in list(balloon):
        balloon.remove(part)
    balloon.attrib.clear()
    balloon.set("model", "none")


@edit("/memballoon")
def balloon_statistics(root):
    balloon = root.find("devices/memballoon")
    if balloon is None or balloon.get("model") == "none" or balloon.find("stats") is not None:
        return False
    etree.SubElement(balloon, "stats", period="77")


@edit("/tpm")
def tpm_added(root):
    if root.find("devices/tpm") is not None:
        return False
    _device(root, "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>")
