# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.host_names import (
    Candidate,
    can_be_host,
    host_names,
)

ONE, OTHER = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11", "0a0b0c0d-3c2b-4d6a-9f0e-1b7c8d9e0f11"


def test_names_that_differ_stay() -> None:
    found = host_names([Candidate("web", ONE, True), Candidate("Ubuntu 24", OTHER, False)])
    assert found == (["web", "Ubuntu 24"], [])


def test_several_guests_of_one_name_are_told_apart_by_their_uuids() -> None:
    found = host_names(
        [Candidate("web", ONE, True), Candidate("db", ONE, True), Candidate("web", OTHER, True)]
    )
    assert found.names == ["web_5f1a9c5e", "db", "web_0a0b0c0d"]
    (warning,) = found.warnings
    assert warning.endswith("they are called web_5f1a9c5e, web_0a0b0c0d")


def test_a_guest_that_has_moved_is_one_host() -> None:
    left, arrived = Candidate("web", ONE, False), Candidate("web", ONE, True)
    assert host_names([left, arrived]) == ([None, "web"], [])
    assert host_names([arrived, left]) == (["web", None], [])
    assert host_names([left, left]) == (["web", None], [])
    another = Candidate("web", OTHER, False)
    assert host_names([left, arrived, another]).names == [None, "web_5f1a9c5e", "web_0a0b0c0d"]


def test_what_is_no_name_is_replaced() -> None:
    for name in ("localhost", "Localhost", "all", "ungrouped", "127.0.0.1"):
        assert not can_be_host(name), name
    for name in ("{{ 7 * 7 }}", "{% raw %}", "{# #}", "a\nb", "a\x1b[31m", "", " web", "web\u202e"):
        assert not can_be_host(name), name
        found = host_names([Candidate(name, ONE, True)])
        assert found.names == [ONE]
        assert len(found.warnings) == 1
        assert found.warnings[0].isprintable()
