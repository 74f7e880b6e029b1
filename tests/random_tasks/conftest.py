# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest

from . import surroundings


@pytest.fixture(scope="session")
def hypervisor() -> t.Iterator[t.Any]:
    """The private libvirtd, with what the documents name."""
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.exit("Run these with: make random", returncode=2)
    from tests.integration.hypervisor import Hypervisor

    found = Hypervisor()
    found.clear()
    surroundings.make(found.raw)
    yield found
    found.clear()
    surroundings.remove(found.raw)
