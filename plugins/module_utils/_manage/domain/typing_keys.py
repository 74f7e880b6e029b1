# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Typing on the keyboard of a guest."""

from __future__ import annotations

import typing as t

from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.keyboard import has_keyboard, press
from ..._secrecy import HIDDEN
from ..errors import TaskError
from ..outcome import LIVE, Action

#: The state in which a guest notices keys; a suspended one is woken by them.
_NOTICES = ("running", "blocked", "pmsuspended")

Strokes = t.Sequence[t.Sequence[int]]


class Typing(t.NamedTuple):
    """What is typed, in this order, and how.

    ``text``: the keys of a text, pressed together each. ``keys``: the names of further keys, and
    their numbers. ``hold_time``, ``delay``: how long keys are held, and the time after each, in
    seconds.
    """

    text: Strokes
    keys: t.Sequence[tuple[str, t.Sequence[int]]]
    hold_time: float
    delay: float


def type_on(domain: Domain, typing: Typing, check_mode: bool) -> tuple[Action, ...]:
    """Type on the keyboard of a guest that runs; nothing is typed in check mode.

    :raises TaskError: the guest would notice nothing, or not all is typed.
    """
    facts = domain.facts()
    if facts.state not in _NOTICES:
        raise TaskError(
            f"its guest is {facts.state} and notices no keys; let it go on with state: running of domain_state"
        )
    if not has_keyboard(domain):
        raise TaskError(
            "its guest has no keyboard; give it one by the option input of domain, as type: keyboard, bus: virtio"
        )
    if not check_mode:
        _type(domain, typing)
    text = [Action("text", None, HIDDEN, LIVE)] if typing.text else []
    return (*text, *(Action("keys", None, name, LIVE) for name, _codes in typing.keys))


def _type(domain: Domain, typing: Typing) -> None:
    strokes = [*typing.text, *(codes for _name, codes in typing.keys)]
    for number, stroke in enumerate(strokes):
        try:
            press(domain, stroke, typing.hold_time, typing.delay)
        except HypervisorError as error:
            if not number:
                raise
            raise TaskError(
                f"{number} of {len(strokes)} keys are pressed, but {error}", changed=True
            ) from error
