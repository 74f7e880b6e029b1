# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_send_keys: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import Domains
from .._keyboard.errors import KeyboardError
from .._keyboard.keys import chord
from .._keyboard.layouts import LAYOUTS, strokes
from .._manage.domain.screen import find_running
from .._manage.domain.typing_keys import Typing, type_on
from .._manage.errors import TaskError
from .._manage.outcome import Outcome
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "name": {"type": "str", "required": True},
        # It may be a password.
        "text": {"type": "str", "no_log": True},
        # Names of keys are no secrets.
        "keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "layout": {"type": "str", "choices": list(LAYOUTS), "default": "us"},
        "hold_time": {"type": "float", "default": 0.05},
        "delay": {"type": "float", "default": 0.05},
    },
    required_one_of=(("text", "keys"),),
)
#: The most keys of one task: with the usual times, it takes seven minutes.
_MOST = 4096
#: The longest times that make sense, in seconds.
_LONGEST = 60


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, f"domain '{params['name']}'"):
        typing = _typing(params)
        with connected_by(params) as connection:
            domain = find_running(Domains(connection), params["name"], "has a keyboard")
            actions = type_on(domain, typing, module.check_mode)
            outcome = Outcome(domain.facts(), actions=actions, beside="keyboard")
            result = outcome.as_result_of_actions(module._diff)
    module.exit_json(**result)


def _typing(params: t.Mapping[str, t.Any]) -> Typing:
    """The options about what is typed.

    :raises TaskError: it is nothing, or can't be typed.
    """
    try:
        text = strokes(params["text"] or "", params["layout"])
    except KeyboardError as error:
        raise TaskError(f"text: {error}") from None
    try:
        keys = [(name, chord(name)) for name in params["keys"]]
    except KeyboardError as error:
        raise TaskError(f"keys: {error}") from None
    if not text and not keys:
        raise TaskError("text and keys are empty; say what is typed")
    if len(text) + len(keys) > _MOST:
        raise TaskError(
            f"text and keys are {len(text) + len(keys)} keys, and a task presses at most {_MOST}; give the guest long "
            "texts through its agent, its network or a disk"
        )
    return Typing(text, keys, *(_time(params[name], name) for name in ("hold_time", "delay")))


def _time(seconds: float, name: str) -> float:
    """A time between keys.

    :raises TaskError: it makes no sense.
    """
    if check_timeout(seconds, name) > _LONGEST:
        raise TaskError(f"{name} is more than {_LONGEST} seconds; set it to less")
    return seconds
