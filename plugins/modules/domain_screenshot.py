#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest's screen shows."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_screenshot
short_description: Keep what a guest's screen shows, as a PNG
version_added: 0.5.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Writes what the screen of a guest shows into a file of the managed host, as C(virsh screenshot) does. The guest needs neither a
    network nor an agent, and notices nothing.
  - The file is a PNG, whatever the hypervisor sends. It is the old one or the new one at each moment, and never a part of one.
  - The task is changed if the bytes of the file change, or its permissions.
options:
  name:
    description:
      - The name of the domain, or its UUID.
    type: str
    required: true
  path:
    description:
      - The absolute path of the file on the managed host. Its folder has to exist.
      - What is there is replaced.
    type: path
    required: true
  screen:
    description:
      - The number of the screen, from 0 on. The screens of all graphics cards are counted, in the order of the domain's XML.
    type: int
    default: 0
  wait:
    description:
      - Wait until there is something to see. By default, the screen is taken as it is.
      - The task fails when the time is over. The file is as it was then. Check mode does not wait.
    type: dict
    suboptions:
      for:
        description:
          - V(content) waits as long as the screen has one colour alone, or QEMU says that the guest shows nothing.
        type: str
        choices: [content]
        default: content
      timeout:
        description:
          - How long to wait, in seconds.
        type: float
        default: 60
  mode:
    description:
      - The mode of the file, as octal digits in quotes.
      - By default, those of a file that exists stay. A new one can be read by the user of the task alone, because a screen may show what
        not everybody is to see.
    type: raw
  owner:
    description:
      - The owner of the file, a number, or a name that the managed host knows.
    type: str
  group:
    description:
      - The group of the file, a number, or a name that the managed host knows.
    type: str
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - The screen is compared with the file, and may show something else by the time of the run.
  diff_mode:
    support: full
    details:
      - Of the pictures, it has the checksums.
  idempotent:
    support: partial
    details:
      - A screen that shows something else is a change, and so is a cursor that blinks.
notes:
  - A guest without a graphics card has no screen. A serial console can be logged into a file by the sub-option C(log.file) of the option
    O(declarative.libvirt.domain#module:serial) of M(declarative.libvirt.domain).
seealso:
  - module: declarative.libvirt.domain_send_keys
  - module: declarative.libvirt.domain_state
"""

EXAMPLES = r"""
- name: Keep what the screen of the web server shows
  declarative.libvirt.domain_screenshot:
    name: web
    path: /tmp/web.png

- name: Once there is something to see, for everybody to look at
  declarative.libvirt.domain_screenshot:
    name: web
    path: /srv/www/web.png
    mode: "0644"
    wait:
      timeout: 30
  register: screen

- name: Bring it here
  ansible.builtin.fetch:
    src: "{{ screen.path }}"
    dest: screens/
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
      description: The state of the guest.
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
      description: V(file), V(mode), V(owner) or V(group), with the path of the file.
      returned: success
      type: str
      sample: file /tmp/web.png
    op:
      description: V(add) for a new file, and V(modify) otherwise.
      returned: success
      type: str
      sample: add
    before:
      description: The SHA-256 of the file, V(null) for a new one; or the permission.
      returned: success
      type: str
      sample: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    after:
      description: The SHA-256 of the picture, or the permission.
      returned: success
      type: str
      sample: fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9
    when:
      description: Always V(config).
      returned: success
      type: str
      sample: config
path:
  description: The path of the file. Links are resolved.
  returned: success
  type: str
  sample: /tmp/web.png
width:
  description: The width of the screen in pixels.
  returned: success
  type: int
  sample: 1024
height:
  description: The height of the screen in pixels.
  returned: success
  type: int
  sample: 768
blank:
  description: Whether there is nothing to see, which is one colour alone, or QEMU's message that the guest shows nothing.
  returned: success
  type: bool
  sample: false
mime:
  description: The type of the picture that the hypervisor has sent. The file is a PNG in any case.
  returned: success
  type: str
  sample: image/png
size:
  description: The size of the PNG in bytes.
  returned: success
  type: int
  sample: 16078
sha256:
  description: The SHA-256 of the PNG.
  returned: success
  type: str
  sample: fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9
diff:
  description: The changes, before and after.
  returned: success, in diff mode
  type: list
  elements: dict
  sample:
    - before: "mode /tmp/web.png: 0600\n"
      after: "mode /tmp/web.png: 0644\n"
      before_header: web (screenshot)
      after_header: web (screenshot)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_screenshot import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
