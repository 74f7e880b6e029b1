# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt adds along with a new device is part of the plan."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import EXACT, MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_DISK = "<disk type='file'><source file='/a'/><target dev='{}' bus='{}'/>{}</disk>"
_PORT = "<channel type='unix'><target type='virtio' name='{}'/>{}</channel>"
_SCSI = "<controller type='scsi' index='{}'/>"


def _controllers(kind: str, *indexes: int) -> list[str]:
    return [f"controller[@type='{kind}'][@index='{index}']" for index in indexes]


@pytest.mark.parametrize(
    ("there", "new", "added"),
    [
        ("", _DISK.format("sda", "scsi", ""), _controllers("scsi", 0)),
        ("", _DISK.format("sdz", "scsi", ""), _controllers("scsi", 0, 1, 2, 3)),
        (_SCSI.format(0), _DISK.format("sda", "scsi", ""), []),
        (_SCSI.format(0), _DISK.format("sdh", "scsi", ""), _controllers("scsi", 1)),
        ("", _DISK.format("fda", "fdc", ""), _controllers("fdc", 0)),
        ("", _DISK.format("sda", "usb", ""), []),
        ("", _DISK.format("vda", "virtio", ""), []),
        # A place on another bus needs no controller.
        ("", _DISK.format("xvda", "xen", "<address type='drive' controller='0'/>"), []),
        ("", _PORT.format("a", ""), _controllers("virtio-serial", 0)),
        (
            "<controller type='virtio-serial' index='2'/>",
            _PORT.format("a", ""),
            [],
        ),
        (
            "",
            _PORT.format("a", "<address type='virtio-serial' controller='1' port='2'/>"),
            _controllers("virtio-serial", 1),
        ),
        # An address of another type is none on such a controller.
        (
            "<controller type='virtio-serial' index='0'/>",
            _PORT.format("a", "<address type='drive' controller='1'/>"),
            [],
        ),
        ("", "<graphics type='vnc'/>", ["video"]),
        ("<video><model type='vga'/></video>", "<graphics type='vnc'/>", []),
        # What is so already, libvirt has left so.
        (_DISK.format("sda", "scsi", ""), _DISK.format("sdb", "scsi", ""), []),
        ("<graphics type='spice'/>", "<graphics type='vnc'/>", []),
    ],
)
@pytest.mark.parametrize("mode", [EXACT, MERGE])
def test_what_comes_along(there: str, new: str, added: list[str], mode: str) -> None:
    def document(kind: str, devices: str) -> str:
        return f"<domain type='{kind}'><name>a</name><devices>{devices}</devices></domain>"

    for kind in ("qemu", "test"):
        actual = parse(document(kind, there))
        desired = document(kind, f"{there}{new}" if mode == EXACT else new)
        plan = reconcile(parse(desired), actual, DOMAIN, mode)
        paths = [
            one.path.removeprefix("/domain/devices/") for one in plan.changes if one.op == "add"
        ]
        ours = [path for path in paths if path.startswith(("controller", "video", "audio"))]
        assert ours == (added if kind == "qemu" else []), kind


def test_the_backend_of_sound_after_spice() -> None:
    def document(devices: str) -> str:
        return f"<domain type='qemu'><name>a</name><devices>{devices}</devices></domain>"

    video = "<video><model type='vga'/></video>"
    actual = parse(document(f"<graphics type='spice'/><audio id='1' type='spice'/>{video}"))
    plan = reconcile(parse(document(video)), actual, DOMAIN, EXACT)
    assert plan.document.value("devices/audio/@type") == "none"
