#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Typing on a guest's keyboard."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_send_keys
short_description: Type on the keyboard of a guest
version_added: 0.5.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Presses keys of a guest that runs, as C(virsh send-key) does. It is for what asks a person, such as an installer, a boot menu or the
    passphrase of a disk.
  - Whether anybody reads the keys is not known. Take a screenshot afterwards with M(declarative.libvirt.domain_screenshot).
  - What can be done through the guest agent or by SSH is better done there.
options:
  name:
    description:
      - The name of the domain, or its UUID.
    type: str
    required: true
  text:
    description:
      - The text that is typed. The end of a line is the Enter key, and a tab the Tab key.
      - It is typed before O(keys).
      - It may be a password, and is never shown.
    type: str
  keys:
    description:
      - The keys that are pressed, one after the other. Keys that are pressed together are joined by C(-), such as V(ctrl-alt-f2).
      - The names are those of Linux, with or without C(KEY_), in upper or lower case, such as V(enter), V(esc), V(f12), V(down),
        V(leftbrace), V(kp1) or V(KEY_DOT). A letter stands for the key that has it on a keyboard with the layout V(us).
      - C(ctrl), C(shift), C(alt) and C(meta) are those on the left, and C(altgr) is the right C(alt).
    type: list
    elements: str
    default: []
  layout:
    description:
      - The layout that the guest believes its keyboard to have, by which O(text) is typed. Installers and boot loaders begin with V(us).
      - A character that the layout has no key for is an error, and nothing is typed. So is one that takes a dead key.
    type: str
    choices: [us, gb, de, fr]
    default: us
  hold_time:
    description:
      - How long each key is held, in seconds. A guest repeats keys that are held for long.
    type: float
    default: 0.05
  delay:
    description:
      - The time after each key, in seconds. Some programs lose keys that come too fast.
    type: float
    default: 0.05
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Nothing is typed.
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - Keys are pressed each time.
seealso:
  - module: declarative.libvirt.domain_screenshot
  - module: declarative.libvirt.domain_agent
"""

EXAMPLES = r"""
- name: The boot menu takes its first entry
  declarative.libvirt.domain_send_keys:
    name: web
    keys: [home, enter]

- name: The passphrase of the disk
  declarative.libvirt.domain_send_keys:
    name: web
    text: "{{ vault_volume_passphrase }}"
    keys: [enter]

- name: The second console of the guest
  declarative.libvirt.domain_send_keys:
    name: web
    keys: [ctrl-alt-f2]

- name: A command there, slowly, on a German keyboard
  declarative.libvirt.domain_send_keys:
    name: web
    text: "ls -l /mnt\n"
    layout: de
    delay: 0.2
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
      description: The state of the guest, such as V(running).
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
  description: What was changed, or would be in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: V(text) or V(keys).
      returned: success
      type: str
      sample: keys
    op:
      description: Always V(add).
      returned: success
      type: str
      sample: add
    before:
      description: Always V(null).
      returned: success
      type: str
    after:
      description: The entry of O(keys). What O(text) is stays hidden.
      returned: success
      type: str
      sample: ctrl-alt-f2
    when:
      description: Always V(live).
      returned: success
      type: str
      sample: live
diff:
  description: What is typed.
  returned: success, in diff mode
  type: list
  elements: dict
  sample:
    - before: ""
      after: "text: VALUE_HIDDEN\nkeys: enter\n"
      before_header: web (keyboard)
      after_header: web (keyboard)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_send_keys import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
