# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amounts and words that no guest can have."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.disk import Disk
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)

from .. import hosts


@pytest.mark.parametrize(
    ("group", "value", "reason"),
    [
        ("memory", 0, "0 is not an amount that there can be"),
        ("memory", -5, "-5 is not an amount that there can be"),
        ("memory", 2**43, "8796093022208 is not an amount that there can be"),
        ("memory", {"memory": 512, "maxmemory": -1}, "-1 is not an amount that there can be"),
        # The name of a sub-option is only told where it may have been written.
        ("memory", "lots", "^memory: lots is not a whole number"),
        ("vcpus", 2.0, "^vcpus: 2.0 is not a whole number"),
        ("memory", {"memory": "lots"}, "^memory: currentMemory: lots is not a whole number"),
        ("xml", "nonsense", "^xpath: nonsense needs the form XPATH=VALUE"),
        ("memdev", {"target": {"size": 0}}, "0 is not an amount that there can be"),
        ("memory", "2X", "^memory: there is no unit X, in 2X; K, M, G and T"),
        ("memory", "-1G", "-1G is less than nothing"),
        ("memory", "1.5K", "1.5K is not a whole number of KiB"),
        ("memory", "0G", "0G is not an amount that there can be"),
        ("memory", "99999999T", "99999999T is more than libvirt can count"),
        ("memtune", {"hard_limit": "512 Bytes"}, "hard_limit: 512 Bytes is not a whole number"),
        ("disk", {"path": "/a", "iotune": {"read_bytes_sec": "1Q"}}, "there is no unit Q, in 1Q"),
        ("disk", {"path": "/a", "size": "20 Gigs"}, "disk: size: there is no unit Gigs"),
        ("disk", {"path": "/a", "size": "large"}, "disk: size: large is not a size; give GiB"),
        ("shmem", {"name": "a", "size": "4M", "size.unit": "M"}, "size has its unit with it, and"),
        ("shmem", "a,size.unit=M,size=4M", "size has its unit with it, and size.unit is given"),
        ("vcpus", 0, "there can't be 0 CPUs"),
        ("vcpus", "-1", "there can't be -1 CPUs"),
        ("vcpus", {"vcpu": 2, "maxvcpus": 2**16}, "there can't be 65536 CPUs"),
        ("disk", {"path": "/a", "pool": "default", "size": 1}, "path and pool contradict"),
        ("disk", "path=/a,vol=default/a", "path and vol contradict"),
        ("boot", {"uefi": "maybe"}, "maybe is neither yes nor no"),
        ("vcpus", "4,maxvcpus=2", "4 CPUs are more than the most, which is 2"),
    ],
)
def test_what_no_guest_can_have(group: str, value: t.Any, reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        apply(hosts.guest(), group, value)


@pytest.mark.parametrize(
    ("group", "value", "path", "written"),
    [
        ("memory", "2G", "memory", "2097152"),
        ("memory", "2 GiB", "memory", "2097152"),
        ("memory", "1.5g", "memory", "1572864"),
        ("memory", "1.5M", "memory", "1536"),
        ("memory", "2GB", "memory", "1953125"),
        # libvirt rounds decimal units up.
        ("memory", "1GB", "memory", "976563"),
        ("memory", "2048", "memory", "2097152"),
        ("memory", 2048, "memory", "2097152"),
        ("memory", "1G,maxmemory=4G", "memory", "4194304"),
        ("memory", "1G,maxmemory=4G", "currentMemory", "1048576"),
        ("memory", {"memory": "1G", "maxMemory": "8G"}, "maxMemory", "8388608"),
        ("memtune", {"hard_limit": "4G"}, "memtune/hard_limit", "4194304"),
        ("memtune", {"hard_limit": 4194304}, "memtune/hard_limit", "4194304"),
        ("memdev", {"target": {"size": "1G"}}, "devices/memory/target/size", "1048576"),
        ("memdev", {"target": {"requested": "1M"}}, "devices/memory/target/requested", "1024"),
        ("shmem", {"name": "a", "size": "4M"}, "devices/shmem/size", "4096"),
        ("shmem", {"name": "a", "size": "4M"}, "devices/shmem/size/@unit", "KiB"),
        ("shmem", "a,size=100b", "devices/shmem/size/@unit", "b"),
        ("shmem", "a,size=4,size.unit=M", "devices/shmem/size/@unit", "M"),
        ("shmem", "a,size=4", "devices/shmem/size/@unit", None),
        ("memorybacking", {"hugepages": {"page": [{"size": "2M"}]}},
         "memoryBacking/hugepages/page/@size", "2048"),
        ("memorybacking", "hugepages.page.size=1G", "memoryBacking/hugepages/page/@unit", "KiB"),
        ("cpu", {"numa": {"cell": [{"memory": "1G"}]}}, "cpu/numa/cell/@memory", "1048576"),
        ("blkiotune", {"device": [{"read_bytes_sec": "10M"}]},
         "blkiotune/device/read_bytes_sec", "10485760"),
        ("video", {"model": {"vram": "64M"}}, "devices/video/model/@vram", "65536"),
        ("rng", {"rate": {"bytes": "1K"}}, "devices/rng/rate/@bytes", "1024"),
    ],
)  # fmt: skip
def test_an_amount_with_its_unit(group: str, value: t.Any, path: str, written: str | None) -> None:
    guest = hosts.guest()
    apply(guest, group, value)
    assert guest.root.value(path) == written


@pytest.mark.parametrize(
    ("size", "gib"),
    [("20G", 20), ("20", 20), (20, 20), (0.5, 0.5), ("512M", 0.5), ("2 TiB", 2048), ("1GB", 1e9 / 2**30)],
)  # fmt: skip
def test_the_size_of_a_disk(size: t.Any, gib: float) -> None:
    guest = hosts.guest()
    [disk] = apply(guest, "disk", {"path": "/images/new", "size": size})
    assert isinstance(disk, Disk)
    assert disk.size == int(gib * 2**30)
