# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt refuses to define, and what it refuses to start."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.define_refusal import (
    refusal,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

libvirt = pytest.importorskip("libvirt")
_QEMU = 10


def connection(words: str, code: int, version: int = 11003000) -> t.Any:
    """A connection to a libvirt that refuses each document in these words."""

    def asked(*_arguments: t.Any) -> str:
        error = libvirt.libvirtError("")
        error.err = (code, _QEMU, words, 2, words, None, None, 0, 0)
        raise error

    raw = types.SimpleNamespace(domainXMLToNative=asked, isAlive=lambda: True)
    return types.SimpleNamespace(raw=raw, version=lambda: version)


@pytest.mark.parametrize(
    ("words", "is_of_start"),
    [
        ("unsupported configuration: key wrap support is not available", False),
        ("unsupported configuration: key-wrap is not available on this architecture", True),
        # Since 9.1 it names both
        (
            "unsupported configuration: 'aes-key-wrap'/'dea-key-wrap' is not available on this "
            "architecture",
            True,
        ),
        ("unsupported configuration: host doesn't support passthrough of host PCI devices", True),
    ],
)
def test_what_only_a_start_refuses(words: str, is_of_start: bool) -> None:
    there = connection(words, libvirt.VIR_ERR_CONFIG_UNSUPPORTED)
    found = refusal(there, parse("<domain/>"))
    assert found is not None
    assert found.is_of_start is is_of_start


@pytest.mark.parametrize(
    ("words", "code", "version", "is_of_start"),
    [
        ("Cannot check QEMU binary /usr/bin/nosuch: No such file", "SYSTEM_ERROR", 9000000, False),
        (
            "Unable to find 'efi' firmware that is compatible with the current configuration",
            "OPERATION_FAILED",
            9002000,
            False,
        ),
        (
            "Unable to find 'efi' firmware that is compatible with the current configuration",
            "OPERATION_FAILED",
            9001000,
            True,
        ),
        ("XML error: shmem size must be a power of 2", "XML_ERROR", 9000000, True),
        ("XML error: shmem size must be a power of 2", "XML_ERROR", 11003000, False),
        ("this machine type do not support floppy devices", "CONFIG_UNSUPPORTED", 12008000, False),
        (
            "PowerPC pseries machines do not support floppy device",
            "CONFIG_UNSUPPORTED",
            9000000,
            True,
        ),
    ],
)
def test_what_a_define_refuses_by_version(
    words: str, code: str, version: int, is_of_start: bool
) -> None:
    there = connection(words, getattr(libvirt, f"VIR_ERR_{code}"), version)
    found = refusal(there, parse("<domain/>"))
    assert found is not None
    assert found.is_of_start is is_of_start
