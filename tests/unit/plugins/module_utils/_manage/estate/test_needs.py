# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What objects need of each other is read from their documents."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.estate.needs import (
    Need,
    names_of,
    needs_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

UUID = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"


def domain(devices: str, rest: str = "") -> str:
    return f"<domain>{rest}<devices>{devices}</devices></domain>"


@pytest.mark.parametrize(
    ("noun", "text", "needed"),
    [
        (
            "domain",
            domain("<interface><source network='lab'/><filterref filter='web'/></interface>"),
            {("network", "lab"), ("nwfilter", "web")},
        ),
        (
            "domain",
            domain("<disk><source file='/srv//lab/a.qcow2'/></disk>"),
            {("path", "/srv//lab/a.qcow2"), ("folder", "/srv/lab")},
        ),
        (
            "domain",
            domain("<disk><source pool='lab' volume='a'/></disk>"),
            {("pool", "lab"), ("volume", "lab/a")},
        ),
        (
            "domain",
            domain("", "<os><kernel>/boot/k</kernel></os>"),
            {("path", "/boot/k"), ("folder", "/boot")},
        ),
        (
            "domain",
            domain(f"<tpm><backend><encryption secret='{UUID}'/></backend></tpm>"),
            {("secret", UUID)},
        ),
        (
            "domain",
            domain(
                "<disk><source><auth><secret type='ceph' usage='client.a'/></auth></source></disk>"
            ),
            {("secret", "ceph client.a")},
        ),
        (
            "volume",
            "<volume><target><encryption><secret type='passphrase' usage='/srv/a'/></encryption>"
            "</target><backingStore><path>/srv/base</path></backingStore></volume>",
            {("secret", "volume /srv/a"), ("path", "/srv/base"), ("folder", "/srv")},
        ),
        ("nwfilter", "<filter><filterref filter='b'/></filter>", {("nwfilter", "b")}),
        ("network", "<network><name>a</name></network>", set()),
    ],
)
def test_what_is_needed(noun: str, text: str, needed: set[tuple[str, str]]) -> None:
    assert needs_of(noun, parse(text)) == {Need(*each) for each in needed}


@pytest.mark.parametrize(
    ("noun", "name", "text", "names"),
    [
        ("network", "lab", "<network/>", {("network", "lab")}),
        (
            "pool",
            "lab",
            "<pool><target><path>/srv/lab/</path></target></pool>",
            {("pool", "lab"), ("folder", "/srv/lab")},
        ),
        (
            "volume",
            "lab/a",
            "<volume><target><path>/srv/lab/a</path></target></volume>",
            {("volume", "lab/a"), ("path", "/srv/lab/a")},
        ),
        (
            "secret",
            "ceph client.a",
            f"<secret><uuid>{UUID}</uuid><usage type='ceph'><name>client.a</name></usage></secret>",
            {("secret", "ceph client.a"), ("secret", UUID)},
        ),
        ("pool", "lab", None, {("pool", "lab")}),
    ],
)
def test_what_it_is_needed_by(
    noun: str, name: str, text: str | None, names: set[tuple[str, str]]
) -> None:
    document = None if text is None else parse(text)
    assert names_of(noun, name, document) == {Need(*each) for each in names}
