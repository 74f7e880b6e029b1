# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Downloading a file over HTTP; a transfer that breaks off goes on where it was."""

from __future__ import annotations

import base64
import contextlib
import errno
import http.client
import os
import re
import socket
import ssl
import time
import typing as t
import urllib.error
import urllib.parse
import urllib.request

from .errors import ImageError
from .request import Access, shown_url

#: How often a transfer is begun or continued, and the time before the next try, in seconds.
_TRIES, _PAUSE = 5, 1.0
_PIECE = 1024 * 1024
#: Errors of a server that may be over soon.
_PASSING = frozenset([429, 500, 502, 503, 504])
_PARTIAL, _NOT_SATISFIABLE = 206, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
#: Answers by which a server says that it has no such file; stores of objects refuse what they lack.
_ABSENT = frozenset([403, 404, 410])
#: Answers of servers that know no HEAD.
_NO_HEAD = frozenset([405, 501])
#: Servers that refuse Python's own name know that of Ansible.
_AGENT = "ansible-httpget"
#: What to do about the answer of a server.
_REMEDIES = {
    401: "set url_username and url_password",
    403: "see that the server lets this host have it",
    404: "correct the URL",
    407: "give the proxy's user and password in the environment's https_proxy or http_proxy",
    410: "correct the URL",
}


class Target(t.Protocol):
    """What a download is written to."""

    def restart(self) -> None:
        """Forget what was written."""

    def write(self, piece: bytes) -> None:
        """Add a piece.

        :raises ImageError: there is no room for it.
        """

    def expect(self, size: int) -> None:
        """Look whether there is room for so many more bytes.

        :raises ImageError: there isn't.
        """


class _Broken(Exception):
    """A transfer broke off, and may be continued."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirections; the password goes to its own server alone."""

    # Python before 3.11 doesn't know it.
    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302

    def __init__(self, may_downgrade: bool) -> None:
        self._may_downgrade = may_downgrade

    def redirect_request(
        self, req: t.Any, fp: t.Any, code: int, msg: str, headers: t.Any, newurl: str
    ) -> t.Any:
        """The next request, with the same range."""
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if not self._may_downgrade and (old.scheme, new.scheme) == ("https", "http"):
            raise ImageError(
                f"{shown_url(req.full_url)} leads to {shown_url(newurl)}, which anybody in between "
                "could change; give the checksum itself, or the URL of a file that stays on https"
            )
        following = urllib.request.Request(  # noqa: S310
            newurl, headers=dict(req.headers), method=req.get_method()
        )
        if (old.scheme, old.netloc) == (new.scheme, new.netloc):
            for name, value in req.unredirected_hdrs.items():
                if name.lower() == "authorization":
                    following.add_unredirected_header(name, value)
        return following


def download(
    url: str,
    access: Access,
    target: Target,
    tick: t.Callable[[], None],
    may_downgrade: bool = True,
) -> None:
    """Download a file. ``tick`` is called about once for each piece, and while it is waited.

    :raises ImageError: it can't be had.
    """
    _carry_out(_Transfer(url, access, target, tick), _opener(access, may_downgrade), tick)


class Remote(t.NamedTuple):
    """What a server says of a file.

    ``size`` is in bytes. ``version`` changes with the content: an ETag, or the time of the last
    change. Each is ``None`` where the server doesn't say it.
    """

    size: int | None
    version: str | None


def look_at(url: str, access: Access, tick: t.Callable[[], None]) -> Remote | None:
    """What a server says of a file, without its content; ``None`` if there is none.

    :raises ImageError: the server can't be asked.
    """
    look = _Look(url, access, Kept(0), tick)
    _carry_out(look, _opener(access, may_downgrade=True), tick)
    return look.found


def fetched(
    url: str, access: Access, most: int, what: str, tick: t.Callable[[], None]
) -> bytes | None:
    """The content of a file, in memory; ``None`` if there is none.

    ``most`` is the number of bytes that it may have; more is ``what``, such as "no description".

    :raises ImageError: it can't be had, or has more.
    """
    kept = Kept(most, what)
    transfer = _Optional(url, access, kept, tick)
    _carry_out(transfer, _opener(access, may_downgrade=True), tick)
    return None if transfer.is_absent else kept.content()


def first_bytes(url: str, access: Access, count: int, tick: t.Callable[[], None]) -> bytes | None:
    """The first ``count`` bytes of a file, or all that it has; ``None`` if there is none.

    :raises ImageError: they can't be had.
    """
    kept = Kept(2 * count)
    transfer = _Beginning(url, access, kept, tick, count)
    _carry_out(transfer, _opener(access, may_downgrade=True), tick)
    return None if transfer.is_absent else kept.content()[:count]


def _carry_out(
    transfer: _Transfer, opener: urllib.request.OpenerDirector, tick: t.Callable[[], None]
) -> None:
    """Transfer a file, however often that breaks off.

    :raises ImageError: it can't be had.
    """
    broken = ""
    for number in range(_TRIES):
        if number:
            _sleep(_PAUSE, tick)
        try:
            transfer.go_on(opener)
        except _Broken as error:
            broken = str(error)
        else:
            return
    raise ImageError(
        f"the download of {transfer.title} broke off {_TRIES} times, the last time because {broken}; "
        "run the task again, or give another url"
    )


class _Transfer:
    def __init__(
        self, url: str, access: Access, target: Target, tick: t.Callable[[], None]
    ) -> None:
        self._url, self._login = _without_login(url, access)
        self._method = "GET"
        self._timeout = access.timeout
        self._target = target
        self._tick = tick
        self._received = 0
        #: What tells whether the file is still the same one.
        self._validator: str | None = None

    @property
    def title(self) -> str:
        """The URL without what may be secret."""
        return shown_url(self._url)

    def go_on(self, opener: urllib.request.OpenerDirector) -> None:
        """Transfer what is missing.

        :raises _Broken: it broke off.
        """
        try:
            with opener.open(self._request(), timeout=self._timeout) as answer:
                self._receive(answer)
        except urllib.error.HTTPError as error:
            with error:
                self._refused(error)
        except ImageError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._failed(error)

    def _request(self) -> urllib.request.Request:
        request = urllib.request.Request(  # noqa: S310
            self._url, headers={"User-Agent": _AGENT}, method=self._method
        )
        if self._login is not None:
            request.add_unredirected_header("Authorization", self._login)
        if self._received and self._validator is not None:
            request.add_header("Range", f"bytes={self._received}-")
            request.add_header("If-Range", self._validator)
        return request

    def _receive(self, answer: t.Any) -> None:
        total = self._total(answer)
        if total is not None:
            self._target.expect(total - self._received)
        while True:
            piece = answer.read1(_PIECE)
            if not piece:
                break
            self._target.write(piece)
            self._received += len(piece)
            self._tick()
        if total is not None and self._received < total:
            raise _Broken(f"it ended after {self._received} of {total} bytes")

    def _total(self, answer: t.Any) -> int | None:
        """The size of the whole file, if it is known; what was received before may count."""
        found = _RANGE.match(answer.headers.get("Content-Range") or "")
        length = answer.headers.get("Content-Length") or ""
        if answer.status == _PARTIAL and found is not None and int(found[1]) == self._received:
            return int(found[2]) if found[2] != "*" else None
        if answer.status == _PARTIAL:
            self._restart()
            raise _Broken("the server sent another part than it was asked for")
        # The file has changed, or the server sends no parts.
        self._restart()
        self._validator = _validator(answer.headers)
        return int(length) if length.isdigit() else None

    def _restart(self) -> None:
        self._received, self._validator = 0, None
        self._target.restart()

    def _refused(self, error: urllib.error.HTTPError) -> None:
        if error.code == _NOT_SATISFIABLE and self._received:
            self._restart()
            raise _Broken("the server has another file by now")
        answer = f"{error.code} {error.reason}".strip()
        if error.code in _PASSING:
            raise _Broken(f"the server answered {answer}")
        advice = _REMEDIES.get(error.code, "correct the URL, or see what is wrong with the server")
        raise ImageError(
            f"{shown_url(self._url)} can't be downloaded: the server answered {answer}; {advice}"
        )

    def _failed(self, error: Exception) -> None:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        what = f"{shown_url(self._url)} can't be downloaded"
        host = urllib.parse.urlsplit(self._url).hostname
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise ImageError(
                f"{what}: the server's certificate is not trusted: {reason.verify_message}; set "
                "ca_path to that of its authority"
            ) from error
        if isinstance(reason, socket.gaierror):
            raise ImageError(
                f"{what}: there is no host {host}; correct the URL, or see that its name can be resolved"
            ) from error
        if isinstance(reason, (socket.timeout, TimeoutError)):
            raise _Broken(f"the server sent nothing for {self._timeout:g} s") from error
        if isinstance(reason, ConnectionRefusedError):
            raise ImageError(
                f"{what}: nothing listens there (connection refused); correct the URL, or start the server"
            ) from error
        if isinstance(reason, (ConnectionError, http.client.IncompleteRead, ssl.SSLError)):
            raise _Broken(_reason(reason)) from error
        raise ImageError(
            f"{what}: {_reason(reason)}; correct the URL, or see that the server answers"
        )


class _Optional(_Transfer):
    """Transfers a file that may not be there."""

    is_absent = False

    def _refused(self, error: urllib.error.HTTPError) -> None:
        self.is_absent = error.code in _ABSENT
        if not self.is_absent:
            super()._refused(error)


class _Beginning(_Optional):
    """Asks for the first bytes of a file; of a server that sends no parts, no more is read."""

    def __init__(
        self, url: str, access: Access, target: Target, tick: t.Callable[[], None], count: int
    ) -> None:
        super().__init__(url, access, target, tick)
        self._count = count

    def _request(self) -> urllib.request.Request:
        request = super()._request()
        request.add_header("Range", f"bytes=0-{self._count - 1}")
        return request

    def _receive(self, answer: t.Any) -> None:
        self._restart()
        while self._received < self._count:
            piece = answer.read1(self._count - self._received)
            if not piece:
                break
            self._target.write(piece)
            self._received += len(piece)
            self._tick()

    def _refused(self, error: urllib.error.HTTPError) -> None:
        # An empty file has no such part.
        if error.code != _NOT_SATISFIABLE:
            super()._refused(error)


class _Look(_Transfer):
    """Asks for the header of a file alone."""

    def __init__(
        self, url: str, access: Access, target: Target, tick: t.Callable[[], None]
    ) -> None:
        super().__init__(url, access, target, tick)
        self._method = "HEAD"
        self.found: Remote | None = None

    def _receive(self, answer: t.Any) -> None:
        length = answer.headers.get("Content-Length") or ""
        self.found = Remote(int(length) if length.isdigit() else None, _validator(answer.headers))

    def _refused(self, error: urllib.error.HTTPError) -> None:
        if error.code in _NO_HEAD and self._method == "HEAD":
            self._method = "GET"
            raise _Broken("the server knows no HEAD")
        if error.code not in _ABSENT:
            super()._refused(error)


def _reason(error: object) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _validator(headers: t.Any) -> str | None:
    """What a server compares before it sends a part: a strong ETag, or the time of the last change."""
    tag = headers.get("ETag")
    if tag is not None and not tag.startswith("W/"):
        return str(tag)
    changed = headers.get("Last-Modified")
    return None if changed is None else str(changed)


def _without_login(url: str, access: Access) -> tuple[str, str | None]:
    """The URL without user and password, and the header that has them."""
    parts = urllib.parse.urlsplit(url)
    user, _at, host = parts.netloc.rpartition("@")
    name, _colon, password = user.partition(":")
    username = access.username or (urllib.parse.unquote(name) or None)
    secret = access.password if access.password is not None else urllib.parse.unquote(password)
    url = urllib.parse.urlunsplit(parts._replace(netloc=host, fragment=""))
    if username is None:
        return url, None
    both = base64.b64encode(f"{username}:{secret}".encode()).decode()
    return url, f"Basic {both}"


def _opener(access: Access, may_downgrade: bool) -> urllib.request.OpenerDirector:
    try:
        context = ssl.create_default_context()
        if access.ca_path is not None:
            is_folder = os.path.isdir(access.ca_path)
            place = {"capath" if is_folder else "cafile": access.ca_path}
            context.load_verify_locations(**place)
    except OSError as error:
        raise ImageError(
            f"ca_path: {access.ca_path} can't be read as certificates: {_reason(error)}; correct it"
        ) from error
    if not access.validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(None if access.use_proxy else {}),
        urllib.request.HTTPSHandler(context=context),
        _Redirects(may_downgrade),
    )


def _sleep(seconds: float, tick: t.Callable[[], None]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        tick()
        time.sleep(0.1)


class Kept:
    """A small file in memory, such as one of checksums."""

    def __init__(self, most: int, what: str = "no file of checksums") -> None:
        self._most = most
        self._what = what
        self._parts: list[bytes] = []
        self._size = 0

    def restart(self) -> None:
        """As :meth:`Target.restart`."""
        self._parts.clear()
        self._size = 0

    def write(self, piece: bytes) -> None:
        """As :meth:`Target.write`."""
        self._parts.append(piece)
        self._size += len(piece)
        if self._size > self._most:
            raise ImageError(f"it has more than {self._most} bytes, and is {self._what}")

    def expect(self, size: int) -> None:
        """As :meth:`Target.expect`."""

    def content(self) -> bytes:
        """What was written."""
        return b"".join(self._parts)


@contextlib.contextmanager
def room_explained(folder: str) -> t.Iterator[None]:
    """Turn errors while a file in a folder is written into :class:`ImageError`."""
    try:
        yield
    except OSError as error:
        advice = "set the environment variable TMPDIR to a folder that can be written"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            advice = "make room there, or set the environment variable TMPDIR to another folder"
        raise ImageError(
            f"it can't be kept in {folder} until it is complete: {_reason(error)}; {advice}"
        ) from error
