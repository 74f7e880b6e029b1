# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_migrate: its options, and what it does."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.connection import Connection, connected
from .._hypervisor.domains import Domains
from .._hypervisor.errors import HypervisorError
from .._manage.domain.migrate import MigrationTask, Moved
from .._manage.domain.migrate_plan import AUTO, OFFLINE, ONLINE, PAUSED, MigrationRequest
from .._manage.errors import TaskError
from .._rules.migration.disks import FULL, INCREMENTAL, NONE
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "domain": {"type": "str", "required": True},
        "destination": {"type": "str", "required": True},
        "mode": {"type": "str", "choices": [AUTO, ONLINE, PAUSED, OFFLINE], "default": AUTO},
        "copy_storage": {"type": "str", "choices": [NONE, FULL, INCREMENTAL], "default": NONE},
        "migrate_uri": {"type": "str"},
        "peer_to_peer": {"type": "bool", "default": True},
        "tunnelled": {"type": "bool", "default": False},
        "tls": {"type": "bool", "default": False},
        "parallel": {"type": "int"},
        "bandwidth": {"type": "int"},
        "migrate_timeout": {"type": "float"},
        "postcopy": {"type": "bool", "default": False},
        "auto_converge": {"type": "bool", "default": False},
        "persistent": {"type": "bool", "default": True},
        "keep_source": {"type": "bool", "default": False},
        "autostart": {"type": "bool"},
        "unsafe": {"type": "bool", "default": False},
    }
)
#: The highest numbers: QEMU's multifd-channels has a byte, and libvirt's bandwidth is below 2**63 bytes.
_MOST = {"parallel": 255, "bandwidth": 2**43 - 1}
#: What is returned of libvirt's numbers: the key, libvirt's field, and what it is divided by.
_STATISTICS = (
    ("elapsed", "time_elapsed", 1000),
    ("downtime", "downtime", 1000),
    ("memory_total", "memory_total", None),
    ("memory_sent", "memory_processed", None),
    ("disk_total", "disk_total", None),
    ("disk_sent", "disk_processed", None),
    ("iterations", "memory_iteration", None),
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    subject = f"migration of '{params['domain']}'"
    with failures_reported(module, subject):
        request = _request(params)
        with connected_by(params) as source, _destination(params) as destination:
            task = MigrationTask(Domains(source), Domains(destination), request, module.check_mode)
            moved = task.run()
    warn_of(module, moved.outcome, subject)
    result = moved.outcome.as_result_of_actions(module._diff)
    module.exit_json(**result, **_as_result(moved))


@contextlib.contextmanager
def _destination(params: t.Mapping[str, t.Any]) -> t.Iterator[Connection]:
    timeout = check_timeout(params["timeout"], "timeout")
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(connected(params["destination"], timeout=timeout))
        except HypervisorError as error:
            # Its advice is about the option uri, which is that of the source.
            raise HypervisorError(f"destination: {error}") from None
        yield found


def _as_result(moved: Moved) -> dict[str, t.Any]:
    result: dict[str, t.Any] = {"source": moved.source, "destination": moved.destination}
    if moved.statistics:
        result["statistics"] = {
            key: _number(moved.statistics.get(field), divisor)
            for key, field, divisor in _STATISTICS
        }
    return result


def _number(value: int | None, divisor: int | None) -> float | None:
    return value if value is None or divisor is None else value / divisor


def _request(params: t.Mapping[str, t.Any]) -> MigrationRequest:
    """:raises TaskError: the options contradict each other."""
    for name, most in _MOST.items():
        if params[name] is not None and not 1 <= params[name] <= most:
            raise TaskError(
                f"{name}: it is not between 1 and {most}; leave it out, or set it to such a number"
            )
    if params["migrate_uri"] is not None and ":" not in params["migrate_uri"]:
        raise TaskError(
            f"migrate_uri: '{params['migrate_uri']}' is no URI; give one such as tcp://192.0.2.2 or unix:///run/move.sock"
        )
    if params["tunnelled"]:
        for name, is_there in (
            ("parallel", params["parallel"] is not None),
            ("copy_storage", params["copy_storage"] != NONE),
            ("tls", params["tls"]),
            ("migrate_uri", params["migrate_uri"] is not None),
            ("postcopy", params["postcopy"]),
        ):
            if is_there:
                raise TaskError(
                    f"tunnelled: libvirt can't do it together with {name}; leave one of both out"
                )
        if not params["peer_to_peer"]:
            raise TaskError("tunnelled: it needs peer_to_peer; set that to true")
    if params["autostart"] and not params["persistent"]:
        raise TaskError("autostart: it needs a definition; set persistent to true")
    timeout = params["migrate_timeout"]
    if timeout is not None and check_timeout(timeout, "migrate_timeout") == 0:
        timeout = None
    return MigrationRequest(
        domain=params["domain"],
        destination=params["destination"],
        mode=params["mode"],
        copy_storage=params["copy_storage"],
        migrate_uri=params["migrate_uri"],
        is_peer_to_peer=params["peer_to_peer"],
        is_tunnelled=params["tunnelled"],
        is_encrypted=params["tls"],
        parallel=params["parallel"],
        bandwidth=params["bandwidth"],
        timeout=timeout,
        is_postcopy=params["postcopy"],
        is_auto_converging=params["auto_converge"],
        is_persistent=params["persistent"],
        keep_source=params["keep_source"],
        autostart=params["autostart"],
        is_unsafe=params["unsafe"],
    )
