#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a domain runs."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_state
short_description: Start, stop, pause and save domains, and wait for them
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Brings a domain that is defined, or that runs, into a state, and waits until its guest can be used.
  - A guest is asked to shut down, and is never switched off unless O(shutdown) allows it.
options:
  name:
    description:
      - The name of the domain, or its UUID.
    type: str
    required: true
  state:
    description:
      - V(running) starts a domain that is off, resumes one that is paused, and wakes up one that has suspended itself. One
        whose state was saved goes on from there. One that is shutting down is stopped and started again.
      - V(stopped) shuts the guest down, in the way of O(shutdown). A saved state is left alone.
      - V(paused) stops the CPUs of a guest that runs. A domain that is off is started with its CPUs stopped.
      - V(saved) keeps the guest's memory on the host, from which the next start goes on, and stops it. A domain that is off
        has nothing to save, and is left alone.
      - V(restarted) shuts the guest down and starts it again, with the definition that it has now. A domain that is off is
        started. It is a change each time.
      - V(reset) is the reset button of the machine. The guest is not asked, and it is a change each time.
      - What is left of a guest that has crashed is kept by libvirt if the domain's C(on_crash) demands it. It is thrown away only
        with O(shutdown.force).
    type: str
    choices: [running, stopped, paused, saved, restarted, reset]
  autostart:
    description:
      - Whether the domain starts together with the hypervisor. It is left alone by default.
    type: bool
  wait:
    description:
      - What to wait for, after O(state) was reached. Check mode does not wait.
      - The task fails when the time is over, or at once when there is nothing to wait for any more, such as when the guest
        has stopped.
    type: dict
    suboptions:
      for:
        description:
          - V(running) waits until the guest runs, whoever starts it.
          - V(ip) waits until an address of the guest is known that other hosts can reach, which is returned as RV(addresses).
          - V(agent) waits until the QEMU guest agent answers.
          - V(shutoff) waits until no guest runs any more, whoever stops it.
        type: str
        choices: [running, ip, agent, shutoff]
        required: true
      timeout:
        description:
          - How long to wait, in seconds.
        type: float
        default: 300
      source:
        description:
          - Where an address is looked for. V(lease) are the leases of libvirt's own networks, V(agent) is the guest agent, and
            V(arp) is the host's ARP table. All listed sources are asked, and the first source that knows an address is enough.
        type: list
        elements: str
        choices: [lease, agent, arp]
        default: [lease, agent, arp]
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.shutdown
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether a guest shuts down when it is asked to is known only afterwards.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=restarted) and O(state=reset) are a change each time.
seealso:
  - module: declarative.libvirt.domain
  - module: declarative.libvirt.domain_xml
  - module: community.libvirt.virt
"""

EXAMPLES = r"""
- name: The web server runs, and starts with the host
  declarative.libvirt.domain_state:
    name: web
    state: running
    autostart: true

- name: It can be reached
  declarative.libvirt.domain_state:
    name: web
    state: running
    wait:
      for: ip
      timeout: 120
  register: web

- name: Say where
  ansible.builtin.debug:
    msg: "{{ web.addresses | map(attribute='address') }}"

- name: The web server is off. It has two minutes, and is then switched off
  declarative.libvirt.domain_state:
    name: web
    state: stopped
    shutdown:
      timeout: 120
      force: true

- name: Restart it where its definition has changes that wait for that
  declarative.libvirt.domain_state:
    name: web
    state: restarted
  when: web.restart_required

- name: Wait until an installer has switched the guest off
  declarative.libvirt.domain_state:
    name: web
    wait:
      for: shutoff
      timeout: 3600
"""

RETURN = r"""
domain:
  description: The facts of the domain after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    uuid:
      description: Its UUID, V(null) if there is no such domain, or if libvirt is yet to choose one.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    id:
      description: The number of the running guest, V(null) if none runs, or if it is yet to start.
      returned: success
      type: int
      sample: 3
    state:
      description:
        - libvirt's V(running), V(blocked), V(paused), V(shutdown) (being shut down), V(shutoff), V(crashed), V(pmsuspended)
          or V(nostate); or V(absent), also for a transient domain that has stopped.
      returned: success
      type: str
      sample: running
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
  sample:
    name: web
    uuid: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    id: 3
    state: running
    persistent: true
    autostart: false
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: V(state) or V(autostart).
      returned: success
      type: str
      sample: state
    op:
      description: Always V(modify).
      returned: success
      type: str
      sample: modify
    before:
      description: What it was.
      returned: success
      type: str
      sample: shutoff
    after:
      description: What it is now, or for O(state=restarted) and O(state=reset), what was done.
      returned: success
      type: str
      sample: running
    when:
      description: V(live) for the state, V(config) for autostart.
      returned: success
      type: str
      sample: live
addresses:
  description: The addresses of the guest that other hosts can reach.
  returned: when O(wait.for=ip), empty in check mode
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
      description: The interface, by the host's name for it, or for V(agent) as O(wait.source), the guest's.
      returned: success
      type: str
      sample: vnet3
    mac:
      description: The interface's MAC address.
      returned: success
      type: str
      sample: 52:54:00:1b:2c:3d
    source:
      description: The value of O(wait.source) that knows it.
      returned: success
      type: str
      sample: lease
restart_required:
  description: Whether the running guest differs from its definition; RV(pending) has the differences.
  returned: success
  type: bool
  sample: true
pending:
  description:
    - The differences between the running guest and its definition, whoever made them. Each task finds them anew. The list
      is empty if no guest runs.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The place, as an XPath into the domain's XML.
      returned: success
      type: str
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings differs.
      returned: success
      type: str
    before:
      description: The running guest's value or element.
      returned: success
      type: str
    after:
      description: The definition's value or element.
      returned: success
      type: str
    when:
      description: Always V(restart).
      returned: success
      type: str
    reason:
      description:
        - The reason why it was not changed live, which may be libvirt's. V(null) if a live change was not requested.
      returned: success
      type: str
  sample:
    - path: /domain/memory
      op: modify
      before: 2097152 KiB
      after: 4194304 KiB
      when: restart
      reason: libvirt can change it only while the guest is off
diff:
  description: The state and autostart, before and after.
  returned: success, in diff mode
  type: list
  elements: dict
  sample:
    - before: "state: shutoff\n"
      after: "state: running\n"
      before_header: web (state and storage)
      after_header: web (state and storage)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_state import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
