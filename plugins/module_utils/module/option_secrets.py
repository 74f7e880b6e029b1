# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords among the options of a domain."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ..reconcile.hidden import HIDDEN
from ..virtinst.errors import OptionError
from ..virtinst.options import nested, strings
from ..virtinst.options.rows import Group
from ..virtinst.options.settings import Settings
from ..virtinst.options.table import GROUPS

_CLOUD_INIT = "cloud_init"
_LINE = "virt_install"
#: The groups whose values Ansible may not log.
SECRET_GROUPS = frozenset(
    name for name, group in GROUPS.items() if any(option.is_secret for option in group.options)
)


def uncover(module: AnsibleModule) -> set[str]:
    """The passwords among the options; from then on they alone are hidden.

    Ansible hides each value of an option that may contain one, so that no
    result could say ``vnc`` any more. Results and diffs hide passwords themselves,
    and in ``module.params``, which Ansible returns, they are overwritten: take a
    copy of that before. Not every module has all of the options.
    """
    # Since ansible-core 2.22 there may be no such attribute.
    masked: set[str] = getattr(module, "no_log_values", set())
    secrets: set[str] = set()
    # Passwords stand anywhere in it, and nothing else of it is ever returned.
    masked.difference_update(_texts(module.params.get(_CLOUD_INIT)))
    if module.params.get(_CLOUD_INIT) is not None:
        module.params[_CLOUD_INIT] = HIDDEN
    for name in (*SECRET_GROUPS, _LINE):
        if name not in module.params:
            continue
        value = module.params[name]
        masked.difference_update(_texts(value))
        found = _of_line(value) if name == _LINE else _of_group(name, value)
        module.params[name] = _hidden(value, found)
        secrets |= found
    return secrets


def secrets_of(params: t.Mapping[str, t.Any]) -> set[str]:
    """The passwords among the options of a domain."""
    found: set[str] = set()
    if params.get(_LINE) is not None:
        found |= _of_line(params[_LINE])
    for name in SECRET_GROUPS:
        if params.get(name) is not None:
            found |= _of_group(name, params[name])
    return found


def hide_all(module: AnsibleModule, *names: str) -> None:
    """Hide whole options, of which results and diffs then show what is no secret.

    Ansible hides each text in them, so that no result could say any of it.
    """
    masked: set[str] = getattr(module, "no_log_values", set())
    for name in names:
        if module.params[name]:
            masked.difference_update(_texts(module.params[name]))
            module.params[name] = HIDDEN


def _of_line(text: str | None) -> set[str]:
    if text is None:
        return set()
    from ..virtinst.options import command_line

    try:
        options = command_line.read(text).options
    except OptionError:
        return set(_texts(text))
    return {secret for name in SECRET_GROUPS for secret in _of_group(name, options.get(name))}


def _of_group(name: str, value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {secret for one in values for secret in _secrets(GROUPS[name], one)}


def _hidden(value: t.Any, secrets: t.Collection[str]) -> t.Any:
    """The value without these secrets."""
    if isinstance(value, t.Mapping):
        return {key: _hidden(one, secrets) for key, one in value.items()}
    if isinstance(value, list):
        return [_hidden(one, secrets) for one in value]
    if value is None or isinstance(value, bool) or not secrets:
        return value
    text = str(value)
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return value if text == str(value) else text


def _secrets(group: Group, value: object) -> set[str]:
    try:
        settings = _settings(group, value)
    except OptionError:
        # What can't be read is refused soon, by its name and not by its value.
        return set(_texts(value))
    if settings is None:
        return set()
    return {text for option, _numbers, text in settings.in_order() if option.is_secret and text}


def _settings(group: Group, value: object) -> Settings | None:
    if isinstance(value, t.Mapping):
        return nested.read(group, value)
    return strings.read(group, value) if isinstance(value, str) else None


def _texts(value: object) -> t.Iterator[str]:
    if isinstance(value, t.Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield str(value)
