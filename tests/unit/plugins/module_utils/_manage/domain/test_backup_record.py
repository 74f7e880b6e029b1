# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of backups, their chains, and those that are too many."""

from __future__ import annotations

import json
import random

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.backup_record import (
    Backup,
    BackupDisk,
    Note,
    begun_note,
    chain,
    name_at,
    read,
    read_note,
    seconds_of,
    superfluous,
    written,
    written_note,
)

ONE = Backup(
    "web.20260131T020000Z",
    "web",
    "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11",
    1769824800,
    "full",
    (BackupDisk("vda", "web.20260131T020000Z.vda.qcow2", 1 << 30),),
    checkpoint="web.20260131T020000Z",
    definition="web.20260131T020000Z.xml",
)


def backup(number: int, base: int | None = None) -> Backup:
    return Backup(str(number), "web", "", number, "", (), None if base is None else str(base))


def test_what_is_written_is_read() -> None:
    assert read(written(ONE)) == ONE
    assert read_note(written_note(Note(ONE, "host boot 1 2"))) == Note(ONE, "host boot 1 2")


def test_a_part_of_a_record_is_none() -> None:
    whole = written(ONE)
    assert [read(whole[:length]) for length in range(len(whole) - 2)] == [None] * (len(whole) - 2)


@pytest.mark.parametrize("name", ["../other", "/etc/passwd", "", ".", "a\0b", 5, None])
def test_a_record_names_files_of_its_own_folder(name: object) -> None:
    data = json.loads(written(ONE))
    data["disks"][0]["file"] = name
    assert read(json.dumps(data).encode()) is None
    if name is not None:
        data = {**json.loads(written(ONE)), "definition": name}
        assert read(json.dumps(data).encode()) is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format": 2}', b'{"format": 1}', b"\xff"]
)
def test_what_is_no_record(content: bytes) -> None:
    assert read(content) is None
    assert read_note(content) is None


def test_the_name_has_the_time() -> None:
    assert name_at("web", ONE.time) == ONE.name


def test_a_note_that_is_being_written_is_of_one_domain() -> None:
    pattern = begun_note("web")
    found = pattern.fullmatch(f"{ONE.name}-2.unfinished.json.part")
    assert found is not None
    assert found[1] == f"{ONE.name}-2"
    for name in (f"{ONE.name}.{ONE.name}", f"a{ONE.name}", "web", "web.20260131T020000Z.vda"):
        assert pattern.fullmatch(f"{name}.unfinished.json.part") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("2m", 120), ("20h", 72000), ("1.5d", 129600), (" 1w ", 604800)],
)
def test_age(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "-1h", "1y", "1h 5m", "1e3", "٣h"])
def test_no_age(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        seconds_of(text)


def test_chain() -> None:
    known = {each.name: each for each in (backup(1), backup(2, 1), backup(3, 2), backup(5, 4))}
    assert [each.name for each in chain(known["3"], known) or ()] == ["3", "2", "1"]
    assert chain(known["5"], known) is None
    circle = {"1": backup(1, 2), "2": backup(2, 1)}
    assert chain(circle["1"], circle) is None


@pytest.mark.parametrize(
    ("bases", "keep", "gone"),
    [
        ([None, None, None], 2, "1"),
        ([None, 1, 2], 1, ""),
        ([None, 1, 2, None, 4], 2, "321"),
        ([None, 1, 2, None, 4], 3, ""),
        ([None, 1, 1], 1, "2"),
        ([None], 5, ""),
    ],
)
def test_superfluous(bases: list[int | None], keep: int, gone: str) -> None:
    series = [backup(number, base) for number, base in enumerate(bases, 1)]
    assert [each.name for each in superfluous(series, keep)] == list(gone)


@pytest.mark.parametrize(
    ("series", "wanted", "keep", "gone"),
    [
        # A part doesn't count, and takes no place of a whole one.
        (["ab", "ab", "a", "a"], "ab", 2, ""),
        (["ab", "ab", "ab", "a"], "ab", 2, "1"),
        (["ab", "a"], "a", 1, ""),
        (["ab", "a", "a"], "a", 1, "2"),
        # What is older than all that stays goes, if the others have its disks.
        (["a", "b", "ab"], "ab", 1, "21"),
        # c isn't a disk of the domain any more.
        (["abc", "ab"], "ab", 1, "1"),
    ],
)
def test_backups_of_some_disks(series: list[str], wanted: str, keep: int, gone: str) -> None:
    backups = [
        backup(number)._replace(disks=tuple(BackupDisk(target, "", 0) for target in targets))
        for number, targets in enumerate(series, 1)
    ]
    found = superfluous(backups, keep, frozenset(wanted), frozenset("ab"))
    assert [each.name for each in found] == list(gone)


def test_what_stays_is_whole() -> None:
    chance = random.Random(5)
    for _each in range(300):
        count = chance.randint(1, 12)
        series = [
            backup(number, chance.choice([None, *range(1, number)]))
            for number in range(1, count + 1)
        ]
        keep = chance.randint(1, 5)
        gone = superfluous(series, keep)
        names = [each.name for each in gone]
        left = {each.name: each for each in series if each.name not in names}
        assert all(chain(each, left) is not None for each in left.values())
        assert {each.name for each in series[-keep:]} <= set(left)
        for position, each in enumerate(gone):
            # What is based on it went before.
            assert not any(later.base == each.name for later in gone[position:])
