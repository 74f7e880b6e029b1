#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of secrets."""

from __future__ import annotations

DOCUMENTATION = r"""
module: secret_info
short_description: Read what libvirt knows of secrets, but for their values
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Returns the secrets of libvirt with their XML. Their values are never read.
options:
  uuid:
    description:
      - UUIDs. What doesn't exist is left out. All secrets are returned by default.
    type: list
    elements: str
  usage:
    description:
      - Only secrets that are for this.
    type: dict
    suboptions:
      type:
        description:
          - The type of the usage.
        type: str
        choices: [volume, ceph, iscsi, tls, vtpm]
      id:
        description:
          - The path of the volume, or the name.
        type: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.secret
"""

EXAMPLES = r"""
- name: The secrets for Ceph
  declarative.libvirt.secret_info:
    usage:
      type: ceph
  register: found

- name: Their UUIDs
  ansible.builtin.debug:
    msg: "{{ found.secrets | map(attribute='uuid') }}"
"""

RETURN = r"""
secrets:
  description: The secrets, by usage or else by UUID.
  returned: success
  type: list
  elements: dict
  contains:
    uuid:
      description: Its UUID.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    usage:
      description: The RV(ignore:type) and the RV(ignore:id) of its usage, V(null) if it has none.
      returned: success
      type: dict
      sample:
        type: ceph
        id: client.libvirt
    description:
      description: Its description, V(null) if it has none.
      returned: success
      type: str
      sample: Disks of guests
    ephemeral:
      description: Whether it is in memory alone.
      returned: success
      type: bool
      sample: false
    private:
      description: Whether its value can't be read.
      returned: success
      type: bool
      sample: false
    xml:
      description: Its XML, as C(virsh secret-dumpxml) prints it. The value is no part of it.
      returned: success
      type: str
      sample: "<secret ephemeral='no' private='no'>\n  <uuid>5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11</uuid>\n</secret>\n"
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.secret_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
