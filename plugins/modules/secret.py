#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One secret of libvirt, and its value."""

from __future__ import annotations

DOCUMENTATION = r"""
module: secret
short_description: Define a secret of libvirt and set its value, change it only where it differs, or remove it
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes one secret. libvirt keeps in it the passphrase of an encrypted volume, the key of a Ceph user, the
    password of an iSCSI target, the passphrase of a TLS key, or that of the state of an emulated TPM.
  - A secret is described by options, or by XML in the format of libvirt. Options that are left out are left as they are.
  - libvirt knows a secret by its UUID, and by what it is for, which no two secrets share. One of both is required.
  - The value is no part of the XML. O(update_value) decides whether it is set anew when the secret exists.
  - Running guests and active pools read a secret when they start. A new value does nothing to them until then.
options:
  usage:
    description:
      - What the secret is for. It can't be changed.
    type: dict
    suboptions:
      type:
        description:
          - V(volume) is an encrypted volume, such as one with LUKS, V(ceph) a user of Ceph, V(iscsi) a target of iSCSI, V(tls) a
            key of TLS, and V(vtpm) the state of an emulated TPM.
        type: str
        choices: [volume, ceph, iscsi, tls, vtpm]
        required: true
      id:
        description:
          - The absolute path of the volume, or the name by which a disk, a pool or a TPM refers to the secret.
        type: str
        required: true
  uuid:
    description:
      - The UUID of the secret. Without it, libvirt chooses one, and the secret is known by O(usage).
      - One of O(usage), O(uuid), O(xml) and O(src) is required, and O(usage) or O(uuid) with O(state=absent).
    type: str
  description:
    description:
      - What people should know of it. Everybody who may use libvirt can read it.
    type: str
  ephemeral:
    description:
      - Keep it in memory alone, so that it is gone when libvirt's daemon stops. A new secret is kept on the disk by default.
      - A secret that is on the disk can't become one that isn't, because libvirt would leave the copy there.
    type: bool
  private:
    description:
      - Never give the value away, to nobody. A new secret's value can be read by who may manage libvirt, by default.
      - A private secret can't become one that isn't.
    type: bool
  value:
    description:
      - The value, as text, which is stored as UTF-8.
      - Without O(value) and O(value_base64), the value is left as it is. A new secret then has none, and what refers to it can't
        start.
    type: str
  value_base64:
    description:
      - The value in Base64, for one that is no text. A key of Ceph is stored as the bytes that it stands for, so that it
        belongs here.
    type: str
  update_value:
    description:
      - When a secret that exists gets the value.
      - V(on_create) never sets it, not even where the secret has no value yet.
      - V(if_different) reads the value, and sets it where it is another. That is an error with a private secret, whose value
        can't be read.
      - V(always) sets it in each run, which is a change each time.
    type: str
    choices: [on_create, if_different, always]
    default: on_create
  xml:
    description:
      - The document, with the root element C(<secret>). It is instead of O(usage), O(description), O(ephemeral) and
        O(private).
  state:
    description:
      - V(present) means that the secret is defined as in the task. If a new one can't be given its value, it is removed again.
      - V(absent) means that there is no such secret, and its value is gone. It is an error if a domain, running or not, or a
        storage pool refers to it, unless O(force) is set.
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.xml_object
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - RV(secret.uuid) of a new secret is V(null) if the task gives none.
notes:
  - The value is never returned, shown or logged, nor is its length or a hash of it. It reads V(VALUE_HIDDEN).
seealso:
  - module: declarative.libvirt.secret_info
  - name: Secret XML format
    description: What the document may contain.
    link: https://libvirt.org/formatsecret.html
"""

EXAMPLES = r"""
- name: The key by which guests open their disks on Ceph
  declarative.libvirt.secret:
    usage:
      type: ceph
      id: client.libvirt
    description: Disks of guests
    value_base64: "{{ vault_ceph_key }}"
    update_value: if_different
  register: key

- name: What a disk's <auth> refers to
  ansible.builtin.debug:
    msg: "{{ key.secret.uuid }}"

- name: The passphrase of a volume, which nobody can read again
  declarative.libvirt.secret:
    usage:
      type: volume
      id: /var/lib/libvirt/images/web.img
    private: true
    value: "{{ vault_volume_passphrase }}"

- name: The same as XML
  declarative.libvirt.secret:
    xml: |
      <secret private="yes">
        <usage type="volume"><volume>/var/lib/libvirt/images/web.img</volume></usage>
      </secret>
    value: "{{ vault_volume_passphrase }}"

- name: The passphrase has been changed
  declarative.libvirt.secret:
    usage:
      type: volume
      id: /var/lib/libvirt/images/web.img
    value: "{{ vault_volume_passphrase }}"
    update_value: always

- name: The secret is gone
  declarative.libvirt.secret:
    usage:
      type: ceph
      id: client.libvirt
    state: absent
"""

RETURN = r"""
secret:
  description: The facts of the secret after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    uuid:
      description: Its UUID, V(null) if there was no such secret or if libvirt is yet to choose one.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    state:
      description: V(present) or V(absent).
      returned: success
      type: str
      sample: present
    usage:
      description: The RV(ignore:type) and the RV(ignore:id) of its usage, V(null) if it has none.
      returned: when there is or was such a secret
      type: dict
      sample:
        type: ceph
        id: client.libvirt
    description:
      description: Its description, V(null) if it has none.
      returned: when there is or was such a secret
      type: str
      sample: Disks of guests
    ephemeral:
      description: Whether it is in memory alone.
      returned: when there is or was such a secret
      type: bool
      sample: false
    private:
      description: Whether its value can't be read.
      returned: when there is or was such a secret
      type: bool
      sample: false
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where, as an XPath into the secret's XML, or C(value).
      returned: success
      type: str
      sample: /secret/description
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: modify
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample: Disks
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: Disks of guests
    when:
      description: Always V(config). Running guests and active pools read a secret when they start.
      returned: success
      type: str
      sample: config
restart_required:
  description: Always V(false), because libvirt does not know who has read a secret.
  returned: success
  type: bool
  sample: false
pending:
  description: Always empty, for the same reason.
  returned: success
  type: list
  elements: dict
  sample: []
diff:
  description:
    - The parts of the definition that differ, in libvirt's formatting. With a value that is set, it is a list with a second one,
      which has a line for it.
  returned: success, in diff mode
  type: raw
  sample:
    before: "<secret ephemeral='no' private='no'>\n  <description>Disks</description>\n</secret>\n"
    after: "<secret ephemeral='no' private='no'>\n  <description>Disks of guests</description>\n</secret>\n"
    before_header: ceph client.libvirt (defined)
    after_header: ceph client.libvirt (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.secret import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
