# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan finds beside what is there."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.coming import (
    Coming,
    ComingObject,
)


def test_an_object_is_there_gone_or_unknown() -> None:
    coming = Coming()
    coming.make("network", "a", None)
    coming.remove("network", "b")
    assert coming.find("network", "a") == ComingObject(None)
    assert not coming.is_gone("network", "a")
    assert coming.is_gone("network", "b")
    assert coming.find("network", "b") is None
    assert coming.find("network", "c") is None
    assert not coming.is_gone("network", "c")
    assert not coming.is_gone("pool", "b")
    assert coming.gone("network") == {"b"}
    assert list(coming.all("network")) == ["a"]
    assert coming.names("network", ["b", "c"]) == ["a", "c"]


def test_each_change_is_counted_also_that_all_is_forgotten() -> None:
    coming = Coming()
    counts = [coming.count("domain")]
    for change in (
        lambda: coming.remove("domain", "a"),
        lambda: coming.make("domain", "a", None),
        lambda: coming.forget("domain", "a"),
        lambda: coming.remove("domain", "a"),
        coming.clear,
    ):
        change()
        counts.append(coming.count("domain"))
    assert counts == sorted(set(counts))
    coming.forget("domain", "a")
    assert coming.count("domain") == counts[-1]
