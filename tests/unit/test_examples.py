# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation say nothing that the modules don't take."""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
import typing as t

import pytest
import yaml
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .generators import TOP
from .plugins.module_utils._virtinst import hosts

_COLLECTION = "declarative.libvirt."
#: What a rulebook listens to, which are no tasks.
_SOURCES = "sources"
_MODULES = "ansible_collections.declarative.libvirt.plugins.module_utils._module"
_IN_RST = re.compile(r"^\.\. code-block:: yaml\S*\n\n((?:(?: {4}.*)?\n)+)", re.MULTILINE)
_IN_MARKDOWN = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: What it names is looked for on the host.
_OF_THE_HOST = {"disk", "hostdev"}


def _texts() -> t.Iterator[tuple[str, str]]:
    for path in sorted((TOP / "plugins/modules").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
                yield path.name, ast.literal_eval(node.value)
    for path in sorted((TOP / "docs/docsite/rst").glob("guide_*.rst")):
        for block in _IN_RST.findall(path.read_text(encoding="utf-8")):
            yield path.name, textwrap.dedent(block)
    for path in (TOP / "README.md", *(TOP / "roles").glob("*/README.md")):
        for block in _IN_MARKDOWN.findall(path.read_text(encoding="utf-8")):
            yield path.name, block


def _tasks(found: t.Any) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """The modules of the collection and their options, wherever they are."""
    if isinstance(found, list):
        for one in found:
            yield from _tasks(one)
    elif isinstance(found, dict):
        for key, value in found.items():
            if str(key).startswith(_COLLECTION):
                yield key[len(_COLLECTION) :], value or {}
            elif key != _SOURCES:
                yield from _tasks(value)


TASKS = [
    pytest.param(module, options, id=f"{name}-{module}")
    for name, text in _texts()
    for module, options in _tasks(yaml.safe_load(text))
]


def _names(spec: dict[str, dict[str, t.Any]]) -> dict[str, str]:
    """The name of each option by all that it may be called."""
    return {
        called: name
        for name, option in spec.items()
        for called in (name, *option.get("aliases", ()))
    }


def _see(spec: dict[str, dict[str, t.Any]], options: dict[str, t.Any]) -> None:
    names = _names(spec)
    for called, value in options.items():
        assert called in names
        inner = spec[names[called]].get("options")
        if inner and isinstance(value, dict):
            _see(inner, value)
        name = names[called]
        if name in GROUPS and name not in _OF_THE_HOST and "{{" not in str(value):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    one = {key: said for key, said in one.items() if key != "state"}
                apply(hosts.guest(), name, one)


def test_there_are_examples() -> None:
    assert {param.values[0] for param in TASKS} == {
        path.stem for path in (TOP / "plugins/modules").glob("*.py")
    }


@pytest.mark.parametrize(("module", "options"), TASKS)
def test_a_module_takes_the_options(module: str, options: dict[str, t.Any]) -> None:
    spec = importlib.import_module(f"{_MODULES}.{module}").SPEC.options
    _see(spec, options)
    of_each = importlib.import_module(f"{_MODULES}.domain").SPEC.options
    for one in (options.get("defaults"), *(options.get("domains") or ())):
        if isinstance(one, dict):
            _see(of_each, one)
