# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flags of libvirt's functions, which not every version and not every driver knows."""

from __future__ import annotations

import typing as t

from .errors import is_code
from .libvirt_import import libvirt

#: libvirt's words (virCheckFlags in src/internal.h); the error has no code of its own.
_UNKNOWN = "unsupported flags"

_Result = t.TypeVar("_Result")


def flag(name: str) -> int:
    """The number of libvirt's flag; 0 where this libvirt-python doesn't have it."""
    return int(getattr(libvirt, name, 0)) if name else 0


def is_flag_unknown(error: t.Any) -> bool:
    """Whether a ``libvirtError`` says that the driver doesn't know one of the flags.

    Nothing was done then: virCheckFlags is the first thing in a function of a driver.
    """
    return is_code(error, "VIR_ERR_INVALID_ARG") and _UNKNOWN in str(error)


def called(call: t.Callable[[int], _Result], needed: int, wished: int) -> _Result:
    """``call`` with the flags ``needed`` and ``wished``; without the latter if it is unknown.

    :raises libvirtError: the call fails.
    """
    try:
        return call(needed | wished)
    except libvirt.libvirtError as error:
        if not wished or not is_flag_unknown(error):
            raise
    return call(needed)
