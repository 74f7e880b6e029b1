# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leaving out what the defaults say anyway, by trial."""

from __future__ import annotations

import functools
import typing as t

from .draft import Draft
from .readers import Settings

#: What other defaults depend on most is tried first.
_FIRST = ("os_type", "arch", "virt_type", "machine")
#: Large lists that seldom matter are tried before their entries are.
_ORDER = (
    *("controller", "boot", "features", "clock", "pm", "events", "cpu", "seclabel"),
    *("channel", "console", "serial", "input", "graphics", "video", "sound", "audio"),
    *("rng", "memballoon", "tpm", "redirdev", "watchdog", "panic", "iommu", "smartcard"),
)
_ADDRESS = "address."
_CONTROLLER = "controller"


def shortened(draft: Draft, holds: t.Callable[[Draft], bool]) -> Draft:
    """The draft without the parts that it holds without; ``holds`` tries a draft."""
    for name in [*_FIRST, *draft.texts]:
        if name not in draft.texts or name in draft.kept:
            continue
        draft = _tried(draft, holds, lambda copy, name=name: copy.texts.pop(name))
    names = sorted(
        draft.values, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)
    )
    for name in names:
        if not _is_kept(draft, name):
            before = draft
            draft = _tried(draft, holds, lambda copy, name=name: copy.values.pop(name))
            if draft is not before:
                continue
        draft = _shorter_values(draft, holds, name)
    for number in reversed(range(len(draft.xpath))):
        draft = _tried(draft, holds, lambda copy, number=number: copy.xpath.pop(number))
    return draft


def _tried(draft: Draft, holds: t.Callable[[Draft], bool], change: t.Callable[..., t.Any]) -> Draft:
    copy = draft.copied()
    change(copy)
    return copy if holds(copy) else draft


def _is_kept(draft: Draft, name: str) -> bool:
    return name in draft.kept or any(
        key in draft.kept for settings in draft.values[name] for key in _columns(name, settings)
    )


def _columns(name: str, settings: t.Iterable[tuple[str, tuple[int, ...]]]) -> list[t.Any]:
    return [(name, key[0]) for key in settings]


def _shorter_values(draft: Draft, holds: t.Callable[[Draft], bool], name: str) -> Draft:
    if name == _CONTROLLER and any(map(_is_pci, draft.values[name])):
        draft = _tried(draft, holds, _without_pci)
        if name not in draft.values:
            return draft
    for number in reversed(range(len(draft.values[name]))):
        settings = draft.values[name][number]
        if name == _CONTROLLER and _is_pci(settings):
            # They are plugged into each other: libvirt refuses a part of them.
            continue
        if len(draft.values[name]) > 1 and not any(
            column in draft.kept for column in _columns(name, settings)
        ):
            before = draft
            draft = _tried(draft, holds, lambda copy, number=number: copy.values[name].pop(number))
            if draft is not before:
                continue
        columns = dict.fromkeys(_column(key[0]) for key in draft.values[name][number])
        for column in reversed(list(columns)):
            left = _without_column(draft.values[name][number], column)
            if left and not any((name, key[0]) in draft.kept for key in settings.keys() - left):
                draft = _tried(draft, holds, functools.partial(_put, name, number, left))
    return draft


def _is_pci(settings: Settings) -> bool:
    return settings.get(("type", ())) == "pci"


def _without_pci(draft: Draft) -> None:
    left = [each for each in draft.values[_CONTROLLER] if not _is_pci(each)]
    if left:
        draft.values[_CONTROLLER] = left
    else:
        del draft.values[_CONTROLLER]


def _without_column(settings: Settings, column: str) -> Settings:
    return {key: value for key, value in settings.items() if _column(key[0]) != column}


def _column(name: str) -> str:
    """What is left out at once: an address without one of its parts says something else."""
    return _ADDRESS if name.startswith(_ADDRESS) else name


def _put(name: str, number: int, settings: Settings, draft: Draft) -> None:
    draft.values[name][number] = settings
