# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Few systems in few scenarios, for the many hosts and architectures that they can run on."""

from __future__ import annotations

import typing as t

from .judge import Judge
from .scenarios import IMAGE

#: Systems that differ in what they can do, for hosts that differ too.
SYSTEMS = (
    "generic",
    "alpinelinux3.17",
    "centos-stream9",
    "debian11",
    "fedora37",
    "freebsd13.1",
    "gentoo",
    "opensuse15.4",
    "rhel7.9",
    "rhel9.0",
    "ubuntu22.04",
    "win11",
)
#: With them: virt-install's arguments, and the same as options.
SCENARIOS: dict[str, tuple[list[str], dict[str, t.Any]]] = {
    "import": (["--import"], {"import": True}),
    "cdrom": (["--cdrom", IMAGE], {"cdrom": IMAGE}),
    "pxe": (["--pxe"], {"pxe": True}),
    "vnc": (["--import", "--graphics", "vnc"], {"import": True, "graphics": "vnc"}),
    "spice": (["--import", "--graphics", "spice"], {"import": True, "graphics": "spice"}),
    "no graphics": (["--import", "--graphics", "none"], {"import": True, "graphics": "none"}),
    "devices": (
        ["--import", "--sound", "default", "--tpm", "default", "--watchdog", "default"],
        {"import": True, "sound": "default", "tpm": "default", "watchdog": "default"},
    ),
    "several disks": (
        ["--import", "--disk", "size=1,bus=scsi", "--disk", "device=cdrom", "--vcpus", "3"],
        {"import": True, "disk": ["size=1,bus=scsi", "device=cdrom"], "vcpus": 3},
    ),
    "kernel": (
        ["--import", "--boot", f"kernel={IMAGE},kernel_args=x"],
        {"import": True, "boot": {"kernel": IMAGE, "kernel_args": "x"}},
    ),
    "no UEFI": (["--import", "--boot", "hd"], {"import": True, "boot": "hd"}),
}

_ALWAYS = ["--memory", "1024", "--disk", "size=5"]


def differences(
    judge: Judge,
    scenario: str,
    arguments: t.Sequence[str] = (),
    options: t.Mapping[str, t.Any] | None = None,
) -> dict[str, str]:
    """What differs by system, when ``arguments`` or the same as ``options`` are said too."""
    theirs, ours = SCENARIOS[scenario]
    disks = ["size=5", *ours.get("disk", [])]
    found = {}
    for system in SYSTEMS:
        difference = judge.compare(
            [*arguments, "--osinfo", system, *_ALWAYS, *theirs],
            {**(options or {}), "osinfo": system, "memory": 1024, **ours, "disk": disks},
        )
        if difference is not None:
            found[system] = difference
    return found


def shown(found: t.Mapping[str, str]) -> str:
    """The differences of two systems, and of how many there are more."""
    first = "\n".join(f"{system}: {what}" for system, what in list(found.items())[:2])
    return f"{len(found)} of {len(SYSTEMS)}:\n{first}"
