# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain that exists ends as virt-xml would have it, where that has the same words."""

from __future__ import annotations

import collections
import functools
import os
import random
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .exceptions import VIRT_XML, reason_for
from .test_options import NAMES, cases, difference, options_with, tried_options
from .tried import URI, Bench, Refused, comparable, fixture_bench
from .virt_xml import VirtXml, VirtXmlRefused, words

__all__ = ["fixture_bench"]
#: The share of the cases that one run tries, and which ones; SWEEP_SHARE=1 tries all.
_SHARE = float(os.environ.get("SWEEP_SHARE", "0.3"))
_SEED = os.environ.get("SWEEP_SEED", "0")
#: What the two have in common is said by these alone.
_JUDGED = [name for name in NAMES if GROUPS[name].flags]


@pytest.fixture(scope="module", name="judge")
def fixture_judge() -> VirtXml:
    return VirtXml(URI)


@pytest.mark.parametrize("name", _JUDGED)
def test_virt_xml(
    bench: Bench, judge: VirtXml, counts: collections.Counter[str], name: str
) -> None:
    chance, wrong = random.Random(f"{_SEED} {name}"), []
    for group, option in tried_options():
        if group.name != name:
            continue
        for what, before, after in cases(group, option):
            if before is None or chance.random() >= _SHARE:
                continue
            ask = functools.partial(verdict, bench, judge, group, option, before, after)
            end = bench.judged(ask, counts)
            kind = end.partition(":")[0]
            reason = reason_for(group, option, after)
            reason = VIRT_XML.get(f"{name} {option.name}", VIRT_XML.get(name, reason))
            if kind in _FINE or reason is None:
                counts[f"virt-xml: {kind}"] += 1
            else:
                counts[f"virt-xml differs: {reason}"] += 1
            if kind not in _FINE and reason is None:
                wrong.append(f"{option.name}: {what}: {before!r} -> {after!r}: {end[:500]}")
    assert not wrong, f"SWEEP_SEED={_SEED}\n" + "\n".join(wrong)


_FINE = (
    "the same",
    "both refuse",
    "libvirt refuses what virt-xml makes of it",
    "only virt-xml refuses",
    "refused here",
    "no such domain can be made",
    "virt-xml has no such words",
    "several devices, of which virt-xml would take the first",
)


def verdict(
    bench: Bench, judge: VirtXml, group: Group, option: Option, before: t.Any, after: t.Any
) -> str:
    """How a domain made with ``before`` ends here, given ``after``, and by virt-xml."""
    text = words(option.name.replace("[]", "0"), after)
    if text is None:
        return "virt-xml has no such words"
    ours, refusal = None, ""
    try:
        try:
            bench.done(options_with(group, option, before))
        except Refused:
            return "no such domain can be made"
        document = bench.document()
        if group.is_device and len(document.findall(group.path)) != 1:
            return "several devices, of which virt-xml would take the first"
        try:
            bench.done(options_with(group, option, after))
        except Refused as error:
            refusal = str(error)
        else:
            ours = comparable(bench.document(), "usb")
        bench.remove()
        try:
            edited = judge.edited(serialise(document), group.flags[0], text)
        except VirtXmlRefused as error:
            return "both refuse" if ours is None else f"only virt-xml refuses: {error}"
        try:
            bench.connection.raw.defineXML(edited)
        except libvirt.libvirtError as error:
            if ours is None:
                return "both refuse"
            return f"libvirt refuses what virt-xml makes of it: {error}"
        if ours is None:
            return f"refused here: {refusal}"
        theirs = comparable(bench.document(), "usb")
        return "the same" if ours == theirs else f"otherwise: {difference(theirs, ours)}"
    finally:
        bench.remove()
