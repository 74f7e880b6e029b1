# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import apart
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

TWICE = "<a><b c='1'><d e='2'><f/></d></b><b c='2'><d e='2'><f/></d></b></a>"


def test_equal_parts_of_two_elements_are_apart():
    shared = parse(TWICE)
    root = apart(shared)
    assert root == shared
    assert len({id(element) for element in root.walk()}) == 7


def test_what_shares_nothing_stays_as_it_is():
    root = parse("<a><b><c/></b><d/></a>")
    assert apart(root) is root


def test_an_element_is_rewritten_only_where_something_differs():
    root = parse("<a b='1'><c/></a>")
    assert root.rewritten(root.attributes, root.text, list(root.children)) is root
    assert root.rewritten({"b": "2"}, root.text, root.children) == parse("<a b='2'><c/></a>")
    assert root.rewritten(root.attributes, None, [parse("<d/>")]) == parse("<a b='1'><d/></a>")
    assert root == parse("<a b='1'><c/></a>")
    leaf = parse("<a>x</a>")
    assert leaf.rewritten(leaf.attributes, "y", []) == parse("<a>y</a>")
