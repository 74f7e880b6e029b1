# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every place where the schema lets a domain name a file has a row that says what it is."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._file_use.places import (
    NONE,
    PLACES,
    place_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.lxml_import import etree

SCHEMAS = pathlib.Path("/usr/share/libvirt/schemas")
RNG = "{http://relaxng.org/ns/structure/1.0}"
#: The schema's types of what may be the name of a file.
FILES = {"absFilePath", "filePath", "absDirPath", "dirPath", "deviceName", "vmwarePath"}


class Schema:
    """The places of a schema in which a file is named."""

    def __init__(self, name: str) -> None:
        self.defines: dict[str, list[t.Any]] = {}
        self.read: set[str] = set()
        self.load(name)
        self.found: set[tuple[str, ...]] = set()
        self.seen: set[tuple[str, tuple[str, ...]]] = set()

    def load(self, name: str) -> None:
        if name in self.read:
            return
        self.read.add(name)
        root = etree.parse(SCHEMAS / name).getroot()
        for include in root.iter(f"{RNG}include"):
            self.load(include.attrib["href"])
        for define in root.iter(f"{RNG}define"):
            self.defines.setdefault(define.attrib["name"], []).append(define)

    def walk(self, node: t.Any, path: tuple[str, ...], stack: tuple[str, ...]) -> None:
        for child in node:
            tag = child.tag
            if tag == f"{RNG}ref":
                name = child.get("name")
                if name in FILES:
                    self.found.add(path)
                # A chain of images may be of any length; one link of it is enough.
                elif stack.count(name) < 2 and (name, path) not in self.seen:
                    self.seen.add((name, path))
                    for define in self.defines[name]:
                        self.walk(define, path, (*stack, name))
            elif tag == f"{RNG}element" and child.get("name"):
                self.walk(child, (*path, child.get("name")), stack)
            elif tag == f"{RNG}attribute" and child.get("name"):
                self.walk(child, (*path, f"@{child.get('name')}"), stack)
            elif isinstance(tag, str):
                self.walk(child, path, stack)


@pytest.fixture(scope="module")
def places() -> set[tuple[str, ...]]:
    if not SCHEMAS.is_dir():
        pytest.skip("libvirt's schemas are not installed")
    schema = Schema("domaincommon.rng")
    for define in schema.defines["domain"]:
        schema.walk(define, (), ())
    return {path[1:] for path in schema.found if path[:1] == ("domain",)}


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
