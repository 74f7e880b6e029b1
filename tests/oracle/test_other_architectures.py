# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests of other architectures than the host's."""

from __future__ import annotations

import collections
import typing as t

import pytest

from .scenarios import IMAGE

_ARCHITECTURES = ("aarch64", "armv7l", "i686", "ppc64", "ppc64le", "riscv64", "s390x")
_SYSTEMS = (
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
_ALWAYS = ["--memory", "1024", "--disk", "size=5"]
#: virt-install's arguments, and the same as options.
_SCENARIOS: dict[str, tuple[list[str], dict[str, t.Any]]] = {
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


@pytest.mark.parametrize("scenario", _SCENARIOS)
@pytest.mark.parametrize("arch", _ARCHITECTURES)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], arch: str, scenario: str
) -> None:
    arguments, options = _SCENARIOS[scenario]
    different = {}
    for system in _SYSTEMS:
        counts["guests of other architectures"] += 1
        extra = options.get("disk", [])
        ours = {"arch": arch, "osinfo": system, "memory": 1024, **options}
        difference = judge.compare(
            ["--arch", arch, "--osinfo", system, *_ALWAYS, *arguments],
            {**ours, "disk": ["size=5", *extra]},
        )
        if difference is not None:
            different[system] = difference
    first = "\n".join(f"{system}: {what}" for system, what in list(different.items())[:2])
    assert not different, f"{len(different)} of {len(_SYSTEMS)}:\n{first}"
