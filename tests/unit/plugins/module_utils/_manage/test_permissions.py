# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions of a folder or a file, from options."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.permissions import (
    permissions,
)

_NONE = dict.fromkeys(("mode", "owner", "group", "label"))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"mode": "0711"}, {"mode": "0711"}),
        ({"mode": "711"}, {"mode": "0711"}),
        # As YAML reads 0711 without quotes.
        ({"mode": 0o711}, {"mode": "0711"}),
        ({"owner": "0", "group": " 64055 "}, {"owner": "0", "group": "64055"}),
        ({"owner": "root", "group": "root"}, {"owner": "0", "group": "0"}),
        ({"label": "virt_image_t"}, {"label": "virt_image_t"}),
        ({}, {}),
    ],
    ids=str,
)
def test_what_libvirt_gets(options: dict[str, t.Any], expected: dict[str, str]) -> None:
    element = permissions({**_NONE, **options}, "permissions")
    assert {child.tag: child.text for child in element.children} == expected


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "u=rwx"}, "permissions.mode: 'u=rwx' is no mode"),
        ({"mode": "0891"}, "permissions.mode: '0891'"),
        ({"mode": "2770"}, "permissions.mode: '2770'"),
        ({"mode": 640}, "permissions.mode: '640'"),
        ({"mode": True}, "permissions.mode: 'True'"),
        ({"mode": -1}, "permissions.mode: '-1'"),
        ({"owner": "nobody-at-all"}, "permissions.owner: this host knows no 'nobody-at-all'"),
        ({"group": "nobody-at-all"}, "permissions.group: this host knows no 'nobody-at-all'"),
    ],
    ids=str,
)
def test_what_is_refused(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(TaskError, match=words.replace("(", r"\(")):
        permissions({**_NONE, **options}, "permissions")
