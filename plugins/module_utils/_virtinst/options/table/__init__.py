# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option that has sub-options, in the order in which they are evaluated.

Names, order and accepted values are those of virt-install 5.1; the places are
libvirt's: https://libvirt.org/formatdomain.html
"""

from __future__ import annotations

from ..rows import Group
from .boot import BOOT
from .char import CHANNEL, CONSOLE, PARALLEL, SERIAL
from .controller import CONTROLLER, IOMMU
from .cpu import CPU, VCPUS
from .cputune import BLKIOTUNE, CPUTUNE, IOTHREADS
from .disk import DISK
from .features import CLOCK, FEATURES, PM
from .graphics import GRAPHICS, VIDEO
from .host_devices import FILESYSTEM, HOSTDEV, REDIRDEV, SMARTCARD
from .input import AUDIO, INPUT, SOUND
from .memory import MEMORY, MEMORYBACKING, MEMTUNE, NUMATUNE
from .metadata import EVENTS, METADATA, RESOURCE
from .network import NETWORK
from .security import IDMAP, KEYWRAP, LAUNCH_SECURITY, SECLABEL
from .small_devices import MEMBALLOON, MEMDEV, PANIC, PSTORE, RNG, SHMEM, TPM, VSOCK, WATCHDOG
from .sysinfo import QEMU_COMMANDLINE, SYSINFO
from .xml import XML

#: By the name of the option.
GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        BOOT,
        METADATA,
        MEMORY,
        CPU,
        VCPUS,
        IDMAP,
        DISK,
        NETWORK,
        GRAPHICS,
        CONTROLLER,
        INPUT,
        SERIAL,
        PARALLEL,
        CHANNEL,
        CONSOLE,
        HOSTDEV,
        FILESYSTEM,
        SOUND,
        AUDIO,
        WATCHDOG,
        VIDEO,
        SMARTCARD,
        REDIRDEV,
        MEMBALLOON,
        TPM,
        RNG,
        PANIC,
        SHMEM,
        MEMDEV,
        VSOCK,
        IOMMU,
        PSTORE,
        IOTHREADS,
        SECLABEL,
        KEYWRAP,
        CPUTUNE,
        NUMATUNE,
        MEMTUNE,
        BLKIOTUNE,
        MEMORYBACKING,
        FEATURES,
        CLOCK,
        PM,
        EVENTS,
        RESOURCE,
        SYSINFO,
        QEMU_COMMANDLINE,
        LAUNCH_SECURITY,
        XML,
    )
}

#: The groups that capabilities and the operating system depend on.
EARLY = (BOOT.name, METADATA.name)
