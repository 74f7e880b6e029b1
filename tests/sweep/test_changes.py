# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clears a group or changes it by XPath, of a new domain and of one that says the opposite."""

from __future__ import annotations

import collections
import functools
import itertools
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Kind,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.values import (
    converted,
    spelled,
)

from .exceptions import CLEARED, XPATHS, reason_for
from .test_options import DOMAIN, FINE, options_with, tried_options, verdict
from .tried import Bench, Refused, comparable, fixture_bench
from .values import beside, domain_beside, values

__all__ = ["fixture_bench"]
#: How many sub-options of a group are changed by XPath.
_SAMPLE = 3
#: Of groups that have lists alone: what there is, and what is said then.
_MORE: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "clock": (
        {"offset": "localtime", "timer0.name": "rtc", "timer0.tickpolicy": "delay"},
        {"offset": "utc"},
    ),
    # Without a model and a mode, a new domain gets a default.
    "cpu": ({"model": "qemu64", "check": "none"}, {"model": "qemu64"}),
    "keywrap": (
        {
            "cipher0.name": "aes",
            "cipher0.state": True,
            "cipher1.name": "dea",
            "cipher1.state": True,
        },
        {"cipher0.name": "aes", "cipher0.state": True},
    ),
    "qemu_commandline": ({"env": ["ONE=1", "TWO=2"]}, {"env": "ONE=1"}),
    "sysinfo": (
        {"type": "smbios", "bios.vendor": "one", "system.manufacturer": "two"},
        {"type": "smbios", "bios.vendor": "one"},
    ),
}
_CLEARED = [name for name, group in GROUPS.items() if "clearxml" in group.places]
_BY_XPATH = [name for name, group in GROUPS.items() if "xpath[].set" in group.places]


def usable(bench: Bench, group: Group) -> t.Iterator[Option]:
    """The sub-options with one place, of which a domain with either value can be made."""
    for _group, option in tried_options():
        path = option.path or "["
        # libvirt chooses addresses.
        is_place = option.name.startswith("address.")
        if is_place or _group is not group or "[" in path or "{" in path or path.startswith("/"):
            continue
        one, other = values(group, option)
        if one == other:
            continue
        found = []
        for value in (None, one, other):
            try:
                bench.done(options_with(group, option, value))
            except Refused:
                break
            found.append(comparable(bench.document()))
            bench.remove()
        if len(found) == 3 and found[1] not in (found[0], found[2]):
            yield option


@pytest.mark.parametrize("name", _CLEARED)
def test_clearxml(bench: Bench, counts: collections.Counter[str], name: str) -> None:
    group = GROUPS[name]
    if name in CLEARED:
        counts[f"clearxml: {CLEARED[name]}"] += 1
        return
    if name in _MORE:
        option = group.options[-1]
        before, known = {**DOMAIN, name: _MORE[name][0]}, _MORE[name][1]
    else:
        option = next(one for one in usable(bench, group) if _is_known(group, one))
        before = options_with(group, option, values(group, option)[0])
        known = _known(group, option)
    after = {**DOMAIN, **domain_beside(group, option), name: {"clearxml": True, **known}}
    end = bench.judged(lambda: verdict(bench, group, option, before, after, ""), counts)
    kind = end.partition(":")[0]
    counts[f"clearxml: {kind}"] += 1
    assert kind in ("same", "same where the option reaches") or name in CLEARED, (
        f"{option.name}: {end[:600]}"
    )


@pytest.mark.parametrize("name", _BY_XPATH)
def test_xpath(bench: Bench, counts: collections.Counter[str], name: str) -> None:
    group, wrong = GROUPS[name], []
    tried = list(itertools.islice(usable(bench, group), _SAMPLE))
    if not tried:
        assert name in XPATHS, "no sub-option has a place"
        counts[f"xpath: {XPATHS[name]}"] += 1
    for option in tried:
        path = f"./{option.path}"
        one, other = values(group, option)
        text = converted(option.kind, spelled(option, one))
        for what, before, more in (
            ("set", other, {"xpath0.set": f"{path}={text}"}),
            ("set with value", other, {"xpath0.set": path, "xpath0.value": text}),
            ("set for the first time", None, {"xpath0.set": f"{path}={text}"}),
            ("delete", one, {"xpath0.delete": path}),
            ("create", None, {"xpath0.create": path.partition("/@")[0]}),
        ):
            if what == "create" and option.kind is not Kind.PRESENCE:
                continue
            after = with_more(group, option, more)
            made_with = options_with(group, option, before)
            said = "" if what == "delete" else text
            ask = functools.partial(verdict, bench, group, option, made_with, after, said)
            end = bench.judged(ask, counts)
            kind = end.partition(":")[0]
            reason = XPATHS.get(f"{name} {option.name}")
            reason = reason or reason_for(group, option, "" if what == "delete" else text)
            is_fine = kind in FINE
            counts[f"xpath {what}: {kind if is_fine or reason is None else reason}"] += 1
            if not is_fine and reason is None:
                wrong.append(f"{option.name}: {what}: {end[:600]}")
    assert not wrong, "\n" + "\n".join(wrong)


def with_more(group: Group, option: Option, more: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options of a domain without the sub-option, and with these."""
    options = options_with(group, option, None)
    key = option.name.replace("[]", "0")
    said = {one: value for one, value in options.get(group.name, {}).items() if one != key}
    return {**options, group.name: {**said, **more}}


def _known(group: Group, option: Option) -> dict[str, t.Any]:
    """What stands beside the sub-option."""
    key = option.name.replace("[]", "0")
    return {one: value for one, value in beside(group, option).items() if one != key}


def _is_known(group: Group, option: Option) -> bool:
    """Whether there is a device without the sub-option, which it can be."""
    if reason_for(group, option, "") is not None:
        return False
    return not group.is_list or bool(_known(group, option))
