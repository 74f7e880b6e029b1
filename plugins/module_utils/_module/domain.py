# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain: its options, and what it does."""

from __future__ import annotations

import functools
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import Domains
from .._manage import document as domain_document
from .._manage.domain.request import Request
from .._manage.domain.unchanged_requests import UnchangedRequests
from .._manage.memory import opened
from .._manage.outcome import Outcome
from .domain_options import name_in_line, unfold
from .domain_request import REQUEST, request_of
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, MEMORY, Spec

SPEC = CONNECTION + MEMORY + REQUEST + Spec(required_one_of=(("name", "virt_install", "xml"),))


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    unfold(module.params)
    params = uncover(module)
    subject = _subject(params)
    with failures_reported(module, subject, "domain"):
        request = request_of(params)
        outcome = _done(request, params, module.check_mode)
    warn_of(module, outcome, subject, "domain")
    module.exit_json(**outcome.as_result(module._diff))


def _subject(params: t.Mapping[str, t.Any]) -> str:
    name = params["name"] or name_in_line(params)
    return domain_document.subject("domain", name, params["xml"], None)


def _done(request: Request, params: t.Mapping[str, t.Any], check_mode: bool) -> Outcome:
    with connected_by(params) as connection:
        domains, memory = Domains(connection), opened(params["remember"], check_mode)
        unchanged, found = UnchangedRequests(memory, connection), domains.find(request.name)
        outcome = unchanged.outcome(found, request)
        if outcome is not None:
            return outcome
        # Ansible compiles a module's code anew in each task, and most find nothing to do.
        from .._hypervisor.host import host_facts
        from .._manage.domain.resolve import resolve
        from .._manage.domain.whole import DomainTask

        host = functools.cache(functools.partial(host_facts, domains))
        resolved = resolve(domains, host, request)
        work = DomainTask(domains, host, resolved, asks_libvirt=check_mode, memory=memory)
        outcome = work.carried_out(domains, check_mode)
        unchanged.note(found, request, outcome, work.storage_asked(), host)
        memory.save()
        return outcome if check_mode else work.waited(domains, outcome)
