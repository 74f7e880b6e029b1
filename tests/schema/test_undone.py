# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge of what is undone."""

from __future__ import annotations

import pytest

from .undone import is_undone

_RNG = "<rng model='virtio'>{}</rng>"
_BALLOON = "<memballoon model='virtio'>{}</memballoon>"
_AT = "<address type='pci' domain='0x0000' bus='0x00' slot='0x0{}' function='0x0'/>"
_CARD = "<interface type='user'><mac address='52:54:00:00:00:0{}'/></interface>"
_SCSI = "<controller type='scsi' index='{}'/>"


def _domain(devices: str, head: str = "") -> str:
    return f"<domain><name>a</name>{head}<devices>{devices}</devices></domain>"


def _rng(slot: int) -> str:
    return _RNG.format(_AT.format(slot))


@pytest.mark.parametrize(
    ("document", "before", "edited", "after", "expected"),
    [
        (_RNG.format(""), _rng(3), "", _rng(3), True),
        # What has come back has another place,
        (_RNG.format(""), _rng(3), "", _rng(4), True),
        (_RNG.format("<address type='pci'/>"), _rng(3), "", _rng(4), True),
        # but not if the document says which,
        (_RNG.format("<address type='pci' slot='3'/>"), _rng(3), "", _rng(4), False),
        # or if it was never gone.
        (_RNG.format(""), _rng(3), _rng(3), _rng(4), False),
        (
            _RNG.format("") + _BALLOON.format(""),
            _rng(3) + _BALLOON.format(_AT.format(5)),
            _BALLOON.format(_AT.format(5)),
            _rng(5) + _BALLOON.format(_AT.format(3)),
            False,
        ),
        # The order has no meaning, the number has.
        (_CARD.format(1), _rng(3) + _CARD.format(1), _rng(3), _CARD.format(1) + _rng(3), True),
        (_RNG.format(""), _rng(3), "", _rng(3) + _rng(4), False),
        (_RNG.format(""), _rng(3), "", _RNG.format(f"<rate/>{_AT.format(3)}"), False),
        # A MAC is drawn where the document says none; so is the number of a controller.
        ("<interface type='user'/>", _CARD.format(1), "", _CARD.format(2), True),
        (_CARD.format(1), _CARD.format(1), "", _CARD.format(2), False),
        ("<controller type='scsi'/>", _SCSI.format(0), "", _SCSI.format(1), True),
        (_SCSI.format(0), _SCSI.format(0), "", _SCSI.format(1), False),
    ],
)
def test_undone(document: str, before: str, edited: str, after: str, expected: bool) -> None:
    texts = (_domain(text) for text in (before, edited, after, document))
    assert is_undone(*texts) == expected


@pytest.mark.parametrize(
    ("document", "before", "after", "expected"),
    [
        ("<genid/>", "<genid>1</genid>", "<genid>2</genid>", True),
        ("<genid>1</genid>", "<genid>1</genid>", "<genid>2</genid>", False),
        ("<title>b</title>", "<title>b</title>", "", False),
    ],
)
def test_what_is_no_device(document: str, before: str, after: str, expected: bool) -> None:
    texts = (_domain("", head) for head in (before, "", after, document))
    assert is_undone(*texts) == expected
