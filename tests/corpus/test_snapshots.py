# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's own documents of snapshots, each defined again on a domain that fits.

A redefined snapshot has no data. All that modules do with what libvirt keeps of it can be tried.
"""

from __future__ import annotations

import collections
import os
import pathlib
import re
import shutil
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot import (
    SnapshotTask,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot_info import (
    describe,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot_plan import (
    DiskWish,
    SnapshotRequest,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.selection import Selection
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.snapshot import (
    EXTERNAL,
    INTERNAL,
    NO,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from . import kinds

_URI = "qemu:///system"
_NAME = f"corpus{os.environ.get('PYTEST_XDIST_WORKER', '')}-snapped"
#: libvirt looks whether an image is a regular file before it names an overlay.
_FOLDER = pathlib.Path(f"/var/lib/libvirt/{_NAME}")
_TIME = "1272917631"
#: The folders in libvirt's source. What it writes can be read again.
_FOLDERS = ("domainsnapshotxml2xmlin", "domainsnapshotxml2xmlout")


def paths() -> list[pathlib.Path]:
    """The files of the documents; those of one name in both folders are two cases."""
    found = [path for folder in _FOLDERS for path in kinds.folder_of("snapshot", folder)]
    return list(dict.fromkeys(found))


class Done(t.NamedTuple):
    """A task: whether it changed anything, its result, and why it was refused."""

    changed: bool
    values: dict[str, t.Any]
    refused: str = ""


class Case:
    """A domain that fits a document, and the snapshot that libvirt made of it."""

    def __init__(self, raw: t.Any, path: pathlib.Path) -> None:
        self._raw = raw
        asked = parse(path.read_text(encoding="utf-8"), "domainsnapshot")
        targets = [disk.get("name") or "" for disk in asked.findall("disks/disk")]
        # A disk may be named by its image.
        self.targets = [name for name in targets if "/" not in name] or ["vda"]
        for target in self.targets:
            image = str(_FOLDER / f"{target}.qcow2")
            command = ["qemu-img", "create", "-q", "-f", "qcow2", image, "1M"]
            subprocess.run(command, check=True)
        self.domain = raw.defineXML(_domain(self.targets))
        self.document = self._fit(asked)
        parent = self.document.value("parent/name")
        if parent is not None:
            earlier = _with(Element("domainsnapshot"), name=parent, state="shutoff")
            self._redefine(_with(earlier, creationTime="1"))
        self._redefine(self.document)
        self.name = self.document.value("name") or ""

    def _fit(self, asked: Element) -> Element:
        """With what libvirt needs: a name, a state, a time, and the definition of the domain."""
        children = [child for child in asked.children if child.tag not in ("domain", "active")]
        bare = asked.replaced(children=children)
        has_overlay = any(disk.get("snapshot") == EXTERNAL for disk in asked.findall("disks/disk"))
        state = "disk-snapshot" if has_overlay else "shutoff"
        return _with(
            bare,
            name=asked.value("name") or "unnamed",
            state=asked.value("state") or state,
            creationTime=asked.value("creationTime") or _TIME,
        )

    def _redefine(self, document: Element) -> None:
        own = parse(self.domain.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE))
        whole = document.replaced(children=[*document.children, own])
        flags = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE
        self.domain.snapshotCreateXML(serialise(whole), flags)

    def kept(self) -> Element:
        """What libvirt keeps of the snapshot."""
        snapshot = self.domain.snapshotLookupByName(self.name)
        return parse(snapshot.getXMLDesc(libvirt.VIR_DOMAIN_SNAPSHOT_XML_SECURE))

    def everything(self) -> object:
        texts = sorted(one.getXMLDesc() for one in self.domain.listAllSnapshots())
        return texts, self.domain.XMLDesc(0)

    def task(self, check: bool, state: str = "present", **options: t.Any) -> Done:
        """What the module does with these options, in words if it is refused."""
        request = SnapshotRequest(domain=_NAME, name=self.name, **options)
        task = SnapshotTask(Domains(Connection(self._raw, _URI, is_local=True)), request, check)
        try:
            outcome = task.run(state)
        except ExpectedError as error:
            return Done(False, {}, str(error))
        return Done(outcome.changed, outcome.as_result(with_diff=True))

    def facts(self) -> dict[str, t.Any]:
        connection = Connection(self._raw, _URI, is_local=True)
        (found,) = describe(connection, Selection([_NAME]), Selection([self.name]))
        return found


def _domain(targets: t.Iterable[str]) -> str:
    disks = "".join(
        f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{_FOLDER}/{target}.qcow2'/>"
        f"<target dev='{target}'/></disk>"
        for target in dict.fromkeys(targets)
    )
    return (
        f"<domain type='qemu'><name>{_NAME}</name><memory unit='MiB'>64</memory><os>"
        f"<type arch='x86_64' machine='pc'>hvm</type></os><devices>{disks}</devices></domain>"
    )


def _with(document: Element, **texts: str) -> Element:
    """A document with these children, which have a text."""
    rest = [child for child in document.children if child.tag not in texts]
    made = [Element(tag, {}, text) for tag, text in texts.items()]
    return document.replaced(children=[*made, *rest])


def _without(document: Element, tag: str) -> str:
    children = [child for child in document.children if child.tag != tag]
    return serialise(document.replaced(children=children))


@pytest.fixture(params=[pytest.param(path, id=path.stem) for path in paths()])
def case(request: pytest.FixtureRequest, counts: collections.Counter[str]) -> t.Iterator[Case]:
    libvirt.registerErrorHandler(lambda *_error: None, None)
    raw = libvirt.open(_URI)
    _FOLDER.mkdir()
    counts["documents of snapshots"] += 1
    try:
        yield Case(raw, request.param)
    except libvirt.libvirtError as error:
        counts["documents of snapshots that libvirt refuses"] += 1
        pytest.skip(f"libvirt refuses it: {error}")
    finally:
        domain = raw.lookupByName(_NAME)
        domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)
        shutil.rmtree(_FOLDER)


def test_it_is_read_without_loss(case: Case) -> None:
    facts, asked = case.facts(), case.document
    for key, path in (
        ("description", "description"),
        ("state", "state"),
        ("parent", "parent/name"),
        ("memory_file", "memory/@file"),
    ):
        assert facts[key] == asked.value(path), key
    assert facts["creation_time"] == int(asked.value("creationTime") or 0)
    assert facts["memory"] == (asked.value("memory/@snapshot") not in (None, NO))
    disks = {disk["target"]: disk for disk in facts["disks"]}
    for disk in asked.findall("disks/disk"):
        found = disks.get(disk.get("name") or "")
        if found is not None and disk.get("snapshot") is not None:
            overlay = disk.value("source/@file") or disk.value("source/@dev")
            assert found["type"] == disk.get("snapshot")
            assert overlay in (None, found["path"])


def test_another_description_leaves_the_rest(case: Case) -> None:
    before = case.everything()
    assert not case.task(True).changed
    assert not case.task(False).changed
    assert case.everything() == before
    rest = _without(case.kept(), "description")
    for wish in ("Mine & <yours>", ""):
        has_one = bool(case.kept().value("description"))
        check = case.task(True, description=wish)
        assert check.changed is bool(wish or has_one), check.refused
        done = case.task(False, description=wish)
        assert done.values == check.values
        assert (case.kept().value("description") or "") == wish
        assert _without(case.kept(), "description") == rest
        assert not case.task(False, description=wish).changed


def test_what_it_is_not_is_refused(case: Case) -> None:
    facts, before = case.facts(), case.everything()
    other = INTERNAL if facts["type"] == EXTERNAL else EXTERNAL
    wishes: list[dict[str, t.Any]] = [
        {"type": other},
        {"memory": not facts["memory"]},
        {"memory_file": f"{_FOLDER}/memory"},
        {"disks": (DiskWish("vdz"),)},
    ]
    for disk in facts["disks"]:
        types = {INTERNAL, EXTERNAL, NO} - {disk["type"]}
        target = disk["target"]
        wishes += [{"disks": (DiskWish(target, one),)} for one in sorted(types)]
        wishes.append({"disks": (DiskWish(target, None, f"{_FOLDER}/other"),)})
    # There are no data to go back to.
    if facts["type"] == INTERNAL:
        wishes.append({"state": "reverted", "is_confirmed": True})
    for wish in wishes:
        check, done = (case.task(is_check, **wish) for is_check in (True, False))
        assert check.refused, wish
        assert check.refused == done.refused
        assert re.match("(type|memory|memory_file|disks|name): ", check.refused)
        assert case.everything() == before


def test_it_is_forgotten(case: Case) -> None:
    check = case.task(True, state="absent", is_metadata_only=True)
    done = case.task(False, state="absent", is_metadata_only=True)
    assert check.changed
    assert done.values == check.values
    assert case.name not in case.domain.snapshotListNames()
    assert not case.task(False, state="absent").changed
