# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who looks for a page or a module finds it: on GitHub as well as on the website."""

from __future__ import annotations

import re

import pytest

from .generators import TOP, load

_PAGES = TOP / "docs/docsite/rst"
_SECTIONS = load("option_docs").SECTIONS
_PLUGINS = sorted(
    f"{path.stem}#{kind}"
    for folder, kind in (
        ("modules", "module"),
        ("inventory", "inventory"),
        ("connection", "connection"),
    )
    for path in (TOP / "plugins" / folder).glob("*.py")
    if path.name != "__init__.py"
)
_ROLES = sorted(path.name for path in (TOP / "roles").iterdir())
_PLAYBOOKS = sorted(path.stem for path in (TOP / "playbooks").glob("*.yml"))


def _title(page: str) -> str:
    found = re.search(r"^(.+)\n=+\n", (_PAGES / f"{page}.rst").read_text("utf-8"), re.MULTILINE)
    assert found is not None, page
    return found[1]


def test_the_list_of_pages_is_that_of_the_website() -> None:
    """In the same sections and order, and by their titles."""
    listed = (TOP / "docs/README.md").read_text(encoding="utf-8")
    found = {
        title: re.findall(r"^- \[(.+?)\]\(docsite/rst/(\w+)\.rst\)", text, re.MULTILINE)
        for title, text in re.findall(r"^## (.+)\n((?:(?!## ).*\n)+)", listed, re.MULTILINE)
    }
    wanted = {title: [(_title(page), page) for page in pages] for title, pages in _SECTIONS.items()}
    assert {title: pages for title, pages in found.items() if pages} == wanted


@pytest.mark.parametrize("plugin", _PLUGINS)
def test_the_choice_of_a_module_has_each(plugin: str) -> None:
    page = (_PAGES / "guide_which_module.rst").read_text(encoding="utf-8")
    assert f":ansplugin:`declarative.libvirt.{plugin}`" in page
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    assert f"| `declarative.libvirt.{plugin.partition('#')[0]}` |" in readme


@pytest.mark.parametrize("role", _ROLES)
def test_the_first_page_has_each_role(role: str) -> None:
    assert f"`declarative.libvirt.{role}`" in (TOP / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("playbook", _PLAYBOOKS)
def test_the_website_has_each_playbook(playbook: str) -> None:
    index = (TOP / "docs/site/index.rst").read_text(encoding="utf-8")
    assert f"* ``declarative.libvirt.{playbook}``" in index


def test_who_contributes_finds_each_part_of_the_tests() -> None:
    steps = (TOP / "tests/setup/test").read_text(encoding="utf-8")
    found = re.search(r"^ALL_STEPS=\((.+)\)$", steps, re.MULTILINE)
    assert found is not None
    page = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8")
    parts = [part for part in found[1].split() if not part.endswith("-2.18")]
    assert [part for part in parts if f"\n$ make {part} " not in page] == []
