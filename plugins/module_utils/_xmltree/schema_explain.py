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

#: A document that is wrong as a whole has so many mistakes that listing them takes minutes.
MOST_PROBLEMS = 50
#: An element with more children than this is a list.
_MANY = 100
#: More choices than this aren't listed in a message.
_LONGEST_LIST = 16
#: The parents of an element are listed in a message if they are no more than this.
_FEW = 3
#: Longer values are shortened in a message, in characters.
_LONGEST_VALUE = 60
#: Attributes that decide what else an element may have.
_DECIDING = ("type", "device", "mode", "bus", "model")


def explain(grammar: Grammar, root: _Node) -> list[Problem]:
    """List the mistakes of a document that the grammar doesn't allow.

    A mistake doesn't spoil what follows: the reader goes on as if the right thing stood there.
    It stops after ``MOST_PROBLEMS``.
    """
    reader = _Reader(grammar)
    with contextlib.suppress(_EnoughError):
        reader.element(grammar.start, root, None)
    return reader.problems


class _EnoughError(Exception):
    """``MOST_PROBLEMS`` mistakes have been found."""


class _Reader:
    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.problems: list[Problem] = []
        self._known: dict[tuple[int, bytes], Pattern] = {}

    def element(self, before: Pattern, node: _Node, start: Pattern | None) -> Pattern:
        """Read an element, and return the pattern of what may follow it.

        ``before`` is the pattern of what may stand at this place. ``start`` is the pattern of
        the parent's whole content; ``None`` for the root element.
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
        """Like :meth:`element`, but equal siblings of a long list are read once."""
        if not has_many:
            return self.element(state, node, start)
        key = (id(state), etree.tostring(node, with_tail=False))
        after = self._known.get(key)
        if after is None:
            found = len(self.problems)
            after = self.element(state, node, start)
            if len(self.problems) == found:
                # Patterns live as long as the process: their ids stay valid.
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
        fact = f"{_label(node)} has the text '{_short(_secrecy.shown(text))}'"
        expected = _expected(state)
        if not expected:
            self._note(node, f"{fact}; it can have no text")
            return state
        guess = _guess(text.strip(), _values(state))
        self._note(node, f"{fact}; expected {expected}{guess}")
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
            if any(sibling.tag == node.tag for sibling in node.itersiblings(preceding=True)):
                return f"<{name}> stands more than once in {where}; only one is allowed"
            allowed = [tag for tag in _elements(before) if tag != node.tag]
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
    """Why an attribute can't be as it is. ``read`` are the attributes before it."""
    values = _attributes(state).get(name)
    where = _label(node, read)
    if values is None:
        known = list(_attributes(possible))
        if name in known:
            unread = [attribute for attribute in _attributes(state) if attribute not in read]
            return f"the attribute '{name}' isn't allowed on {where}{_instead(unread)}"
        guess = _guess(name, known)
        if not known:
            return f"unknown attribute '{name}' of {where}; it has no attributes"
        return f"unknown attribute '{name}' of {where}{guess or _instead(known)}"
    value = node.get(name)
    pattern = values[0]
    for alternative in values[1:]:
        pattern = choice(pattern, alternative)
    expected = _expected(pattern) or "nothing"
    guess = _guess(value.strip(), _values(pattern))
    quoted = _short(_secrecy.shown(value))
    return f"{name}='{quoted}' isn't allowed on {where}; expected {expected}{guess}"


# What a pattern has


def _parts(pattern: Pattern) -> t.Iterator[Pattern]:
    """The elements, attributes, values and texts of an open element."""
    waiting, seen = [pattern], set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, After):
            waiting.append(part.left)
        elif isinstance(part, Pair):
            waiting += (part.right, part.left)
        elif isinstance(part, Repeated):
            waiting.append(part.inner)
        else:
            yield part


def _elements(pattern: Pattern) -> list[str]:
    names = [
        part.names.name
        for part in _parts(pattern)
        if isinstance(part, ElementPattern) and part.names.name is not None
    ]
    return list(dict.fromkeys(names))


def _attributes(pattern: Pattern) -> dict[str, list[Pattern]]:
    found: dict[str, list[Pattern]] = {}
    for part in _parts(pattern):
        if isinstance(part, AttributePattern) and part.names.name is not None:
            found.setdefault(part.names.name, []).append(part.value)
    return found


def _values(pattern: Pattern) -> list[str]:
    found = [part.text for part in _parts(pattern) if isinstance(part, Value)]
    return list(dict.fromkeys(found))


def _expected(pattern: Pattern) -> str:
    """Describe the allowed texts in words; empty when no text is allowed."""
    words = list(dict.fromkeys(part.words for part in _parts(pattern) if isinstance(part, Data)))
    values = _values(pattern)
    if any(part is TEXT for part in _parts(pattern)):
        words.append("a text")
    if len(values) == 1:
        words.insert(0, f"'{values[0]}'")
    elif values:
        words.insert(0, f"one of {_listed(values)}")
    return " or ".join(words)


def _lacks_elements(pattern: Pattern) -> bool:
    return any(isinstance(part, ElementPattern) for part in _parts(pattern)) or not _expected(
        pattern
    )


def _instead_of(before: Pattern, node: _Node) -> Pattern:
    """The pattern after the element with the nearest name; ``before`` if no name is near."""
    for name in _elements(before):
        if _guess(_local(node), [name]):
            state = closed(opened(before, name), lenient=True)
            return ended(state, lenient=True)
    return before


def _filled(pattern: Pattern) -> Pattern:
    """The pattern after the right text."""
    for part in _parts(pattern):
        if isinstance(part, Value):
            return with_text(pattern, part.text)
    if isinstance(pattern, Choice):
        return choice(_filled(pattern.left), _filled(pattern.right))
    if isinstance(pattern, After):
        return After(TEXT, pattern.right, False)
    return pattern


def _lacking(pattern: Pattern, attributes: bool) -> set[frozenset[str]]:
    """Sets of missing parts; the parts of any one set are enough."""
    nothing: set[frozenset[str]] = {frozenset()}
    if isinstance(pattern, After):
        return _lacking(pattern.left, attributes)
    if isinstance(pattern, Choice):
        return set().union(*(_lacking(part, attributes) for part in alternatives(pattern)))
    if pattern.nullable:
        return nothing
    if isinstance(pattern, Pair):
        left, right = _lacking(pattern.left, attributes), _lacking(pattern.right, attributes)
        smallest = sorted((first | last for first in left for last in right), key=len)
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
    sets = sorted(_lacking(pattern, attributes), key=lambda names: (len(names), sorted(names)))
    smallest = [names for names in sets if names and not any(subset < names for subset in sets)]
    words = [" and ".join(sorted(names)) for names in smallest[:4]]
    return " or ".join(words) or "something that its schema requires"


# Words


def _local(node: _Node) -> str:
    return _plain(node.tag)


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _label(node: _Node, attributes: t.Collection[str] | None = None) -> str:
    """The element with its deciding attributes, and the name of its parent."""
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
    """A question that suggests the known name that is nearest; empty if none is near."""
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
