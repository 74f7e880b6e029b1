# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the random documents name on the host: images, folders and networks."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import typing as t

FOLDER = pathlib.Path("/var/lib/libvirt/images/random")
IMAGES = tuple(
    FOLDER / f"{name}.qcow2"
    for name in ("one", "two", "three", "four", "five", "six", "seven", "eight")
)
MEDIA = tuple(FOLDER / f"{name}.iso" for name in ("red", "blue"))
FLOPPIES = tuple(FOLDER / f"{name}.img" for name in ("red", "blue"))
SHARED = FOLDER / "shared"
#: One of libvirt's own bridge, and one that is forwarded to a bridge of the host's.
NETWORKS = ("random-one", "random-two")
BRIDGED = "random-bridged"

_OWN = (
    "<network><name>{name}</name><bridge name='virbr{number}'/>"
    "<ip address='192.168.{number}.1' netmask='255.255.255.0'/></network>"
)
_BRIDGED = (
    f"<network><name>{BRIDGED}</name><forward mode='bridge'/><bridge name='virbr181'/></network>"
)


def make(raw: t.Any) -> None:
    """Make all of it."""
    SHARED.mkdir(parents=True, exist_ok=True)
    for image in IMAGES:
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "4M"], check=True)
    for image in (*MEDIA, *FLOPPIES):
        image.write_bytes(bytes(1474560))
    for number, name in enumerate(NETWORKS, 181):
        raw.networkCreateXML(_OWN.format(name=name, number=number))
    raw.networkCreateXML(_BRIDGED)


def remove(raw: t.Any) -> None:
    """Remove it again."""
    for name in (BRIDGED, *NETWORKS):
        raw.networkLookupByName(name).destroy()
    shutil.rmtree(FOLDER)
