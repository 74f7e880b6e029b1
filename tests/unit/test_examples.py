# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation say nothing that Ansible and the modules don't take."""

from __future__ import annotations

import dataclasses
import importlib
import re
import typing as t

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .documented import COLLECTION, Example, examples, tasks_of
from .generators import TOP
from .plugins.module_utils._virtinst import hosts

_MODULES = "ansible_collections.declarative.libvirt.plugins.module_utils._module"
#: What it names is looked for on the host.
_OF_THE_HOST = {"disk", "hostdev"}
#: What stands where Ansible puts in a value, by the type of the option.
_ANYTHING: dict[str, t.Any] = {"list": [], "dict": {}, "bool": True, "int": 1, "float": 1.0}
_ROLE = "virt_install_"
#: What an example of variables or of an inventory has beside options of a domain.
_VARIABLES = {"guests", "guest_defaults", "collections", "hypervisors"}

#: The modules whose options the entries of a list have, by the option with the list.
_LISTS = {
    "domains": "domain",
    "secrets": "secret",
    "nwfilters": "nwfilter",
    "networks": "network",
    "pools": "pool",
    "volumes": "volume",
}

EXAMPLES = examples()
TASKS = [
    pytest.param(module, options, id=f"{example.id}-{module}")
    for example in EXAMPLES
    for data in example.all_data
    for module, options in tasks_of(data)
]


def _of_kind(*kinds: str) -> t.Any:
    found = [pytest.param(one, id=one.id) for one in EXAMPLES if one.kind in kinds]
    return pytest.mark.parametrize("example", found)


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


def _filled(spec: dict[str, dict[str, t.Any]], options: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options with anything of the right type where Ansible puts in a value."""
    names = _names(spec)
    filled = {}
    for called, value in options.items():
        option = spec[names[called]]
        if isinstance(value, str) and "{{" in value:
            value = option.get("choices", [_ANYTHING.get(option.get("type", "str"), "text")])[0]
        elif isinstance(value, dict) and option.get("options"):
            value = _filled(option["options"], value)
        filled[called] = value
    return filled


def _spec(module: str) -> t.Any:
    return importlib.import_module(f"{_MODULES}.{module}").SPEC


def test_there_are_examples() -> None:
    assert {param.values[0] for param in TASKS} == {
        path.stem for path in (TOP / "plugins/modules").glob("*.py")
    }


def test_each_block_of_the_pages_is_one_of_them() -> None:
    for path in (TOP / "docs/docsite/rst").glob("*.rst"):
        blocks = re.findall(r"code-block:: yaml", path.read_text(encoding="utf-8"))
        assert len(blocks) == sum(example.source == path.stem for example in EXAMPLES), path


@pytest.mark.parametrize(("module", "options"), TASKS)
def test_a_module_takes_the_options(module: str, options: dict[str, t.Any]) -> None:
    spec = _spec(module)
    _see(spec.options, options)
    for key, kind in _LISTS.items():
        defaults = options.get("defaults") or {}
        if module == "estate":
            defaults = defaults.get(key) or {}
        elif key != "domains":
            continue
        listed = options.get(key) if module in ("domains", "estate") else None
        for one in (defaults, *(listed or ())):
            if isinstance(one, dict):
                _see(_spec(kind).options, one)


@pytest.mark.parametrize(("module", "options"), TASKS)
def test_ansible_takes_their_values(module: str, options: dict[str, t.Any]) -> None:
    spec = dataclasses.replace(_spec(module), reader=None)
    validator = ArgumentSpecValidator(**spec.to_kwargs())
    assert validator.validate(_filled(_spec(module).options, options)).error_messages == []


@_of_kind("tasks", "plays")
def test_ansible_knows_each_keyword(example: Example) -> None:
    _check_entries(example.data, is_play=example.kind == "plays")


def _check_entries(entries: list[dict[str, t.Any]], is_play: bool = False) -> None:
    for entry in entries:
        actions = [key for key in entry if "." in key]
        if any(key.endswith("import_playbook") for key in actions):
            assert set(entry) - set(actions) <= {"name", "vars", "when", "tags"}
            continue
        if is_play:
            assert set(entry) <= set(Play.fattributes)
        elif "block" in entry:
            assert set(entry) <= set(Block.fattributes)
        else:
            assert len(actions) == 1, "each task has one action, by its whole name"
            assert set(entry) - set(actions) <= set(Task.fattributes)
        for key in ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"):
            _check_entries(entry.get(key) or [])


@_of_kind("plays")
def test_a_role_takes_the_variables(example: Example) -> None:
    specs = TOP / "roles/virt_install/meta/argument_specs.yml"
    known = yaml.safe_load(specs.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    for play in example.data:
        for role in play.get("roles", ()):
            if isinstance(role, dict) and role["role"] == f"{COLLECTION}virt_install":
                assert set(role) - {"role", "when", "tags", "vars"} <= set(known)


@_of_kind("options")
def test_what_is_a_part_is_one_of_a_domain(example: Example) -> None:
    spec = _spec("domain").options
    data = example.data
    parts = [data] if not _VARIABLES & set(data) else [data.get("guest_defaults") or {}]
    parts += [guest for guest in data.get("guests", ()) if isinstance(guest, dict)]
    for part in parts:
        _see(spec, part)
