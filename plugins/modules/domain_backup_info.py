#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of backups."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_backup_info
short_description: Read which backups and checkpoints there are
version_added: 0.6.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns the backups that M(declarative.libvirt.domain_backup) has made, with what is needed to restore each, and the checkpoints of domains.
  - Backups of domains that are gone are returned as well.
options:
  domain:
    description:
      - Names, UUIDs, or patterns of names of domains. What doesn't exist is left out.
      - All domains are looked at by default.
    type: list
    elements: str
  directory:
    description:
      - The directory with the backups, on the hypervisor's host.
    type: path
  pool:
    description:
      - The storage pool with the backups, instead of O(directory).
    type: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.domain_checkpoint
  - module: declarative.libvirt.domain_backup
"""

EXAMPLES = r"""
- name: The backups of the web server
  declarative.libvirt.domain_backup_info:
    domain: [web]
    directory: /srv/backups
  register: found

- name: The newest one that can be restored
  ansible.builtin.debug:
    msg: "{{ found.backups | selectattr('complete') | list | last | default('none') }}"
"""

RETURN = r"""
backups:
  description: The backups, by domain, the oldest first. The list is empty if neither O(directory) nor O(pool) is given.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name, with which the names of its files begin. It has the time in UTC.
      returned: success
      type: str
      sample: web.20260131T020000Z
    domain:
      description: The name that the domain had.
      returned: success
      type: str
      sample: web
    uuid:
      description: The domain's UUID.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    time:
      description: When it was begun, in seconds since 1970.
      returned: success
      type: int
      sample: 1769824800
    type:
      description: V(full) or V(incremental).
      returned: success
      type: str
      sample: incremental
    base:
      description: The name of the backup on which an incremental one is based. V(null) for a full one.
      returned: success
      type: str
      sample: web.20260130T020000Z
    chain:
      description: The names of all backups that are needed to restore it, itself first.
      returned: success
      type: list
      elements: str
      sample: [web.20260131T020000Z, web.20260130T020000Z]
    checkpoint:
      description: The name of the checkpoint that was taken with it. V(null) if there was none.
      returned: success
      type: str
      sample: web.20260131T020000Z
    state:
      description: The state of the domain at that time.
      returned: success
      type: str
      sample: running
    quiesced:
      description: Whether the guest's agent held its file systems.
      returned: success
      type: bool
      sample: false
    definition:
      description: The path of the domain's definition.
      returned: success
      type: str
      sample: /srv/backups/web.20260131T020000Z.xml
    nvram:
      description: The path of the variables of UEFI. V(null) if there are none.
      returned: success
      type: str
      sample: /srv/backups/web.20260131T020000Z.nvram
    tpm:
      description: The path of an archive with the state of the emulated TPM. V(null) if there is none.
      returned: success
      type: str
      sample: /srv/backups/web.20260131T020000Z.tpm.tar
    disks:
      description: Its disks.
      returned: success
      type: list
      elements: dict
      contains:
        target:
          description: The target of the disk in the domain.
          returned: success
          type: str
          sample: vda
        path:
          description: The path of the image.
          returned: success
          type: str
          sample: /srv/backups/web.20260131T020000Z.vda.qcow2
        capacity:
          description: The size of the disk, in bytes.
          returned: success
          type: int
          sample: 21474836480
        allocation:
          description: What the image occupies, in bytes.
          returned: success
          type: int
          sample: 1361051648
    complete:
      description: Whether it can be restored. It is V(false) for one that is being made or was interrupted, and where files are missing.
      returned: success
      type: bool
      sample: true
checkpoints:
  description: The checkpoints that libvirt knows, by domain, the oldest first.
  returned: success
  type: list
  elements: dict
  contains:
    domain:
      description: The name of its domain.
      returned: success
      type: str
      sample: web
    name:
      description: Its name, which is that of the backup if one was made with it.
      returned: success
      type: str
      sample: web.20260131T020000Z
    parent:
      description: The checkpoint before it. V(null) if there is none.
      returned: success
      type: str
      sample: web.20260130T020000Z
    children:
      description: The checkpoints that were made after it.
      returned: success
      type: list
      elements: str
      sample: [web.20260201T020000Z]
    description:
      description: Its description. V(null) if it has none.
      returned: success
      type: str
      sample: Since the last copy
    creation_time:
      description: When it was made, in seconds since 1970.
      returned: success
      type: int
      sample: 1769824800
    disks:
      description: The targets of its disks.
      returned: success
      type: list
      elements: str
      sample: [vda]
    changed_bytes:
      description:
        - How many bytes were written since to each disk, by target, which is what an incremental backup would copy.
        - A disk is missing if that is unknown, as when QEMU was killed. All are missing while the guest is off.
      returned: success
      type: dict
      sample:
        vda: 7405568
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_backup_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
