# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connecting to a hypervisor."""

from __future__ import annotations

import contextlib
import functools
import os
import typing as t

from .errors import explained
from .libvirt_import import libvirt
from .uri import host_of, shown_uri

DEFAULT_URI = "qemu:///system"


class Connection:
    """An open connection. ``raw`` is libvirt's own ``virConnect``.

    ``knows_domains`` says that domains were read already, and :meth:`known` has them; ``files``
    is then what :func:`.file_users.files_in_use` has found.
    """

    knows_domains = False
    files: t.Any = None

    def __init__(self, raw: t.Any, uri: str) -> None:
        self.raw = raw
        self.uri = uri

    @property
    def is_local(self) -> bool:
        """Whether the hypervisor runs on this host: its URI names no other."""
        return not host_of(self.uri)

    def version(self) -> int:
        """The hypervisor's libvirt, as major * 1000000 + minor * 1000 + release."""
        with explained("tell its version", self.raw):
            return int(self.raw.getLibVersion())

    def known(self, name: str | None, uuid: str | None) -> t.Any:
        """The domain with this name or UUID, of those that were read; ``None`` if there is none."""

    def explained(self, doing: str, advice: str = "") -> t.ContextManager[None]:
        """As :func:`.errors.explained`, for what is done on this connection."""
        return explained(doing, self.raw, advice)


def effective_uri(uri: str | None) -> str:
    """The URI to open: the given one, LIBVIRT_DEFAULT_URI's, or the default."""
    return uri or os.environ.get("LIBVIRT_DEFAULT_URI") or DEFAULT_URI


@contextlib.contextmanager
def connected(
    uri: str | None, username: str | None = None, password: str | None = None
) -> t.Iterator[Connection]:
    """A connection that is closed at the end of the block.

    ``username`` and ``password`` answer what the hypervisor asks for.

    :raises HypervisorError: the connection can't be opened.
    """
    # Or libvirt writes each error to standard error too.
    libvirt.registerErrorHandler(_ignore, None)
    _prepare_events()
    target = effective_uri(uri)
    with explained(f"connect to {shown_uri(target)}"):
        if username is None and password is None:
            raw = libvirt.open(target)
        else:
            raw = libvirt.openAuth(target, _credentials(username, password), 0)
    try:
        yield Connection(raw, target)
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
    """What ``openAuth`` takes: the kinds that can be answered, and by whom."""
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
