# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ansible: what it writes, what it keeps, and what it refuses."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.ansible_host import (
    URI,
    AnsibleHost,
    put_host,
    tags_and_vars,
    written_host,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.ansible_host import (
    without_host,
    write_ansible,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hosts import guest

BEFORE = AnsibleHost(("a", "b"), {"x": 1})


def document(host: AnsibleHost = BEFORE) -> Element:
    root = Element("domain")
    put_host(root, written_host(host))
    return root


def written(option: dict[str, t.Any] | None, actual: Element) -> tuple[AnsibleHost, bool]:
    made = guest()
    is_emptied = write_ansible(made, option, actual)
    return tags_and_vars(made.root), is_emptied


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ({"tags": ["c", "c"]}, AnsibleHost(("c",), {"x": 1})),
        ({"tags": None, "vars": {"y": 2}}, AnsibleHost(("a", "b"), {"y": 2})),
        ({"tags": [" b ", "a"]}, BEFORE),
        ({"tags": [], "vars": None}, AnsibleHost((), {"x": 1})),
    ],
)
def test_a_part_that_is_left_out_stays(option: dict[str, t.Any], expected: AnsibleHost) -> None:
    assert written(option, document()) == (expected, False)


@pytest.mark.parametrize("option", [None, {}, {"tags": None, "vars": None}])
def test_without_the_option_nothing_is_removed(option: dict[str, t.Any] | None) -> None:
    found, is_emptied = written(option, document())
    assert found in (AnsibleHost(), BEFORE)
    assert not is_emptied


def test_empty_tags_and_variables_remove_the_element() -> None:
    assert written({"tags": [], "vars": {}}, document()) == (AnsibleHost(), True)
    left = without_host(document()).document
    assert left.children == []


@pytest.mark.parametrize(
    "variables",
    [
        {"ansible_become_pass": "x"},
        {"password": "x"},
        {"a": {"b": [{"token": "x"}]}},
        {"password": {"value": "x"}},
        {"a": {"my_secret": [{"b": ["x"]}]}},
        {"a": {"password.old": "x"}},
        {"secrets": ["x"]},
        {"url": "https://me:x@host"},
        {"key": "-----BEGIN OPENSSH PRIVATE KEY-----\nx"},
        {"number": [float("inf")]},
        {"number": float("nan")},
        {"a": [{"__ansible_type": "Tagged"}]},
        {"1a": 1},
        {"__ansible_type": "Tagged"},
        {"a-b": 1},
        {1: 1},
    ],
)
def test_a_secret_and_a_wrong_name_are_refused(variables: dict[t.Any, t.Any]) -> None:
    with pytest.raises(OptionError, match=r"^ansible\.vars: "):
        written({"vars": variables}, document())


@pytest.mark.parametrize(
    "variables",
    [
        {"ansible_ssh_private_key_file": "~/.ssh/id"},
        {"password": ""},
        {"password": {"a": [None, True]}},
        {"has_password": True},
        {"key": "-----BEGIN PUBLIC KEY-----"},
    ],
)
def test_what_only_looks_like_a_secret_is_taken(variables: dict[str, t.Any]) -> None:
    assert written({"vars": variables}, document())[0].variables == variables


def test_an_element_that_is_no_host_is_in_the_way() -> None:
    actual = parse(f"<domain><metadata><x:role xmlns:x='{URI}'/></metadata></domain>")
    with pytest.raises(OptionError, match=r"^ansible: .* an element role of the namespace"):
        written({"tags": ["a"]}, actual)
    assert written({"tags": []}, actual)[0] == AnsibleHost()
