# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of one whole domain."""

from __future__ import annotations

import typing as t

from .._choices import ABSENT, EXACT, MERGE, PAUSED, PRESENT, RUNNING, SAVED, STOPPED
from .._manage import document as domain_document
from .._manage.domain.request import OF_A_GUEST, STATES, Request
from .._manage.domain.wait import AGENT, INSTALLED, IP, SHUTOFF, Wait
from .._manage.errors import TaskError
from .._manage.outcome import CONFIG
from .._virtinst.options.listed import LISTS
from .domain_options import DOMAIN_OPTIONS, given
from .options import affect_of, check_timeout, shutdown_of
from .spec import RUNNING_GUEST, SHUTDOWN, Spec
from .wait_option import wait_of, wait_spec

_OWN = Spec(
    {
        # It may contain passwords; secrets.uncover() shows the rest of it.
        "xml": {"type": "str", "no_log": True},
        "state": {"type": "str", "choices": list(STATES), "default": PRESENT},
        "autostart": {"type": "bool"},
        "mode": {"type": "str", "choices": [EXACT, MERGE], "default": MERGE},
        "exclusive": {"type": "list", "elements": "str", "choices": list(LISTS), "default": []},
        "validate": {"type": "bool", "default": True},
        "wait": wait_spec([INSTALLED, RUNNING, IP, AGENT, SHUTOFF], INSTALLED),
        "start_networks": {"type": "bool", "default": False},
        "keep": {"type": "list", "elements": "str", "choices": ["nvram", "tpm"], "default": []},
        "remove_volumes": {"type": "list", "elements": "str", "default": []},
        "recreate_missing": {"type": "bool", "default": False},
        # A truth value, or a text.
        "reinstall": {"type": "raw"},
    }
)
#: The options of one domain.
REQUEST = SHUTDOWN + RUNNING_GUEST + DOMAIN_OPTIONS + _OWN


def request_of(params: t.Mapping[str, t.Any]) -> Request:
    """The options as values.

    :raises TaskError: they contradict each other, or a value is impossible.
    :raises OptionError, DocumentError: an option or a document can't be read.
    """
    task_options = given(params)
    # What the task says itself is said last.
    said = {name: params[name] for name in task_options.task if params[name] is not None}
    params = {**params, **task_options.task, **said}
    text = params["xml"]
    if text is not None:
        _check_xml_alone(task_options.options, params["exclusive"])
    name = params["name"] or task_options.options.get("name")
    if text is not None and (name is None or params["state"] == ABSENT):
        written = domain_document.load(text, "domain").value("name")
        name = name or written
    if name is None:
        raise TaskError("name is missing; set it to the name of the domain")
    return Request(
        name=name,
        options=_with_reinstall(task_options.options, params),
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
        notes=task_options.notes,
    )


def _with_reinstall(options: dict[str, t.Any], params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options with that for another installation, if it is asked for."""
    value = params["reinstall"]
    if value in (None, False, "") or str(value).lower() in ("false", "no"):
        return options
    if params["xml"] is not None:
        raise TaskError("reinstall is about the options that install a guest; leave xml out")
    if params["state"] != RUNNING:
        raise TaskError(
            f"reinstall: the installer is a guest that runs, and state is {params['state']}; set state "
            "to running, or leave reinstall out"
        )
    if CONFIG not in affect_of(params):
        raise TaskError("reinstall: its definition keeps a note of it; add config to affect")
    if params["mode"] == EXACT:
        raise TaskError(
            "reinstall: with mode exact the defaults of a new domain would be enforced too; leave mode out"
        )
    return {**options, "reinstall": value}


def _check_xml_alone(options: t.Mapping[str, t.Any], exclusive: t.Sequence[str]) -> None:
    extra = [name for name in options if name != "name"] + (["exclusive"] if exclusive else [])
    if extra:
        raise TaskError(
            f"xml is the whole definition, so {', '.join(extra)} can't be given beside it; change "
            "the document, or leave xml out"
        )


def _wait(params: t.Mapping[str, t.Any]) -> Wait | None:
    wait, state = wait_of(params["wait"]), params["state"]
    if wait is None:
        return None
    if wait.what in OF_A_GUEST and state in (STOPPED, PAUSED, SAVED, ABSENT):
        raise TaskError(
            f"wait.for is {wait.what}, which a guest has only while it runs, and state is {state}; "
            "leave wait out, or set state to running"
        )
    return wait
