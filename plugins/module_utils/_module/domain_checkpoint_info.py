# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_checkpoint_info: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.connection import Connection
from .._manage.domain.checkpoint_info import describe_checkpoints
from .._manage.selection import Selection
from .objects import NAMED_OBJECTS, run_objects_info
from .spec import Spec

SPEC = NAMED_OBJECTS + Spec({"domain": {"type": "list", "elements": "str"}})


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    run_objects_info(module, "checkpoints", _described)


def _described(connection: Connection, params: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    return describe_checkpoints(connection, Selection(params["domain"]), Selection(params["name"]))
