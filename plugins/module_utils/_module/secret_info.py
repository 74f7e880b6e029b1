# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.secret_info: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.connection import Connection
from .._manage.secret import describe
from .._rules.secret import USAGE_IDS
from .objects import run_objects_info
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "uuid": {"type": "list", "elements": "str"},
        "usage": {
            "type": "dict",
            "options": {
                "type": {"type": "str", "choices": list(USAGE_IDS)},
                "id": {"type": "str"},
            },
        },
    }
)


def run(module: AnsibleModule) -> None:
    """Describe the secrets without their values, and exit with the descriptions."""

    def described(connection: Connection, params: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
        usage = params["usage"] or {}
        return describe(connection, params["uuid"], (usage.get("type"), usage.get("id")))

    run_objects_info(module, "secrets", described)
