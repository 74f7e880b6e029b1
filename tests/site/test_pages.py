# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a site is found."""

from __future__ import annotations

import pathlib

import pytest

from .pages import Site


def _site(folder: pathlib.Path, **articles: str) -> Site:
    for name, article in articles.items():
        page = f'<html><body><nav><a href="{name}.html">here</a></nav>{article}</body></html>'
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return Site(folder)


@pytest.mark.parametrize(
    ("article", "broken"),
    [
        ('<a href="other.html#place">', None),
        ('<a href="#own" id="own">', None),
        ('<a href="https://example.com/missing">', None),
        ('<a href="other.html#nowhere">', "other.html#nowhere"),
        ('<a href="#nowhere">', "#nowhere"),
        ('<a href="missing.html">', "missing.html"),
        ('<img src="missing.svg">', "missing.svg"),
        ('<svg><a href="missing.html"></a></svg>', "missing.html"),
    ],
)
def test_a_broken_reference_is_found(
    tmp_path: pathlib.Path, article: str, broken: str | None
) -> None:
    site = _site(tmp_path, index=f"<article>{article}</article>", other='<p id="place">')
    assert site.broken() == ([] if broken is None else [f"index.html: {broken}"])


@pytest.mark.parametrize("classes", ["system-message", "admonition error", "problematic"])
def test_an_error_is_found(tmp_path: pathlib.Path, classes: str) -> None:
    site = _site(tmp_path, index=f'<article><div class="{classes}"></div></article>')
    assert len(site.errors()) == 1


def test_the_navigation_is_no_way_to_a_page(tmp_path: pathlib.Path) -> None:
    site = _site(
        tmp_path,
        index='<nav><a href="far.html"></a></nav><article><a href="one.html"></a></article>',
        one='<article><a href="two.html"></a></article>',
        two="<article></article>",
        far="<article></article>",
    )
    assert site.within(1) == {"index.html", "one.html"}
    assert site.within(2) == {"index.html", "one.html", "two.html"}
