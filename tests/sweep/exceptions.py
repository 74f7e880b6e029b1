# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ends otherwise for a domain that exists, with the reason."""

from __future__ import annotations

_ADDED = "what is said is added to the features that the CPU has, as virt-xml does"
_KNOWN = "another device: this is what tells one from another"
_RANDOM = "it is random"
_UUID = "the UUID of a domain never changes"

#: By group and option, with whatever value.
EXCEPTIONS: dict[str, str] = {
    **{f"cpu {name}": _ADDED for name in ("force", "require", "optional", "disable", "forbid")},
    "boot uefi": "a new domain with UEFI gets a TPM by default, and one that exists no default",
    "channel target.name": _KNOWN,
    "clock timer[].name": "another timer: its name is what tells one from another",
    "controller index": _KNOWN,
    "disk size": "an image grows once, and what has grown is not made smaller",
    "disk target.dev": _KNOWN,
    "filesystem target": _KNOWN,
    "filesystem target.dir": _KNOWN,
    "graphics type": "a new domain with SPICE gets no vmport feature by default",
    "input type": _KNOWN,
    "iothreads iothreadids.iothread[].id": "another thread: its number tells one from another",
    "network mac.address": _KNOWN,
    "parallel target.port": _KNOWN,
    "serial target.port": _KNOWN,
    "shmem name": _KNOWN,
    "metadata genid_enable": _RANDOM,
    "metadata uuid": _UUID,
    "sysinfo system.uuid": _UUID,
    "vcpus vcpu.placement": "libvirt places CPUs as the memory is placed",
}
_NEEDED = "nothing can be without it, and an empty text leaves it as it is"
_ASSIGNED = "libvirt chooses one where none is said, and what it might have chosen stays"
_AGAIN = "a new domain gets its default in this place, which the next task takes away"
_ONE_SOURCE = "no mode of the source is said, and it stays as libvirt made it of two addresses"

#: By group and option, with an empty text.
EMPTY: dict[str, str] = {
    "boot domain_type": _NEEDED,
    "boot machine": _NEEDED,
    "clock timer[].tickpolicy": _AGAIN,
    "controller model": _NEEDED,
    "disk target.bus": _NEEDED,
    "graphics image.compression": _AGAIN,
    "network model": _NEEDED,
    "network virtualport.parameters.profileid": _ASSIGNED,
    "panic address.iobase": _ASSIGNED,
    "panic alias.name": _ASSIGNED,
    "pm suspend_to_disk.enabled": _AGAIN,
    "pm suspend_to_mem.enabled": _AGAIN,
    **{
        f"{group} source.{name}": _ONE_SOURCE
        for group in ("redirdev", "smartcard")
        for name in ("bind_host", "bind_service")
    },
    "rng backend": _NEEDED,
    "rng device": _NEEDED,
    "serial alias.name": _ASSIGNED,
    "vcpus vcpu": _NEEDED,
    "vcpus vcpus": _NEEDED,
}

#: Groups of which ``none`` proves less, with the reason.
NONE: dict[str, str] = {
    "disk": "no disk goes without exclusive",
    "graphics": "what comes along with graphics by default are devices of their own, which stay",
    "launchSecurity": "this QEMU has no SEV",
    "hostdev": "the host has no device that a guest can be given",
}
