#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of a hypervisor and of its host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: hypervisor_info
short_description: Gather facts of a hypervisor, of the machine that it runs on, and of what its guests can have
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns what a hypervisor is and has, as C(virsh nodeinfo), C(virsh capabilities), C(virsh domcapabilities) and
    C(virsh nodedev-list) do - versions, CPUs, memory, NUMA cells, machine types, devices that can be given to guests, networks
    and storage pools.
  - The connection, the versions, the CPUs and the memory are always returned. O(gather) says what else, so that a task that
    needs little costs little.
  - What the driver of the hypervisor doesn't know is V(null) or empty, and never an error.
options:
  gather:
    description:
      - What to return besides.
      - V(guests) are the architectures and machine types that the host can run, and V(domain_capabilities) what guests of one of
        them can have - firmware, CPU models, models of devices, features.
      - V(numa) are the NUMA cells with their memory and CPUs.
      - V(networks) and V(pools) are the names and states of the networks and the storage pools.
      - V(devices) are the devices of the host, each of which costs a call.
      - V(sysinfo) are the SMBIOS tables, with serial numbers of the machine and of its parts.
      - V(xml) are the documents of libvirt that V(guests) and V(domain_capabilities) are made from.
    type: list
    elements: str
    choices: [guests, domain_capabilities, numa, networks, pools, devices, sysinfo, xml]
    default: [guests, numa, networks, pools]
  arch:
    description:
      - Only guests of this architecture, such as V(aarch64), and their domain capabilities.
      - Domain capabilities are those of the host's own architecture by default. They are V(null) for what the host can't run.
    type: str
  machine:
    description:
      - Only guests with this machine type, such as V(q35) or V(pc-q35-7.2), and the domain capabilities for it.
      - Domain capabilities are those of libvirt's default machine type by default.
    type: str
  virt_type:
    description:
      - Only guests with this kind of virtualisation, such as V(kvm) or V(qemu), and the domain capabilities for it.
      - Domain capabilities are those of the fastest kind that the host has by default.
    type: str
  device_types:
    description:
      - With V(devices) in O(gather), only devices that are of these types or have these capabilities, named as
        C(virsh nodedev-list --cap) names them.
      - V(mdev_types) are the devices that mediated devices can be made of.
      - A type that is newer than the host's libvirt-python has no devices.
    type: list
    elements: str
    choices:
      - ap_card
      - ap_matrix
      - ap_queue
      - ccw
      - ccwgroup
      - css
      - drm
      - fc_host
      - mdev
      - mdev_types
      - net
      - pci
      - scsi
      - scsi_generic
      - scsi_host
      - scsi_target
      - storage
      - system
      - usb
      - usb_device
      - vdpa
      - vports
      - vpd
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.domain_info
  - module: declarative.libvirt.osinfo_info
"""

EXAMPLES = r"""
- name: The hypervisor
  declarative.libvirt.hypervisor_info:
  register: host

- name: Its versions, and the memory that guests can have
  ansible.builtin.debug:
    msg: >-
      libvirt {{ host.hypervisor.versions.libvirt }}, {{ host.hypervisor.driver }} {{ host.hypervisor.versions.hypervisor }},
      {{ (host.hypervisor.memory.free + host.hypervisor.memory.cached) | human_readable }} of
      {{ host.hypervisor.memory.total | human_readable }} free

- name: Networks that are off
  ansible.builtin.debug:
    msg: "{{ host.hypervisor.networks | selectattr('state', 'equalto', 'inactive') | map(attribute='name') }}"

- name: Whether it can run guests for ARM, and which machine types
  declarative.libvirt.hypervisor_info:
    gather: [guests]
    arch: aarch64
  register: arm

- name: The machine types
  ansible.builtin.debug:
    msg: "{{ arm.hypervisor.guests | map(attribute='machines') | flatten }}"

- name: What guests of the machine type q35 can have
  declarative.libvirt.hypervisor_info:
    gather: [domain_capabilities]
    machine: q35
  register: q35

- name: CPU models that work here, the firmware, and the models of graphics cards
  ansible.builtin.debug:
    msg:
      - "{{ q35.hypervisor.domain_capabilities.cpu.models | selectattr('usable') | map(attribute='name') }}"
      - "{{ q35.hypervisor.domain_capabilities.firmware.automatic }}"
      - "{{ q35.hypervisor.domain_capabilities.devices.video.modelType }}"
  when: q35.hypervisor.domain_capabilities is not none

- name: The PCI devices
  declarative.libvirt.hypervisor_info:
    gather: [devices]
    device_types: [pci]
  register: pci

- name: Those that share an IOMMU group go to the same guest
  ansible.builtin.debug:
    msg: "{{ item.0 }}: {{ item.1 | map(attribute='name') }}"
  loop: "{{ pci.hypervisor.devices | rejectattr('iommu_group', 'none') | groupby('iommu_group') }}"
  loop_control:
    label: "{{ item.0 }}"

- name: Network cards whose virtual functions can be given to guests
  ansible.builtin.debug:
    msg: "{{ item.address }} has {{ item.virtual_functions | length }} of {{ item.max_virtual_functions }}"
  loop: "{{ pci.hypervisor.devices | selectattr('max_virtual_functions') }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
hypervisor:
  description: The facts. What cannot be found out is V(null), or an empty list.
  returned: success
  type: dict
  contains:
    uri:
      description: The URI of the connection, without passwords.
      returned: success
      type: str
      sample: qemu:///system
    hostname:
      description: The name of the host.
      returned: success
      type: str
      sample: kvm1.example.org
    driver:
      description: libvirt's driver, such as V(qemu), V(xen), V(lxc) or V(test).
      returned: success
      type: str
      sample: qemu
    versions:
      description: The versions of the libvirt of the host, of the hypervisor such as QEMU, and of the libvirt that the task used.
      returned: success
      type: dict
      sample:
        libvirt: 9.0.0
        hypervisor: 7.2.22
        client: 9.0.0
    cpu:
      description:
        - The CPUs. RV(ignore:total) is how many there are in all.
        - RV(ignore:sockets) are those of each NUMA node, RV(ignore:cores) those of each socket, and RV(ignore:threads) those of
          each core. RV(ignore:mhz) is the frequency now, in MHz.
        - RV(ignore:model) and RV(ignore:vendor) are in libvirt's names.
      returned: success
      type: dict
      sample:
        arch: x86_64
        total: 32
        mhz: 2596
        numa_nodes: 2
        sockets: 1
        cores: 8
        threads: 2
        model: EPYC-Milan
        vendor: AMD
    memory:
      description: The memory of the host now, in bytes. What is RV(ignore:cached) can be had by guests, too.
      returned: success
      type: dict
      sample:
        total: 25276514304
        free: 23837589504
        buffers: 29659136
        cached: 1001345024
    system:
      description: Who made the host, and its firmware, as far as its SMBIOS says.
      returned: success
      type: dict
      sample:
        vendor: Dell Inc.
        product: PowerEdge R6525
        version: null
        serial: 7XK2Q93
        uuid: 4c4c4544-0058-4b10-8032-b7c04f513933
        firmware:
          vendor: Dell Inc.
          version: 2.14.1
          release_date: 12/17/2023
    security_models:
      description: The security drivers, first the one that is preferred.
      returned: success
      type: list
      elements: str
      sample: [apparmor, dac]
    iommu:
      description: Whether the host has an IOMMU that is on, so that it can give devices to guests.
      returned: success
      type: bool
      sample: true
    guests:
      description: The kinds of guests that the host can run, in libvirt's order.
      returned: with V(guests) in O(gather)
      type: list
      elements: dict
      contains:
        arch:
          description: The architecture.
          returned: success
          type: str
          sample: x86_64
        os_type:
          description: V(hvm) for full virtualisation, V(xen), V(exe) for containers…
          returned: success
          type: str
          sample: hvm
        virt_type:
          description: The kind of virtualisation.
          returned: success
          type: str
          sample: kvm
        emulator:
          description: The path of the emulator.
          returned: success
          type: str
          sample: /usr/bin/qemu-system-x86_64
        machines:
          description: The machine types, with their aliases.
          returned: success
          type: list
          elements: str
          sample: [pc, pc-i440fx-7.2, q35, pc-q35-7.2]
        aliases:
          description: The machine type of each alias.
          returned: success
          type: dict
          sample:
            pc: pc-i440fx-7.2
            q35: pc-q35-7.2
    domain_capabilities:
      description:
        - What guests of O(arch), O(machine) and O(virt_type) can have. V(null) if the driver has no domain capabilities, or the
          host can't run such guests.
      returned: with V(domain_capabilities) in O(gather)
      type: dict
      contains:
        arch:
          description: The architecture.
          returned: success
          type: str
          sample: x86_64
        machine:
          description: The machine type.
          returned: success
          type: str
          sample: pc-q35-7.2
        virt_type:
          description: The kind of virtualisation.
          returned: success
          type: str
          sample: kvm
        emulator:
          description: The path of the emulator.
          returned: success
          type: str
          sample: /usr/bin/qemu-system-x86_64
        max_vcpus:
          description: How many virtual CPUs a guest can have.
          returned: success
          type: int
          sample: 288
        iothreads:
          description: Whether disks can have threads of their own.
          returned: success
          type: bool
          sample: true
        firmware:
          description:
            - The firmware. libvirt finds the files for what is RV(ignore:automatic) by itself. RV(ignore:loaders) are files that it
              knows, and RV(ignore:secure_boot) is whether Secure Boot can be enforced.
          returned: success
          type: dict
          sample:
            automatic: [efi]
            loaders: [/usr/share/OVMF/OVMF_CODE_4M.ms.fd]
            loader_types: [rom, pflash]
            secure_boot: true
        cpu:
          description:
            - The modes of a guest's CPU, the model that V(host-model) stands for, and the named models. A model that is not
              RV(ignore:usable) lacks something on this host; V(null) where that is unknown.
          returned: success
          type: dict
          sample:
            modes: [host-passthrough, maximum, host-model, custom]
            host_model: EPYC-Milan
            models:
              - name: qemu64
                usable: true
                vendor: unknown
                deprecated: false
        devices:
          description:
            - The kinds of devices by their element in libvirt's XML, whether they are supported, and the values that libvirt lists
              for them, by libvirt's names.
          returned: success
          type: dict
          sample:
            rng:
              supported: true
              model: [virtio, virtio-transitional, virtio-non-transitional]
              backendModel: [random, egd, builtin]
        features:
          description: The features, in the form of RV(hypervisor.domain_capabilities.devices).
          returned: success
          type: dict
          sample:
            vmcoreinfo:
              supported: true
            sev:
              supported: false
    numa:
      description: The NUMA cells. A host without NUMA has one.
      returned: with V(numa) in O(gather)
      type: list
      elements: dict
      contains:
        id:
          description: Its number.
          returned: success
          type: int
          sample: 0
        memory:
          description: Its memory in bytes.
          returned: success
          type: int
          sample: 5865955328
        free:
          description: What is free of it, in bytes.
          returned: success
          type: int
          sample: 4290441216
        pages:
          description: The sizes of pages in bytes, with their number and how many of them are free.
          returned: success
          type: list
          elements: dict
          sample:
            - size: 4096
              count: 1432118
              free: 1047471
            - size: 2097152
              count: 512
              free: 512
        cpus:
          description: Its CPUs. RV(ignore:siblings) are the threads of the same core.
          returned: success
          type: list
          elements: dict
          sample:
            - id: 0
              socket: 0
              die: 0
              core: 0
              siblings: 0,16
        distances:
          description: How far it is to each cell; 10 is the cell itself.
          returned: success
          type: list
          elements: dict
          sample:
            - cell: 0
              distance: 10
    networks:
      description: The networks of libvirt, by name. RV(ignore:state) is V(active) or V(inactive).
      returned: with V(networks) in O(gather)
      type: list
      elements: dict
      sample:
        - name: default
          uuid: 6d5a6f1b-8f0d-4b7a-9c53-2d0f3c1b9e44
          state: active
          persistent: true
          autostart: true
    pools:
      description: The storage pools, by name, in the form of RV(hypervisor.networks).
      returned: with V(pools) in O(gather)
      type: list
      elements: dict
      sample:
        - name: default
          uuid: 2f1c3f6e-52b1-4a3d-8a57-0f5f9f2f6a11
          state: active
          persistent: true
          autostart: true
    devices:
      description: The devices of the host, by name.
      returned: with V(devices) in O(gather)
      type: list
      elements: dict
      contains:
        name:
          description: libvirt's name, which O(declarative.libvirt.domain#module:hostdev) takes.
          returned: success
          type: str
          sample: pci_0000_3b_00_0
        type:
          description: Its type, one of those of O(device_types).
          returned: success
          type: str
          sample: pci
        capabilities:
          description: What it has besides, such as V(virt_functions), V(phys_function), V(mdev_types), V(vpd) or V(fc_host).
          returned: success
          type: list
          elements: str
          sample: [virt_functions]
        parent:
          description: The name of the device that it belongs to; V(computer) is the host itself.
          returned: success
          type: str
          sample: pci_0000_3a_00_0
        path:
          description: Its path below C(/sys).
          returned: success
          type: str
          sample: /sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0
        nodes:
          description: Its files below C(/dev), without links to them.
          returned: success
          type: list
          elements: str
          sample: [/dev/vda]
        driver:
          description: The driver of the host's kernel. It is C(vfio-pci) while a guest has the device.
          returned: success
          type: str
          sample: ixgbe
        vendor:
          description: The number and the name of the vendor.
          returned: success
          type: dict
          sample:
            id: "0x8086"
            name: Intel Corporation
        product:
          description: The number and the name of the product.
          returned: success
          type: dict
          sample:
            id: "0x1572"
            name: Ethernet Controller X710 for 10GbE SFP+
        model:
          description: The model of storage.
          returned: success
          type: str
          sample: Samsung SSD 870
        serial:
          description: The serial number of storage.
          returned: success
          type: str
          sample: S5Y1NG0R123456
        address:
          description: A PCI address, bus and number of a USB device with a dot in between, or the address of a channel device.
          returned: success
          type: str
          sample: "0000:3b:00.0"
        class:
          description: The PCI class.
          returned: success
          type: str
          sample: "0x020000"
        iommu_group:
          description: The IOMMU group. All its devices are given to the same guest, or to none.
          returned: success
          type: int
          sample: 34
        numa_node:
          description: The NUMA cell that it is attached to.
          returned: success
          type: int
          sample: 1
        physical_function:
          description: Of an SR-IOV virtual function, the PCI address of its physical function.
          returned: success
          type: str
          sample: "0000:3b:00.0"
        virtual_functions:
          description: The PCI addresses of the virtual functions that there are now.
          returned: success
          type: list
          elements: str
          sample: ["0000:3b:02.0", "0000:3b:02.1"]
        max_virtual_functions:
          description: How many virtual functions there can be.
          returned: success
          type: int
          sample: 64
        mdev_types:
          description: The types of mediated devices that can be made of it, and how many more of each.
          returned: success
          type: list
          elements: dict
          sample:
            - id: nvidia-11
              name: GRID M60-0B
              device_api: vfio-pci
              available: 16
        mdev:
          description: The type, the UUID and the attributes of a mediated device.
          returned: success
          type: dict
          sample:
            type: nvidia-11
            uuid: 8c6a5ba7-3c0b-4a4c-9d9c-6a5d1f7d8b53
            attributes: []
        interface:
          description: The name of a network interface.
          returned: success
          type: str
          sample: eth0
        mac:
          description: The MAC address of a network interface.
          returned: success
          type: str
          sample: 02:fc:00:00:00:01
        link:
          description: V(up), V(down) or what else the kernel says of the link of a network interface.
          returned: success
          type: str
          sample: up
        block:
          description: The block device of storage.
          returned: success
          type: str
          sample: /dev/vda
        size:
          description: The size of storage in bytes.
          returned: success
          type: int
          sample: 274877906944
        active:
          description: Whether it exists now. A mediated device may be defined only; V(null) for it with libvirt before 7.8.
          returned: success
          type: bool
          sample: true
        persistent:
          description: Whether it has a definition, as mediated devices may.
          returned: success
          type: bool
          sample: false
        autostart:
          description: Whether a mediated device is made together with its parent. V(null) if the connection may only read.
          returned: success
          type: bool
          sample: false
    sysinfo:
      description:
        - The SMBIOS tables, by libvirt's names. Each is a list, because there may be several of a kind.
        - V(null) if the driver has none, or dmidecode is missing on the host.
      returned: with V(sysinfo) in O(gather)
      type: dict
      sample:
        bios:
          - vendor: LENOVO
            version: G4ETA1WW (2.61 )
            date: 05/07/2014
            release: "2.61"
    xml:
      description: libvirt's documents, as C(virsh capabilities) and C(virsh domcapabilities) print them.
      returned: with V(xml) in O(gather)
      type: dict
      sample:
        capabilities: <capabilities>...</capabilities>
        domain_capabilities: <domainCapabilities>...</domainCapabilities>
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.hypervisor_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
