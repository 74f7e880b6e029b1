# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The website that make docs has built, as its readers find it."""

from __future__ import annotations

import pathlib
import re

import pytest

from .pages import Site

TOP = pathlib.Path(__file__).resolve().parents[2]
_PAGES = TOP / "docs/docsite/rst"
_PLACE = re.compile(r"^\.\. picture: (\w+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def site() -> Site:
    top = TOP / ".build/docs/html"
    assert (top / "index.html").is_file(), "run: make docs"
    return Site(top)


def test_each_page_was_built(site: Site) -> None:
    wanted = {f"docsite/{path.stem}.html" for path in _PAGES.glob("*.rst")}
    wanted |= {f"{path.stem}_module.html" for path in (TOP / "plugins/modules").glob("*.py")}
    assert wanted <= set(site.pages)


def test_no_page_shows_an_error(site: Site) -> None:
    assert site.errors() == []


def test_each_link_anchor_and_image_is_there(site: Site) -> None:
    assert site.broken() == []


def test_each_module_is_on_the_first_page_before_all_options(site: Site) -> None:
    linked = site.linked("index.html")
    modules = {f"{path.stem}_module.html" for path in (TOP / "plugins/modules").glob("*.py")}
    assert modules <= set(linked)
    last_module = max(linked.index(module) for module in modules)
    options = [n for n, page in enumerate(linked) if page.startswith("docsite/options")]
    assert options
    assert last_module < min(options)


def test_each_plugin_and_role_is_on_the_first_page(site: Site) -> None:
    pages = {f"{path.name}_role.html" for path in (TOP / "roles").iterdir()}
    for kind in ("connection", "filter", "inventory"):
        pages |= {f"{path.stem}_{kind}.html" for path in (TOP / "plugins" / kind).glob("*.py")}
    assert pages - set(site.linked("index.html")) == set()


def test_each_playbook_is_on_the_first_page() -> None:
    text = (TOP / "docs/site/index.rst").read_text(encoding="utf-8")
    named = set(re.findall(r"``declarative\.libvirt\.(\w+)``:", text))
    assert named == {path.stem for path in (TOP / "playbooks").glob("*.yml")}


def test_each_page_of_options_is_two_clicks_away(site: Site) -> None:
    pages = {f"docsite/{path.stem}.html" for path in _PAGES.glob("options*.rst")}
    assert pages - site.within(2) == set()


def test_each_guide_is_one_click_away(site: Site) -> None:
    pages = {f"docsite/{path.stem}.html" for path in _PAGES.glob("guide_*.rst")}
    assert pages - site.within(1) == set()


def test_each_picture_is_shown(site: Site) -> None:
    sources = {"index.html": TOP / "docs/site/index.rst"}
    sources |= {f"docsite/{path.stem}.html": path for path in _PAGES.glob("*.rst")}
    for page, source in sources.items():
        assert site.pages[page].pictures == _PLACE.findall(source.read_text(encoding="utf-8"))
    assert any(page.pictures for page in site.pages.values())
