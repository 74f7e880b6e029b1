#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the osinfo database knows of operating systems."""

from __future__ import annotations

DOCUMENTATION = r"""
module: osinfo_info
short_description: Look operating systems up in the osinfo database, or detect one from an image
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Tells what the osinfo database on the managed host knows of operating systems, such as the names that
    O(declarative.libvirt.domain_defaults#module:osinfo) takes, and what they need.
options:
  name:
    description:
      - Short ids, URLs, or patterns of short ids such as V(fedora3*).
      - A name that isn't a pattern has to exist. All operating systems are returned by default.
    type: list
    elements: str
  family:
    description:
      - Only operating systems of these families, such as V(linux) or V(winnt).
    type: list
    elements: str
  path:
    description:
      - The path of an installation image (ISO 9660) on the managed host, whose operating system is detected.
      - The result is empty when the database doesn't know the image. Where it can't tell several versions apart, as some of
        Windows, the newest of them is returned.
    type: path
  details:
    description:
      - Return devices and firmwares too.
    type: bool
    default: false
extends_documentation_fragment:
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
requirements:
  - osinfo-db on the managed host
seealso:
  - module: declarative.libvirt.domain_defaults
"""

EXAMPLES = r"""
- name: The facts of Gentoo
  declarative.libvirt.osinfo_info:
    name: [gentoo]
    details: true

- name: All Fedoras
  declarative.libvirt.osinfo_info:
    name: ["fedora*"]
  register: fedoras

- name: Their names
  ansible.builtin.debug:
    msg: "{{ fedoras.operating_systems | map(attribute='short_ids') | flatten }}"

- name: What an image installs
  declarative.libvirt.osinfo_info:
    path: /var/lib/libvirt/images/installation.iso
"""

RETURN = r"""
operating_systems:
  description: The operating systems. Facts that the database doesn't have are V(null).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The URL that identifies it.
      returned: success
      type: str
      sample: http://fedoraproject.org/fedora/37
    short_ids:
      description: The names that people use, first the preferred one.
      returned: success
      type: list
      elements: str
      sample: [fedora37]
    name:
      description: Its full name.
      returned: success
      type: str
      sample: Fedora Linux 37
    version:
      description: Its version.
      returned: success
      type: str
      sample: "37"
    vendor:
      description: Who makes it.
      returned: success
      type: str
      sample: Fedora Project
    family:
      description: What it is a kind of.
      returned: success
      type: str
      sample: linux
    distro:
      description: The distribution.
      returned: success
      type: str
      sample: fedora
    codename:
      description: Its other name.
      returned: success
      type: str
      sample: Bookworm
    release_date:
      description: When it was released.
      returned: success
      type: str
      sample: "2022-11-15"
    eol_date:
      description: When its support ends.
      returned: success
      type: str
      sample: "2023-12-05"
    release_status:
      description: Whether it is V(released), V(prerelease), V(rolling) or V(snapshot).
      returned: success
      type: str
      sample: released
    minimum:
      description:
        - What it needs at least, by architecture, one of which is V(all).
        - The keys are RV(ignore:ram) and RV(ignore:storage), in bytes, and RV(ignore:cpus).
      returned: success
      type: dict
      sample:
        all:
          ram: 1073741824
          cpus: 1
          storage: 10737418240
    recommended:
      description: What it should have. The keys are as in RV(operating_systems[].minimum).
      returned: success
      type: dict
      sample:
        all:
          ram: 2147483648
          cpus:
          storage: 21474836480
    devices:
      description: The devices that it supports, each with RV(ignore:id), RV(ignore:name) and RV(ignore:class).
      returned: with O(details)
      type: list
      elements: dict
      sample:
        - id: http://pcisig.com/pci/1af4/1041
          name: virtio1.0-net
          class: net
    firmwares:
      description: The firmwares that the database mentions.
      returned: with O(details)
      type: list
      elements: dict
      sample:
        - arch: x86_64
          type: efi
          supported: true
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._module.osinfo_info import SPEC, run


def main() -> None:
    """Run the module."""
    run(AnsibleModule(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
