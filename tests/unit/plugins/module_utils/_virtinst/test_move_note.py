# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The notes of old volumes in a domain's metadata."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.move_note import (
    PREFIX,
    URI,
    OldVolume,
    element_of,
    old_volume_of,
    old_volumes,
    without,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

VDA = OldVolume("vda", "/slow/a.qcow2", "/fast/a.qcow2", "12 34 56")
VDB = OldVolume("vdb", "/slow/b.qcow2", "/fast/b.qcow2")


def test_what_libvirt_keeps_is_read_again() -> None:
    element = element_of([VDA, VDB])
    assert element is not None
    # virDomainSetMetadata adds the namespace and its prefix.
    text = serialise(element).replace("</", f"</{PREFIX}:").replace("<old", f"<{PREFIX}:old")
    text = text.replace("<moves", f"<{PREFIX}:moves xmlns:{PREFIX}='{URI}'")
    document = parse(f"<domain><metadata>{text}</metadata></domain>")
    assert old_volumes(document) == (VDA, VDB)
    assert old_volume_of(document, "vdb") == VDB
    assert old_volume_of(document, "vdc") is None


def test_nothing_is_noted() -> None:
    assert element_of([]) is None
    for text in ("<domain/>", "<domain><metadata/></domain>"):
        assert old_volumes(parse(text)) == ()


def test_one_goes() -> None:
    assert without([VDA, VDB], "vda") == (VDB,)
    assert without([VDA], "vdb") == (VDA,)
