# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installing from a tree: its kernel is booted directly, with arguments."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import typing as t

from .._images.checksum import Checksum
from .._images.errors import ImageError
from .._images.request import shown_url
from .._osinfo import (
    DatabaseMissing,
    OperatingSystem,
    UnknownOperatingSystem,
    tree_entry,
    tree_url,
)
from . import resources, tree
from .distributions import Recognised, View, asks_database, recognised
from .errors import OptionError
from .guest import Guest
from .initrd import injected
from .install import Install, is_url
from .install_files import INITRD, KERNEL
from .storage import NewVolume

#: The arguments that name the place of the installer's files, by the distribution, where the
#: database has none.
_URL_ARGUMENTS = {
    **dict.fromkeys(("caasp", "sle", "sled", "sles", "opensuse"), "install"),
    **dict.fromkeys(("centos", "rhel", "fedora"), "inst.repo"),
}

if t.TYPE_CHECKING:
    from .._xmltree.lxml_import import etree


def detected(guest: Guest, install: Install, named: str | None) -> str | None:
    """The short id of the operating system that the tree installs, if it is recognised.

    ``named`` is that of the system that the task names, whose distribution is tried first.
    """
    distro = None
    if named is not None:
        with contextlib.suppress(UnknownOperatingSystem):
            distro = guest.host.osinfo.find(named).distro
    return _recognised(guest, install, distro).system


def at_known_tree(guest: Guest, install: Install, profile: str | None = None) -> Install:
    """The installation from the tree that the database knows of a system.

    ``profile`` is that of an unattended installation, by which one of several trees is taken.

    :raises OptionError: it knows none for the guest's architecture.
    """
    try:
        system = guest.host.osinfo.find(install.os or "")
    except (DatabaseMissing, UnknownOperatingSystem) as error:
        raise OptionError(f"install: os: {error}") from None
    url = tree_url(system, guest.arch or "", profile)
    if url is None:
        raise OptionError(
            f"install: os: the osinfo database knows no tree of {install.os} for {guest.arch}; give "
            "location, or a disk with an image"
        )
    guest.note(f"{install.os} is installed from {url}")
    return install._replace(location=url)


def prepared(guest: Guest, install: Install) -> tuple[Install, tuple[NewVolume, ...]]:
    """The installation with the kernel that it boots, and the volumes with its files.

    Files in a directory are used in place. Files in an image, and an initrd that other files
    are put into, are copied to volumes whose names begin with the domain's. Files of a server
    are downloaded when the volumes are created, and kept for other guests.

    :raises OptionError: the tree or one of its files doesn't exist.
    """
    option = "install" if install.location is None else "location"
    with _named(option):
        opened = _opened(guest, install)
        boot = _Boot(guest, install, opened, option)
        volumes: tuple[NewVolume, ...] = ()
        if install.kernel or opened is not None:
            names = boot.names()
            kernel = boot.file(KERNEL, names[0], install.checksums[0])
            initrd = boot.file(INITRD, names[1], install.checksums[1]) if names[1] else None
            if install.injected or install.scripts:
                if initrd is None:
                    wanted = "unattended" if install.scripts else "initrd_inject"
                    raise OptionError(f"{wanted}: there is no initrd to put files into")
                initrd = boot.with_files(initrd)
            files = [file for file in (kernel, initrd) if file is not None]
            volumes = tuple(file.volume for file in files if file.volume is not None)
            install = install._replace(
                kernel=kernel.path,
                initrd=None if initrd is None else initrd.path,
                arguments=_arguments(guest, install),
            )
    if opened is not None and opened.is_image:
        install = install._replace(cdrom=opened.path)
    if opened is not None and not (opened.is_image or opened.is_url or install.arguments):
        guest.note(
            "location: an installer from a directory doesn't find the rest of itself; "
            "name the place in extra_args"
        )
    return install, volumes


def known_tree(
    guest: Guest, install: Install, named: str | None
) -> tuple[OperatingSystem, etree._Element] | None:
    """The database's system and entry for the tree or the image that is installed from.

    ``named`` is the distribution of the system that the task names.
    """
    with _named("location"):
        opened = _opened(guest, install)
        if opened is None:
            return None
        view = View(opened, guest.host.osinfo, install.location or "", guest.arch or "")
        if not asks_database(view, named):
            return None
        if opened.is_image:
            return known_image(guest, opened.path)
        return tree_entry(guest.host.osinfo, view.info.general)


def known_image(guest: Guest, path: str) -> tuple[OperatingSystem, etree._Element] | None:
    """The database's system and entry for an image."""
    medium = guest.host.detect_image(path)
    if medium is None or medium.element is None:
        return None
    return guest.host.osinfo.find(medium.system), medium.element


def raise_memory(guest: Guest, first: Guest, install: Install, named: str | None) -> None:
    """Give the first boot the memory that an installation over the network needs.

    ``named`` is the distribution of the system that the task names.
    """
    if install.location is None or not _needs_network(guest, install, named):
        return
    needed = resources.known(guest.os.resources("network-install"), guest.arch or "", "ram")
    current = first.get("currentMemory")
    if needed is not None and current is not None and needed // 1024 > int(current):
        first.set("currentMemory", str(needed // 1024))
        if int(first.get("memory") or 0) < needed // 1024:
            first.set("memory", str(needed // 1024))
        guest.note(
            f"the installation of {guest.os.short_id} gets {needed // 1024**2} MiB of memory"
        )


def _needs_network(guest: Guest, install: Install, named: str | None) -> bool:
    """Whether the installer gets its packages over the network."""
    if install.cdrom is None:
        return True
    known = known_tree(guest, install, named)
    variants = () if known is None else known[1].iterfind("variant")
    return any("netinst" in (variant.get("id") or "") for variant in variants)


class _File(t.NamedTuple):
    """A file that is booted: its path, its volume if it needs one, and what reads it."""

    path: str
    volume: NewVolume | None
    read: t.Callable[[], bytes]
    #: What it has, as far as that is known beforehand.
    known: bytes | None = None
    version: str = ""


class _Boot:
    """The kernel and the initrd of an installation."""

    def __init__(
        self, guest: Guest, install: Install, opened: tree.Tree | None, option: str
    ) -> None:
        self._guest = guest
        self._install = install
        self._tree = opened
        self._option = option

    def names(self) -> tuple[str, str | None]:
        """Their names in the tree, or their paths where there is no tree."""
        kernel, initrd = self._install.kernel, self._install.initrd
        if self._tree is None or (kernel and initrd):
            return kernel or "", initrd
        for pair in _recognised(self._guest, self._install, self._guest.os.distro).kernels:
            if all(map(self._tree.has, pair)):
                return pair
        raise OptionError(
            f"location: no kernel for {self._guest.arch} was found in {self._tree.path}; correct it, or if it has "
            f"one, give its path, as in {self._tree.path},kernel=vmlinuz,initrd=initrd.img"
        )

    def file(self, what: str, name: str, checksum: Checksum | None) -> _File:
        """One of them, where it is used from."""
        place = self._tree
        if is_url(name) or (place is not None and place.is_url):
            return self._downloaded(what, name, checksum)
        if place is None:
            return _File(name, None, functools.partial(_read, self._guest, self._option, name))
        if not place.has(name):
            raise OptionError(f"location: there is no {name} in {place.path}")
        if not place.is_image:
            path = os.path.join(place.path, name)
            return _File(path, None, functools.partial(_read, self._guest, self._option, path))
        content = place.read(name)
        volume = _volume(self._guest, what, content)
        return _File(volume.path, volume, lambda: content, content)

    def _downloaded(self, what: str, name: str, checksum: Checksum | None) -> _File:
        """A file of a server, which the pool keeps for others."""
        guest, web = self._guest, self._web(name)
        if not web.has(name):
            where = shown_url(name) if is_url(name) else f"{name} at {web.path}"
            raise OptionError(f"{self._option}: there is no {where}; correct it")
        if checksum is None and not is_url(name):
            checksum = tree.TreeInfo(web).checksum(name)
        request = web.request(name, checksum, guest.name or "")
        pool = guest.host.storage.default_pool()
        volume = NewVolume.to_install_from(pool, request, self._option)
        return _File(volume.path, volume, lambda: web.read(name, checksum), version=volume.name)

    def _web(self, name: str) -> tree.WebTree:
        place = self._install.location if self._tree is not None and self._tree.is_url else ""
        return self._guest.host.open_url(place or "", self._install.access)

    def with_files(self, initrd: _File) -> _File:
        """The initrd with files of the managed host and with scripts, which nothing else uses."""
        paths, scripts = self._install.injected, dict(self._install.scripts)
        files = {path: _read(self._guest, "initrd_inject", path) for path in paths}
        # A name is shown, so it depends on no password.
        named = injected(b"", {**files, **dict.fromkeys(scripts, b"")})
        files.update(scripts)
        if initrd.known is None and initrd.version:
            ending = hashlib.sha256(initrd.version.encode() + named).hexdigest()
            volume = _volume(self._guest, f"{INITRD}-{ending[:12]}", None)
            volume = volume._replace(is_temporary=bool(scripts))
            option = self._option

            def fetch() -> bytes:
                with _named(option):
                    return injected(initrd.read(), files)

            return _File(volume.path, volume._replace(fetch=fetch, option=option), fetch)
        content = injected(initrd.read(), files)
        volume = _volume(self._guest, INITRD, content)._replace(is_temporary=bool(scripts))
        return _File(volume.path, volume, lambda: content, content)


def _arguments(guest: Guest, install: Install) -> str | None:
    """The kernel's arguments: those of the task, then the place of the installer's files."""
    words = [install.arguments] if install.arguments else []
    # A script's own arguments have the place, where it is needed.
    if is_url(install.location) and not (install.overwrites or install.scripts):
        system = _recognised(guest, install, guest.os.distro).system
        argument = url_argument(guest.os if system is None else guest.host.osinfo.find(system))
        words += [f"{argument}={install.location}"] if argument else []
    return " ".join(words) or None


def url_argument(system: OperatingSystem) -> str | None:
    """The kernel's argument that gives a system's installer the URL of its files."""
    return system.kernel_url_argument or _URL_ARGUMENTS.get(system.distro or "")


def _recognised(guest: Guest, install: Install, distro: str | None) -> Recognised:
    """What the tree installs, and where its kernel is; ``distro`` is what it is said to be."""
    with _named("location"):
        opened = _opened(guest, install)
        if opened is None:
            return Recognised(None, ())
        medium = guest.host.detect_image(opened.path) if opened.is_image else None
        is_xen = guest.get("os/type") in ("xen", "linux")
        url = install.location or ""
        view = View(opened, guest.host.osinfo, url, guest.arch or "", is_xen)
        return recognised(view, medium, distro)


def _opened(guest: Guest, install: Install) -> tree.Tree | None:
    if install.location is None:
        return None
    if is_url(install.location):
        return guest.host.open_url(install.location, install.access)
    return guest.host.open_tree(install.location)


@contextlib.contextmanager
def _named(option: str) -> t.Iterator[None]:
    """Put the option's name before the errors about its downloads."""
    try:
        yield
    except ImageError as error:
        raise OptionError(f"{option}: {error}") from None


def _read(guest: Guest, option: str, path: str) -> bytes:
    try:
        return guest.host.read_file(path)
    except OSError as error:
        raise OptionError(
            f"{option}: can't read {path}: {error.strerror}; give the path of a readable file of the "
            "managed host"
        ) from None


def _volume(guest: Guest, what: str, content: bytes | None) -> NewVolume:
    volume = guest.host.volume_of(guest.name or "", f"{guest.name}-{what}")
    volume = volume._replace(is_for_install=True)
    return volume if content is None else volume.with_content(content)
