# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._images.request import (
    ImageRequest,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.disk import (
    Disk,
    storage_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import (
    Existing,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.writing import copied
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


def test_a_copy_keeps_the_storage() -> None:
    disk = Disk("disk", {"type": "file"}, children=[Element("source", {"file": "/a"})])
    disk.storage, disk.size, disk.base = Existing("/a", "file"), 512, "/b"
    disk.image = ImageRequest(src="/c")
    [copy] = copied(Element("devices", children=[disk])).children
    assert isinstance(copy, Disk)
    assert copy is not disk
    assert (copy.storage, copy.size, copy.base) == (disk.storage, 512, "/b")
    assert copy.image == disk.image
    assert copy.children[0] is not disk.children[0]


def test_a_disk_equals_an_element_with_the_same_content() -> None:
    disk = Disk("disk", {"type": "file"}, children=[Element("source", {"file": "/a"})])
    element = parse("<disk type='file'><source file='/a'/></disk>")
    assert disk == element
    assert element == disk
    assert copied(disk) == disk
    assert disk != Disk("disk", {"type": "block"})
    assert storage_of(element) is None
