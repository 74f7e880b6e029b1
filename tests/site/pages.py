# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the website as they were built: their links, anchors and errors."""

from __future__ import annotations

import html.parser
import pathlib
import urllib.parse

#: The classes by which docutils, Sphinx and furo mark what went wrong.
_ERRORS = {"system-message", "problematic", "error"}
_REFERENCES = {"a": "href", "link": "href", "img": "src", "script": "src", "object": "data"}


class Page(html.parser.HTMLParser):
    """One page: ``links`` are those of its article, ``references`` are all of the page."""

    def __init__(self, path: pathlib.Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.references: list[str] = []
        self.anchors: set[str] = set()
        self.errors: list[str] = []
        self.pictures: list[str] = []
        self._articles = 0
        #: What only those without scripts see.
        self._is_noscript = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self._articles += tag == "article"
        self.anchors |= {given[key] for key in ("id", "name") if key in given}
        self._is_noscript = self._is_noscript or tag == "noscript"
        if not self._is_noscript:
            self.errors += sorted(_ERRORS & set(given.get("class", "").split()))
        reference = given.get(_REFERENCES.get(tag, ""))
        if reference is not None:
            self.references.append(reference)
            if tag == "a" and self._articles:
                self.links.append(reference)
        if tag == "svg" and given.get("role") == "img":
            self.pictures.append(given["aria-labelledby"].partition("-title")[0])

    def handle_endtag(self, tag: str) -> None:
        self._articles -= tag == "article"
        if tag == "noscript":
            self._is_noscript = False


class Site:
    """All pages, by their path in the site."""

    def __init__(self, top: pathlib.Path) -> None:
        self.top = top
        self.pages = {
            path.relative_to(top).as_posix(): Page(path) for path in sorted(top.rglob("*.html"))
        }

    def target(self, page: Page, reference: str) -> tuple[pathlib.Path, str] | None:
        """The file and the anchor that a reference is to; ``None`` outside of the site."""
        parts = urllib.parse.urlsplit(reference)
        if parts.scheme or parts.netloc:
            return None
        path = urllib.parse.unquote(parts.path)
        file = (page.path.parent / path).resolve() if path else page.path
        return file, urllib.parse.unquote(parts.fragment)

    def broken(self) -> list[str]:
        """The references of all pages to a file or an anchor that isn't there."""
        return [
            f"{name}: {reference}"
            for name, page in self.pages.items()
            for reference in dict.fromkeys(page.references)
            if not self._is_there(page, reference)
        ]

    def _is_there(self, page: Page, reference: str) -> bool:
        target = self.target(page, reference)
        if target is None or reference == "#":
            return True
        file, anchor = target
        if not file.is_file():
            return False
        there = self.pages.get(self._name(file))
        return not anchor or there is None or anchor in there.anchors

    def _name(self, file: pathlib.Path) -> str:
        top = self.top.resolve()
        return file.relative_to(top).as_posix() if top in file.parents else ""

    def errors(self) -> list[str]:
        """What the pages show as an error."""
        return [f"{name}: {error}" for name, page in self.pages.items() for error in page.errors]

    def linked(self, name: str) -> list[str]:
        """The pages that the article of a page links to, in their order."""
        page = self.pages[name]
        targets = [self.target(page, link) for link in page.links]
        return [self._name(target[0].resolve()) for target in targets if target is not None]

    def within(self, clicks: int) -> set[str]:
        """The pages that a reader of the first page comes to by so many clicks in articles."""
        found = {"index.html"}
        for _click in range(clicks):
            found |= {one for name in found for one in self.linked(name) if one in self.pages}
        return found
