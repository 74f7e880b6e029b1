# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.hypervisor_info: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.node import DEVICE_FLAGS
from .._manage.hypervisor.info import GATHERED, USUAL, Wish, describe
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": list(GATHERED),
            "default": list(USUAL),
        },
        "arch": {"type": "str"},
        "machine": {"type": "str"},
        "virt_type": {"type": "str"},
        "device_types": {"type": "list", "elements": "str", "choices": list(DEVICE_FLAGS)},
    },
)


def run(module: AnsibleModule) -> None:
    """Describe the hypervisor, and exit with the description."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, "the hypervisor"), connected_by(params) as connection:
        found = describe(connection, _wish(params))
    module.exit_json(changed=False, hypervisor=found)


def _wish(params: t.Mapping[str, t.Any]) -> Wish:
    kinds = params["device_types"]
    return Wish(
        frozenset(params["gather"]),
        params["arch"],
        params["machine"],
        params["virt_type"],
        None if kinds is None else frozenset(kinds),
    )
