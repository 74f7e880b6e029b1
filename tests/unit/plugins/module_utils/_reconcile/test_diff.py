# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.diff import (
    readable_diff,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import (
    DOMAIN,
    KIND,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.nwfilter import (
    KIND as NWFILTER,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .test_reconcile import ACTUAL


def diff(old, new):
    assert old in ACTUAL
    actual = parse(ACTUAL)
    return readable_diff(
        actual, reconcile(parse(ACTUAL.replace(old, new)), actual, DOMAIN).document, KIND
    )


def test_only_what_changes_is_shown_with_the_device_that_it_belongs_to():
    shown = diff("type='qcow2'/>", "type='qcow2' cache='none'/>")
    assert shown["before"] == (
        "<domain type='kvm'>\n"
        "  <name>guest</name>\n"
        "  <devices>\n"
        "    <disk type='file' device='disk'>\n"
        "      <driver name='qemu' type='qcow2'/>\n"
        "      <source file='/images/guest.qcow2'/>\n"
        "      <target dev='vda' bus='virtio'/>\n"
        "      <address type='pci' domain='0x0000' bus='0x00' slot='0x04' function='0x0'/>\n"
        "    </disk>\n"
        "  </devices>\n"
        "</domain>\n"
    )
    assert shown["after"] == shown["before"].replace("'qcow2'/>", "'qcow2' cache='none'/>")
    assert "guest" in shown["before_header"]


def test_nothing_is_shown_of_what_is_the_same():
    shown = readable_diff(parse(ACTUAL), parse(ACTUAL), KIND)
    assert (shown["before"], shown["after"]) == ("", "")


_FILTER = (
    "<filter name='web'>{}<rule action='drop' direction='in' priority='900'><all/></rule></filter>"
)
_ALLOWED = "<rule action='accept' direction='in' priority='500'><tcp dstportstart='{}'/></rule>"


def test_what_moves_is_shown_with_what_it_moves_past():
    reference, *rules = "<filterref filter='clean-traffic'/>", *map(_ALLOWED.format, (22, 80))
    orders = ("".join([reference, *rules]), "".join([rules[1], reference, rules[0]]))
    before, after = (parse(_FILTER.format(parts)) for parts in orders)
    plan = reconcile(after, before, NWFILTER.book)
    assert {change.op for change in plan.changes} == {"move"}
    shown = readable_diff(before, plan.document, NWFILTER)
    tokens = ("clean-traffic", "'22'", "'80'", "'900'")
    for side, expected in (("before", [0, 1, 2]), ("after", [2, 0, 1])):
        places = {shown[side].find(token): tokens.index(token) for token in tokens}
        assert [places[at] for at in sorted(places) if at >= 0] == expected


def test_creation_and_removal_show_the_whole_document():
    created = readable_diff(None, parse(ACTUAL), KIND)
    removed = readable_diff(parse(ACTUAL), None, KIND)
    assert created["before"] == removed["after"] == ""
    assert created["after"] == removed["before"]
    assert "<audio id='1' type='none'/>" in created["after"]


def test_passwords_are_hidden_and_their_change_is_seen():
    shown = diff("passwd='geheim'", "passwd='anders'")
    assert "geheim" not in str(shown)
    assert "anders" not in str(shown)
    assert shown["before"] != shown["after"]
    assert "VALUE_HIDDEN" in shown["before"]
    assert "geheim" not in str(readable_diff(None, parse(ACTUAL), KIND))


def test_both_sides_have_the_same_unit():
    before = parse("<domain><name>a</name><memory unit='KiB'>1048576</memory></domain>")
    for wanted in ("<memory>2097152</memory>", "<memory unit='GiB'>2</memory>"):
        after = parse(f"<domain><name>a</name>{wanted}</domain>")
        shown = readable_diff(before, after, KIND)
        assert "<memory unit='KiB'>1048576</memory>" in shown["before"]
        assert "<memory unit='KiB'>2097152</memory>" in shown["after"]
