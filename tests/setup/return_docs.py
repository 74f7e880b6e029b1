# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what several modules return into their RETURN blocks.

Usage: return_docs.py COLLECTION
"""

from __future__ import annotations

import pathlib
import string
import sys
import textwrap
import typing as t

import yaml

#: The beginning of a RETURN block, and its end.
_BEGIN, _END = 'RETURN = r"""\n', '"""\n'
_PARTS = pathlib.Path(__file__).with_name("return_parts.yml")
_STEP = 2


class Part(t.NamedTuple):
    """The documentation of one key of one module.

    ``key`` has dots; what follows a slash is one field of its documentation.
    """

    module: str
    key: str
    text: str


def parts() -> list[Part]:
    """All parts, module by module."""
    found = []
    for row in yaml.safe_load(_PARTS.read_text(encoding="utf-8")):
        for module, place in row["modules"].items():
            words = {"key": place} if isinstance(place, str) else dict(place)
            key = words.pop("key")
            found.append(Part(module, key, string.Template(row["text"]).substitute(words)))
    return found


def with_part(block: str, part: Part) -> str:
    """A RETURN block with the part in place of what it has at the key.

    :raises LookupError: the block doesn't have the key.
    """
    lines = block.splitlines()
    first, last = 0, len(lines)
    key, slash, field = part.key.partition("/")
    names = key.replace(".", ".contains.").split(".")
    for depth, name in enumerate([*names, field] if slash else names):
        start = f"{' ' * _STEP * depth}{name}:"
        first = next((n for n in range(first, last) if lines[n].startswith(start)), last)
        if first == last:
            raise LookupError(f"{part.module}: RETURN has no {part.key}")
        last = next((n for n in range(first + 1, last) if _is_outside(lines[n], depth)), last)
        first += 1
    text = f"{field}: {part.text}" if slash else part.text
    indented = textwrap.indent(text, " " * _STEP * len(names)).splitlines()
    return "\n".join([*lines[: first - bool(slash)], *indented, *lines[last:], ""])


def _is_outside(line: str, depth: int) -> bool:
    """Whether a line ends the block of a key at this depth."""
    return bool(line.strip()) and len(line) - len(line.lstrip()) <= depth * _STEP


def files(collection: pathlib.Path) -> dict[str, str]:
    """The modules with their parts, by their paths in the collection."""
    found: dict[str, str] = {}
    for part in parts():
        path = f"plugins/modules/{part.module}.py"
        text = found.get(path) or (collection / path).read_text(encoding="utf-8")
        before, _begin, rest = text.partition(_BEGIN)
        block, _end, after = rest.partition(_END)
        found[path] = f"{before}{_BEGIN}{with_part(block, part)}{_END}{after}"
    return found


def main(collection: pathlib.Path) -> None:
    for path, text in files(collection).items():
        (collection / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
