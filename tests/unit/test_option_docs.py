# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the options is that of the table."""

from __future__ import annotations

import importlib.util
import typing as t
from pathlib import Path

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.options.xpath import (
    apply_xpath_actions,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.xmltree.element import Element

from .plugins.module_utils.virtinst import hosts

TOP = Path(__file__).resolve().parents[2]


def _generator() -> t.Any:
    path = TOP / "tests" / "setup" / "option_docs.py"
    found = importlib.util.spec_from_file_location("option_docs", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


GENERATOR = _generator()
FILES = GENERATOR.files()


@pytest.mark.parametrize("path", sorted(FILES))
def test_what_is_generated_is_up_to_date(path: str) -> None:
    written = (TOP / path).read_text(encoding="utf-8")
    assert written == FILES[path], "run: make generate"


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_the_examples_mean_the_same(name: str) -> None:
    example = GENERATOR.EXAMPLES[name]
    documents = []
    typed = GENERATOR.typed(example)
    for value in (GENERATOR.as_string(example), typed, GENERATOR.as_nested(typed)):
        guest = hosts.guest()
        apply(guest, name, value)
        apply_xpath_actions(guest)
        documents.append(guest.root)
    assert documents[0] == documents[1] == documents[2]
    assert documents[0] != Element("domain")
