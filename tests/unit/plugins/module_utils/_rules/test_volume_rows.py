# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of volumes, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.volume import KIND, ROWS

from .row_cases import Case, check, rows_without_a_case

_CAPACITY = "<capacity unit='bytes'>1048576</capacity>"
_TIMES = "<timestamps><atime>1.1</atime></timestamps>"
_REPORT = (
    "<key>/a/b</key><source><device path='/dev/c'/></source>"
    f"{_CAPACITY}<allocation unit='bytes'>4096</allocation><physical unit='bytes'>4096</physical>"
)
_PATH, _FORMAT = "<path>/a/b</path>", "<format type='qcow2'/>"
_FOUND = "<permissions><mode>0600</mode><owner>0</owner><group>0</group></permissions>"
_BACKING = "<backingStore><path>/a/c</path>{}</backingStore>"


def _volume(*target: str, behind: str = "", report: str = _REPORT) -> str:
    """What libvirt reports."""
    inside = "".join(target) or _FORMAT
    return (
        f"<volume type='file'><name>b</name>{report}"
        f"<target>{_PATH}{inside}</target>{behind}</volume>"
    )


def _written(*target: str, behind: str = "", head: str = "", size: str = _CAPACITY) -> str:
    """What a person orders."""
    inside = "".join(target) or _FORMAT
    return f"<volume {head}><name>b</name>{size}<target>{inside}</target>{behind}</volume>"


def _permissions(inside: str) -> str:
    return f"{_FORMAT}<permissions>{inside}</permissions>"


CASES = [
    Case(_written(), _volume()),
    Case(f"<volume><name>b</name>{_CAPACITY}</volume>", _volume()),
    Case(_written(_PATH), _volume(_PATH)),
    Case(_written("<path>/x</path>" + _FORMAT, head="type='block'"), _volume()),
    *(
        Case(_written(size=_CAPACITY + said), _volume())
        for said in (
            "<key>x</key>",
            "<source><device path='/dev/x'/></source>",
            "<allocation>1</allocation>",
            "<physical>1</physical>",
        )
    ),
    Case(_written(_FORMAT, _TIMES.replace("1.1", "2.2")), _volume(_FORMAT, _TIMES)),
    Case(
        _written(_FORMAT, "<clusterSize unit='B'>1</clusterSize>"),
        _volume(_FORMAT, "<clusterSize unit='B'>65536</clusterSize>"),
    ),
    Case(_written(), _volume(_FORMAT, _TIMES, "<clusterSize unit='B'>65536</clusterSize>")),
    # The size
    Case(_written(size="<capacity unit='MiB'>1</capacity>"), _volume()),
    Case(_written(size="<capacity>1048575</capacity>"), _volume()),
    Case(
        _written(size="<capacity unit='MiB'>2</capacity>"),
        _volume(),
        ("modify /volume/capacity",),
    ),
    Case(_written(size="<capacity>0</capacity>"), _volume()),
    # A folder has none, and a VPC image is a whole number of cylinders.
    Case(
        _written("<format type='dir'/>"),
        _volume("<format type='dir'/>", report="<capacity unit='bytes'>4096</capacity>"),
    ),
    Case(
        _written("<format type='vpc'/>", size="<capacity unit='MiB'>10</capacity>"),
        _volume("<format type='vpc'/>", report="<capacity unit='bytes'>10514432</capacity>"),
    ),
    Case(
        _written("<format type='vpc'/>", size="<capacity unit='MiB'>10</capacity>"),
        _volume("<format type='vpc'/>", report="<capacity unit='bytes'>12582912</capacity>"),
        ("modify /volume/capacity",),
    ),
    Case(_written(size="<capacity>1</capacity><allocation unit='MiB'>1</allocation>"), _volume()),
    Case(
        _written(size="", behind=_BACKING.format("")),
        _volume(behind=_BACKING.format("")),
    ),
    # The target
    Case(_written(" "), _volume(_FORMAT)),
    Case(_written("<format type='raw'/>"), _volume(), ("modify /volume/target/format/@type",)),
    Case(_written(), _volume(_FORMAT, _FOUND)),
    Case(
        _written(_permissions("<mode>600</mode><owner>00</owner><group>00</group>")),
        _volume(_FORMAT, _FOUND),
    ),
    Case(
        _written(_permissions("<mode>600</mode><owner>-1</owner><group>4294967295</group>")),
        _volume(_FORMAT, _FOUND),
    ),
    Case(
        _written(_permissions("<mode>600</mode><owner>4294967295</owner><group>-1</group>")),
        _volume(_FORMAT, _FOUND),
    ),
    Case(_written(_permissions("<mode>600</mode><label>x</label>")), _volume(_FORMAT, _FOUND)),
    Case(
        _written(), _volume(_FORMAT, "<compat>1.1</compat><features><lazy_refcounts/></features>")
    ),
    Case(_written(_FORMAT, "<nocow/>"), _volume()),
    Case(
        _written(
            _FORMAT,
            "<encryption format='luks'><secret type='passphrase' uuid='b'/>"
            "<cipher name='aes' size='256'/><ivgen name='plain64'/></encryption>",
        ),
        _volume(_FORMAT, "<encryption format='luks'/>"),
    ),
    Case(
        _written(_FORMAT, "<encryption format='luks'/>"),
        _volume(
            _FORMAT, "<encryption format='luks'><secret type='passphrase' uuid='b'/></encryption>"
        ),
    ),
    # What is behind it
    Case(
        _written(behind=_BACKING.format("").replace("/a/c", "/a//c/")),
        _volume(behind=_BACKING.format(_FOUND + _TIMES + _FORMAT)),
    ),
    Case(
        _written(behind=_BACKING.format(_FOUND.replace("0600", "0644") + _TIMES.replace("1", "2"))),
        _volume(behind=_BACKING.format(_FOUND + _TIMES)),
    ),
    Case(
        _written(),
        _volume(behind=_BACKING.format("")),
        ("remove /volume/backingStore",),
    ),
]


@pytest.mark.parametrize("case", CASES)
def test_row(case: Case) -> None:
    check(case, KIND)


def test_each_row_has_a_case() -> None:
    assert rows_without_a_case(ROWS, KIND, CASES) == []
