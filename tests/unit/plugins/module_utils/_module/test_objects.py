# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The name of an object as an option."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._module.objects import name_of


@pytest.mark.parametrize("name", [None, "web", " a\tb ", "é", "日本", "\U0001f600"])
def test_a_name_stays_as_it_is(name: str | None) -> None:
    assert name_of({"name": name}) == name


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(TaskError, match="the option name is empty"):
        name_of({"name": name})


@pytest.mark.parametrize("name", ["\x01", "a\x00", "a\x1f", "\ufffe", "\ud800"])
def test_what_no_document_can_have_is_refused(name: str) -> None:
    with pytest.raises(TaskError, match="has a control character"):
        name_of({"name": name})
