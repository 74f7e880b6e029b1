# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt 11 writes into a definition, and libvirt 9 does not."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import EXACT, MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

HOTPLUG = """
<domain type='qemu'>
  <name>guest</name>
  <maxMemory slots='4' unit='KiB'>4194304</maxMemory>
  <memory unit='KiB'>1048576</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
</domain>
"""
CPU = "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model>"
CELL = "<numa><cell id='0' cpus='0-1' memory='1048576' unit='KiB'/></numa>"
KEPT = HOTPLUG.replace(
    "<vcpu>", "<currentMemory unit='KiB'>1048576</currentMemory><vcpu placement='static'>"
).replace(
    "</domain>",
    f"{CPU}{CELL}</cpu><clock offset='utc'/><on_poweroff>destroy</on_poweroff>"
    "<on_reboot>restart</on_reboot><on_crash>destroy</on_crash><devices/></domain>",
)
CELL_PATH = "/domain/cpu/numa/cell[@id='0']"


def summary(plan):
    return [(change.path, change.before, change.after) for change in plan.changes]


def test_the_cell_that_is_added_for_memory_hotplug():
    assert summary(reconcile(parse(HOTPLUG), parse(KEPT), DOMAIN)) == []
    without = parse(KEPT.replace("<maxMemory slots='4' unit='KiB'>4194304</maxMemory>", ""))
    plan = reconcile(parse(HOTPLUG), without, DOMAIN)
    assert {change.path for change in plan.changes} == {"/domain/maxMemory"}


def test_a_cell_that_is_another_than_libvirt_adds():
    other = parse(KEPT.replace("cpus='0-1'", "cpus='0'"))
    plan = reconcile(parse(HOTPLUG), other, DOMAIN)
    assert summary(plan) == [(f"{CELL_PATH}/@cpus", "0", "0-1")]


def test_modules_are_no_part_of_the_cell():
    module = (
        "<devices><memory model='dimm'><target><size unit='KiB'>524288</size><node>0</node>"
        "</target></memory></devices>"
    )
    wanted = HOTPLUG.replace("1048576", "1572864").replace("</domain>", f"{module}</domain>")
    kept = KEPT.replace(">1048576<", ">1572864<").replace("<devices/>", module)
    assert summary(reconcile(parse(wanted), parse(kept), DOMAIN)) == []


@pytest.mark.parametrize(
    ("fragment", "path", "before", "after"),
    [
        ("<memory unit='GiB'>2</memory>", "@memory", "1048576 KiB", "2097152 KiB"),
        ("<vcpu>4</vcpu>", "@cpus", "0-1", "0-3"),
    ],
)
def test_the_cell_follows_what_is_said_of_the_guest(fragment, path, before, after):
    plan = reconcile(parse(f"<domain>{fragment}</domain>"), parse(KEPT), DOMAIN, MERGE)
    assert (f"{CELL_PATH}/{path}", before, after) in summary(plan)
    again = reconcile(parse(f"<domain>{fragment}</domain>"), plan.document, DOMAIN, MERGE)
    assert summary(again) == []


def test_memory_that_is_plugged_in_stays_out_of_the_cell():
    module = (
        "<devices><memory model='dimm'><target><size unit='KiB'>524288</size><node>0</node>"
        "</target></memory></devices>"
    )
    kept = KEPT.replace(">1048576<", ">1572864<").replace("<devices/>", module)
    same = parse("<domain><memory unit='GiB'>1</memory></domain>")
    assert summary(reconcile(same, parse(kept), DOMAIN, MERGE)) == []
    more = reconcile(parse("<domain><vcpu>4</vcpu></domain>"), parse(kept), DOMAIN, MERGE)
    assert (f"{CELL_PATH}/@cpus", "0-1", "0-3") in summary(more)
    assert more.document.value("cpu/numa/cell/@memory") == "1048576"


def test_a_cell_that_is_said_does_not_follow():
    said = f"<domain><vcpu>4</vcpu><cpu>{CELL}</cpu></domain>"
    plan = reconcile(parse(said), parse(KEPT), DOMAIN, MERGE)
    assert all(change.path != f"{CELL_PATH}/@memory" for change in plan.changes)
    smaller = parse(KEPT.replace("cpus='0-1'", "cpus='0'"))
    plan = reconcile(parse("<domain><vcpu>4</vcpu></domain>"), smaller, DOMAIN, MERGE)
    assert plan.document.value("cpu/numa/cell/@memory") == "1048576"


@pytest.mark.parametrize(
    ("kept", "changes"),
    [
        ("format='raw'", []),
        ("format='qcow2'", [("/domain/os/loader/@format", "qcow2", "raw")]),
        ("", []),
    ],
)
def test_the_format_of_a_loader(kept, changes):
    loader = "<loader readonly='yes' type='rom'{}>/bios.bin</loader></os>"
    wanted = HOTPLUG.replace("</os>", loader.format(""))
    actual = KEPT.replace("</os>", loader.format(f" {kept}"))
    assert summary(reconcile(parse(wanted), parse(actual), DOMAIN, EXACT)) == changes
