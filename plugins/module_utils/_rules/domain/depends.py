# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belonged to the old value of something that tells the kind of an element.

A test derives from libvirt's schema which values tell a kind, and what only some of the kinds
have: each of it is in a row here, or an exception of the test.
"""

from __future__ import annotations

from ..rows import Depends


def _at(path: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{path}/{name}" for name in names)


_CHARACTER_DEVICES = "{serial,parallel,console,channel,redirdev,smartcard}"
#: Of a disk's driver, what only virtio has.
_VIRTIO = ("@iommu", "@ats", "@packed", "@page_per_vq", "@queues", "@queue_size", "@event_idx")
#: Interfaces that no device of the host's network stands behind.
_WITHOUT_TAP = ("user", "server", "client", "mcast", "udp", "internal", "hostdev", "null", "vds")
_ENLIGHTENMENTS = (
    *("avic", "evmcs", "frequencies", "ipi", "reenlightenment", "relaxed", "reset", "runtime"),
    *("spinlocks", "stimer", "synic", "tlbflush", "vapic", "vendor_id", "vpindex"),
)
_USB_AND_PCI = (
    *("piix3-uhci", "piix4-uhci", "ehci", "ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3"),
    *("vt82c686b-uhci", "pci-ohci", "nec-xhci", "qusb1", "qusb2", "qemu-xhci", "none"),
    *("pci-root", "pcie-root", "pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge"),
    *("pcie-root-port", "pcie-switch-upstream-port", "pcie-switch-downstream-port"),
    *("pci-expander-bus", "pcie-expander-bus"),
)

_DISKS = (
    Depends(
        "devices/disk",
        "@type",
        (
            *("source/*", "driver/@type", "backingStore", "auth", "encryption"),
            *("@rawio", "@sgio", "geometry", "transient"),
        ),
        "each type has a source of its own, and a format is that of a source",
    ),
    Depends(
        "devices/disk",
        "@type",
        (
            *("iotune", "serial", "wwn", "vendor", "product", "blockio", "@snapshot"),
            *("readonly", "shareable", "transient", "throttlefilters"),
            *_at("driver", "@cache", "@io", "@error_policy", "@rerror_policy", "@discard"),
            *_at("driver", "@detect_zeroes", "@copy_on_read", "@iothread", "metadata_cache"),
        ),
        "virDomainDiskDefValidate: a vhost-user disk is all the other program's",
        becoming=("vhostuser",),
    ),
    Depends(
        "devices/disk",
        "@device",
        (
            *("@rawio", "@sgio", "readonly", "transient", "address", "geometry"),
            *("target/@tray", "target/@removable", "source/@startupPolicy"),
        ),
        "drives for media are read-only or not, and have a tray; only a LUN takes raw commands",
        usual="disk",
    ),
    Depends(
        "devices/disk",
        "@device",
        ("target/@rotation_rate", "@model", "driver/@copy_on_read"),
        "a drive for media has no platters and is no virtio device",
        usual="disk",
        becoming=("cdrom", "floppy"),
    ),
    Depends(
        "devices/disk",
        "@device",
        ("driver/@copy_on_read", "serial", "wwn", "vendor", "product", "target/@rotation_rate"),
        "virDomainDiskDefValidate: a LUN has those of the host's device",
        becoming=("lun",),
    ),
    Depends(
        "devices/disk",
        "target/@bus",
        (
            *("address", "@model", "@rawio", "@sgio", "vendor", "product"),
            *("target/@removable", "target/@rotation_rate", "driver/@iothread"),
            *("driver/iothreads", "driver/queue"),
            *_at("driver", *_VIRTIO, "@ioeventfd"),
        ),
        "each bus has addresses and features of its own",
    ),
    Depends(
        "devices/disk",
        "target/@bus",
        ("wwn", "transient/@shareBacking"),
        "virDomainDiskDefValidate: only IDE and SCSI disks have a world wide name",
        becoming=("fdc", "virtio", "xen", "usb", "uml", "sata", "sd"),
    ),
    Depends(
        "devices/disk",
        "target/@bus",
        ("geometry",),
        "qemuValidateDomainDeviceDefDiskFrontend: these have no geometry",
        becoming=("usb", "sd"),
    ),
    Depends(
        "devices/disk", "target/@bus", ("serial",), "an SD card has none", becoming=("fdc", "sd")
    ),
    Depends(
        "devices/disk",
        "source/@protocol",
        ("source/*", "auth", "encryption", "driver/@type"),
        "each protocol has names, hosts and secrets of its own",
    ),
    Depends(
        "devices/disk/**/{backingStore,mirror}",
        "@type",
        ("source/*", "format", "backingStore"),
        "each type has a source of its own",
    ),
    Depends(
        "devices/disk/**/{backingStore,mirror}",
        "source/@protocol",
        ("source/*",),
        "each protocol has names, hosts and secrets of its own",
    ),
    Depends(
        "os/nvram",
        "@type",
        ("source/*", "text()"),
        "each type has a source of its own",
        usual="file",
    ),
    Depends("os/nvram", "source/@protocol", ("source/*",), "each protocol has names of its own"),
    Depends(
        "**/source/host",
        "@transport",
        ("@name", "@port", "@socket"),
        "a socket has a path, and nothing else has one",
        usual="tcp",
    ),
    Depends("**/reservations", "@managed", ("source",), "a managed helper has a socket of its own"),
    Depends("**/{auth,encryption}/secret", "@uuid", ("@usage",), "a secret is named in one way"),
    Depends("**/{auth,encryption}/secret", "@usage", ("@uuid",), "a secret is named in one way"),
)

_NETWORK = (
    Depends(
        "devices/interface",
        "@type",
        (
            *("source/*", "virtualport", "vlan", "backend", "portForward", "@managed", "ip"),
            *("route", "script", "downscript", "driver/@name", "driver/@txmode", "tune"),
            *("target/@dev", "target/@managed", "@trustGuestRxFilters"),
        ),
        "each type has a source of its own, and a backend of the host that belongs to it",
    ),
    Depends(
        "devices/interface",
        "@type",
        ("mtu", "coalesce", "filterref", "bandwidth"),
        "only a device of the host's network has them",
        becoming=_WITHOUT_TAP,
    ),
    Depends(
        "devices/interface",
        "@type",
        ("mtu",),
        "qemuValidateDomainDeviceDefNetwork: these have none that can be set",
        becoming=("direct", "vdpa"),
    ),
    Depends(
        "devices/interface",
        "@type",
        ("model",),
        "qemuValidateDomainDeviceDefNetwork: the one is virtio, the other is what the host has",
        becoming=("vdpa", "hostdev"),
    ),
    Depends(
        "devices/interface",
        "@type",
        ("driver", "backenddomain"),
        "virDomainNetDefParseXML: what is passed through has no backend",
        becoming=("hostdev",),
    ),
    Depends(
        "devices/interface",
        "model/@type",
        ("address", "driver"),
        "a USB or s390 model doesn't fit at a PCI address; virtio alone has a driver",
    ),
    Depends(
        "devices/interface/driver",
        "@name",
        (
            *("@event_idx", "@ioeventfd", "@queues", "@rx_queue_size", "@tx_queue_size"),
            "@txmode",
        ),
        "each backend has settings of its own",
    ),
    Depends(
        "**/virtualport",
        "@type",
        ("parameters/*",),
        "each kind of switch has parameters of its own",
    ),
    Depends("**/teaming", "@type", ("@persistent",), "a transient one names the other"),
)

_HOST_DEVICES = (
    *(
        Depends(
            "devices/hostdev",
            decider,
            (
                *("source/*", "@display", "@model", "@ramfb", "@rawio", "@sgio", "@managed"),
                *("driver", "ip", "route", "teaming", "readonly", "shareable", "address"),
                "boot",
            ),
            "each kind of the host's devices is named in its own way",
        )
        for decider in ("@type", "@mode")
    ),
    Depends(
        "devices/hostdev",
        "@model",
        ("@display", "@ramfb", "address"),
        "each model has features and a bus of its own",
    ),
    *(
        Depends(
            "devices/hostdev",
            decider,
            ("source/*", "boot"),
            "each way to a SCSI device has names of its own",
        )
        for decider in ("source/@protocol", "source/adapter/@type")
    ),
)

_CONTROLLERS = (
    Depends(
        "devices/controller",
        "@type",
        (
            *("@model", "@ports", "@vectors", "@maxGrantFrames", "@maxEventChannels"),
            *("master", "model", "pcihole64", "target", "driver", "address"),
        ),
        "each type has models and limits of its own",
    ),
    Depends(
        "devices/controller",
        "@model",
        ("address", "target", "model", "master", "pcihole64", "driver"),
        "another model may not fit where the old one sat",
    ),
    Depends(
        "devices/controller",
        "@model",
        ("@ports", "@vectors"),
        "each of these models has its own number of ports",
        becoming=_USB_AND_PCI,
    ),
)

_CHARACTERS = (
    Depends(
        f"devices/{_CHARACTER_DEVICES}",
        "@type",
        ("source/*", "protocol"),
        "each type is connected to something else on the host",
    ),
    Depends(
        "devices/{serial,parallel}",
        "target/@type",
        ("target/model", "address"),
        "each target type has addresses and models of its own; the number tells which port it is",
    ),
    Depends(
        "devices/{console,channel}",
        "target/@type",
        ("target/*", "address"),
        "each target type has addresses of its own",
    ),
    Depends(
        "devices/smartcard",
        "@mode",
        ("@type", "certificate", "database", "source/*", "protocol", "target", "log"),
        "each mode has a reader of its own",
    ),
    Depends("devices/redirdev", "@bus", ("address",), "each bus has addresses of its own"),
)

_GRAPHICS = (
    Depends(
        "devices/graphics",
        "@type",
        (
            *("@address", "@autoport", "@connected", "@defaultMode", "@display", "@fullscreen"),
            *("@keymap", "@listen", "@multiUser", "@p2p", "@passwd", "@passwdValidTo", "@port"),
            *("@powerControl", "@replaceUser", "@sharePolicy", "@socket", "@tlsPort", "@username"),
            *("@websocket", "@xauth", "audio", "channel", "clipboard", "filetransfer", "gl"),
            *("image", "jpeg", "listen", "mouse", "playback", "streaming", "zlib"),
        ),
        "each protocol has ports, listeners and features of its own",
    ),
    Depends("devices/graphics", "@port", ("@autoport",), "a port that is given isn't found"),
    Depends("devices/graphics", "@tlsPort", ("@autoport",), "a port that is given isn't found"),
    Depends("devices/graphics", "@autoport", ("@port", "@tlsPort"), "found by libvirt, or given"),
    Depends(
        "devices/graphics",
        "listen/@type",
        ("@listen", "@socket"),
        "they repeat what the first listener says",
    ),
    Depends(
        "devices/graphics/listen",
        "@type",
        ("@address", "@network", "@socket"),
        "each type of listener is named in its own way",
    ),
    Depends(
        "devices/video",
        "model/@type",
        (
            *_at("model", "@ram", "@vram", "@vgamem", "@vram64", "@blob", "@edid"),
            *("model/acceleration", "model/resolution", "driver"),
        ),
        "each model has memory and features of its own",
    ),
    Depends(
        "devices/video",
        "model/@type",
        ("address",),
        "these are no PCI devices",
        becoming=("none", "ramfb", "gop"),
    ),
    Depends(
        "devices/video",
        "model/@type",
        ("model/@primary", "model/@heads"),
        "virDomainVideoDefFormat: no device is no primary one, and has no heads",
        becoming=("none",),
    ),
    Depends(
        "devices/audio",
        "@type",
        (
            *("@driver", "@dspPolicy", "@exclusive", "@path", "@serverName", "@tryMMap"),
            *("input/*", "output/*"),
        ),
        "each sound system of the host has settings of its own",
    ),
    Depends("devices/sound", "@model", ("codec",), "only an HDA device has codecs"),
)

_OTHER_DEVICES = (
    Depends(
        "devices/filesystem",
        "@type",
        ("source/*", "driver", "binary"),
        "each type has a source of its own",
        usual="mount",
    ),
    Depends(
        "devices/filesystem",
        "driver/@type",
        (
            *("@accessmode", "@fmode", "@dmode", "@multidevs", "binary", "source/@socket"),
            "boot",
            *_at("driver", "@format", "@wrpolicy", "@queue", *_VIRTIO),
        ),
        "9p and virtiofs have modes of their own",
        usual="path",
    ),
    Depends(
        "devices/input",
        "@bus",
        ("address", "@model"),
        "each bus has addresses and models of its own",
    ),
    Depends(
        "devices/input",
        "@bus",
        ("driver",),
        "only virtio has a driver",
        becoming=("ps2", "usb", "xen"),
    ),
    Depends(
        "devices/input",
        "@type",
        ("@bus", "@model", "address", "source/*", "driver"),
        "each type has a bus that it sits on, and what is passed through a source",
    ),
    Depends(
        "devices/{memballoon,watchdog,sound,panic,rng,vsock,iommu,tpm,shmem,crypto}",
        "{@model,model/@type}",
        ("address",),
        "models sit on different buses, or nowhere",
    ),
    Depends(
        "devices/memballoon",
        "@model",
        ("@autodeflate", "@freePageReporting", "stats", "driver"),
        "there is nothing to set of no balloon",
        becoming=("none", "xen"),
    ),
    Depends(
        "devices/{rng,crypto}",
        "backend/@model",
        ("backend/*",),
        "each backend is made of something else",
    ),
    Depends(
        "devices/rng",
        "backend/@type",
        ("backend/source/*", "backend/protocol"),
        "each type is connected to something else on the host, and stays a backend of its model",
    ),
    Depends(
        "devices/tpm",
        "backend/@type",
        ("backend/*",),
        "each backend is made of something else",
    ),
    Depends("devices/shmem", "model/@type", ("server", "msi"), "a plain one has no server"),
    Depends("devices/iommu", "@model", ("driver",), "each model has features of its own"),
    Depends(
        "devices/memory",
        "@model",
        (
            *("source/*", "uuid", "@access", "@discard", "address"),
            *_at("target", "label", "readonly", "block", "requested", "current", "address"),
        ),
        "each kind of module is made of something else",
    ),
    Depends(
        "devices/*",
        "@model",
        ("driver/@iommu", "driver/@ats", "driver/@packed", "driver/@page_per_vq"),
        "a legacy device has no platform for them",
        becoming=("virtio-transitional",),
    ),
    Depends("**/address", "@type", ("*",), "each bus has addresses of its own"),
)

_MACHINE = (
    Depends(
        "cpu",
        "@mode",
        ("@match", "@check", "@migratable", "model", "vendor", "feature", "cache", "maxphysaddr"),
        "only a custom CPU has a model; what is checked depends on the mode",
        usual="custom",
    ),
    Depends(
        "cpu",
        "model",
        ("vendor", "feature", "model/@vendor_id"),
        "features are added to a model or taken from it",
    ),
    Depends(
        "clock",
        "@offset",
        ("@adjustment", "@basis", "@start", "@timezone"),
        "each way to set a clock has settings of its own",
    ),
    Depends("clock/timer", "@tickpolicy", ("catchup",), "only one policy catches up"),
    Depends(
        "cputune/{emulatorsched,iothreadsched,vcpusched}",
        "@scheduler",
        ("@priority",),
        "only real-time schedulers have priorities",
    ),
    Depends("numatune/memory", "@placement", ("@nodeset",), "chosen, or given", usual="static"),
    Depends("features/hyperv", "@mode", _ENLIGHTENMENTS, "all of them, or each", usual="custom"),
    Depends(
        "launchSecurity",
        "@type",
        (
            *("@kernelHashes", "cbitpos", "dhCert", "handle", "policy", "reducedPhysBits"),
            "session",
        ),
        "each technology has settings of its own",
    ),
    Depends(
        "seclabel",
        "@type",
        ("@relabel", "label", "baselabel", "imagelabel"),
        "a label is made from a base, or given, or there is none",
    ),
    Depends("**/seclabel", "@relabel", ("label",), "what isn't labelled has no label"),
    Depends("os/type", "@arch", ("@machine",), "each architecture has machines of its own"),
    Depends("os", "@firmware", ("loader", "nvram", "firmware"), "it is found, or given"),
    Depends("os/loader", "@type", ("@secure",), "only flash can be protected"),
    Depends(
        "os",
        "loader/@stateless",
        ("nvram", "@firmware", "firmware"),
        "virDomainDefOSValidate: what is stateless keeps no variables, and is other firmware",
        becoming=("yes",),
    ),
    *(
        Depends(
            "os",
            decider,
            ("nvram/@template", "nvram/@templateFormat"),
            "qemuFirmwareFillDomain: variables begin as the firmware has them",
        )
        for decider in ("loader", "loader/@format")
    ),
)


def _with_place(row: Depends) -> Depends:
    """What a device has by sitting at a PCI address goes with that."""
    if "address" not in row.dependents:
        return row
    return row._replace(dependents=(*row.dependents, "acpi", "rom"))


DEPENDS = tuple(
    _with_place(row)
    for row in (
        *_DISKS,
        *_NETWORK,
        *_HOST_DEVICES,
        *_CONTROLLERS,
        *_CHARACTERS,
        *_GRAPHICS,
        *_OTHER_DEVICES,
        *_MACHINE,
    )
)
