# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two disks with one target."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.existing import (
    domain_options,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hosts import host

_ACTUAL = """
<domain type='qemu'><name>web</name><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
<disk type='file' device='disk'><source file='/images/web.qcow2'/><target dev='vda' bus='virtio'/></disk>
</devices></domain>
"""


def _disk(number: int, target: str | None) -> dict[str, t.Any]:
    named = {} if target is None else {"target.dev": target}
    return {"path": f"/images/{number}.img", "size": 1, **named}


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("twice", ["vdb", "sda"])
def test_a_target_of_two_entries(exists: bool, twice: str) -> None:
    options: dict[str, t.Any] = {
        "name": "web",
        "memory": 64,
        "disk": [_disk(1, twice), _disk(2, None), _disk(3, twice)],
    }

    def made() -> object:
        here = host()
        return (
            domain_options(here, options, parse(_ACTUAL))
            if exists
            else domain_defaults(here, options)
        )

    with pytest.raises(
        OptionError, match=f"^disk: target: {twice} is the target of 2 entries; give"
    ):
        made()
    options["disk"][2] = _disk(3, "vdc")
    made()
