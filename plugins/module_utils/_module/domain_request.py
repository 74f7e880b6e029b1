# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of one whole domain."""

from __future__ import annotations

import dataclasses
import typing as t

from .._hypervisor.stopping import Shutdown
from .._reconcile.reconcile import EXACT, MERGE
from .._virtinst.options.listed import LISTS
from .._xmltree.element import Element
from . import domain_document
from .domain_options import DOMAIN_OPTIONS, given
from .domain_power import PAUSED, RUNNING, SAVED, STOPPED
from .domain_present import NEVER
from .domain_wait import AGENT, INSTALLED, IP, SHUTOFF, Wait, wait_of, wait_spec
from .domain_wait import RUNNING as WAIT_RUNNING
from .failures import TaskError
from .options import affect_of, check_timeout, shutdown_of
from .outcome import CONFIG, LIVE
from .spec import RUNNING_GUEST, SHUTDOWN, Spec

PRESENT, ABSENT = "present", "absent"
STATES = (PRESENT, ABSENT, RUNNING, STOPPED, PAUSED, SAVED)
#: What a guest has to run for.
_OF_A_GUEST = (WAIT_RUNNING, IP, AGENT)

_OWN = Spec(
    {
        # It may contain passwords; secrets.uncover() shows the rest of it.
        "xml": {"type": "str", "no_log": True},
        "state": {"type": "str", "choices": list(STATES), "default": PRESENT},
        "autostart": {"type": "bool"},
        "mode": {"type": "str", "choices": [EXACT, MERGE], "default": MERGE},
        "exclusive": {"type": "list", "elements": "str", "choices": list(LISTS), "default": []},
        "validate": {"type": "bool", "default": True},
        "wait": wait_spec([INSTALLED, WAIT_RUNNING, IP, AGENT, SHUTOFF], INSTALLED),
        "start_networks": {"type": "bool", "default": False},
        "keep": {"type": "list", "elements": "str", "choices": ["nvram", "tpm"], "default": []},
        "remove_volumes": {"type": "list", "elements": "str", "default": []},
        "recreate_missing": {"type": "bool", "default": False},
    }
)
#: The options of one domain.
REQUEST = SHUTDOWN + RUNNING_GUEST + DOMAIN_OPTIONS + _OWN


@dataclasses.dataclass(frozen=True)
class Request:
    """The options of one domain as values.

    ``options`` are those of :func:`._virtinst.defaults.domain_defaults`; ``document``
    is given instead of them, and ``text`` is that as it was written. ``notes`` are
    what a person should know of them.
    """

    name: str
    options: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    document: Element | None = None
    text: str | None = None
    state: str = PRESENT
    autostart: bool | None = None
    mode: str = MERGE
    exclusive: frozenset[str] = frozenset()
    validate: bool = True
    wait: Wait | None = None
    start_networks: bool = False
    keep: frozenset[str] = frozenset()
    remove_volumes: tuple[str, ...] = ()
    recreate_missing: bool = False
    shutdown: Shutdown = dataclasses.field(default_factory=Shutdown)
    affect: frozenset[str] = frozenset((CONFIG, LIVE))
    restart: str = NEVER
    live_timeout: float = 20.0
    notes: tuple[str, ...] = ()


def request_of(params: t.Mapping[str, t.Any]) -> Request:
    """The options as values.

    :raises TaskError: they contradict each other, or one makes no sense.
    :raises OptionError, DocumentError: something can't be read.
    """
    said = given(params)
    text = params["xml"]
    document = None if text is None else domain_document.load(text)
    if document is not None:
        _see_that_xml_is_alone(said.options, params["exclusive"])
    name = params["name"] or said.options.get("name")
    if name is None and document is not None:
        name = document.value("name")
    if name is None:
        raise TaskError("nothing says which domain is meant; set name")
    return Request(
        name=name,
        options=said.options,
        document=document,
        text=text,
        state=params["state"],
        autostart=params["autostart"],
        mode=params["mode"],
        exclusive=frozenset(params["exclusive"]),
        validate=params["validate"],
        wait=_wait(params),
        start_networks=params["start_networks"],
        keep=frozenset(params["keep"]),
        remove_volumes=tuple(params["remove_volumes"]),
        recreate_missing=params["recreate_missing"],
        shutdown=shutdown_of(params),
        affect=affect_of(params),
        restart=params["restart"],
        live_timeout=check_timeout(params["live_timeout"], "live_timeout"),
        notes=said.notes,
    )


def _see_that_xml_is_alone(options: t.Mapping[str, t.Any], exclusive: t.Sequence[str]) -> None:
    others = [name for name in options if name != "name"] + (["exclusive"] if exclusive else [])
    if others:
        raise TaskError(
            f"xml is the whole definition, so {', '.join(others)} can't be given beside it; change "
            "the document, or leave xml out"
        )


def _wait(params: t.Mapping[str, t.Any]) -> Wait | None:
    wait, state = wait_of(params["wait"]), params["state"]
    if wait is None:
        return None
    if wait.what in _OF_A_GUEST and state in (STOPPED, PAUSED, SAVED, ABSENT):
        raise TaskError(
            f"wait.for is {wait.what}, which a guest has only while it runs, and state is {state}; "
            "leave wait out, or set state to running"
        )
    return wait
