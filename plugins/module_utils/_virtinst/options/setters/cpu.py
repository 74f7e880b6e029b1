# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CPU model and its features."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ...configure import cpu
from ..rows import Pair, Setter
from ..values import needed_truth

if t.TYPE_CHECKING:
    from ...guest import Guest

#: Other words for a mode.
_MODES = {"host": "host-model", "none": "clear"}
#: ``+name`` and ``-name``.
_SIGNS = {"+": "force", "-": "disable"}


def pairs(given: list[Pair]) -> list[Pair]:
    """Convert ``+name`` and ``-name`` to the policies that they stand for."""
    return [
        (_SIGNS[key[0]], key[1:])
        if not value and len(key) > 1 and key[0] in _SIGNS
        else (key, value)
        for key, value in given
    ]


def set_secure(guest: Guest, element: Element, value: str | None) -> None:
    """Switch the features against known attacks of named models on or off."""
    guest.hides_cpu_flaws = value is not None and needed_truth(value)
    model = element.value("model")
    if model is not None and element.get("mode") == "custom" and not guest.hides_cpu_flaws:
        cpu.set_model(guest, model)


def set_model(guest: Guest, element: Element, value: str | None) -> None:
    """Set a mode or a named model."""
    if value is None:
        guest.set("cpu/@migratable", None)
        guest.set("cpu/model", None)
        return
    mode = _MODES.get(value, value)
    if mode not in cpu.SPECIAL_MODES:
        cpu.set_model(guest, mode)
        return
    cpu.set_mode(guest, mode)
    # The mode may have replaced the element that the other options are written into.
    made = guest.root.child("cpu")
    if made is not element:
        if made is not None:
            element.attributes, element.children = made.attributes, made.children
            guest.root.children.remove(made)
        else:
            element.attributes, element.children = {}, []
        guest.root.children.append(element)


def feature(policy: str) -> Setter:
    """A setter that gives a feature this policy."""

    def set_feature(_guest: Guest, element: Element, value: str | None) -> None:
        for present in element.all("feature"):
            if present.get("name") == value:
                present.attributes["policy"] = policy
                return
        element.children.append(Element("feature", {"policy": policy, "name": value or ""}))

    return set_feature
