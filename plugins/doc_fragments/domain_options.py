# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that describe a domain as virt-install's do."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description:
      - The name of the domain. By default that of the operating system, with a number where it is taken.
    type: str
  uuid:
    description:
      - The UUID of the domain. libvirt chooses one that is kept, by default.
    type: str
  description:
    description:
      - A text for people.
    type: str
  osinfo:
    description:
      - The operating system, by a short id or the URL that the osinfo database has for it, or V(generic).
      - It decides about devices, memory and firmware.
    type: str
    aliases: [os_variant]
  virt_type:
    description:
      - How the guest is virtualised, such as V(kvm) or V(qemu). The fastest that the host has, by default.
    type: str
  arch:
    description:
      - The architecture. That of the host, by default.
    type: str
  machine:
    description:
      - The machine type.
    type: str
  os_type:
    description:
      - V(hvm) for a whole machine, V(xen) or V(linux) for one that is paravirtualised by Xen, V(exe) for a container.
    type: str
    choices: [hvm, xen, linux, exe]
  cdrom:
    description:
      - The path of an image that the guest is installed from.
    type: str
  livecd:
    description:
      - The medium in O(cdrom) stays and is always booted from.
    type: bool
    default: false
  pxe:
    description:
      - The guest is installed from the network.
    type: bool
    default: false
  import:
    description:
      - The disks have a system already, and nothing is installed.
    type: bool
    default: false
  location:
    description:
      - The path of a directory or an image of the managed host from which the guest is installed, by booting the kernel
        in it. Where C(kernel) and C(initrd) are not given, they are found by C(.treeinfo), or at well-known places.
      - A kernel in an image is copied to volumes named by the domain. URLs are not supported yet.
    type: raw
  install:
    description:
      - How the first boot is done, in detail. There are C(bootdev), C(kernel), C(initrd), C(kernel_args),
        C(kernel_args_overwrite) and C(no_install).
    type: raw
  extra_args:
    description:
      - Arguments of the kernel in O(location), as one text or a list.
    type: raw
  initrd_inject:
    description:
      - Paths of files of the managed host that are put into the initrd in O(location), such as a kickstart file.
    type: list
    elements: path
  cloud_init:
    description:
      - What cloud-init does at the first boot, as a dictionary.
      - C(user_data), C(meta_data) and C(network_config) are YAML, a text, or the path of a file of the managed host.
      - Instead of C(user_data) there can be C(root_password), C(ssh_keys) (a list, for root), C(clouduser_ssh_key) (the
        path of a file), and C(disable), which lets cloud-init do nothing at later boots.
      - A string is read as C(virt-install) does, in which C(user-data) and the others are paths.
      - The data are on a volume with the name of the domain and the ending C(-cloudinit.iso). It is written anew when
        they change. The drive is empty after the first boot.
      - Needs the Python library pycdlib on the managed host.
    type: raw
  virt_install:
    description:
      - A whole command line of C(virt-install), as it is. Its line breaks behind a backslash, C(sudo) and a prompt may
        stay.
      - It is read as the options that it stands for. What is given both ways must be equal.
      - Options that say nothing of a domain, such as C(--noautoconsole) and C(--wait), are left out with a warning.
    type: str
  boot:
    description:
      - "Boot devices, firmware, kernel, and what kind of machine boots."
    type: raw
  metadata:
    description:
      - "Name, title and the like."
    type: raw
  memory:
    description:
      - "How much memory the guest has, in MiB."
      - The sub-option of a bare value is C(memory).
    type: raw
  cpu:
    description:
      - "CPU model, features, topology and NUMA nodes of the guest."
      - The sub-option of a bare value is C(model).
    type: raw
  vcpus:
    description:
      - "Number of virtual CPUs."
      - The sub-option of a bare value is C(vcpu).
    type: raw
  idmap:
    description:
      - "Users and groups of the host for those of a container."
    type: raw
  disk:
    description:
      - "Disks, CD-ROMs and floppies."
      - The sub-option of a bare value is C(path).
    type: raw
    aliases: [disks]
  network:
    description:
      - "Network interfaces."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [networks]
  graphics:
    description:
      - "Servers for the guest's screen."
      - The sub-option of a bare value is C(type).
    type: raw
  controller:
    description:
      - "Controllers that disks and other devices are plugged into, or usb2 or usb3."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [controllers]
  input:
    description:
      - "Keyboards, mice, tablets and devices of the host."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [inputs]
  serial:
    description:
      - "Serial ports."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [serials]
  parallel:
    description:
      - "Parallel ports."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [parallels]
  channel:
    description:
      - "Channels between guest and host."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [channels]
  console:
    description:
      - "Text consoles."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [consoles]
  hostdev:
    description:
      - "Devices of the host that are handed on."
      - The sub-option of a bare value is C(name).
    type: raw
    aliases: [hostdevs, host_device]
  filesystem:
    description:
      - "Directories and the like of the host, shared with the guest."
      - The sub-option of a bare value is C(source).
    type: raw
    aliases: [filesystems]
  sound:
    description:
      - "Sound cards."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [sounds]
  audio:
    description:
      - "Audio backends of the host."
    type: raw
    aliases: [audios]
  watchdog:
    description:
      - "Watchdog."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [watchdogs]
  video:
    description:
      - "Graphics cards."
      - The sub-option of a bare value is C(model.type).
    type: raw
    aliases: [videos]
  smartcard:
    description:
      - "Smart card readers."
      - The sub-option of a bare value is C(mode).
    type: raw
    aliases: [smartcards]
  redirdev:
    description:
      - "Ports for USB devices that a client hands on."
      - The sub-option of a bare value is C(bus).
    type: raw
    aliases: [redirdevs]
  memballoon:
    description:
      - "Balloon that gives memory back to the host."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [memballoons]
  tpm:
    description:
      - "Trusted platform module."
      - The sub-option of a bare value is C(backend.type).
    type: raw
    aliases: [tpms]
  rng:
    description:
      - "Random number generator."
      - The sub-option of a bare value is C(backend.model).
    type: raw
    aliases: [rngs]
  panic:
    description:
      - "Device that tells the host of crashes."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [panics]
  shmem:
    description:
      - "Memory that is shared with other guests."
      - The sub-option of a bare value is C(name).
    type: raw
    aliases: [shmems]
  memdev:
    description:
      - "Memory modules."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [memdevs]
  vsock:
    description:
      - "Sockets between guest and host."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [vsocks]
  iommu:
    description:
      - "IOMMU of the guest."
      - The sub-option of a bare value is C(model).
    type: raw
    aliases: [iommus]
  iothreads:
    description:
      - "Threads of the emulator for disks."
      - The sub-option of a bare value is C(iothreads).
    type: raw
  seclabel:
    description:
      - "Security labels of the domain."
    type: raw
    aliases: [seclabels, security]
  keywrap:
    description:
      - "Whether the guest may wrap keys, on s390x."
    type: raw
  cputune:
    description:
      - "Pinning, scheduling and limits of CPUs."
    type: raw
  numatune:
    description:
      - "NUMA nodes of the host that memory comes from."
      - The sub-option of a bare value is C(memory.nodeset).
    type: raw
  memtune:
    description:
      - "Limits of the memory that the domain uses, in KiB."
      - The sub-option of a bare value is C(soft_limit).
    type: raw
  blkiotune:
    description:
      - "How much of the host's disks the domain gets."
      - The sub-option of a bare value is C(weight).
    type: raw
  memorybacking:
    description:
      - "How the host provides the memory."
    type: raw
  features:
    description:
      - "Features of the machine."
    type: raw
  clock:
    description:
      - "Clock and timers."
    type: raw
  pm:
    description:
      - "Power management that the guest may use."
    type: raw
  events:
    description:
      - "What happens when the guest stops, restarts or crashes."
    type: raw
  resource:
    description:
      - "Resource partition."
      - The sub-option of a bare value is C(partition).
    type: raw
  sysinfo:
    description:
      - "SMBIOS tables and the like; host and emulate alone take them from there."
      - The sub-option of a bare value is C(type).
    type: raw
  qemu_commandline:
    description:
      - "Arguments and environment variables for QEMU, which libvirt doesn't support."
    type: raw
  launchSecurity:
    description:
      - "Encryption of the guest's memory."
      - The sub-option of a bare value is C(type).
    type: raw
    aliases: [launch_security, launchsecurity]
  xpath:
    description:
      - "Changes of the finished document by XPath, such as ./cpu/@mode=maximum."
    type: raw
notes:
  - The options are those of C(virt-install) 4.1, with an underscore for a dash.
  - Those with sub-options take a string as C(virt-install) does, such as C(size=20,bus=virtio), or a dictionary, in
    which a dotted sub-option such as C(driver.queues) may be a nested key, or a list of either.
"""
