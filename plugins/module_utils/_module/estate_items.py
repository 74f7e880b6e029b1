# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of an estate that a task lists: each gets the defaults, and is checked by itself."""

from __future__ import annotations

import fnmatch
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._choices import ABSENT
from .._errors import ExpectedError
from .._hypervisor.active_object import pools
from .._hypervisor.connection import Connection
from .._hypervisor.errors import HypervisorError
from .._hypervisor.volumes import StoredVolume, Volumes, volume_name
from .._manage.defaults import merged
from .._manage.errors import TaskError, on_one_line
from .._manage.estate.entry import Entry
from .._rules.nwfilter_names import LIBVIRTS
from .._xmltree.element import Element
from . import network, nwfilter, pool, secret, volume
from .objects import ObjectModule, ObjectTask
from .option_hints import unknown_option
from .spec import CONNECTION, MEMORY, Spec, readable_params


class EstateKind(t.NamedTuple):
    """A kind of objects in an estate, by its module.

    ``key`` is the option that lists them. ``identified`` gives the options by which an object is
    removed, and ``all`` those of a hypervisor. ``kept`` are the names of those that no purge
    removes. ``named`` is the whole name of an object, by the options and its own name.
    """

    key: str
    about: ObjectModule
    spec: Spec
    identified: t.Callable[[t.Any], dict[str, str]] = lambda found: {"name": str(found.name)}
    all: t.Callable[[ObjectModule, Connection], t.Sequence[t.Any]] = lambda about, connection: (
        about.objects(connection).all()
    )
    kept: frozenset[str] = frozenset()
    named: t.Callable[[t.Mapping[str, t.Any], str], str] = lambda _params, name: name

    @property
    def noun(self) -> str:
        """The word for one object."""
        return self.about.kind.noun

    @property
    def options(self) -> dict[str, dict[str, t.Any]]:
        """The options of one object."""
        left = {*CONNECTION.options, *MEMORY.options}
        return {name: option for name, option in self.spec.options.items() if name not in left}

    def validated(self, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The options with the types and the defaults of the module.

        :raises TaskError: they aren't options of that module.
        """
        options = self.options
        values = {name: value for name, value in given.items() if value is not None}
        unknown = [name for name in values if name not in options]
        if unknown:
            names = {name: name for name in options}
            raise TaskError("; ".join(unknown_option(name, names) for name in unknown))
        spec = self.spec
        result = ArgumentSpecValidator(
            options,
            mutually_exclusive=spec.mutually_exclusive,
            required_one_of=spec.required_one_of,
            required_together=spec.required_together,
            required_if=spec.required_if,
        ).validate(readable_params(options, values))
        messages = [str(one) for one in result.errors if not isinstance(one, UnsupportedError)]
        # Ansible says one mistake up to three times.
        messages = [
            one for one in messages if not any(one != other and one in other for other in messages)
        ]
        if messages:
            raise TaskError("; ".join(messages))
        validated: dict[str, t.Any] = result.validated_parameters
        return {name: validated.get(name) for name in options}


def _identified_volume(found: StoredVolume) -> dict[str, str]:
    pool, _slash, name = found.name.partition("/")
    return {"pool": pool, "name": name}


def _named_volume(params: t.Mapping[str, t.Any], name: str) -> str:
    return name if "/" in name else volume_name(params["pool"], name)


def _all_volumes(_about: ObjectModule, connection: Connection) -> list[StoredVolume]:
    """The volumes of all pools that are on."""
    return [
        each
        for found in pools(connection).all()
        if found.facts().active
        for each in Volumes(connection, found.name).all()
    ]


#: In the order that they need each other.
KINDS = (
    EstateKind("secrets", secret.ABOUT, secret.SPEC, lambda found: {"uuid": str(found.uuid)}),
    EstateKind("nwfilters", nwfilter.ABOUT, nwfilter.SPEC, kept=LIBVIRTS),
    EstateKind("networks", network.ABOUT, network.SPEC),
    EstateKind("pools", pool.ABOUT, pool.SPEC),
    EstateKind(
        "volumes",
        volume.ABOUT,
        volume.SPEC,
        _identified_volume,
        _all_volumes,
        named=_named_volume,
    ),
)


def read_entries(
    kind: EstateKind, listed: t.Sequence[t.Any], defaults: t.Mapping[str, t.Any]
) -> list[Entry]:
    """The entries of one kind, each completed by the defaults.

    :raises TaskError: the defaults have an option that the module doesn't have.
    """
    names = {name: name for name in kind.options}
    unknown = [name for name in defaults if name not in names]
    if unknown:
        hints = "; ".join(unknown_option(str(name), names) for name in unknown)
        raise TaskError(f"defaults.{kind.key}: {hints}")
    return [_read(kind, number, entry, defaults) for number, entry in enumerate(listed)]


def _read(kind: EstateKind, number: int, entry: t.Any, defaults: t.Mapping[str, t.Any]) -> Entry:
    subject = f"entry {number + 1}"
    if not isinstance(entry, t.Mapping):
        error = f"it is a dictionary of options, not {type(entry).__name__}"
        return Entry(kind.noun, subject, error=error)
    found = Entry(kind.noun, str(entry.get("name") or subject))
    try:
        params = kind.validated(merged(defaults, {k: v for k, v in entry.items() if v != ""}))
        found.is_going = params["state"] == ABSENT
        task = ObjectTask(kind.about, params)
        task.read()
        found.name = subject if task.name is None else kind.named(params, task.name)
        found.task = task
    except ExpectedError as error:
        found.error = on_one_line(str(error))
    return found


def _document(found: t.Any) -> Element | None:
    """The document of an object; ``None`` where it has gone meanwhile."""
    try:
        document: Element = found.document()
    except HypervisorError:
        return None
    return document


def purged_entries(
    kind: EstateKind,
    pattern: str,
    listed: t.Sequence[Entry],
    connection: Connection,
) -> list[Entry]:
    """The existing objects that fit the pattern and that no entry is about, to be removed.

    :raises HypervisorError: they can't be listed.
    """
    names = {entry.name for entry in listed}
    nameless = [entry.name for entry in listed if entry.task is None]
    found = []
    for each in kind.all(kind.about, connection):
        is_listed = each.name in names or each.uuid in names or each.name in kind.kept
        if is_listed or not fnmatch.fnmatchcase(each.name, pattern):
            continue
        entry = Entry(kind.noun, each.name, is_going=True, existing=_document(each))
        if nameless:
            entry.error = (
                f"it stays: {' and '.join(map(repr, nameless))} of {kind.key} has a mistake, and may be "
                "meant for it; correct that"
            )
        else:
            params = {**kind.identified(each), "state": ABSENT}
            entry.task = ObjectTask(kind.about, kind.validated(params))
        found.append(entry)
    return found
