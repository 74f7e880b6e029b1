# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of virt-install's answers holds from which of its versions on.

A new domain gets the answers of the newest version, or of the one that the option
``virt_install_version`` names. The rows are what changed between the versions. Where an older
answer was a mistake, the newer one holds at every version, and has no row:

* the banks of a TPM stand below ``backend``, where libvirt's schema has them;
* a CPU of which only the topology is given gets the default mode;
* cloud-init's users begin with ``default``, and their keys are ``ssh_authorized_keys``;
* the first boot of cloud-init by UEFI has no TPM by default, which would reset the guest;
* ``boot: uefi=off`` is BIOS, ``input: none`` is no input device, ``cpu: maximum`` is a mode;
* ``file://`` before a path is no part of it, and ``network: passt`` is the type ``user``;
* the socket of a file system is an attribute.
"""

from __future__ import annotations

import typing as t

#: The versions whose answers are known, the oldest first.
VERSIONS = ("4.1", "5.0", "5.1")
NEWEST = VERSIONS[-1]
#: The option that names one of them.
OPTION = "virt_install_version"


class Decision(t.NamedTuple):
    """A decision that virt-install makes in another way from a version on.

    ``about`` says what the newer versions do, ``reason`` why.
    """

    name: str
    since: str
    about: str
    reason: str

    def holds(self, version: str) -> bool:
        """Whether this version of virt-install decides so."""
        return VERSIONS.index(version) >= VERSIONS.index(self.since)


HYPERV = Decision(
    "hyperv",
    "5.0",
    "Windows gets each of Hyper-V's features that the domain capabilities list, and no other",
    "each saves exits to the hypervisor; libvirt lists what the emulator has since 8.6",
)
GRAPHICS = Decision(
    "graphics",
    "5.0",
    "guests with the machine type virt of ARM and RISC-V have a screen",
    "desktops run on them, too",
)
INPUTS = Decision(
    "inputs",
    "5.0",
    "every machine with a screen has a tablet, and a keyboard unless it is x86",
    "only x86 has a PS/2 keyboard",
)
INPUT_BUS = Decision(
    "input bus",
    "5.0",
    "libvirt chooses the bus of an input device",
    "it knows the machine's buses",
)
RISCV_UEFI = Decision(
    "riscv uefi",
    "5.0",
    "the machine type virt of RISC-V boots by UEFI",
    "distributions install themselves that way there",
)
PANIC = Decision(
    "panic",
    "5.0",
    "libvirt chooses the model of a panic device",
    "it knows the models of each machine",
)
SPICE_EXTRAS = Decision(
    "spice extras",
    "5.0",
    "SPICE brings its channel and USB redirection only where the domain capabilities list them",
    "a QEMU can be built without SPICE",
)
VIDEO_MEMORY = Decision(
    "video memory",
    "5.0",
    "a card whose model is a default keeps qxl's amounts of memory only if it is a qxl",
    "libvirt refuses them of other cards",
)
HVF = Decision(
    "hvf",
    "5.0",
    "macOS's hypervisor is preferred to emulation",
    "it is faster",
)
DISK_BUS = Decision(
    "disk bus",
    "5.1",
    "the bus of last resort is USB off x86; SD only on vexpress, which has nothing else",
    "no other machine has IDE or SD",
)
VIDEO_ARM = Decision(
    "video of ARM",
    "5.1",
    "ARM gets virtio-gpu if the operating system has its driver, else ramfb with UEFI",
    "ramfb needs no driver but the firmware's",
)
VIRTIO = Decision(
    "virtio",
    "5.1",
    "machines other than s390x, pseries and virt of RISC-V have virtio devices if the operating "
    "system has their drivers",
    "the osinfo database knows that of ARM, too",
)
CPU = Decision(
    "cpu",
    "5.1",
    "an emulated guest has every CPU feature that QEMU can emulate (mode maximum)",
    "QEMU's default CPU lacks what today's distributions need, such as x86-64-v2",
)

DECISIONS = (
    HYPERV,
    GRAPHICS,
    INPUTS,
    INPUT_BUS,
    RISCV_UEFI,
    PANIC,
    SPICE_EXTRAS,
    VIDEO_MEMORY,
    HVF,
    DISK_BUS,
    VIDEO_ARM,
    VIRTIO,
    CPU,
)
