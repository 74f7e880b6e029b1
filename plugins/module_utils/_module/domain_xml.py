# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_xml: its options, and what it does."""

from __future__ import annotations

import functools
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, EXACT, MERGE, PRESENT
from .._hypervisor.connection import Connection
from .._hypervisor.domains import Domains
from .._hypervisor.objects import Object
from .._manage import document as domain_document
from .._manage.domain.unchanged import UnchangedDomain
from .._manage.errors import TaskError
from .._manage.memory import opened
from .._manage.outcome import Outcome
from .._manage.validation import Validation
from .._secrecy import keep_later
from .failures import failures_reported
from .libraries import require_libraries
from .options import affect_of, check_timeout, connected_by, shutdown_of
from .outcome_warnings import warn_of
from .secrets import keep_of_text, uncover
from .spec import CONNECTION, MEMORY, RUNNING_GUEST, SHUTDOWN, Spec

SPEC = (
    CONNECTION
    + MEMORY
    + SHUTDOWN
    + RUNNING_GUEST
    + Spec(
        {
            "name": {"type": "str"},
            # It may contain passwords; secrets.uncover() shows the rest of it.
            "xml": {"type": "str", "no_log": True},
            "src": {"type": "path"},
            "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
            "mode": {"type": "str", "choices": [EXACT, MERGE], "default": EXACT},
            "validate": {"type": "bool", "default": True},
            "keep": {
                "type": "list",
                "elements": "str",
                "choices": ["nvram", "tpm"],
                "default": [],
            },
            "remove_volumes": {"type": "list", "elements": "str", "default": []},
        },
        mutually_exclusive=(("xml", "src"),),
        required_if=(
            ("state", PRESENT, ("xml", "src"), True),
            ("state", ABSENT, ("name",)),
        ),
    )
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    text = params["xml"]
    subject = domain_document.subject("domain", params["name"], text, params["src"])
    with failures_reported(module, subject, "domain"):
        _check(params)
        if params["state"] == ABSENT:
            outcome = _absent(params, module.check_mode)
            warn_of(module, outcome, subject, "domain")
            module.exit_json(**outcome.as_result(module._diff))
        if text is None:
            text = domain_document.read_file(params["src"])
            subject = domain_document.subject("domain", params["name"], text, params["src"])
            keep_later(functools.partial(keep_of_text, text))
    with failures_reported(module, subject, "domain"), connected_by(params) as connection:
        validation = Validation(connection, "domain", params["validate"], text)
        if validation.warning is not None:
            module.warn(validation.warning)
        outcome = _present(connection, params, text, validation, module.check_mode)
    warn_of(module, outcome, subject, "domain")
    module.exit_json(**outcome.as_result(module._diff))


def _present(
    connection: Connection,
    params: dict[str, t.Any],
    text: domain_document.Text,
    validation: Validation,
    check_mode: bool,
) -> Outcome:
    domains, memory = Domains(connection), opened(params["remember"], check_mode)
    unchanged = UnchangedDomain(memory, connection)

    def request() -> str:
        asked = {key: value for key, value in params.items() if key not in CONNECTION.options}
        return repr((asked, text))

    def find(name: str | None) -> Object | None:
        return domains.find(name) if name and memory.is_on else None

    # The name as it seems: what is remembered was noted of the domain that the document means, and
    # of no other that this may be.
    outcome = unchanged.outcome(find(params["name"] or domain_document.name_in(text)), request)
    if outcome is not None:
        return outcome
    # Most tasks find nothing to do, and import none of it.
    from .._manage.domain.definition import ensure_defined

    document = domain_document.load(text, "domain")
    found = find(params["name"] or document.value("name"))
    outcome = ensure_defined(
        domains,
        document,
        name=params["name"],
        mode=params["mode"],
        validation=validation,
        check_mode=check_mode,
        memory=memory,
        affect=affect_of(params),
        restart=params["restart"],
        shutdown=shutdown_of(params),
        live_timeout=params["live_timeout"],
    )
    unchanged.note(found, request, outcome)
    memory.save()
    return outcome


def _check(params: dict[str, t.Any]) -> None:
    """Check what the argument specification can't express."""
    name = params["name"]
    if name is not None and not name.strip():
        raise TaskError("the option name is empty; set it to the domain's name or UUID")
    affect_of(params)
    check_timeout(params["shutdown"]["timeout"], "shutdown.timeout")
    check_timeout(params["live_timeout"], "live_timeout")


def _absent(params: dict[str, t.Any], check_mode: bool) -> Outcome:
    # Ansible compiles a module's code anew in each task, and this part of it
    # is seldom needed.
    from .._manage.domain.absent import AbsentRequest, ensure_absent

    request = AbsentRequest(
        name=params["name"],
        keep=frozenset(params["keep"]),
        remove_volumes=tuple(params["remove_volumes"]),
        shutdown=shutdown_of(params),
    )
    with connected_by(params) as connection:
        return ensure_absent(Domains(connection), request, check_mode)
