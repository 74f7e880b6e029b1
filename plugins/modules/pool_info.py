#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of storage pools."""

from __future__ import annotations

DOCUMENTATION = r"""
module: pool_info
short_description: Read the storage pools of libvirt, the room in them and the names of their volumes
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns storage pools with their state, the room in them, the names of their volumes and their XML.
  - No pool is refreshed for that. Files that were made without libvirt are not among the volumes until it is.
options:
  name:
    description:
      - Names, UUIDs, or patterns of names such as V(ssd-*). What doesn't exist is left out.
      - All pools are returned by default.
    type: list
    elements: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.pool
"""

EXAMPLES = r"""
- name: All pools
  declarative.libvirt.pool_info:
  register: storage

- name: Those that are nearly full
  ansible.builtin.debug:
    msg: "{{ storage.pools | selectattr('available') | selectattr('available', 'lt', 10 * 1024 ** 3) | map(attribute='name') }}"
"""

RETURN = r"""
pools:
  description: The pools, by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: default
    uuid:
      description: Its UUID.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    state:
      description: V(active) or V(inactive).
      returned: success
      type: str
      sample: active
    persistent:
      description: Whether it has a definition that outlives it.
      returned: success
      type: bool
      sample: true
    autostart:
      description: Whether it starts together with the hypervisor.
      returned: success
      type: bool
      sample: true
    type:
      description: Its type.
      returned: success
      type: str
      sample: dir
    path:
      description: Where its volumes are, V(null) for types without such a place.
      returned: success
      type: str
      sample: /var/lib/libvirt/images
    capacity:
      description: The bytes that its volumes may have in all. V(null) while it is inactive.
      returned: success
      type: int
      sample: 107374182400
    allocation:
      description: The bytes that are in use. V(null) while it is inactive.
      returned: success
      type: int
      sample: 21474836480
    available:
      description: The bytes that are left. V(null) while it is inactive.
      returned: success
      type: int
      sample: 85899345920
    volumes:
      description: The names of its volumes. V(null) while it is inactive.
      returned: success
      type: list
      elements: str
      sample: [web.qcow2]
    restart_required:
      description: Whether the active pool is not as its definition says.
      returned: success
      type: bool
      sample: false
    xml:
      description: Its definition, as C(virsh pool-dumpxml --inactive) prints it, without the room in it.
      returned: success
      type: str
      sample: "<pool type='dir'>\n  <name>default</name>\n</pool>\n"
    live_xml:
      description: The XML of the active pool. V(null) while it is inactive.
      returned: success
      type: str
      sample: "<pool type='dir'>\n  <name>default</name>\n</pool>\n"
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.pool_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
