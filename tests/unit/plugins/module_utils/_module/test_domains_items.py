# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of a list of domains, and what they have of the defaults."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.defaults import merged
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domains_items import (
    read_items,
)


def options(*domains: t.Any, **defaults: t.Any) -> list[dict[str, t.Any]]:
    items = read_items(domains, defaults)
    assert [item.error for item in items] == [None] * len(items)
    return [dict(item.request.options) for item in items if item.request is not None]


def test_dictionaries_are_merged_and_all_else_is_replaced() -> None:
    under = {"a": {"b": 1, "c": {"d": 2}}, "list": [1, 2], "text": "x", "kept": 1}
    own = {"a": {"c": {"e": 3}}, "list": [3], "text": {"y": 1}}
    assert merged(under, own) == {
        "a": {"b": 1, "c": {"d": 2, "e": 3}},
        "list": [3],
        "text": {"y": 1},
        "kept": 1,
    }


def test_defaults_hold_under_any_name() -> None:
    assert options({"name": "a"}, {"name": "b", "disk": []}, disks=[{"size": 1}]) == [
        {"name": "a", "disk": [{"size": 1}]},
        {"name": "b", "disk": []},
    ]


def test_null_and_nothing() -> None:
    assert options({"name": "a", "cdrom": None}, {"name": "b", "cdrom": ""}, cdrom="/x.iso") == [
        {"name": "a"},
        {"name": "b", "cdrom": "/x.iso"},
    ]


def test_texts_are_read_as_the_module_does() -> None:
    item = read_items(
        [{"name": "a", "autostart": "yes", "affect": "live", "wait": {"for": "ip"}}], {}
    )[0]
    assert item.request is not None
    assert item.request.autostart is True
    assert item.request.affect == frozenset(["live"])
    assert item.request.wait is not None
    assert item.request.wait.timeout == 300


@pytest.mark.parametrize(
    ("one", "name"),
    [
        ({"name": "a", "memory": "x"}, "a"),
        ({"virt_install": "virt-install --name a --memory 64"}, "a"),
        ({"virt_install": "virt-install --name a --no-such"}, "a"),
        ({"xml": "<domain><name>a</name></domain>"}, "a"),
        ({"xml": "<domain><name>a</name>"}, "a"),
        ({"xml": "<domain/>"}, None),
        ({"nmae": "a"}, None),
        ({"virt_install": 5, "xml": ["x"]}, None),
        ("a", None),
    ],
)
def test_where_the_name_of_an_entry_is_looked_for(one: t.Any, name: str | None) -> None:
    item = read_items([one], {})[0]
    assert item.is_named == (name is not None)
    assert item.name == (name or "entry 1")


def test_a_document_has_no_defaults_of_other_kinds() -> None:
    defaults = {"memory": 512, "exclusive": ["disk"], "state": "running"}
    item = read_items([{"name": "a", "xml": "<domain/>"}], defaults)[0]
    assert item.error is None
    assert item.request is not None
    assert item.request.state == "running"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        ("text", "a dictionary of options, not str"),
        ({"memory": 512}, "name is missing; set it to the name of the domain"),
        ({"name": "a", "memmory": 512}, "there is no option 'memmory'; did you mean memory?"),
        ({"name": "a", "mem": 512}, "there is no option 'mem'; did you mean memory?"),
        ({"name": "a", "memory_mb": 512}, "'memory_mb'; did you mean memory?"),
        ({"name": "a", "vcpu": 2}, "'vcpu'; did you mean vcpus?"),
        ({"name": "a", "cpus": 2}, "'cpus'; did you mean vcpus?"),
        ({"name": "a", "secure_boot": True}, "'secure_boot'; write boot: {uefi: true"),
        ({"name": "a", "vlan": 2}, "'vlan'; write networks: [{network: NAME, xpath.set"),
        ({"name": "a", " memory": 2}, "' memory'; there is a blank beside the name; write memory"),
        ({"name": "a", "Memory": 2}, "'Memory'; did you mean memory?"),
        ({"name": "a", "zzz": 2}, "there is no option 'zzz'"),
        ({"name": "a", "uri": "x"}, "there is no option 'uri'"),
        ({"name": "a", "state": "up"}, "value of state must be one of"),
        ({"name": "a", "disk": [], "disks": []}, "it has disk under two names"),
        ({"name": "a", "state": "stopped", "wait": {"for": "ip"}}, "wait.for is ip"),
        ({"name": "a", "wait": {"timeout": -1}}, "wait.timeout is negative"),
    ],
)
def test_a_mistake_is_one_of_the_entry(one: t.Any, words: str) -> None:
    first, wrong = read_items([{"name": "fine"}, one], {})
    assert first.error is None
    assert words in (wrong.error or "")
    assert wrong.request is None


@pytest.mark.parametrize(
    ("domains", "defaults", "words"),
    [
        ([{"name": "a"}, {"name": "a"}], {}, "'a' is in the list more than once"),
        ([], {"uuid": "x"}, "defaults has uuid"),
        ([], {"disk": [], "disks": []}, "defaults has disk under two names"),
        ([], {"state": "up"}, "defaults: value of state"),
    ],
)
def test_a_mistake_of_the_list_is_one_of_all(
    domains: list[t.Any], defaults: dict[str, t.Any], words: str
) -> None:
    with pytest.raises(TaskError, match=words):
        read_items(domains, defaults)


def test_exclusive_takes_the_plurals_of_lists() -> None:
    for exclusive in (["disks", "network"], "disks,network", ["disk", "network"]):
        (item,) = read_items([{"name": "a", "disks": [], "exclusive": exclusive}], {})
        assert item.request is not None
        assert item.request.exclusive == {"disk", "network"}
    (item,) = read_items([{"name": "a", "exclusive": ["diks"]}], {})
    assert "diks" in str(item.error)
