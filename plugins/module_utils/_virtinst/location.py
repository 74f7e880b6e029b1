# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installing from a tree: its kernel is booted directly, with arguments."""

from __future__ import annotations

import os

from .._osinfo import detect_tree
from . import resources, tree
from .errors import OptionError
from .guest import Guest
from .initrd import injected
from .install import Install
from .storage import NewVolume


def detected(guest: Guest, install: Install) -> str | None:
    """The short id of the operating system that the tree installs, if it is recognised."""
    opened = _opened(guest, install)
    if opened is None:
        return None
    if opened.is_image:
        found = guest.host.detect_image(opened.path)
        if found is not None:
            return found
    # An image may contain a tree, which describes itself in more detail.
    system = detect_tree(guest.host.osinfo, tree.general(opened))
    return None if system is None else system.short_id


def prepared(guest: Guest, install: Install) -> tuple[Install, tuple[NewVolume, ...]]:
    """The installation with the kernel that it boots, and the volumes with its files.

    Files in a directory are used in place. Files in an image, and an initrd that other files
    are put into, are copied to volumes whose names begin with the domain's.

    :raises OptionError: the tree or one of its files doesn't exist.
    """
    opened = _opened(guest, install)
    kernel, initrd = install.kernel, install.initrd
    volumes: list[NewVolume] = []
    if opened is not None:
        if not (kernel and initrd):
            kernel, initrd = tree.boot_files(opened, guest.arch or "")
        missing = [name for name in (kernel, initrd) if not opened.has(name)]
        if missing:
            raise OptionError(f"location: there is no {missing[0]} in {opened.path}")
        if opened.is_image:
            volumes.append(_volume(guest, "kernel", opened.read(kernel)))
            volumes.append(_volume(guest, "initrd", opened.read(initrd)))
            kernel, initrd = volumes[0].path, volumes[1].path
        else:
            kernel, initrd = (os.path.join(opened.path, name) for name in (kernel, initrd))
            if not install.arguments:
                guest.note(
                    "location: an installer from a directory doesn't find the rest of itself; "
                    "name the place in extra_args"
                )
    if install.injected:
        if initrd is None:
            raise OptionError("initrd_inject: there is no initrd to put files into")
        content = volumes.pop().content if len(volumes) > 1 else None
        source = "install" if install.location is None else "location"
        files = {path: _read(guest, "initrd_inject", path) for path in install.injected}
        initrd_volume = _volume(
            guest, "initrd", injected(content or _read(guest, source, initrd), files)
        )
        volumes.append(initrd_volume)
        initrd = initrd_volume.path
    install = install._replace(kernel=kernel, initrd=initrd)
    if opened is not None and opened.is_image:
        install = install._replace(cdrom=opened.path)
    return install, tuple(volumes)


def raise_memory(guest: Guest, first: Guest, install: Install) -> None:
    """Give the first boot the memory that an installation over the network needs."""
    if install.location is None or install.cdrom is not None:
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


def _opened(guest: Guest, install: Install) -> tree.Tree | None:
    return guest.host.open_tree(install.location) if install.location is not None else None


def _read(guest: Guest, option: str, path: str) -> bytes:
    try:
        return guest.host.read_file(path)
    except OSError as error:
        raise OptionError(
            f"{option}: can't read {path}: {error.strerror}; give the path of a readable file of the "
            "managed host"
        ) from None


def _volume(guest: Guest, what: str, content: bytes) -> NewVolume:
    pool, name = guest.host.storage.default_pool(), f"{guest.name}-{what}"
    return NewVolume(
        pool=pool.name,
        name=name,
        path=os.path.join(pool.path or "", name),
        capacity=len(content),
        allocation=len(content),
        format="raw",
        content=content,
        is_named=True,
        exists=name in pool.volumes and guest.host.domain_exists(guest.name or ""),
    )
