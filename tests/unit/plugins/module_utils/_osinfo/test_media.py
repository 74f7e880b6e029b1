# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import typing as t
from pathlib import Path

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import (
    Database,
    NotAnImage,
    detect,
)

_MEDIUM = (
    '<os id="http://example.org/{name}/1"><short-id>{name}</short-id>{more}'
    '<media arch="{arch}"><iso><volume-id>{volume}</volume-id>{patterns}</iso></media></os>'
)


def image(**texts: str) -> t.BinaryIO:
    """An image of two sectors' length that says this of itself."""
    descriptor = bytearray(2048)
    descriptor[:6] = b"\x01CD001"
    for name, (start, length) in {
        "system": (8, 32),
        "volume": (40, 32),
        "publisher": (318, 128),
        "application": (574, 128),
    }.items():
        descriptor[start : start + length] = texts.get(name, "").encode().ljust(length)
    descriptor[80:84] = (2).to_bytes(4, "little")
    descriptor[128:130] = (2048).to_bytes(2, "little")
    return io.BytesIO(bytes(0x8000) + bytes(descriptor))


def database(directory: Path, **systems: dict[str, str]) -> Database:
    (directory / "os/example.org").mkdir(parents=True)
    for name, values in systems.items():
        filled = {"name": name, "more": "", "arch": "x86_64", "patterns": "", **values}
        path = directory / f"os/example.org/{name}-1.xml"
        path.write_text(f"<libosinfo>{_MEDIUM.format(**filled)}</libosinfo>")
    return Database([str(directory)])


def found(systems: Database, **texts: str) -> str | None:
    system = detect(systems, image(**texts))
    return None if system is None else system.short_id


def test_all_patterns_have_to_fit(tmp_path: Path) -> None:
    systems = database(
        tmp_path,
        one={"volume": "^ONE_[0-9]$", "patterns": "<publisher-id>MAKER</publisher-id>"},
    )
    assert found(systems, volume="ONE_1", publisher="THE MAKER OF ONE") == "one"
    assert found(systems, volume="ONE_1", publisher="SOMEBODY") is None
    assert found(systems, volume="ONE_10", publisher="MAKER") is None


def test_the_size_has_to_fit(tmp_path: Path) -> None:
    systems = database(
        tmp_path,
        large={"volume": "SAME", "patterns": "<volume-size>9999</volume-size>"},
        small={"volume": "SAME", "patterns": "<volume-size>4096</volume-size>"},
    )
    assert found(systems, volume="SAME") == "small"


def test_the_newest_of_versions_with_the_same_patterns(tmp_path: Path) -> None:
    systems = database(
        tmp_path,
        first={"volume": "SAME", "more": "<release-date>2016-10-15</release-date>"},
        newest={"volume": "SAME", "more": "<release-date>2021-08-18</release-date>"},
        second={"volume": "SAME", "more": "<release-date>2018-11-13</release-date>"},
        undated={"volume": "SAME"},
    )
    assert found(systems, volume="SAME") == "newest"


def test_what_fits_more_than_it_means_comes_last(tmp_path: Path) -> None:
    systems = database(
        tmp_path,
        all={"volume": "DISC", "arch": "all"},
        rolling={"volume": "DISC", "more": "<release-status>rolling</release-status>"},
        usual={"volume": "^DISC 1$"},
    )
    assert found(systems, volume="DISC 1") == "usual"
    assert found(systems, volume="DISC 2") == "all"


def test_what_is_no_image(tmp_path: Path) -> None:
    systems = database(tmp_path, one={"volume": "ONE"})
    for content in (b"", b"text", bytes(0x8000), bytes(0x9000)):
        with pytest.raises(NotAnImage, match="not an ISO 9660 image"):
            detect(systems, io.BytesIO(content))
