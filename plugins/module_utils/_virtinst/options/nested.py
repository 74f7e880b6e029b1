# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading sub-options as nested YAML: ``{size: 20, driver: {queues: 4}}``.

Nested keys make a dotted name, which may also be written as such. A list stands for the
numbers in names. Where a sub-option has both a value and sub-options of its own, the
key ``value`` is the value.
"""

from __future__ import annotations

import shlex
import typing as t

from ..._secrecy import shown
from ..errors import OptionError
from .rows import Group, Lists, Option
from .settings import Settings, find
from .values import spelled

_OWN_VALUE = "value"


def read(group: Group, value: t.Mapping[str, object]) -> Settings:
    """The settings of a dictionary; a null value counts as not given.

    :raises OptionError: it has unknown sub-options, or values of the wrong kind.
    """
    settings = Settings(group)
    _read(group, settings, "", value)
    return settings


def _read(group: Group, settings: Settings, key: str, value: object) -> None:
    if value is None:
        return
    if isinstance(value, t.Mapping):
        found = group.option(key)
        if found is not None and found[0].lists is Lists.EACH:
            # Names that aren't options, such as environment variables.
            for name, part in value.items():
                settings.add(key, f"{name}={part}")
            return
        for name, part in value.items():
            _read(group, settings, _key(group, key, str(name)), part)
    elif isinstance(value, (list, tuple)):
        _read_list(group, settings, key, list(value))
    else:
        option, _numbers = find(group, key)
        settings.add(key, _spelled(group, key, option, value))


def _key(group: Group, prefix: str, name: str) -> str:
    if not prefix:
        return name
    longer = f"{prefix}.{name}"
    if name == _OWN_VALUE and group.option(longer) is None and group.option(prefix) is not None:
        return prefix
    return longer


def _read_list(group: Group, settings: Settings, key: str, values: list[object]) -> None:
    if group.is_numbered(key):
        for position, part in enumerate(values):
            _read(group, settings, f"{key}{position}", part)
        return
    option, _numbers = find(group, key)
    texts = [_spelled(group, key, option, part) for part in values]
    if option.lists is Lists.COMMAS:
        settings.add(key, ",".join(texts))
    elif option.lists is Lists.WORDS:
        settings.add(key, " ".join(shlex.quote(text) for text in texts))
    elif option.lists is Lists.EACH:
        for text in texts:
            settings.add(key, text)
    else:
        raise OptionError(f"{group.title}: {shown(key)} takes one value, not a list")


def _spelled(group: Group, key: str, option: Option, value: object) -> str:
    if isinstance(value, (t.Mapping, list, tuple)):
        raise OptionError(f"{group.title}: {key} takes plain values, not {shown(value)}")
    try:
        return spelled(option, value)
    except OptionError as error:
        raise OptionError(f"{group.title}: {key}: {error}") from None
