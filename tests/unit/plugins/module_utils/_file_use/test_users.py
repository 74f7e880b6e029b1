# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import posixpath

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._file_use.users import (
    BACKUP,
    LIVE,
    SNAPSHOT,
    Doubt,
    FileUse,
    Going,
    Link,
    Use,
)

LINKS = {"/link": "/disk", "/twin/disk": "/disk"}
HOLDERS = {"/served": "the process 9 (qemu-nbd)", "/live": "the process 8 (qemu-system-x86)"}


class Names:
    """A host with links."""

    def real(self, path):
        return LINKS.get(path, posixpath.normpath(path))

    def keys(self, path):
        return frozenset({("path", self.real(path))})

    def is_below(self, path, folder):
        return self.real(path).startswith(f"{folder}/")

    def holder(self, path):
        return HOLDERS.get(path)


DISK = Use("/disk", "a disk", "a", "ua", target="vda")
OVERLAY = Use("/over", "a disk", "b", "ub", target="vda")
SNAP = Use("/disk", "a disk", "a", "ua", SNAPSHOT, "s1", target="vda")
FOLDER = Use("/export", "a filesystem", "c", "uc", is_folder=True)


def files(*uses, links=(), doubts=()):
    return FileUse(Names(), uses, links, doubts)


@pytest.mark.parametrize("path", ["/disk", "/link", "/twin/disk", "/x/../disk"])
def test_a_file_is_used_by_whatever_name(path):
    assert files(DISK).of(path).reason == "is used by vda of the domain a"


def test_what_goes_uses_nothing():
    going = Going("ua", ("vda",))
    assert files(DISK).of("/disk", going).is_free
    assert not files(DISK).of("/disk", Going("ua", ("vdb",))).is_free
    assert not files(DISK).of("/disk", Going("ub", ("vda",))).is_free


def test_a_snapshot_goes_with_its_domain_only():
    assert files(SNAP).of("/disk", Going("ua", ("vda",), True)).is_free
    answer = files(SNAP).of("/disk", Going("ua", ("vda",)))
    assert answer.reason == "is used by the snapshot s1 of the domain a (vda)"


def test_a_base_is_used_by_what_uses_its_overlay():
    links = (Link("/middle", "/disk", "backing file"), Link("/over", "/middle", "data file"))
    answer = files(OVERLAY, links=links).of("/link")
    assert answer.reason == "is the backing file of /middle, which is used by vda of the domain b"
    assert files(links=links).of("/middle").reason == "is the data file of /over"
    assert files(OVERLAY, links=links).bases("/over") == ["/middle", "/disk"]


def test_what_is_below_a_folder_is_used():
    assert files(FOLDER).of("/export/a/b").reason == (
        "is below /export, which is used by a filesystem of the domain c"
    )
    assert files(FOLDER).of("/exported").is_free


def test_a_doubt_is_about_any_file_or_about_one_name():
    anything = Doubt("it can't be read", path="/broken")
    assert files(doubts=(anything,)).of("/x").reason == "may be in use: it can't be read"
    assert files(doubts=(anything,)).of("/broken").is_free
    named = Doubt("unknown pool", volume="x")
    assert not files(doubts=(named,)).of("/d/x").is_free
    assert files(doubts=(named,)).of("/d/y").is_free


def test_loops_end():
    links = (Link("/a", "/b", "backing file"), Link("/b", "/a", "backing file"))
    assert not files(links=links).of("/a").is_free
    assert files(links=links).bases("/a") == ["/b", "/a"]


def test_what_a_process_has_open_is_used():
    answer = files().of("/served")
    assert answer.reason == "is used by the process 9 (qemu-nbd)"
    assert not answer.certain.is_free
    planned = files()._replace(is_planned=True)
    assert planned.of("/served").is_free


def test_a_running_guest_is_why_its_image_is_open():
    live = DISK._replace(path="/live", document=LIVE, is_running=True)
    assert files(live).of("/live", Going("ua", ("vda",))).is_free
    assert files(live).of("/live").reason == "is used by vda of the domain a"


def test_a_backup_is_called_by_its_name():
    backup = DISK._replace(document=BACKUP)
    assert files(backup).of("/disk").reason == "is used by the backup of the domain a (vda)"
