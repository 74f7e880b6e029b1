# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes of virt-install 4.1 that 5.0 mended, and that aren't repeated at any version.

They would stand in the way of comparing all else: so 4.1 is given what 5.0 does there.
"""

from __future__ import annotations

import typing as t
import unittest.mock

from .virt_install import installed_version

_MISTAKEN = "4.1"


def mend() -> None:
    """Mend the virt-install of this process; more than once does no harm."""
    from virtinst.domain.cpu import DomainCpu

    if installed_version() != _MISTAKEN or hasattr(DomainCpu, "is_mended"):
        return
    DomainCpu.is_mended = True
    _keep_the_mode_beside_a_topology(DomainCpu)
    _leave_the_tpm_out_of_the_first_boot()


def _keep_the_mode_beside_a_topology(cpu: t.Any) -> None:
    """A CPU of which only the topology is given has the default mode: 5.0 asks for model and mode."""
    set_defaults = cpu.set_defaults

    def mended(self: t.Any, guest: t.Any) -> None:
        if self.model or self.mode:
            return
        with unittest.mock.patch.object(cpu, "get_xml", return_value=""):
            set_defaults(self, guest)

    cpu.set_defaults = mended


def _leave_the_tpm_out_of_the_first_boot() -> None:
    """The first boot of cloud-init by UEFI has no TPM by default."""
    from virtinst import Guest
    from virtinst.install.installer import Installer

    add, build = Guest._add_default_tpm, Installer._build_postboot_xml
    #: Whether the guest at hand has a TPM by default; they are made one after the other.
    last = {"has": False}

    def mended_add(self: t.Any) -> None:
        before = len(self.devices.tpm)
        add(self)
        last["has"] = len(self.devices.tpm) > before

    def mended_build(self: t.Any, final_xml: str, meter: t.Any) -> tuple[str, str]:
        first, final = build(self, final_xml, meter)
        guest = Guest(self.conn, parsexml=first)
        if last["has"] and self.has_cloudinit() and guest.is_uefi() and guest.devices.tpm:
            guest.remove_device(guest.devices.tpm[0])
            first = guest.get_xml()
        return first, final

    Guest._add_default_tpm, Installer._build_postboot_xml = mended_add, mended_build
