# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_snapshot: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, PAUSED, PRESENT, RUNNING
from .._hypervisor.domains import Domains
from .._manage.domain.snapshot import SnapshotTask
from .._manage.domain.snapshot_plan import AS_THEN, DiskWish, SnapshotRequest
from .._manage.errors import TaskError
from .._rules.snapshot import AUTO, EXTERNAL, INTERNAL, NO
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, Spec

REVERTED = "reverted"

SPEC = CONNECTION + Spec(
    {
        "domain": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": [PRESENT, ABSENT, REVERTED], "default": PRESENT},
        "type": {"type": "str", "choices": [AUTO, INTERNAL, EXTERNAL], "default": AUTO},
        "memory": {"type": "bool"},
        "memory_file": {"type": "str"},
        "disks": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "aliases": ["disk"],
            "options": {
                "target": {"type": "str", "required": True},
                "type": {"type": "str", "choices": [INTERNAL, EXTERNAL, NO]},
                "path": {"type": "str"},
            },
        },
        "quiesce": {"type": "bool", "default": False},
        "revertible": {"type": "bool", "default": False},
        "description": {"type": "str"},
        "keep": {"type": "int"},
        "pattern": {"type": "str"},
        "children": {"type": "bool", "default": False},
        "metadata_only": {"type": "bool", "default": False},
        "merge_timeout": {"type": "float", "default": 300},
        "confirm": {"type": "bool", "default": False},
        "only_if_not_current": {"type": "bool", "default": False},
        "power": {"type": "str", "choices": [AS_THEN, RUNNING, PAUSED], "default": AS_THEN},
    },
    required_together=(("keep", "pattern"),),
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    subject = f"snapshot '{params['name']}' of '{params['domain']}'"
    with failures_reported(module, subject):
        request = _request(params)
        with connected_by(params) as connection:
            task = SnapshotTask(Domains(connection), request, module.check_mode)
            outcome = task.run(params["state"])
    warn_of(module, outcome, subject)
    module.exit_json(**outcome.as_result(module._diff))


def _request(params: t.Mapping[str, t.Any]) -> SnapshotRequest:
    """:raises TaskError: the options contradict each other."""
    wishes = [DiskWish(one["target"], one["type"], one["path"]) for one in params["disks"]]
    targets = [wish.target for wish in wishes]
    for wish in wishes:
        if targets.count(wish.target) > 1:
            raise TaskError(f"disks: {wish.target} is listed twice; list it once")
        if wish.path is not None and not wish.path.startswith("/"):
            raise TaskError(f"disks: the path of {wish.target} doesn't begin with /; correct it")
        if wish.path is not None and wish.type not in (None, EXTERNAL):
            raise TaskError(
                f"disks: {wish.target} has a path, which only an external snapshot has; set its type to external"
            )
        if wish.path is not None and params["type"] == INTERNAL:
            raise TaskError(
                f"disks: {wish.target} has a path, and type is internal, which makes no files; leave one of both out"
            )
    memory_file = params["memory_file"]
    if memory_file is not None and params["memory"] is False:
        raise TaskError("memory_file: memory is false; leave one of both out")
    if memory_file is not None and params["type"] == INTERNAL:
        raise TaskError(
            "memory_file: type is internal, which keeps the memory in the images; leave one of both out"
        )
    if memory_file is not None and not memory_file.startswith("/"):
        raise TaskError(f"memory_file: {memory_file} doesn't begin with /; correct it")
    if params["keep"] is not None and params["keep"] < 1:
        raise TaskError("keep: it is less than 1; set it to the number of snapshots that stay")
    return SnapshotRequest(
        domain=params["domain"],
        name=params["name"],
        type=params["type"],
        memory=params["memory"],
        memory_file=memory_file,
        disks=tuple(wishes),
        quiesce=params["quiesce"],
        is_revertible=params["revertible"],
        description=params["description"],
        keep=params["keep"],
        pattern=params["pattern"],
        children=params["children"],
        is_metadata_only=params["metadata_only"],
        merge_timeout=check_timeout(params["merge_timeout"], "merge_timeout"),
        is_confirmed=params["confirm"],
        only_if_not_current=params["only_if_not_current"],
        power=params["power"],
    )
