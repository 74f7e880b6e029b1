# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts of unattended installations are libosinfo's."""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing

import pytest

from tests.oracle.libosinfo_scripts import compared

pytest.importorskip("gi", reason="needs the packages python3-gi and gir1.2-libosinfo-1.0")


def test_the_same_scripts_as_libosinfo(counts: collections.Counter[str]) -> None:
    # Of its own, without virt-install: see libosinfo_scripts.
    process = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=process) as pool:
        counts.update(pool.submit(compared).result())
    assert counts["scripts"] > counts["systems with scripts"] > 100
