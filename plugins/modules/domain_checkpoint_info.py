#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of checkpoints."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_checkpoint_info
short_description: Read the checkpoints of domains
version_added: 0.7.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns the checkpoints that libvirt knows of domains, with their parents and children, their disks, and how much was written since.
options:
  domain:
    description:
      - Names, UUIDs, or patterns of names of domains. What doesn't exist is left out.
      - All domains are looked at by default.
    type: list
    elements: str
  name:
    description:
      - Names of checkpoints, or patterns of names such as V(web.2026*). What doesn't exist is left out.
      - All checkpoints are returned by default.
    type: list
    elements: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.domain_checkpoint
  - module: declarative.libvirt.domain_backup_info
"""

EXAMPLES = r"""
- name: The checkpoints of the web server
  declarative.libvirt.domain_checkpoint_info:
    domain: [web]
  register: found

- name: Their names
  ansible.builtin.debug:
    msg: "{{ found.checkpoints | map(attribute='name') }}"
"""

RETURN = r"""
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
from ..module_utils._module.domain_checkpoint_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
