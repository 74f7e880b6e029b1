# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices with a word or two that aren't sub-options."""

from __future__ import annotations

import typing as t

from ..settings import Settings

if t.TYPE_CHECKING:
    from ...guest import Guest

_ISA = "isa"


def prepare_tpm(_guest: Guest, settings: Settings) -> bool:
    """A path instead of a type is a device; ``default`` leaves the type open."""
    kind = settings.get("backend.type")
    if kind is not None and kind.startswith("/"):
        settings.take("backend.type")
        settings.put("backend.device.path", kind)
    elif kind == "default":
        settings.take("backend.type")
    return True


def prepare_panic(_guest: Guest, settings: Settings) -> bool:
    """A lone number is the port of an ISA device."""
    model = settings.get("model")
    if model is not None and model.startswith("0x") and len(settings) == 1:
        settings.put("address.iobase", model)
        settings.put("model", _ISA)
    return True
