#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe existing domains."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_export
short_description: Export existing domains as options for domains
version_added: 0.5.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Writes down guests that were made by hand, by C(virt-manager), C(virt-install) or anything else, as options of
    M(declarative.libvirt.domain), in as few words as there can be. What a new guest would get anyway is left out.
  - Each result is tried before it is returned. On this host, M(declarative.libvirt.domains) with it changes nothing. On a host
    without the domain, it makes the same definition, but for what O(keep) is about and other names and numbers that are drawn anew.
  - A guest is exported as its definition says. A warning says so where the running guest differs from that, and names transient
    domains, which have no definition and are left out.
  - Whether a guest runs is not written down, but whether it starts with the host is. On a new host it would otherwise start before
    its data are there. The options C(defaults) of M(declarative.libvirt.domains) or C(state) of an entry say it.
  - Nothing is changed, and no data of guests is read or copied. The playbook C(declarative.libvirt.adopt) writes all objects of a
    host into files for C(declarative.libvirt.estate).
options:
  name:
    description:
      - The names of domains, their UUIDs, or globs of names such as V(web-*).
      - What does not exist is left out. All domains are exported by default, and none for an empty list.
    type: list
    elements: str
  keep:
    description:
      - What is written down although it would be chosen anew for a new domain.
      - V(uuid) and V(mac) are what others know the guest by. Leave them out of the list to make further guests of the same kind.
      - V(machine) is the version of the machine type, such as V(pc-q35-7.2), instead of the newest one of its kind.
      - V(addresses) are the places of devices on their buses. Without them libvirt gives the same devices its usual places, which
        may have other names in the guest if devices were added and removed before.
    type: list
    elements: str
    choices: [uuid, mac, machine, addresses]
    default: [uuid, mac]
  secrets:
    description:
      - What stands for the passwords of consoles in RV(yaml). Passwords themselves are never exported.
      - V(variables) writes a variable for each, which has to be set; a warning has their names. V(omit) leaves them out, so that
        existing guests keep theirs and new ones get none.
      - RV(domains) is always without them. Other secrets, such as the data of C(fw_cfg), are left out, with a warning.
    type: str
    choices: [variables, omit]
    default: variables
  estate:
    description:
      - Whether also the networks, storage pools, network filters and secrets of the host are exported, and the volumes of the
        domains' disks. What libvirt brings by itself is left out, and so are the values of secrets. The media of drives are left
        out too, and a warning names them.
    type: bool
    default: false
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.info_module
  - declarative.libvirt.attributes.actiongroup_libvirt
seealso:
  - module: declarative.libvirt.domains
  - module: declarative.libvirt.estate
  - module: declarative.libvirt.domain_info
"""

EXAMPLES = r"""
- name: The web servers as options
  declarative.libvirt.domain_export:
    name: web-*
  register: web

- name: What they are in YAML
  ansible.builtin.debug:
    msg: "{{ web.yaml }}"

- name: They are so already
  declarative.libvirt.domains:
    domains: "{{ web.domains }}"

- name: All guests, and what they need of the host
  declarative.libvirt.domain_export:
    estate: true
    keep: [uuid, mac, machine]
  register: host

- name: The networks as options
  ansible.builtin.debug:
    msg: "{{ host.estate.networks }}"
"""

RETURN = r"""
domains:
  description: The domains by name, each as an entry of O(declarative.libvirt.domains#module:domains), without secrets.
  returned: success
  type: list
  elements: dict
  sample:
    - name: web
      uuid: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
      osinfo: debian11
      memory: 2048
      vcpus: 2
      disks:
        - path: /var/lib/libvirt/images/web.qcow2
      networks:
        - network: default
          mac: 52:54:00:1b:2c:3d
yaml:
  description: The same in YAML, below C(domains).
  returned: success
  type: str
  sample: |
    domains:
      - name: web
        osinfo: debian11
exported:
  description: How each domain is described.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    form:
      description:
        - V(options) where options say all of it, V(xpath) where some of it is said by their XPath, and V(xml) where no options were
          found and its whole document stands there.
      returned: success
      type: str
      sample: options
    secret_variables:
      description: The variables that stand for passwords in RV(yaml).
      returned: success
      type: list
      elements: str
      sample: [web_password]
    secrets_left_out:
      description: The places of secrets that are left out.
      returned: success
      type: list
      elements: str
      sample: [/domain/sysinfo]
estate:
  description:
    - The other objects of the host, as the options of M(declarative.libvirt.estate) with these names have them. Empty without
      O(estate).
  returned: success
  type: dict
  contains:
    secrets:
      description: The secrets, without their values.
      returned: with O(estate)
      type: list
      elements: dict
      sample: []
    nwfilters:
      description: The network filters that do not come with libvirt.
      returned: with O(estate)
      type: list
      elements: dict
      sample: []
    networks:
      description: The networks.
      returned: with O(estate)
      type: list
      elements: dict
      sample:
        - name: default
          state: active
          autostart: true
    pools:
      description: The storage pools.
      returned: with O(estate)
      type: list
      elements: dict
      sample:
        - name: default
          type: dir
          target:
            path: /var/lib/libvirt/images
          state: active
    volumes:
      description: The volumes of the domains' disks, and those that they are based on. Media are left out.
      returned: with O(estate)
      type: list
      elements: dict
      sample:
        - name: web.qcow2
          pool: default
          capacity: 20 GiB
files:
  description: Files of variables for the playbook C(declarative.libvirt.estate), one for each list. Empty without O(estate).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the file.
      returned: success
      type: str
      sample: guests.yml
    content:
      description: The file in YAML.
      returned: success
      type: str
      sample: "---\nguests: []\n"
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_export import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
