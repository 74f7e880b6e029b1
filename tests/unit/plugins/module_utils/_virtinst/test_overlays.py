# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which disk is meant by the base of its image."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.overlays import (
    BaseError,
    Below,
    DomainDisks,
    kept,
    raised,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


class Images:
    """Chains by the path on top; a path of ``links`` is another name."""

    def __init__(self, whole: bool = True, **chains: tuple[str, ...]) -> None:
        self._chains = chains
        self._whole = whole

    def real(self, disk: Element) -> str | None:
        path = disk.value("source/@file")
        return None if path is None else path.removeprefix("link-")

    def below(self, disk: Element) -> Below:
        return Below(self._chains.get(self.real(disk) or "", ()), self._whole)

    def needed_by_others(self, _path: str) -> str | None:
        return None

    def snapshot(self, _disk: Element) -> str | None:
        return "s1"


def disk(path: str | None, target: str | None = None, more: str = "") -> Element:
    source = "" if path is None else f"<source file='{path}'/>"
    place = "" if target is None else f"<target dev='{target}'/>"
    return parse(f"<disk type='file'><driver type='qcow2'/>{source}{place}{more}</disk>")


def disks(images: Images, *defined: Element, running: t.Sequence[Element] = ()) -> DomainDisks:
    return DomainDisks("web", defined, running, lambda: images)


CHAIN = Images(top=("middle", "base"), data=())
CURRENT = (disk("top", "vda"), disk("data", "vdb"), disk(None, "sda", "<x/>"))


@pytest.mark.parametrize(
    ("requested", "target"),
    [
        (disk("base"), "vda"),
        (disk("middle"), "vda"),
        (disk("link-base"), "vda"),
        (disk("base", "vda"), "vda"),
        (disk("link-top"), "vda"),
        (disk("link-data"), "vdb"),
        (disk("top"), None),
        (disk("other"), None),
        (disk("other", "vda"), None),
        (disk("link-top", "vda"), None),
        (disk(None, "vda"), None),
        (disk("base", "vdc", "<readonly/>"), None),
    ],
)
def test_the_disk_that_is_meant(requested: Element, target: str | None) -> None:
    found = kept([requested], disks(CHAIN, *CURRENT), is_whole=False)
    assert [kept_image.current.value("target/@dev") for kept_image in found] == (
        [target] if target else []
    )
    for kept_image in found:
        assert kept_image.replacement.value("source/@file") == kept_image.current.value(
            "source/@file"
        )
        assert kept_image.replacement.value("target/@dev") == requested.value("target/@dev")
        assert kept_image.replacement.value("driver/@type") == "qcow2"


def test_a_base_is_no_disk_of_its_own() -> None:
    for target in ("vdb", "vdc"):
        with pytest.raises(BaseError, match="base is what top is based on, the image of vda"):
            kept([disk("base", target)], disks(CHAIN, *CURRENT), is_whole=False)
    # What goes from one place may come at another.
    [kept_image] = kept([disk("base", "vdc")], disks(CHAIN, *CURRENT), is_whole=True)
    assert kept_image.replacement.value("source/@file") == "top"
    with pytest.raises(BaseError):
        kept([disk("base", "vdc"), disk("top", "vda")], disks(CHAIN, *CURRENT), is_whole=True)


def test_what_can_not_be_read_may_be_the_base() -> None:
    unknown = disks(Images(whole=False), *CURRENT)
    with pytest.raises(BaseError, match="vda has top, and it can't be read"):
        kept([disk("other", "vda")], unknown, is_whole=False)
    assert kept([disk("other", "vdx"), disk("other")], unknown, is_whole=False) == []


def test_a_guest_that_runs_from_an_overlay_of_its_definition_keeps_it() -> None:
    running = disks(CHAIN, disk("base", "vda"), running=[disk("top", "vda", "<backingStore/>")])
    document = parse("<domain><devices/></domain>")
    document = document.replaced(
        children=[document.children[0].replaced(children=[disk("base", "vda")])]
    )
    changed, notes = raised(document, running, is_whole=True)
    assert changed.value("devices/disk/source/@file") == "top"
    assert changed.find("devices/disk/backingStore") is None
    assert "of the snapshot s1 that is based on base" in notes[0]


def test_nothing_is_asked_where_all_is_the_same() -> None:
    def unknown() -> t.NoReturn:
        raise AssertionError

    domain_disks = DomainDisks("web", CURRENT, CURRENT, unknown)
    drive = parse("<disk device='cdrom'><source file='x'/><target dev='sda'/></disk>")
    assert kept([*CURRENT, drive], domain_disks, is_whole=True) == []


@pytest.mark.parametrize("snapshot", ["s1", None])
def test_the_remedy_is_that_of_who_made_the_overlay(
    snapshot: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # libvirt can't remove a snapshot any more that blockcommit has merged.
    monkeypatch.setattr(Images, "snapshot", lambda *_disk: snapshot)
    [kept_image] = kept([disk("base")], disks(CHAIN, *CURRENT), is_whole=False)
    assert ("virsh blockcommit web vda" in kept_image.note) == (snapshot is None)
    assert ("domain_snapshot" in kept_image.note) == (snapshot is not None)
