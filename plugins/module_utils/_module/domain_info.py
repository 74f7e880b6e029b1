# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_info: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import STATES
from .._hypervisor.waiting import SOURCES
from .._manage.domain.info import ACTIVE, AGENT, INACTIVE, LIVE_XML, STATS, XML, Wish, describe
from .._manage.selection import Selection
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "name": {"type": "list", "elements": "str"},
        "state": {
            "type": "list",
            "elements": "str",
            "choices": [ACTIVE, INACTIVE, *STATES],
        },
        "tags": {"type": "list", "elements": "str"},
        "addresses": {
            "type": "list",
            "elements": "str",
            "choices": list(SOURCES),
            "default": ["lease"],
        },
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": [XML, LIVE_XML, STATS, AGENT],
            "default": [],
        },
        "agent_timeout": {"type": "float", "default": 5},
    },
)


def run(module: AnsibleModule) -> None:
    """Describe the domains, and exit with the descriptions."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, "the domains"):
        wish = _wish(params)
        with connected_by(params) as connection:
            domains = describe(connection, wish)
    module.exit_json(changed=False, domains=domains)


def _wish(params: t.Mapping[str, t.Any]) -> Wish:
    """The options as values.

    :raises TaskError: the timeout is negative.
    """
    states = params["state"]
    return Wish(
        Selection(params["name"]),
        None if states is None else tuple(states),
        tuple(dict.fromkeys(params["addresses"])),
        frozenset(params["gather"]),
        check_timeout(params["agent_timeout"], "agent_timeout"),
        # As the option of domain reads them.
        frozenset(tag.strip() for tag in params["tags"] or ()),
    )
