# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a connection URI, and the secret ones among them."""

from __future__ import annotations

import re
import typing as t

from .._secrecy import HIDDEN

_PARTS = re.compile(
    r"(?P<scheme>[^:/?#]*):(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL
)
_PARAMETER = re.compile(r"(?P<name>[^=&;?#]+)=(?P<value>[^&;]*)")
#: The parameters of a URI's query that are no secrets: https://libvirt.org/uri.html, the
#: drivers' pages, and the options of the test driver.
_PLAIN = frozenset(
    [
        *("name", "mode", "command", "socket", "netcat", "keyfile", "no_sanity", "no_verify"),
        *("no_tty", "pkipath", "known_hosts", "known_hosts_verify", "sshauth", "tls_priority"),
        *("proxy", "root", "vcenter", "auto_answer", "transport", "authfile", "readonly"),
    ]
)


def host_of(uri: str) -> str:
    """The host that a URI names; empty where it names none."""
    found = _PARTS.match(uri)
    return "" if found is None else (found["authority"] or "").rpartition("@")[2]


def scheme_of(uri: str) -> str:
    """The scheme of a URI."""
    return uri.partition(":")[0]


def is_simulated(uri: str) -> bool:
    """Whether libvirt's test driver answers within this process.

    Its objects are in memory alone: its volumes have no content, and no file of this host is
    any of its volumes.
    """
    return scheme_of(uri) == "test" and not host_of(uri)


def shown_uri(uri: str) -> str:
    """The URI without its password and the secrets of its query."""
    for start, end in sorted(_secret_spans(uri), reverse=True):
        uri = f"{uri[:start]}{HIDDEN}{uri[end:]}"
    return uri


def secrets_of_uri(uri: str) -> list[str]:
    """The secret parts of a URI."""
    return [uri[start:end] for start, end in _secret_spans(uri)]


def _secret_spans(uri: str) -> t.Iterator[tuple[int, int]]:
    found = _PARTS.match(uri)
    if found is None:
        return
    start = found.start("authority")
    user, at, _host = (found["authority"] or "").rpartition("@")
    # A password may contain a slash, which should have been escaped.
    name, colon, password = user.partition(":")
    if at and colon and password:
        yield start + len(name) + 1, start + len(user)
    elif "@" in found["path"] and ":" in (found["authority"] or ""):
        at_password = start + (found["authority"] or "").index(":") + 1
        yield at_password, found.start("path") + found["path"].rindex("@")
    for parameter in _PARAMETER.finditer(uri, found.start("rest")):
        if parameter["name"] not in _PLAIN and parameter["value"]:
            yield parameter.span("value")
