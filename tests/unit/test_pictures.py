# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pictures in the pages are those of their sources, in light and in dark."""

from __future__ import annotations

import re
import typing as t
import xml.etree.ElementTree as ET

import pytest

from .generators import TOP, load

GENERATOR = load("pictures")
PLACES = [
    (path, name, block)
    for path in GENERATOR.page_paths(TOP)
    for name, block in GENERATOR.places(path.read_text(encoding="utf-8")).items()
]
_SOURCES = TOP / "docs/docsite/pictures"
places = pytest.mark.parametrize(
    ("path", "name", "block"),
    [pytest.param(*place, id=f"{place[0].stem}-{place[1]}") for place in PLACES],
)


def test_each_picture_is_in_a_page() -> None:
    assert {name for _path, name, _block in PLACES} == {
        path.stem for path in _SOURCES.glob("*.dot")
    }


@places
def test_the_picture_is_drawn(path: t.Any, name: str, block: str) -> None:
    assert GENERATOR.is_drawn(TOP, name, block), "run: make generate"


@places
def test_it_is_for_light_and_dark_and_for_those_who_do_not_see_it(
    path: t.Any, name: str, block: str
) -> None:
    svg = ET.fromstring(block[block.index("<svg") :])
    assert not re.search(r'(fill|stroke)="(black|white|#000|#fff)', block)
    assert svg.get("role") == "img"
    assert all(
        len("".join(svg.find(f"{{http://www.w3.org/2000/svg}}{tag}").itertext())) > length  # type: ignore[union-attr]
        for tag, length in (("title", 10), ("desc", 100))
    )
    assert "max-width" in (svg.get("style") or "")
    assert int((svg.get("viewBox") or "").split()[2]) <= 520, "too wide for a telephone"
