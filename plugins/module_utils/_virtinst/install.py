# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guest's installation, and the document for its first boot."""

from __future__ import annotations

import typing as t
import urllib.parse

from .._images.checksum import Checksum
from .._images.request import Access, ImageRequest
from .._secrecy import shown
from .._xmltree.element import Element
from . import disk_source, writing
from .configure import disks
from .configure.clock import is_windows
from .disk import Disk
from .disk_image import OF_SERVER, access_of, digest_of
from .errors import OptionError
from .first_boot import ENDS, SERIAL
from .guest import Guest
from .sub_options import read_sub_options

if t.TYPE_CHECKING:
    from .distributions import Medium

CDROM, NETWORK, DISK, FLOPPY = "cdrom", "network", "hd", "fd"
#: What is said of the server of a URL, and of the files on it.
_CHECKSUMS = ("kernel_checksum", "initrd_checksum")
_LOCATION = ("location", "kernel", "initrd", *_CHECKSUMS, *OF_SERVER)
_INSTALL = (
    "os",
    "bootdev",
    "kernel",
    "initrd",
    "kernel_args",
    "kernel_args_overwrite",
    "no_install",
)
_BOOT_WORDS = {"disk": DISK, "cdrom": CDROM, "floppy": FLOPPY}


class Install(t.NamedTuple):
    """The requested installation.

    ``boot`` is the device that is booted for it. ``kernel``, ``initrd`` and ``arguments`` boot
    a kernel directly; the files are in the tree at ``location`` if there is one, which can be a
    URL. ``injected`` are the paths of files that are put into the initrd, and ``scripts`` further
    files by their names. ``overwrites``: there are no other arguments. ``seed`` is the path of
    cloud-init's image, and ``disc`` that of an image with scripts. ``access`` is how servers are
    spoken to, and ``checksums`` are those of kernel and initrd that the task gives. ``os`` is
    the system whose tree is to be taken, as the database knows it. ``medium`` is what is downloaded
    in place of ``cdrom``.
    """

    cdrom: str | None = None
    medium: ImageRequest | None = None
    boot: str | None = None
    kernel: str | None = None
    initrd: str | None = None
    arguments: str | None = None
    location: str | None = None
    injected: tuple[str, ...] = ()
    scripts: tuple[tuple[str, bytes], ...] = ()
    seed: str | None = None
    disc: str | None = None
    is_live: bool = False
    overwrites: bool = False
    access: Access = Access()
    checksums: tuple[Checksum | None, Checksum | None] = (None, None)
    os: str | None = None

    @property
    def is_downloaded(self) -> bool:
        """Whether the medium, kernel or initrd are downloaded."""
        if self.os is not None or self.medium is not None:
            return True
        return any(map(is_url, (self.location, self.kernel, self.initrd)))

    @property
    def has_medium(self) -> bool:
        """Whether a CD-ROM is installed from."""
        return self.cdrom is not None or self.medium is not None

    @property
    def has_phase(self) -> bool:
        """Whether the first boot runs an installer."""
        if self.is_live:
            return False
        return bool(self.has_medium or self.boot or self.kernel or self.location or self.os)

    @property
    def needs_two(self) -> bool:
        """Whether the first boot has a document of its own."""
        return self.has_phase or self.seed is not None or self.disc is not None


def check_kernel(guest: Guest, install: Install) -> None:
    """Check that a kernel and an initrd outside of a tree exist.

    :raises OptionError: there is nothing at one of the paths.
    """
    if install.location is not None or not guest.host.is_local:
        return
    for path in filter(None, (install.kernel, install.initrd)):
        if is_url(path):
            continue
        if guest.host.storage.at(path) is None:
            raise OptionError(
                f"install: there is nothing at {path}; correct the path, or put it there"
            )


def add_cdrom(guest: Guest, install: Install) -> Element | None:
    """Add a drive with the medium before all other CD-ROM drives.

    :raises OptionError: there is nothing at its path, or no image.
    """
    if not install.has_medium:
        return None
    drive = Disk("disk", {"device": "cdrom"})
    connect(guest, drive, install)
    drive.attributes["type"] = disk_source.type_of(drive)
    drives = [disk for disk in guest.devices("disk") if disk.get("device") == "cdrom"]
    return guest.add_device(drive, drives[0] if drives else None)


def connect(guest: Guest, drive: Disk, install: Install) -> None:
    """Put the medium into a drive.

    :raises OptionError: there is nothing at its path, or no image.
    """
    if install.medium is not None:
        from . import medium

        medium.connect(guest, drive, install.medium)
        return
    path = install.cdrom or ""
    try:
        disk_source.use_path(guest, drive, path)
    except OptionError as error:
        raise OptionError(f"cdrom: {error}") from None
    is_directory = drive.storage is not None and drive.storage.kind == "dir"
    if is_directory or guest.host.is_image(path) is False:
        raise OptionError(
            f"cdrom: {path} is no image that can be installed from: it has no ISO 9660 file system"
        )


def detected_medium(guest: Guest, install: Install) -> Medium | None:
    """What the database knows of the medium.

    :raises OptionError: it is to be downloaded, and can't be.
    """
    if install.medium is not None:
        from . import medium

        return medium.detected(guest, install.medium)
    return None if install.cdrom is None else guest.host.detect_image(install.cdrom)


def set_boot_order(guest: Guest, install: Install) -> None:
    """Set the device that is booted after the installation, unless the options do."""
    if guest.has("os/boot") or not _can_order(guest):
        return
    _write_order(guest, _final_device(guest, install))


def first_boot(guest: Guest, install: Install) -> Element:
    """The document for the first boot, made from the document for all others."""
    root = writing.copied(guest.root)
    first = guest.with_document(root)
    first.set("on_reboot", ENDS)
    for path, value in (
        ("os/kernel", install.kernel),
        ("os/initrd", install.initrd),
        ("os/cmdline", install.arguments),
    ):
        if value:
            first.set(path, value)
    os = first.make("os")
    os.children = [child for child in os.children if child.tag != "boot"]
    if install.boot is not None and _can_order(first):
        _write_order(first, install.boot)
    if install.seed is not None:
        _set_serial(first)
        if guest.has_default_tpm and first.is_uefi:
            # shim resets a guest with a TPM whose UEFI variables are new, to measure the boot.
            devices = first.make("devices")
            devices.children = [device for device in devices.children if device.tag != "tpm"]
    return root


def eject(guest: Guest, drive: Element | None) -> None:
    """Take the medium out after the installation.

    Windows needs it again when it starts from its disk for the first time.
    """
    if drive is not None and not is_windows(guest):
        disk_source.eject(drive)


def add_seed(guest: Guest, path: str | None) -> Element | None:
    """Add a drive with cloud-init's data, or with scripts, after all other disks."""
    if path is None:
        return None
    drive = Element("disk", {"type": "file", "device": "cdrom"})
    writing.write(drive, "source/@file", path)
    guest.add_device(drive)
    disks.complete(guest, drive)
    if drive.value("driver/@name") == "qemu":
        writing.write(drive, "driver/@type", "raw")
    return drive


def _set_serial(guest: Guest) -> None:
    """Set the serial number that announces a seed to cloud-init.

    https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
    """
    if not guest.host.is_qemu_or_test:
        return
    if not (guest.is_x86 or guest.is_arm_virt):
        return
    if guest.get("os/smbios/@mode") not in (None, "sysinfo"):
        return
    path = "sysinfo[@type='smbios']/system/entry[@name='serial']"
    if guest.get(path) is None:
        guest.set("os/smbios/@mode", "sysinfo")
        guest.set(path, SERIAL)


def _can_order(guest: Guest) -> bool:
    if guest.is_container or guest.get("os/kernel") is not None:
        return False
    devices = guest.root.child("devices") or Element("devices")
    return all(device.value("boot/@order") is None for device in devices.children)


def _write_order(guest: Guest, first: str) -> None:
    order = [first]
    # A disk is always bootable, or installers refuse it.
    if DISK not in order and any(_is_disk(disk) for disk in guest.devices("disk")):
        order.append(DISK)
    guest.make("os").children.extend(Element("boot", {"dev": device}) for device in order)


def _final_device(guest: Guest, install: Install) -> str:
    if install.has_medium and install.is_live:
        return CDROM
    present = guest.devices("disk")
    if install.boot is not None:
        return DISK if any(_is_disk(disk) for disk in present) else install.boot
    device = (present[0].get("device") or "disk") if present else "disk"
    return _BOOT_WORDS.get(device, DISK)


def _is_disk(disk: Element) -> bool:
    return (disk.get("device") or "disk") == "disk"


def chosen(options: t.Mapping[str, t.Any]) -> Install:
    """The installation that the options request.

    :raises OptionError: they contradict each other.
    """
    methods = [name for name in ("cdrom", "location", "pxe", "import") if options.get(name)]
    if len(methods) > 1:
        raise OptionError(f"{' and '.join(methods)} contradict each other; give one of them")
    arguments, files = (
        _words("extra_args", options.get("extra_args")),
        tuple(_words("initrd_inject", options.get("initrd_inject"))),
    )
    sub_options = read_sub_options("install", _INSTALL, options.get("install"))
    is_on = {key: _is_on(sub_options.get(key)) for key in ("no_install", "kernel_args_overwrite")}
    methods += [f"install: {name}" for name in ("os", "kernel") if sub_options.get(name)]
    if sub_options.get("os") and len(methods) > 1:
        raise OptionError(f"{' and '.join(methods)} contradict each other; give one of them")
    if sub_options.get("initrd") and not (sub_options.get("kernel") or options.get("location")):
        raise OptionError("install: an initrd is booted with a kernel; give kernel too")
    if sub_options.get("kernel_args"):
        given = [sub_options["kernel_args"]]
        arguments = given if is_on["kernel_args_overwrite"] or not arguments else given + arguments
    install = Install(
        boot=NETWORK if options.get("pxe") else sub_options.get("bootdev"),
        kernel=sub_options.get("kernel"),
        initrd=sub_options.get("initrd"),
        arguments=" ".join(arguments) or None,
        injected=files,
        os=sub_options.get("os"),
        is_live=bool(options.get("livecd")) or is_on["no_install"],
        overwrites=bool(sub_options.get("kernel_args")) and is_on["kernel_args_overwrite"],
    )
    if isinstance(options.get("cdrom"), t.Mapping):
        # Ansible compiles a module's code anew in each task, and few tasks download a medium.
        from .medium import requested

        install = install._replace(medium=requested(options["cdrom"]), boot=CDROM)
    elif options.get("cdrom"):
        install = install._replace(cdrom=_path_of("cdrom", options["cdrom"]), boot=CDROM)
    if options.get("location"):
        install = _at_location(install, options["location"])
    for option, value in (("extra_args", arguments), ("initrd_inject", files)):
        if value and not (install.location or install.kernel or install.os):
            raise OptionError(f"{option} is for a kernel that is booted directly; give location")
    return install


def _path_of(option: str, value: object) -> str:
    if isinstance(value, (list, tuple)):
        raise OptionError(f"{option} takes a path, a URL or a dictionary, not {shown(repr(value))}")
    return str(value)


def _at_location(install: Install, value: object) -> Install:
    if isinstance(value, str) and is_url(value.partition("=")[0]):
        # A URL may have an equals sign, which is that of no sub-option.
        value = f"location={value}"
    given = read_sub_options("location", _LOCATION, value)
    path = given.get("location") or ""
    if path.startswith("file://"):
        path = urllib.parse.unquote(path[len("file://") :])
    if not path:
        raise OptionError("location: it is nowhere; give a URL, a directory or an image")
    if path.startswith("nfs:"):
        raise OptionError(
            "location: nothing is read over NFS; mount it on the managed host and give the directory, or "
            "give a URL that begins with https:// or http://"
        )
    if bool(given.get("kernel")) != bool(given.get("initrd")):
        raise OptionError("location: kernel and initrd are given together, or not at all")
    if not is_url(path):
        useless = [name for name in (*_CHECKSUMS, *OF_SERVER) if name in given]
        if useless:
            raise OptionError(f"location: {useless[0]} is of no use without a URL; leave it out")
    kernel_sum, initrd_sum = (
        digest_of("location", name, given[name]) if name in given else None for name in _CHECKSUMS
    )
    return install._replace(
        location=path,
        kernel=given.get("kernel"),
        initrd=given.get("initrd"),
        access=access_of("location", given),
        checksums=(kernel_sum, initrd_sum),
    )


def is_url(place: str | None) -> bool:
    """Whether a place is a URL, and no path."""
    return place is not None and "://" in place


def _words(name: str, value: object) -> list[str]:
    if value is None:
        return []
    values = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(word, (list, tuple, t.Mapping)) for word in values):
        raise OptionError(f"{name} takes a text or a list of texts, not {shown(repr(value))}")
    return [str(word) for word in values if word is not None]


def _is_on(value: object) -> bool:
    return str(value).lower() in ("yes", "on", "true", "1")
