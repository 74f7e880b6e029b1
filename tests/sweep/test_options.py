# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every sub-option with each of its values, of a new domain and of one that exists."""

from __future__ import annotations

import collections
import functools
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domain_options import (
    RENAMED,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Kind,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element

from .exceptions import NONE, UNPROVEN, reason_for
from .newer import NEWER
from .tried import Bench, Refused, comparable, fixture_bench
from .values import beside, domain_beside, is_known_address, something, values

DOMAIN: dict[str, t.Any] = {
    "virt_type": "qemu",
    "machine": "q35",
    "memory": {"memory": 256},
    "vcpus": {"vcpu": 2},
    "disk": "none",
    "network": "none",
    "import": True,
}


__all__ = ["fixture_bench"]
SILENT = "silent"
NOTHING = "no such domain can be made"
#: What is never right.
WRONG = (
    "check mode",
    "changed again",
    "refused right after it was made",
    "refused when it is said again",
)
FINE = (
    "same",
    "same where the option reaches",
    "taken away, where a new domain gets the default",
    "noted",
    "refused of both",
    "enforced of one that exists",
    NOTHING,
    "refused of one that exists",
    "libvirt did not keep it, and the result says so",
)


#: Sub-options that many groups have, in one row: they are tried fully in some, and of others only
#: where it is known what they need.
_COMMON = ("address.", "alias.", "driver.ats", "driver.iommu", "driver.packed", "driver.page_per")
_FULLY = ("disk", "network")
#: The longest first, so that all processors have something to do until the end.
NAMES = sorted(set(GROUPS) - {"xml"}, key=lambda name: (-len(GROUPS[name].options), name))
_TRUTHS = (Kind.YES_NO, Kind.ON_OFF, Kind.PRESENCE)


def options_with(group: Group, option: Option, value: t.Any) -> dict[str, t.Any]:
    """The options of a domain with the sub-option so, or without it where it is ``None``."""
    said = {**beside(group, option)}
    key = option.name.replace("[]", "0")
    if value is not None:
        said[key] = value
    options = {**DOMAIN, **domain_beside(group, option)}
    if said:
        before = options.get(group.name)
        options[group.name] = (
            {**before, **said} if isinstance(before, dict) and not group.is_list else said
        )
    return options


def verdict(
    bench: Bench,
    group: Group,
    option: Option,
    before: dict[str, t.Any],
    after: dict[str, t.Any],
    value: t.Any,
) -> str:
    """What becomes of a domain made with ``before``, given ``after``."""
    try:
        try:
            bench.done(after)
        except Refused:
            return verdict_on_refused(bench, before, after)
        whole = bench.document()
        new, reach = comparable(whole), reached(group, option, whole)
        try:
            again = bench.done(after, True)
        except Refused as error:
            if value == "":
                # A new domain gets a default there, and one that exists can't be without.
                return f"refused of one that exists: {error}"
            return f"refused right after it was made: {error}"
        if again.changed:
            try:
                made = bench.done(after)
            except Refused as error:
                if value == "":
                    # The rest of an address that libvirt has chosen is none without it.
                    return f"refused of one that exists: {error}"
                raise
            if made.unkept:
                return "libvirt did not keep it, and the result says so"
            return f"changed right after it was made: {made.changed} {again.changes}"
        bench.remove()
        try:
            bench.done(before)
        except Refused as error:
            return f"{NOTHING}: {error}"
        old = comparable(bench.document())
        try:
            foreseen = bench.done(after, True)
            made = bench.done(after)
        except Refused as error:
            return f"refused of one that exists: {error}"
        whole = bench.document()
        end = comparable(whole)
        if made.unkept:
            return "libvirt did not keep it, and the result says so"
        if foreseen.changed != made.changed or foreseen.changes != made.changes:
            return "check mode"
        try:
            if bench.done(after).changed:
                return "changed again"
        except Refused as error:
            return f"refused when it is said again: {error}"
        here = reached(group, option, whole)
        if end == new and reach == here:
            return "same"
        if made.notes:
            return f"noted: {made.notes}"
        if reach is not None and reach == here:
            return "same where the option reaches"
        if value == "" and here == [] and made.changed:
            return "taken away, where a new domain gets the default"
        return SILENT if end == old else f"another document: {difference(new, end)}"
    finally:
        bench.remove()


def verdict_on_refused(bench: Bench, before: dict[str, t.Any], after: dict[str, t.Any]) -> str:
    """What becomes of a domain made with ``before``, given what is refused of a new one."""
    try:
        bench.done(before)
    except Refused as error:
        return f"{NOTHING}: {error}"
    old = comparable(bench.document())
    try:
        foreseen = bench.done(after, True)
        made = bench.done(after)
        again = bench.done(after, True)
    except Refused:
        return "refused of both"
    if made.unkept:
        return "libvirt did not keep it, and the result says so"
    if foreseen.changed != made.changed or foreseen.changes != made.changes:
        return "check mode"
    if again.changed:
        return "changed again"
    if made.notes:
        return f"noted: {made.notes}"
    # It completes what is said, or it doesn't.
    return SILENT if comparable(bench.document()) == old else "enforced of one that exists"


def reached(group: Group, option: Option, document: Element) -> list[str] | None:
    """What stands where the option writes; ``None`` where that is no one place."""
    if option.name == "num_pcie_root_ports":
        ports = [one.get("model") for one in document.findall("devices/controller")]
        return [str(ports.count("pcie-root-port"))]
    path = option.path
    if path is None or ("[@" in path and group.name != "clock"):
        return None
    path = path.replace("[{}]", "")
    if path.startswith("/"):
        bases, path = [document], path[1:]
    elif group.path == ".":
        bases = [document]
    else:
        # PCI bridges come and stay as devices need them.
        bases = [one for one in document.findall(group.path) if _is_said(group, one)]
    found = []
    place, _at, attribute = path.rpartition("@")
    for base in bases:
        parts = (
            [base]
            if place in ("", ".") and _at
            else _at_path(base, (place if _at else path).rstrip("/"))
        )
        for one in parts:
            text = one.get(attribute) if _at else (one.text or "there")
            if text is not None:
                found.append(text)
    # libvirt orders devices in its own way.
    return sorted(found) if group.is_device else found


def _is_said(group: Group, element: Element) -> bool:
    return group.name != "controller" or element.get("type") != "pci"


def _at_path(base: Element, path: str) -> list[Element]:
    found = [base]
    for step in path.split("/"):
        tag, _bracket, rest = step.partition("[@name='")
        found = [
            child
            for one in found
            for child in one.children
            if child.tag == tag and (not rest or child.get("name") == rest[:-2])
        ]
    return found


def difference(new: t.Any, end: t.Any) -> str:
    """The first place where two documents differ."""
    if new[:3] != end[:3] or len(new[3]) != len(end[3]):
        ours, theirs = set(map(repr, new[3])), set(map(repr, end[3]))
        lost, got = sorted(ours - theirs), sorted(theirs - ours)
        return f"{new[0]}: new {new[:3]} {lost}, here {end[:3]} {got}"
    for one, other in zip(new[3], end[3]):
        if one != other:
            return difference(one, other)
    return ""


def cases(group: Group, option: Option) -> t.Iterator[tuple[str, t.Any, t.Any]]:
    """What it is called, what the domain was made with, and what is said then."""
    one, other = values(group, option)
    yield "another value", other, one
    yield "empty", one, ""
    if option.name.startswith(_COMMON) and group.name not in _FULLY:
        return
    yield "said for the first time", None, one
    if option.kind in _TRUTHS:
        yield "false", one, False
        yield "false, and nothing before", None, False


def tried_options() -> t.Iterator[tuple[Group, Option]]:
    """All but what changes the document by other means."""
    for name, group in GROUPS.items():
        for option in group.options:
            by_xpath = option.name.startswith("xpath") or option.name == "clearxml"
            is_known = not option.name.startswith(_COMMON[:1]) or is_known_address(group, option)
            if name != "xml" and not by_xpath and is_known:
                yield group, option


@pytest.mark.parametrize("name", NAMES)
def test_sub_options(bench: Bench, counts: collections.Counter[str], name: str) -> None:
    wrong, unproven = [], []
    for group, option in tried_options():
        # Those that this libvirt may be too old for have a test of their own.
        if group.name != name or f"{name} {option.name}" in NEWER:
            continue
        for what, before, after in cases(group, option):
            ask = functools.partial(
                verdict,
                bench,
                group,
                option,
                options_with(group, option, before),
                options_with(group, option, after),
                after,
            )
            end = bench.judged(ask, counts)
            kind = end.partition(":")[0]
            reason = reason_for(group, option, after)
            if kind in FINE:
                counts[f"sub-options: {kind}"] += 1
                if kind == NOTHING:
                    unproven.append(f"{option.name}: {what}: {end[len(NOTHING) + 2 :][:300]}")
            elif reason is not None and kind not in WRONG:
                counts[f"sub-options that differ: {reason}"] += 1
            else:
                wrong.append(f"{option.name}: {what}: {before!r} -> {after!r}: {end[:600]}")
    assert not wrong, "\n" + "\n".join(wrong)
    allowed = UNPROVEN.get(name, 0)
    assert len(unproven) <= allowed, f"{len(unproven)} prove nothing:\n" + "\n".join(unproven)


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_none(bench: Bench, counts: collections.Counter[str], name: str) -> None:
    """The word none ends in the same document, of a new domain and of one that has such a thing."""
    group = GROUPS[name]
    whole = {**DOMAIN, **domain_beside(group, group.options[-1])}
    said, none = {**whole, name: something(group)}, {**whole, name: "none"}
    try:
        end = verdict_on_none(bench, said, none)
    finally:
        bench.remove()
    kind, _colon, text = end.partition(": ")
    reason = NONE.get(name)
    counts[f"none: {kind if reason is None else reason}"] += 1
    if kind == "refused":
        # With what does it instead.
        assert RENAMED.get(name, name) in text, end
        assert ";" in text, end
    elif reason is None:
        assert kind == "as of a new domain", end
    else:
        fine = ("no such domain can be made", "another document", "refused of one that exists")
        assert kind in fine, end


def verdict_on_none(bench: Bench, said: dict[str, t.Any], none: dict[str, t.Any]) -> str:
    """What the word does to a new domain, and to one that was made with ``said``."""
    try:
        bench.done(said)
    except Refused as error:
        return f"no such domain can be made: {error}"
    before = comparable(bench.document(), "usb")
    try:
        foreseen, made = bench.done(none, True), bench.done(none)
    except Refused as error:
        bench.remove()
        try:
            bench.done(none)
        except Refused:
            return f"refused: {error}"
        return f"refused of one that exists: {error}"
    after = comparable(bench.document(), "usb")
    assert (foreseen.changed, foreseen.changes) == (made.changed, made.changes)
    assert not bench.done(none).changed
    bench.remove()
    bench.done(none)
    new = comparable(bench.document(), "usb")
    again = bench.done(none, True)
    assert not again.changed, again.changes
    assert before != new, "nothing is proven: a domain made so is one made with none"
    return "as of a new domain" if new == after else f"another document: {difference(new, after)}"
