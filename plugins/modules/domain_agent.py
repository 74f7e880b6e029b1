#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest's agent does."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_agent
short_description: SSH keys, passwords, a command, trimming and freezing in a guest, through its agent
version_added: 0.3.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Does single things in a guest that is no host of the inventory, through the QEMU guest agent. The guest needs no network.
  - To run tasks in a guest as in any other host, use the connection P(declarative.libvirt.agent#connection) instead.
  - Several things are done in this order. File systems are thawed, keys and the password are set, the command is run, file systems
    are trimmed, and then frozen. What follows a command that fails isn't done.
options:
  name:
    description:
      - The name of the domain, or its UUID.
    type: str
    required: true
  ssh_keys:
    description:
      - Who may log in as a user of the guest by SSH. Needs the guest agent 5.2 or newer.
    type: dict
    suboptions:
      user:
        description:
          - The user, who has to exist.
        type: str
        required: true
      keys:
        description:
          - The public keys, each as the line that C(authorized_keys) has, which is compared as a whole.
        type: list
        elements: str
        required: true
      state:
        description:
          - Whether the user has these keys. Other keys are left alone.
        type: str
        choices: [present, absent]
        default: present
      exclusive:
        description:
          - Whether all other keys of the user are removed.
        type: bool
        default: false
  password:
    description:
      - Set the password of a user. The one that the user has can't be asked for, so this is a change each time.
    type: dict
    suboptions:
      user:
        description:
          - The user, who has to exist.
        type: str
        required: true
      value:
        description:
          - The password.
        type: str
        required: true
      encrypted:
        description:
          - Whether O(password.value) is the hash that C(/etc/shadow) gets, as the filter P(ansible.builtin.password_hash#filter) makes it.
        type: bool
        default: false
  command:
    description:
      - Run a program, without a shell. It is a change whenever it runs, and the task fails where it ends with another code than 0.
    type: dict
    suboptions:
      argv:
        description:
          - The program and its arguments.
        type: list
        elements: str
        required: true
      stdin:
        description:
          - What it reads as its standard input, at most 96 KiB. It is not shown.
        type: str
      creates:
        description:
          - The absolute path of a file or folder of the guest. If it is there, the program isn't run, and nothing is changed.
        type: str
      timeout:
        description:
          - How long it may run, in seconds. The task then fails, and the program goes on. V(0) stands for no limit.
        type: float
        default: 0
  fstrim:
    description:
      - Whether all file systems give the blocks that they don't use back to the host. It is a change each time.
    type: bool
    default: false
  filesystems:
    description:
      - V(frozen) writes what the guest has in its caches and lets nothing be written until file systems are thawed, for instance
        while their storage is copied. V(thawed) ends that. It is left alone by default.
      - While file systems are frozen, the agent carries out next to nothing else.
    type: str
    choices: [frozen, thawed]
  agent_timeout:
    description:
      - How long the guest agent may take to answer, in seconds, and how long it may be absent. Trimming, freezing and O(command) take
        as long as they take.
    type: float
    default: 10
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Keys, the state of file systems and O(command.creates) are read. Whether a command would succeed is known only afterwards.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(password) and O(fstrim) are a change each time, and O(command) is one unless O(command.creates) is there.
seealso:
  - plugin: declarative.libvirt.agent
    plugin_type: connection
  - module: declarative.libvirt.domain_state
"""

EXAMPLES = r"""
- name: The administrators can log in to the web server
  declarative.libvirt.domain_agent:
    name: web
    ssh_keys:
      user: root
      keys:
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1vbmRheQ alice
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFR1ZXNkYXk bob
      exclusive: true

- name: Somebody has lost the password of root
  declarative.libvirt.domain_agent:
    name: web
    password:
      user: root
      value: "{{ vault_root_password }}"

- name: The web server has a database
  declarative.libvirt.domain_agent:
    name: web
    command:
      argv: [/usr/bin/initdb, -D, /srv/data]
      creates: /srv/data/PG_VERSION
  register: made

- name: The host gets back what the guest has deleted
  declarative.libvirt.domain_agent:
    name: web
    fstrim: true

- name: Nothing is written while the storage is copied
  declarative.libvirt.domain_agent:
    name: web
    filesystems: frozen
"""

RETURN = r"""
domain:
  description: The facts of the domain.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    uuid:
      description: Its UUID.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    id:
      description: The number of the running guest.
      returned: success
      type: int
      sample: 3
    state:
      description: The state of the guest, V(running).
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
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: V(ssh_keys USER), V(password USER), V(command), V(fstrim) or V(filesystems).
      returned: success
      type: str
      sample: ssh_keys root
    op:
      description: V(add), V(remove) or V(modify).
      returned: success
      type: str
      sample: add
    before:
      description: The key that is removed, or the state of file systems. A password is hidden.
      returned: success
      type: str
      sample: thawed
    after:
      description: The key that is added, the program that is run, or the state of file systems. A password is hidden.
      returned: success
      type: str
      sample: frozen
    when:
      description: Always V(live).
      returned: success
      type: str
      sample: live
rc:
  description: The code with which the program ended, or 128 and the number of the signal that ended it.
  returned: when O(command) was run
  type: int
  sample: 0
stdout:
  description: What the program wrote.
  returned: when O(command) was run
  type: str
stdout_lines:
  description: The same, line by line.
  returned: when O(command) was run
  type: list
  elements: str
stderr:
  description: What the program wrote as errors.
  returned: when O(command) was run
  type: str
stderr_lines:
  description: The same, line by line.
  returned: when O(command) was run
  type: list
  elements: str
diff:
  description: The changes, before and after.
  returned: success, in diff mode
  type: list
  elements: dict
  sample:
    - before: "filesystems: thawed\n"
      after: "filesystems: frozen\n"
      before_header: web (guest)
      after_header: web (guest)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_agent import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
