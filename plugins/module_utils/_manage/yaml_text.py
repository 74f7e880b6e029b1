# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as YAML for people, which Ansible reads as variables.

PyYAML is often missing on managed hosts. What it would read differently than it was meant is put in
quotes, and what Ansible would take for a template is marked as ``!unsafe``.
"""

from __future__ import annotations

import json
import re
import typing as t

_PLAIN = re.compile(r"[A-Za-z/_](?:[A-Za-z0-9_./@+:-]*[A-Za-z0-9_./@+-])?(?: [A-Za-z0-9_./@+-]+)*")
#: The words of YAML 1.1 that are no texts.
_WORDS = re.compile(r"(?:y|yes|n|no|true|false|on|off|null|nan|inf)", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
#: What YAML allows in a text without quotes.
_PRINTABLE = re.compile("[\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_STEP = "  "


class Template(str):
    """A text that Ansible is to take for a template."""


def yaml_text(value: t.Any) -> str:
    """A value as YAML, with a line break at its end."""
    return "\n".join(_lines(value, "")).lstrip("\n") + "\n"


def _lines(value: t.Any, indent: str) -> list[str]:
    """The lines of a value that begins on a line of its own."""
    if isinstance(value, t.Mapping) and value:
        return [line for name, part in value.items() for line in _entry(str(name), part, indent)]
    if isinstance(value, (list, tuple)) and value:
        return [line for part in value for line in _item(part, indent)]
    return [indent + _scalar(value, indent)]


def _entry(name: str, part: t.Any, indent: str) -> list[str]:
    key = f"{indent}{_key(name)}:"
    if isinstance(part, t.Mapping) and part:
        return [key, *_lines(part, indent + _STEP)]
    if isinstance(part, (list, tuple)) and part:
        return [key, *_lines(part, indent + _STEP)]
    return [f"{key} {_scalar(part, indent + _STEP)}"]


def _item(part: t.Any, indent: str) -> list[str]:
    if not isinstance(part, (t.Mapping, list, tuple)) or not part:
        return [f"{indent}- {_scalar(part, indent + _STEP)}"]
    lines = _lines(part, indent + _STEP)
    return [f"{indent}- {lines[0][len(indent) + len(_STEP) :]}", *lines[1:]]


def _key(name: str) -> str:
    return name if _is_plain(name) and ":" not in name else _quoted(name)


def _scalar(value: t.Any, indent: str) -> str:
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, float):
        text = repr(value)
        # PyYAML takes a number without a point for a text.
        return text if "." in text else text.replace("e", ".0e")
    if isinstance(value, (t.Mapping, list, tuple)):
        return "{}" if isinstance(value, t.Mapping) else "[]"
    text = str(value)
    unsafe = _TEMPLATE.search(text) is not None and not isinstance(value, Template)
    mark = "!unsafe " if unsafe else ""
    if _is_plain(text):
        return text
    if "\n" in text.rstrip("\n") and _can_be_block(text):
        lines = text.split("\n")
        end = "-" if lines[-1] else ""
        lines = lines if lines[-1] else lines[:-1]
        return "\n".join([f"{mark}|{end}", *(indent + line if line else "" for line in lines)])
    return mark + _quoted(text)


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and _WORDS.fullmatch(text) is None


def _can_be_block(text: str) -> bool:
    """Whether each line can stand as it is."""
    return (
        _PRINTABLE.fullmatch(text) is not None
        and text[0] not in " \n"
        and not text.endswith("\n\n")
        and all(line == line.rstrip() for line in text.split("\n"))
    )


def _quoted(text: str) -> str:
    if _PRINTABLE.fullmatch(text) is not None:
        return json.dumps(text, ensure_ascii=False)
    return "".join(
        part if ord(part) < 0x7F else f"\\U{ord(part):08x}"
        for part in json.dumps(text, ensure_ascii=False)
    )
