# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import STATES
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.waiting import SOURCES
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import info
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory import options
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.options import (
    Options,
    options_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.wish import (
    Source,
    as_json,
    from_json,
)

DEFAULTS: dict[str, t.Any] = {
    "uris": None,
    "name": None,
    "state": None,
    "tags": [],
    "exclude_tags": [],
    "filters": [],
    "addresses": ["lease", "agent", "arp"],
    "ansible_host": ["ipv4", "ipv6"],
    "connection": "ssh",
    "gather": [],
    "agent_timeout": 5.0,
    "timeout": 30.0,
    "groups_by": ["state", "tags"],
}


def read(**changed: t.Any) -> Options:
    return options_of({**DEFAULTS, **changed}.__getitem__)


def test_the_choices_are_those_of_domain_info() -> None:
    assert set(options.SOURCES) == set(SOURCES)
    assert set(options.STATES) == {info.ACTIVE, info.INACTIVE, *STATES}
    assert set(options.GATHERED) == {info.XML, info.LIVE_XML, info.STATS, info.AGENT}


def test_hypervisors() -> None:
    assert read().sources == (Source(),)
    assert read(uris="qemu:///system").sources == (Source("qemu:///system"),)
    entries = [
        "qemu:///session",
        {"uri": "qemu+tcp://kvm1/system", "name": "kvm1", "auth": {"username": "a", "password": 7}},
        {"name": "here"},
    ]
    assert read(uris=entries).sources == (
        Source("qemu:///session"),
        Source("qemu+tcp://kvm1/system", "kvm1", "a", "7"),
        Source(name="here"),
    )


def test_what_costs_is_asked_only_when_it_is_used() -> None:
    assert not read().wish.with_hostname
    assert read(ansible_host=["hostname"]).wish.with_hostname
    assert read(connection="auto").wish.with_hostname
    assert not read().wish.with_pools
    assert read(groups_by=["pool"]).wish.with_pools


def test_choices_of_addresses() -> None:
    assert len(read().rules) == 2
    for off in (False, None, [False], []):
        assert not [rule for rule in read(ansible_host=off).rules if not rule.is_off]
    assert read(ansible_host="br0, ipv4").rules == read(ansible_host=["br0", "ipv4"]).rules


def test_filters() -> None:
    filters = [{"include": "a"}, {"exclude": True}]
    assert read(filters=filters).filters == (("include", "a"), ("exclude", True))


def test_it_goes_through_json() -> None:
    found = read(uris=["qemu:///system"], name=["web-*"], state=["active"], gather=["xml"])
    assert from_json(as_json(found.sources, found.wish)) == (list(found.sources), found.wish)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"uris": []}, "uris is empty"),
        ({"uris": [7]}, "uris[0] is no URI"),
        ({"uris": ["a:///", " "]}, "uris[1] is no URI"),
        ({"uris": [{"url": "a:///"}]}, "uris[0] has url"),
        ({"uris": [{"uri": ["a:///"]}]}, "uris[0].uri is no text"),
        ({"uris": [{"uri": "a:///", "auth": "me"}]}, "uris[0].auth has no"),
        ({"uris": [{"uri": "a:///", "auth": {"user": "me"}}]}, "uris[0].auth has user"),
        ({"uris": [{"name": "a"}, {"name": "a"}]}, "uris has the name a twice"),
        ({"state": ["on"]}, "state: on is unknown"),
        ({"addresses": ["dhcp"]}, "addresses: dhcp is unknown"),
        ({"gather": ["all"]}, "gather: all is unknown"),
        ({"groups_by": ["tag"]}, "groups_by: tag is unknown"),
        ({"connection": "qemu"}, "connection: qemu is unknown"),
        ({"ansible_host": [4]}, "ansible_host: 4 chooses no address"),
        ({"ansible_host": True}, "ansible_host: True chooses no address"),
        ({"filters": [{"include": "a", "exclude": "b"}]}, "filters[0] is neither"),
        ({"filters": [{"only": "a"}]}, "filters[0] has only"),
        ({"filters": ["a"]}, "filters[0] is neither"),
        ({"name": {"a": 1}}, "name is no list"),
        ({"timeout": -1}, "timeout: -1 is no number"),
        ({"agent_timeout": "nan"}, "agent_timeout: nan is no number"),
        ({"agent_timeout": "inf"}, "agent_timeout: inf is no number"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, t.Any], message: str) -> None:
    with pytest.raises(TaskError) as raised:
        read(**changed)
    assert str(raised.value).startswith(message)


def test_a_password_is_in_no_message() -> None:
    with pytest.raises(TaskError) as raised:
        read(uris=[{"uri": "a:///", "auth": {"password": ["Oh6eiGh3"]}}])
    assert "Oh6eiGh3" not in str(raised.value)
