# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server on this machine that counts what it is asked, and fails in many ways."""

from __future__ import annotations

import base64
import contextlib
import http.server
import re
import ssl
import threading
import time
import typing as t


class Page(t.NamedTuple):
    """What is behind a path.

    * ``content``: what is sent.
    * ``status``, ``location``: the answer's status, and where a redirection leads.
    * ``breaks_after``: the numbers of bytes after which the first answers break off.
    * ``has_ranges``: whether parts of it are sent. ``changes``: its ETag is another one each time.
    * ``is_silent``: nothing is sent after the header. ``login``: who gets it, as ``user:password``.
    """

    content: bytes = b""
    status: int = 200
    location: str | None = None
    breaks_after: tuple[int, ...] = ()
    has_ranges: bool = True
    changes: bool = False
    is_silent: bool = False
    login: str | None = None


class WebServer:
    """The server.

    ``asked`` has the paths of all requests for content, with the range that each asked for, and
    ``looked_at`` those that were asked for without their content.
    """

    def __init__(self, certificate: str | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.looked_at: list[str] = []
        self.is_over = threading.Event()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def paths(self) -> list[str]:
        """The paths of all requests."""
        return [path for path, _range in self.asked]

    def url(self, path: str, host: str = "127.0.0.1", login: str = "") -> str:
        """The URL of a path."""
        return f"{self._scheme}://{login}{host}:{self._server.server_port}{path}"

    @contextlib.contextmanager
    def running(self) -> t.Iterator[WebServer]:
        """The server, which ends with the block."""
        self._thread.start()
        try:
            yield self
        finally:
            self.is_over.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                _answer(self, server)

            def do_HEAD(self) -> None:
                _answer(self, server)

            def log_message(self, *_args: object) -> None:
                """Nothing is logged."""

        return Handler


def _answer(request: http.server.BaseHTTPRequestHandler, server: WebServer) -> None:
    asked_range = request.headers.get("Range")
    # What a proxy is asked is a whole URL.
    path = re.sub(r"^http://[^/]*", "", request.path)
    if request.command != "HEAD":
        server.asked.append((path, asked_range))
    page = server.pages.get(path)
    if page is None:
        request.send_error(404)
        return
    login = None if page.login is None else base64.b64encode(page.login.encode()).decode()
    if login is not None and request.headers.get("Authorization") != f"Basic {login}":
        request.send_error(401)
        return
    if page.status >= 400:
        request.send_error(page.status)
        return
    times = sum(known == path for known, _range in server.asked)
    start = _start_of(asked_range) if page.has_ranges and not page.changes else 0
    request.send_response(206 if start else page.status)
    if page.location is not None:
        request.send_header("Location", page.location)
    if start:
        whole = len(page.content)
        request.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
    request.send_header("ETag", f'"{times if page.changes else 0}"')
    request.send_header("Content-Length", str(len(page.content) - start))
    request.end_headers()
    if request.command == "HEAD":
        server.looked_at.append(path)
        return
    if page.is_silent:
        server.is_over.wait(30)
        return
    end = page.breaks_after[times - 1] if times <= len(page.breaks_after) else len(page.content)
    with contextlib.suppress(OSError):
        request.wfile.write(page.content[start : max(start, end)])
        request.wfile.flush()
    if end < len(page.content):
        time.sleep(0.05)
        request.close_connection = True


def _start_of(asked_range: str | None) -> int:
    found = re.fullmatch(r"bytes=(\d+)-", asked_range or "")
    return 0 if found is None else int(found[1])
