# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The disks of a domain's document."""

from __future__ import annotations

from ..._xmltree.element import Element


def disks_by_target(document: Element) -> dict[str, Element]:
    """The disks by their targets, such as ``vda``, in document order."""
    return {disk.value("target/@dev") or "": disk for disk in document.findall("devices/disk")}
