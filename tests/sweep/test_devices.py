# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every sub-option of a device, said to domain_device of one that says the opposite."""

from __future__ import annotations

import collections
import functools
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .exceptions import DEVICES, EXCEPTIONS, reason_for
from .test_options import (
    FINE,
    NAMES,
    SILENT,
    cases,
    difference,
    options_with,
    reached,
    tried_options,
)
from .tried import Bench, Refused, comparable, fixture_bench
from .values import beside

__all__ = ["fixture_bench"]
_PROVEN = ("same", "same where the option reaches", "refused of one that exists")


@pytest.mark.parametrize("name", [name for name in NAMES if GROUPS[name].is_device])
def test_devices(bench: Bench, counts: collections.Counter[str], name: str) -> None:
    wrong = []
    for group, option in tried_options():
        if group.name != name or f"{group.name} {option.name}" in EXCEPTIONS:
            continue
        for what, before, after in cases(group, option):
            if before is None:
                # Nothing would be selected by what it lacks.
                continue
            ask = functools.partial(verdict, bench, group, option, before, after)
            end = bench.judged(ask, counts)
            kind = end.partition(":")[0]
            reason = reason_for(group, option, after) or DEVICES.get(f"{group.name} {option.name}")
            if kind in FINE:
                counts[f"devices: {kind}"] += 1
            elif reason is not None:
                counts[f"devices that differ: {reason}"] += 1
            else:
                wrong.append(f"{option.name}: {what}: {before!r} -> {after!r}: {end[:600]}")
    assert not wrong, "\n" + "\n".join(wrong)


def verdict(bench: Bench, group: Group, option: Option, before: t.Any, after: t.Any) -> str:
    """What becomes of a device made with ``before``, given ``after``."""
    made_with, said_with = (options_with(group, option, value) for value in (before, after))
    key = option.name.replace("[]", "0")
    known = {name: value for name, value in beside(group, option).items() if name != key}
    value, match = said_with[group.name], known or {key: before}
    try:
        try:
            bench.done(said_with)
        except Refused:
            new = None
        else:
            new = comparable(bench.document(), "usb")
            reach = reached(group, option, bench.document())
            bench.remove()
        try:
            bench.done(made_with)
        except Refused:
            return "no such domain can be made"
        old = comparable(bench.document(), "usb")
        try:
            foreseen = bench.device(group.name, value, match, True)
            made = bench.device(group.name, value, match)
        except Refused as error:
            return "refused of both" if new is None else f"refused of one that exists: {error}"
        if made.unkept:
            return "libvirt did not keep it, and the result says so"
        if foreseen.changed != made.changed or foreseen.changes != made.changes:
            return "check mode"
        try:
            again = bench.device(group.name, value, match)
        except Refused as error:
            return f"refused when it is said again: {error}"
        if again.changed:
            return f"changed again: {again.changes}"
        document = bench.document()
        end = comparable(document, "usb")
        here = reached(group, option, document)
        if new is None:
            return SILENT if end == old else "enforced of one that exists"
        if end == new and reach == here:
            return "same"
        if reach is not None and reach == here:
            return "same where the option reaches"
        if made.notes:
            return f"noted: {made.notes}"
        if after == "" and here == [] and made.changed:
            return "taken away, where a new domain gets the default"
        return SILENT if end == old else f"another document: {difference(new, end)}"
    finally:
        bench.remove()
