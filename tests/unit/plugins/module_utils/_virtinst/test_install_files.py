# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""By what the files of a domain's installation are known."""

from __future__ import annotations

import gzip
import lzma

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.install_files import (
    INITRD,
    KERNEL,
    is_of_kind,
    kind_of,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("web-kernel", KERNEL),
        ("web-initrd", INITRD),
        ("web-initrd-0123456789ab", INITRD),
        ("web-initrd-0123456789abc", None),
        ("web-kernel-0123456789ab", None),
        ("web-kernel.img", None),
        ("web-2-kernel", None),
        ("a-web-kernel", None),
        ("sha256-0123-as-is", None),
    ],
)
def test_names(name: str, kind: str | None) -> None:
    assert kind_of(f"/images/{name}", "web") == kind


def test_a_name_is_no_pattern() -> None:
    assert kind_of("/images/wxb-kernel", "w.b") is None
    assert kind_of("/images/w.b-kernel", "w.b") == KERNEL


@pytest.mark.parametrize(
    ("beginning", "kinds"),
    [
        (bytes(0x202) + b"HdrS", [KERNEL]),
        (b"MZ" + bytes(62), [KERNEL]),
        (bytes(0x10008) + b"S390EP", [KERNEL]),
        (b"070701" + bytes(100), [INITRD]),
        (lzma.compress(b"x"), [INITRD]),
        (gzip.compress(b"x", mtime=0), [KERNEL, INITRD]),
        (b"kernel", []),
        (b"QFI\xfb" + bytes(1000), []),
        (b"", []),
    ],
)
def test_contents(beginning: bytes, kinds: list[str]) -> None:
    assert [kind for kind in (KERNEL, INITRD) if is_of_kind(beginning, kind)] == kinds
