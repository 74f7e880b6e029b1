#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of networks."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network_info
short_description: Read the networks of libvirt, their leases, and who is connected to them
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns networks with their XML, the options that describe them, the leases of their DHCP, their ports, and the NICs of running
    guests that name them but were cut off.
options:
  name:
    description:
      - Names, UUIDs, or patterns of names such as V(web-*). What doesn't exist is left out.
      - All networks are returned by default.
    type: list
    elements: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.network
"""

EXAMPLES = r"""
- name: The networks of web servers
  declarative.libvirt.network_info:
    name: ["web*"]
  register: found

- name: The guests that are connected to them
  ansible.builtin.debug:
    msg: "{{ found.networks | map(attribute='ports') | flatten | map(attribute='domain') | unique }}"

- name: No guest is cut off from its network
  ansible.builtin.assert:
    that: found.networks | map(attribute='disconnected') | flatten | length == 0
"""

RETURN = r"""
networks:
  description: The networks, by name.
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
    mode:
      description: How it forwards, V(none) if it doesn't.
      returned: success
      type: str
      sample: nat
    bridge:
      description: The name of its bridge.
      returned: success
      type: str
      sample: virbr1
    subnets:
      description: Its subnets.
      returned: success
      type: list
      elements: str
      sample: [192.0.2.0/24]
    leases:
      description: The leases that its DHCP has given, by address. Empty for a network that is off.
      returned: success
      type: list
      elements: dict
      contains:
        address:
          description: The address.
          returned: success
          type: str
          sample: 192.0.2.10
        prefix:
          description: The number of bits of its mask.
          returned: success
          type: int
          sample: 24
        family:
          description: V(ipv4) or V(ipv6).
          returned: success
          type: str
          sample: ipv4
        mac:
          description: The MAC address that has it.
          returned: success
          type: str
          sample: 52:54:00:00:00:0a
        hostname:
          description: The name that the guest has given, V(null) if none.
          returned: success
          type: str
          sample: web1
        client_id:
          description: The identifier of the client, or its DUID with IPv6.
          returned: success
          type: str
          sample: "01:52:54:00:00:00:0a"
        expires:
          description: When it ends, in seconds since 1970; V(0) if never.
          returned: success
          type: int
          sample: 1764266400
    ports:
      description: Its ports, one for each NIC that is connected to it. V(null) with libvirt before 5.5.
      returned: success
      type: list
      elements: dict
      contains:
        uuid:
          description: The UUID of the port.
          returned: success
          type: str
          sample: c0b1a7de-54a9-4f1b-9d1e-6a0d0a2f7f43
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
        mac:
          description: The MAC address of the NIC.
          returned: success
          type: str
          sample: 52:54:00:00:00:0a
        device:
          description: The device of the host that the NIC is behind, V(null) if the guest isn't one of this hypervisor.
          returned: success
          type: str
          sample: vnet3
    disconnected:
      description:
        - NICs of running guests that name the network and have no port of it. They reach nobody, though libvirt shows them as usual,
          because the network was stopped and started again. O(declarative.libvirt.network#module:reconnect) connects them again.
        - Those that a restart by M(declarative.libvirt.network) has left waiting are among them.
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
        mac:
          description: The MAC address of the NIC.
          returned: success
          type: str
          sample: 52:54:00:00:00:0a
        device:
          description: The device of the host that the NIC is behind.
          returned: success
          type: str
          sample: vnet3
        network:
          description: The network that libvirt shows it on.
          returned: success
          type: str
          sample: web
    options:
      description:
        - The definition as options of M(declarative.libvirt.network), with what libvirt has filled in. Metadata of applications
          and devices that are listed by their PCI addresses have no option.
      returned: success
      type: dict
      sample:
        forward:
          mode: nat
        ips:
          - address: 192.0.2.1
            prefix: 24
    restart_required:
      description: Whether something waits until the network is started anew.
      returned: success
      type: bool
      sample: false
    pending:
      description: The differences between the network that is on and its definition, as M(declarative.libvirt.network) returns them.
      returned: success
      type: list
      elements: dict
      sample: []
    xml:
      description: Its definition, as C(virsh net-dumpxml --inactive) prints it.
      returned: success
      type: str
      sample: "<network>\n  <name>web</name>\n</network>\n"
    live_xml:
      description: What is on, as C(virsh net-dumpxml) prints it. V(null) for a network that is off.
      returned: success
      type: str
      sample: "<network connections='1'>\n  <name>web</name>\n</network>\n"
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.network_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
