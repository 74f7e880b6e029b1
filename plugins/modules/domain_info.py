#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of domains."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_info
short_description: Gather facts of domains from libvirt and from the guests
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Gathers facts of domains, of all or of some, whether they run or not, in one task and with few calls.
  - The result has the differences between a running guest and its definition, too.
  - What cannot be found out is V(null), and never an error. A domain that disappears while it is looked at is left out.
options:
  name:
    description:
      - The names of domains, their UUIDs, or globs of names such as V(web-*).
      - What does not exist is not in the result, which is empty when nothing does. All domains are returned by default, and
        none for an empty list.
    type: list
    elements: str
  state:
    description:
      - Only domains in one of these states, by what is returned as RV(domains[].state). V(active) are all whose guest runs, is
        paused or has crashed but is kept, and V(inactive) are all other domains.
    type: list
    elements: str
    choices: [active, inactive, nostate, running, blocked, paused, shutdown, shutoff, crashed, pmsuspended]
  tags:
    description:
      - Only domains that have all of these tags, which O(declarative.libvirt.domain#module:ansible) gives them.
    type: list
    elements: str
  addresses:
    description:
      - Where addresses of running guests are looked for. V(lease) are the leases of libvirt's own networks, V(agent) is the
        guest agent, and V(arp) is the host's ARP table. An empty list looks for none.
      - V(lease) costs little. V(agent) asks each guest.
    type: list
    elements: str
    choices: [lease, agent, arp]
    default: [lease]
  gather:
    description:
      - What to return besides.
      - V(xml) is the definition, and V(live_xml) that of the running guest. What is secret in them reads V(VALUE_HIDDEN).
      - V(stats) are all statistics that libvirt has.
      - V(agent) has the guest agent's facts of the guest's system.
    type: list
    elements: str
    choices: [xml, live_xml, stats, agent]
    default: []
  agent_timeout:
    description:
      - How long to wait for the answers of guests, in seconds. They are asked at the same time, and this holds for all of them
        together. What has not been answered by then is RV(domains[].unavailable).
    type: float
    default: 5
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.domain_state
  - module: declarative.libvirt.domain_xml
  - module: community.libvirt.virt
"""

EXAMPLES = r"""
- name: All domains
  declarative.libvirt.domain_info:
  register: all

- name: Their names and states
  ansible.builtin.debug:
    msg: "{{ all.domains | items2dict(key_name='name', value_name='state') }}"

- name: The web servers that run
  declarative.libvirt.domain_info:
    name: web-*
    state: [running]
    addresses: [lease, agent]
  register: web

- name: Reach them by their address
  ansible.builtin.add_host:
    name: "{{ item.name }}"
    ansible_host: "{{ item.addresses[0].address }}"
    groups: [web]
  loop: "{{ web.domains | selectattr('addresses') }}"
  loop_control:
    label: "{{ item.name }}"

- name: The production servers for the web, by their tags
  declarative.libvirt.domain_info:
    tags: [web, prod]

- name: Whether there is a domain
  declarative.libvirt.domain_info:
    name: db
  register: db

- name: Define it
  declarative.libvirt.domain_xml:
    src: /srv/guests/db.xml
  when: not db.domains

- name: What waits for a restart
  ansible.builtin.debug:
    msg: "{{ item.pending | map(attribute='path') }}"
  loop: "{{ all.domains | selectattr('restart_required') }}"
  loop_control:
    label: "{{ item.name }}"

- name: The guest's own facts, with its definition
  declarative.libvirt.domain_info:
    name: db
    gather: [agent, xml]
  register: db

- name: Its file systems
  ansible.builtin.debug:
    msg: "{{ item.agent.filesystems | default(item.unavailable.agent, true) }}"
  loop: "{{ db.domains }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
domains:
  description: The domains, by name. What cannot be found out is V(null).
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
    id:
      description: The number of the running guest, V(null) if none runs.
      returned: success
      type: int
      sample: 3
    state:
      description:
        - V(running), V(blocked), V(paused), V(shutdown) (being shut down), V(shutoff), V(crashed), V(pmsuspended) or V(nostate)
          as libvirt says.
      returned: success
      type: str
      sample: running
    state_reason:
      description:
        - Why it is in this state, as libvirt names it, such as V(booted) or V(from_snapshot) for V(running), V(user) or
          V(ioerror) for V(paused), V(shutdown) or V(destroyed) for V(shutoff), or V(unknown).
      returned: success
      type: str
      sample: booted
    persistent:
      description: Whether it has a definition that outlives the guest.
      returned: success
      type: bool
      sample: true
    autostart:
      description: Whether it starts together with the hypervisor.
      returned: success
      type: bool
      sample: false
    saved:
      description: Whether the next start goes on from a saved state.
      returned: success
      type: bool
      sample: false
    title:
      description: Its title.
      returned: success
      type: str
      sample: The web server
    description:
      description: Its description.
      returned: success
      type: str
      sample: See the wiki before you restart it
    tags:
      description: The tags of the guest as a host of Ansible; see O(declarative.libvirt.domain#module:ansible).
      returned: success
      type: list
      elements: str
      sample: [web, prod]
    ansible_vars:
      description: Its variables as a host of Ansible.
      returned: success
      type: dict
      sample:
        http_port: 8080
    type:
      description: The kind of hypervisor.
      returned: success
      type: str
      sample: kvm
    arch:
      description: The architecture of its CPUs.
      returned: success
      type: str
      sample: x86_64
    machine:
      description: The machine type.
      returned: success
      type: str
      sample: pc-q35-7.2
    memory:
      description:
        - Its memory in bytes, of the guest if one runs, else of the definition.
        - RV(ignore:current) is what it has now, and RV(ignore:maximum) what it can have without being restarted.
      returned: success
      type: dict
      sample:
        current: 2147483648
        maximum: 4294967296
    vcpus:
      description: How many virtual CPUs it has. The keys are as in RV(domains[].memory).
      returned: success
      type: dict
      sample:
        current: 2
        maximum: 4
    disks:
      description: Its disks, those of the guest if one runs.
      returned: success
      type: list
      elements: dict
      contains:
        target:
          description: The device's name.
          returned: success
          type: str
          sample: vda
        device:
          description: V(disk), V(cdrom), V(floppy) or V(lun).
          returned: success
          type: str
          sample: disk
        bus:
          description: What it is attached to.
          returned: success
          type: str
          sample: virtio
        type:
          description: What its source is, such as V(file), V(block), V(volume) or V(network).
          returned: success
          type: str
          sample: file
        source:
          description:
            - A path, the pool and the volume with a slash in between, or a URL. It is V(null) for a drive without a medium.
          returned: success
          type: str
          sample: /var/lib/libvirt/images/web.qcow2
        format:
          description: The image's format.
          returned: success
          type: str
          sample: qcow2
        read_only:
          description: Whether the guest cannot write to it.
          returned: success
          type: bool
          sample: false
        serial:
          description: The serial number that the guest sees, if one is set.
          returned: success
          type: str
          sample: WD-WMAP9A966149
        capacity:
          description: How large it is to the guest, in bytes.
          returned: success
          type: int
          sample: 21474836480
        allocation:
          description: How far it takes up room on the host, in bytes. Of a running guest's disk, the end of what was written.
          returned: success
          type: int
          sample: 4194304000
        physical:
          description: How large the file or the host's device is, in bytes.
          returned: success
          type: int
          sample: 4194369536
    interfaces:
      description: Its network interfaces, those of the guest if one runs.
      returned: success
      type: list
      elements: dict
      contains:
        mac:
          description: The MAC address.
          returned: success
          type: str
          sample: 52:54:00:1b:2c:3d
        type:
          description: What it is plugged into, such as V(network), V(bridge), V(direct) or V(user).
          returned: success
          type: str
          sample: network
        source:
          description: The name of the network, bridge or device, the path of a socket, or the PCI address of a device.
          returned: success
          type: str
          sample: default
        model:
          description: The model that the guest sees.
          returned: success
          type: str
          sample: virtio
        target:
          description: The host's name for it while the guest runs.
          returned: success
          type: str
          sample: vnet3
        link:
          description: V(up), or V(down) when the cable is pulled.
          returned: success
          type: str
          sample: up
        disconnected:
          description:
            - Whether the guest is cut off from libvirt's network, though libvirt shows it there, because the network was stopped and
              started again. O(declarative.libvirt.network#module:reconnect) connects it again.
          returned: success
          type: bool
          sample: false
        addresses:
          description: Those of RV(domains[].addresses) that belong to its MAC address.
          returned: success
          type: list
          elements: dict
          sample:
            - address: 192.168.122.17
              prefix: 24
              interface: vnet3
              mac: 52:54:00:1b:2c:3d
              source: lease
    addresses:
      description:
        - The addresses of the running guest that other hosts can reach, as M(declarative.libvirt.domain_state) returns them, from
          the sources in the order of O(addresses). The same address may be known to several.
      returned: success
      type: list
      elements: dict
      contains:
        address:
          description: An IPv4 or IPv6 address.
          returned: success
          type: str
          sample: 192.168.122.17
        prefix:
          description: The length of the network's prefix.
          returned: success
          type: int
          sample: 24
        interface:
          description: The interface, by the host's name for it, or for V(agent) as O(addresses), the guest's.
          returned: success
          type: str
          sample: vnet3
        mac:
          description: The interface's MAC address.
          returned: success
          type: str
          sample: 52:54:00:1b:2c:3d
        source:
          description: Which of O(addresses) knows it.
          returned: success
          type: str
          sample: lease
    snapshots:
      description: Its snapshots, the oldest first.
      returned: success
      type: list
      elements: dict
      contains:
        name:
          description: Its name.
          returned: success
          type: str
          sample: before-upgrade
        parent:
          description: The snapshot that it is based on.
          returned: success
          type: str
          sample: installed
        current:
          description: Whether the domain goes on from this snapshot.
          returned: success
          type: bool
          sample: true
        state:
          description: The domain's state at that time, or V(disk-snapshot).
          returned: success
          type: str
          sample: running
        creation_time:
          description: When it was made, in seconds since 1970.
          returned: success
          type: int
          sample: 1795558686
        description:
          description: Its description.
          returned: success
          type: str
          sample: Before the upgrade
    restart_required:
      description: Whether the running guest differs from its definition; RV(domains[].pending) has the differences.
      returned: success
      type: bool
      sample: true
    pending:
      description:
        - What differs between the running guest and its definition, without what libvirt itself adds when it starts a guest,
          and without what a restart would not change.
        - It is empty where no guest runs, and for a transient domain.
      returned: success
      type: list
      elements: dict
      contains:
        path:
          description: An XPath into the definition.
          returned: success
          type: str
          sample: /domain/vcpu
        op:
          description: V(add), V(remove), V(modify) or V(move).
          returned: success
          type: str
          sample: modify
        before:
          description: What the running guest has. An element is shown as XML. Secrets read V(VALUE_HIDDEN).
          returned: success
          type: str
          sample: "2"
        after:
          description: What the definition has.
          returned: success
          type: str
          sample: "4"
        when:
          description: Always V(restart).
          returned: success
          type: str
          sample: restart
        reason:
          description: Why it has to wait. It is V(null) for what can be changed without a restart.
          returned: success
          type: str
          sample: libvirt can change it only while the guest is off
    unavailable:
      description:
        - Requested facts that are unavailable, with the reason. The keys are V(agent), and V(addresses.lease),
          V(addresses.agent) and V(addresses.arp).
      returned: success
      type: dict
      sample:
        agent: "Guest agent is not responding: QEMU guest agent is not connected"
    xml:
      description: The definition, as C(virsh dumpxml --inactive) prints it.
      returned: with V(xml) in O(gather)
      type: str
      sample: <domain type='kvm'>...</domain>
    live_xml:
      description: The running guest's XML, as C(virsh dumpxml) prints it. It is V(null) if none runs.
      returned: with V(live_xml) in O(gather)
      type: str
      sample: <domain type='kvm' id='3'>...</domain>
    stats:
      description: The statistics, by the names that C(virsh domstats) prints.
      returned: with V(stats) in O(gather)
      type: dict
      sample:
        state.state: 1
        cpu.time: 4947331000
        balloon.current: 2097152
    agent:
      description: The facts from the guest agent. V(null) if it cannot be asked; RV(domains[].unavailable) has the reason.
      returned: with V(agent) in O(gather)
      type: dict
      contains:
        hostname:
          description: The guest's own name.
          returned: success
          type: str
          sample: web.example.org
        os:
          description: The operating system, as the guest agent's C(guest-get-osinfo) names it.
          returned: success
          type: dict
          sample:
            id: debian
            pretty_name: Debian GNU/Linux 12 (bookworm)
            version_id: "12"
            kernel_release: 6.1.0-56-amd64
            machine: x86_64
        timezone:
          description: The time zone, with its offset to UTC in seconds.
          returned: success
          type: dict
          sample:
            name: UTC
            offset: 0
        users:
          description: Who is logged in, with RV(ignore:login_time) in milliseconds since 1970.
          returned: success
          type: list
          elements: dict
          sample:
            - name: alice
              login_time: 1795558686000
        filesystems:
          description: The file systems that are mounted, with sizes in bytes.
          returned: success
          type: list
          elements: dict
          sample:
            - name: vda1
              mountpoint: /
              fstype: ext4
              total_bytes: 20956397568
              used_bytes: 3221225472
              disks:
                - alias: vda
                  device: /dev/vda1
        disks:
          description: The disks as the guest sees them.
          returned: success
          type: list
          elements: dict
          sample:
            - name: /dev/vda
              partition: false
        interfaces:
          description: The network interfaces as the guest sees them, with all of their addresses.
          returned: success
          type: list
          elements: dict
          sample:
            - name: eth0
              hwaddr: 52:54:00:1b:2c:3d
              addresses:
                - type: ipv4
                  addr: 192.168.122.17
                  prefix: 24
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
