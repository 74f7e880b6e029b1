# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a domain's metadata says of the guest as a host of Ansible: its tags and variables.

::

    <ansible:host xmlns:ansible="https://declarative-libvirt.github.io/ns/host/1">
      <ansible:tag>web</ansible:tag>
      <ansible:var name="http_port">8080</ansible:var>
    </ansible:host>

The text of a variable is JSON.
"""

from __future__ import annotations

import json
import math
import types
import typing as t

from ..._xmltree.element import Element

URI = "https://declarative-libvirt.github.io/ns/host/1"
#: Names that mean something to Ansible itself in what a module returns.
RESERVED = "__ansible_"
_METADATA = "metadata"
_HOST, _TAG, _VARIABLE = (f"{{{URI}}}{name}" for name in ("host", "tag", "var"))


class AnsibleHost(t.NamedTuple):
    """The tags, without repetition, and the variables by name."""

    tags: tuple[str, ...] = ()
    variables: t.Mapping[str, t.Any] = types.MappingProxyType({})

    def is_like(self, other: AnsibleHost) -> bool:
        """Whether both say the same; the order of tags says nothing."""
        # In Python true is 1.
        return set(self.tags) == set(other.tags) and _json(self.variables) == _json(other.variables)


def tags_and_vars(document: Element) -> AnsibleHost:
    """The tags and variables in a domain's document.

    A variable whose text isn't JSON, because another program wrote it, is that text.
    """
    host = host_element(document)
    if host is None:
        return AnsibleHost()
    texts = [(child.text or "").strip() for child in host.children if child.tag == _TAG]
    variables = {
        name: _value(child.text or "")
        for child in host.children
        for name in [child.get("name")]
        if child.tag == _VARIABLE and name and not name.startswith(RESERVED)
    }
    return AnsibleHost(tuple(dict.fromkeys(filter(None, texts))), variables)


def host_element(document: Element) -> Element | None:
    """The element of the host in a domain's document."""
    metadata = document.child(_METADATA)
    return None if metadata is None else metadata.child(_HOST)


def in_the_way(document: Element) -> str | None:
    """The name of an element of our namespace that is no host.

    libvirt keeps only the first element of a namespace.
    """
    metadata = document.child(_METADATA)
    children = [] if metadata is None else metadata.children
    names = (child.tag for child in children if child.tag != _HOST)
    prefix = f"{{{URI}}}"
    return next((name[len(prefix) :] for name in names if name.startswith(prefix)), None)


def put_host(document: Element, host: Element | None) -> None:
    """Put the element of the host into a domain's document, or take it out of there."""
    metadata = document.child(_METADATA)
    if metadata is None:
        if host is None:
            return
        metadata = Element(_METADATA)
        document.children.append(metadata)
    metadata.children = [child for child in metadata.children if child.tag != _HOST]
    if host is not None:
        metadata.children.append(host)
    elif not metadata.children:
        document.children = [child for child in document.children if child is not metadata]


def written_host(host: AnsibleHost) -> Element | None:
    """The element of a host; ``None`` for one without tags and variables."""
    if not (host.tags or host.variables):
        return None
    children = [Element(_TAG, text=tag) for tag in host.tags]
    for name in sorted(host.variables):
        children.append(Element(_VARIABLE, {"name": name}, _json(host.variables[name])))
    return Element(_HOST, children=children, namespaces={"ansible": URI})


def comes_back(value: object) -> bool:
    """Whether the value of a variable is read as it is written."""
    text = _json(value)
    return _json(_value(text)) == text


def _json(value: object) -> str:
    """As JSON in ASCII, which has no character that XML can't have."""
    return json.dumps(dict(value) if isinstance(value, t.Mapping) else value, sort_keys=True)


def _value(text: str) -> t.Any:
    try:
        return json.loads(
            text, parse_constant=_refused, parse_float=_number, object_pairs_hook=_object
        )
    except (ValueError, RecursionError):
        return text


def _refused(name: str) -> t.NoReturn:
    """It's no JSON, or what reads a task's result would not take it for a value."""
    raise ValueError(name)


def _object(pairs: t.Sequence[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    for name in found:
        if name.startswith(RESERVED):
            _refused(name)
    return found


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text)
