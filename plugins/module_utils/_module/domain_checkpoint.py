# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_checkpoint: its options, and what it does."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, PRESENT
from .._hypervisor.domains import Domains
from .._manage.domain.checkpoint import CheckpointRequest, CheckpointTask
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "domain": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
        "disks": {"type": "list", "elements": "str", "default": [], "aliases": ["disk"]},
        "description": {"type": "str"},
        "children": {"type": "bool", "default": False},
        "metadata_only": {"type": "bool", "default": False},
    }
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    subject = f"checkpoint '{params['name']}' of '{params['domain']}'"
    request = CheckpointRequest(
        domain=params["domain"],
        name=params["name"],
        disks=tuple(params["disks"]),
        description=params["description"],
        children=params["children"],
        is_metadata_only=params["metadata_only"],
    )
    with failures_reported(module, subject), connected_by(params) as connection:
        outcome = CheckpointTask(Domains(connection), request, module.check_mode).run(
            params["state"]
        )
    warn_of(module, outcome, subject)
    module.exit_json(**outcome.as_result_of_actions(module._diff))
