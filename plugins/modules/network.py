#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One virtual network of libvirt."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network
short_description: Define, start and change a virtual network of libvirt, also while guests use it, or remove it
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes one network of libvirt as its options say, or as an XML document in the format of libvirt does.
  - A network that exists keeps its UUID, the MAC address of its bridge and the bridge's name, and all that the options leave out.
  - A new network gets what the options leave out as in virt-manager's wizard. With O(name) alone it is a network with NAT, a free
    subnet and DHCP.
  - Hosts and ranges of DHCP, hosts, texts and services of DNS, groups of ports and devices to forward to are changed while the
    network is on, and guests notice nothing. libvirt has no call for the rest. That waits until the network is started anew, which
    is returned as RV(pending).
  - libvirt cuts all guests off from a network that is stopped. O(restart) starts it anew so that they keep it.
options:
  name:
    description:
      - The name of the network, or its UUID.
      - Required without a document, and with O(state=absent). A name that is not in the document is put into it.
    type: str
  xml:
    description:
      - The document, with the root element C(<network>). It is instead of the options that describe a network.
  state:
    description:
      - V(present) means that the network is defined as in the task. It stays on or off. A transient network is made persistent.
      - V(active) means that it is on, too, and V(inactive) that it is off.
      - V(absent) means that there is no such network. One that is on is stopped first.
      - It is an error to stop a network that guests are connected to, and to remove one that a domain names, unless O(force) is set.
    type: str
    choices: [present, active, inactive, absent]
    default: present
  autostart:
    description:
      - Whether the network is started together with the hypervisor. It stays as it is by default, which is not for a new one.
    type: bool
  mode:
    description:
      - V(merge) means that only what the task says is enforced. Entries of lists are added to those that there are, and
        an entry with C(state=absent) is taken out.
      - V(exact) means that what the task leaves out is removed, except for what libvirt fills in by itself. A new network gets none
        of the wizard's defaults.
      - V(exact) for O(xml) and O(src), and V(merge) for options, by default.
    type: str
    choices: [exact, merge]
    default: null
  affect:
    description:
      - What is changed. V(config) is the persistent definition, which the next start uses.
      - V(live) is the network that is on. Without V(config) it does nothing to a network that is off.
      - Each is compared and changed by itself.
    type: list
    elements: str
    choices: [config, live]
    default: [config, live]
  restart:
    description:
      - What to do about changes that can't be made while the network is on.
      - V(never) leaves them to the next start of the network, and names them in RV(pending).
      - V(if_required) starts the network anew if something is left of what the task asks for.
      - V(always) starts it anew for any change, and changes nothing live.
      - It starts with its definition, so that this does nothing without V(config) in O(affect).
      - Guests stay connected. Each of their NICs waits on a network of its own, without addresses, until the network is on again.
        Their links stay up, and their addresses as they are. They reach nobody for that time, which is a second or a few.
      - "If a step fails, the message names the NICs that wait, and the next run of the task brings them back."
    type: str
    choices: [never, if_required, always]
    default: never
  reconnect:
    description:
      - Connect the NICs of running guests again that were cut off because somebody has stopped the network and started it again.
        libvirt shows them as if nothing were wrong. Without this, a warning names them.
    type: bool
    default: false
  force:
    description:
      - Stop or remove the network although guests use it, or start it anew although something has a port of it that isn't a guest of
        this hypervisor. A warning names them.
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.network_options
  - declarative.libvirt.xml_object
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether libvirt accepts a network, and whether it can start it, is known only when it does.
      - RV(network.uuid) of a new network is V(null) if the task gives none, and RV(network.bridge) if libvirt finds the name.
notes:
  - libvirt would define a network in which two hosts of DHCP have one MAC address, name or address, two hosts of DNS one address,
    ranges overlap or a host's address is outside of its subnet, and could then never change these while it is on. The module refuses
    it.
  - A name of DNS that two addresses have, such as one of IPv4 and one of IPv6, can't be added while the network is on.
seealso:
  - module: declarative.libvirt.network_info
  - name: Network XML format
    description: What the document may contain.
    link: https://libvirt.org/formatnetwork.html
"""

EXAMPLES = r"""
- name: The network that comes with libvirt is on, now and after each start of the host
  declarative.libvirt.network:
    name: default
    state: active
    autostart: true

- name: A network with NAT, a free subnet and DHCP
  declarative.libvirt.network:
    name: lab
    state: active

- name: A network with fixed addresses
  declarative.libvirt.network:
    name: web
    state: active
    autostart: true
    ips:
      - address: 192.0.2.1
        prefix: 24
        dhcp:
          ranges:
            - start: 192.0.2.100
              end: 192.0.2.199
          hosts:
            - mac: 52:54:00:00:00:0a
              name: web1
              ip: 192.0.2.10
    dns:
      hosts:
        - ip: 192.0.2.10
          hostnames: [www, static]

- name: Another guest with an address of its own, and one less, while the network is on
  declarative.libvirt.network:
    name: web
    ips:
      - address: 192.0.2.1
        dhcp:
          hosts:
            - mac: 52:54:00:00:00:0b
              name: web2
              ip: 192.0.2.11
            - mac: 52:54:00:00:00:0a
              state: absent

- name: Larger packets, for which the network is started anew, and the guests stay connected
  declarative.libvirt.network:
    name: web
    bridge:
      stp: false
    restart: if_required

- name: A network on a bridge of the host
  declarative.libvirt.network:
    name: outside
    forward:
      mode: bridge
    bridge:
      name: br0

- name: A network as XML
  declarative.libvirt.network:
    xml: |
      <network>
        <name>quiet</name>
        <ip address="198.51.100.1" prefix="24"/>
      </network>
    state: active

- name: Guests that somebody has cut off are connected again
  declarative.libvirt.network:
    name: web
    reconnect: true

- name: The network is gone
  declarative.libvirt.network:
    name: quiet
    state: absent
"""

RETURN = r"""
network:
  description: The facts of the network after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    uuid:
      description: Its UUID, V(null) if there was no such network or if libvirt is yet to choose one.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    state:
      description: V(active), V(inactive) or V(absent).
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
      returned: if the network exists or existed
      type: str
      sample: nat
    bridge:
      description: The name of its bridge.
      returned: if the network exists or existed
      type: str
      sample: virbr1
    subnets:
      description: Its subnets.
      returned: if the network exists or existed
      type: list
      elements: str
      sample: [192.0.2.0/24]
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where, as an XPath into the network's XML, or V(state), V(autostart), or C(nic) with the MAC address of a guest's NIC.
      returned: success
      type: str
      sample: /network/ip[@address='192.0.2.1']/dhcp/host[@mac='52:54:00:00:00:0b']
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: add
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample:
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: "<host mac='52:54:00:00:00:0b' name='web2' ip='192.0.2.11'/>"
    when:
      description:
        - V(live) for a change that is in effect at once, V(config) for one of the definition of a network that is off, or is so
          already, and V(restart) for one that waits, or for which the network was started anew.
      returned: success
      type: str
      sample: live
restart_required:
  description: Whether something waits until the network is started anew.
  returned: success
  type: bool
  sample: false
pending:
  description: The differences between the network that is on and its definition, also those that earlier tasks or others have left.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where, as an XPath into the network's XML.
      returned: success
      type: str
      sample: /network/bridge/@stp
    op:
      description: As in RV(changes[].op).
      returned: success
      type: str
      sample: modify
    before:
      description: What the network that is on has.
      returned: success
      type: str
      sample: "on"
    after:
      description: What it will have.
      returned: success
      type: str
      sample: "off"
    when:
      description: Always V(restart).
      returned: success
      type: str
      sample: restart
    reason:
      description: Why it waits.
      returned: success
      type: str
      sample: libvirt has no call for it while the network is on
diff:
  description: The parts of the network that differ, in libvirt's formatting, with a header that names it.
  returned: success, in diff mode
  type: raw
  sample:
    before: "<network>\n  <name>web</name>\n  <bridge name='virbr1' stp='on' delay='0'/>\n</network>\n"
    after: "<network>\n  <name>web</name>\n  <bridge name='virbr1' stp='off' delay='0'/>\n</network>\n"
    before_header: web (defined)
    after_header: web (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.network import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
