# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's numbers of versions, as people write them."""

from __future__ import annotations


def version_words(version: int) -> str:
    """Such as ``9.9`` of 9009000: libvirt has major * 1000000 + minor * 1000 + release."""
    return f"{version // 1_000_000}.{version // 1_000 % 1_000}"
