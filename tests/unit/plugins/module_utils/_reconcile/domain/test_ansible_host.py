# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags and variables of a host of Ansible in a domain's metadata."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.ansible_host import (
    AnsibleHost,
    put_host,
    tags_and_vars,
    written_host,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

_OTHERS = "<metadata><app:a xmlns:app='urn:app'>1</app:a></metadata>"


@pytest.mark.parametrize(
    "host",
    [
        AnsibleHost(("web",), {}),
        AnsibleHost(("web", "prod 2", "<&>"), {"http_port": 8080, "ansible_user": "debian"}),
        AnsibleHost((), {"a": {"b": [1, None, True, 2.5]}, "text": "{{ x }}\n\x00\ud7ff ü"}),
    ],
)
@pytest.mark.parametrize("metadata", ["", _OTHERS])
def test_they_come_back_from_the_document(host: AnsibleHost, metadata: str) -> None:
    document = parse(f"<domain><name>a</name>{metadata}</domain>")
    put_host(document, written_host(AnsibleHost(("old",), {"old": 1})))
    put_host(document, written_host(host))
    again = parse(serialise(document))
    assert tags_and_vars(again) == host
    assert ("urn:app" in serialise(again)) == bool(metadata)


@pytest.mark.parametrize("metadata", ["", _OTHERS])
def test_without_tags_and_variables_nothing_is_left(metadata: str) -> None:
    text = f"<domain><name>a</name>{metadata}</domain>"
    document = parse(text)
    put_host(document, written_host(AnsibleHost(("web",))))
    put_host(document, None)
    assert document == parse(text)


def test_what_others_wrote_is_read_as_far_as_it_can_be() -> None:
    document = parse(
        "<domain><metadata><h:host xmlns:h='https://declarative-libvirt.github.io/ns/host/1'>"
        "<h:tag> web </h:tag><h:tag>web</h:tag><h:tag/><h:tag> </h:tag><h:var>1</h:var>"
        "<h:var name='a'>no JSON</h:var><h:var name='b'/><h:var name='c'>[1,2]</h:var>"
        "</h:host></metadata></domain>"
    )
    assert tags_and_vars(document) == AnsibleHost(("web",), {"a": "no JSON", "b": "", "c": [1, 2]})


@pytest.mark.parametrize(
    "text",
    ["NaN", "[-Infinity]", "1e999", "[" * 100_000, '[{"__ansible_type": "x"}]'],
)
def test_what_no_result_can_have_is_text(text: str) -> None:
    document = parse(
        "<domain><metadata><h:host xmlns:h='https://declarative-libvirt.github.io/ns/host/1'>"
        f"<h:var name='a'>{text}</h:var><h:var name='__ansible_type'>1</h:var></h:host></metadata></domain>"
    )
    assert tags_and_vars(document).variables == {"a": text}


def test_the_order_of_tags_says_nothing() -> None:
    assert AnsibleHost(("a", "b"), {"x": 1}).is_like(AnsibleHost(("b", "a"), {"x": 1}))
    assert not AnsibleHost(("a",), {"x": 1}).is_like(AnsibleHost(("a",), {"x": "1"}))
    assert not AnsibleHost(("a",), {"x": 1}).is_like(AnsibleHost(("a",), {"x": True}))
    assert not AnsibleHost(("a", "b")).is_like(AnsibleHost(("a",)))
