#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of volumes."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_info
short_description: Read the volumes of libvirt's storage pools, and who uses them
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns the volumes of the pools that are active, with their sizes and their XML.
options:
  pool:
    description:
      - Names, UUIDs, or patterns of names of pools. What doesn't exist, or is inactive, is left out.
      - All pools are looked at by default.
    type: list
    elements: str
  name:
    description:
      - Names of volumes, or patterns of names such as V(*.iso). What doesn't exist is left out.
      - All volumes are returned by default.
    type: list
    elements: str
  users:
    description:
      - Find out who uses the volumes. libvirt refreshes the pools for that, and all domains and the headers of all images are read.
    type: bool
    default: false
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
notes:
  - Without O(users) no pool is refreshed. Files that were made without libvirt are not known until it is.
seealso:
  - module: declarative.libvirt.volume
  - module: declarative.libvirt.pool_info
"""

EXAMPLES = r"""
- name: All images of the pool default
  declarative.libvirt.volume_info:
    pool: [default]
    name: ["*.qcow2"]
    users: true
  register: images

- name: Those that nobody uses
  ansible.builtin.debug:
    msg: "{{ images.volumes | rejectattr('users') | map(attribute='path') }}"
"""

RETURN = r"""
volumes:
  description: The volumes, by pool and name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: data.qcow2
    pool:
      description: Its pool.
      returned: success
      type: str
      sample: default
    path:
      description: Its path.
      returned: success
      type: str
      sample: /var/lib/libvirt/images/data.qcow2
    key:
      description: What libvirt knows it by, which is the path for most types of pools.
      returned: success
      type: str
      sample: /var/lib/libvirt/images/data.qcow2
    type:
      description: V(file), V(block), V(dir), V(network), V(netdir) or V(ploop).
      returned: success
      type: str
      sample: file
    format:
      description: Its format, V(null) where it has none.
      returned: success
      type: str
      sample: qcow2
    capacity:
      description: The size of the disk in it, in bytes.
      returned: success
      type: int
      sample: 21474836480
    backing:
      description: The RV(ignore:path) and the RV(ignore:format) of the image that it is based on, V(null) if there is none.
      returned: success
      type: dict
      sample:
        path: /var/lib/libvirt/images/base.qcow2
        format: qcow2
    encryption:
      description: The format of its encryption, V(null) if there is none.
      returned: success
      type: str
      sample: luks
    allocation:
      description: The bytes that it occupies.
      returned: success
      type: int
      sample: 4294967296
    physical:
      description: The length of the file, in bytes. V(null) where libvirt doesn't tell it.
      returned: success
      type: int
      sample: 4295426048
    users:
      description: Who uses it, in words. A domain that is off counts, and so does an image that is based on it.
      returned: when O(users=true)
      type: list
      elements: str
      sample: [vda of the domain web]
    xml:
      description: Its XML, as C(virsh vol-dumpxml) prints it, without what changes by itself.
      returned: success
      type: str
      sample: "<volume type='file'>\n  <name>data.qcow2</name>\n</volume>\n"
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.volume_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
