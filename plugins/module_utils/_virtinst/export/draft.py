# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of one domain in the making."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

from ..options.rows import Group
from ..options.table import GROUPS
from .readers import Key, Settings

_NONE = "none"


@dataclasses.dataclass
class Draft:
    """The options in a form that parts can be taken from.

    * ``texts``: options that are one value.
    * ``values``: by the name of an option with sub-options, its values; an empty list is ``none``.
    * ``xpath``: changes of the finished document. ``metadata``: the same for applications' elements,
      which stay: a definition may have them without anybody having asked for them.
    * ``kept``: parts that stay also where they aren't needed: options, and sub-options of each value.
    """

    texts: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    values: dict[str, list[Settings]] = dataclasses.field(default_factory=dict)
    xpath: list[str] = dataclasses.field(default_factory=list)
    metadata: tuple[str, ...] = ()
    kept: frozenset[t.Any] = frozenset()

    def copied(self) -> Draft:
        """A copy that shares nothing that changes."""
        values = {name: [dict(each) for each in listed] for name, listed in self.values.items()}
        return dataclasses.replace(
            self, texts=dict(self.texts), values=values, xpath=list(self.xpath)
        )

    def options(self) -> dict[str, t.Any]:
        """The options as :func:`.defaults.domain_defaults` takes them."""
        found: dict[str, t.Any] = copy.copy(self.texts)
        for name, listed in self.values.items():
            if not listed:
                found[name] = _NONE
                continue
            group = GROUPS[name]
            written = [written_value(group, settings) for settings in listed]
            found[name] = written if group.is_list else written[0]
        if self.xpath or self.metadata:
            found["xml"] = [*self.metadata, *self.xpath]
        return found


def written_value(group: Group, settings: Settings) -> t.Any:
    """The sub-options of one value as nested YAML, or the value alone where that says all."""
    if group.first and list(settings) == [(group.first[0], ())]:
        value = settings[(group.first[0], ())]
        if not isinstance(value, (bool, list)) and _is_plain(value):
            return value
    tree: dict[str, t.Any] = {}
    for key, value in settings.items():
        _put(tree, _steps(key), value)
    return {name: _joined(part) for name, part in _flat(tree).items()}


def _is_plain(value: t.Any) -> bool:
    """Whether virt-install's own form has the text as it is."""
    return not any(character in str(value) for character in ",='\"\\ \n[]{}")


def _steps(key: Key) -> list[str | int]:
    name, numbers = key
    left = list(numbers)
    steps: list[str | int] = []
    for part in name.split("."):
        steps.append(part.replace("[]", ""))
        for _list in range(part.count("[]")):
            steps.append(left.pop(0))
    return steps


def _put(tree: dict[t.Any, t.Any], steps: list[str | int], value: t.Any) -> None:
    """Put a value into nested dictionaries; lists are dictionaries by number so far."""
    for step in steps[:-1]:
        below = tree.get(step)
        if not isinstance(below, dict):
            below = tree[step] = {} if below is None else {"value": below}
        tree = below
    last = steps[-1]
    if isinstance(tree.get(last), dict):
        tree[last]["value"] = value
    else:
        tree[last] = value


def _flat(tree: dict[t.Any, t.Any]) -> dict[str, t.Any]:
    """The same with a dotted name where a dictionary has one part alone."""
    found = {}
    for name, part in tree.items():
        while isinstance(part, dict) and len(part) == 1:
            ((below, rest),) = part.items()
            if not isinstance(below, str) or below == "value":
                break
            name, part = f"{name}.{below}", rest
        found[name] = part
    return found


def _joined(part: t.Any) -> t.Any:
    if not isinstance(part, dict):
        return part
    if part and all(isinstance(name, int) for name in part):
        return [_joined(part[number]) for number in sorted(part)]
    return {name: _joined(below) for name, below in _flat(part).items()}
