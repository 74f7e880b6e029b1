#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything on a host in one document."""

from __future__ import annotations

DOCUMENTATION = r"""
module: estate
short_description: Make all objects of a host agree with one document, its networks, pools, volumes and domains
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Does what the modules of each kind do, for everything on a host in one task and over one connection.
  - All is planned first, as one. Check mode knows what the same task makes, so that a domain on a network that does not
    exist yet is planned as it will be.
  - Secrets, network filters, networks, pools, volumes and domains are changed in this order, because they need each other in it.
    What is to be absent and not used goes first, because it makes room. What is still used goes last, in the reverse order.
  - An object that fails keeps those from being tried that need it, and no others. The task fails in the end, and its message
    names the failed objects.
options:
  secrets:
    description:
      - Secrets, each a dictionary with the options of M(declarative.libvirt.secret) but C(uri), C(auth), C(timeout) and
        C(remember).
    type: list
    elements: raw
  nwfilters:
    description: Network filters, in the same way, with the options of M(declarative.libvirt.nwfilter).
    type: list
    elements: raw
  networks:
    description: Networks, in the same way, with the options of M(declarative.libvirt.network).
    type: list
    elements: raw
  pools:
    description: Storage pools, in the same way, with the options of M(declarative.libvirt.pool).
    type: list
    elements: raw
  volumes:
    description: Volumes, in the same way, with the options of M(declarative.libvirt.volume).
    type: list
    elements: raw
  domains:
    description: Domains, in the same way, with the options of M(declarative.libvirt.domain).
    type: list
    elements: raw
  defaults:
    description:
      - Options for all objects of a kind, by the name of the list. Each object can override them.
      - Where both have a dictionary, they are merged, at all levels. Everything else is replaced, lists as well.
    type: dict
    suboptions:
      secrets:
        description: Options for all secrets.
        type: dict
      nwfilters:
        description: Options for all network filters.
        type: dict
      networks:
        description: Options for all networks.
        type: dict
      pools:
        description: Options for all storage pools.
        type: dict
      volumes:
        description: Options for all volumes.
        type: dict
      domains:
        description: Options for all domains.
        type: dict
  purge:
    description:
      - Patterns of the names that are removed where they are not listed, by the name of the list. A pattern such as V(lab-*)
        has C(*), C(?) and C([abc]) as in a shell.
      - What a listed object needs stays, such as the disks that listed domains have got without an entry in O(volumes). What
        something else uses is not removed, which is an error. Neither is a domain that has snapshots or a saved state.
      - Nothing is purged while a listed object has a mistake or can't be planned, because it is unknown what it needs. No
        volume, pool or secret is removed then either that is listed with C(state=absent).
    type: dict
    suboptions:
      secrets:
        description: The pattern for secrets. Their names are those of their usage, such as V(ceph client.admin).
        type: str
      nwfilters:
        description: The pattern for network filters. Those that come with libvirt stay.
        type: str
      networks:
        description: The pattern for networks.
        type: str
      pools:
        description: The pattern for storage pools. What is in them stays.
        type: str
      volumes:
        description:
          - The pattern for volumes, with that of their pool, such as V(lab/*.qcow2). Their content is lost.
        type: str
      domains:
        description: The pattern for domains. Only their definitions are removed, and no volume.
        type: str
  purge_all:
    description:
      - With O(purge), whether the list of a kind may be empty. Everything of the kind that fits the pattern is removed then.
    type: bool
    default: false
  shutdown:
    description:
      - How a running guest is stopped where it has to be, as in M(declarative.libvirt.domain). It is the default of the
        domains as well.
      - Without it O(purge.domains) does not remove a domain that runs, which is an error.
    type: dict
    suboptions:
      method:
        description:
          - The ways to ask it to shut down, tried in this order. With an empty list it is not asked, and O(shutdown.force) is
            needed.
        type: list
        elements: str
        choices: [agent, acpi, initctl, signal, paravirt]
        default: [agent, acpi]
      timeout:
        description:
          - How long to wait for each of the ways to have an effect, in seconds.
        type: float
        default: 60
      force:
        description:
          - Whether the guest is switched off in the end, which is like pulling the power cord.
        type: bool
        default: false
  fail_fast:
    description:
      - Whether the first object that fails ends the task. When that is found while planning, nothing is changed.
    type: bool
    default: false
  parallel:
    description:
      - How many guests are started or stopped at the same time. The number of the hypervisor's CPUs, by default.
    type: int
  output:
    description:
      - How much is returned. V(full) has all objects, V(changed) leaves out those that are as wanted already and wait for no
        restart, and V(summary) has only the name of the others, whether they were changed, and why they failed.
      - RV(diff) begins with a line for each change. V(full) has the XML of each changed object below, V(changed) that of objects
        that there were before, and V(summary) none. C(-v) shows the XML of all.
    type: str
    choices: [full, changed, summary]
    default: full
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether libvirt accepts a definition, can create a volume or start a guest is known only when it does so.
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - No password is returned, shown or logged. It reads V(VALUE_HIDDEN).
  - Two entries about the same object are an error before anything is made.
requirements:
  - osinfo-db on the managed host
seealso:
  - module: declarative.libvirt.domains
  - name: A host in one document
    description: Networks, pools, volumes and guests from one file, and how they need each other.
    link: https://github.com/declarative-libvirt/declarative.libvirt/blob/main/docs/docsite/rst/guide_host.rst
"""

EXAMPLES = r"""
- name: A lab with its own network
  declarative.libvirt.estate:
    networks:
      - name: lab
        state: active
        autostart: true
        ips: [{address: 192.168.77.1, prefix: 24}]
    defaults:
      domains: {osinfo: debian11, import: true, memory: 2048, state: running}
    domains:
      - name: lab-1
        disks: [{size: 20, backing_store: /var/lib/libvirt/images/debian-12.qcow2}]
        networks: [{network: lab}]

- name: What the files of the inventory have, and nothing else that is called lab
  declarative.libvirt.estate:
    networks: "{{ lab_networks }}"
    domains: "{{ lab_guests }}"
    purge:
      networks: lab-*
      domains: lab-*
    shutdown:
      timeout: 120
  register: lab

- name: Say what failed
  ansible.builtin.debug:
    msg: "{{ lab.results | selectattr('failed', 'defined') | map(attribute='msg') }}"
"""

RETURN = r"""
results:
  description:
    - What was done, or would be in check mode, for each object. Secrets come first, then network filters, networks, pools,
      volumes and domains, each kind in the order of its list; O(output) can leave some out.
    - Each has what the module of its kind returns, its C(kind), such as V(network), and its C(name). A failed object has
      C(failed) and C(msg). One that was not tried has C(skipped) and C(msg), which says why.
  returned: always, unless nothing could be planned
  type: list
  elements: dict
  sample:
    - kind: network
      name: lab
      changed: true
      network:
        name: lab
        uuid: 0c8f1b1e-5d0c-4f9b-8b6c-3c1f7a7d2e55
        state: active
        persistent: true
        autostart: true
      changes:
        - path: state
          op: modify
          before: inactive
          after: active
          when: live
      restart_required: false
      pending: []
purged:
  description: The same for each object that O(purge) has removed, or would remove.
  returned: always, unless nothing could be planned
  type: list
  elements: dict
  sample: []
summary:
  description: How many objects there are of each kind of result.
  returned: always, unless nothing could be planned
  type: dict
  sample:
    created: 2
    changed: 1
    removed: 0
    unchanged: 97
    failed: 0
    skipped: 0
    restart_pending: 1
timings:
  description: How many seconds each phase took, that of planning alone in check mode.
  returned: always, unless nothing could be planned
  type: dict
  sample:
    plan: 0.231
    apply: 4.92
    wait: 0.0
msg:
  description: The summary on one line, and if the task fails, which objects failed and why.
  returned: always
  type: str
  sample: 2 created, 1 changed, 97 unchanged, 0 failed, 1 restart pending
diff:
  description:
    - The summary and a line for each change, and then the XML, object by object; see O(output).
  returned: always, in diff mode
  type: list
  elements: dict
  sample:
    - prepared: |
        0 created, 1 changed, 99 unchanged, 0 failed, 0 restart pending
        network lab: modify state: inactive -> active (live)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.estate import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
