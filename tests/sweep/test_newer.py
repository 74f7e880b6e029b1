# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sub-options that virt-install has since 5.0 and 5.1, on whatever libvirt there is.

Each is tried as all others are, and proves something; or this libvirt is too old, and the message
names what it doesn't know.
"""

from __future__ import annotations

import collections

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .exceptions import reason_for
from .newer import NEWER, NOT_HERE
from .test_options import FINE, NOTHING, WRONG, cases, fixture_bench, options_with, verdict
from .tried import Bench, Refused

__all__ = ["fixture_bench"]
#: What proves that a sub-option is enforced.
_PROVEN = ("same", "same where the option reaches", "enforced of one that exists", "meant")


@pytest.mark.parametrize("row", sorted(NEWER))
def test_a_newer_sub_option(bench: Bench, counts: collections.Counter[str], row: str) -> None:
    name, _space, sub_option = row.partition(" ")
    group = GROUPS[name]
    option = group.places[sub_option][1]
    kinds = []
    for what, before, after in cases(group, option):
        made, said = options_with(group, option, before), options_with(group, option, after)
        end = verdict(bench, group, option, made, said, after)
        kind = end.partition(":")[0]
        is_meant = reason_for(group, option, after) is not None and kind not in WRONG
        assert kind in FINE or is_meant, f"{what}: {before!r} -> {after!r}: {end[:600]}"
        kinds.append("meant" if is_meant else kind)
    if any(kind in _PROVEN for kind in kinds):
        counts["newer sub-options that are proven"] += 1
        return
    if row in NOT_HERE:
        counts[f"newer sub-options: {NOT_HERE[row]}"] += 1
        return
    message = _refusal(bench, group, option)
    assert any(word in message for word in _words(group, option)), f"{kinds}: {message}"
    assert NOTHING in kinds or "refused of both" in kinds
    counts["newer sub-options that this libvirt doesn't know, and is said so"] += 1


def _refusal(bench: Bench, group: Group, option: Option) -> str:
    """Why a domain with the sub-option can't be made."""
    value = NEWER[f"{group.name} {option.name}"].values[0]
    try:
        bench.done(options_with(group, option, value))
    except Refused as error:
        return str(error)
    finally:
        bench.remove()
    return "it can be made"


def _words(group: Group, option: Option) -> list[str]:
    """What a message about the sub-option may call it, or what stands beside it."""
    path = option.path or option.name
    steps = [step.partition("[")[0].lstrip("@") for step in path.split("/")]
    beside = NEWER[f"{group.name} {option.name}"].beside.values()
    quoted = [f"'{word}'" for word in (*steps, *beside)]
    return [option.name, *quoted, *(f"<{step}" for step in (*steps, group.tag))]
