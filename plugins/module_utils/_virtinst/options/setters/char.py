# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Character devices, and other devices with the same kind of source."""

from __future__ import annotations

import typing as t

from ...errors import OptionError
from ..settings import Settings
from .common import rename, split_host

if t.TYPE_CHECKING:
    from ...guest import Guest

#: Sub-options of one kind alone. libvirt would drop them from a console that is a serial port.
_TARGETS = {"target.address": "channel", "target.name": "channel", "target.model.name": "serial"}


def split_sources(settings: Settings, prefix: str = "") -> None:
    """Split the addresses of a source into host and port."""
    for kind in ("", "bind_", "connect_"):
        split_host(settings, f"{prefix}source.{kind}host", f"{prefix}source.{kind}service")


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Give path, mode and host their newer names, and split addresses."""
    for name in ("path", "mode", "bind_host"):
        rename(settings, name, f"source.{name}")
    binds = settings.get("source.mode") == "bind" and "source.bind_host" not in settings
    split_sources(settings)
    kind = "bind" if binds else "connect"
    split_host(settings, f"source.{kind}_host", f"source.{kind}_service", given="host")
    split_host(settings, "target.address", "target.port")
    for name, owner in _TARGETS.items():
        group = settings.group.name
        if settings.get(name) and group != owner:
            raise OptionError(f"{group}: {name}: only {owner} has it; leave it out, or use {owner}")
    return True


def prepare_smartcard(_guest: Guest, settings: Settings) -> bool:
    """Split addresses into host and port."""
    split_sources(settings)
    return True


def prepare_redirdev(_guest: Guest, settings: Settings) -> bool:
    """Split addresses into host and port; the server is the source."""
    split_sources(settings)
    split_host(settings, "source.host", "source.service", given="server")
    return True


def prepare_rng(_guest: Guest, settings: Settings) -> bool:
    """Give type and device their newer names; a bare path is a device."""
    rename(settings, "type", "backend.model")
    rename(settings, "device", "backend")
    model = settings.get("backend.model")
    if model is not None and model.startswith("/"):
        settings.put("backend", model)
        settings.put("backend.model", "random")
    split_sources(settings, "backend.")
    return True
