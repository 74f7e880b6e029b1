# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checking an object's document before anything is touched."""

from __future__ import annotations

import functools
import typing as t

from .._hypervisor.connection import Connection
from .._reconcile.domain.fingerprint import Proven, fingerprint_of
from .._xmltree.element import Element
from .._xmltree.schema_file import find_schema
from .._xmltree.serialise import serialise

if t.TYPE_CHECKING:
    from .._xmltree.schema import Schema, SchemaError
    from .._xmltree.schema_problem import Problem

_VALID = "valid"
#: What stands for the document in a message, where nobody has written one.
_DESCRIBED = "what the options describe"


class Validation:
    """Checks documents with the schema that fits the hypervisor.

    * ``schema``: its name in libvirt, such as ``domain``.
    * ``source``: the task's own document, whose lines a person knows, or a function that
      returns it.
    * ``named``: the value path of the name in it.
    * ``explain``: for a document that was made from options: names the option that a problem comes
      from, instead of its line.
    * ``is_described``: it was made from options, and messages have no lines.
    * ``alike``: the findings about similar documents.
    * ``by_libvirt``: the hypervisor's libvirt has to check the document, because it runs on
      another host, or because its schemas aren't installed on this one.
    * ``warning``: a line for a person about that.
    """

    def __init__(
        self,
        connection: Connection,
        schema: str,
        is_on: bool,
        source: str | bytes | t.Callable[[], str],
        alike: Proven | None = None,
        explain: t.Callable[[Problem], Problem] | None = None,
        named: str = "name",
        is_described: bool = False,
    ) -> None:
        self.by_libvirt = False
        self.warning: str | None = None
        self._file: str | None = None
        self._source = source
        self._checked = False
        self._alike = alike
        self._explain = explain
        self._named_by = named
        self._is_described = is_described
        if not is_on:
            return
        path = None
        if connection.is_local:
            path = connection.cache.get(f"schema {schema}", lambda: find_schema(schema))
        if path is not None:
            self._file = path
            return
        self.by_libvirt = True
        if connection.is_local:
            self.warning = (
                "libvirt's XML schemas are not installed on the managed host (they usually come "
                "with its client library), so libvirt itself checks the document when it is "
                "defined, and check mode can't foresee whether it is valid"
            )

    def check_source(self, name: str) -> None:
        """Check the task's document; ``name`` is the object's if the document has none.

        :raises SchemaError: it isn't valid.
        """
        if self._file is None or self._checked:
            return
        source = self._source() if callable(self._source) else self._source
        key = b""
        if self._alike is not None and isinstance(source, str):
            key = fingerprint_of(name, None, source).key
        if self._alike is not None and self._alike.is_known(_VALID, key):
            self._checked = True
            return
        problems = _schema(self._file).problems(source, name, self._named_by)
        if problems:
            raise self._error(problems, False)
        self._checked = True
        if self._alike is not None and key:
            self._alike.note(_VALID, key)

    def check_merged(self, document: Element, existing: Element | None) -> None:
        """Check a document that the task's document was merged into.

        Problems that ``existing``, libvirt's own definition, has already aren't the task's.

        :raises SchemaError: it isn't valid.
        """
        if self._file is None:
            return
        schema = _schema(self._file)
        before = schema.problems(serialise(existing)) if existing is not None else []
        known = {(problem.path, problem.message) for problem in before}
        problems = [
            problem
            for problem in schema.problems(serialise(document))
            if (problem.path, problem.message) not in known
        ]
        if problems:
            raise self._error(problems, True)

    def _error(self, problems: t.Sequence[Problem], is_merged: bool) -> SchemaError:
        from .._xmltree.schema import SchemaError

        if self._explain is not None:
            return SchemaError(list(map(self._explain, problems)), _DESCRIBED)
        if self._is_described:
            # The lines are those of a document that nobody has seen.
            return SchemaError([problem._replace(line=None) for problem in problems], _DESCRIBED)
        return SchemaError(list(map(_at_its_place, problems)) if is_merged else problems)


def _at_its_place(problem: Problem) -> Problem:
    """A problem of a document that nobody has written, whose lines say nothing."""
    return problem._replace(line=None, message=f"{problem.path}: {problem.message}")


@functools.cache
def _schema(path: str) -> Schema:
    """The schema in a file, read once: that takes longer than checking a document."""
    # A task with nothing to do checks nothing.
    from .._xmltree.schema import Schema

    return Schema(path)
