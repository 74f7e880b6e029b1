# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that libvirt creates a volume by."""

from __future__ import annotations

from .._virtinst.storage import NewVolume
from .._xmltree.element import Element


def volume_document(volume: NewVolume) -> Element:
    """The document of a volume: https://libvirt.org/formatstorage.html#storage-volume-xml"""
    root = Element("volume")
    root.children = [
        Element("name", text=volume.name),
        Element("capacity", {"unit": "bytes"}, str(volume.capacity)),
        Element("allocation", {"unit": "bytes"}, str(volume.allocation)),
    ]
    if volume.kind == "file":
        form = volume.format or "raw"
        target = Element("target", children=[Element("format", {"type": form})])
        if form == "qcow2":
            # Otherwise libvirt makes an old version, which QEMU before 1.1 can read.
            target.children.append(Element("compat", text="1.1"))
        if volume.content is not None:
            # The content may have passwords.
            permissions = Element("permissions", children=[Element("mode", text="0600")])
            target.children.append(permissions)
        root.children.append(target)
    if volume.backing is not None:
        backing = Element("backingStore", children=[Element("path", text=volume.backing)])
        if volume.backing_format is not None:
            backing.children.append(Element("format", {"type": volume.backing_format}))
        root.children.append(backing)
    return root
