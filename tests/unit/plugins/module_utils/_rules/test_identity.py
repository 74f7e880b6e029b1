# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every list of the schema has a row that tells its elements apart."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.match import match
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.book import PREFIXES
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from ....schema_places import RNG, SCHEMAS, defines_of

_LISTS = (f"{RNG}zeroOrMore", f"{RNG}oneOrMore")
#: Lists without a row, and why they need none.
PLAIN = {
    "metadata": "an application's element is one value, known by its namespace",
    "seclabel": "a label of another kind has no text",
    "redirfilter": "a guest has one, with a list of rules",
}


class Lists:
    """The places of a schema at which there may be several of an element."""

    def __init__(self, name: str) -> None:
        self.defines = defines_of(name)
        self.found: set[tuple[str, ...]] = set()
        self.seen: set[t.Any] = set()

    def walk(
        self,
        node: t.Any,
        path: tuple[str, ...],
        many: bool = False,
        stack: tuple[str, ...] = (),
        prefix: str = "",
    ) -> None:
        for child in node:
            tag, name = child.tag, child.get("name")
            if tag == f"{RNG}ref":
                key = (name, path, many)
                # A chain of images may be of any length; one link of it is enough.
                if stack.count(name) < 2 and key not in self.seen:
                    self.seen.add(key)
                    for define in self.defines[name]:
                        self.walk(define, path, many, (*stack, name), prefix)
            elif tag == f"{RNG}element" and name:
                uri = child.get("ns")
                inner = f"{PREFIXES.get(uri, 'other')}:" if uri else prefix
                if many:
                    self.found.add((*path, f"{inner}{name}"))
                self.walk(child, (*path, f"{inner}{name}"), False, stack, inner)
            else:
                self.walk(child, path, many or tag in _LISTS, stack, prefix)


@pytest.mark.skipif(not SCHEMAS.exists(), reason="libvirt's schemas are not installed")
def test_every_list_has_a_row() -> None:
    schema = Lists("domaincommon.rng")
    for define in schema.defines["domain"]:
        schema.walk(define, ())
    missing = set()
    for path in schema.found:
        place = DOMAIN.top
        for step in path[1:]:
            place = place.child(step)
        if place.identity is None and not {*PLAIN}.intersection(path):
            missing.add("/".join(path))
    assert len(schema.found) > 60
    assert missing == set()


@pytest.mark.parametrize(
    ("frame", "there", "said", "merged"),
    [
        (
            "<os>{}</os>",
            "<initenv name='A'>1</initenv><initenv name='B'>2</initenv>",
            "<initenv name='B'>3</initenv><initenv name='C'>4</initenv>",
            "<initenv name='A'>1</initenv><initenv name='B'>3</initenv>"
            "<initenv name='C'>4</initenv>",
        ),
        (
            "<devices><filesystem><driver type='virtiofs'/><target dir='a'/><idmap>{}</idmap></filesystem></devices>",
            "<uid start='0' target='1' count='1'/><uid start='1' target='9' count='5'/>",
            "<uid start='1' target='10' count='5'/>",
            "<uid start='0' target='1' count='1'/><uid start='1' target='10' count='5'/>",
        ),
        (
            "<devices><disk><driver><statistics>{}</statistics></driver><target dev='vda'/></disk>"
            "</devices>",
            "<latency-histogram type='read'><bin start='0'/></latency-histogram>"
            "<latency-histogram type='write'><bin start='0'/></latency-histogram>",
            "<latency-histogram type='write'><bin start='10'/></latency-histogram>"
            "<latency-histogram type='zone'><bin start='0'/></latency-histogram>",
            "<latency-histogram type='read'><bin start='0'/></latency-histogram>"
            "<latency-histogram type='write'><bin start='10'/></latency-histogram>"
            "<latency-histogram type='zone'><bin start='0'/></latency-histogram>",
        ),
        (
            "<throttlegroups>{}</throttlegroups>",
            "<throttlegroup><group_name>a</group_name><read_iops_sec>1</read_iops_sec>"
            "</throttlegroup><throttlegroup><group_name>b</group_name></throttlegroup>",
            "<throttlegroup><group_name>b</group_name><read_iops_sec>2</read_iops_sec>"
            "</throttlegroup>",
            "<throttlegroup><group_name>a</group_name><read_iops_sec>1</read_iops_sec>"
            "</throttlegroup><throttlegroup><group_name>b</group_name>"
            "<read_iops_sec>2</read_iops_sec></throttlegroup>",
        ),
    ],
)
def test_an_element_is_known_by_what_tells_it_apart(
    frame: str, there: str, said: str, merged: str
) -> None:
    def document(inner: str) -> t.Any:
        return parse(f"<domain type='qemu'><name>a</name>{frame.format(inner)}</domain>")

    plan = reconcile(document(said), document(there), DOMAIN, MERGE)
    assert merged in serialise(plan.document, indent=None)
    assert not reconcile(document(said), plan.document, DOMAIN, MERGE).changes


def test_a_histogram_of_another_type_is_another() -> None:
    place = DOMAIN.top.child("devices").child("disk").child("driver").child("statistics")
    read, write = (parse(f"<latency-histogram type='{one}'/>") for one in ("read", "write"))
    found = match([write], [read], place.child("latency-histogram"))
    assert (found.pairs, found.missing, found.extra) == ([], [write], [read])
