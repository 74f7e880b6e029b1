# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_backup: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import Domains
from .._manage.domain.backup import BackupTask
from .._manage.domain.backup_plan import BackupRequest
from .._manage.domain.backup_record import seconds_of
from .._manage.errors import TaskError
from .._rules.backup import AUTO, ENDED, FULL, INCREMENTAL, PRESENT, SERVED
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "domain": {"type": "str", "required": True},
        "directory": {"type": "path"},
        "pool": {"type": "str"},
        "state": {"type": "str", "choices": [PRESENT, SERVED, ENDED], "default": PRESENT},
        "socket": {"type": "path"},
        "since": {"type": "str"},
        "type": {"type": "str", "choices": [FULL, INCREMENTAL, AUTO], "default": FULL},
        "full_every": {"type": "int", "default": 7},
        "checkpoint": {"type": "bool"},
        "disks": {"type": "list", "elements": "str", "default": [], "aliases": ["disk"]},
        "quiesce": {"type": "bool", "default": False},
        "max_age": {"type": "str"},
        "keep": {"type": "int"},
        "stall_timeout": {"type": "float", "default": 300},
    },
    mutually_exclusive=(("directory", "pool"),),
    required_one_of=(("directory", "pool"),),
    required_if=(("state", SERVED, ("socket",)),),
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    subject = f"backup of '{params['domain']}'"
    with failures_reported(module, subject):
        request = _request(params)
        with connected_by(params) as connection:
            task = BackupTask(Domains(connection), request, module.check_mode)
            outcome = task.run(params["state"])
            backup = task.shown() if params["state"] == PRESENT else None
            exports = task.exports() if params["state"] == SERVED else []
    warn_of(module, outcome, subject)
    result = outcome.as_result_of_actions(module._diff)
    module.exit_json(backup=backup, exports=exports, **result)


def _request(params: t.Mapping[str, t.Any]) -> BackupRequest:
    """:raises TaskError: the options contradict each other."""
    directory = params["directory"]
    if directory is not None and not directory.startswith("/"):
        raise TaskError(f"directory: {directory} doesn't begin with /; correct it")
    socket = params["socket"]
    if socket is not None and params["state"] != SERVED:
        raise TaskError("socket: only state served has one; leave it out")
    if socket is not None and not socket.startswith("/"):
        raise TaskError(f"socket: {socket} doesn't begin with /; correct it")
    if params["since"] is not None and params["state"] != SERVED:
        raise TaskError(
            "since: only state served has one; leave it out, or set type to incremental"
        )
    for name, least in (("keep", "backups that stay"), ("full_every", "backups in a chain")):
        if params[name] is not None and params[name] < 1:
            raise TaskError(f"{name}: it is less than 1; set it to the number of {least}")
    stall_timeout = check_timeout(params["stall_timeout"], "stall_timeout")
    if not stall_timeout:
        raise TaskError(
            "stall_timeout: it is 0, so that each backup would fail; set it to a number of seconds"
        )
    return BackupRequest(
        domain=params["domain"],
        directory=directory,
        socket=params["socket"],
        since=params["since"],
        pool=params["pool"],
        type=params["type"],
        checkpoint=params["checkpoint"],
        disks=tuple(params["disks"]),
        quiesce=params["quiesce"],
        max_age=_age(params["max_age"]),
        keep=params["keep"],
        full_every=params["full_every"],
        stall_timeout=stall_timeout,
    )


def _age(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return seconds_of(text)
    except ValueError:
        raise TaskError(
            f"max_age: {text} is no age; write a number of seconds, or one with m, h, d or w, such as 20h"
        ) from None
