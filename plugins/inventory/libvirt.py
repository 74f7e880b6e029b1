# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests as hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: libvirt
short_description: Guests of libvirt as hosts
version_added: 0.3.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes a host of each guest of one or several hypervisors, with its address, groups and variables.
  - All hypervisors are read at the same time, and all guest agents are asked at the same time. A hypervisor that is down or
    silent costs a warning, and the guests of the others are there.
  - The file of the inventory is called C(libvirt.yml) or ends in C(.libvirt.yml). C(.yaml) will do, too.
options:
  plugin:
    description:
      - The name of this plugin.
    type: str
    required: true
    choices: [declarative.libvirt.libvirt]
  uris:
    description:
      - The hypervisors. An entry is a connection URI as C(virsh --connect) takes it, or a dictionary.
      - They are opened on the controller. The key C(uri) is the URI, and without it the entry stands for the default.
      - The key C(auth) has a C(username) and a C(password), for a hypervisor that asks for them. Both may be templates or from
        Ansible's vault. Without them, the environment variables E(LIBVIRT_USERNAME) and E(LIBVIRT_PASSWORD) of the controller are
        used.
      - The key C(name) is the hypervisor's name. It is in front of the names of its hosts, as in V(kvm1_web), unless O(hostname)
        is set, and in the group of O(groups_by=hypervisor).
      - If not set, the environment variable E(LIBVIRT_DEFAULT_URI) of the controller is used, and without it
        V(qemu:///system).
    type: list
    elements: raw
  name:
    description:
      - The names of domains, their UUIDs, or globs of names such as V(web-*). All domains are hosts by default.
      - Others are not even read.
    type: list
    elements: str
  state:
    description:
      - Only domains in one of these states. V(active) are all whose guest runs, is paused or has crashed but is kept, and
        V(inactive) are all other domains.
      - Others are not even read.
    type: list
    elements: str
    choices: [active, inactive, nostate, running, blocked, paused, shutdown, shutoff, crashed, pmsuspended]
  tags:
    description:
      - Only guests with all of these tags.
    type: list
    elements: str
    default: []
  exclude_tags:
    description:
      - Only guests with none of these tags.
    type: list
    elements: str
    default: []
  filters:
    description:
      - Conditions on the variables of a host, as dictionaries with one key. V(include) and V(exclude) are a Jinja2
        condition.
      - The first condition that holds decides. A host for which none holds stays.
    type: list
    elements: dict
    default: []
  hostname:
    description:
      - The name of a host, as a Jinja2 expression on its variables.
      - Without it, that is the name of the domain, behind the name of its hypervisor where O(uris) has one.
      - If several guests would have the same name, all of them get the beginning of their UUID behind it, as in V(web_5f1a9c5e),
        with a warning, or an error with O(strict). A guest that several hypervisors have is one host, that which runs.
    type: str
  addresses:
    description:
      - Where addresses of running guests are looked for, in the order in which they are preferred. V(lease) are the leases of
        libvirt's own networks, V(agent) is the guest agent, and V(arp) is the host's ARP table.
      - The agent is asked only where it is connected, and the ARP table only for guests with an interface without an address.
    type: list
    elements: str
    choices: [lease, agent, arp]
    default: [lease, agent, arp]
  ansible_host:
    description:
      - Which of the addresses becomes the variable C(ansible_host). The first entry that fits decides.
      - V(ipv4) and V(ipv6) are the first address of that kind.
      - A network in CIDR notation, such as V(10.0.0.0/8), is the first address in it.
      - Another name, such as V(default) or V(br0), is the first address of an interface that is plugged into the network, bridge or
        device of that name.
      - V(hostname) is the guest's own name, which its agent knows.
      - V(false) sets nothing.
    type: raw
    default: [ipv4, ipv6]
  connection:
    description:
      - How guests are reached.
      - V(ssh) sets nothing, so that Ansible's own default is used.
      - V(agent) sets C(ansible_connection) to the connection plugin P(declarative.libvirt.agent#connection), which needs no
        network.
      - V(auto) does so for guests without an address whose agent answers.
    type: str
    choices: [ssh, agent, auto]
    default: ssh
  gather:
    description:
      - What the variables have besides, as in O(declarative.libvirt.domain_info#module:gather).
    type: list
    elements: str
    choices: [agent, stats, xml, live_xml]
    default: []
  agent_timeout:
    description:
      - How long to wait for the answers of all agents of a hypervisor together, in seconds.
    type: float
    default: 5
  timeout:
    description:
      - How long a hypervisor may be silent, in seconds, when it is connected to and later whenever it is asked.
      - With V(0), it is waited for ever.
    type: float
    default: 30
  strict_uris:
    description:
      - Whether a hypervisor that can't be read is an error.
      - Otherwise it is a warning, and the hosts are those that were read last, if O(cache) is on and keeps files. It is always
        an error if nothing is known of any hypervisor.
    type: bool
    default: false
  groups_by:
    description:
      - The groups that hosts are put in, without a template. Their names are V(libvirt_state_running), V(libvirt_tag_web),
        V(libvirt_network_default) (also of bridges), V(libvirt_pool_images), V(libvirt_os_debian12),
        V(libvirt_hypervisor_kvm1), V(libvirt_autostart) and V(libvirt_restart_required).
      - Whatever no group can be called becomes an underscore.
    type: list
    elements: str
    choices: [state, tags, network, pool, os, hypervisor, autostart, restart_required]
    default: [state, tags]
  group_prefix:
    description:
      - What the names of the groups of O(groups_by) begin with.
    type: str
    default: libvirt_
  use_vars_plugins:
    description:
      - Whether O(compose), O(groups) and O(keyed_groups) see what C(host_vars) and C(group_vars) have for the hosts, too.
    type: bool
    default: false
extends_documentation_fragment:
  - constructed
  - inventory_cache
requirements:
  - libvirt-python (C(python3-libvirt) in most distributions) on the controller
  - lxml (C(python3-lxml) in most distributions) on the controller
notes:
  - libvirt-python and lxml are looked for in the Python that Ansible uses, and then in that of the system.
  - The variables are what M(declarative.libvirt.domain_info) returns, with V(libvirt_) in front of their names, such as
    C(libvirt_state). C(libvirt_uri), C(libvirt_hypervisor) and C(libvirt_osinfo) are there besides.
  - What guests and their metadata say is data, and never a template.
seealso:
  - module: declarative.libvirt.domain_info
  - plugin: ansible.builtin.constructed
    plugin_type: inventory
"""

EXAMPLES = r"""
---
# libvirt.yml: all guests of this host
plugin: declarative.libvirt.libvirt
---
# Two hypervisors, the web servers that run, by their addresses in one network
plugin: declarative.libvirt.libvirt
uris:
  - qemu+ssh://root@kvm1.example.org/system
  - qemu+ssh://root@kvm2.example.org/system
name: [web-*]
state: [running]
ansible_host: [10.20.0.0/16]
---
# A name for each hypervisor, and a password from the vault
plugin: declarative.libvirt.libvirt
uris:
  - {uri: qemu+ssh://root@kvm1.example.org/system, name: kvm1}
  - uri: qemu+tcp://kvm2.example.org/system
    name: kvm2
    auth:
      username: ansible
      password: "{{ lookup('ansible.builtin.env', 'KVM2_PASSWORD') }}"
groups_by: [state, tags, hypervisor, os]
---
# Groups and variables of one's own
plugin: declarative.libvirt.libvirt
tags: [prod]
exclude_tags: [legacy]
filters:
  - exclude: libvirt_memory.maximum < 1024 * 1024 * 1024
hostname: libvirt_name ~ '.example.org'
compose:
  owner: libvirt_title | default('nobody', true)
groups:
  big: libvirt_vcpus.maximum >= 8
keyed_groups:
  - key: libvirt_tags
    prefix: ''
    separator: ''
---
# Kept for ten minutes, and for longer while a hypervisor is down
plugin: declarative.libvirt.libvirt
uris:
  - qemu+ssh://root@kvm1.example.org/system
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible/libvirt
cache_timeout: 600
"""

import os
import typing as t

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.options import (
    options_of,
)
from ansible_collections.declarative.libvirt.plugins.plugin_utils._inventory.known import Known
from ansible_collections.declarative.libvirt.plugins.plugin_utils._inventory.option_names import (
    check_names,
)
from ansible_collections.declarative.libvirt.plugins.plugin_utils._inventory.populate import (
    populate,
)

_NAMES = ("libvirt.yml", "libvirt.yaml")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]
    """Reads the hypervisors, or the cache, and adds the hosts."""

    NAME = "declarative.libvirt.libvirt"
    path: str

    def verify_file(self, path: str) -> bool:
        """Whether the file is called as one of this plugin's."""
        name = os.path.basename(path)
        is_ours = name in _NAMES or name.endswith(tuple(f".{each}" for each in _NAMES))
        return is_ours and bool(super().verify_file(path))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the hosts of a file to the inventory."""
        super().parse(inventory, loader, path, cache)
        self.path = path
        config = self._read_config_data(path)
        try:
            check_names(config, self)
            options = options_of(self._option)
            hypervisors = Known(self, path, cache).hypervisors(options)
            populate(self, options, hypervisors)
        except ExpectedError as error:
            raise AnsibleParserError(str(error)) from error

    def _option(self, name: str) -> t.Any:
        value = self.get_option(name)
        return self.templar.template(value) if name == "uris" else value
