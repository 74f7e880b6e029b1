# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in a document stands what an option gives, for messages about a task that gives the document itself."""

from __future__ import annotations

import re
import typing as t

#: The places by option, for each kind of object by its noun. What is below an option that has no
#: row is at the place of that option.
PLACES: t.Mapping[str, t.Mapping[str, str]] = {
    "domain": {
        "disk": "<disk>",
        "name": "<name>",
        "network": "<interface>",
    },
    "network": {
        "bridge": "<bridge>",
        "dns.hosts": "<dns><host>",
        "dns.txt": "<dns><txt>",
        "domain": "<domain>",
        "ips": "<ip>",
        "ips.dhcp": "<ip><dhcp>",
        "ips.dhcp.hosts": "<ip><dhcp><host>",
        "ips.dhcp.ranges": "<ip><dhcp><range>",
        "mac": "<mac>",
        "name": "<name>",
        "routes": "<route>",
    },
    "nwfilter": {"name": "<name>"},
    "pool": {
        "name": "<name>",
        "source": "<source>",
        "target": "<target>",
        "target.path": "<target><path>",
    },
    "secret": {
        "ephemeral": "ephemeral=",
        "private": "private=",
        "usage": "<usage>",
        "uuid": "<uuid>",
    },
    "volume": {
        "backing": "<backingStore>",
        "capacity": "<capacity>",
        "format": "<target><format>",
        "name": "<name>",
    },
}
_OPTION = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*): ")
#: The options that give a document.
_DOCUMENTS = ("xml", "src")
_UNUSED: t.Container[t.Any] = (None, "", [], {})


def in_terms_of(message: str, noun: str, params: t.Mapping[str, t.Any]) -> str:
    """A message that begins with an option, for a task with these options.

    Where the task doesn't use that option, but gives a document, it begins with the option of the
    document and the place in that.
    """
    document = next((one for one in _DOCUMENTS if params.get(one) not in _UNUSED), None)
    found = _OPTION.match(message)
    if document is None or found is None:
        return message
    option = found[1]
    if params.get(option.partition(".")[0]) not in _UNUSED:
        return message
    place, places = option, PLACES.get(noun, {})
    while place and place not in places:
        place = place.rpartition(".")[0]
    if not place:
        return message
    return f"{document}: {places[place]}: {message[found.end() :]}"
