# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists and dictionaries that are written as one text, as in a cell of a table."""

from __future__ import annotations

import datetime
import json
import typing as t

_BRACKETS = {"[": "]", "{": "}"}


def is_written_out(value: object) -> bool:
    """Whether a text begins and ends as a list or a dictionary in JSON or YAML does."""
    if not isinstance(value, str):
        return False
    text = value.strip()
    return len(text) > 1 and _BRACKETS.get(text[0]) == text[-1]


def unfolded(params: t.Mapping[str, t.Any], names: t.Container[str]) -> dict[str, t.Any]:
    """The options, with the lists and dictionaries that those of these names have as a text.

    A text that can't be read stays as it is.
    """
    return {
        name: _read(value) if name in names and is_written_out(value) else value
        for name, value in params.items()
    }


def _read(text: str) -> t.Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    # It takes long to load, and few tasks have a text in YAML.
    from ansible.module_utils.common.yaml import HAS_YAML, yaml_load

    if not HAS_YAML:
        return text
    try:
        # As Ansible gives a module what stands in a playbook: dates as text, and names that are text.
        found = json.loads(json.dumps(yaml_load(text), default=_as_text))
    # PyYAML's errors have no common base that is there without it.
    except Exception:
        return text
    return found if isinstance(found, (list, dict)) else text


def _as_text(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of an option")
