# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables and the templates of the role hypervisor."""

from __future__ import annotations

import pathlib
import re
import typing as t

import jinja2
import pytest
import yaml

ROLE = pathlib.Path(__file__).parents[3] / "roles" / "hypervisor"
SYSTEMS = sorted(path for path in (ROLE / "vars").glob("*.yml") if path.stem != "main")


def load(path: pathlib.Path) -> t.Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


VARS = load(ROLE / "vars" / "main.yml")


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_a_system_has_what_the_modules_need(path: pathlib.Path) -> None:
    system = load(path)["hypervisor_system"]
    assert set(system) == {"daemons", "packages", "of_arch", "osinfo", "sasl"}
    assert system["daemons"] in VARS["hypervisor_kinds"]
    packages = system["packages"]
    assert len(set(packages)) == len(packages)
    assert {"python3-libvirt", "python3-lxml", "osinfo-db", "swtpm-tools"} <= set(packages)
    # Enterprise Linux has none.
    assert ("python3-pycdlib" in packages) == (path.stem != "RedHat")
    assert {"x86_64", "aarch64"} <= set(system["of_arch"])
    assert "osinfo-db-tools" in system["osinfo"]


def test_the_tables_of_systems_that_are_named() -> None:
    names = {path.stem for path in SYSTEMS}
    assert names == {"Debian", "Debian-12", "Fedora", "RedHat"}
    assert set(VARS["hypervisor_like"].values()) <= names


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("root", 'k = "root"'),
        (0, "k = 0"),
        (True, "k = 1"),
        (False, "k = 0"),
        (["a", "b"], 'k = [ "a", "b" ]'),
        (["a", 3, True], 'k = [ "a", 3, 1 ]'),
        ('"a\\b$', "k = '\"a\\b$'"),
        ("", 'k = ""'),
    ],
)
def test_a_setting_as_a_line(value: object, line: str) -> None:
    template = jinja2.Template(VARS["hypervisor_line"])
    assert template.render(hypervisor_setting={"key": "k", "value": value}).strip() == line


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('k = [\n  "a",\n  "b"\n]\nother = 1\n', 'k = [\n  "a",\n  "b"\n]'),
        ('k = [ "a",\n "]" # ] \n]\n', 'k = [ "a",\n "]" # ] \n]'),
        ("  k=[\n]\n", "  k=[\n]"),
        ('k = [ "a", "b" ]\nother = [\n"c"\n]\n', None),
        ('#k = [\n#  "a"\n#]\n', None),
        ("k = 1\n", None),
        ('kk = [\n"a"\n]\n', None),
    ],
)
def test_a_value_of_several_lines(text: str, found: str | None) -> None:
    pattern = re.sub(r"\{\{.*?\}\}", "k", VARS["hypervisor_long"]).strip()
    match = re.search(pattern, text)
    assert (match and match[0]) == found


def test_each_variable_is_documented_and_has_its_default() -> None:
    options = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = load(ROLE / "defaults" / "main.yml")
    assert set(options) == set(defaults)
    assert {name: option.get("default") for name, option in options.items()} == defaults
