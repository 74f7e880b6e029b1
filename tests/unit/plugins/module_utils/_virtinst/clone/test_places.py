# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each place of libvirt's schema that may stand for one machine, or for one thing of the host, has a row."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.clone.places import (
    DROPPED,
    ONCE,
    OWN,
    PLACES,
    RENAMED,
    SHARED,
    row_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.lxml_import import etree

SCHEMAS = pathlib.Path("/usr/share/libvirt/schemas")
RNG = "{http://relaxng.org/ns/structure/1.0}"
#: The schema's types of what may be of one machine: identifiers, files, devices, ports.
TYPES = {
    *("UUID", "genericUUID", "uniMacAddr", "multiMacAddr", "macAddr", "wwn", "diskSerial"),
    *("absFilePath", "filePath", "absDirPath", "dirPath", "deviceName", "vmwarePath"),
    *("PortNumber", "port", "zPCI_uid", "usbIdDefault", "cdromName"),
}
#: Names of attributes and elements that say the same, whatever their type is.
NAMES = re.compile(
    r"(uuid|serial|wwn|wwpn|wwnn|mac|socket|path|file|dev|tty|portid|port|tlsPort|websocket|service|"
    r"interfaceid|instanceid|appid|secret|evdev|rendernode|logFile|cid|genid|hwuuid)"
)
#: Places whose names only look like that, by what they are.
HARMLESS = {
    "how the guest sees the device": re.compile(
        r"devices/\w+/(target|rom|driver|geometry|virtualport|bandwidth|link|frontend|model|"
        r"boot|iotune)(/|$)|devices/(controller|sound|hub|watchdog|memballoon|iommu|redirfilter|nvram)/"
    ),
    "how processors and memory are laid out": re.compile(
        r"(cpu|cputune|numatune|memorybacking|memoryBacking|memtune|iothreads|blkiotune|vcpus?|"
        r"features|clock|pm|perf|idmap|keywrap|throttlegroups|defaultiothread|iothreadids)(/|$)"
    ),
    "a device": re.compile(r"devices/serial$"),
    "how a guest boots": re.compile(r"os/(bios|boot|bootmenu|smbios|firmware|loader/@)"),
}


class Schema:
    """The places of a schema that may be of one machine."""

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
                if name in TYPES:
                    self.found.add(path)
                # A chain of images may be of any length; one link of it is enough.
                if stack.count(name) < 2 and (name, path) not in self.seen:
                    self.seen.add((name, path))
                    for define in self.defines[name]:
                        self.walk(define, path, (*stack, name))
            elif tag == f"{RNG}element" and child.get("name"):
                self.step(child, (*path, child.get("name")), stack)
            elif tag == f"{RNG}attribute" and child.get("name"):
                self.step(child, (*path, f"@{child.get('name')}"), stack)
            elif isinstance(tag, str):
                self.walk(child, path, stack)

    def step(self, child: t.Any, path: tuple[str, ...], stack: tuple[str, ...]) -> None:
        if NAMES.fullmatch(path[-1].lstrip("@")):
            self.found.add(path)
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
    unknown = sorted(
        "/".join(path)
        for path in places
        if row_of(path) is None
        and not any(pattern.match("/".join(path)) for pattern in HARMLESS.values())
    )
    counts["places of the domain's schema that may be of one machine"] += len(places)
    assert len(places) > 150
    assert not unknown


def test_each_row_has_a_reason_and_what_is_said_of_it():
    for row in PLACES:
        assert row.reason, row
        assert row.becomes in (OWN, DROPPED, RENAMED, ONCE, SHARED)
        assert bool(row.what) == (row.becomes == ONCE), row
