# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that are no groups, of a new domain and of one that says the opposite."""

from __future__ import annotations

import collections
import functools
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domain_options import (
    DOMAIN_OPTIONS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .test_options import DOMAIN, difference
from .tried import Bench, Refused, comparable, fixture_bench
from .values import IMAGE, ISO

__all__ = ["fixture_bench"]
_UUIDS = ("11111111-2222-3333-4444-555555555555", "11111111-2222-3333-4444-555555555556")
_UUID = "the UUID of a domain never changes"
_DEFAULTS = "a new domain gets other defaults with it, and one that exists no default"
_FIRST = "how a domain is installed says nothing of one that exists, whose first boot is over"
#: What the domain says before and then; the verdict, and the reason where it isn't the same.
CASES: dict[str, list[tuple[t.Any, t.Any, str, str]]] = {
    "ansible": [
        ({"tags": ["b"], "vars": {"x": 1}}, {"tags": ["a"], "vars": {"y": [1]}}, "same", ""),
        (None, {"tags": ["a"], "vars": {"y": [1]}}, "same", ""),
        ({"tags": ["b"], "vars": {"x": 1}}, {"tags": [], "vars": {}}, "same", ""),
    ],
    "arch": [("i686", "x86_64", "another document", _DEFAULTS), ("x86_64", "", "same", "")],
    "cdrom": [
        (None, f"{IMAGE}.none", "refused of a new one", _FIRST),
        (None, ISO, "silent", _FIRST),
    ],
    "cloud_init": [(None, "none", "same", "")],
    "description": [
        ("two", "one", "same", ""),
        (None, "one", "same", ""),
        ("one", "", "same", ""),
    ],
    "extra_args": [(None, "console=ttyS0", "refused of a new one", _FIRST)],
    "import": [(None, True, "same", "")],
    "initrd_inject": [(None, [IMAGE], "refused of a new one", _FIRST)],
    "install": [(None, {"kernel": IMAGE, "initrd": IMAGE}, "same", "")],
    "livecd": [(None, True, "same", "")],
    "location": [(None, {"location": IMAGE}, "refused of a new one", _FIRST)],
    "machine": [
        # The chipset's devices go with it.
        ("pc", "q35", "same", ""),
        ("q35", "", "silent", "an empty name of a machine type leaves it as it is"),
    ],
    "os_type": [(None, "hvm", "same", "")],
    "osinfo": [
        ("fedora36", "debian11", "same", ""),
        ("debian11", "generic", "another document", _DEFAULTS),
        ("debian11", "none-such", "refused of both", ""),
    ],
    "pxe": [(None, True, "silent", _FIRST)],
    "unattended": [(None, "none", "same", "")],
    "uuid": [(_UUIDS[1], _UUIDS[0], "refused of one that exists", _UUID)],
    "virt_install_version": [(None, "4.1", "silent", _DEFAULTS)],
    "virt_type": [("qemu", "kvm", "another document", _DEFAULTS)],
}
#: What finds the domain, and all of the options in one line.
_OTHER = {"name", "virt_install"}


def test_every_option_is_tried() -> None:
    plain = {name for name in DOMAIN_OPTIONS.options if name not in GROUPS}
    assert plain - {"xpath"} == set(CASES) | _OTHER


@pytest.mark.parametrize("name", sorted(CASES))
def test_plain(bench: Bench, counts: collections.Counter[str], name: str) -> None:
    wrong = []
    for before, after, expected, reason in CASES[name]:
        ask = functools.partial(
            verdict, bench, with_value(name, before), with_value(name, after), name
        )
        end = bench.judged(ask, counts)
        kind = end.partition(":")[0]
        counts[f"options that are no groups: {reason or kind}"] += 1
        if kind != expected:
            wrong.append(f"{before!r} -> {after!r}: not {expected}, but {end[:600]}")
    assert not wrong, "\n" + "\n".join(wrong)


def with_value(name: str, value: t.Any) -> dict[str, t.Any]:
    """The options of a domain, without this one where the value is ``None``."""
    options = {**DOMAIN, name: value}
    if name in ("cdrom", "install", "location", "livecd", "pxe", "extra_args", "initrd_inject"):
        options.pop("import")
    return {key: one for key, one in options.items() if one is not None}


def verdict(bench: Bench, before: dict[str, t.Any], after: dict[str, t.Any], name: str) -> str:
    """What becomes of a domain made with ``before``, given ``after``."""
    new, refusal = None, ""
    try:
        try:
            bench.done(after)
        except Refused as error:
            refusal = str(error)
        else:
            new = comparable(bench.document(), "usb")
            assert not bench.done(after).changed
            bench.remove()
        bench.done(before)
        old = comparable(bench.document(), "usb")
        try:
            foreseen, made = bench.done(after, True), bench.done(after)
        except Refused as error:
            return "refused of both" if new is None else f"refused of one that exists: {error}"
        if new is None:
            return f"refused of a new one: {refusal}"
        assert (foreseen.changed, foreseen.changes) == (made.changed, made.changes)
        assert not bench.done(after).changed
        end = comparable(bench.document(), "usb")
        if end == new:
            return "same"
        return "silent" if end == old else f"another document: {difference(new, end)}"
    finally:
        bench.remove()
