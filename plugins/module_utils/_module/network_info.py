# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.network_info: its options, and what it does."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._manage.network.info import describe
from .._manage.selection import Selection
from .objects import NAMED_OBJECTS, run_objects_info

SPEC = NAMED_OBJECTS


def run(module: AnsibleModule) -> None:
    """Describe the networks, and exit with the descriptions."""
    run_objects_info(
        module,
        "networks",
        lambda connection, params: describe(connection, Selection(params["name"])),
    )
