# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ..hypervisor.connection import connected
from ..reconcile.reconcile import EXACT, MERGE
from .domain_options import DOMAIN_OPTIONS, given
from .domain_wanted import STATES, Request, ensure
from .failures import failures_reported
from .libraries import require_libraries
from .option_secrets import uncover
from .options import affect_of, check_timeout, shutdown_of
from .spec import CONNECTION, RUNNING_GUEST, SHUTDOWN, Spec

INSTALLED = "installed"

_OWN = Spec(
    {
        "state": {"type": "str", "choices": list(STATES), "default": "present"},
        "autostart": {"type": "bool"},
        "mode": {"type": "str", "choices": [EXACT, MERGE], "default": MERGE},
        "validate": {"type": "bool", "default": True},
        "wait": {
            "type": "dict",
            "options": {
                "for": {"type": "str", "choices": [INSTALLED], "default": INSTALLED},
                "timeout": {"type": "float", "default": 3600},
            },
        },
        "keep": {"type": "list", "elements": "str", "choices": ["nvram", "tpm"], "default": []},
        "remove_volumes": {"type": "list", "elements": "str", "default": []},
    }
)
SPEC = CONNECTION + SHUTDOWN + RUNNING_GUEST + DOMAIN_OPTIONS + _OWN
# A domain that is to be found again can't have a name that depends on others.
SPEC.options["name"] = {"type": "str", "required": True}


def run(module: AnsibleModule) -> None:
    """Do what the module's options ask for, and exit with the result."""
    require_libraries(module)
    # What it has of passwords is overwritten.
    params = dict(module.params)
    auth = params["auth"] or {}
    subject = f"domain '{params['name']}'"
    secrets = uncover(module)
    with failures_reported(module, subject, secrets):
        affect = affect_of(params)
        said = given(params)
        request = Request(
            name=params["name"],
            options=said.options,
            state=params["state"],
            autostart=params["autostart"],
            mode=params["mode"],
            validate=params["validate"],
            install_timeout=_install_timeout(params["wait"]),
            keep=frozenset(params["keep"]),
            remove_volumes=tuple(params["remove_volumes"]),
            shutdown=shutdown_of(params),
            affect=affect,
            restart=params["restart"],
            live_timeout=check_timeout(params["live_timeout"], "live_timeout"),
        )
        with connected(params["uri"], auth.get("username"), auth.get("password")) as connection:
            outcome = ensure(connection, request, module.check_mode)
    for note in said.notes:
        module.warn(f"{subject}: {note}")
    for warning in outcome.warnings(subject):
        module.warn(warning)
    module.exit_json(**outcome.as_result(module._diff))


def _install_timeout(option: dict[str, t.Any] | None) -> float | None:
    return None if option is None else check_timeout(float(option["timeout"]), "wait.timeout")
