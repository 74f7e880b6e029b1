# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fills that no longer hold when the value that they came from changes."""

from __future__ import annotations

from ..rows import Depends

DEPENDS = (
    Depends(
        "devices/disk",
        "@type",
        (
            *(f"source/@{name}" for name in ("file", "dev", "dir", "pool", "volume", "mode")),
            *("source/@protocol", "source/@name", "source/@query", "source/@tls", "source/host"),
        ),
        "each type has a source of its own",
    ),
    Depends(
        "devices/interface",
        "@type",
        (
            *("source/@network", "source/@portgroup", "source/@bridge", "source/@dev"),
            *("source/@mode", "source/@path", "source/@type", "source/address", "virtualport"),
        ),
        "each type has a source of its own",
    ),
    Depends("devices/disk", "target/@bus", ("address",), "each bus has addresses of its own"),
    Depends(
        "devices/controller",
        "@model",
        ("address", "target", "model"),
        "another model may not fit where the old one sat",
    ),
    Depends("devices/input", "@bus", ("address",), "each bus has addresses of its own"),
    Depends(
        "devices/{serial,console,channel}",
        "target/@type",
        ("address", "target/model"),
        "each target type has addresses and models of its own",
    ),
    Depends(
        "devices/interface",
        "model/@type",
        ("address",),
        "a USB or s390 model doesn't fit at a PCI address",
    ),
    Depends(
        "devices/{memballoon,watchdog,sound}",
        "@model",
        ("address",),
        "models sit on different buses, or nowhere",
    ),
    Depends(
        "devices/video/model",
        "@type",
        ("@ram", "@vram", "@vgamem", "@vram64", "@heads"),
        "each model has memory of its own",
    ),
    Depends("devices/graphics", "@port", ("@autoport",), "a port that is given isn't found"),
    Depends("devices/graphics", "@autoport", ("@port", "@tlsPort"), "found by libvirt, or given"),
    Depends(
        "cpu",
        "@mode",
        ("@match", "@check", "@migratable", "model"),
        "only a custom CPU has a model; what is checked depends on the mode",
    ),
    Depends("clock", "@offset", ("@adjustment", "@basis"), "only a variable offset has them"),
    Depends("os/type", "@arch", ("@machine",), "each architecture has machines of its own"),
)
