# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.live import (
    live_plan,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.pending import (
    pending,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.amounts import (
    kib,
    vcpu_count,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

DOCUMENT = (
    "<domain type='qemu'><name>a</name><memory unit='KiB'>262144</memory>"
    "<currentMemory unit='KiB'>262144</currentMemory><vcpu placement='static' current='2'>3</vcpu>"
    "<os><type arch='x86_64'>hvm</type></os><devices><memballoon model='virtio'/></devices>"
    "</domain>"
)


@pytest.mark.parametrize("amount", ["unit='MiB'>230", "unit='KiB'>235520", "unit='b'>241172480"])
def test_an_amount_keeps_its_unit(amount: str) -> None:
    wanted = DOCUMENT.replace("<currentMemory unit='KiB'>262144", f"<currentMemory {amount}")
    (step,) = live_plan(pending(parse(wanted), parse(DOCUMENT))).steps
    assert step.row.call == "memory"
    assert kib(step.desired) == 230 * 1024


@pytest.mark.parametrize("all_of_them", ["placement='static'>3", "current='3'>3"])
def test_all_virtual_cpus_are_plugged_in(all_of_them: str) -> None:
    wanted = DOCUMENT.replace("placement='static' current='2'>3", all_of_them)
    (step,) = live_plan(pending(parse(wanted), parse(DOCUMENT))).steps
    assert step.row.call == "vcpus"
    assert vcpu_count(step.desired) == (3, 3)


def test_as_many_virtual_cpus_as_there_can_be_is_not_written() -> None:
    wanted = parse("<domain><vcpu current='3'>3</vcpu></domain>")
    (change,) = reconcile(wanted, parse(DOCUMENT), DOMAIN, MERGE).changes
    assert (change.path, change.before, change.after) == ("/domain/vcpu/@current", "2", "3")
    kept = parse(DOCUMENT.replace(" current='2'", ""))
    assert reconcile(wanted, kept, DOMAIN, MERGE).changes == ()
    assert (
        reconcile(parse("<domain><vcpu current='3'/></domain>"), kept, DOMAIN, MERGE).changes == ()
    )
