# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names that guests have as hosts."""

from __future__ import annotations

import collections
import typing as t

#: What begins a template of Ansible's.
_TEMPLATES = ("{{", "{%", "{#")
#: The controller itself, whose tasks a guest of that name would get, and groups that always exist.
_TAKEN = frozenset(["localhost", "127.0.0.1", "::1", "all", "ungrouped"])


class Candidate(t.NamedTuple):
    """A guest that asks for a name. ``is_active``: it runs."""

    name: str
    uuid: str
    is_active: bool


class Names(t.NamedTuple):
    """The names of hosts, in the order of the guests, and what a person should know.

    ``None`` stands for a guest that is no host.
    """

    names: list[str | None]
    warnings: list[str]


def can_be_host(name: str) -> bool:
    """Whether a host may have this name: printable, no template, and none that is taken."""
    return (
        bool(name)
        and name.lower() not in _TAKEN
        and name == name.strip()
        and name.isprintable()
        and not any(template in name for template in _TEMPLATES)
    )


def host_names(guests: t.Sequence[Candidate]) -> Names:
    """A name for each guest, and never the same for two.

    A guest that several hypervisors have, because one has kept its definition when the guest
    moved to another, is one host: that which runs.
    """
    named = [guest.name if can_be_host(guest.name) else guest.uuid for guest in guests]
    warnings = [
        f"{guest.name!r} can't be the name of a host; it is called {guest.uuid}"
        for guest, name in zip(guests, named)
        if name != guest.name
    ]
    by_name: dict[str, list[int]] = collections.defaultdict(list)
    for number, name in enumerate(named):
        by_name[name].append(number)
    names: list[str | None] = list(named)
    for name, numbers in by_name.items():
        if len(numbers) == 1:
            continue
        by_uuid: dict[str, list[int]] = collections.defaultdict(list)
        for number in numbers:
            by_uuid[guests[number].uuid].append(number)
        for same in by_uuid.values():
            stays = min(same, key=lambda number: (not guests[number].is_active, number))
            for number in same:
                if number != stays:
                    names[number] = None
            if len(by_uuid) > 1:
                names[stays] = f"{name}_{guests[stays].uuid[:8]}"
        if len(by_uuid) > 1:
            called = ", ".join(str(names[number]) for number in numbers if names[number])
            warnings.append(f"several guests would be the host {name}; they are called {called}")
    return Names(names, warnings)
