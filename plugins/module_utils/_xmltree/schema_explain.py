# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the mistakes in a document, and saying what would be right."""

from __future__ import annotations

import contextlib
import difflib
import typing as t

from .. import _secrecy
from .lxml_import import etree
from .schema_derivative import closed, ended, opened, with_attribute, with_text
from .schema_grammar import Grammar
from .schema_pattern import (
    NOT_ALLOWED,
    TEXT,
    After,
    AttributePattern,
    Choice,
    Data,
    ElementPattern,
    Pair,
    Pattern,
    Repeated,
    Value,
    alternatives,
    choice,
)
from .schema_problem import Problem

_Node = t.Any

#: Where a document is wrong as a whole, finding all of its mistakes takes minutes.
MOST_PROBLEMS = 50
#: An element with more children than this is a list.
_MANY = 100
#: More choices than this aren't listed in a message.
_LONGEST_LIST = 16
#: An element with more places where it may be says little by its name.
_FEW = 3
#: Longer values are shortened in a message, in characters.
_LONGEST_VALUE = 60
#: Attributes that decide what else an element may have.
_DECIDING = ("type", "device", "mode", "bus", "model")


def explain(grammar: Grammar, root: _Node) -> list[Problem]:
    """The mistakes in a document that the grammar doesn't allow.

    What follows a mistake is judged as if that had not been made. After ``MOST_PROBLEMS`` no
    more are looked for.
    """
    reader = _Reader(grammar)
    with contextlib.suppress(_EnoughError):
        reader.element(grammar.start, root, None)
    return reader.problems


class _EnoughError(Exception):
    """Nobody reads more mistakes than that."""


class _Reader:
    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.problems: list[Problem] = []
        self._known: dict[tuple[int, bytes], Pattern] = {}

    def element(self, before: Pattern, node: _Node, start: Pattern | None) -> Pattern:
        """Read an element; what may follow it.

        ``start`` is what its parent may have had at first.
        """
        state = opened(before, node.tag)
        if state is NOT_ALLOWED:
            self._note(node, self._misplaced(before, node, start))
            return _instead_of(before, node)
        state = self._start_tag(state, node)
        state = self._content(state, node)
        after = ended(state)
        if after is not NOT_ALLOWED:
            return after
        self._note(node, f"{_label(node)} lacks {_lacking_words(state, attributes=False)}")
        return ended(state, lenient=True)

    def _start_tag(self, state: Pattern, node: _Node) -> Pattern:
        possible = state
        read: list[str] = []
        for name, value in node.items():
            after = with_attribute(state, name, value)
            if after is not NOT_ALLOWED:
                state = after
                read.append(name)
                continue
            self._note(node, _wrong_attribute(possible, state, node, name, read), name)
            after = with_attribute(state, name, None)
            if after is not NOT_ALLOWED:
                state = after
        after = closed(state)
        if after is not NOT_ALLOWED:
            return after
        self._note(node, f"{_label(node)} lacks {_lacking_words(state, attributes=True)}")
        return closed(state, lenient=True)

    def _content(self, state: Pattern, node: _Node) -> Pattern:
        start = state
        texts = [node.text, *(child.tail for child in node)]
        children = list(node)
        for position, text in enumerate(texts):
            if not children:
                state = self._only_text(state, node, text or "")
            elif text is not None and text.strip():
                state = self._text(state, node, text)
            if position < len(children):
                state = self._child(state, children[position], start, len(children) > _MANY)
        return state

    def _child(self, state: Pattern, node: _Node, start: Pattern, has_many: bool) -> Pattern:
        """As :meth:`element`; one of many siblings that are the same is read once."""
        if not has_many:
            return self.element(state, node, start)
        key = (id(state), etree.tostring(node, with_tail=False))
        after = self._known.get(key)
        if after is None:
            found = len(self.problems)
            after = self.element(state, node, start)
            if len(self.problems) == found:
                # Patterns stay for as long as the process, and so their ids do.
                self._known[key] = after
        return after

    def _only_text(self, state: Pattern, node: _Node, text: str) -> Pattern:
        if text.strip():
            return self._text(state, node, text)
        after = choice(state, with_text(state, text))
        if ended(after) is NOT_ALLOWED and not _lacks_elements(after):
            self._note(node, f"{_label(node)} is empty; expected {_expected(state)}")
            return _filled(after)
        return after

    def _text(self, state: Pattern, node: _Node, text: str) -> Pattern:
        after = with_text(state, text)
        if after is not NOT_ALLOWED:
            return after
        said = f"{_label(node)} has the text '{_short(_secrecy.shown(text))}'"
        expected = _expected(state)
        if not expected:
            self._note(node, f"{said}; it can have no text")
            return state
        guess = _guess(text.strip(), _values(state))
        self._note(node, f"{said}; expected {expected}{guess}")
        return _filled(state)

    def _misplaced(self, before: Pattern, node: _Node, start: Pattern | None) -> str:
        """Why an element can't be where it is."""
        name = _local(node)
        parent = node.getparent()
        if parent is None or start is None:
            allowed = _elements(before)
            return f"the root element is <{name}>; expected {_listed(allowed, '<{}>')}"
        where = _label(parent)
        possible = _elements(start)
        if node.tag in possible:
            if any(other.tag == node.tag for other in node.itersiblings(preceding=True)):
                return f"<{name}> stands more than once in {where}; only one is allowed"
            allowed = [one for one in _elements(before) if one != node.tag]
            return f"<{name}> isn't allowed here in {where}{_instead(allowed, '<{}>')}"
        guess = _guess(name, possible, "<{}>")
        if guess:
            return f"unknown element <{name}> in {where}{guess}"
        homes = self._grammar.homes(node.tag)
        if 0 < len(homes) <= _FEW:
            belongs = _listed(homes, "<{}>")
            return f"<{name}> isn't allowed in {where}; it belongs in {belongs}"
        return f"unknown element <{name}> in {where}{_instead(possible, '<{}>')}"

    def _note(self, node: _Node, message: str, attribute: str | None = None) -> None:
        self.problems.append(Problem(node.sourceline, _path(node), message, attribute))
        if len(self.problems) == MOST_PROBLEMS:
            raise _EnoughError


def _wrong_attribute(
    possible: Pattern, state: Pattern, node: _Node, name: str, read: list[str]
) -> str:
    """Why an attribute can't be as it is, after those that have been read."""
    values = _attributes(state).get(name)
    where = _label(node, read)
    if values is None:
        known = list(_attributes(possible))
        if name in known:
            others = [one for one in _attributes(state) if one not in read]
            return f"the attribute '{name}' isn't allowed on {where}{_instead(others)}"
        guess = _guess(name, known)
        if not known:
            return f"unknown attribute '{name}' of {where}; it has no attributes"
        return f"unknown attribute '{name}' of {where}{guess or _instead(known)}"
    value = node.get(name)
    pattern = values[0]
    for other in values[1:]:
        pattern = choice(pattern, other)
    expected = _expected(pattern) or "nothing"
    guess = _guess(value.strip(), _values(pattern))
    quoted = _short(_secrecy.shown(value))
    return f"{name}='{quoted}' isn't allowed on {where}; expected {expected}{guess}"


# What a pattern has


def _parts(pattern: Pattern) -> t.Iterator[Pattern]:
    """The elements, attributes, values and texts of an open element."""
    waiting, seen = [pattern], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, After):
            waiting.append(one.left)
        elif isinstance(one, Pair):
            waiting += (one.right, one.left)
        elif isinstance(one, Repeated):
            waiting.append(one.inner)
        else:
            yield one


def _elements(pattern: Pattern) -> list[str]:
    names = [
        one.names.name
        for one in _parts(pattern)
        if isinstance(one, ElementPattern) and one.names.name is not None
    ]
    return list(dict.fromkeys(names))


def _attributes(pattern: Pattern) -> dict[str, list[Pattern]]:
    found: dict[str, list[Pattern]] = {}
    for one in _parts(pattern):
        if isinstance(one, AttributePattern) and one.names.name is not None:
            found.setdefault(one.names.name, []).append(one.value)
    return found


def _values(pattern: Pattern) -> list[str]:
    found = [one.text for one in _parts(pattern) if isinstance(one, Value)]
    return list(dict.fromkeys(found))


def _expected(pattern: Pattern) -> str:
    """What a text may be, in words; empty when there can be none."""
    words = list(dict.fromkeys(one.words for one in _parts(pattern) if isinstance(one, Data)))
    values = _values(pattern)
    if any(one is TEXT for one in _parts(pattern)):
        words.append("a text")
    if len(values) == 1:
        words.insert(0, f"'{values[0]}'")
    elif values:
        words.insert(0, f"one of {_listed(values)}")
    return " or ".join(words)


def _lacks_elements(pattern: Pattern) -> bool:
    return any(isinstance(one, ElementPattern) for one in _parts(pattern)) or not _expected(pattern)


def _instead_of(before: Pattern, node: _Node) -> Pattern:
    """After the element that was probably meant, or as if there were none."""
    for name in _elements(before):
        if _guess(_local(node), [name]):
            state = closed(opened(before, name), lenient=True)
            return ended(state, lenient=True)
    return before


def _filled(pattern: Pattern) -> Pattern:
    """As if the right text had been read."""
    for part in _parts(pattern):
        if isinstance(part, Value):
            return with_text(pattern, part.text)
    if isinstance(pattern, Choice):
        return choice(_filled(pattern.left), _filled(pattern.right))
    if isinstance(pattern, After):
        return After(TEXT, pattern.right, False)
    return pattern


def _lacking(pattern: Pattern, attributes: bool) -> set[frozenset[str]]:
    """Sets of what is missing, of which one is enough."""
    nothing: set[frozenset[str]] = {frozenset()}
    if isinstance(pattern, After):
        return _lacking(pattern.left, attributes)
    if isinstance(pattern, Choice):
        return set().union(*(_lacking(one, attributes) for one in alternatives(pattern)))
    if pattern.nullable:
        return nothing
    if isinstance(pattern, Pair):
        left, right = _lacking(pattern.left, attributes), _lacking(pattern.right, attributes)
        smallest = sorted((one | other for one in left for other in right), key=len)
        return set(smallest[:_LONGEST_LIST])
    if isinstance(pattern, Repeated):
        return _lacking(pattern.inner, attributes)
    if isinstance(pattern, AttributePattern) and attributes:
        return {frozenset({f"the attribute '{_plain(pattern.names.name or 'any')}'"})}
    if isinstance(pattern, ElementPattern) and not attributes:
        return {frozenset({f"<{_plain(pattern.names.name or 'any')}>"})}
    if isinstance(pattern, (Value, Data)) and not attributes:
        return {frozenset({f"a text, {_expected(pattern)}"})}
    return nothing


def _lacking_words(pattern: Pattern, attributes: bool) -> str:
    sets = sorted(_lacking(pattern, attributes), key=lambda one: (len(one), sorted(one)))
    smallest = [one for one in sets if one and not any(other < one for other in sets)]
    words = [" and ".join(sorted(one)) for one in smallest[:4]]
    return " or ".join(words) or "something that its schema requires"


# Words


def _local(node: _Node) -> str:
    return _plain(node.tag)


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _label(node: _Node, attributes: t.Collection[str] | None = None) -> str:
    """The element with what decides about the rest of it, and whose it is."""
    shown = [
        f" {name}='{_short(_secrecy.shown(node.get(name)))}'"
        for name in _DECIDING
        if node.get(name) is not None and (attributes is None or name in attributes)
    ]
    label = f"<{_local(node)}{''.join(shown[:2])}>"
    parent = node.getparent()
    if parent is None or not isinstance(parent.tag, str) or parent.getparent() is None:
        return label
    if _local(parent) in ("devices", "features", "os", "cpu", "metadata"):
        return label
    return f"{label} in {_label(parent)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _listed(names: t.Sequence[str], form: str = "{}") -> str:
    shown = [form.format(_plain(name)) for name in names[:_LONGEST_LIST]]
    if len(names) > _LONGEST_LIST:
        shown.append("…")
    return ", ".join(shown)


def _instead(allowed: t.Sequence[str], form: str = "{}") -> str:
    return f"; allowed are {_listed(allowed, form)}" if allowed else "; nothing is allowed there"


def _guess(written: str, known: t.Sequence[str], form: str = "'{}'") -> str:
    """Which of the known names was probably meant."""
    plain = [_plain(name) for name in known]
    lower = {name.lower(): name for name in plain}
    close = difflib.get_close_matches(written.lower(), list(lower), n=1, cutoff=0.7)
    return f"; did you mean {form.format(lower[close[0]])}?" if close else ""


def _path(node: _Node) -> str:
    """The element's XPath."""
    steps = []
    while node is not None:
        name = _local(node)
        siblings = [] if node.getparent() is None else node.getparent().findall(node.tag)
        steps.append(f"{name}[{siblings.index(node) + 1}]" if len(siblings) > 1 else name)
        node = node.getparent()
    return "/" + "/".join(reversed(steps))
