# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a RELAX NG grammar, as libvirt installs it, into patterns."""

from __future__ import annotations

import copy
import functools
import os
import typing as t

from .lxml_import import etree
from .schema_pattern import (
    EMPTY,
    NOT_ALLOWED,
    TEXT,
    AttributePattern,
    Data,
    ElementPattern,
    Names,
    Pattern,
    Value,
    choice,
    group,
    interleave,
    optional,
    repeated,
)
from .schema_words import words_for

_RNG = "{http://relaxng.org/ns/structure/1.0}"
_NAMESPACE = "http://relaxng.org/ns/structure/1.0"
_DATATYPES = "http://www.w3.org/2001/XMLSchema-datatypes"

_Node = t.Any
_Combine = t.Callable[[Pattern, Pattern], Pattern]


class UnknownGrammar(Exception):
    """The grammar uses a part of RELAX NG that libvirt's grammars did not use so far."""


class Grammar:
    """The grammar in a file, with the files that it includes.

    :raises UnknownGrammar: on creation, and also later when a pattern is read.
    """

    def __init__(self, path: str) -> None:
        self._definitions: dict[str, list[_Node]] = {}
        self._starts: list[_Node] = []
        self._patterns: dict[str, Pattern] = {}
        self._elements: dict[_Node, Pattern] = {}
        self._homes: dict[str, list[str]] = {}
        self._tops_of: dict[str, frozenset[str]] = {}
        self._include(path, frozenset())

    @functools.cached_property
    def start(self) -> Pattern:
        """The pattern of the whole document."""
        return functools.reduce(choice, (self._all(node, "") for node in self._starts))

    def homes(self, name: str) -> list[str]:
        """The names of the elements that have children with this name."""
        found = self._homes.get(name)
        if found is None:
            found = self._homes[name] = self._found_homes(name)
        return found

    def _found_homes(self, name: str) -> list[str]:
        parents: set[str] = set()
        for node in self._reachable():
            for child in node.iter(f"{_RNG}element", f"{_RNG}ref"):
                parent = next(child.iterancestors(f"{_RNG}element"), None)
                if parent is not None and name in self._tops(child):
                    parents.add(parent.get("name") or "")
        return sorted(parents - {""})

    def _reachable(self) -> list[_Node]:
        """The start and every definition that it uses, directly or not."""
        found = list(self._starts)
        seen: set[str] = set()
        for node in found:
            for name in {ref.get("name") for ref in node.iter(f"{_RNG}ref")} - seen:
                seen.add(name)
                found += self._definitions.get(name, ())
        return found

    def _tops(self, node: _Node) -> frozenset[str]:
        """The names of the elements that a node allows at its own level."""
        if node.tag == f"{_RNG}element":
            return frozenset({node.get("name") or ""})
        if node.tag == f"{_RNG}attribute":
            return frozenset()
        if node.tag != f"{_RNG}ref":
            return frozenset().union(*(self._tops(child) for child in node))
        definition = node.get("name")
        if definition not in self._tops_of:
            # A definition that leads to itself adds nothing to itself.
            self._tops_of[definition] = frozenset()
            self._tops_of[definition] = frozenset().union(
                *(self._tops(part) for part in self._definitions.get(definition, ()))
            )
        return self._tops_of[definition]

    # The files

    def _include(self, path: str, overridden: frozenset[str]) -> None:
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            remove_blank_text=True,
        )
        self._read(etree.parse(path, parser).getroot(), os.path.dirname(path), overridden)

    def _read(self, node: _Node, directory: str, overridden: frozenset[str]) -> None:
        for child in node:
            if child.tag == f"{_RNG}define":
                if child.get("name") not in overridden:
                    self._definitions.setdefault(child.get("name"), []).append(child)
            elif child.tag == f"{_RNG}start":
                if "" not in overridden:
                    self._starts.append(child)
            elif child.tag == f"{_RNG}div":
                self._read(child, directory, overridden)
            elif child.tag == f"{_RNG}include":
                replaced = {definition.get("name", "") for definition in child}
                self._include(os.path.join(directory, child.get("href")), overridden | replaced)
                self._read(child, directory, overridden)
            else:
                raise UnknownGrammar(child.tag)

    # The patterns

    def _definition(self, name: str) -> Pattern:
        found = self._patterns.get(name)
        if found is None:
            nodes = self._definitions.get(name)
            if not nodes:
                raise UnknownGrammar(name)
            combine = interleave if any(n.get("combine") == "interleave" for n in nodes) else choice
            found = functools.reduce(combine, (self._all(node, name) for node in nodes))
            self._patterns[name] = found
        return found

    def _all(self, node: _Node, within: str, combine: _Combine = group) -> Pattern:
        """The children of a node as one pattern."""
        patterns = [self._pattern(child, within) for child in node if not _is_name(child)]
        return functools.reduce(combine, patterns) if patterns else EMPTY

    def _pattern(self, node: _Node, within: str) -> Pattern:
        kind = node.tag[len(_RNG) :] if node.tag.startswith(_RNG) else node.tag
        make = _MAKERS.get(kind)
        if make is None:
            raise UnknownGrammar(kind)
        return make(self, node, within)

    def _make_element(self, node: _Node, within: str) -> Pattern:
        found = self._elements.get(node)
        if found is None:
            found = self._elements[node] = ElementPattern(
                _names(node, _inherited_namespace(node)), lambda: self._all(node, within)
            )
        return found

    def _make_attribute(self, node: _Node, within: str) -> Pattern:
        value = self._all(node, within) if any(not _is_name(child) for child in node) else TEXT
        return AttributePattern(_names(node, node.get("ns", "")), value)

    def _make_data(self, node: _Node, within: str) -> Pattern:
        return Data(_Datatype(node).allows, words_for(within, _described(node)))


def _is_name(node: _Node) -> bool:
    return node.tag in (f"{_RNG}anyName", f"{_RNG}name", f"{_RNG}nsName")


def _names(node: _Node, namespace: str) -> Names:
    name = node.get("name")
    if name is not None:
        return Names(f"{{{namespace}}}{name}" if namespace else name)
    if node[0].tag == f"{_RNG}anyName" and not len(node[0]):
        return Names(None)
    raise UnknownGrammar(node[0].tag)


def _inherited_namespace(node: _Node) -> str:
    for ancestor in (node, *node.iterancestors()):
        namespace: str | None = ancestor.get("ns")
        if namespace is not None:
            return namespace
    return ""


def _described(node: _Node) -> tuple[str, dict[str, str]]:
    return node.get("type", "string"), {
        child.get("name"): child.text or "" for child in node if child.tag == f"{_RNG}param"
    }


class _Datatype:
    """Judges texts with libxml2's own implementation of the datatypes."""

    def __init__(self, node: _Node) -> None:
        self._node = node
        self._judge: t.Any = None
        self._known: dict[str, bool] = {}

    def allows(self, text: str) -> bool:
        allowed = self._known.get(text)
        if allowed is None:
            if self._judge is None:
                grammar = etree.Element(f"{_RNG}element", {"name": "x"}, nsmap={None: _NAMESPACE})
                grammar.set("datatypeLibrary", _DATATYPES)
                grammar.append(copy.deepcopy(self._node))
                self._judge = etree.RelaxNG(grammar)
            element = etree.Element("x")
            element.text = text
            allowed = self._known[text] = bool(self._judge.validate(element))
        return allowed


_MAKERS: dict[str, t.Callable[[Grammar, _Node, str], Pattern]] = {
    "element": Grammar._make_element,
    "attribute": Grammar._make_attribute,
    "data": Grammar._make_data,
    "ref": lambda grammar, node, _within: grammar._definition(node.get("name")),
    "value": lambda _grammar, node, _within: Value(" ".join((node.text or "").split())),
    "text": lambda _grammar, _node, _within: TEXT,
    "empty": lambda _grammar, _node, _within: EMPTY,
    "notAllowed": lambda _grammar, _node, _within: NOT_ALLOWED,
    "group": lambda grammar, node, within: grammar._all(node, within),
    "choice": lambda grammar, node, within: grammar._all(node, within, choice),
    "interleave": lambda grammar, node, within: grammar._all(node, within, interleave),
    "mixed": lambda grammar, node, within: interleave(TEXT, grammar._all(node, within)),
    "optional": lambda grammar, node, within: optional(grammar._all(node, within)),
    "zeroOrMore": lambda grammar, node, within: optional(repeated(grammar._all(node, within))),
    "oneOrMore": lambda grammar, node, within: repeated(grammar._all(node, within)),
}
