# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which devices a running guest takes, of those whose bus libvirt chooses."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.plugging import (
    Unit,
    input_is_fixed,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

DOMAIN = "<domain><os><type arch='{}'>hvm</type></os></domain>"


@pytest.mark.parametrize(
    ("device", "arch", "reason"),
    [
        ("<input type='tablet'/>", "x86_64", None),
        ("<input type='tablet' bus='usb'/>", "x86_64", None),
        ("<input type='mouse' bus='virtio'/>", "x86_64", None),
        ("<input type='passthrough'/>", "x86_64", None),
        ("<input type='keyboard'/>", "aarch64", None),
        ("<input type='keyboard'/>", "x86_64", "an input device on the bus ps2 is built in"),
        ("<input type='mouse' bus='ps2'/>", "i686", "an input device on the bus ps2 is built in"),
    ],
)
def test_input(device: str, arch: str, reason: str | None) -> None:
    assert input_is_fixed(Unit(parse(device), None, parse(DOMAIN.format(arch)))) == reason
