# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a guest as a host."""

from __future__ import annotations

import keyword
import typing as t

from .address_choice import Rule, chosen, is_place
from .options import AUTO, BY_AGENT

PREFIX = "libvirt_"
_CONNECTION = "declarative.libvirt.agent"


class Allowed(t.NamedTuple):
    """A variable of Ansible's own that a domain's metadata may set, and what it may be."""

    name: str
    fits: t.Callable[[object], bool]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and not value.startswith("-")


def _is_port(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_host(value: object) -> bool:
    return isinstance(value, str) and is_place(value)


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and value.startswith("/")


def _is_remote(value: object) -> bool:
    """Whether a connection leads to the guest, and not to the controller."""
    return value in ("ssh", "ansible.builtin.ssh", "winrm", "psrp", _CONNECTION)


#: Others, such as ansible_ssh_common_args, could run programs on the controller, and whoever may
#: edit a guest isn't therefore its master.
ALLOWED = {
    row.name: row
    for row in (
        Allowed("ansible_host", _is_host),
        Allowed("ansible_port", _is_port),
        Allowed("ansible_user", _is_text),
        Allowed("ansible_connection", _is_remote),
        Allowed("ansible_become", _is_switch),
        Allowed("ansible_become_user", _is_text),
        Allowed("ansible_become_method", _is_text),
        Allowed("ansible_python_interpreter", _is_path),
        Allowed("ansible_shell_type", _is_text),
        Allowed("ansible_remote_tmp", _is_path),
    )
}


def refusal(name: str, value: object) -> str | None:
    """Why a variable of a domain's metadata is left out; ``None`` where it is taken."""
    if not name.isidentifier() or keyword.iskeyword(name) or not name.isascii():
        return "it is no name of a variable"
    if name.startswith(PREFIX):
        return "such variables are what libvirt knows"
    if not name.startswith("ansible_"):
        return None
    row = ALLOWED.get(name)
    if row is None:
        return "it may decide what the controller runs; set it in group_vars or host_vars"
    return None if row.fits(value) else "its value is not what it may be there"


def facts_as_variables(
    guest: t.Mapping[str, t.Any], hypervisor: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """What is known of a guest, under the names of domain_info behind ``libvirt_``.

    ``guest`` is a :class:`.guests.Guest` as a dict, ``hypervisor`` has ``uri`` and ``name``.
    """
    variables = {f"{PREFIX}{name}": value for name, value in guest["facts"].items()}
    # These become variables of the host itself.
    variables.pop("libvirt_ansible_vars", None)
    variables["libvirt_uri"] = hypervisor["uri"]
    variables["libvirt_hypervisor"] = hypervisor["name"]
    variables["libvirt_osinfo"] = guest["osinfo"]
    if guest["pools"]:
        variables["libvirt_pools"] = guest["pools"]
    if guest["hostname"] is not None:
        variables["libvirt_hostname"] = guest["hostname"]
    return variables


def variables_of(
    guest: t.Mapping[str, t.Any],
    hypervisor: t.Mapping[str, t.Any],
    rules: t.Sequence[Rule],
    connection: str,
) -> tuple[dict[str, t.Any], list[str]]:
    """All variables of a host, and warnings about those that its metadata may not set."""
    variables = facts_as_variables(guest, hypervisor)
    facts = guest["facts"]
    address = chosen(rules, facts, guest["hostname"])
    if address is not None:
        variables["ansible_host"] = address
    if connection == BY_AGENT or (connection == AUTO and guest["answers"] and address is None):
        variables["ansible_connection"] = _CONNECTION
        variables["ansible_libvirt_uri"] = hypervisor["uri"]
        variables["ansible_libvirt_domain"] = facts["uuid"]
    warnings = []
    for name, value in (facts.get("ansible_vars") or {}).items():
        why = refusal(name, value)
        if why is None:
            variables[name] = value
        else:
            warnings.append(
                f"{facts['name']}: the variable {name!r} of its metadata is left out: {why}"
            )
    return variables, warnings
