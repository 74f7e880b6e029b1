# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists and dictionaries in one cell of a table."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domain_options import (
    unfold,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domains_items import (
    read_items,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('[{"size": 20}, {"size": 5}]', [{"size": 20}, {"size": 5}]),
        ("[{size: 20}, {size: 2T, bus: scsi}]", [{"size": 20}, {"size": "2T", "bus": "scsi"}]),
        (" {size: 20} ", {"size": 20}),
        ("[]", []),
        ("[2026-01-02, {1: yes}]", ["2026-01-02", {"1": True}]),
        ("[!!binary aGVsbG8=]", "[!!binary aGVsbG8=]"),
        ("&a [*a]", "&a [*a]"),
        ("size=20,bus=scsi", "size=20,bus=scsi"),
        ("/images/[1].qcow2", "/images/[1].qcow2"),
        ("[{size: 20]", "[{size: 20]"),
    ],
)
def test_what_a_text_is_read_as(text: str, value: t.Any) -> None:
    params = {"disks": text, "name": "[a]", "description": "{b}"}
    unfold(params)
    assert params == {"disks": value, "name": "[a]", "description": "{b}"}


def test_what_can_not_be_read_is_told_by_its_option() -> None:
    (item,) = read_items([{"name": "a", "disks": "[{size: 20]"}], {})
    assert item.error == (
        "disk is a text in brackets that is neither JSON nor YAML; correct the text"
    )


def test_tags_and_variables_fit_into_a_cell() -> None:
    cell = "{tags: [web], vars: {day: 2026-01-02, port: 80}}"
    params = {"name": "a", "ansible": cell}
    unfold(params)
    (item,) = read_items([params], {})
    assert item.request is not None
    assert item.request.options["ansible"] == {
        "tags": ["web"],
        "vars": {"day": "2026-01-02", "port": 80},
    }
