# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the host's network devices are known by."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.networks import (
    lacks_device,
)

libvirt = pytest.importorskip("libvirt")


def device(name: str) -> t.Any:
    """A device of the host as libvirt lists it."""
    text = (
        "<device><name>net_a</name><capability type='net'>"
        f"<interface>{name}</interface></capability></device>"
    )
    return types.SimpleNamespace(XMLDesc=lambda _flags: text)


def connection(code: int | None, *devices: str, is_local: bool = True) -> t.Any:
    """A connection to a libvirt that answers with this code, ``None`` if the interface is there."""

    def looked_up(name: str) -> str:
        if code is None:
            return name
        error = libvirt.libvirtError("")
        error.err = (code, 0, "", 0, "", None, None, 0, 0)
        raise error

    raw = types.SimpleNamespace(
        interfaceLookupByName=looked_up,
        listAllDevices=lambda _flags: [device(name) for name in devices],
    )
    return types.SimpleNamespace(is_local=is_local, raw=raw)


@pytest.mark.parametrize(
    ("code", "devices", "lacks"),
    [
        (None, (), False),
        ("VIR_ERR_NO_INTERFACE", (), True),
        ("VIR_ERR_INTERNAL_ERROR", (), False),
        # Without the driver of interfaces, the devices of the host tell.
        ("VIR_ERR_NO_SUPPORT", ("lo", "nosuch0"), False),
        ("VIR_ERR_NO_SUPPORT", ("lo",), True),
        ("VIR_ERR_NO_SUPPORT", (), False),
    ],
)
def test_a_device_that_is_certainly_missing(
    code: str | None, devices: tuple[str, ...], lacks: bool
) -> None:
    number = None if code is None else getattr(libvirt, code)
    assert lacks_device(connection(number, *devices), "nosuch0") is lacks


def test_of_another_host_nothing_is_known() -> None:
    there = connection(libvirt.VIR_ERR_NO_INTERFACE, is_local=False)
    assert not lacks_device(there, "nosuch0")
