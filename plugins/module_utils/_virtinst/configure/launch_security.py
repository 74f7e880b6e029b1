# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encryption of the guest's memory."""

from __future__ import annotations

from ..errors import OptionError
from ..guest import Guest

_X86 = ("sev", "sev-snp", "tdx")


def configure(guest: Guest) -> None:
    """Set the policy of AMD SEV; check the machine for all that x86 has.

    :raises OptionError: the machine can't have it.
    """
    kind = guest.get("launchSecurity/@type")
    if kind not in _X86:
        return
    if not guest.is_q35 or not guest.is_uefi:
        raise OptionError(f"launchSecurity {kind} needs the machine type q35 and UEFI (boot: uefi)")
    if kind != "sev":
        return
    # No debugging, no sharing of keys; with SEV-ES, encrypted registers as well.
    guest.set_default(
        "launchSecurity/policy", "0x07" if guest.domain_capabilities().has_sev_es else "0x03"
    )
