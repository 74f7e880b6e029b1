# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The groups that need no template."""

from __future__ import annotations

import typing as t

_PLUGS = ("network", "bridge")


def _state(variables: t.Mapping[str, t.Any]) -> list[str]:
    return [f"state_{variables['libvirt_state']}"]


def _tags(variables: t.Mapping[str, t.Any]) -> list[str]:
    return [f"tag_{tag}" for tag in variables.get("libvirt_tags") or ()]


def _network(variables: t.Mapping[str, t.Any]) -> list[str]:
    return [
        f"network_{interface['source']}"
        for interface in variables["libvirt_interfaces"]
        if interface["type"] in _PLUGS and interface["source"]
    ]


def _pool(variables: t.Mapping[str, t.Any]) -> list[str]:
    return [f"pool_{pool}" for pool in variables.get("libvirt_pools") or ()]


def _os(variables: t.Mapping[str, t.Any]) -> list[str]:
    """As in osinfo's short names: ``http://debian.org/debian/12`` is ``debian12``."""
    identifier = variables.get("libvirt_osinfo")
    if identifier:
        return ["os_" + "".join(identifier.split("://")[-1].split("/")[1:])]
    system = (variables.get("libvirt_agent") or {}).get("os") or {}
    if system.get("id"):
        return [f"os_{system['id']}{system.get('version_id') or ''}"]
    return []


def _hypervisor(variables: t.Mapping[str, t.Any]) -> list[str]:
    return [f"hypervisor_{variables['libvirt_hypervisor']}"]


def _autostart(variables: t.Mapping[str, t.Any]) -> list[str]:
    return ["autostart"] if variables["libvirt_autostart"] else []


def _restart_required(variables: t.Mapping[str, t.Any]) -> list[str]:
    return ["restart_required"] if variables["libvirt_restart_required"] else []


#: The choices of the option ``groups_by``: the groups of a host, from its variables.
GROUPS: dict[str, t.Callable[[t.Mapping[str, t.Any]], list[str]]] = {
    "state": _state,
    "tags": _tags,
    "network": _network,
    "pool": _pool,
    "os": _os,
    "hypervisor": _hypervisor,
    "autostart": _autostart,
    "restart_required": _restart_required,
}


def groups_of(kinds: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> list[str]:
    """The groups of a host, without their prefix, each once."""
    return list(dict.fromkeys(name for kind in kinds for name in GROUPS[kind](variables)))
