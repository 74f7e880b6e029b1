# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exporting domains: the options that describe them as they are."""

from __future__ import annotations

import functools
import re
import typing as t

from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domains
from ..._hypervisor.host import host_facts
from ..._hypervisor.listing import list_domains, read_all
from ..._hypervisor.native import machine_of
from ..._hypervisor.objects import as_uuid
from ..._virtinst.export.domain import Exported, exported
from ..._virtinst.export.hidden import Hidden
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..._xmltree.schema import Schema
from ..._xmltree.schema_file import find_schema
from ..selection import Selection
from ..yaml_text import Template
from .name import may_be
from .pending import pending

OMIT, VARIABLES = "omit", "variables"
_GRAPHICS, _PASSWORD = "graphics", "password"


class ExportedDomain(t.NamedTuple):
    """A domain with its options.

    * ``entry``: as a list of domains has it, without secrets.
    * ``written``: the same with templates of variables for secrets, where that is wanted.
    * ``variables``: their names. ``left_out``: the places of the other secrets.
    * ``form``: see :class:`._virtinst.export.domain.Exported`.
    * ``notes``: for a person, where the entry can't do all that is promised of one.
    """

    name: str
    entry: dict[str, t.Any]
    written: dict[str, t.Any]
    form: str
    variables: tuple[str, ...]
    left_out: tuple[str, ...]
    document: Element
    notes: tuple[str, ...] = ()

    def as_result(self) -> dict[str, t.Any]:
        """What a module returns of it beside the options."""
        return {
            "name": self.name,
            "form": self.form,
            "secret_variables": list(self.variables),
            "secrets_left_out": list(self.left_out),
        }


class ExportedDomains(t.NamedTuple):
    """The domains by name, and the names of the ``transient`` ones, which have no definition."""

    domains: list[ExportedDomain]
    transient: list[str]


def export_domains(
    connection: Connection, selection: Selection, keep: t.Collection[str], secrets: str
) -> ExportedDomains:
    """The selected domains that have a definition.

    ``secrets`` is :data:`OMIT` or :data:`VARIABLES`.

    :raises HypervisorError: they can't be read.
    """
    host, is_valid = host_facts(Domains(connection)), _validity(connection)
    machines = functools.partial(machine_of, connection)
    found, transient = [], []
    for listed, texts in read_all(list_domains(connection, selection.means, False)):
        if not listed.facts.persistent:
            transient.append(listed.facts.name)
            continue
        document = parse(texts[0])
        result = exported(host, document, keep, is_valid, machines)
        entry = dict(result.options)
        if listed.facts.autostart:
            entry["autostart"] = True
        described = _described(listed.facts.name, document, entry, result, secrets)
        notes = _notes(described, None if texts[1] is None else parse(texts[1]))
        found.append(described._replace(notes=tuple(notes)))
    return ExportedDomains(found, transient)


def _notes(domain: ExportedDomain, live: Element | None) -> t.Iterator[str]:
    """What the entry of a domain can't do; ``live`` is the document of the guest that runs."""
    name = domain.name
    if not may_be(name) or as_uuid(name) is not None:
        yield (
            f"{name!r}: no module makes a domain of that name, so that a host without it doesn't get it; "
            "rename it, then export it again"
        )
    differing = () if live is None else pending(domain.document, live, lambda: False)
    if differing:
        paths = ", ".join(change.path.replace("/domain/", "", 1) for change in differing)
        yield (
            f"{name}: the running guest differs from the definition, which is what is exported, in {paths}; domains "
            "would change of that what it can while the guest runs; restart the guest, or change one of both"
        )


def _validity(connection: Connection) -> t.Callable[[str], bool]:
    """Whether a document is valid, where libvirt's schemas are here to tell."""
    path = find_schema("domain") if connection.is_local else None
    if path is None:
        return lambda _text: True
    schema = Schema(path)
    return lambda text: not schema.problems(text)


def _described(
    name: str, document: Element, entry: dict[str, t.Any], result: Exported, secrets: str
) -> ExportedDomain:
    written, variables, left = dict(entry), [], []
    for hidden in result.hidden:
        values = written.get(_GRAPHICS)
        is_possible = secrets == VARIABLES and hidden.is_console and values not in (None, "none")
        if not is_possible:
            left.append(_place(hidden))
            continue
        variable = _variable(name, hidden.number)
        written[_GRAPHICS] = _with_password(values, hidden.number, variable)
        variables.append(variable)
    return ExportedDomain(
        name, entry, written, result.form, tuple(variables), tuple(left), document
    )


def _place(hidden: Hidden) -> str:
    return f"/domain/{hidden.place}"


def _variable(name: str, number: int) -> str:
    """The name of the variable for a console's password."""
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    word = word if word[:1].isalpha() or word[:1] == "_" else f"guest_{word}"
    return f"{word}_password" if not number else f"{word}_password_{number + 1}"


def _with_password(values: t.Any, number: int, variable: str) -> t.Any:
    is_list = isinstance(values, list)
    listed = list(values) if is_list else [values]
    number = min(number, len(listed) - 1)
    value = listed[number]
    value = {"type": value} if isinstance(value, str) else value
    listed[number] = {**value, _PASSWORD: Template(f"{{{{ {variable} }}}}")}
    return listed if is_list else listed[0]
