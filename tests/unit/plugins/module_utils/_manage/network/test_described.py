# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network's document from options and back, and the entries that are to go."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible_collections.declarative.libvirt.plugins.doc_fragments.network_options import (
    ModuleDocFragment,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.network.described import (
    absent_in,
    document_of,
    options_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.network.unwanted import (
    without,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.network_options import (
    DESCRIBED,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.network.options import (
    OPTIONS,
    Group,
    Value,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)


def _example(part: Value | Group) -> t.Any:
    """A value of an option, with all its sub-options."""
    if isinstance(part, Group):
        entry = {inner.option: _example(inner) for inner in part.parts}
        return [entry] if part.is_many else entry
    if part.choices:
        return part.choices[-1]
    return {"bool": True, "int": 7, "list": ["one", "two"]}.get(part.type, "text")


@pytest.mark.parametrize("part", OPTIONS.parts, ids=lambda part: part.option)
def test_each_option_comes_back(part: Value | Group) -> None:
    options = {part.option: _example(part)}
    text = serialise(document_of(options))
    expected = {} if part.option == "uuid" else options
    assert options_of(parse(text)) == expected


def test_ipv6_goes_without_saying() -> None:
    options = {"ips": [{"address": "fd00::1"}], "routes": [{"address": "192.0.2.0"}]}
    text = serialise(document_of(options), indent=None)
    assert "<ip address='fd00::1' family='ipv6'/>" in text
    assert "<route address='192.0.2.0'/>" in text


def test_what_is_off_and_nothing() -> None:
    options: dict[str, t.Any] = {"bridge": {"stp": False, "name": None}, "dns": {"enable": False}}
    text = serialise(document_of(options), indent=None)
    assert text == "<network><bridge stp='off'/><dns enable='no'/></network>"


def test_the_elements_stand_where_the_schema_has_them() -> None:
    options = {"dnsmasq_options": ["a=b"], "mtu": 1400, "forward": {"interfaces": ["x", "y"]}}
    assert serialise(document_of(options), indent=None) == (
        "<network><forward><interface dev='x'/><interface dev='y'/></forward><mtu size='1400'/>"
        "<dnsmasq:options xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>"
        "<dnsmasq:option value='a=b'/></dnsmasq:options></network>"
    )


def test_entries_that_are_to_go() -> None:
    options: dict[str, t.Any] = {
        "ips": [
            {
                "address": "192.0.2.1",
                "state": "present",
                "dhcp": {
                    "hosts": [
                        {"mac": "52:54:00:00:00:0A", "state": "absent"},
                        {"ip": "192.0.2.12", "state": "absent"},
                        {"mac": "52:54:00:00:00:0d", "ip": "192.0.2.13", "state": "present"},
                    ]
                },
            },
            {"address": "198.51.100.1", "state": "absent"},
        ],
        "portgroups": [{"name": "old", "state": "absent"}],
    }
    assert serialise(document_of(options), indent=None) == (
        "<network><ip address='192.0.2.1'><dhcp><host mac='52:54:00:00:00:0d' ip='192.0.2.13'/>"
        "</dhcp></ip></network>"
    )
    entries = absent_in(options)
    assert entries is not None
    document = parse(
        "<network><ip address='192.0.2.1'><dhcp><host mac='52:54:00:00:00:0a' ip='192.0.2.10'/>"
        "<host name='b' ip='192.0.2.12'/><host mac='52:54:00:00:00:0c' ip='192.0.2.14'/></dhcp></ip>"
        "<ip address='198.51.100.1'/><portgroup name='new'/></network>"
    )
    taken = without(entries, document)
    assert serialise(taken.document, indent=None) == (
        "<network><ip address='192.0.2.1'><dhcp><host mac='52:54:00:00:00:0c' ip='192.0.2.14'/></dhcp>"
        "</ip><portgroup name='new'/></network>"
    )
    assert len(taken.gone) == 3
    assert without(entries, taken.document).document is taken.document
    assert absent_in({"mtu": 1400}) is None


def test_a_network_that_forwards_nothing() -> None:
    options: dict[str, t.Any] = {"forward": {"mode": "none"}}
    assert serialise(document_of(options)) == "<network/>"
    entries = absent_in(options)
    assert entries is not None
    left = without(entries, parse("<network><forward mode='nat'/></network>")).document
    assert serialise(left) == "<network/>"


def test_the_documentation_has_these_options() -> None:
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]

    def without_words(options: dict[str, t.Any], inner: str) -> dict[str, t.Any]:
        return {
            name: {
                key: without_words(value, inner) if key == inner else value
                for key, value in option.items()
                if key != "description"
            }
            for name, option in options.items()
        }

    specified = without_words(DESCRIBED.options, "options")

    def renamed(options: dict[str, t.Any]) -> dict[str, t.Any]:
        return {
            name: {
                ("options" if key == "suboptions" else key): (
                    renamed(value) if key == "suboptions" else value
                )
                for key, value in option.items()
            }
            for name, option in options.items()
        }

    assert renamed(without_words(documented, "suboptions")) == specified
