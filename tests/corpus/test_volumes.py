# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each volume's document beside what libvirt reports of the volume that it makes.

A volume isn't defined anew: but for its capacity, a plan is all that there is of it.
"""

from __future__ import annotations

import collections
import fcntl
import os
import pathlib
import re
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.cache import Cache
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import NOTHING
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import Outcome
from ansible_collections.declarative.libvirt.plugins.module_utils._module import volume
from ansible_collections.declarative.libvirt.plugins.module_utils._module.objects import ObjectTask
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.volume import KIND
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from . import kinds
from .host import Recorded

Counts = collections.Counter
#: What libvirt finds out by itself, whatever is written; and what it chooses for who says nothing.
_LEFT = (
    r"/volume/(@type|key|allocation|physical|source)\b|/timestamps|/target/(path|format|compat)\b"
    r"|/clusterSize|/capacity/@unit|/permissions|/features|/volume/target gone$|/backingStore/format| moved$"
)


@pytest.fixture(autouse=True)
def fixture_alone(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[None]:
    """One worker at a time: a volume grows only where all pools can be looked through."""
    folder: pathlib.Path = tmp_path_factory.getbasetemp().parent
    with (folder / "volumes.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
    for each in made.listAllVolumes():
        each.delete()
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


class _Host:
    """What the module volume does with a document, and its calls that could change anything."""

    def __init__(self, pool: t.Any) -> None:
        self._pool = pool.name()
        self.writes: list[str] = []
        raw = Recorded(libvirt.open("qemu:///system"), self.writes)
        self._connection = Connection(raw, "qemu:///system", is_local=True)

    def task(self, text: str, mode: str = "exact", check_mode: bool = False) -> Outcome:
        self.writes.clear()
        self._connection.cache = Cache(0)
        params = {name: option.get("default") for name, option in volume.SPEC.options.items()}
        # Some of libvirt's documents are not valid and accepted all the same.
        params.update(pool=self._pool, xml=text, mode=mode, validate=False, shrink=True)
        return ObjectTask(volume.ABOUT, params).carry_out(self._connection, NOTHING, check_mode)


def _kept(report: str) -> str:
    """What there is of a volume, but for the moment, and the version that libvirt makes images in."""
    passing = (
        r"<(?:allocation|physical|clusterSize)\b[^\n]*|<timestamps>.*?</timestamps>|"
        r"<compat>[^\n]*|<features/>|<features>.*?</features>"
    )
    return re.sub(r"\s+", "", re.sub(passing, "", report, flags=re.DOTALL))


@pytest.mark.parametrize(
    "file", kinds.folder_of("volume", "storagevolxml2xmlin"), ids=lambda path: path.stem
)
def test_created_checked_and_run_again(
    pool: t.Any, file: pathlib.Path, counts: Counts[str]
) -> None:
    text, host = kinds.document(file, KIND), _Host(pool)
    try:
        made = pool.createXML(text)
    except libvirt.libvirtError:
        with pytest.raises(ExpectedError):
            host.task(text)
        pool.refresh()
        assert pool.listVolumes() == []
        counts["volume: documents that the module refuses, and nothing is left"] += 1
        return
    judge, name = made.XMLDesc(), made.name()
    made.delete()
    foreseen = host.task(text, check_mode=True)
    assert (host.writes, pool.listVolumes()) == ([], [])
    assert host.task(text).changes == foreseen.changes != ()
    created = pool.storageVolLookupByName(name)
    assert _kept(created.XMLDesc()) == _kept(judge)
    for mode in ("exact", "merge"):
        for check_mode in (True, False):
            assert host.task(text, mode, check_mode).changes == ()
            assert host.writes == []
    counts["volume: created as libvirt does, then unchanged without a write"] += 1
    capacity = created.info()[1]
    form = parse(created.XMLDesc(), "volume").value("target/format/@type")
    if form not in ("raw", "qcow2") or (parse(text, "volume").value("capacity") or "0") == "0":
        return
    # Behind the module's back.
    created.resize(capacity + 1024**2)
    (change,) = host.task(text).changes
    assert change["path"] == "/volume/capacity"
    assert created.info()[1] == capacity
    counts["volume: another capacity, put right"] += 1
