#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents of a domain from a few options."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_defaults
short_description: Compute a domain's XML as C(virt-install) would, from a few options
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Takes the options of C(virt-install) and returns the documents that C(virt-install --print-xml) would print. They
    depend on the options, the capabilities of the host and the osinfo database.
  - Nothing is changed. No volume, no storage pool and no domain is created.
  - The same options give the same documents on the same host. The UUID and the MAC addresses are left to libvirt,
    unless they are given.
options:
  only:
    description:
      - Return only the elements of these options in RV(xml), such as the disks, one after the other, as C(virt-xml --build-xml)
        prints them. RV(install_xml) is V(null) then, and RV(volumes) is empty unless V(disk) is among them.
        Plurals, such as V(disks), are taken too.
      - O(memory) and O(disk) need not be given for other elements.
    type: list
    elements: str
    choices:
      - audio
      - blkiotune
      - boot
      - channel
      - clock
      - console
      - controller
      - cpu
      - cputune
      - disk
      - features
      - filesystem
      - graphics
      - hostdev
      - idmap
      - input
      - iommu
      - keywrap
      - launchSecurity
      - memballoon
      - memdev
      - memorybacking
      - memtune
      - network
      - numatune
      - panic
      - parallel
      - pm
      - pstore
      - redirdev
      - resource
      - rng
      - seclabel
      - serial
      - shmem
      - smartcard
      - sound
      - sysinfo
      - tpm
      - video
      - vsock
      - watchdog
    version_added: 0.5.0
  show_secrets:
    description:
      - Whether the documents have the passwords and other secrets of the options. Otherwise these read V(VALUE_HIDDEN), and a
        domain that is defined by such a document has that as its password.
      - Set C(no_log) on the task too, or Ansible shows them.
    type: bool
    default: false
    version_added: 0.2.0
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.domain_options
  - declarative.libvirt.domain_option_groups
  - declarative.libvirt.domain_option_groups.devices
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
requirements:
  - osinfo-db on the managed host
seealso:
  - module: declarative.libvirt.domain_xml
  - name: virt-install
    description: The options in detail.
    link: https://github.com/virt-manager/virt-manager/blob/main/man/virt-install.rst
"""

EXAMPLES = r"""
- name: What virt-install --osinfo gentoo --cdrom livegui.iso would define
  declarative.libvirt.domain_defaults:
    name: gentoo-2
    osinfo: gentoo
    cdrom: /var/lib/libvirt/images/livegui.iso
    disks: [{size: 5}]
  register: gentoo

- name: Define it
  declarative.libvirt.domain_xml:
    xml: "{{ gentoo.xml }}"

- name: A server with two disks and two interfaces
  declarative.libvirt.domain_defaults:
    name: web
    osinfo: fedora37
    import: true
    memory: 4096
    vcpus: 4
    disks:
      - path: /var/lib/libvirt/images/web.qcow2
      - size: 100
        driver:
          cache: none
    networks:
      - network=default
      - bridge: br0

- name: The XML of a disk alone, for a template
  declarative.libvirt.domain_defaults:
    osinfo: fedora37
    only: [disk]
    disks: [{size: 20, cache: none}]

- name: The same from a command line that works
  declarative.libvirt.domain_defaults:
    virt_install: >-
      virt-install --name web --osinfo fedora37 --import --memory 4096 --vcpus 4
      --disk /var/lib/libvirt/images/web.qcow2 --disk size=100,cache=none --network default --network bridge=br0
"""

RETURN = r"""
name:
  description: The name of the domain.
  returned: success
  type: str
  sample: gentoo-2
osinfo:
  description: The short id of its operating system.
  returned: success
  type: str
  sample: gentoo
xml:
  description: The document of the domain, as it is after the installation, or the elements that O(only) names.
  returned: success
  type: str
  sample: <domain type='kvm'>...</domain>
install_xml:
  description:
    - The document for the first boot, V(null) if nothing is installed.
    - As with C(virt-install), the guest then ends at its first reboot. Where only cloud-init is given its data,
      M(declarative.libvirt.domain) lets the guest restart instead.
  returned: success
  type: str
  sample: <domain type='kvm'>...</domain>
installer_files:
  description:
    - The files that answer the installer's questions, of an unattended installation.
    - Passwords and the product key read C(VALUE_HIDDEN), unless O(show_secrets) is true.
  returned: success
  type: list
  elements: dict
  version_added: 0.5.0
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: fedora.ks
    content:
      description: Its text.
      returned: success
      type: str
      sample: "rootpw VALUE_HIDDEN"
volumes:
  description: The volumes that have to be created before the domain can start.
  returned: success
  type: list
  elements: dict
  contains:
    pool:
      description: The storage pool.
      returned: success
      type: str
      sample: default
    name:
      description: The name of the volume.
      returned: success
      type: str
      sample: gentoo-2.qcow2
    path:
      description: Where it will be.
      returned: success
      type: str
      sample: /var/lib/libvirt/images/gentoo-2.qcow2
    capacity:
      description: Its size, in bytes, V(null) for the size of an image that is not there yet.
      returned: success
      type: int
      sample: 5368709120
    allocation:
      description: How much of it is allocated at once, in bytes.
      returned: success
      type: int
      sample: 0
    format:
      description: Its format.
      returned: success
      type: str
      sample: qcow2
    backing:
      description: The path of the image that it is based on, V(null) if none.
      returned: success
      type: str
      sample: /var/lib/libvirt/images/base.qcow2
    backing_format:
      description: The format of that image, V(null) if it wasn't given.
      returned: success
      type: str
      sample: qcow2
    image:
      description: Where the image of the sub-option C(image) comes from, V(null) without one.
      returned: success
      type: str
      sample: https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_defaults import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
