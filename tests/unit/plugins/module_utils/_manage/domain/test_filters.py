# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network filters that do nothing, and those that lack."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import nwfilters
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.filters import (
    check_filters,
    notes_on_dropped,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_CONNECTION: t.Any = None


def _domain(*interfaces: tuple[str, str]) -> Element:
    written = (
        f"<interface type='{kind}'><filterref filter='{name}'/></interface>"
        for kind, name in interfaces
    )
    return parse(f"<domain><devices>{''.join(written)}</devices></domain>")


@pytest.mark.parametrize(
    ("before", "after", "known", "lacking"),
    [
        ([], ["web"], ["web"], []),
        ([], ["web", "ssh"], ["ssh"], ["web"]),
        (["web"], ["web"], [], []),
        (["web"], ["web", "ssh"], [], ["ssh"]),
        # A driver without filters.
        ([], ["web"], None, []),
    ],
)
def test_filters_that_lack(
    monkeypatch: pytest.MonkeyPatch,
    before: list[str],
    after: list[str],
    known: list[str] | None,
    lacking: list[str],
) -> None:
    monkeypatch.setattr(nwfilters, "names_if_any", lambda _connection: known)
    documents = [_domain(*(("network", name) for name in names)) for names in (before, after)]
    notes = check_filters(_CONNECTION, documents[0], documents[1], False)
    assert [f"there is no nwfilter '{name}'" in note for name, note in zip(lacking, notes)] == [
        True for _name in lacking
    ]
    assert len(notes) == len(lacking)
    if lacking:
        with pytest.raises(TaskError, match="define it first, as the module nwfilter does"):
            check_filters(_CONNECTION, documents[0], documents[1], True)
    else:
        assert check_filters(_CONNECTION, documents[0], documents[1], True) == []


def test_filters_that_filter_nothing() -> None:
    notes = list(notes_on_dropped(_domain(("user", "web"), ("network", "web")), None))
    assert len(notes) == 1
    assert (
        "'web' filters nothing of the interface, as libvirt drops the filter of one with the type user"
        in notes[0]
    )
