# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draws the pictures of docs/docsite/pictures into the pages that have a place for them.

Usage: pictures.py COLLECTION

A page has this where a picture belongs:

    .. picture: NAME

    .. end of the picture

What is between is written here. It is SVG within the page, because antsibull-docs takes nothing
but pages from a collection, and checks each alone: an image or an included file beside them is
lost. Lines and letters have the colour of the page's text, so that they can be read in light and
dark. Only a picture that has changed is drawn, which needs graphviz and the font DejaVu Sans.
"""

from __future__ import annotations

import hashlib
import pathlib
import re
import subprocess
import sys
import textwrap
import typing as t
import xml.etree.ElementTree as ET

_PLACE = re.compile(r"^\.\. picture: (\w+)\n(?:(.*?)^\.\. end of the picture\n)?", re.M | re.S)
_ABOUT = re.compile(r"^// (title|text): (.*)", re.M)
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
#: The font is the reader's; boxes are as wide as one of the widest needs.
_DRAWN_WITH, _SHOWN_WITH = "DejaVu Sans", "sans-serif"
_USUAL = f"""
    graph [fontname="{_DRAWN_WITH}", bgcolor=transparent, fontsize=13, pad=0.05]
    node [fontname="{_DRAWN_WITH}", shape=box, style=rounded, fontsize=12, margin="0.12,0.07", height=0]
    edge [fontname="{_DRAWN_WITH}", fontsize=11, arrowsize=0.7]
"""
#: The classes of nodes, by the colour of their frame and, thinned, of their ground.
_COLOURS = {"blue": "#3b82f6", "green": "#16a34a", "amber": "#d97706", "grey": "#808080"}
_TEXT = "currentColor"


def pages(collection: pathlib.Path) -> dict[str, str]:
    """The pages with pictures, as they are to be, by their path in the collection."""
    found = {}
    for path in page_paths(collection):
        text = path.read_text(encoding="utf-8")
        if _PLACE.search(text):
            found[str(path.relative_to(collection))] = _PLACE.sub(
                lambda place: _filled(collection, place[1], place[2] or ""), text
            )
    return found


def page_paths(collection: pathlib.Path) -> list[pathlib.Path]:
    """The pages that may have pictures."""
    folders = ("docs/docsite/rst", "docs/site")
    return sorted(path for folder in folders for path in (collection / folder).glob("*.rst"))


def is_drawn(collection: pathlib.Path, name: str, block: str) -> bool:
    """Whether a place in a page has the picture of today."""
    return f"<!-- {name} {digest(collection, name)} -->" in block


def places(text: str) -> dict[str, str]:
    """What a page has in its places for pictures, by their names."""
    return {place[1]: place[2] or "" for place in _PLACE.finditer(text)}


def digest(collection: pathlib.Path, name: str) -> str:
    """What changes with a picture's source, and with how it is drawn."""
    drawn_by = pathlib.Path(__file__).read_bytes()
    return hashlib.sha256(_source(collection, name).read_bytes() + drawn_by).hexdigest()[:16]


def _source(collection: pathlib.Path, name: str) -> pathlib.Path:
    return collection / "docs/docsite/pictures" / f"{name}.dot"


def _filled(collection: pathlib.Path, name: str, block: str) -> str:
    if not is_drawn(collection, name, block):
        svg = drawing(name, _source(collection, name).read_text(encoding="utf-8"))
        mark = f"<!-- {name} {digest(collection, name)} -->\n"
        block = "\n.. raw:: html\n\n" + textwrap.indent(mark + svg, "    ") + "\n"
    return f".. picture: {name}\n{block}.. end of the picture\n"


def drawing(name: str, source: str) -> str:
    """The SVG of a picture."""
    whole = source.replace("{", "{" + _USUAL, 1)
    try:
        drawn = subprocess.run(
            ["dot", "-Tsvg"], input=whole, capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        raise SystemExit(f"{name} has changed: install graphviz and fonts-dejavu-core") from None
    if drawn.stderr:
        raise SystemExit(f"{name}: {drawn.stderr}")
    root = ET.fromstring(drawn.stdout)
    about = {"title": "", "text": ""}
    for key, line in _ABOUT.findall(source):
        about[key] = f"{about[key]} {line}".strip()
    return _readable(name, root, about)


def _readable(name: str, root: ET.Element, about: t.Mapping[str, str]) -> str:
    width = root.attrib.pop("width").removesuffix("pt")
    del root.attrib["height"]
    root.attrib["viewBox"] = " ".join(
        str(round(float(part))) for part in root.attrib["viewBox"].split()
    )
    root.attrib |= {
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-text",
        "style": f"display: block; width: 100%; max-width: {float(width) * 4 / 3:.0f}px; margin: 1em auto",
        "font-family": _SHOWN_WITH,
    }
    for parent in list(root.iter()):
        for child in list(parent):
            # Hints with the names of nodes, which say nothing to a reader.
            if child.tag == f"{_SVG}title":
                parent.remove(child)
    for element in root.iter():
        _coloured(element, None)
    for group in root.iter(f"{_SVG}g"):
        colour = next(
            (_COLOURS[one] for one in group.get("class", "").split() if one in _COLOURS), None
        )
        if colour is not None:
            for element in group.iter():
                _coloured(element, colour)
    for element in root.iter():
        for key in ("id", "class", "font-family"):
            if element is not root:
                element.attrib.pop(key, None)
        for key in [key for key in element.attrib if key.startswith("{")]:
            value = element.attrib.pop(key)
            if key == _HREF:
                element.set("href", value)
        element.tail = None if element.tag != f"{_SVG}a" else element.tail
    for key, tag in (("text", "desc"), ("title", "title")):
        part = ET.Element(f"{_SVG}{tag}", {"id": f"{name}-{key}"})
        part.text = about[key]
        root.insert(0, part)
    ET.register_namespace("", _SVG[1:-1])
    ET.indent(root, "")
    return ET.tostring(root, encoding="unicode") + "\n"


def _coloured(element: ET.Element, colour: str | None) -> None:
    if element.tag == f"{_SVG}text":
        element.set("fill", _TEXT)
        return
    for key in ("fill", "stroke"):
        if element.get(key) == "black":
            element.set(key, _TEXT)
    if colour is not None and element.tag in (f"{_SVG}path", f"{_SVG}polygon", f"{_SVG}ellipse"):
        element.attrib |= {"fill": colour, "fill-opacity": "0.15", "stroke": colour}


def main(collection: pathlib.Path) -> None:
    for path, text in pages(collection).items():
        (collection / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
