# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_export: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.connection import Connection
from .._manage.domain.export import OMIT, VARIABLES, ExportedDomain, ExportedDomains, export_domains
from .._manage.selection import Selection
from .._manage.yaml_text import yaml_text
from .._virtinst.export.domain import KEEPS, MAC, UUID
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

_DOMAINS = "domains"
#: The parts of an estate, and the variables that the playbook estate takes them from.
_VARIABLES = {
    "secrets": "host_secrets",
    "nwfilters": "host_nwfilters",
    "networks": "host_networks",
    "pools": "host_pools",
    "volumes": "host_volumes",
    _DOMAINS: "guests",
}
SPEC = CONNECTION + Spec(
    {
        "name": {"type": "list", "elements": "str"},
        "keep": {
            "type": "list",
            "elements": "str",
            "choices": list(KEEPS),
            "default": [UUID, MAC],
        },
        # How secrets are written is none.
        "secrets": {
            "type": "str",
            "choices": [VARIABLES, OMIT],
            "default": VARIABLES,
            "no_log": False,
        },
        "estate": {"type": "bool", "default": False},
    },
)


def run(module: AnsibleModule) -> None:
    """Export the domains, and exit with their options."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, "the domains"), connected_by(params) as connection:
        exported = export_domains(
            connection, Selection(params["name"]), params["keep"], params["secrets"]
        )
        found = exported.domains
        parts, notes = _estate(connection, found) if params["estate"] else ({}, [])
    for note in (*_notes(exported), *notes):
        module.warn(note)
    written: dict[str, t.Any] = {**parts, _DOMAINS: [each.written for each in found]}
    module.exit_json(
        changed=False,
        domains=[each.entry for each in found],
        yaml=yaml_text({_DOMAINS: written[_DOMAINS]}),
        exported=[each.as_result() for each in found],
        estate=parts,
        files=[_file(name, listed) for name, listed in written.items()] if parts else [],
    )


def _estate(
    connection: Connection, found: t.Sequence[ExportedDomain]
) -> tuple[dict[str, t.Any], list[str]]:
    """The other objects of the host, and notes about them."""
    # Few tasks ask for them, and Ansible compiles a module's code anew in each task.
    from .._manage.estate import export

    volumes = export.export_volumes(connection, [each.document for each in found])
    parts = {
        "secrets": export.export_secrets(connection),
        "nwfilters": export.export_nwfilters(connection),
        "networks": export.export_networks(connection),
        "pools": export.export_pools(connection),
        "volumes": volumes.entries,
    }
    notes = []
    if volumes.elsewhere:
        notes.append(
            f"{', '.join(volumes.elsewhere)}: in no storage pool that is on, so it is not among the volumes; "
            "before the domain is made on another host, put it there"
        )
    if volumes.media:
        notes.append(
            f"{', '.join(volumes.media)}: media of guests are not among the volumes; before the domains are made on another "
            "host, put them there, or take them out of the drives"
        )
    if parts["secrets"]:
        notes.append("the values of the secrets are not exported; give those that a new host needs")
    return parts, notes


def _notes(found: ExportedDomains) -> t.Iterator[str]:
    if found.transient:
        yield (
            f"{', '.join(found.transient)}: transient, so that there is no definition to export; define it first, or leave "
            "it to what has made it"
        )
    for each in found.domains:
        yield from each.notes
        if each.variables:
            yield (
                f"{each.name}: passwords are not exported; set {' and '.join(each.variables)}, which stands for "
                "them in the YAML, before you use it"
            )
        if each.left_out:
            yield (
                f"{each.name}: {', '.join(each.left_out)} is secret and left out; a new host doesn't get it, "
                "and where the domain exists it stays"
            )


def _file(name: str, listed: t.Sequence[t.Any]) -> dict[str, t.Any]:
    variable = _VARIABLES[name]
    return {"name": f"{variable}.yml", "content": f"---\n{yaml_text({variable: listed})}"}
