# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents of pools that options describe."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.pool.document import (
    DESCRIBING,
    completed,
    pool_document,
    without_others,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.pool import KIND
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.pool_types import NAMES
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

_NOTHING = dict.fromkeys(DESCRIBING)
_ADAPTER = dict.fromkeys(
    (
        *("type", "name", "parent", "managed", "wwnn", "wwpn", "parent_wwnn", "parent_wwpn"),
        *("parent_fabric_wwn", "unique_id", "parent_address"),
    )
)
_IMAGES = "/var/lib/libvirt/images"


def _written(**options: t.Any) -> str:
    return serialise(pool_document(None, {**_NOTHING, **options}), indent=None)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "<pool/>"),
        ({"type": "dir"}, "<pool type='dir'/>"),
        ({"features": {"cow": False}}, "<pool><features><cow state='no'/></features></pool>"),
        (
            {"refresh": {"allocation": "capacity"}},
            "<pool><refresh><volume allocation='capacity'/></refresh></pool>",
        ),
        (
            {"source": {"hosts": [{"name": "a", "port": 1}, {"name": "b"}], "name": "c"}},
            "<pool><source><host name='a' port='1'/><host name='b'/><name>c</name></source></pool>",
        ),
        (
            {"source": {"devices": ["/dev/a"], "part_separator": True}},
            "<pool><source><device path='/dev/a' part_separator='yes'/></source></pool>",
        ),
        (
            {"source": {"initiator": "iqn.a", "protocol_version": "4.2"}},
            "<pool><source><initiator><iqn name='iqn.a'/></initiator><protocol ver='4.2'/></source>"
            "</pool>",
        ),
        (
            {
                "source": {
                    "auth": {
                        "type": "ceph",
                        "username": "u",
                        "secret": {"uuid": None, "usage": "k"},
                    }
                }
            },
            "<pool><source><auth type='ceph' username='u'><secret usage='k'/></auth></source></pool>",
        ),
        (
            {"source": {"adapter": {**_ADAPTER, "type": "fc_host", "managed": True, "wwnn": "20"}}},
            "<pool><source><adapter type='fc_host' managed='yes' wwnn='20'/></source></pool>",
        ),
        ({"target": {"path": "/a"}}, "<pool><target><path>/a</path></target></pool>"),
    ],
    ids=str,
)
def test_each_option(options: dict[str, t.Any], expected: str) -> None:
    assert _written(**options) == expected


def test_options_of_programs() -> None:
    text = _written(mount_options=["nodev"], ceph_options={"a": 1})
    pool = parse(text)
    assert [child.children[0].attributes for child in pool.children] == [
        {"name": "nodev"},
        {"name": "a", "value": "1"},
    ]
    assert "<fs:option name='nodev'/>" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": {"path": "a"}}, "target.path: a is no path from the root"),
        (
            {
                "source": {
                    "auth": {
                        "type": "chap",
                        "username": "u",
                        "secret": {"uuid": None, "usage": None},
                    }
                }
            },
            "source.auth.secret: it needs either uuid or usage",
        ),
        ({"source": {"adapter": {**_ADAPTER, "unique_id": 1}}}, "source.adapter.unique_id"),
    ],
    ids=str,
)
def test_what_is_refused(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(TaskError, match=words):
        _written(**options)


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        (None, "default", _IMAGES),
        ("dir", "a", f"{_IMAGES}/a"),
        ("fs", "a", f"{_IMAGES}/a"),
        ("netfs", "default", _IMAGES),
        ("disk", "a", "/dev"),
        ("iscsi", "a", "/dev/disk/by-path"),
        ("scsi", "a", "/dev/disk/by-path"),
        ("mpath", "a", "/dev/mapper"),
        ("logical", "a", None),
        ("rbd", "a", None),
        ("zfs", "a", None),
    ],
)
def test_where_a_new_one_is(kind: str | None, name: str, path: str | None) -> None:
    options = {**_NOTHING, "type": kind}
    pool = completed(pool_document(name, options), _IMAGES)
    assert pool.get("type") == (kind or "dir")
    assert pool.value("target/path") == path
    # libvirt's schema wants a target all the same.
    assert (pool.child("target") is not None) == (path is not None or kind == "logical")


def test_a_path_that_is_said_stays() -> None:
    options = {**_NOTHING, "target": {"path": "/a"}}
    assert completed(pool_document("b", options), _IMAGES).value("target/path") == "/a"


def test_each_type_is_known_once() -> None:
    assert len(set(NAMES)) == len(NAMES) == 14


DEFINITION = parse(
    "<pool type='netfs' xmlns:fs='http://libvirt.org/schemas/storagepool/fs/1.0'><name>a</name>"
    "<source><host name='a'/><host name='b'/><dir path='/c'/></source>"
    "<target><path>/d</path></target>"
    "<fs:mount_opts><fs:option name='x'/><fs:option name='y'/></fs:mount_opts></pool>"
)


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({}, []),
        ({"source": {"hosts": [{"name": "a"}, {"name": "b"}]}}, []),
        ({"source": {"hosts": [{"name": "a"}]}}, ["/pool/source/host[@name='b']"]),
        (
            {"source": {"hosts": [{"name": "c"}]}},
            [f"/pool/source/host[@name='{name}']" for name in "abc"],
        ),
        ({"mount_options": ["y"]}, ["/pool/fs:mount_opts/fs:option[@name='x']"]),
        ({"mount_options": ["x", "y"]}, []),
    ],
    ids=str,
)
def test_a_list_is_the_whole_of_it(options: dict[str, t.Any], paths: list[str]) -> None:
    options = {**_NOTHING, **options}
    taken = without_others(options)(DEFINITION)
    plan = reconcile(pool_document("a", options), DEFINITION, KIND.book, "merge", taken=taken)
    assert sorted(change.path for change in plan.changes) == paths
