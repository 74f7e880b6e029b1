# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line a row: what a document has, what libvirt 9.0 makes of it, and that both are the same.

The last of a line, where there is one, is what libvirt would make of another document: it differs.
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

#: By what the row is about.
LINES: dict[str, tuple[str, ...]] = {
    # Spelled
    "numbers with zeros in front": (
        "<devices><rng model='virtio'><rate bytes='07' period='1000'/></rng></devices>",
        "<devices><rng model='virtio'><rate bytes='7' period='1000'/></rng></devices>",
        "<devices><rng model='virtio'><rate bytes='8' period='1000'/></rng></devices>",
    ),
    "numbers that tell elements apart": (
        "<cputune><vcpupin vcpu='01' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='1' cpuset='0'/></cputune>",
        "<cputune><vcpupin vcpu='2' cpuset='0'/></cputune>",
    ),
    "hexadecimal numbers": (
        "<devices><hostdev><source><address bus='0x01' device='004'/></source></hostdev></devices>",
        "<devices><hostdev><source><address bus='1' device='4'/></source></hostdev></devices>",
        "<devices><hostdev><source><address bus='1' device='5'/></source></hostdev></devices>",
    ),
    "ports of USB hubs": (
        "<devices><hub type='usb'><address type='usb' bus='0' port='01.02'/></hub></devices>",
        "<devices><hub type='usb'><address type='usb' bus='0' port='1.2'/></hub></devices>",
        "<devices><hub type='usb'><address type='usb' bus='0' port='12'/></hub></devices>",
    ),
    "versions of USB devices": (
        "<devices><redirfilter><usbdev version='2.0' allow='yes'/></redirfilter></devices>",
        "<devices><redirfilter><usbdev version='2.00' allow='yes'/></redirfilter></devices>",
        "<devices><redirfilter><usbdev version='2.01' allow='yes'/></redirfilter></devices>",
    ),
    "UUIDs": (
        "<devices><hostdev><source><address uuid='5BFCD486C5EB43E4A5EE97366690106F'/></source>"
        "</hostdev></devices>",
        "<devices><hostdev><source><address uuid='5bfcd486-c5eb-43e4-a5ee-97366690106f'/></source>"
        "</hostdev></devices>",
        "<devices><hostdev><source><address uuid='5bfcd486-c5eb-43e4-a5ee-973666901060'/></source>"
        "</hostdev></devices>",
    ),
}


@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_what_libvirt_makes_of_it_is_the_same(line: tuple[str, ...]) -> None:
    desired, *made = (parse(_domain(text)) for text in line)
    assert [change.path for change in reconcile(desired, made[0], DOMAIN).changes] == []
    for another in made[1:]:
        assert reconcile(desired, another, DOMAIN).changes


def _domain(inner: t.Any) -> str:
    """A domain that is whole but for what is in it."""
    head = "<memory unit='KiB'>1024</memory><currentMemory unit='KiB'>1024</currentMemory>"
    os = "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>"
    return f"<domain type='qemu'><name>d</name>{head}<vcpu placement='static'>2</vcpu>{os}{inner}</domain>"
