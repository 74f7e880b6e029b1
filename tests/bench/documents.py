# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests to measure with."""

from __future__ import annotations

import contextlib
import pathlib
import typing as t

import libvirt

DUMP = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
HERE = pathlib.Path(__file__).parent


def guest(number: int) -> str:
    """A guest like those that virt-install makes: as many devices, as a person writes it."""
    return (
        (HERE / "guest.xml")
        .read_text(encoding="utf-8")
        .replace("NUMBER", f"{number:04}")
        .replace("MAC", f"52:54:00:00:{number // 256:02x}:{number % 256:02x}")
    )


def guest_with_devices(count: int) -> str:
    """A guest with this many disks and interfaces, half and half."""
    disks = "".join(
        f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
        f"<source file='/images/{n}.qcow2'/><target dev='sd{_letters(n + 1)}' bus='scsi'/></disk>"
        for n in range(count // 2)
    )
    interfaces = "".join(
        f"<interface type='network'><mac address='52:54:00:01:00:{n:02x}'/>"
        f"<source network='default'/><model type='virtio'/></interface>"
        for n in range(count - count // 2)
    )
    return guest(9999).replace("</devices>", f"{disks}{interfaces}</devices>")


def _letters(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


@contextlib.contextmanager
def defined(connection: t.Any, count: int) -> t.Iterator[dict[str, str]]:
    """This many guests, by name, as they were written; they are gone afterwards."""
    documents = {f"bench-{number:04}": guest(number) for number in range(count)}
    for document in documents.values():
        connection.defineXML(document)
    try:
        yield documents
    finally:
        for name in documents:
            connection.lookupByName(name).undefine()
