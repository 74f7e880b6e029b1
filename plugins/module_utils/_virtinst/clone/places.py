# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of each part of a domain's document in that of a clone.

The first row that fits holds. What has no row is copied as it is: it says how the machine is
built, and two machines may be built the same. A row is needed where a value stands for one
machine, or for one thing that only one guest can have at a time.

A path begins below ``domain``. ``*`` is any one tag, ``@*`` any attribute, ``**`` any number of
tags; it ends with the attribute, or with the tag.
"""

from __future__ import annotations

import functools
import typing as t

from ..._file_use.places import fits
from ..._xmltree.element import Element

#: ``OWN``: the clone gets its own value, which the code finds out. ``DROPPED``: the part is left
#: out, and libvirt chooses a new one. ``RENAMED``: the path of a file that the clone gets of its own, under
#: another name. ``ONCE``: copied, but only one of both guests can have it at a time, which is said.
#: ``SHARED``: both may have it at once.
OWN, DROPPED, RENAMED, ONCE, SHARED = "own", "dropped", "renamed", "once", "shared"

#: Whether a row is about an element: of the device (or of the part below ``domain``) that it is in, and
#: of the element itself.
When = t.Callable[[Element, Element], bool]


class Row(t.NamedTuple):
    """What becomes of a place. ``what`` completes "… can be only in one of both guests"."""

    path: str
    becomes: str
    reason: str
    what: str = ""
    when: When | None = None


def _of_type(*types: str) -> When:
    return lambda device, _element: device.get("type") in types


def _of_backend(*types: str) -> When:
    return lambda device, _element: device.value("backend/@type") in types


def _listens(device: Element, element: Element) -> bool:
    """Whether the source of a character device waits for a connection: virDomainChrSourceDef."""
    return (element.get("mode") or "bind") == "bind"


def _is_own_socket(device: Element, element: Element) -> bool:
    """Whether libvirt makes the socket itself where its path is left out.

    qemuDomainPrepareChannel: it does for a channel of virtio.
    """
    is_virtio = device.tag == "channel" and device.value("target/@type") == "virtio"
    return is_virtio and device.get("type") == "unix" and _listens(device, element)


def _is_bound_socket(device: Element, element: Element) -> bool:
    return device.get("type") == "unix" and _listens(device, element)


def _is_bound_port(device: Element, element: Element) -> bool:
    """A port of the host that QEMU listens at."""
    if device.get("type") == "udp":
        return element.get("mode") == "bind"
    return device.get("type") in ("tcp", "raw", "telnet", "telnets", "tls") and _listens(
        device, element
    )


def _is_kept_tap(_device: Element, element: Element) -> bool:
    return element.get("managed") == "no"


def _is_writable(_device: Element, element: Element) -> bool:
    return element.get("readonly") == "no"


_KERNEL = "the host's kernel lets one process have it"
_IN_GUEST = "the guest's own name for it, by which it may be mounted; other guests never see it"

PLACES: tuple[Row, ...] = (
    # What the machine is.
    Row("name", OWN, "virDomainObjListAdd: unique"),
    Row("uuid", OWN, "virDomainObjListAdd: unique"),
    Row("title", OWN, "a name for people"),
    Row("description", OWN, "the same text is as true of a clone, unless another one is given"),
    Row("genid", OWN, "tells a guest that it is a copy: the specification of the generation ID"),
    Row("hwuuid", DROPPED, "the UUID that the guest sees: that of the domain, without it"),
    Row("sysinfo/system/entry", OWN, "virSysinfoDefParse: its uuid has to be the domain's"),
    Row("sysinfo/baseBoard/entry", OWN, "a serial number or an asset tag is of one machine"),
    Row("sysinfo/chassis/entry", OWN, "a serial number or an asset tag is of one machine"),
    Row("sysinfo/bios/entry", SHARED, "the version of a firmware"),
    Row("sysinfo/oemStrings/entry", SHARED, "texts that the guest is to get"),
    Row("sysinfo/entry/@file", SHARED, "read at each start, never written"),
    Row("sysinfo/entry", SHARED, "texts that the guest is to get"),
    Row("metadata/**", OWN, "notes of applications; the origin of the clone is one of them"),
    Row("resource/fibrechannel/@appid", DROPPED, "the fabric knows one guest's traffic by it"),
    Row("resource/partition", SHARED, "a control group that may have many guests"),
    Row(
        "seclabel/label",
        ONCE,
        "guests with one label may read each other's images",
        "the label of its security driver",
        _of_type("static"),
    ),
    Row("seclabel/label", DROPPED, "libvirt gives each guest its own"),
    Row("seclabel/imagelabel", DROPPED, "libvirt gives each guest its own"),
    Row("seclabel/baselabel", SHARED, "what labels are made of"),
    Row("blkiotune/device/path", SHARED, "a limit of a device of the host"),
    # What it boots from.
    Row("os/nvram/@template", SHARED, "read where there is no NVRAM yet"),
    Row("os/nvram/source/@startupPolicy", SHARED, "what to do where it is missing"),
    Row("os/nvram/source/**", OWN, "the variables of one machine's firmware"),
    Row("os/nvram", OWN, "the variables of one machine's firmware"),
    Row("os/varstore/@template", SHARED, "read where there are no variables yet"),
    Row("os/varstore/@path", RENAMED, "the variables of one machine's firmware"),
    Row(
        "os/loader",
        ONCE,
        "QEMU locks a flash that it writes to",
        "the writable firmware",
        _is_writable,
    ),
    *(
        Row(f"os/{name}", SHARED, "read at each start, never written")
        for name in ("kernel", "initrd", "dtb", "loader", "shim", "acpi/table")
    ),
    *(
        Row(f"os/{name}", SHARED, "within a container, or of its kernel")
        for name in ("root", "init", "initarg", "initdir", "initenv", "cmdline")
    ),
    Row("bootloader", SHARED, "a program of the host"),
    # Disks.
    Row("devices/disk/backingStore", OWN, "a copy has no chain, and that of an overlay is found"),
    Row("devices/disk/mirror", DROPPED, "a job of the running source"),
    Row("devices/disk/serial", SHARED, _IN_GUEST),
    Row("devices/disk/wwn", SHARED, _IN_GUEST),
    Row("devices/disk/source/**", OWN, "its image is copied, shared, based on, or left out"),
    Row("devices/disk/**", SHARED, "how the guest gets its disk"),
    # Network interfaces.
    Row(
        "devices/interface/mac/@address", OWN, "two of one network would hear each other's traffic"
    ),
    Row(
        "devices/interface/target/@dev",
        ONCE,
        "the tap device that somebody else makes: " + _KERNEL,
        "the network device",
        _is_kept_tap,
    ),
    Row("devices/interface/target/@dev", DROPPED, "libvirt makes a new tap device for each guest"),
    Row("devices/interface/guest/@*", SHARED, "its name within a container"),
    Row("devices/interface/source/@portid", DROPPED, "libvirt's number of one plug of a network"),
    Row(
        "devices/interface/virtualport/parameters/@interfaceid",
        DROPPED,
        "Open vSwitch knows one port by it; virNetDevVPortProfileParse makes a new one",
    ),
    Row(
        "devices/interface/virtualport/parameters/@instanceid",
        DROPPED,
        "802.1Qbg knows one machine by it; virNetDevVPortProfileParse makes a new one",
    ),
    Row("devices/interface/filterref/parameter/@value", OWN, "its own MAC address, if it is that"),
    Row(
        "devices/interface/source/address",
        ONCE,
        _KERNEL,
        "the device of the host",
        _of_type("hostdev"),
    ),
    Row(
        "devices/interface/source/@path",
        ONCE,
        "the server of a vhost-user socket has one client",
        "the socket",
        _of_type("vhostuser"),
    ),
    Row("devices/interface/source/@dev", ONCE, _KERNEL, "the device", _of_type("vdpa")),
    Row(
        "devices/interface/source/@port",
        ONCE,
        "one process listens at a port",
        "the port",
        _of_type("server"),
    ),
    Row(
        "devices/interface/source/local/@port",
        ONCE,
        "one process listens at a port",
        "the port",
        _of_type("udp"),
    ),
    Row(
        "devices/interface/portForward/range/@start",
        ONCE,
        "one process listens at a port",
        "the forwarded port",
    ),
    Row("devices/interface/backend/@logFile", RENAMED, "passt writes it"),
    Row("devices/interface/backend/@tap", SHARED, "the device by which each guest gets its own"),
    Row("devices/interface/backend/@vhost", SHARED, "the device by which each guest gets its own"),
    Row("devices/interface/actual", DROPPED, "what a running guest has"),
    Row("devices/interface/**", SHARED, "where it is plugged in, and how"),
    # Character devices. A console of a container or of a guest without a serial port is its own.
    Row("devices/*/@tty", DROPPED, "the terminal of a running guest"),
    Row("devices/*/source/@tty", DROPPED, "the terminal of a running guest"),
    Row("devices/*/log/@file", RENAMED, "virtlogd writes it"),
    Row("devices/*/source/@path", DROPPED, "the terminal of a running guest", "", _of_type("pty")),
    Row(
        "devices/*/source/@path", DROPPED, "qemuDomainPrepareChannel makes one", "", _is_own_socket
    ),
    Row("devices/*/source/@path", RENAMED, "the guest writes it", "", _of_type("file")),
    Row("devices/*/source/@path", RENAMED, "one process listens at a socket", "", _is_bound_socket),
    Row(
        "devices/*/source/@path",
        ONCE,
        "what one guest reads, the other one misses",
        "the device or pipe",
        _of_type("dev", "pipe"),
    ),
    Row(
        "devices/*/source/@path",
        ONCE,
        "a server that may take one client only",
        "the socket",
        _of_type("unix"),
    ),
    Row(
        "devices/*/source/@service",
        ONCE,
        "one process listens at a port",
        "the port",
        _is_bound_port,
    ),
    Row("devices/*/source/@master", ONCE, _KERNEL, "the null modem"),
    Row("devices/*/source/@slave", ONCE, _KERNEL, "the null modem"),
    # Consoles that people look at.
    Row("devices/graphics/@port", OWN, "one process listens at a port"),
    Row("devices/graphics/@tlsPort", OWN, "one process listens at a port"),
    Row("devices/graphics/@websocket", OWN, "one process listens at a port"),
    Row("devices/graphics/@socket", RENAMED, "one process listens at a socket"),
    Row("devices/graphics/listen/@socket", RENAMED, "one process listens at a socket"),
    Row(
        "devices/graphics/@address",
        ONCE,
        "two guests would have the same names on the bus",
        "the D-Bus",
        _of_type("dbus"),
    ),
    Row("devices/graphics/gl/@rendernode", SHARED, "a GPU draws for many"),
    Row("devices/graphics/listen/@*", SHARED, "where the host listens"),
    Row("devices/graphics/@listen", SHARED, "where the host listens"),
    Row("devices/graphics/@display", SHARED, "where a window is shown"),
    Row("devices/graphics/@xauth", SHARED, "where a window is shown"),
    Row("devices/video/**", SHARED, "a GPU draws for many"),
    Row("devices/audio/@path", RENAMED, "QEMU writes it", "", _of_type("file")),
    Row("devices/audio/**", SHARED, "the host mixes sounds"),
    # What is of the host.
    Row("devices/hostdev", ONCE, _KERNEL, "the device of the host"),
    Row("devices/hostdev/**", SHARED, "said of the device as a whole"),
    Row(
        "devices/input/source/@*",
        ONCE,
        "a device is grabbed by one guest",
        "the input device",
        _of_type("passthrough", "evdev"),
    ),
    Row("devices/input/source/@*", SHARED, "a socket is of no such device"),
    Row("devices/filesystem/source/@dir", SHARED, "a folder may be shared with many guests"),
    Row("devices/filesystem/source/@name", SHARED, "a template, or a dataset of the host"),
    Row(
        "devices/filesystem/source/@socket",
        ONCE,
        "the server of a vhost-user socket has one client",
        "the socket of a filesystem",
    ),
    Row(
        "devices/filesystem/source/@*",
        ONCE,
        "a file system that two mount is damaged",
        "the image of a filesystem",
    ),
    Row("devices/filesystem/**", SHARED, "how the guest gets it"),
    Row("devices/memory/source/path", ONCE, "both would write to it", "the file of an NVDIMM"),
    Row("devices/memory/uuid", OWN, "a module of memory is known by it"),
    Row("devices/memory/**", SHARED, "how the guest gets it"),
    Row("devices/shmem/**", SHARED, "memory that guests share is there for that"),
    Row("devices/pstore/path", RENAMED, "the guest writes it"),
    Row(
        "devices/tpm/backend/device/@path",
        ONCE,
        _KERNEL,
        "the TPM of the host",
        _of_backend("passthrough"),
    ),
    Row(
        "devices/tpm/backend/source/@path",
        ONCE,
        "a TPM has one client",
        "the socket of the TPM",
        _of_backend("external"),
    ),
    Row("devices/tpm/backend/source/@path", RENAMED, "the state of an emulated TPM"),
    Row("devices/tpm/backend/encryption/@secret", SHARED, "a secret may open many states"),
    Row("devices/tpm/**", SHARED, "how the guest gets it"),
    Row("devices/vsock/cid", OWN, "the kernel knows a guest by its number"),
    Row("devices/vsock/cid/@*", OWN, "libvirt chooses one for each guest"),
    Row("devices/lease", ONCE, "it is a lock that one guest holds", "the lease"),
    Row("devices/lease/**", SHARED, "said of the lease as a whole"),
    Row("devices/smartcard/**", SHARED, "certificates are read"),
    Row("devices/rng/**", SHARED, "a source of random numbers is for many"),
    Row("devices/crypto/**", SHARED, "how the guest gets it"),
    Row("devices/panic/**", SHARED, "how the guest gets it"),
    Row("devices/emulator", SHARED, "the program that runs the guest"),
    Row("devices/*/alias/@name", SHARED, "a name within the domain"),
    Row("devices/*/address/@*", SHARED, "a place within the domain"),
    Row("devices/*/acpi/@*", SHARED, "a place within the domain"),
    Row("devices/*/source/**", SHARED, "what a device of this type connects to is for many"),
    Row("launchSecurity/**", SHARED, "what the owner of the guest trusts"),
    Row("id", DROPPED, "the number of a running guest"),
    Row("@id", DROPPED, "the number of a running guest"),
)


@functools.cache
def _rows_of(path: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(row for row in PLACES if fits(tuple(row.path.split("/")), path))


def row_of(
    path: tuple[str, ...], device: Element | None = None, element: Element | None = None
) -> Row | None:
    """The first row for a place; its last step is a tag, or ``@`` and an attribute.

    Without ``device`` and ``element`` conditions hold.
    """
    for row in _rows_of(path):
        if row.when is None or device is None or element is None or row.when(device, element):
            return row
    return None
