# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_device: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, EXACT, MERGE, PRESENT
from .._hypervisor.domains import Domains
from .._manage import document as domain_document
from .._manage.domain.device import Request, ensure
from .._manage.errors import TaskError
from .._reconcile.domain.edit import REPLUGS, SAFE
from .._virtinst.options.table import GROUPS
from .domain_options import DOMAIN_OPTIONS, RENAMED
from .failures import failures_reported
from .libraries import require_libraries
from .options import affect_of, check_timeout, connected_by, shutdown_of
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, RUNNING_GUEST, SHUTDOWN, Spec

#: The options that describe a device; the same as in ``domain``.
DEVICES = tuple(RENAMED.get(name, name) for name, group in GROUPS.items() if group.is_device)
_DESCRIPTIONS = ("xml", *DEVICES)

SPEC = (
    CONNECTION
    + SHUTDOWN
    + RUNNING_GUEST
    + Spec(
        {
            "domain": {"type": "str", "required": True},
            # It may contain passwords.
            "xml": {"type": "str", "no_log": True},
            # It may contain passwords too.
            "match": {"type": "raw", "no_log": True},
            "match_many": {"type": "bool", "default": False},
            "osinfo": DOMAIN_OPTIONS.options["osinfo"],
            "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
            "mode": {"type": "str", "choices": [EXACT, MERGE], "default": MERGE},
            "replug": {"type": "str", "choices": list(REPLUGS), "default": SAFE},
            "validate": {"type": "bool", "default": True},
            "remove_volume": {"type": "bool", "default": False},
            **{name: DOMAIN_OPTIONS.options[name] for name in DEVICES},
        },
        mutually_exclusive=(_DESCRIPTIONS,),
        required_one_of=(_DESCRIPTIONS,),
        reader=DOMAIN_OPTIONS.reader,
    )
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    subject = f"domain '{params['domain']}'"
    text = params["xml"]
    with failures_reported(module, subject, "domain"):
        document = None if text is None else domain_document.load_device(text)
        name, value = _option(params)
        request = Request(
            domain=params["domain"],
            xml=document,
            option=name,
            value=value,
            match=params["match"],
            matches_many=params["match_many"],
            osinfo=params["osinfo"],
            state=params["state"],
            mode=params["mode"],
            affect=affect_of(params),
            restart=params["restart"],
            shutdown=shutdown_of(params),
            live_timeout=check_timeout(params["live_timeout"], "live_timeout"),
            replug=params["replug"],
            validate=params["validate"],
            removes_volume=params["remove_volume"],
        )
        if request.removes_volume and request.state != ABSENT:
            raise TaskError("remove_volume is for state: absent; leave it out")
        if request.matches_many and request.match is None:
            raise TaskError(
                "match_many says how many match may select; give match, or leave it out"
            )
        if request.osinfo is not None and request.xml is not None:
            raise TaskError(
                "osinfo chooses what a description lacks, and xml lacks nothing; leave it out"
            )
        with connected_by(params) as connection:
            outcome, device = ensure(Domains(connection), request, module.check_mode)
    warn_of(module, outcome, subject, "domain")
    module.exit_json(**outcome.as_result(module._diff), device=device)


def _option(params: t.Mapping[str, t.Any]) -> tuple[str, object]:
    """The option that describes the device, and its value; nothing where ``xml`` does.

    :raises TaskError: it describes several devices.
    """
    for name in DEVICES:
        value = params[name]
        if value is None:
            continue
        if isinstance(value, list):
            if len(value) != 1:
                raise TaskError(
                    f"{name} has {len(value)} entries, and a task is about one device; give one, "
                    "and loop over the task for more"
                )
            value = value[0]
        return next((old for old, new in RENAMED.items() if new == name), name), value
    if params["xml"] is None:
        # Ansible counts an option that is null as given.
        raise TaskError("nothing describes a device; give xml or an option such as disk")
    return "", None
