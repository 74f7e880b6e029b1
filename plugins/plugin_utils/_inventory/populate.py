# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adding guests to Ansible's inventory."""

from __future__ import annotations

import re
import typing as t

from ansible import template
from ansible.errors import AnsibleError
from ansible.inventory.group import to_safe_group_name
from ansible.inventory.helpers import get_group_vars
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.utils.unsafe_proxy import wrap_var
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources

from ...module_utils._manage.errors import TaskError
from ...module_utils._manage.inventory.groups import groups_of
from ...module_utils._manage.inventory.host_names import Candidate, host_names
from ...module_utils._manage.inventory.options import INCLUDE, Options
from ...module_utils._manage.inventory.variables import variables_of

#: Since 2.19 a text is a template only if it is marked as one.
_MARKS_DATA = not hasattr(template, "trust_as_template")
_PORT = re.compile(r":\d+$")
_THIS_HOST = "localhost"


class _Guest(t.NamedTuple):
    variables: dict[str, t.Any]
    prefix: str


def populate(plugin: t.Any, options: Options, hypervisors: t.Sequence[dict[str, t.Any]]) -> None:
    """Add the guests of all hypervisors as hosts.

    :raises TaskError: with ``strict``, a name, a filter or a template is wrong.
    """
    strict = plugin.get_option("strict")
    guests = []
    for guest in _guests(plugin, options, hypervisors):
        if _stays(plugin, options, guest.variables, strict):
            guests.append(guest)
    asked = [
        Candidate(
            _name(plugin, guest, strict),
            guest.variables["libvirt_uuid"],
            guest.variables["libvirt_id"] is not None,
        )
        for guest in guests
    ]
    found = host_names(asked)
    for warning in found.warnings:
        if strict:
            raise TaskError(f"hostname: {warning}; choose another hostname")
        plugin.display.warning(warning)
    hosts = [(name, guest) for name, guest in zip(found.names, guests) if name is not None]
    checked: set[str] = set()
    for name, guest in hosts:
        _add(plugin, options, name, guest.variables, checked)
    for name, _guest in hosts:
        _construct(plugin, name, strict)


def _guests(
    plugin: t.Any, options: Options, hypervisors: t.Sequence[dict[str, t.Any]]
) -> t.Iterator[_Guest]:
    for hypervisor in hypervisors:
        called = hypervisor["name"]
        about = {
            "uri": hypervisor["uri"],
            "name": called or _host(hypervisor["host"]) or _THIS_HOST,
        }
        for guest in hypervisor["guests"]:
            variables, warnings = variables_of(guest, about, options.rules, options.connection)
            for warning in warnings:
                plugin.display.warning(warning)
            yield _Guest(_as_data(variables), f"{called}_" if called else "")


def _host(text: str) -> str:
    return _PORT.sub("", text).strip("[]")


def _as_data(value: t.Any) -> t.Any:
    """A value whose texts are never templates."""
    return wrap_var(value) if _MARKS_DATA else value


def _stays(plugin: t.Any, options: Options, variables: dict[str, t.Any], strict: bool) -> bool:
    for word, condition in options.filters:
        try:
            # YAML has true and false, which are no expressions.
            if not isinstance(condition, bool):
                condition = plugin._compose(condition, variables)
            holds = boolean(condition, strict=False)
        except Exception as error:
            # Whatever a template can raise.
            if strict:
                name = variables["libvirt_name"]
                raise TaskError(f"filters: {condition} fails for {name}: {error}") from error
            continue
        if holds:
            return bool(word == INCLUDE)
    return True


def _name(plugin: t.Any, guest: _Guest, strict: bool) -> str:
    own: str = guest.variables["libvirt_name"]
    expression = plugin.get_option("hostname")
    if expression is None:
        return f"{guest.prefix}{own}"
    try:
        composed = plugin._compose(expression, guest.variables)
    except Exception as error:
        # Whatever a template can raise.
        if strict:
            raise TaskError(f"hostname: {expression} fails for {own}: {error}") from error
        composed = None
    # Its own name is better than none.
    return str(composed) if composed not in (None, "") else f"{guest.prefix}{own}"


def _add(
    plugin: t.Any, options: Options, name: str, variables: dict[str, t.Any], checked: set[str]
) -> None:
    """Add a host. ``checked`` are the names of variables that Ansible has taken already."""
    inventory = plugin.inventory
    host = inventory.add_host(_as_data(name))
    entity = inventory.get_host(host)
    for key, value in variables.items():
        if key in checked and key not in entity.vars:
            # Ansible looks at each name again, which takes most of the time of a cached inventory.
            entity.vars[key] = value
        else:
            entity.set_variable(key, value)
            checked.add(key)
    prefix = plugin.get_option("group_prefix")
    for group in groups_of(options.group_kinds, variables):
        safe = to_safe_group_name(f"{prefix}{group}", force=True, silent=True)
        inventory.add_child(inventory.add_group(safe), host)


def _construct(plugin: t.Any, name: str, strict: bool) -> None:
    compose, groups, keyed = (
        plugin.get_option(option) for option in ("compose", "groups", "keyed_groups")
    )
    if not (compose or groups or keyed):
        return
    try:
        plugin._set_composite_vars(compose, _variables(plugin, name), name, strict)
        variables = _variables(plugin, name)
        plugin._add_host_to_composed_groups(groups, variables, name, strict, fetch_hostvars=False)
        plugin._add_host_to_keyed_groups(keyed, variables, name, strict, fetch_hostvars=False)
    except AnsibleError as error:
        raise TaskError(str(error)) from error


def _variables(plugin: t.Any, name: str) -> dict[str, t.Any]:
    """The variables of a host, and with ``use_vars_plugins`` those of host_vars and group_vars."""
    host = plugin.inventory.get_host(name)
    if not plugin.get_option("use_vars_plugins"):
        return dict(host.get_vars())
    sources = [*plugin.inventory.processed_sources, plugin.path]
    variables: dict[str, t.Any] = {}
    for entities, own in (
        (host.get_groups(), get_group_vars(host.get_groups())),
        ([host], host.get_vars()),
    ):
        found = get_vars_from_inventory_sources(plugin.loader, sources, entities, "all")
        variables = combine_vars(variables, combine_vars(own, found))
    return variables
