# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers of a guest's agent in the form of a result."""

from __future__ import annotations

import typing as t

#: libvirt's names for the agent's answers, and ours.
_LISTS = {"user": "users", "fs": "filesystems", "disk": "disks", "if": "interfaces"}
_SINGLE = {"os": "os", "timezone": "timezone"}
#: And those of the parts of a part.
_INNER = {"disk": "disks", "addr": "addresses", "dependency": "dependencies"}


def described_guest(facts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The flat answer of virDomainGetGuestInfo (``fs.0.mountpoint``), nested.

    A missing answer is ``None``.
    """
    tree = _tree(facts)
    result: dict[str, t.Any] = {"hostname": tree.get("hostname")}
    for name, ours in _SINGLE.items():
        result[ours] = _plain(tree[name]) if name in tree else None
    for name, ours in _LISTS.items():
        result[ours] = _items(tree[name]) if name in tree else None
    return result


def _tree(facts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    tree: dict[str, t.Any] = {}
    for key, value in facts.items():
        *steps, last = key.split(".")
        place = tree
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return tree


def _plain(tree: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            ours = _INNER.get(name, name)
            found[ours.replace("-", "_")] = _items(value) if "count" in value else _plain(value)
        else:
            found[name.replace("-", "_")] = value
    return found


def _items(tree: t.Mapping[str, t.Any]) -> list[t.Any]:
    """The list that ``count``, ``0``, ``1``… stand for."""
    items = [tree.get(str(number), {}) for number in range(tree.get("count", 0))]
    return [_plain(item) if isinstance(item, dict) else item for item in items]
