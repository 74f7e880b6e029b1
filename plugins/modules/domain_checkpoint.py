#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making and deleting a checkpoint of a domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_checkpoint
short_description: Make a checkpoint of a guest, or delete it
version_added: 0.7.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes a checkpoint of a running guest, as C(virsh checkpoint-create-as) does, if there is none of that name, or deletes it. From a checkpoint on,
    QEMU notes in the images which blocks are written, so that an incremental backup copies those alone.
  - M(declarative.libvirt.domain_backup) makes its own, with each backup that an incremental one can follow. While a domain has a checkpoint, it can't
    be migrated or moved, and can't go back to a snapshot with memory. This module deletes it before that. The next backup is full then, and says so.
  - A checkpoint that exists is left as it is. Only its description can change. If the task asks for other disks, it fails.
options:
  domain:
    description:
      - The name or the UUID of the domain.
    type: str
    required: true
  name:
    description:
      - The name of the checkpoint. libvirt takes letters from a to z, digits, V(_), V(-), and dots that aren't at its beginning.
    type: str
    required: true
  state:
    description:
      - V(present) makes the checkpoint, if there is none of that name.
      - V(absent) deletes it. What was written since is noted for the checkpoint before it, if there is one. The disks keep all of their data.
      - libvirt does both while the guest runs, also if it is paused.
    type: str
    choices: [present, absent]
    default: present
  disks:
    description:
      - The targets of the disks, such as C(vda). By default, these are all that aren't read-only. Their images have to be qcow2 of version 3 without
        snapshots in them.
    type: list
    elements: str
    default: []
    aliases: [disk]
  description:
    description:
      - The description of the checkpoint. An empty one removes it.
    type: str
  children:
    description:
      - Whether O(state=absent) also deletes the checkpoints that were made after this one. By default, they stay.
    type: bool
    default: false
  metadata_only:
    description:
      - Whether O(state=absent) only makes libvirt forget the checkpoint, which it does while the guest is off too. The images keep the notes, QEMU goes on
        with them, and there can be no new checkpoint of that name. C(qemu-img bitmap --remove) removes them while the guest is off.
    type: bool
    default: false
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - It doesn't foresee that an image has the notes of a checkpoint of this name which libvirt has forgotten, because libvirt can't be asked for them.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: declarative.libvirt.domain_checkpoint_info
  - module: declarative.libvirt.domain_backup
  - module: declarative.libvirt.domain_snapshot
"""

EXAMPLES = r"""
- name: The checkpoints of the web server
  declarative.libvirt.domain_checkpoint_info:
    domain: [web]
  register: found

- name: No checkpoint, so that the guest can be migrated
  declarative.libvirt.domain_checkpoint:
    domain: web
    name: "{{ item.name }}"
    state: absent
  loop: "{{ found.checkpoints }}"
  loop_control:
    label: "{{ item.name }}"

- name: A checkpoint for a program of your own that makes backups
  declarative.libvirt.domain_checkpoint:
    domain: web
    name: nightly
    disks: [vda]
    description: Since the last copy
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
      description: C(checkpoint) with its name, or C(checkpoint) with its name and C(description).
      returned: success
      type: str
      sample: checkpoint nightly
    op:
      description: V(add) for a checkpoint that is made, V(remove) for one that is deleted, V(modify) for a description.
      returned: success
      type: str
      sample: add
    before:
      description: What was there, in words. V(null) if there was none.
      returned: success
      type: str
      sample: checkpoint of vda
    after:
      description: What is there, in words. V(null) if there is none.
      returned: success
      type: str
      sample: checkpoint of vda
    when:
      description: V(live) for a guest that runs, V(config) otherwise.
      returned: success
      type: str
      sample: live
diff:
  description: The checkpoints that are made and deleted.
  returned: success, in diff mode
  type: raw
  sample:
    - before: ""
      after: "checkpoint nightly: checkpoint of vda\n"
      before_header: web (checkpoints)
      after_header: web (checkpoints)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_checkpoint import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
