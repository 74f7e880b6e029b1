# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._choices import EXACT, MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from .documents import domains, shuffled, unknown

MODES = st.sampled_from([EXACT, MERGE])


@settings(max_examples=300)
@given(domains(), domains(), MODES)
def test_a_plan_that_was_applied_has_nothing_left(desired, actual, mode):
    plan = reconcile(desired, actual, DOMAIN, mode)
    again = reconcile(desired, plan.document, DOMAIN, mode)
    assert again.changes == ()
    assert again.document == plan.document


@settings(max_examples=200)
@given(domains(), MODES)
def test_a_document_against_itself_has_no_changes(document, mode):
    plan = reconcile(document, document, DOMAIN, mode)
    assert plan.changes == ()
    assert plan.document is document


@settings(max_examples=200)
@given(st.data(), domains(), MODES)
def test_the_order_of_unordered_lists_does_not_matter(data, document, mode):
    other = data.draw(shuffled(document))
    assert reconcile(other, document, DOMAIN, mode).changes == ()


@settings(max_examples=200)
@given(domains(), domains(), unknown())
def test_unknown_elements_survive_a_merge(desired, actual, extra):
    devices = actual.child("devices")
    assert devices is not None
    foreign = [one.replaced({**one.attributes, "mine": "yes"}) for one in extra]
    for number, one in enumerate(foreign):
        one.tag = f"foreign{number}"
    kept = actual.replaced(
        children=[
            child.replaced(children=[*child.children, *foreign]) if child is devices else child
            for child in actual.children
        ]
    )
    result = reconcile(desired, kept, DOMAIN, MERGE).document.child("devices")
    assert result is not None
    assert [one for one in result.children if one.tag.startswith("foreign")] == foreign


@settings(max_examples=200)
@given(domains(), domains())
def test_an_exact_plan_says_whatever_the_desired_document_says(desired, actual):
    document = reconcile(desired, actual, DOMAIN, EXACT).document
    for tag in ("title", "description"):
        assert document.value(tag) == desired.value(tag)
    assert [b.get("dev") for b in document.findall("os/boot")] in (
        [b.get("dev") for b in desired.findall("os/boot")],
        ["hd"],
    )
    assert {d.value("target/@dev") for d in document.findall("devices/disk")} == {
        d.value("target/@dev") for d in desired.findall("devices/disk")
    }
    assert {i.value("mac/@address") for i in document.findall("devices/interface")} == {
        i.value("mac/@address") for i in desired.findall("devices/interface")
    }


@settings(max_examples=200)
@given(domains())
def test_what_is_written_reads_back_the_same(document):
    assert parse(serialise(document)) == document
