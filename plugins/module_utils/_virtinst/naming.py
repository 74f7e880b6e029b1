# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The default name of a domain."""

from __future__ import annotations

import itertools
import typing as t

from .guest import Guest
from .system import GENERIC

_ARCHES = {"armv7l": "arm"}
_UNKNOWN = "-unknown"


def default_name(guest: Guest) -> str:
    """The name of the operating system, with a number if a domain has that name."""
    base = guest.os.short_id
    if base.endswith(_UNKNOWN):
        base = base[: -len(_UNKNOWN)]
    is_generic = guest.os.short_id == GENERIC
    if is_generic:
        base = "container" if guest.is_container else "vm"
    arch = guest.arch or ""
    if arch != guest.host.capabilities.host_arch:
        base += f"-{_ARCHES.get(arch, arch)}"
        is_generic = False
    names: t.Iterator[str]
    if is_generic:
        names = (f"{base}{number}" for number in itertools.count(1))
    else:
        numbered = (f"{base}-{number}" for number in itertools.count(2))
        names = itertools.chain([base], numbered)
    return next(name for name in names if not guest.host.domain_exists(name))
