# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each place of libvirt's schema that may stand for one machine, or for one thing of the host, has a row."""

from __future__ import annotations

import re

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

from .....schema_places import SCHEMAS, Places

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


@pytest.fixture(scope="module")
def places() -> set[tuple[str, ...]]:
    if not SCHEMAS.is_dir():
        pytest.skip("libvirt's schemas are not installed")
    return Places(TYPES, lambda name: NAMES.fullmatch(name) is not None).found()


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
