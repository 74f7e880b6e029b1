# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.address_choice import (
    rule_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.groups import (
    GROUPS,
    groups_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.variables import (
    refusal,
    variables_of,
)

FACTS: dict[str, t.Any] = {
    "name": "web",
    "uuid": "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11",
    "state": "running",
    "autostart": True,
    "restart_required": False,
    "interfaces": [
        {"type": "network", "source": "default", "mac": "52:54:00:00:00:01"},
        {"type": "bridge", "source": "br0", "mac": "52:54:00:00:00:02"},
        {"type": "user", "source": None, "mac": "52:54:00:00:00:03"},
    ],
    "addresses": [{"address": "192.0.2.1", "mac": "52:54:00:00:00:01"}],
    "tags": ["web", "prod"],
    "ansible_vars": {"http_port": 8080},
}
HYPERVISOR = {"uri": "qemu:///system", "name": "kvm1"}


def guest(**changed: t.Any) -> dict[str, t.Any]:
    about: dict[str, t.Any] = {"osinfo": None, "pools": [], "hostname": None, "answers": False}
    facts = {key: value for key, value in changed.items() if key not in about}
    return {
        **about,
        **{key: value for key, value in changed.items() if key in about},
        "facts": {**FACTS, **facts},
    }


def variables(connection: str = "ssh", **changed: t.Any) -> dict[str, t.Any]:
    found, _warnings = variables_of(guest(**changed), HYPERVISOR, [rule_of("ipv4")], connection)
    return found


def test_the_words_are_those_of_domain_info() -> None:
    found = variables(osinfo="http://debian.org/debian/12", pools=["images"], hostname="web")
    assert {f"libvirt_{name}" for name in FACTS if name != "ansible_vars"} < set(found)
    assert found["libvirt_uri"] == "qemu:///system"
    assert (found["libvirt_hypervisor"], found["libvirt_pools"]) == ("kvm1", ["images"])
    assert (found["ansible_host"], found["http_port"]) == ("192.0.2.1", 8080)
    assert "ansible_connection" not in found
    assert "libvirt_ansible_vars" not in found


@pytest.mark.parametrize(
    ("connection", "answers", "addresses", "is_agent"),
    [
        ("ssh", True, [], False),
        ("agent", False, FACTS["addresses"], True),
        ("auto", True, [], True),
        ("auto", False, [], False),
        ("auto", True, FACTS["addresses"], False),
    ],
)
def test_connections(connection: str, answers: bool, addresses: t.Any, is_agent: bool) -> None:
    found = variables(connection, answers=answers, addresses=addresses)
    assert (found.get("ansible_connection") == "declarative.libvirt.agent") == is_agent
    assert (found.get("ansible_libvirt_domain") == FACTS["uuid"]) == is_agent


def test_groups() -> None:
    found = variables(osinfo="http://ubuntu.com/ubuntu/24.04", pools=["images"])
    assert groups_of(GROUPS, found) == [
        *("state_running", "tag_web", "tag_prod", "network_default", "network_br0"),
        *("pool_images", "os_ubuntu24.04", "hypervisor_kvm1", "autostart"),
    ]
    assert groups_of(["tags"], variables(tags=[])) == []
    assert groups_of(["restart_required"], variables(restart_required=True)) == ["restart_required"]
    system = {"os": {"id": "debian", "version_id": "12"}}
    assert groups_of(["os"], variables(agent=system)) == ["os_debian12"]
    assert groups_of(["os"], variables(agent=None)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("http_port", 8080),
        ("nested", {"a": ["{{ b }}"]}),
        ("ansible_user", "debian"),
        ("ansible_port", 2222),
        ("ansible_host", "web.example.org"),
        ("ansible_connection", "winrm"),
        ("ansible_become", True),
        ("ansible_python_interpreter", "/usr/bin/python3"),
    ],
)
def test_variables_of_the_metadata(name: str, value: object) -> None:
    assert refusal(name, value) is None
    assert variables(ansible_vars={name: value})[name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ansible_connection", "local"),
        ("ansible_ssh_common_args", "-o ProxyCommand=reboot"),
        ("ansible_ssh_executable", "/evil"),
        ("ansible_host", "-oProxyCommand=reboot"),
        ("ansible_user", "-oProxyCommand=reboot"),
        ("ansible_user", "a\nb"),
        ("ansible_port", True),
        ("ansible_become", "yes"),
        ("ansible_python_interpreter", "python3; reboot"),
        ("libvirt_state", "shutoff"),
        ("no name", 1),
        ("class", 1),
        ("", 1),
    ],
)
def test_metadata_can_not_set_what_the_controller_runs(name: str, value: object) -> None:
    found, warnings = variables_of(guest(ansible_vars={name: value}), HYPERVISOR, [], "ssh")
    assert found.get(name) != value
    (warning,) = warnings
    assert warning.startswith("web: the variable ")
    assert "ProxyCommand" not in warning
    assert warning.isprintable()
