# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of what libvirt can do with snapshots, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.snapshot import (
    EXTERNAL,
    HINDRANCES,
    INTERNAL,
    NO,
    Drive,
    Taking,
    beside,
    hindrance,
    images_of,
    kind_of,
    on_top,
    overlay_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

OFF = Taking(
    version=9_000_000,
    kind=INTERNAL,
    is_active=False,
    has_memory=False,
    is_quiesced=False,
    has_agent=False,
    firmware=None,
    drives=(Drive("vda", INTERNAL, "qcow2", "file"),),
)
ON = OFF._replace(is_active=True, has_memory=True)
OVERLAY = (Drive("vda", EXTERNAL, "raw", "file"),)
BESIDE = OFF._replace(kind=EXTERNAL, drives=OVERLAY)
LIVE = BESIDE._replace(is_active=True)

#: What is possible.
POSSIBLE: dict[str, Taking] = {
    "internal, off": OFF,
    "internal, running": ON,
    "external of raw, off": BESIDE,
    "external of raw, running": LIVE,
    "external with memory": LIVE._replace(has_memory=True),
    "external of a part": LIVE._replace(drives=(*OVERLAY, Drive("vdb", NO, "raw", "file", True))),
    "quiesced": LIVE._replace(is_quiesced=True, has_agent=True),
    "quiesced, off": BESIDE._replace(is_quiesced=True),
    "UEFI, off, 9.0": OFF._replace(firmware="raw"),
    "UEFI, off, 9.3": OFF._replace(firmware="raw", version=9_003_000),
    "UEFI, running, 10.9": ON._replace(firmware="qcow2", version=10_009_000),
    "UEFI, external": LIVE._replace(firmware="raw"),
    "checkpoints, off": OFF._replace(checkpoints=("c",)),
    "checkpoints, external": LIVE._replace(has_memory=True, checkpoints=("c",)),
    "a part whose state isn't saved, off": OFF._replace(unsaved=("a transient disk",)),
    "such a part, without memory": LIVE._replace(unsaved=("a transient disk",)),
    "a way back, 9.9": LIVE._replace(must_revert=True, version=9_009_000),
    "a way back, internal": ON._replace(must_revert=True),
    "transient, without a way back": ON._replace(is_persistent=False),
    "internal, saved": OFF._replace(is_saved=True),
    "more internal ones": OFF._replace(chain=frozenset({INTERNAL})),
    "more external ones": BESIDE._replace(chain=frozenset({EXTERNAL})),
    "a volume with a path": LIVE._replace(
        drives=(Drive("vda", EXTERNAL, "qcow2", "volume", has_path=True),)
    ),
    "a device with a path": LIVE._replace(
        drives=(Drive("vda", EXTERNAL, "raw", "block", has_path=True),)
    ),
    "raw, of another driver": ON._replace(
        driver="TEST", drives=(Drive("vda", INTERNAL, "raw", "file"),)
    ),
    "an empty drive left out": ON._replace(drives=(*ON.drives, Drive("sda", NO, "raw", "file"))),
}
#: What is refused, and words of the message. Each row of the table has a line.
REFUSED: dict[str, tuple[Taking, str]] = {
    "external, of another driver": (LIVE._replace(driver="TEST"), "the driver TEST of libvirt"),
    "both kinds": (OFF._replace(drives=(*OFF.drives, *OVERLAY)), "internal and external at once"),
    "memory, off": (OFF._replace(has_memory=True), "the guest is off"),
    "quiesced memory": (ON._replace(is_quiesced=True, has_agent=True), "needs none"),
    "no agent": (LIVE._replace(is_quiesced=True), "no channel for an agent"),
    "no memory": (ON._replace(has_memory=False), "has its memory"),
    "raw": (OFF._replace(drives=(Drive("vda", INTERNAL, "raw", "file"),)), "vda is raw"),
    "a part": (
        OFF._replace(drives=(*OFF.drives, Drive("vdb", NO, "qcow2", "file", True))),
        "vdb can't be left out",
    ),
    "no place": (LIVE._replace(drives=(Drive("vda", EXTERNAL, "raw", "block"),)), "no file"),
    "a volume, off": (
        BESIDE._replace(drives=(Drive("vda", EXTERNAL, "qcow2", "volume", has_path=True),)),
        "names a storage pool and a volume",
    ),
    "no disk": (BESIDE._replace(drives=()), "no disk takes part"),
    "UEFI, off, 9.2": (OFF._replace(firmware="raw", version=9_002_000), "libvirt 9.2"),
    "UEFI, running, 10.8": (ON._replace(firmware="qcow2", version=10_008_000), "before 10.9"),
    "UEFI in raw": (ON._replace(firmware="raw", version=11_003_000), "in qcow2, and they are raw"),
    "UEFI on internal": (
        ON._replace(firmware="raw", chain=frozenset({INTERNAL})),
        "stop the guest, or remove the internal snapshots",
    ),
    "unsaved, internal": (
        ON._replace(unsaved=("a transient disk",)),
        "has a transient disk; stop the guest, or set type to external",
    ),
    "unsaved, external": (
        LIVE._replace(has_memory=True, unsaved=("a transient disk",)),
        "has a transient disk; set memory to false",
    ),
    "checkpoints": (ON._replace(checkpoints=("c",)), "the checkpoint c, and QEMU can't go back"),
    "saved": (BESIDE._replace(is_saved=True), "the state of the guest is saved"),
    "on internal": (BESIDE._replace(chain=frozenset({INTERNAL})), "has internal snapshots"),
    "checkpoints and no way back": (
        ON._replace(checkpoints=("c",), must_revert=True),
        "update libvirt to 9.9, which can go back to an external snapshot, and set type to external, or delete it",
    ),
    "no way back": (LIVE._replace(must_revert=True), "libvirt 9.0 can't go back to such"),
    "transient": (ON._replace(must_revert=True, is_persistent=False), "domain is transient"),
    "on external": (OFF._replace(chain=frozenset({EXTERNAL})), "has external snapshots"),
}


@pytest.mark.parametrize("case", POSSIBLE)
def test_possible(case: str) -> None:
    assert hindrance(POSSIBLE[case]) is None


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    taking, words = REFUSED[case]
    found = hindrance(taking)
    assert found is not None
    assert words in found
    option, colon, rest = found.partition(":")
    assert colon
    assert option in ("type", "memory", "disks", "quiesce", "revertible")
    assert ";" in rest


def test_each_row_refuses_something() -> None:
    takings = [taking for taking, _words in REFUSED.values()]
    for row in HINDRANCES:
        assert row.reason
        words = [row.words(taking) for taking in takings]
        assert any(word and word == hindrance(taking) for word, taking in zip(words, takings)), row


DOCUMENTS: dict[str, tuple[str, str, dict[str, str], str | None]] = {
    "<state>shutoff</state>": ("off", INTERNAL, {}, None),
    "<state>disk-snapshot</state>": ("without disks", EXTERNAL, {}, None),
    "<state>running</state><memory snapshot='internal'/>": ("on", INTERNAL, {}, None),
    "<memory snapshot='external' file='/m'/>": ("memory", EXTERNAL, {}, "/m"),
    "<disks><disk name='vda' snapshot='external'><source file='/o'/></disk><disk name='vdb' snapshot='no'/></disks>": (
        "overlay",
        EXTERNAL,
        {"vda": "/o"},
        None,
    ),
    "<disks><disk name='vda' snapshot='internal'/></disks>": ("internal", INTERNAL, {}, None),
}


@pytest.mark.parametrize("text", DOCUMENTS)
def test_documents(text: str) -> None:
    _name, kind, overlays, memory = DOCUMENTS[text]
    document = parse(f"<domainsnapshot>{text}</domainsnapshot>")
    assert kind_of(document) == kind
    assert images_of(document) == (overlays, memory)


@pytest.mark.parametrize(
    ("image", "overlay"),
    [("/a/b.qcow2", "/a/b.one"), ("/a.b/c", "/a.b/c.one"), ("/a/b.x.img", "/a/b.x.one")],
)
def test_the_name_of_an_overlay(image: str, overlay: str) -> None:
    assert overlay_of(image, "one") == overlay


#: A chain of four; s5 was taken after going back to s2.
PARENTS = {"s1": None, "s2": "s1", "s3": "s2", "s4": "s3"}
BRANCHED = {**PARENTS, "s5": "s2"}


@pytest.mark.parametrize(
    ("parents", "current", "name", "found"),
    [
        (PARENTS, "s4", "s1", []),
        (PARENTS, "s4", "s4", []),
        (PARENTS, "s2", "s1", ["s4", "s3"]),
        (PARENTS, "s2", "s2", ["s4", "s3"]),
        (PARENTS, "s2", "s3", ["s4"]),
        (PARENTS, "s2", "s4", []),
        (BRANCHED, "s5", "s1", ["s4", "s3"]),
        (BRANCHED, "s5", "s2", ["s4", "s3"]),
        (BRANCHED, "s5", "s3", ["s4"]),
        (BRANCHED, "s5", "s5", []),
        (BRANCHED, "s4", "s2", ["s5"]),
    ],
)
def test_what_is_beside_the_current_one(
    parents: dict[str, str | None], current: str, name: str, found: list[str]
) -> None:
    assert beside(parents, name, current) == found


def test_what_is_on_top_ends_before_what_it_is_based_on() -> None:
    assert on_top(BRANCHED, "s1") == ["s5", "s4", "s3", "s2"]
