# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt-python has each name of libvirt that the hypervisor package uses."""

from __future__ import annotations

import ast
import pathlib

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _hypervisor

_FILES = sorted(pathlib.Path(_hypervisor.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_libvirt_python_has_each_name(path: pathlib.Path) -> None:
    """Macros of libvirt's headers without an enumeration aren't among them, and fail when they are used."""
    names = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "libvirt"
    }
    assert [name for name in sorted(names) if not hasattr(libvirt, name)] == []
