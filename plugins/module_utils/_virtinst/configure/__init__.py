# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The defaults of a domain: one small file for each concern.

Each function reads the document so far and adds what is missing. The order of the
functions is virt-install's, because many depend on the results of earlier ones.
"""

from __future__ import annotations

from ..guest import Guest
from . import (
    balloon,
    channels,
    clock,
    console,
    cpu,
    disks,
    features,
    graphics,
    init,
    inputs,
    launch_security,
    machine,
    network,
    pcie,
    power,
    rng,
    scsi,
    seclabel,
    small_devices,
    sound,
    spice,
    tpm,
    uefi,
    usb,
    vcpus,
    video,
)

_STEPS = (
    vcpus.configure,
    machine.configure,
    uefi.configure,
    # Devices that a guest should have.
    graphics.add,
    video.add,
    inputs.add,
    console.add,
    usb.add,
    channels.add,
    rng.add,
    balloon.add,
    tpm.add,
    # The machine itself.
    clock.configure,
    cpu.configure,
    features.configure,
    seclabel.configure,
    power.configure,
    init.configure,
    launch_security.configure,
)
#: What devices lack, and which controller they need.
_DEVICE_STEPS = (
    disks.configure,
    network.configure,
    channels.configure,
    inputs.configure,
    tpm.configure,
    graphics.configure,
    sound.configure,
    video.configure,
    rng.configure,
    small_devices.configure,
    scsi.add,
)
_LAST_STEPS = (
    pcie.add,
    spice.add,
)


def configure(guest: Guest) -> None:
    """Complete the document.

    :raises OptionError: the document can't be completed.
    """
    for step in (*_STEPS, *_DEVICE_STEPS, *_LAST_STEPS):
        step(guest)


def configure_devices(guest: Guest) -> None:
    """Complete the devices alone; the machine itself stays as it is.

    :raises OptionError: a device can't be completed.
    """
    for step in _DEVICE_STEPS:
        step(guest)
