# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the inventory plugin says what its code takes."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible.plugins.doc_fragments import constructed, inventory_cache
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory import (
    groups,
    options,
)

from .documented import constants, examples
from .generators import TOP

_PLUGIN = TOP / "plugins/inventory/libvirt.py"


def _documented() -> dict[str, t.Any]:
    found: dict[str, t.Any] = yaml.safe_load(constants(_PLUGIN)["DOCUMENTATION"])["options"]
    for fragment in (constructed, inventory_cache):
        found.update(yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"])
    return found


EXAMPLES = [
    example
    for each in examples()
    if "plugin: declarative" in each.text
    for example in each.all_data
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 8


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_plugin_takes_the_options(example: dict[str, t.Any]) -> None:
    documented = _documented()
    assert set(example) <= set(documented)
    values = {name: option.get("default") for name, option in documented.items()}
    options.options_of({**values, **example}.__getitem__)


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("state", options.STATES),
        ("addresses", options.SOURCES),
        ("gather", options.GATHERED),
        ("connection", options.CONNECTIONS),
        ("groups_by", tuple(groups.GROUPS)),
    ],
)
def test_the_choices_are_those_of_the_code(name: str, choices: tuple[str, ...]) -> None:
    assert set(_documented()[name]["choices"]) == set(choices)
