# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest


@pytest.fixture(scope="session")
def bench() -> t.Iterator[t.Any]:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make pairs")
    from .bench import NAME, Bench

    found = Bench()
    yield found
    found.host.remove(NAME)
