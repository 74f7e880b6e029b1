# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation trees at a URL, as virt-install takes them."""

from __future__ import annotations

import collections
import os
import typing as t

import pytest

from tests.integration.web_server import Page, WebServer

from .trees import TREES, FakeTree

_NAMED = ("detect=on,name=alpinelinux3.17", "debian11", "win10")
_ALWAYS = ["--memory", "3000", "--disk", "size=5"]
_OPTIONS = {"memory": 3000, "disk": [{"size": 5}]}


@pytest.fixture(name="server")
def fixture_server() -> t.Iterator[WebServer]:
    with WebServer().running() as server:
        yield server


def serve(server: WebServer, tree: FakeTree) -> str:
    """The tree's URL."""
    place = tree.place.rstrip("/")
    for name, text in tree.files.items():
        server.pages[f"{place}/{name}"] = Page(text.encode())
    return str(server.url(tree.place))


@pytest.mark.parametrize("name", TREES)
def test_what_it_is_and_how_it_is_booted(
    judge: t.Any, server: WebServer, counts: collections.Counter[str], name: str
) -> None:
    """Where nothing names the system, and where something does, which may be another."""
    os.makedirs("/var/lib/libvirt/boot", exist_ok=True)
    url = serve(server, TREES[name])
    named = _NAMED[list(TREES).index(name) % len(_NAMED)]
    for system in ("detect=on,require=off", named):
        counts["trees"] += 1
        options = {"location": url, "osinfo": system, **_OPTIONS}
        difference = judge.compare(["--osinfo", system, "--location", url, *_ALWAYS], options)
        assert difference is None, f"{system}: {difference}"
    assert any(path.endswith(tuple(TREES[name].files)) for path in server.looked_at)


@pytest.mark.parametrize("name", ["debian bullseye", "ubuntu xenial"])
def test_the_tree_of_one_under_the_name_of_the_other(
    judge: t.Any, server: WebServer, name: str
) -> None:
    url = serve(server, TREES[name])
    verdicts = [
        judge.judged(
            ["--osinfo", system, "--location", url, *_ALWAYS],
            {"location": url, "osinfo": system, **_OPTIONS},
        )
        for system in ("debian11", "ubuntu20.04")
    ]
    assert [verdict.difference for verdict in verdicts] == [None, None]
    # Debian's tree has no files of Ubuntu.
    assert [verdict.is_refused for verdict in verdicts] == [False, name.startswith("debian")]
