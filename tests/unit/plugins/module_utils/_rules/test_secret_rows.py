# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of secrets, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.secret import KIND, ROWS

from .row_cases import Case, check, rows_without_a_case

_UUID = "<uuid>2ec115d7-3a88-3ceb-bc12-0ac909a6fd87</uuid>"
_HEAD = "<secret ephemeral='no' private='no'>"


def _usage(kind: str, tag: str, name: str = "a") -> str:
    return f"{_HEAD}{_UUID}<usage type='{kind}'><{tag}>{name}</{tag}></usage></secret>"


CASES = [
    Case(f"<secret>{_UUID}</secret>", f"{_HEAD}{_UUID}</secret>"),
    Case(
        f"<secret>{_UUID}</secret>",
        f"<secret ephemeral='yes' private='yes'>{_UUID}</secret>",
        ("modify /secret/@ephemeral", "modify /secret/@private"),
    ),
    Case(
        f"<secret>{_UUID.upper().replace('UUID', 'uuid').replace('-', '')}</secret>",
        f"{_HEAD}{_UUID}</secret>",
    ),
    Case("<secret><usage type='ceph'><name>a</name></usage></secret>", _usage("ceph", "name")),
    Case(f"<secret>{_UUID}<usage type='none'/></secret>", f"{_HEAD}{_UUID}</secret>"),
    Case(
        "<secret><usage type='ceph'><name>a</name><volume>/b</volume></usage></secret>",
        _usage("ceph", "name"),
    ),
    Case(
        f"<secret>{_UUID}<description>b</description></secret>",
        f"{_HEAD}{_UUID}<description>a</description></secret>",
        ("modify /secret/description",),
    ),
    Case(
        f"<secret>{_UUID}</secret>",
        f"{_HEAD}{_UUID}<description>a</description></secret>",
        ("remove /secret/description",),
    ),
    *(
        Case(
            f"<secret><usage type='{kind}'><{tag}>b</{tag}></usage></secret>",
            _usage(before, before_tag),
            (
                "modify /secret/usage/@type",
                f"add /secret/usage/{tag}",
                f"remove /secret/usage/{before_tag}",
            ),
            "merge",
            f"<usage type='{kind}'><{tag}>b</{tag}></usage>",
        )
        for kind, tag, before, before_tag in (
            ("ceph", "name", "iscsi", "target"),
            ("iscsi", "target", "volume", "volume"),
            ("volume", "volume", "tls", "name"),
        )
    ),
]


@pytest.mark.parametrize("case", CASES)
def test_row(case: Case) -> None:
    check(case, KIND)


def test_each_row_has_a_case() -> None:
    assert rows_without_a_case(ROWS, KIND, CASES) == []
