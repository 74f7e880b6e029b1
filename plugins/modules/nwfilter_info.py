#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of network filters."""

from __future__ import annotations

DOCUMENTATION = r"""
module: nwfilter_info
short_description: Read the network filters of libvirt, and the guests that they are bound to
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns network filters with their XML, the filters that they refer to, and the interfaces of running guests that they
    are bound to.
options:
  name:
    description:
      - Names, UUIDs, or patterns of names such as V(web-*). What doesn't exist is left out.
      - All filters are returned by default, those that come with libvirt among them.
    type: list
    elements: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.nwfilter
"""

EXAMPLES = r"""
- name: The filters of web servers
  declarative.libvirt.nwfilter_info:
    name: ["web*"]
  register: filters

- name: The guests that they protect
  ansible.builtin.debug:
    msg: "{{ filters.nwfilters | map(attribute='bindings') | flatten | map(attribute='domain') | unique }}"
"""

RETURN = r"""
nwfilters:
  description: The filters, by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    uuid:
      description: Its UUID.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    chain:
      description: The chain that its rules are in.
      returned: success
      type: str
      sample: root
    priority:
      description: The priority of the chain. Chains of lower priorities come first.
      returned: success
      type: int
      sample: 0
    references:
      description: The filters that it refers to, in the order of its document.
      returned: success
      type: list
      elements: str
      sample: [clean-traffic]
    bindings:
      description:
        - The interfaces of running guests that it is bound to. A filter that is there through another's reference has none
          of its own.
        - Always empty with libvirt before 4.5.
      returned: success
      type: list
      elements: dict
      contains:
        domain:
          description: The name of the guest.
          returned: success
          type: str
          sample: web1
        domain_uuid:
          description: The UUID of the guest.
          returned: success
          type: str
          sample: 0a7c6a3e-7f39-4f4b-9b53-4b3c9ee6a1d2
        device:
          description: The interface on the host.
          returned: success
          type: str
          sample: vnet3
        mac:
          description: The MAC address of the interface of the guest.
          returned: success
          type: str
          sample: 52:54:00:6b:3c:58
        parameters:
          description: The parameters that the interface gives the filter. There may be several of a name.
          returned: success
          type: list
          elements: dict
          sample:
            - name: IP
              value: 192.0.2.7
    xml:
      description: Its XML, as C(virsh nwfilter-dumpxml) prints it.
      returned: success
      type: str
      sample: "<filter name='web' chain='root'>\n  <uuid>5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11</uuid>\n</filter>\n"
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.nwfilter_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
