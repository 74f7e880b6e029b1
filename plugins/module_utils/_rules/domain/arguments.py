# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments for QEMU: each option with its values is one."""

from __future__ import annotations

from ..._xmltree.element import Element


def arguments_there(said: list[Element], actual: list[Element]) -> list[Element | None]:
    """For each argument the actual one that it is; ``None`` for those of options that lack.

    An option is an argument that begins with a dash, with those up to the next.
    """
    left = _options(actual)
    found: list[Element | None] = []
    for option in _options(said):
        values = [one.get("value") for one in option]
        same = next((o for o in left if [one.get("value") for one in o] == values), None)
        if same is None:
            found += [None] * len(option)
        else:
            left = [one for one in left if one is not same]
            found += same
    return found


def _options(arguments: list[Element]) -> list[list[Element]]:
    options: list[list[Element]] = []
    for one in arguments:
        if not options or (one.get("value") or "").startswith("-"):
            options.append([])
        options[-1].append(one)
    return options
