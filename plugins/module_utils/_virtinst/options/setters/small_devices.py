# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices with values that stand for other sub-options."""

from __future__ import annotations

import typing as t

from ...versions import PANIC
from ..settings import Settings

if t.TYPE_CHECKING:
    from ...guest import Guest

_ISA = "isa"


def prepare_tpm(_guest: Guest, settings: Settings) -> bool:
    """Convert a path instead of a type to a device; ``default`` leaves the type open."""
    kind = settings.get("backend.type")
    if kind is not None and kind.startswith("/"):
        settings.take("backend.type")
        settings.put("backend.device.path", kind)
    elif kind == "default":
        settings.take("backend.type")
    return True


def prepare_panic(guest: Guest, settings: Settings) -> bool:
    """Convert a lone number to the port of an ISA device; some machines have no default."""
    model = settings.get("model")
    has_default = guest.is_x86 or guest.is_pseries or guest.is_s390x
    if guest.follows(PANIC):
        has_default = True
    if model in (None, "default") and len(settings) == (model is not None) and not has_default:
        guest.note(
            f"panic: a machine of {guest.arch} gets no such device by default; give the model of one"
        )
        return False
    if model is not None and model.startswith("0x") and len(settings) == 1:
        settings.put("address.iobase", model)
        settings.put("model", _ISA)
    return True
