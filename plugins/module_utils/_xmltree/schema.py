# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checking a document against libvirt's own schema, as virt-xml-validate does.

libxml2 decides whether a document is valid. The reasons come from our own
reading of the same grammar, because libxml2's messages seldom help.
"""

from __future__ import annotations

import functools
import threading
import typing as t

from .._errors import ExpectedError
from .._secrecy import shown
from .lxml_import import etree
from .parse import DocumentError, check_attribute_count, encoded, is_large
from .schema_problem import Problem

#: libxml2 checks so many children of one element in a moment.
_MOST_CHILDREN = 2000
#: More mistakes than this aren't listed in a message.
_MOST_PROBLEMS = 5


class SchemaError(ExpectedError):
    """A document isn't valid. The message is one line; ``problems`` lists every mistake.

    ``subject`` is the document's name in the message.
    """

    def __init__(self, problems: t.Sequence[Problem], subject: str = "the XML") -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:_MOST_PROBLEMS]]
        if len(self.problems) > _MOST_PROBLEMS:
            shown.append(f"and {len(self.problems) - _MOST_PROBLEMS} more")
        super().__init__(f"{subject} is not valid: {'; '.join(shown)}")


class Schema:
    """The schema in a file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()

    @functools.cached_property
    def _judge(self) -> etree.RelaxNG:
        return etree.RelaxNG(file=self._path)

    def problems(
        self, document: str | bytes, name: str | None = None, named: str = "name"
    ) -> list[Problem]:
        """The mistakes of a document; empty when it is valid.

        A document without a name, whose value path is ``named``, gets this one.

        :raises DocumentError: it can't be parsed.
        """
        root = _parsed(document)
        if name is not None and named.startswith("@"):
            root.set(named[1:], root.get(named[1:], name))
        elif name is not None and named and root.find(named) is None:
            etree.SubElement(root, named).text = name
        if is_large(document) and _has_long_list(root):
            # libxml2 takes a time that grows with the square of their number.
            found = self._explained(root)
            if found is not None:
                return found
        # It keeps what it has found, and threads may share it.
        with self._lock:
            if self._judge.validate(root):
                return []
            quoted = _quoted(self._judge.error_log)
        explained = self._explained(root)
        return [quoted] if explained is None else explained

    def _explained(self, root: etree._Element) -> list[Problem] | None:
        """The mistakes that our own reader finds; ``None`` where it can't read the schema.

        It may find none: libxml2 refuses some valid orders where an element may stand twice,
        such as <uuid> between <memory> and <vcpu>.
        """
        # Ansible compiles a module's code anew in each task, and most documents are valid.
        from .schema_explain import explain
        from .schema_grammar import Grammar, UnknownGrammar

        try:
            return explain(Grammar(self._path), root)
        except UnknownGrammar:
            return None


def _has_long_list(root: etree._Element) -> bool:
    return any(len(element) > _MOST_CHILDREN for element in root.iter())


def _parsed(document: str | bytes) -> etree._Element:
    text = isinstance(document, str)
    parser = etree.XMLParser(
        encoding="utf-8" if text else None,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    data = encoded(document)
    check_attribute_count(data)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"the XML is not well-formed: {shown(error)}") from None


def _quoted(log: t.Any) -> Problem:
    """libxml2's own message about the innermost wrong element."""
    entry = max(log, key=lambda entry: entry.line, default=None)
    if entry is None:
        return Problem(None, "/", "libvirt's schema doesn't allow it")
    return Problem(entry.line, entry.path or "/", entry.message)
