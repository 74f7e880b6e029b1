# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_agent: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, PRESENT
from .._hypervisor.agent_exec import Ended
from .._hypervisor.domains import Domains
from .._manage.domain.agent import FROZEN, THAWED, AgentWork, Command
from .._manage.errors import TaskError
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "name": {"type": "str", "required": True},
        "ssh_keys": {
            "type": "dict",
            # Public keys are no secrets.
            "no_log": False,
            "options": {
                "user": {"type": "str", "required": True},
                "keys": {"type": "list", "elements": "str", "required": True, "no_log": False},
                "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
                "exclusive": {"type": "bool", "default": False},
            },
        },
        "password": {
            "type": "dict",
            # Its value is.
            "no_log": False,
            "options": {
                "user": {"type": "str", "required": True},
                "value": {"type": "str", "required": True, "no_log": True},
                "encrypted": {"type": "bool", "default": False},
            },
        },
        "command": {
            "type": "dict",
            "options": {
                "argv": {"type": "list", "elements": "str", "required": True},
                "stdin": {"type": "str", "no_log": True},
                "creates": {"type": "str"},
                "timeout": {"type": "float", "default": 0},
            },
        },
        "fstrim": {"type": "bool", "default": False},
        "filesystems": {"type": "str", "choices": [FROZEN, THAWED]},
        "agent_timeout": {"type": "float", "default": 10},
    },
    required_one_of=(("ssh_keys", "password", "command", "fstrim", "filesystems"),),
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, f"domain '{params['name']}'"):
        keys, command = _keys(params["ssh_keys"]), _command(params["command"])
        password = params["password"]
        timeout = check_timeout(params["agent_timeout"], "agent_timeout")
        with connected_by(params) as connection:
            work = AgentWork(Domains(connection), params["name"], module.check_mode, timeout)
            if params["filesystems"] == THAWED:
                work.have_filesystems(THAWED)
            if keys is not None:
                work.have_ssh_keys(**keys)
            if password is not None:
                work.set_password(password["user"], password["value"], password["encrypted"])
            ended = None if command is None else work.run(command)
            if params["fstrim"] and not (ended and ended.rc):
                work.trim()
            if params["filesystems"] == FROZEN and not (ended and ended.rc):
                work.have_filesystems(FROZEN)
            result = work.outcome().as_result_of_actions(module._diff)
    if ended is None:
        module.exit_json(**result)
        return
    result.update(_written(ended))
    if ended.rc:
        module.fail_json(
            msg=f"domain '{params['name']}': the command ended with {ended.rc}", **result
        )
    module.exit_json(**result)


def _keys(option: t.Mapping[str, t.Any] | None) -> dict[str, t.Any] | None:
    """The option ``ssh_keys``.

    :raises TaskError: it contradicts itself, or a key is no line.
    """
    if option is None:
        return None
    if option["exclusive"] and option["state"] == ABSENT:
        raise TaskError(
            "ssh_keys.exclusive is about the keys that a user has; leave it out with state=absent, or list "
            "the keys that stay with state=present"
        )
    keys = [key.strip() for key in option["keys"]]
    if not all(keys) or any("\n" in key or key.startswith("#") for key in keys):
        raise TaskError("ssh_keys.keys: an entry is no key; write each key as one line")
    if not keys and not option["exclusive"]:
        raise TaskError("ssh_keys.keys is empty; list keys, or set exclusive to remove all")
    return {**option, "keys": keys}


def _command(option: t.Mapping[str, t.Any] | None) -> Command | None:
    """The option ``command``.

    :raises TaskError: it names no program.
    """
    if option is None:
        return None
    if not option["argv"]:
        raise TaskError("command.argv is empty; list the program and its arguments")
    stdin, creates = option["stdin"], option["creates"]
    if creates is not None and not creates.startswith("/"):
        raise TaskError(f"command.creates: '{creates}' is no absolute path; write it from / on")
    return Command(
        tuple(option["argv"]),
        None if stdin is None else stdin.encode(),
        creates,
        check_timeout(option["timeout"], "command.timeout"),
    )


def _written(ended: Ended) -> dict[str, t.Any]:
    """What a command has written, as Ansible's own modules return it."""
    result: dict[str, t.Any] = {"rc": ended.rc}
    for name, data in (("stdout", ended.stdout), ("stderr", ended.stderr)):
        text = data.decode("utf-8", "replace").rstrip("\r\n")
        result[name] = text
        result[f"{name}_lines"] = text.splitlines()
    return result
