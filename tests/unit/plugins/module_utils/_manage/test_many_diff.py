# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diff of a task on many objects begins with a line for each change."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.api import DOMAINS
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.objects import Facts
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.many_diff import (
    diff_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.many_done import Done
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import (
    Action,
    Outcome,
)

FACTS = Facts(DOMAINS, "web", "u", "running", id=1, persistent=True)


def done(*changes: dict[str, str | None], action: Action | None = None) -> Done:
    outcome = Outcome(FACTS, changes=changes, actions=() if action is None else (action,))
    return Done("domain", "web", outcome=outcome)


def change(path: str, op: str, before: str | None, after: str | None) -> dict[str, str | None]:
    return {"path": path, "op": op, "before": before, "after": after, "when": "live"}


def test_each_change_has_a_line():
    everything = [
        done(change("/domain", "add", None, "<domain/>")),
        done(
            change("/domain/title", "modify", "a\nb", "c"),
            change("/domain/devices/disk[vda]", "remove", "<disk/>", None),
            change("/domain/devices/disk[vdb]", "add", None, "x" * 200),
            # Whose names they are would take all the room.
            change("/domain/metadata/host", "add", None, "<a:tag n='1' xmlns:a='urn:a'>b</a:tag>"),
            change("/domain/description", "modify", "a", "b xmlns:c='d'"),
            action=Action("state", "shutoff", "running", "live"),
        ),
        done(),
        Done("domain", "failed", error="why"),
    ]
    [first] = diff_of("1 created", everything, lambda _done: False)
    assert first["prepared"].splitlines() == [
        "1 created",
        "web: created",
        "web: modify /domain/title: a b -> c (live)",
        "web: remove /domain/devices/disk[vda]: <disk/> (live)",
        f"web: add /domain/devices/disk[vdb]: {'x' * 99}… (live)",
        "web: add /domain/metadata/host: <a:tag n='1'>b</a:tag> (live)",
        "web: modify /domain/description: a -> b xmlns:c='d' (live)",
        "web: modify state: shutoff -> running (live)",
    ]


def test_documents_follow_where_they_are_wanted():
    everything = [done(action=Action("state", "shutoff", "running", "live"))]
    [_first, second] = diff_of("1 changed", everything, lambda _done: True)
    assert second["after"] == "state: running\n"
