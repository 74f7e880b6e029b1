# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the options is that of the table."""

from __future__ import annotations

import re

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.xpath import (
    apply_xpath_actions,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element

from .generators import TOP, load
from .plugins.module_utils._virtinst import hosts

GENERATOR = load("option_docs")
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


def test_what_is_used_most_is_there() -> None:
    assert set(GENERATOR.USE["options"]) <= set(GROUPS)
    unknown = {
        f"{name}: {one}"
        for name, listed in GENERATOR.USE["sub_options"].items()
        for one in set(listed) - {option.name for option in GROUPS[name].options}
    }
    assert not unknown


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_a_page_has_each_sub_option_once(name: str) -> None:
    page = FILES[f"docs/docsite/rst/options_{GENERATOR.RENAMED.get(name, name).lower()}.rst"]
    rows = re.findall(r"^   \* - ``(.+)``$", page, re.MULTILINE)
    assert sorted(rows) == sorted(option.name for option in GROUPS[name].options)


def test_each_page_is_in_a_section() -> None:
    listed = {page for pages in GENERATOR.SECTIONS.values() for page in pages}
    pages = {path.stem for path in (TOP / "docs/docsite/rst").glob("*.rst")}
    assert {page for page in pages if not page.startswith("options_")} == listed
