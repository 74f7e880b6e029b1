# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of Molecule's guests."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from ansible_collections.declarative.libvirt.plugins.plugin_utils._molecule.names import (
    Scenario,
    domain_name,
    hostname,
    run_of,
)
from hypothesis import given
from hypothesis import strategies as st

DEFAULT = Scenario("/home/me/role", "default")


def test_a_name_says_whose_it_is() -> None:
    assert domain_name(DEFAULT, "web") == f"molecule-role-default-{DEFAULT.digest}-web"


@pytest.mark.parametrize(
    "other",
    [
        Scenario("/home/you/role", "default"),
        Scenario("/home/me/role", "other"),
        Scenario("/home/me", "role\ndefault"),
    ],
)
def test_other_scenarios_have_other_names(other: Scenario) -> None:
    assert domain_name(other, "web") != domain_name(DEFAULT, "web")
    assert other.tag != DEFAULT.tag


def test_a_nested_scenario_has_a_name_without_a_slash() -> None:
    nested, flat = Scenario("/c", "a/b"), Scenario("/c", "a-b")
    assert "/" not in domain_name(nested, "web")
    assert domain_name(nested, "web") != domain_name(flat, "web")


def test_each_parallel_run_has_names_of_its_own() -> None:
    def state(project: str) -> str:
        # As Molecule calls it.
        digest = base64.urlsafe_b64encode(hashlib.sha256(project.encode()).digest()).decode()
        return f"/root/.ansible/tmp/molecule.{digest[:4]}.default"

    assert run_of("/home/me/role", state("role")) == run_of("/home/me/role", "/home/me/state") == ""
    runs = [run_of("/home/me/role", state(f"role-{run}")) for run in ("a", "b")]
    assert len({DEFAULT.tag, *(DEFAULT._replace(run=run).tag for run in runs)}) == 3


@given(st.lists(st.text(min_size=1, max_size=300), min_size=2, max_size=2, unique=True))
def test_any_names_become_names_of_files_and_stay_different(hosts: list[str]) -> None:
    names = [domain_name(Scenario("/" + hosts[0], hosts[1]), host) for host in hosts]
    assert len(set(names)) == 2
    for name in names:
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        assert len(f"{name}-cloudinit-0123456789ab.iso") < 200


@given(st.text(max_size=300))
def test_any_name_becomes_a_hostname(host: str) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", hostname(host))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("web", "web"),
        ("Web", "web"),
        ("web.example.org", "web"),
        ("x" * 63, "x" * 63),
    ],
)
def test_a_hostname_is_the_name_where_that_can_be_one(host: str, expected: str) -> None:
    assert hostname(host) == expected


def test_hostnames_of_similar_names_differ() -> None:
    names = ["web_1", "web-1", "web 1", "x" * 64, "x" * 65, "10.0.0.1", "10.0.0.2"]
    assert len({hostname(name) for name in names}) == len(names)
