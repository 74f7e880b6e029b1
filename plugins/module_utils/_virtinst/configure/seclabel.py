# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The security label of the domain."""

from __future__ import annotations

from ..guest import Guest


def configure(guest: Guest) -> None:
    """Complete a partial label; without any label libvirt makes one."""
    for label in guest.root.all("seclabel"):
        if label.get("type") is None and label.get("model") is None:
            continue
        label.attributes.setdefault("type", "dynamic")
        if label.get("model") is None:
            model = _model(guest, label.value("label"))
            if model is not None:
                label.attributes["model"] = model


def _model(guest: Guest, label: str | None) -> str | None:
    models = guest.host.capabilities.security_models
    if "testSecurity" in models:
        return "testSecurity"
    if label is None:
        return models[0] if models else None
    # user:role:type is SELinux's, owner:group the file permissions'.
    parts = len(label.split(":"))
    return "selinux" if parts >= 3 else "dac" if parts == 2 else None
