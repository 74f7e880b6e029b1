# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.flags import called


def driver(
    known: int, code: int = libvirt.VIR_ERR_INVALID_ARG, words: str = "unsupported flags"
) -> t.Any:
    """A function of a driver that knows these flags, and returns those that it was called with."""

    def call(flags: int) -> int:
        if flags & ~known:
            error = libvirt.libvirtError(
                f"{words} (0x{flags:x}) in function testStoragePoolDefineXML"
            )
            error.err = (code, 12, str(error), 2, None, None, None, -1, -1)
            raise error
        return flags

    return call


def test_a_wished_flag_that_is_unknown_is_left_out() -> None:
    assert called(driver(3), 1, 2) == 3
    assert called(driver(1), 1, 2) == 1


def test_a_needed_flag_that_is_unknown_is_an_error() -> None:
    with pytest.raises(libvirt.libvirtError):
        called(driver(2), 1, 2)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (libvirt.VIR_ERR_INVALID_ARG, "invalid name"),
        (libvirt.VIR_ERR_INTERNAL_ERROR, "unsupported flags"),
    ],
)
def test_other_errors_are_errors(code: int, words: str) -> None:
    with pytest.raises(libvirt.libvirtError):
        called(driver(1, code, words), 1, 2)
