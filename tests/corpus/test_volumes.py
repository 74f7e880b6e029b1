# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each volume's document beside what libvirt reports of the volume that it makes.

A volume isn't defined anew: a plan is all that there is of it.
"""

from __future__ import annotations

import collections
import os
import pathlib
import re
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.volume import KIND
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from . import kinds

Counts = collections.Counter
#: What libvirt finds out by itself, whatever is written; and what it chooses for who says nothing.
_LEFT = (
    r"/volume/(@type|key|allocation|physical|source)\b|/timestamps|/target/(path|format|compat)\b"
    r"|/clusterSize|/capacity/@unit|/permissions|/features|/volume/target gone$|/backingStore/format| moved$"
)


@pytest.fixture
def pool() -> t.Iterator[t.Any]:
    connection = libvirt.open("qemu:///system")
    # Workers run beside each other.
    folder = pathlib.Path(f"/var/lib/libvirt/corpus-volumes-{os.getpid()}")
    folder.mkdir(exist_ok=True)
    made = connection.storagePoolCreateXML(
        f"<pool type='dir'><name>{folder.name}</name><target><path>{folder}</path></target></pool>"
    )
    yield made
    for volume in made.listAllVolumes():
        volume.delete()
    made.destroy()
    folder.rmdir()


@pytest.mark.parametrize(
    "file", kinds.folder_of("volume", "storagevolxml2xmlin"), ids=lambda path: path.stem
)
def test_planned(pool: t.Any, file: pathlib.Path, counts: Counts[str]) -> None:
    text = kinds.document(file, KIND)
    try:
        report = pool.createXML(text).XMLDesc()
    except libvirt.libvirtError as error:
        counts["volume: documents that libvirt refuses"] += 1
        pytest.skip(f"libvirt refuses it: {error.get_error_message()}")
    counts["volume: documents that libvirt accepts"] += 1
    desired, actual = parse(text, "volume"), parse(report, "volume")
    for mode in ("exact", "merge"):
        assert reconcile(desired, actual, KIND.book, mode).changes == ()
    # 0, or none, is what the image has.
    left = _LEFT if (desired.value("capacity") or "0").strip("0") else f"{_LEFT}|/capacity"
    for where, edited in kinds.edits(report, KIND):
        if reconcile(desired, parse(edited, "volume"), KIND.book).changes:
            counts["volume: edits found"] += 1
        else:
            assert re.search(left, where), where
