#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many whole domains at once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domains
short_description: Make many domains as C(virt-install) would, and keep them that way
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Used most are O(domains) and O(defaults) with the options C(name), C(osinfo), C(memory), C(vcpus), C(disks), C(networks), C(import),
    C(cloud_init) and C(state) of M(declarative.libvirt.domain). The page
    R(options,ansible_collections.declarative.libvirt.docsite.options) says what each of the others is about.
  - Does what M(declarative.libvirt.domain) does, for a whole list of domains in one task and over one connection. All domains
    are read first, then everything is planned, and then what differs is changed.
  - A domain that fails does not keep the other domains from their states. The task fails in the end, and its message
    names the failed domains.
options:
  domains:
    description:
      - The domains, each a dictionary with the options of M(declarative.libvirt.domain). All of its options can be used
        but C(uri) and C(auth). Each has a C(name), unless C(xml) or C(virt_install) has it.
      - Two entries with the same name or UUID, or that would create the same volume, are an error before anything is made. So
        is a volume that one entry deletes and another one is to use.
    type: list
    elements: raw
    required: true
  defaults:
    description:
      - Options for all domains, which each of them can override.
      - Where both have a dictionary, such as C(shutdown) or C(cloud_init), they are merged, at all levels. Everything else is
        replaced, lists as well. V(null) in a domain is as if the default were not there. An empty text is as if the option
        were not given, so that a row of a table can have empty cells.
      - The options that describe a domain do not apply to one that is given by C(xml).
    type: dict
    default: {}
  purge:
    description:
      - Whether domains that are not in the list are removed, if their names fit O(purge_match).
      - Only their definitions are. No volume is deleted, and no NVRAM or TPM state. A domain whose state is saved, or that has
        snapshots or checkpoints, is not removed, which is an error.
      - Nothing is removed while an entry of the list has no name, or an impossible one, because the entry may be about any domain.
    type: bool
    default: false
  purge_match:
    description:
      - The pattern of the names that O(purge) may remove, such as V(web-*), with C(*), C(?) and C([abc]) as in a shell.
    type: str
  purge_all:
    description:
      - With O(purge), whether O(domains) may be empty. All domains whose names fit O(purge_match) are removed then.
    type: bool
    default: false
  shutdown:
    description:
      - How a running guest is stopped where it has to be, as in M(declarative.libvirt.domain). It is the default of the
        domains as well.
      - Without it O(purge) does not remove a domain that runs, which is an error.
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
      - Whether the first domain that fails ends the task. When that is found while planning, nothing is changed. What is being
        changed at that moment is still completed.
    type: bool
    default: false
  parallel:
    description:
      - How many guests are started or stopped at the same time. The number of the hypervisor's CPUs, by default.
      - libvirt itself works on five requests of one connection at once, unless C(max_client_requests) in its configuration
        says otherwise.
    type: int
  output:
    description:
      - How much is returned. V(full) has all domains, V(changed) leaves out those that are as wanted already and wait for no
        restart, and V(summary) has only the name of the others, whether they were changed, and why they failed.
      - RV(diff) begins with a line for each change. V(full) has the XML of each changed domain below, V(changed) that of domains
        that there were before, and V(summary) none. C(-v) shows the XML of all.
      - A result of more than 700 kB is dropped by ansible-runner, and thus by AWX and Automation Platform. That is about 300 new
        domains. The module warns of it.
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
  - Ansible shows nothing of a task until it has ended. RV(timings) has the seconds of each phase.
requirements:
  - osinfo-db on the managed host
seealso:
  - module: declarative.libvirt.domain
  - name: An estate in one file
    description: A hundred guests from a YAML list or a CSV file.
    link: https://github.com/declarative-libvirt/declarative.libvirt/blob/main/docs/docsite/rst/guide_estate.rst
"""

EXAMPLES = r"""
- name: Three servers, with the options that are used most
  declarative.libvirt.domains:
    defaults:
      osinfo: debian11
      import: true
      memory: 2048
      vcpus: 2
      disks: [{size: 20, backing_store: /var/lib/libvirt/images/debian-12.qcow2}]
      networks: [{network: default}]
      autostart: true
      state: running
    domains:
      - name: web-1
      - name: web-2
      - name: database
        memory: 16384
        disks:
          - {size: 20, backing_store: /var/lib/libvirt/images/debian-12.qcow2}
          - {size: 200, bus: scsi}

- name: All guests of the host, and no other ones
  declarative.libvirt.domains:
    domains: "{{ guests }}"
    defaults: "{{ guest_defaults }}"
    purge: true
    purge_match: "*"
    shutdown:
      timeout: 120
  register: estate

- name: Say what waits for a restart
  ansible.builtin.debug:
    msg: "{{ estate.results | selectattr('restart_required') | map(attribute='name') }}"
"""

RETURN = r"""
results:
  description:
    - What was done, or would be in check mode, for each domain in the order of O(domains); O(output) can leave some out.
    - Each has what M(declarative.libvirt.domain) returns, and C(name). A failed domain has C(failed) and C(msg), a domain that
      was not tried because of O(fail_fast) C(skipped).
  returned: always, unless nothing could be planned
  type: list
  elements: dict
  sample:
    - name: web-1
      changed: true
      domain:
        name: web-1
        uuid: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
        id: 3
        state: running
        persistent: true
        autostart: false
      changes:
        - path: state
          op: modify
          before: shutoff
          after: running
          when: live
      restart_required: false
      pending: []
purged:
  description: The same for each domain that O(purge) has removed, or would remove.
  returned: always, unless nothing could be planned
  type: list
  elements: dict
  sample: []
summary:
  description: How many domains there are of each kind.
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
  description: How many seconds each phase took, those of reading and planning alone in check mode.
  returned: always, unless nothing could be planned
  type: dict
  sample:
    read: 0.031
    plan: 0.118
    apply: 4.92
    wait: 0.0
msg:
  description: The summary on one line, and if the task fails, which domains failed and why.
  returned: always
  type: str
  sample: 2 created, 1 changed, 97 unchanged, 0 failed, 1 restart pending
diff:
  description:
    - The summary and a line for each change, and then the XML, domain by domain; see O(output).
  returned: always, in diff mode
  type: list
  elements: dict
  sample:
    - prepared: |
        0 created, 1 changed, 99 unchanged, 0 failed, 1 restart pending
        web-1: modify /domain/memory: 1048576 -> 2097152 (restart)
    - before: |
        <domain type='kvm'>
          <name>web-1</name>
          <memory unit='KiB'>1048576</memory>
        </domain>
      after: |
        <domain type='kvm'>
          <name>web-1</name>
          <memory unit='KiB'>2097152</memory>
        </domain>
      before_header: web-1 (defined)
      after_header: web-1 (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domains import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
