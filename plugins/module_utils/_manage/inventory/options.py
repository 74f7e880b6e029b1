# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the inventory as values."""

from __future__ import annotations

import math
import typing as t

from ..errors import TaskError
from .address_choice import OFF, Rule, rule_of
from .groups import GROUPS
from .wish import AGENT, ARP, LEASE, Source, Wish

#: The choices of options, which the documentation of the plugin has, too.
SOURCES = (LEASE, AGENT, ARP)
GATHERED = ("agent", "stats", "xml", "live_xml")
STATES = (
    *("active", "inactive", "nostate", "running", "blocked", "paused", "shutdown", "shutoff"),
    *("crashed", "pmsuspended"),
)
SSH, BY_AGENT, AUTO = "ssh", "agent", "auto"
CONNECTIONS = (SSH, BY_AGENT, AUTO)
INCLUDE, EXCLUDE = "include", "exclude"
_AUTH = ("username", "password")


class Options(t.NamedTuple):
    """The options that decide what is read, and what becomes of it.

    ``filters`` are pairs of a word and a condition, which is an expression or a bool. ``group_kinds`` are names of
    :data:`.groups.GROUPS`.
    """

    sources: tuple[Source, ...]
    wish: Wish
    rules: tuple[Rule, ...]
    connection: str
    filters: tuple[tuple[str, t.Any], ...]
    group_kinds: tuple[str, ...]


def options_of(option: t.Callable[[str], t.Any]) -> Options:
    """Read the options; ``option`` gives the value of one by its name.

    :raises TaskError: one of them is wrong; the message begins with its name.
    """
    rules = _rules(option("ansible_host"))
    connection = _one_of("connection", option("connection"), CONNECTIONS)
    kinds = _choices("groups_by", option("groups_by"), tuple(GROUPS)) or []
    gather = _choices("gather", option("gather"), GATHERED) or []
    wish = Wish(
        names=_texts("name", option("name")),
        states=_choices("state", option("state"), STATES),
        tags=_texts("tags", option("tags")) or [],
        exclude_tags=_texts("exclude_tags", option("exclude_tags")) or [],
        addresses=_choices("addresses", option("addresses"), SOURCES) or [],
        gather=gather,
        with_hostname=connection == AUTO or any(rule.is_hostname for rule in rules),
        with_pools="pool" in kinds,
        agent_timeout=_seconds("agent_timeout", option("agent_timeout")),
        timeout=_seconds("timeout", option("timeout")),
    )
    return Options(
        _sources(option("uris")), wish, rules, connection, _filters(option("filters")), tuple(kinds)
    )


def _sources(value: object) -> tuple[Source, ...]:
    if value is None:
        return (Source(),)
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise TaskError("uris is empty; name a hypervisor, or leave it out for the default")
    sources = [_source(f"uris[{number}]", entry) for number, entry in enumerate(entries)]
    names = [source.name for source in sources if source.name is not None]
    for name in names:
        if names.count(name) > 1:
            raise TaskError(f"uris has the name {name} twice; give each hypervisor its own")
    return tuple(sources)


def _source(place: str, entry: object) -> Source:
    if isinstance(entry, str) and entry.strip():
        return Source(entry.strip())
    if not isinstance(entry, t.Mapping):
        raise TaskError(f"{place} is no URI; set it to one, or to uri, and auth and name beside it")
    _known(place, entry, ("uri", "auth", "name"))
    uri, name = _text(f"{place}.uri", entry.get("uri")), _text(f"{place}.name", entry.get("name"))
    auth = entry.get("auth") or {}
    if not isinstance(auth, t.Mapping):
        raise TaskError(f"{place}.auth has no username and password; set those")
    _known(f"{place}.auth", auth, _AUTH)
    return Source(uri, name, *(_text(f"{place}.auth.{key}", auth.get(key)) for key in _AUTH))


def _rules(value: object) -> tuple[Rule, ...]:
    entries = value if isinstance(value, list) else [value]
    rules: list[Rule] = []
    for entry in entries:
        if entry is None or entry is False:
            rules.append(OFF)
        elif isinstance(entry, str) and entry.strip():
            rules.extend(rule_of(part.strip()) for part in entry.split(",") if part.strip())
        else:
            raise TaskError(
                f"ansible_host: {entry!r} chooses no address; set it to ipv4, ipv6, hostname, a network "
                "in CIDR notation, the name of a network or a bridge, or false"
            )
    return tuple(rules)


def _filters(value: object) -> tuple[tuple[str, t.Any], ...]:
    found = []
    for number, entry in enumerate(_list("filters", value) or []):
        if not isinstance(entry, t.Mapping) or len(entry) != 1:
            raise TaskError(
                f"filters[{number}] is neither include nor exclude; set it to one of them"
            )
        ((word, condition),) = entry.items()
        _known(f"filters[{number}]", entry, (INCLUDE, EXCLUDE))
        found.append((str(word), condition))
    return tuple(found)


def _known(place: str, entry: t.Mapping[t.Any, object], names: t.Sequence[str]) -> None:
    for key in entry:
        if key not in names:
            raise TaskError(f"{place} has {key}, which is unknown; use {', '.join(names)}")


def _list(name: str, value: object) -> list[t.Any] | None:
    if value is None or isinstance(value, list):
        return value
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    raise TaskError(f"{name} is no list; set it to one")


def _texts(name: str, value: object) -> list[str] | None:
    found = _list(name, value)
    return None if found is None else [str(part) for part in found]


def _choices(name: str, value: object, choices: t.Sequence[str]) -> list[str] | None:
    found = _texts(name, value)
    return (
        None
        if found is None
        else list(dict.fromkeys(_one_of(name, part, choices) for part in found))
    )


def _one_of(name: str, value: object, choices: t.Sequence[str]) -> str:
    if str(value) not in choices:
        raise TaskError(f"{name}: {value} is unknown; use {', '.join(choices)}")
    return str(value)


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, (t.Mapping, list)) or not str(value):
        raise TaskError(f"{name} is no text, or an empty one; correct it, or leave it out")
    # A value from Ansible's vault is no text by itself.
    return str(value)


def _seconds(name: str, value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise TaskError(f"{name}: {value} is no number of seconds; set it to one")
    return seconds
