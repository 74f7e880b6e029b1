# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sub-options that don't stand for places of the document, such as those of ``location``."""

from __future__ import annotations

import typing as t

from .._secrecy import shown
from .errors import OptionError
from .hints import hint
from .options.strings import split


def read_sub_options(option: str, names: t.Sequence[str], value: object) -> dict[str, str]:
    """The sub-options of an option, from a string or a dictionary.

    A value without a name is that of the first name.

    :raises OptionError: there is no such sub-option.
    """
    if value is None:
        return {}
    if isinstance(value, str):
        pairs = [
            (key, text) if text is not None or number else (names[0], key)
            for number, (key, text) in enumerate(split(option, value))
        ]
    elif isinstance(value, t.Mapping):
        pairs = [(str(key), str(part)) for key, part in value.items() if part is not None]
    else:
        raise OptionError(f"{option} takes a string or a dictionary, not {shown(repr(value))}")
    for key, _text in pairs:
        if key not in names:
            suggestion = hint(key, names) or f"there are {', '.join(names)}"
            raise OptionError(f"{option}: there is no sub-option '{shown(key)}'; {suggestion}")
    return {key: "yes" if text is None else text for key, text in pairs}
