# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domains: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._manage.domain.many import ManyDomains
from .._manage.domain.purge import Purge
from .._manage.errors import TaskError
from .._manage.memory import opened
from .domain_options import DOMAIN_OPTIONS, unfold
from .domains_items import read_items
from .failures import failures_reported
from .libraries import require_libraries
from .many import MANY, check_parallel, exit_with
from .options import connected_by, shutdown_of
from .secrets import uncover
from .spec import CONNECTION, MEMORY, Spec

SPEC = (
    CONNECTION
    + MEMORY
    + MANY
    + Spec(
        {
            # They may contain passwords. Each entry is checked by itself, so that a mistake in one
            # of them is no mistake of the others.
            "domains": {"type": "list", "elements": "raw", "required": True, "no_log": True},
            "defaults": {"type": "dict", "default": {}, "no_log": True},
            "purge": {"type": "bool", "default": False},
            "purge_match": {"type": "str"},
            "purge_all": {"type": "bool", "default": False},
        },
        reader=DOMAIN_OPTIONS.reader,
    )
)
_SUBJECT = "domains"


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    for value in (module.params["defaults"], *module.params["domains"]):
        if isinstance(value, dict):
            # This comes before the search for passwords.
            unfold(value)
    params = uncover(module)
    with failures_reported(module, _SUBJECT):
        work = _done(params, module.check_mode)
    exit_with(module, work, params["output"])


def _done(params: t.Mapping[str, t.Any], check_mode: bool) -> ManyDomains:
    parallel = check_parallel(params["parallel"])
    defaults = params["defaults"]
    if params["shutdown"] is not None:
        defaults = {"shutdown": params["shutdown"], **defaults}
    items = read_items(params["domains"], defaults)
    purge = None
    if params["purge"]:
        if not (params["purge_match"] or "").strip():
            raise TaskError("purge needs purge_match; set it to a pattern of names, such as web-*")
        if not items and not params["purge_all"]:
            raise TaskError(
                "purge with an empty list of domains would remove all that purge_match fits; set "
                "purge_all: true if that is intended"
            )
        shutdown = shutdown_of(params) if params["shutdown"] is not None else None
        purge = Purge(params["purge_match"], shutdown)
    with connected_by(params) as connection:
        memory = opened(params["remember"], check_mode)
        work = ManyDomains(
            connection, items, purge, params["fail_fast"], parallel, check_mode, memory
        )
        work.carry_out()
    return work
