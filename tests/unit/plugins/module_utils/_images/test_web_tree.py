# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation trees on a web server, and what is known of their files."""

from __future__ import annotations

import hashlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._images import web_tree
from ansible_collections.declarative.libvirt.plugins.module_utils._images.checksum import Checksum
from ansible_collections.declarative.libvirt.plugins.module_utils._images.download import Remote
from ansible_collections.declarative.libvirt.plugins.module_utils._images.errors import ImageError
from ansible_collections.declarative.libvirt.plugins.module_utils._images.request import Access

_FILES: dict[str, tuple[bytes, str | None]] = {
    "http://x/tree/.treeinfo": (b"[general]\n", "1"),
    "http://x/tree/k": (b"kernel", "2"),
    "http://x/tree/plain": (b"kernel", None),
    "http://x/tree/k?token=y": (b"kernel", "2"),
    "https://z/k": (b"kernel", "2"),
}


@pytest.fixture(name="asked")
def fixture_asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def fetched(url: str, *_more: object) -> bytes | None:
        asked.append(url)
        return _FILES[url][0] if url in _FILES else None

    def look_at(url: str, *_more: object) -> Remote | None:
        asked.append(f"? {url}")
        return Remote(len(_FILES[url][0]), _FILES[url][1]) if url in _FILES else None

    monkeypatch.setattr(web_tree, "fetched", fetched)
    monkeypatch.setattr(web_tree, "look_at", look_at)
    return asked


def tree(url: str = "http://x/tree/") -> web_tree.WebTree:
    return web_tree.WebTree(url, Access(), lambda: None)


def test_each_file_is_asked_for_once(asked: list[str]) -> None:
    one = tree()
    for _time in range(2):
        assert one.text(".treeinfo") == "[general]\n"
        assert one.text("content") is None
        assert (one.has("k"), one.has("none")) == (True, False)
    assert asked == [
        "http://x/tree/.treeinfo",
        "http://x/tree/content",
        "? http://x/tree/k",
        "? http://x/tree/none",
    ]


@pytest.mark.parametrize(
    ("url", "name", "place"),
    [
        ("http://x/tree", "k", "http://x/tree/k"),
        ("http://x/tree?token=y", "k", "http://x/tree/k?token=y"),
        ("http://x/tree", "https://z/k", "https://z/k"),
        ("", "https://z/k", "https://z/k"),
    ],
)
def test_places(asked: list[str], url: str, name: str, place: str) -> None:
    assert tree(url).has(name)
    assert asked == [f"? {place}"]
    assert tree(url).request(name, None, "web").url == place


def test_names_of_what_is_kept(asked: list[str]) -> None:
    def name(file: str, checksum: Checksum | None = None, owner: str = "a") -> t.Any:
        return tree().request(file, checksum, owner).name

    known = Checksum("sha256", "ab" * 32)
    assert name("k", known) == f"sha256-{'ab' * 32}-as-is"
    assert name("k").startswith("url-")
    assert name("k") == name("k", owner="b")
    # What can't be told from a later one is not shared.
    assert name("plain") != name("plain", owner="b")
    assert name("k") != name("plain")


def test_a_token_is_no_part_of_names(asked: list[str]) -> None:
    names = {
        tree(f"http://x/tree{query}").request("k", None, "a").name for query in ("", "?token=y")
    }
    assert len(names) == 1
    assert tree("http://u:p@x/tree?token=y").path == "http://x/tree"


def test_content(asked: list[str]) -> None:
    digest = hashlib.sha256(b"kernel").hexdigest()
    assert tree().read("k", Checksum("sha256", digest)) == b"kernel"
    with pytest.raises(ImageError, match="checksum: "):
        tree().read("k", Checksum("sha256", "0" * 64))
    with pytest.raises(ImageError, match="there is no http://x/tree/none any more"):
        tree().read("none")


@pytest.mark.parametrize("url", ["ftp://x/tree", "http://", "x://y"])
def test_what_is_no_server(url: str) -> None:
    with pytest.raises(ImageError, match="url is no URL of a file on a server"):
        tree(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1/tree",
        "http://[zz]/tree",
        "http://h:port/tree",
        "http://h:65536/tree",
        "http://me:se/cret@h/tree",
        "http://me:secret@h\u2100/tree",
    ],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(ImageError, match=r"^url can't be read; correct its host or its port$"):
        tree(url)
