# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual CPUs."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ...errors import OptionError
from ..settings import Settings
from ..values import number
from .common import rename

if t.TYPE_CHECKING:
    from ...guest import Guest

_AUTO = "auto"
#: As an unsigned short in libvirt's schema.
_MOST = 2**16 - 1


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Give the numbers libvirt's names: the maximum, and the number at the start."""
    rename(settings, "cpuset", "vcpu.cpuset")
    rename(settings, "vcpus", "vcpu")
    if "maxvcpus" in settings:
        if "vcpu.current" not in settings:
            rename(settings, "vcpu", "vcpu.current")
        rename(settings, "maxvcpus", "vcpu")
        current, most = settings.get("vcpu.current"), settings.get("vcpu")
        if current and most and number(current) > number(most):
            raise OptionError(f"vcpus: {current} CPUs are more than the most, which is {most}")
    return True


def set_most(guest: Guest, _element: Element, value: str | None) -> None:
    """Set the number of CPUs; the number at the start is limited to it."""
    if value is None:
        guest.set("vcpu", None)
        return
    most = number(value)
    if not 0 < most <= _MOST:
        raise OptionError(f"there can't be {value} CPUs; give 1 or more")
    current = guest.get("vcpu/@current")
    if current is not None and number(current) > most:
        guest.set("vcpu/@current", str(most))
    guest.set("vcpu", str(most))


def set_cpuset(guest: Guest, _element: Element, value: str | None) -> None:
    """Set the host's CPUs that may be used; ``auto`` lets them be chosen."""
    if value == _AUTO:
        guest.set("vcpu/@placement", _AUTO)
    else:
        guest.set("vcpu/@cpuset", value)
