# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags and variables in a domain: made, changed, taken away and read, running and off."""

from __future__ import annotations

import functools
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_defaults,
    domain_info,
    domains,
)

from .hypervisor import Hypervisor, Result, task_of
from .three_ways import three_ways

NAME = "tagged"
OPTIONS: dict[str, t.Any] = {
    "name": NAME,
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "disk": "none",
    "network": "none",
    "graphics": "none",
    "shutdown": {"method": [], "timeout": 0, "force": True},
}
OTHERS = "<mine>1</mine>"
#: Text that is data, and no template, element or line.
HOSTILE = "{{ lookup('pipe', 'id') }}\n</ansible:var><&> \x07 ü"

thrice = functools.partial(three_ways, domain, None)


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain, check, **{**OPTIONS, **options})


def info(**options: t.Any) -> list[dict[str, t.Any]]:
    found = task_of(domain_info, **options)
    assert not found.failed, found.msg
    domains_found: list[dict[str, t.Any]] = found.values["domains"]
    return domains_found


def shown() -> tuple[set[str], dict[str, t.Any]]:
    (found,) = info(name=[NAME])
    return set(found["tags"]), found["ansible_vars"]


@pytest.mark.parametrize("state", ["running", "stopped"])
@pytest.mark.parametrize("mode", ["merge", "exact"])
def test_they_are_made_changed_and_taken_away(
    hypervisor: Hypervisor, state: str, mode: str
) -> None:
    first = {"tags": ["web", "prod"], "vars": {"http_port": 8080, "text": HOSTILE}}
    whole = {**OPTIONS, "state": state}
    made = thrice(**whole, ansible=first)
    assert shown() == ({"web", "prod"}, first["vars"])
    raw = hypervisor.raw.lookupByName(NAME)
    both = libvirt.VIR_DOMAIN_AFFECT_CONFIG
    if state == "running":
        both |= libvirt.VIR_DOMAIN_AFFECT_LIVE
    raw.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, OTHERS, "mine", "urn:mine", both)
    number = raw.ID()
    change = functools.partial(thrice, **{**whole, "mode": mode})

    assert change(ansible={"tags": ["db"]}).values["pending"] == []
    assert shown() == ({"db"}, first["vars"])
    assert not task(**whole, mode=mode).changed
    change(ansible={"vars": {"a": [1, {"b": None}]}})
    assert shown() == ({"db"}, {"a": [1, {"b": None}]})
    # Their order says nothing, and true isn't 1.
    change(ansible={"tags": ["x", "db"]})
    assert not task(**whole, mode=mode, ansible={"tags": ["db", "x"]}).changed
    change(ansible={"vars": {"a": True}})
    assert task(check=True, **whole, mode=mode, ansible={"vars": {"a": 1}}).changed
    change(ansible={"tags": []})
    assert shown() == (set(), {"a": True})
    change(ansible={"tags": [], "vars": {}})
    assert shown() == (set(), {})
    assert "ansible:" not in raw.XMLDesc() + hypervisor.definition(NAME)
    assert "urn:mine" in hypervisor.definition(NAME)
    assert raw.ID() == number
    assert made.values["domain"]["name"] == NAME


def test_what_another_program_wrote_in_other_words_stays(hypervisor: Hypervisor) -> None:
    task()
    element = '<host><tag>b</tag><tag>a</tag><var name="x"> {"k":1 , "j":2} </var></host>'
    metadata_by_hand(hypervisor, element)
    same = {"tags": ["a", "b"], "vars": {"x": {"j": 2, "k": 1}}}
    assert not task(check=True, ansible=same).changed
    assert not task(ansible=same).changed
    thrice(**OPTIONS, ansible={"tags": ["c"]})
    assert shown() == ({"c"}, same["vars"])


def metadata_by_hand(hypervisor: Hypervisor, element: str) -> None:
    hypervisor.raw.lookupByName(NAME).setMetadata(
        libvirt.VIR_DOMAIN_METADATA_ELEMENT,
        element,
        "other",
        "https://declarative-libvirt.github.io/ns/host/1",
        libvirt.VIR_DOMAIN_AFFECT_CONFIG,
    )


@pytest.mark.parametrize("text", ["NaN", "-1e999", "[" * 100_000, '{"__ansible_vault": "x"}'])
def test_what_is_no_json_that_can_be_returned_is_text(hypervisor: Hypervisor, text: str) -> None:
    task()
    metadata_by_hand(hypervisor, f'<host><tag> </tag><var name="x">{text}</var></host>')
    assert shown() == (set(), {"x": text})
    thrice(**OPTIONS, ansible={"tags": ["c"]})
    assert shown() == ({"c"}, {"x": text})


def test_an_element_that_libvirt_would_keep_instead_is_an_error(hypervisor: Hypervisor) -> None:
    task()
    metadata_by_hand(hypervisor, "<role>web</role>")
    before = hypervisor.definition(NAME)
    for check in (True, False):
        refused = task(check=check, ansible={"tags": ["web"]})
        assert refused.failed
        assert "metadata has an element role" in refused.msg
    assert hypervisor.definition(NAME) == before
    assert not task().changed


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"vars": {"ansible_password": "hunter22"}}, "ansible.vars: ansible_password looks like"),
        ({"vars": {"db_pass": "hunter22"}}, "ansible.vars: db_pass looks like"),
        ({"vars": {"a": [{"api_token": "hunter22"}]}}, "ansible.vars: a[0].api_token looks like"),
        (
            {"vars": {"a": {"secret": {"b": ["hunter22"]}}}},
            "ansible.vars: a.secret.b[0] looks like",
        ),
        ({"vars": {"number": float("nan")}}, "ansible.vars: number has a part that would not"),
        ({"vars": {"url": "https://me:hunter22@host/"}}, "ansible.vars: url looks like"),
        ({"vars": {"no-name": 1}}, "ansible.vars: 'no-name' can't be"),
        ({"tags": ["web", " "]}, "ansible.tags: a tag is empty"),
        ({"tags": ["we\nb"]}, "ansible.tags: a tag is empty or has a character"),
        ({"tag": ["web"]}, "tag"),
    ],
)
def test_secrets_and_what_can_be_no_variable_are_refused(
    hypervisor: Hypervisor, wrong: dict[str, t.Any], says: str
) -> None:
    for check in (True, False):
        refused = task(check=check, ansible=wrong)
        assert refused.failed
        assert says in refused.msg
        assert "hunter22" not in str(refused.values)
    assert NAME not in hypervisor.names()


def test_a_path_and_an_empty_password_are_no_secrets(hypervisor: Hypervisor) -> None:
    fine = {"ansible_ssh_private_key_file": "~/.ssh/id", "ansible_password": "", "bypass": "eth1"}
    assert task(ansible={"vars": fine}).changed
    assert shown()[1] == fine


def test_a_list_of_domains_is_selected_by_tags(hypervisor: Hypervisor) -> None:
    entries = [
        {"name": "one", "ansible": {"tags": ["web"], "vars": {"port": 1}}},
        {"name": "two", "ansible": {"tags": ["web", "prod"]}},
        {"name": "three"},
    ]
    defaults = {key: value for key, value in OPTIONS.items() if key not in ("name", "shutdown")}
    defaults["ansible"] = {"vars": {"site": "here"}}
    options: dict[str, t.Any] = {"domains": entries, "defaults": defaults}
    done = task_of(domains, **options)
    assert not done.failed, done.msg
    assert not task_of(domains, **options).changed
    assert [found["name"] for found in info(tags=["web"])] == ["one", "two"]
    assert [found["name"] for found in info(tags=["prod", " web "])] == ["two"]
    assert info(tags=["none"]) == []
    assert len(info(tags=[])) == len(info()) == 3
    assert {found["name"]: found["ansible_vars"] for found in info()} == {
        "one": {"site": "here", "port": 1},
        "two": {"site": "here"},
        "three": {"site": "here"},
    }


def test_a_cell_of_a_table_has_them(hypervisor: Hypervisor) -> None:
    defaults = {key: value for key, value in OPTIONS.items() if key not in ("name", "shutdown")}
    cell = "{tags: [web, 1], vars: {since: 2026-01-02, names: {1: one}}}"
    options: dict[str, t.Any] = {"domains": [{"name": NAME, "ansible": cell}], "defaults": defaults}
    done = task_of(domains, **options)
    assert not done.failed, done.msg
    assert not task_of(domains, **options).changed
    assert shown() == ({"web", "1"}, {"since": "2026-01-02", "names": {"1": "one"}})


def test_the_document_shows_them(hypervisor: Hypervisor) -> None:
    options = {key: value for key, value in OPTIONS.items() if key != "shutdown"}
    found = task_of(domain_defaults, **options, ansible={"tags": ["web"]})
    assert not found.failed, found.msg
    assert "<ansible:tag>web</ansible:tag>" in found.values["xml"]
