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
      - "Used most: C(uefi), C(firmware), C(loader.secure), C(hd), C(cdrom), C(network), C(bootmenu.enable),
        C(bootmenu.timeout)."
      - "The page R(options_boot,ansible_collections.declarative.libvirt.docsite.options_boot) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  metadata:
    description:
      - Name, title and the like.
      - "Used most: C(title), C(description), C(uuid), C(os_name)."
      - "The page R(options_metadata,ansible_collections.declarative.libvirt.docsite.options_metadata) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  memory:
    description:
      - How much memory the guest has, in MiB.
      - "Used most: C(memory), C(maxmemory), C(hugepages)."
      - The sub-option of a bare value is C(memory).
      - "The page R(options_memory,ansible_collections.declarative.libvirt.docsite.options_memory) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  cpu:
    description:
      - CPU model, features, topology and NUMA nodes of the guest.
      - "Used most: C(model), C(mode), C(topology.sockets), C(topology.cores), C(topology.threads),
        C(require), C(disable), C(secure)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_cpu,ansible_collections.declarative.libvirt.docsite.options_cpu) has all of them.
        They are given as a dictionary or a string of C(virt-install)."
    type: raw
  vcpus:
    description:
      - Number of virtual CPUs.
      - "Used most: C(vcpu), C(maxvcpus), C(cpuset), C(sockets), C(cores), C(threads), C(vcpu.placement)."
      - The sub-option of a bare value is C(vcpu).
      - "The page R(options_vcpus,ansible_collections.declarative.libvirt.docsite.options_vcpus) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  idmap:
    description:
      - Users and groups of the host for those of a container.
      - "Used most: C(uid.start), C(uid.target), C(uid.count)."
      - "The page R(options_idmap,ansible_collections.declarative.libvirt.docsite.options_idmap) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  iothreads:
    description:
      - Threads of the emulator for disks.
      - "Used most: C(iothreads), C(iothreadids.iothread[].id)."
      - The sub-option of a bare value is C(iothreads).
      - "The page R(options_iothreads,ansible_collections.declarative.libvirt.docsite.options_iothreads) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  seclabel:
    description:
      - Security labels of the domain.
      - "Used most: C(type), C(model), C(label)."
      - "The page R(options_seclabel,ansible_collections.declarative.libvirt.docsite.options_seclabel) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [seclabels, security]
  keywrap:
    description:
      - Whether the guest may wrap keys, on s390x.
      - "Used most: C(cipher[].name), C(cipher[].state)."
      - "The page R(options_keywrap,ansible_collections.declarative.libvirt.docsite.options_keywrap) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  cputune:
    description:
      - Pinning, scheduling and limits of CPUs.
      - "Used most: C(vcpupin[].vcpu), C(vcpupin[].cpuset), C(emulatorpin.cpuset), C(iothreadpin[].iothread),
        C(iothreadpin[].cpuset), C(shares), C(quota), C(period)."
      - "The page R(options_cputune,ansible_collections.declarative.libvirt.docsite.options_cputune) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  numatune:
    description:
      - NUMA nodes of the host that memory comes from.
      - "Used most: C(memory.nodeset), C(memory.mode)."
      - The sub-option of a bare value is C(memory.nodeset).
      - "The page R(options_numatune,ansible_collections.declarative.libvirt.docsite.options_numatune) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  memtune:
    description:
      - Limits of the memory that the domain uses, in KiB.
      - "Used most: C(hard_limit), C(soft_limit)."
      - The sub-option of a bare value is C(soft_limit).
      - "The page R(options_memtune,ansible_collections.declarative.libvirt.docsite.options_memtune) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  blkiotune:
    description:
      - How much of the host's disks the domain gets.
      - "Used most: C(weight), C(device[].path), C(device[].weight)."
      - The sub-option of a bare value is C(weight).
      - "The page R(options_blkiotune,ansible_collections.declarative.libvirt.docsite.options_blkiotune) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  memorybacking:
    description:
      - How the host provides the memory.
      - "Used most: C(hugepages), C(hugepages.page[].size), C(source.type), C(access.mode), C(locked),
        C(nosharepages)."
      - "The page
        R(options_memorybacking,ansible_collections.declarative.libvirt.docsite.options_memorybacking) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  features:
    description:
      - Features of the machine.
      - "Used most: C(acpi), C(apic), C(hyperv.relaxed.state), C(hyperv.vapic.state),
        C(hyperv.spinlocks.state), C(kvm.hidden.state), C(smm.state), C(pmu.state)."
      - "The page R(options_features,ansible_collections.declarative.libvirt.docsite.options_features) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  clock:
    description:
      - Clock and timers.
      - "Used most: C(offset), C(hpet_present), C(rtc_tickpolicy), C(pit_tickpolicy), C(timer[].name),
        C(timer[].present), C(timer[].tickpolicy)."
      - "The page R(options_clock,ansible_collections.declarative.libvirt.docsite.options_clock) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  pm:
    description:
      - Power management that the guest may use.
      - "Used most: C(suspend_to_mem.enabled), C(suspend_to_disk.enabled)."
      - "The page R(options_pm,ansible_collections.declarative.libvirt.docsite.options_pm) has all of them.
        They are given as a dictionary or a string of C(virt-install)."
    type: raw
  events:
    description:
      - What happens when the guest stops, restarts or crashes.
      - "Used most: C(on_reboot), C(on_crash)."
      - "The page R(options_events,ansible_collections.declarative.libvirt.docsite.options_events) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  resource:
    description:
      - Resource partition.
      - "Used most: C(partition)."
      - The sub-option of a bare value is C(partition).
      - "The page R(options_resource,ansible_collections.declarative.libvirt.docsite.options_resource) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  sysinfo:
    description:
      - SMBIOS tables and the like; host and emulate alone take them from there.
      - "Used most: C(type), C(system.manufacturer), C(system.product), C(system.serial), C(system.uuid),
        C(oemStrings.entry[])."
      - The sub-option of a bare value is C(type).
      - "The page R(options_sysinfo,ansible_collections.declarative.libvirt.docsite.options_sysinfo) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  qemu_commandline:
    description:
      - Arguments and environment variables for QEMU, which libvirt doesn't support.
      - "Used most: C(env)."
      - "The page
        R(options_qemu_commandline,ansible_collections.declarative.libvirt.docsite.options_qemu_commandline)
        has all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  launchSecurity:
    description:
      - Encryption of the guest's memory.
      - "Used most: C(type), C(policy), C(session)."
      - The sub-option of a bare value is C(type).
      - "The page
        R(options_launchsecurity,ansible_collections.declarative.libvirt.docsite.options_launchsecurity) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [launch_security, launchsecurity]
  xpath:
    description:
      - Changes of the finished document by XPath, such as ./cpu/@mode=maximum.
      - "Used most: C(xpath.set)."
      - "The page R(options_xpath,ansible_collections.declarative.libvirt.docsite.options_xpath) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
"""

    # The devices.
    DEVICES = r"""
options:
  disk:
    description:
      - Disks, CD-ROMs and floppies.
      - "Used most: C(size), C(path), C(vol), C(pool), C(image.url), C(image.checksum), C(backing_store),
        C(format)."
      - The sub-option of a bare value is C(path).
      - "The page R(options_disk,ansible_collections.declarative.libvirt.docsite.options_disk) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [disks]
  network:
    description:
      - Network interfaces.
      - "Used most: C(network), C(bridge), C(mac.address), C(model.type), C(type), C(source), C(source.mode),
        C(link.state)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_network,ansible_collections.declarative.libvirt.docsite.options_network) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [networks]
  graphics:
    description:
      - Servers for the guest's screen.
      - "Used most: C(type), C(listen), C(port), C(password), C(keymap), C(websocket), C(tlsPort),
        C(gl.enable)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_graphics,ansible_collections.declarative.libvirt.docsite.options_graphics) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
  controller:
    description:
      - Controllers that disks and other devices are plugged into, or usb2 or usb3.
      - "Used most: C(type), C(model), C(index), C(driver.iothread), C(driver.queues)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_controller,ansible_collections.declarative.libvirt.docsite.options_controller) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [controllers]
  input:
    description:
      - Keyboards, mice, tablets and devices of the host.
      - "Used most: C(type), C(bus), C(source.evdev)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_input,ansible_collections.declarative.libvirt.docsite.options_input) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [inputs]
  serial:
    description:
      - Serial ports.
      - "Used most: C(type), C(source.path), C(source.host), C(source.service), C(source.mode), C(log.file),
        C(target.type), C(protocol.type)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_serial,ansible_collections.declarative.libvirt.docsite.options_serial) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [serials]
  parallel:
    description:
      - Parallel ports.
      - "Used most: C(type), C(source.path), C(source.host), C(source.service), C(source.mode), C(log.file)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_parallel,ansible_collections.declarative.libvirt.docsite.options_parallel) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [parallels]
  channel:
    description:
      - Channels between guest and host.
      - "Used most: C(type), C(target.type), C(target.name), C(source.path), C(source.mode)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_channel,ansible_collections.declarative.libvirt.docsite.options_channel) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [channels]
  console:
    description:
      - Text consoles.
      - "Used most: C(type), C(target.type), C(source.path), C(log.file)."
      - The sub-option of a bare value is C(type).
      - "The page R(options_console,ansible_collections.declarative.libvirt.docsite.options_console) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [consoles]
  hostdev:
    description:
      - Devices of the host that are handed on.
      - "Used most: C(name), C(type), C(driver.name), C(rom.bar)."
      - The sub-option of a bare value is C(name).
      - "The page R(options_hostdev,ansible_collections.declarative.libvirt.docsite.options_hostdev) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [hostdevs, host_device]
  filesystem:
    description:
      - Directories and the like of the host, shared with the guest.
      - "Used most: C(source), C(target), C(driver.type), C(accessmode), C(type), C(readonly), C(binary.path),
        C(source.socket)."
      - The sub-option of a bare value is C(source).
      - "The page R(options_filesystem,ansible_collections.declarative.libvirt.docsite.options_filesystem) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [filesystems]
  sound:
    description:
      - Sound cards.
      - "Used most: C(model), C(audio.id)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_sound,ansible_collections.declarative.libvirt.docsite.options_sound) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [sounds]
  audio:
    description:
      - Audio backends of the host.
      - "Used most: C(id), C(type)."
      - "The page R(options_audio,ansible_collections.declarative.libvirt.docsite.options_audio) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [audios]
  watchdog:
    description:
      - Watchdog.
      - "Used most: C(model), C(action)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_watchdog,ansible_collections.declarative.libvirt.docsite.options_watchdog) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [watchdogs]
  video:
    description:
      - Graphics cards.
      - "Used most: C(model.type), C(model.heads), C(model.acceleration.accel3d), C(model.vram)."
      - The sub-option of a bare value is C(model.type).
      - "The page R(options_video,ansible_collections.declarative.libvirt.docsite.options_video) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [videos]
  smartcard:
    description:
      - Smart card readers.
      - "Used most: C(mode), C(type)."
      - The sub-option of a bare value is C(mode).
      - "The page R(options_smartcard,ansible_collections.declarative.libvirt.docsite.options_smartcard) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [smartcards]
  redirdev:
    description:
      - Ports for USB devices that a client hands on.
      - "Used most: C(bus), C(type)."
      - The sub-option of a bare value is C(bus).
      - "The page R(options_redirdev,ansible_collections.declarative.libvirt.docsite.options_redirdev) has all
        of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [redirdevs]
  memballoon:
    description:
      - Balloon that gives memory back to the host.
      - "Used most: C(model), C(autodeflate), C(stats.period), C(freePageReporting)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_memballoon,ansible_collections.declarative.libvirt.docsite.options_memballoon) has
        all of them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [memballoons]
  tpm:
    description:
      - Trusted platform module.
      - "Used most: C(backend.type), C(backend.version), C(model), C(backend.device.path),
        C(backend.encryption.secret)."
      - The sub-option of a bare value is C(backend.type).
      - "The page R(options_tpm,ansible_collections.declarative.libvirt.docsite.options_tpm) has all of them.
        They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [tpms]
  rng:
    description:
      - Random number generator.
      - "Used most: C(backend), C(backend.model), C(rate.bytes), C(rate.period), C(model)."
      - The sub-option of a bare value is C(backend.model).
      - "The page R(options_rng,ansible_collections.declarative.libvirt.docsite.options_rng) has all of them.
        They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [rngs]
  panic:
    description:
      - Device that reports crashes to the host.
      - "Used most: C(model)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_panic,ansible_collections.declarative.libvirt.docsite.options_panic) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [panics]
  shmem:
    description:
      - Memory that is shared with other guests.
      - "Used most: C(name), C(role), C(model.type), C(size), C(server.path)."
      - The sub-option of a bare value is C(name).
      - "The page R(options_shmem,ansible_collections.declarative.libvirt.docsite.options_shmem) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [shmems]
  memdev:
    description:
      - Memory modules.
      - "Used most: C(model), C(target.size), C(target.node), C(target.block), C(target.requested),
        C(source.path)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_memdev,ansible_collections.declarative.libvirt.docsite.options_memdev) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [memdevs]
  vsock:
    description:
      - Sockets between guest and host.
      - "Used most: C(cid.auto), C(cid.address)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_vsock,ansible_collections.declarative.libvirt.docsite.options_vsock) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [vsocks]
  iommu:
    description:
      - IOMMU of the guest.
      - "Used most: C(model), C(driver.intremap)."
      - The sub-option of a bare value is C(model).
      - "The page R(options_iommu,ansible_collections.declarative.libvirt.docsite.options_iommu) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [iommus]
  pstore:
    description:
      - Store for the messages of a crashed kernel.
      - "Used most: C(backend), C(path), C(size)."
      - "The page R(options_pstore,ansible_collections.declarative.libvirt.docsite.options_pstore) has all of
        them. They are given as a dictionary or a string of C(virt-install)."
    type: raw
    aliases: [pstores]
"""

    # Which lists of devices are the whole truth.
    EXCLUSIVE = r"""
options:
  exclusive:
    description:
      - Lists of devices that are the whole truth. The domain keeps no device of that kind that the list does not have. A list
        that is named here has to be given, and can be empty. Plurals, such as V(disks), are taken too.
      - The drives that O(cdrom), O(location) and O(cloud_init) stand for are in no list, and stay.
      - With O(mode=exact) all lists are.
      - "The page R(guide_virt_install,ansible_collections.declarative.libvirt.docsite.guide_virt_install) has more."
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
      - pstore
    default: []
"""
