#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of snapshots."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_snapshot_info
short_description: Read the snapshots of domains, with their files
version_added: 0.5.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns the snapshots that libvirt knows of domains, with their parents and children, their files, and which of these the domain still uses.
options:
  domain:
    description:
      - Names, UUIDs, or patterns of names of domains. What doesn't exist is left out.
      - All domains are looked at by default.
    type: list
    elements: str
  name:
    description:
      - Names of snapshots, or patterns of names such as V(nightly-*). What doesn't exist is left out.
      - All snapshots are returned by default.
    type: list
    elements: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.domain_snapshot
  - module: declarative.libvirt.domain_info
"""

EXAMPLES = r"""
- name: The snapshots of the web server
  declarative.libvirt.domain_snapshot_info:
    domain: [web]
  register: found

- name: The names of those that are older than a week
  ansible.builtin.debug:
    msg: "{{ found.snapshots | selectattr('creation_time', 'lt', now().timestamp() - 604800) | map(attribute='name') }}"
"""

RETURN = r"""
snapshots:
  description: The snapshots, by domain, the oldest first.
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
      description: Its name.
      returned: success
      type: str
      sample: before-upgrade
    parent:
      description: The snapshot that it is based on, V(null) if there is none.
      returned: success
      type: str
      sample: installed
    children:
      description: The snapshots that are based on it.
      returned: success
      type: list
      elements: str
      sample: [after-upgrade]
    current:
      description: Whether the domain goes on from this snapshot.
      returned: success
      type: bool
      sample: true
    type:
      description: V(internal) or V(external).
      returned: success
      type: str
      sample: external
    state:
      description: The domain's state at that time, or V(disk-snapshot).
      returned: success
      type: str
      sample: disk-snapshot
    creation_time:
      description: When it was taken, in seconds since 1970. V(null) where that is unknown.
      returned: success
      type: int
      sample: 1700000000
    description:
      description: Its description, V(null) if it has none.
      returned: success
      type: str
      sample: Before the upgrade
    memory:
      description: Whether it has the memory of the guest.
      returned: success
      type: bool
      sample: false
    memory_file:
      description: The file with the memory, V(null) if there is none.
      returned: success
      type: str
      sample: /var/lib/libvirt/images/web.before-upgrade.memory
    disks:
      description: The disks of the domain.
      returned: success
      type: list
      elements: dict
      contains:
        target:
          description: Its target.
          returned: success
          type: str
          sample: vda
        type:
          description: V(internal), V(external) or V(no).
          returned: success
          type: str
          sample: external
        path:
          description: The overlay in which is written what comes after the snapshot. V(null) where there is none.
          returned: success
          type: str
          sample: /var/lib/libvirt/images/web.before-upgrade
        allocation:
          description: The bytes that the overlay occupies, V(null) where that is unknown.
          returned: success
          type: int
          sample: 458752
        used:
          description:
            - Whether the disk is based on the overlay. V(false) is a file that somebody has merged, or one that is left of a branch. V(null) where
              that is unknown.
          returned: success
          type: bool
          sample: true
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_snapshot_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
