# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.clone.names import (
    Chosen,
    base_name,
    numbered,
    of_format,
    renamed,
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/i/web.qcow2", "/i/web2.qcow2"),
        ("/i/web", "/i/web2"),
        ("/i/web-1.qcow2", "/i/web2-1.qcow2"),
        ("/i/web_data.img", "/i/web2_data.img"),
        ("/i/website.img", "/i/website-web2.img"),
        ("/i/root.img", "/i/root-web2.img"),
        ("/i/root", "/i/root-web2"),
        ("/i/.hidden", "/i/.hidden-web2"),
        ("/i/a.verylongending", "/i/a.verylongending-web2"),
        ("web/root", "web/root-web2"),
    ],
)
def test_a_file_is_called_after_the_clone(path, expected):
    assert renamed(path, "web", "web2") == expected


def test_the_ending_says_the_format_or_nothing():
    assert of_format("web2.raw", "qcow2") == "web2.qcow2"
    assert of_format("web2.qcow2", "raw") == "web2.raw"
    assert of_format("web2.img", "qcow2") == "web2.img"
    assert of_format("web2", "qcow2") == "web2"


def test_a_name_that_is_taken_gets_a_number():
    assert numbered("/log/web2.log", 1) == "/log/web2-1.log"
    assert numbered("/log/web2", 2) == "/log/web2-2"


def test_what_is_chosen_is_the_same_each_time_and_another_where_it_is_taken():
    chosen = Chosen("host", "u", "web2")
    first = chosen.uuid(lambda _uuid: False)
    assert re.fullmatch(
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first
    )
    assert Chosen("host", "u", "web2").uuid(lambda _uuid: False) == first
    assert chosen.uuid(lambda uuid: uuid == first) != first
    assert (
        len({Chosen(*seed).uuid(lambda _uuid: False) for seed in ("huc", "Huc", "hUc", "huC")}) == 4
    )
    mac = chosen.mac("52:54:00:00:00:01", lambda _mac: False)
    assert mac.startswith("52:54:00:")
    assert chosen.mac("52:54:00:00:00:01", lambda found: found == mac) != mac
    assert chosen.mac("00:16:3E:00:00:01", lambda _mac: False).startswith("00:16:3e:")
    assert chosen.mac("aa:bb:cc:00:00:01", lambda _mac: False).startswith("52:54:00:")


@pytest.mark.parametrize(
    ("path", "chain", "name"),
    [
        ("/i/web.s1", ["/i/web.qcow2"], "/i/web.qcow2"),
        ("/i/web.s2", ["/i/web.s1", "/i/web.qcow2"], "/i/web.qcow2"),
        ("/i/web.a-longer-name", ["/i/web.img"], "/i/web.img"),
        ("/o/web.s1", ["/i/web.qcow2"], "/o/web.qcow2"),
        ("/i/web.s1", ["/i/debian.qcow2"], "/i/web.s1"),
        ("/i/web.qcow2", [], "/i/web.qcow2"),
    ],
)
def test_an_overlay_is_named_after_its_base(path: str, chain: list[str], name: str) -> None:
    assert base_name(path, chain) == name
