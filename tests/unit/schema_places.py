# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The grammar in libvirt's schemas, for tests that look for a row for each of its places."""

from __future__ import annotations

import pathlib
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.lxml_import import etree

SCHEMAS = pathlib.Path("/usr/share/libvirt/schemas")
RNG = "{http://relaxng.org/ns/structure/1.0}"
Path = tuple[str, ...]


def defines_of(name: str) -> dict[str, list[t.Any]]:
    """The definitions of a schema, and of those that it includes, by their names."""
    found: dict[str, list[t.Any]] = {}
    left, read = [name], set[str]()
    while left:
        file = left.pop()
        if file in read:
            continue
        read.add(file)
        root = etree.parse(SCHEMAS / file).getroot()
        left.extend(include.attrib["href"] for include in root.iter(f"{RNG}include"))
        for define in root.iter(f"{RNG}define"):
            found.setdefault(define.attrib["name"], []).append(define)
    return found


class Places:
    """The places below a domain whose type is one of ``types``, or whose name is ``wanted``."""

    def __init__(
        self, types: t.Collection[str], wanted: t.Callable[[str], bool] = lambda _name: False
    ) -> None:
        self._types = types
        self._wanted = wanted
        self._defines = defines_of("domaincommon.rng")
        self._seen: set[tuple[str, Path]] = set()
        self._found: set[Path] = set()

    def found(self) -> set[Path]:
        """The steps from the root to each of them."""
        for define in self._defines["domain"]:
            self._walk(define, (), ())
        return {path[1:] for path in self._found if path[:1] == ("domain",)}

    def _walk(self, node: t.Any, path: Path, stack: Path) -> None:
        for child in node:
            tag, name = child.tag, child.get("name")
            if tag == f"{RNG}ref":
                if name in self._types:
                    self._found.add(path)
                # A chain of images may be of any length; one link of it is enough.
                if stack.count(name) < 2 and (name, path) not in self._seen:
                    self._seen.add((name, path))
                    for define in self._defines[name]:
                        self._walk(define, path, (*stack, name))
            elif tag in (f"{RNG}element", f"{RNG}attribute") and name:
                if self._wanted(name):
                    self._found.add((*path, _step(tag, name)))
                self._walk(child, (*path, _step(tag, name)), stack)
            elif isinstance(tag, str):
                self._walk(child, path, stack)


def _step(tag: str, name: str) -> str:
    return f"@{name}" if tag == f"{RNG}attribute" else name
