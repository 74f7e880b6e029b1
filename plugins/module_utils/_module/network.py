# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.network: its options, and what it does."""

from __future__ import annotations

import functools
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, EXACT, MERGE
from .._hypervisor.active_object import networks
from .._manage.errors import TaskError
from .._manage.network.connected import users_of
from .._manage.network.defaults import with_defaults
from .._manage.network.described import absent_in, document_of, given_in
from .._manage.network.info import facts_in
from .._manage.network.running import NetworkRunning
from .._manage.network.unwanted import without
from .._rules.network import KIND
from .._xmltree.serialise import serialise
from .network_options import DESCRIBED
from .objects import ACTIVE_OBJECT, Given, ObjectModule, name_of, run_object
from .options import affect_of
from .spec import AFFECT_AND_RESTART, Spec

SPEC = (
    ACTIVE_OBJECT
    + DESCRIBED
    + AFFECT_AND_RESTART
    + Spec(
        {
            "mode": {"type": "str", "choices": [EXACT, MERGE]},
            "reconnect": {"type": "bool", "default": False},
        }
    )
)


def given(params: t.Mapping[str, t.Any]) -> Given:
    """The network of the options, by a document or by the options that describe it.

    :raises TaskError: the options contradict each other.
    """
    name, mode = name_of(params), params["mode"]
    if params["xml"] is not None or params["src"] is not None:
        return Given(name, params["xml"], params["src"], mode or EXACT)
    forward = params["forward"] or {}
    if forward.get("mode") == "none" and any(
        value is not None for option, value in forward.items() if option != "mode"
    ):
        raise TaskError(
            "forward: a network with mode=none forwards nothing; leave the rest of forward out"
        )
    text = serialise(document_of(params))
    if mode != EXACT:
        entries = absent_in(params)
        taken = functools.partial(without, entries) if entries is not None else None
        make_new = functools.partial(with_defaults, given_in(params))
        return Given(name, text, None, MERGE, make_new, taken)
    if params["state"] != ABSENT and not given_in(params):
        raise TaskError(
            "mode=exact needs a description of the network, and without one would leave nothing of it; "
            "describe it by options, xml or src, or leave mode out"
        )
    return Given(name, text, None, EXACT)


def running(params: t.Mapping[str, t.Any]) -> NetworkRunning:
    """What becomes of what is on.

    :raises TaskError: the options contradict each other.
    """
    return NetworkRunning(
        state=params["state"],
        autostart=params["autostart"],
        affect=affect_of(params),
        restart=params["restart"],
        force=params["force"],
        reconnect=params["reconnect"],
    )


ABOUT = ObjectModule(
    KIND,
    networks,
    users_of,
    running=running,
    given=given,
    facts_in=facts_in,
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    run_object(module, ABOUT)
