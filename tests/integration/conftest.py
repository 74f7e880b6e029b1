# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest


@pytest.fixture(scope="session", autouse=True)
def _private_libvirtd() -> None:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.exit(
            "Run these with: make integration. Here they would meet this machine's own guests.",
            returncode=2,
        )


@pytest.fixture
def hypervisor() -> t.Any:
    """The private libvirtd, without domains before and after."""
    from .hypervisor import Hypervisor

    found = Hypervisor()
    found.clear()
    yield found
    found.clear()
