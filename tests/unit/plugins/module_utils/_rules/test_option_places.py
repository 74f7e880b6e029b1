# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message names an option that the task has used."""

from __future__ import annotations

import ast
import importlib
import pathlib
import re
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _manage
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.option_places import (
    PLACES,
    in_terms_of,
)

_WRONG = "ips.address: 10.0.0.1/24 is wrong; mend it"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"ips": [{"address": "10.0.0.1/24"}], "xml": None}, _WRONG),
        ({"ips": None, "xml": "<network/>"}, "xml: <ip>: 10.0.0.1/24 is wrong; mend it"),
        ({"ips": [], "src": "lab.xml"}, "src: <ip>: 10.0.0.1/24 is wrong; mend it"),
        # domain_xml doesn't have an option for each part.
        ({"src": "lab.xml"}, "src: <ip>: 10.0.0.1/24 is wrong; mend it"),
        ({"ips": [{"address": "10.0.0.1/24"}], "xml": "<network/>"}, _WRONG),
        ({"ips": None, "xml": None}, _WRONG),
    ],
)
def test_the_place_in_a_document(params: dict[str, t.Any], expected: str) -> None:
    assert in_terms_of(_WRONG, "network", params) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("ips.dhcp.hosts: x", "xml: <ip><dhcp><host>: x"),
        ("dns.txt: x", "xml: <dns><txt>: x"),
        ("the XML is not valid: line 1: x", "the XML is not valid: line 1: x"),
        ("merge_timeout: x", "merge_timeout: x"),
        ("state=inactive: x", "state=inactive: x"),
    ],
)
def test_longer_options_have_their_own_place(message: str, expected: str) -> None:
    params = {"xml": "<network/>", "state": "present"}
    assert in_terms_of(message, "network", params) == expected


def test_false_is_a_value_that_is_used() -> None:
    params = {"private": False, "xml": "<secret/>"}
    assert in_terms_of("private: x", "secret", params) == "private: x"


#: Where the checks of documents are, whoever has written them.
_CHECKS = {
    "network": ("network/clashes.py", "network/others.py"),
    "pool": ("pool/running.py",),
    "secret": ("secret.py",),
    "domain": ("domain/conflicts.py",),
}


def _beginnings(path: pathlib.Path) -> t.Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        text = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            found = re.match(r"([a-z_]+(?:\.[a-z_]+)*): ", text.value)
            if found is not None:
                yield found[1]


@pytest.mark.parametrize("noun", sorted(_CHECKS))
def test_each_check_of_a_document_has_its_place(noun: str) -> None:
    folder = pathlib.Path(_manage.__file__ or "").parent
    found = {option for name in _CHECKS[noun] for option in _beginnings(folder / name)}
    # What no document gives.
    found -= {"build", "restart", "state", "update_value", "value"}
    assert found
    for option in found:
        assert in_terms_of(f"{option}: x", noun, {"xml": "<x/>"}).startswith("xml: "), option


@pytest.mark.parametrize("noun", sorted(set(PLACES) - {"nwfilter"}))
def test_the_places_are_of_options_that_there_are(noun: str) -> None:
    package = "ansible_collections.declarative.libvirt.plugins.module_utils._module"
    spec = importlib.import_module(f"{package}.{noun}").SPEC
    for option in PLACES[noun]:
        first = option.partition(".")[0]
        assert first in spec.options, option
