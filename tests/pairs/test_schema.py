# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each value of libvirt's schema that tells a kind has its rows."""

from __future__ import annotations

import collections

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN

from . import kinds

_DISK_SOURCES = (
    *("source/@dir", "source/@fdgroup", "source/@file", "source/@managed", "source/@namespace"),
    *("source/@path", "source/@type", "source/address", "source/reconnect"),
)
#: Deciders with parts that belong to the kind and stay all the same, with the reason.
#: The path may begin with ``**/``.
_EXCEPTIONS: dict[str, dict[str, str]] = {
    "@type": {"*": "the hypervisor of a domain never changes"},
    "os/type/@arch": {"*": "@machine goes; the rest of a machine is another domain's"},
    "clock/timer/@name": {"*": "it is the timer's identity: another name is another timer"},
    "sysinfo/@type": {"*": "it is the identity: another type is another element"},
    "devices/disk/source/@type": {"*": "the disk's type decides about it, and has all of source"},
    "devices/disk/source/@mode": {"*": "the disk's type decides about it, and has all of source"},
    "os/nvram/source/@type": {"*": "the type of nvram decides about it, and has all of source"},
    "devices/interface/source/@type": {"*": "the interface's type decides about it"},
    "devices/interface/source/@mode": {"*": "the interface's type decides about it"},
    "devices/interface/source/address/@type": {"*": "it is the identity of the host's device"},
    "devices/graphics/@connected": {"*": "no kind, but a word of VNC and SPICE alone"},
    "devices/filesystem/driver/@format": {"*": "of an LXC container's image"},
    "devices/disk/@device": dict.fromkeys(_DISK_SOURCES, "the type decides"),
    "devices/hostdev/@model": {
        "source/@protocol": "the type decides",
        "source/@wwpn": "the type decides",
        "source/address": "the type decides",
    },
    "devices/controller/@model": {
        "@ports": "goes where models have other numbers of them; those of virtio have the same",
        "@vectors": "goes where models have other numbers of them; those of virtio have the same",
    },
    "devices/input/@bus": {"source": "the type decides about it"},
    "seclabel/@relabel": {"baselabel": "libvirt refuses none that it keeps"},
}


@pytest.mark.parametrize("kind", kinds.kinds(), ids=str)
def test_what_belongs_to_a_kind_goes_with_it(
    kind: kinds.Kind, counts: collections.Counter[str]
) -> None:
    counts["values that tell a kind"] += 1
    left = [part for part in kind.parts if not _goes(kind, part)]
    allowed = _EXCEPTIONS.get(str(kind), {})
    counts["parts of kinds"] += len(kind.parts)
    counts["parts of kinds, of it: that stay for a reason"] += len(left)
    if not kind.parts:
        # The schema allows all kinds the same, and libvirt may not.
        counts["values that tell a kind, of it: without parts in the schema"] += 1
    assert [part for part in left if "*" not in allowed and part not in allowed] == []


def _goes(kind: kinds.Kind, part: str) -> bool:
    """Whether a row of the element, or of one above it, takes the part away."""
    steps = kind.path.split("/") if kind.path else []
    decider, wanted = f"@{kind.attribute}", part
    while True:
        place = DOMAIN.place("/".join(steps))
        for row in place.depends:
            if row.decider == decider and not row.becoming and _covers(row.dependents, wanted):
                return True
        if not steps:
            return False
        last = steps.pop()
        decider, wanted = f"{last}/{decider}", f"{last}/{wanted}"


def _covers(dependents: tuple[str, ...], part: str) -> bool:
    return any(
        one in (part, f"{part}/*")
        or (one.endswith("*") and part.startswith(one[:-1]))
        or part.startswith(f"{one}/")
        for one in dependents
    )
