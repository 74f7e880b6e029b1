# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ends otherwise for a domain that exists, with the reason."""

from __future__ import annotations

_ADDED = "what is said is added to the features that the CPU has, as virt-xml does"
_KNOWN = "another device: this is what tells one from another"
_RANDOM = "it is random"
_UUID = "the UUID of a domain never changes"

#: By group and option.
EXCEPTIONS: dict[str, str] = {
    **{f"cpu {name}": _ADDED for name in ("force", "require", "optional", "disable", "forbid")},
    "channel target.name": _KNOWN,
    "disk target.dev": _KNOWN,
    "filesystem target": _KNOWN,
    "filesystem target.dir": _KNOWN,
    "network mac.address": _KNOWN,
    "parallel target.port": _KNOWN,
    "serial target.port": _KNOWN,
    "metadata genid_enable": _RANDOM,
    "metadata uuid": _UUID,
    "sysinfo system.uuid": _UUID,
    "vcpus vcpu.placement": "libvirt places CPUs as the memory is placed",
}
#: What every domain has: none is as if the option weren't there.
STAYS = frozenset(
    ["audio", "boot", "clock", "controller", "cpu", "features", "input", "pm"],
)
