# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of domains that a task gives: each gets the defaults, and is checked by itself."""

from __future__ import annotations

import collections.abc
import functools
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._errors import ExpectedError
from .._manage import document as domain_document
from .._manage.defaults import merged
from .._manage.domain.many_item import Item, check_names_differ
from .._manage.errors import TaskError, on_one_line
from .domain_options import DOMAIN_OPTIONS, name_in_line
from .domain_request import REQUEST, request_of
from .option_hints import unknown_option
from .spec import readable_params

#: The options that the defaults can't have, because they identify one domain.
_SINGLE = ("name", "uuid", "xml", "virt_install")
_NAME, _DOCUMENT, _LINE, _EXCLUSIVE = "name", "xml", "virt_install", "exclusive"
#: Types of options whose values stay as they are.
_AS_THEY_ARE: dict[str, type] = {"raw": object, "str": str, "bool": bool}


def read_items(domains: t.Sequence[t.Any], defaults: t.Mapping[str, t.Any]) -> list[Item]:
    """The entries, each completed by the defaults.

    :raises TaskError: the defaults are wrong, or two entries have the same name.
    """
    given = _canonical(defaults, "defaults")
    for name in _SINGLE:
        if name in given:
            raise TaskError(f"defaults has {name}, which is of one domain alone; move it there")
    _check_defaults(given)
    items = [_read(number, entry, given) for number, entry in enumerate(domains)]
    check_names_differ([item.name for item in items])
    return items


def _read(number: int, entry: t.Any, defaults: t.Mapping[str, t.Any]) -> Item:
    subject = f"entry {number + 1}"
    if not isinstance(entry, collections.abc.Mapping):
        error = f"it is a dictionary of options, not {type(entry).__name__}"
        return Item(subject, error=error, is_named=False)
    name = _name_in(entry)
    item = Item(name or subject, is_named=name is not None)
    try:
        own = _canonical(entry, "it")
        # What isn't given is most of the options, and in a thousand entries takes much memory.
        item.request = request_of(_validated(merged(_fitting(defaults, own), own)))
        item.name, item.is_named = item.request.name, True
    except ExpectedError as error:
        item.error = on_one_line(str(error))
    return item


def _name_in(entry: t.Mapping[str, t.Any]) -> str | None:
    """The name of an entry: its own, or that in its command line or document."""
    if entry.get(_NAME):
        return str(entry[_NAME])
    line, text = entry.get(_LINE), entry.get(_DOCUMENT)
    found = name_in_line({_LINE: line}) if isinstance(line, str) else None
    return domain_document.name_in(text) if found is None and isinstance(text, str) else found


def _fitting(defaults: t.Mapping[str, t.Any], own: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The defaults without the options that a whole document replaces."""
    if own.get(_DOCUMENT) is None:
        return defaults
    return {
        name: value
        for name, value in defaults.items()
        if name not in DOMAIN_OPTIONS.options and name != _EXCLUSIVE
    }


def _canonical(given: t.Mapping[str, t.Any], what: str) -> dict[str, t.Any]:
    """The options by their main names, without those that are an empty text.

    An empty cell of a table is read as an empty text.

    :raises TaskError: an option is given by two names.
    """
    names = _names()
    result: dict[str, t.Any] = {}
    for key, value in given.items():
        if value == "":
            continue
        name = names.get(str(key), str(key))
        if name in result:
            raise TaskError(f"{what} has {name} under two names; leave one of them out")
        result[name] = value
    return result


@functools.cache
def _names() -> dict[str, str]:
    """The main name of each option, by all of its names."""
    return {
        spelled: name
        for name, option in REQUEST.options.items()
        for spelled in (name, *option.get("aliases", ()))
    }


@functools.cache
def _validator() -> ArgumentSpecValidator:
    return ArgumentSpecValidator(REQUEST.options)


def _validated(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options with the types and the defaults of the module domain.

    :raises TaskError: they aren't options of that module.
    """
    given = {name: value for name, value in params.items() if value is not None}
    quickly = _validated_quickly(given)
    if quickly is not None:
        return quickly
    result = _validator().validate(readable_params(REQUEST.options, given))
    unknown = [name for name in params if name not in REQUEST.options]
    if unknown:
        raise TaskError("; ".join(unknown_option(name, _names()) for name in unknown))
    messages = [str(error) for error in result.errors if not isinstance(error, UnsupportedError)]
    if messages:
        raise TaskError("; ".join(messages))
    validated: dict[str, t.Any] = result.validated_parameters
    return {name: validated.get(name) for name in REQUEST.options}


def _validated_quickly(given: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """The same if every value has its type already; ``None`` otherwise."""
    try:
        read = {
            name: _as_it_is(value, REQUEST.options.get(name, {})) for name, value in given.items()
        }
    except _NotAsItIs:
        return None
    return {**_defaults(), **read}


class _NotAsItIs(Exception):
    """A value is wrong, or has to be converted."""


def _as_it_is(value: t.Any, option: t.Mapping[str, t.Any]) -> t.Any:
    """A value that needs no conversion; parts that are left out of a dictionary are ``None``.

    :raises _NotAsItIs: it isn't one.
    """
    kind = option.get("type", "")
    if kind == "dict" and isinstance(value, dict):
        return _parts(value, option["options"]) if "options" in option else value
    if kind == "list" and isinstance(value, list) and option.get("elements") == "str":
        values = value
    elif isinstance(value, _AS_THEY_ARE.get(kind, ())):
        values = [value]
    else:
        raise _NotAsItIs
    choices = option.get("choices")
    if (kind == "list" and not all(isinstance(each, str) for each in values)) or (
        choices is not None and not all(each in choices for each in values)
    ):
        raise _NotAsItIs
    return value


def _parts(value: dict[str, t.Any], parts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    if not value.keys() <= parts.keys() or any(
        "default" in part or part.get("required") for part in parts.values()
    ):
        raise _NotAsItIs
    return {
        name: None if value.get(name) is None else _as_it_is(value[name], part)
        for name, part in parts.items()
    }


@functools.cache
def _defaults() -> dict[str, t.Any]:
    """The values of options that aren't given."""
    validated: dict[str, t.Any] = _validator().validate({}).validated_parameters
    return {name: validated.get(name) for name in REQUEST.options}


def _check_defaults(given: t.Mapping[str, t.Any]) -> None:
    """Check the defaults, so that a mistake in them isn't reported for every domain."""
    try:
        _validated({**given, _NAME: "defaults"})
    except TaskError as error:
        raise TaskError(f"defaults: {error}") from None
