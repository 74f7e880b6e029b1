# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Generated from the table of options by tests/setup/option_docs.py.

"""Options with sub-options, which describe a domain as virt-install's do."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  boot:
    description:
      - Boot devices, firmware, kernel, and what kind of machine boots.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_boot), as a dictionary or a
        string of C(virt-install)."
    type: raw
  metadata:
    description:
      - Name, title and the like.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_metadata), as a dictionary
        or a string of C(virt-install)."
    type: raw
  memory:
    description:
      - How much memory the guest has, in MiB.
      - The sub-option of a bare value is C(memory).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_memory), as a dictionary or
        a string of C(virt-install)."
    type: raw
  cpu:
    description:
      - CPU model, features, topology and NUMA nodes of the guest.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_cpu), as a dictionary or a
        string of C(virt-install)."
    type: raw
  vcpus:
    description:
      - Number of virtual CPUs.
      - The sub-option of a bare value is C(vcpu).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_vcpus), as a dictionary or
        a string of C(virt-install)."
    type: raw
  idmap:
    description:
      - Users and groups of the host for those of a container.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_idmap), as a dictionary or
        a string of C(virt-install)."
    type: raw
  iothreads:
    description:
      - Threads of the emulator for disks.
      - The sub-option of a bare value is C(iothreads).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_iothreads), as a dictionary
        or a string of C(virt-install)."
    type: raw
  seclabel:
    description:
      - Security labels of the domain.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_seclabel), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [seclabels, security]
  keywrap:
    description:
      - Whether the guest may wrap keys, on s390x.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_keywrap), as a dictionary
        or a string of C(virt-install)."
    type: raw
  cputune:
    description:
      - Pinning, scheduling and limits of CPUs.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_cputune), as a dictionary
        or a string of C(virt-install)."
    type: raw
  numatune:
    description:
      - NUMA nodes of the host that memory comes from.
      - The sub-option of a bare value is C(memory.nodeset).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_numatune), as a dictionary
        or a string of C(virt-install)."
    type: raw
  memtune:
    description:
      - Limits of the memory that the domain uses, in KiB.
      - The sub-option of a bare value is C(soft_limit).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_memtune), as a dictionary
        or a string of C(virt-install)."
    type: raw
  blkiotune:
    description:
      - How much of the host's disks the domain gets.
      - The sub-option of a bare value is C(weight).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_blkiotune), as a dictionary
        or a string of C(virt-install)."
    type: raw
  memorybacking:
    description:
      - How the host provides the memory.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_memorybacking), as a
        dictionary or a string of C(virt-install)."
    type: raw
  features:
    description:
      - Features of the machine.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_features), as a dictionary
        or a string of C(virt-install)."
    type: raw
  clock:
    description:
      - Clock and timers.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_clock), as a dictionary or
        a string of C(virt-install)."
    type: raw
  pm:
    description:
      - Power management that the guest may use.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_pm), as a dictionary or a
        string of C(virt-install)."
    type: raw
  events:
    description:
      - What happens when the guest stops, restarts or crashes.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_events), as a dictionary or
        a string of C(virt-install)."
    type: raw
  resource:
    description:
      - Resource partition.
      - The sub-option of a bare value is C(partition).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_resource), as a dictionary
        or a string of C(virt-install)."
    type: raw
  sysinfo:
    description:
      - SMBIOS tables and the like; host and emulate alone take them from there.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_sysinfo), as a dictionary
        or a string of C(virt-install)."
    type: raw
  qemu_commandline:
    description:
      - Arguments and environment variables for QEMU, which libvirt doesn't support.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_qemu_commandline), as a
        dictionary or a string of C(virt-install)."
    type: raw
  launchSecurity:
    description:
      - Encryption of the guest's memory.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_launchsecurity), as a
        dictionary or a string of C(virt-install)."
    type: raw
    aliases: [launch_security, launchsecurity]
  xpath:
    description:
      - Changes of the finished document by XPath, such as ./cpu/@mode=maximum.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_xpath), as a dictionary or
        a string of C(virt-install)."
    type: raw
"""

    # The devices.
    DEVICES = r"""
options:
  disk:
    description:
      - Disks, CD-ROMs and floppies.
      - The sub-option of a bare value is C(path).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_disk), as a dictionary or a
        string of C(virt-install)."
    type: raw
    aliases: [disks]
  network:
    description:
      - Network interfaces.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_network), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [networks]
  graphics:
    description:
      - Servers for the guest's screen.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_graphics), as a dictionary
        or a string of C(virt-install)."
    type: raw
  controller:
    description:
      - Controllers that disks and other devices are plugged into, or usb2 or usb3.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_controller), as a
        dictionary or a string of C(virt-install)."
    type: raw
    aliases: [controllers]
  input:
    description:
      - Keyboards, mice, tablets and devices of the host.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_input), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [inputs]
  serial:
    description:
      - Serial ports.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_serial), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [serials]
  parallel:
    description:
      - Parallel ports.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_parallel), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [parallels]
  channel:
    description:
      - Channels between guest and host.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_channel), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [channels]
  console:
    description:
      - Text consoles.
      - The sub-option of a bare value is C(type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_console), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [consoles]
  hostdev:
    description:
      - Devices of the host that are handed on.
      - The sub-option of a bare value is C(name).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_hostdev), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [hostdevs, host_device]
  filesystem:
    description:
      - Directories and the like of the host, shared with the guest.
      - The sub-option of a bare value is C(source).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_filesystem), as a
        dictionary or a string of C(virt-install)."
    type: raw
    aliases: [filesystems]
  sound:
    description:
      - Sound cards.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_sound), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [sounds]
  audio:
    description:
      - Audio backends of the host.
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_audio), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [audios]
  watchdog:
    description:
      - Watchdog.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_watchdog), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [watchdogs]
  video:
    description:
      - Graphics cards.
      - The sub-option of a bare value is C(model.type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_video), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [videos]
  smartcard:
    description:
      - Smart card readers.
      - The sub-option of a bare value is C(mode).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_smartcard), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [smartcards]
  redirdev:
    description:
      - Ports for USB devices that a client hands on.
      - The sub-option of a bare value is C(bus).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_redirdev), as a dictionary
        or a string of C(virt-install)."
    type: raw
    aliases: [redirdevs]
  memballoon:
    description:
      - Balloon that gives memory back to the host.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_memballoon), as a
        dictionary or a string of C(virt-install)."
    type: raw
    aliases: [memballoons]
  tpm:
    description:
      - Trusted platform module.
      - The sub-option of a bare value is C(backend.type).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_tpm), as a dictionary or a
        string of C(virt-install)."
    type: raw
    aliases: [tpms]
  rng:
    description:
      - Random number generator.
      - The sub-option of a bare value is C(backend.model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_rng), as a dictionary or a
        string of C(virt-install)."
    type: raw
    aliases: [rngs]
  panic:
    description:
      - Device that reports crashes to the host.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_panic), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [panics]
  shmem:
    description:
      - Memory that is shared with other guests.
      - The sub-option of a bare value is C(name).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_shmem), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [shmems]
  memdev:
    description:
      - Memory modules.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_memdev), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [memdevs]
  vsock:
    description:
      - Sockets between guest and host.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_vsock), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [vsocks]
  iommu:
    description:
      - IOMMU of the guest.
      - The sub-option of a bare value is C(model).
      - "R(All sub-options,ansible_collections.declarative.libvirt.docsite.options_iommu), as a dictionary or
        a string of C(virt-install)."
    type: raw
    aliases: [iommus]
"""

    # Which lists of devices are the whole truth.
    EXCLUSIVE = r"""
options:
  exclusive:
    description:
      - Lists of devices that are the whole truth. The domain keeps no device of that kind that the list does not have. A list
        that is named here has to be given, and can be empty.
      - The drives that O(cdrom), O(location) and O(cloud_init) stand for are in no list, and stay.
      - With O(mode=exact) all lists are.
    type: list
    elements: str
    choices:
      - disk
      - network
      - graphics
      - controller
      - input
      - serial
      - parallel
      - channel
      - console
      - hostdev
      - filesystem
      - sound
      - audio
      - watchdog
      - video
      - smartcard
      - redirdev
      - memballoon
      - tpm
      - rng
      - panic
      - shmem
      - memdev
      - vsock
      - iommu
    default: []
"""
