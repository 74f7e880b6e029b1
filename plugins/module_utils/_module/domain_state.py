# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_state: its options, and what it does."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._choices import RUNNING
from .._hypervisor.domains import Domains
from .._manage.domain.power import STATES
from .._manage.domain.state import StateWork
from .._manage.domain.wait import AGENT, IP, SHUTOFF
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by, shutdown_of
from .secrets import uncover
from .spec import CONNECTION, SHUTDOWN, Spec
from .wait_option import wait_of, wait_spec

SPEC = (
    CONNECTION
    + SHUTDOWN
    + Spec(
        {
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": list(STATES)},
            "autostart": {"type": "bool"},
            "wait": wait_spec([RUNNING, IP, AGENT, SHUTOFF]),
        },
        required_one_of=(("state", "autostart", "wait"),),
    )
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, f"domain '{params['name']}'"):
        shutdown, wait = shutdown_of(params), wait_of(params["wait"])
        with connected_by(params) as connection:
            work = StateWork(Domains(connection), params["name"], module.check_mode)
            work.check_reachable(params["state"], shutdown)
            work.set_autostart(params["autostart"])
            work.set_state(params["state"], shutdown)
            addresses = work.wait(wait)
            outcome = work.outcome()
    if wait is not None and wait.what == IP:
        outcome = outcome._replace(addresses=addresses)
    module.exit_json(**outcome.as_result(module._diff))
