# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connecting to a hypervisor."""

from __future__ import annotations

import contextlib
import functools
import math
import os
import typing as t

from .._secrecy import keep
from .cache import Cache
from .coming import Coming
from .errors import HypervisorError, explained
from .events import watched
from .libvirt_import import libvirt
from .locality import is_proven, peers, sockets
from .opening import opened
from .uri import is_simulated, secrets_of_uri, shown_uri

DEFAULT_URI = "qemu:///system"
#: The longest silence of a hypervisor, in seconds.
TIMEOUT = 30.0
#: The life of data that were read of a whole hypervisor, in seconds: a task may remove many
#: domains.
_FRESH = 1.0


class Connection:
    """An open connection. ``raw`` is libvirt's own ``virConnect``.

    ``cache`` has what was read of the whole hypervisor, ``coming`` what the task that plans will
    have changed by then.
    """

    def __init__(self, raw: t.Any, uri: str, is_local: bool) -> None:
        self.raw = raw
        self.uri = uri
        #: Whether the hypervisor is proven to have the files of this host.
        self.is_local = is_local
        #: Whether nothing of it exists but in memory; such a hypervisor isn't local.
        self.is_simulated = is_simulated(uri)
        self.cache = Cache(_FRESH)
        self.coming = Coming()

    def at_one_moment(self) -> Connection:
        """The same connection, whose cache never gets old."""
        moment = Connection(self.raw, self.uri, self.is_local)
        moment.cache = Cache(math.inf)
        moment.coming = self.coming
        return moment

    def version(self) -> int:
        """The hypervisor's libvirt, as major * 1000000 + minor * 1000 + release."""
        with explained("read its version", self.raw):
            return int(self.raw.getLibVersion())

    def explained(self, doing: str, advice: str = "") -> t.ContextManager[None]:
        """As :func:`.errors.explained`, for calls on this connection."""
        return explained(doing, self.raw, advice)


def effective_uri(uri: str | None) -> str:
    """The URI to open: the given one, LIBVIRT_DEFAULT_URI's, or the default."""
    return uri or os.environ.get("LIBVIRT_DEFAULT_URI") or DEFAULT_URI


def effective_login(username: str | None, password: str | None) -> tuple[str | None, str | None]:
    """Who to authenticate as: what is given, or LIBVIRT_USERNAME's and LIBVIRT_PASSWORD's."""
    return (
        username or os.environ.get("LIBVIRT_USERNAME") or None,
        password or os.environ.get("LIBVIRT_PASSWORD") or None,
    )


@contextlib.contextmanager
def connected(
    uri: str | None,
    username: str | None = None,
    password: str | None = None,
    timeout: float = TIMEOUT,
) -> t.Iterator[Connection]:
    """A connection that is closed at the end of the block.

    ``username`` and ``password`` are for the hypervisor's authentication, see
    :func:`effective_login`. ``timeout`` is the
    longest silence in seconds; 0 stands for no limit.

    :raises HypervisorError: the connection can't be opened.
    """
    # Otherwise libvirt writes each error to standard error too.
    libvirt.registerErrorHandler(_ignore, None)
    _prepare_events()
    target = effective_uri(uri)
    if "\0" in target:
        raise HypervisorError("uri has a character that no URI can have (NUL); correct it")
    username, password = effective_login(username, password)
    keep([*secrets_of_uri(target), password or ""])
    open_it = functools.partial(libvirt.open, target)
    if username is not None or password is not None:
        credentials = _credentials(username, password)
        open_it = functools.partial(libvirt.openAuth, target, credentials, 0)
    before = sockets()
    with explained(f"connect to {shown_uri(target)}"):
        raw = opened(target, open_it, timeout)
    try:
        with explained(f"connect to {shown_uri(target)}"):
            # An alias of the client's configuration has become what it stands for.
            resolved = str(raw.getURI())
        with watched() if timeout else contextlib.nullcontext():
            yield Connection(raw, resolved, is_proven(resolved, peers(sockets() - before)))
    finally:
        # Fails only when the connection is lost already.
        with contextlib.suppress(libvirt.libvirtError):
            raw.close()


@functools.cache
def _prepare_events() -> None:
    """Events arrive only on connections that are opened after this; see ``events``."""
    libvirt.virEventRegisterDefaultImpl()


def _ignore(_context: t.Any, _error: t.Any) -> None:
    """libvirt's errors arrive as exceptions."""


def _credentials(username: str | None, password: str | None) -> list[t.Any]:
    """The argument of ``openAuth``: the kinds of credentials, and the function that gives them."""
    answers = {
        libvirt.VIR_CRED_AUTHNAME: username,
        libvirt.VIR_CRED_USERNAME: username,
        libvirt.VIR_CRED_PASSPHRASE: password,
        libvirt.VIR_CRED_NOECHOPROMPT: password,
    }

    def answer(questions: list[list[t.Any]], _data: t.Any) -> int:
        for question in questions:
            given = answers.get(question[0])
            if given is None:
                return -1
            question[4] = given
        return 0

    return [[kind for kind, given in answers.items() if given is not None], answer, None]
