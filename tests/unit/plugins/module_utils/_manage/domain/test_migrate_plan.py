# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The migration that follows from the options and from both hosts."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.migrate_plan import (
    MigrationRequest,
    joined,
    planned,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.findings import (
    Guest,
    Host,
    Pool,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

DISKS = "".join(
    f"<disk type='file' device='{device}'><driver type='{form}'/><source file='/images/{name}'/>"
    f"<target dev='{target}'/></disk>"
    for name, target, form, device in (
        ("web.qcow2", "vda", "qcow2", "disk"),
        ("logs.raw", "vdb", "raw", "disk"),
        ("setup.iso", "sda", "raw", "cdrom"),
    )
)
HOST = Host(
    "second",
    "2",
    {},
    frozenset(),
    frozenset(),
    (Pool("images", True, "/images", frozenset({"setup.iso"}), 10**9),),
)


def plan(is_active=True, is_defined=True, autostart=False, host=HOST, **options):
    document = parse(f"<domain type='kvm'><devices>{DISKS}</devices></domain>")
    guest = Guest(
        name="web",
        uuid="u",
        host="first",
        host_uuid="1",
        version=9_000_000,
        document=document,
        is_active=is_active,
        sizes={"vda": 1000, "vdb": 2000},
    )
    request = MigrationRequest(
        "web", "qemu+ssh://second/system", **{"copy_storage": "full", **options}
    )
    return planned(request, guest, host, (), autostart, is_defined)


def test_a_running_guest_with_its_disks():
    found = plan(migrate_uri="tcp://192.0.2.1", bandwidth=10)
    assert found.journey.is_live
    assert not found.journey.is_offline
    assert found.journey.copied == ("vda", "vdb")
    assert [(copy.path, copy.capacity, copy.pool) for copy in found.copies] == [
        ("/images/web.qcow2", 1000, "images"),
        ("/images/logs.raw", 2000, "images"),
    ]
    assert found.note.volumes == ("/images/web.qcow2", "/images/logs.raw")
    assert [action.path for action in found.actions()] == [
        "volume /images/web.qcow2",
        "volume /images/logs.raw",
        "host",
    ]


def test_one_that_is_off_has_none_of_what_is_for_memory():
    found = plan(
        is_active=False,
        migrate_uri="tcp://192.0.2.1",
        is_tunnelled=True,
        parallel=2,
        bandwidth=10,
        is_postcopy=True,
        is_auto_converging=True,
        is_encrypted=True,
    )
    journey = found.journey
    assert journey.is_offline
    assert not journey.is_live
    assert journey.copied == ()
    assert not any(
        (
            journey.is_tunnelled,
            journey.is_postcopy,
            journey.is_auto_converging,
            journey.is_encrypted,
        )
    )
    assert (journey.migrate_uri, journey.parallel, journey.bandwidth) == (None, None, None)
    assert len(found.copies) == 2


def test_the_source_keeps_no_definition():
    assert plan().journey.is_source_undefined
    assert not plan(keep_source=True).journey.is_source_undefined
    # A transient guest has none.
    assert not plan(is_defined=False).journey.is_source_undefined


def test_the_limit_holds_for_both_parts_of_post_copy():
    found = plan(is_postcopy=True, bandwidth=10).journey.parameters()
    assert [found["bandwidth"], found["bandwidth.postcopy"]] == [10, 10]
    assert "bandwidth.postcopy" not in plan(bandwidth=10).journey.parameters()


def test_what_is_noted():
    shared = HOST._replace(pools=())
    assert plan(host=shared, copy_storage="none", autostart=True).note.autostart
    assert plan(host=shared, copy_storage="none", autostart=True).is_noted
    assert not plan(host=shared, copy_storage="none").is_noted
    assert plan().is_noted
    # Its volumes may have newer data than the source.
    assert plan(is_postcopy=True).note.volumes == ()
    assert plan(is_postcopy=True, is_active=False).note.volumes


@pytest.mark.parametrize(
    ("is_active", "options", "words"),
    [
        (False, {"mode": "live"}, "mode: it is live, and the guest is off"),
        (False, {"mode": "paused"}, "mode: it is paused, and the guest is off"),
        (True, {"mode": "offline"}, "mode: it is offline, and the guest runs"),
        (True, {"is_persistent": False}, "no host would keep the definition"),
        (False, {"is_persistent": False, "keep_source": True}, "nothing but its definition"),
    ],
)
def test_options_that_contradict_what_is_there(is_active, options, words):
    with pytest.raises(TaskError, match=words):
        plan(is_active, **options)


def test_a_guest_that_is_paused_meanwhile():
    assert not plan(mode="paused").journey.is_live


def test_all_on_one_line():
    assert joined(["one; two"]) == "one; two"
    assert joined(["a; b", "c; d"]) == (
        "2 things are in the way of the migration: (1) a; b (2) c; d"
    )
