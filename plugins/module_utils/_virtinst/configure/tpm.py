# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trusted platform module."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest


def add(guest: Guest) -> None:
    """Add an emulated TPM to a guest that boots by UEFI."""
    if "tpm" in guest.unwanted or guest.devices("tpm") or not guest.is_uefi:
        return
    if guest.domain_capabilities().has_tpm_emulator(guest.arch or ""):
        guest.has_default_tpm = True
        tpm = guest.add_device(Element("tpm"))
        writing.write(tpm, "backend/@type", "emulator")


def configure(guest: Guest) -> None:
    """Fill in backend and model."""
    for tpm in guest.devices("tpm"):
        if tpm.value("backend/@type") is None:
            is_real = tpm.value("backend/device/@path") is not None
            writing.write(tpm, "backend/@type", "passthrough" if is_real else "emulator")
        if tpm.value("backend/@type") != "emulator":
            continue
        if tpm.get("model") is None and tpm.value("backend/@version") is None:
            model = _model(guest)
            if model is not None:
                tpm.attributes["model"] = model


def _model(guest: Guest) -> str | None:
    capabilities = guest.domain_capabilities()
    if not capabilities.lists_tpm and not guest.is_pseries:
        return "tpm-crb"
    # The newer model, which implies version 2.0; otherwise libvirt decides.
    return "tpm-crb" if "tpm-crb" in capabilities.tpm_models else None
