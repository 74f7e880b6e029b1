# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents of volumes that options describe."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.volume_sources import (
    as_version_3,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.volume.document import (
    DESCRIBING,
    check_new,
    check_unit,
    completed,
    size_of,
    volume_document,
    with_backing,
    with_capacity,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

_NOTHING = dict.fromkeys(DESCRIBING)


def _text(element: Element) -> str:
    return serialise(element, indent=None)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("20 GiB", 20 * 1024**3),
        ("20G", 20 * 1024**3),
        ("20 GB", 20 * 1000**3),
        ("1.5G", 3 * 512 * 1024**2),
        ("512", 512),
        (" 512 b", 512),
        ("512 bytes", 512),
        ("1 KB", 1000),
        ("1 k", 1024),
        ("0", 0),
        (None, None),
    ],
)
def test_sizes(text: str | None, size: int | None) -> None:
    assert size_of(text, "capacity") == size


@pytest.mark.parametrize("text", ["1", " 20 ", "511"])
def test_a_number_of_a_few_bytes_is_a_mistake(text: str) -> None:
    with pytest.raises(TaskError, match=r"^capacity: \d+ alone is a number of bytes.*\d GiB, or"):
        check_unit(text)


@pytest.mark.parametrize("text", [None, "0", "512", "20 bytes", "20G", "4194304"])
def test_a_capacity_that_can_be_meant(text: str | None) -> None:
    check_unit(text)


@pytest.mark.parametrize("text", ["", "big", "20 XB", "-1G", "-1", "1,5G", "G", "0x10", "1e3"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(TaskError, match=r"^capacity: '.*' is no size; write a number and a unit"):
        size_of(text, "capacity")


def test_no_part_of_a_byte() -> None:
    with pytest.raises(TaskError, match=r"'1\.3 bytes' is no whole number of bytes"):
        size_of("1.3 bytes", "capacity")
    for text in ("8 EiB", str(2**63)):
        with pytest.raises(TaskError, match=r"^capacity: '.*' is more than libvirt can count; "):
            size_of(text, "capacity")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "<volume/>"),
        ({"capacity": "1K"}, "<volume><capacity unit='bytes'>1024</capacity></volume>"),
        (
            {"capacity": "1K", "preallocation": "full"},
            "<volume><capacity unit='bytes'>1024</capacity>"
            "<allocation unit='bytes'>1024</allocation></volume>",
        ),
        (
            {"format": "qcow2", "cluster_size": "128K", "nocow": True},
            "<volume><target><format type='qcow2'/><nocow/>"
            "<clusterSize unit='bytes'>131072</clusterSize></target></volume>",
        ),
        (
            {"encryption": {"format": "luks", "secret": {"uuid": None, "usage": "a"}}},
            "<volume><target><encryption format='luks'><secret type='passphrase' usage='a'/>"
            "</encryption></target></volume>",
        ),
    ],
    ids=str,
)
def test_each_option(options: dict[str, t.Any], expected: str) -> None:
    assert _text(volume_document({**_NOTHING, **options})) == expected


def test_a_new_file_takes_no_room() -> None:
    document = parse("<volume><name>a</name><capacity unit='bytes'>1</capacity></volume>")
    assert _text(completed(document, "dir", None)) == (
        "<volume><name>a</name><capacity unit='bytes'>1</capacity>"
        "<allocation unit='bytes'>0</allocation><target><format type='qcow2'/></target></volume>"
    )
    assert completed(document, "netfs", "raw").value("target/format/@type") == "raw"
    for kind in ("logical", "disk", "rbd"):
        assert [child.tag for child in completed(document, kind, None).children] == [
            *("name", "capacity", "target"),
        ]


def test_what_it_is_based_on_is_last() -> None:
    document = with_backing(parse("<volume><name>a</name></volume>"), "/b", "raw")
    document = with_capacity(completed(document, "dir", None), 9)
    assert [child.tag for child in document.children] == [
        *("name", "capacity", "allocation", "target", "backingStore"),
    ]
    assert with_capacity(document, 10) is document


@pytest.mark.parametrize(
    ("text", "pool", "words"),
    [
        ("<volume><name>a</name></volume>", "dir", "capacity: a new volume needs one"),
        (
            "<volume><name>a</name><backingStore><path>/b</path></backingStore></volume>",
            "dir",
            "backing.format: without the format",
        ),
        (
            "<volume><name>a</name><capacity>1</capacity></volume>",
            "disk",
            "name: the next partition of sdb is called sdb1",
        ),
    ],
)
def test_what_a_new_one_lacks(text: str, pool: str, words: str) -> None:
    document = parse(f"<pool type='{pool}'><source><device path='/dev/sdb'/></source></pool>")
    with pytest.raises(TaskError, match=words):
        check_new(parse(text), document, (), False)


@pytest.mark.parametrize(
    ("device", "form", "taken", "name", "is_right"),
    [
        ("sdb", "gpt", (), "sdb1", True),
        ("sdb", "gpt", (), "sdb2", False),
        ("sdb", "gpt", ("sdb1", "sdb3"), "sdb2", True),
        ("sdb", "gpt", ("sdb1", "sdb3"), "sdb4", False),
        ("nvme0n1", "gpt", ("nvme0n1p1",), "nvme0n1p2", True),
        ("sdb", "gpt", (), "web", False),
        # It may be a logical one.
        ("sdb", "dos", ("sdb1",), "sdb5", True),
        ("sdb", "dos", (), "sdb2", False),
    ],
)
def test_names_of_partitions(
    device: str, form: str, taken: tuple[str, ...], name: str, is_right: bool
) -> None:
    pool = parse(
        f"<pool type='disk'><source><device path='/dev/{device}'/><format type='{form}'/></source>"
        "</pool>"
    )
    document = parse(f"<volume><name>{name}</name><capacity>1</capacity></volume>")
    if is_right:
        check_new(document, pool, taken, False)
    else:
        with pytest.raises(TaskError, match=f"name: the next partition of {device} is called"):
            check_new(document, pool, taken, False)


def test_images_are_of_version_3() -> None:
    form = "<format type='qcow2'/>"
    bare = f"<volume><target><path>/a</path>{form}<nocow/></target></volume>"
    made = "<volume><target><path>/a</path>{}<compat>1.1</compat><nocow/></target></volume>"
    assert _text(as_version_3(parse(bare))) == made.format(form)
    for text in (bare.replace("qcow2", "raw"), bare.replace("<nocow/>", "<compat>0.10</compat>")):
        assert _text(as_version_3(parse(text))) == text


@pytest.mark.parametrize("size", ["1", "3K", "4M"])
def test_no_cluster_that_images_lack(size: str) -> None:
    options = {**dict.fromkeys(DESCRIBING), "capacity": "1M", "cluster_size": size}
    with pytest.raises(TaskError, match=r"^cluster_size: '.*' is none that qemu-img has; choose"):
        volume_document(options)
