# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation within the plugins is YAML; a colon in a sentence is enough that it isn't."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from .generators import TOP

_BLOCKS = ("DOCUMENTATION", "RETURN")
_PLUGINS = sorted(
    path
    for folder in ("modules", "inventory", "connection", "doc_fragments")
    for path in (TOP / "plugins" / folder).glob("*.py")
    if path.name != "__init__.py"
)


def blocks(path: Path) -> list[str]:
    """The blocks of documentation of a module or of a fragment."""
    return [
        node.value.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and isinstance(node.targets[0], ast.Name)
        and (node.targets[0].id in _BLOCKS or path.parent.name == "doc_fragments")
    ]


@pytest.mark.parametrize("path", _PLUGINS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_documentation_is_yaml(path: Path) -> None:
    found = [yaml.safe_load(text) for text in blocks(path)]
    assert found
    assert all(isinstance(block, dict) for block in found)
