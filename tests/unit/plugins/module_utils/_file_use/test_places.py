# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every place where the schema lets a domain name a file has a row that says what it is."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._file_use.places import (
    NONE,
    PLACES,
    place_of,
)

from ....schema_places import SCHEMAS, Places

#: The schema's types of what may be the name of a file.
FILES = {"absFilePath", "filePath", "absDirPath", "dirPath", "deviceName", "vmwarePath"}


@pytest.fixture(scope="module")
def places() -> set[tuple[str, ...]]:
    if not SCHEMAS.is_dir():
        pytest.skip("libvirt's schemas are not installed")
    return Places(FILES).found()


def test_every_place_of_the_schema_is_known(places, counts):
    unknown = sorted("/".join(path) for path in places if place_of(path) is None)
    counts["places of the domain's schema where a file may be named"] += len(places)
    assert len(places) > 80
    assert not unknown


def test_what_is_no_file_has_a_reason():
    for row in PLACES:
        assert row.reason
        assert bool(row.what) == (row.use != NONE)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("os/kernel", "the kernel"),
        ("os/nvram/source/@file", "the NVRAM"),
        ("devices/disk/backingStore/backingStore/source/@file", "a disk"),
        ("devices/serial/source/@path", "a character device"),
    ],
)
def test_the_first_row_that_fits_holds(path, what):
    row = place_of(tuple(path.split("/")))
    assert row is not None
    assert row.what == what
