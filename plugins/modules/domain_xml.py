#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One domain, defined by its XML."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_xml
short_description: Define a libvirt domain from its XML, change it only where it differs, or remove it
version_added: 0.1.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes the persistent definition of one domain agree with an XML document, in the format of libvirt.
  - The first run defines the domain exactly as C(virsh define) would. A later run changes what differs from the
    document and nothing else. Where nothing differs, nothing is called that could change anything.
  - The meaning of values is compared, not their text. What libvirt fills in by itself, such as addresses, aliases,
    controllers and defaults, is no difference, and stays as it is when something else is changed.
  - The definition of a running domain is changed too, and so is the guest, as far as libvirt can change one that runs. What
    waits for a restart is in RV(restart_required) and RV(pending). A guest is never started, and restarted only where
    O(restart) allows it.
  - With O(state=absent), the domain is stopped and removed. Its disk images stay, unless they are named.
options:
  name:
    description:
      - The name of the domain, or its UUID.
      - Required with O(state=absent). Otherwise it may stand in the document instead, and must be equal where it stands
        in both.
      - A name that is not in the document is put into it. A UUID selects an existing domain; if there is none, the
        document must have a name, and a domain with this UUID is defined.
    type: str
  xml:
    description:
      - The document, with the root element C(<domain>).
      - An existing domain keeps its UUID when the document has none. A UUID that differs from the existing domain's,
        or that belongs to a domain with another name, is an error, because domains are not renamed.
      - Documents with a document type declaration, and those above 4 MiB, which libvirt could not transfer, are refused.
      - Exactly one of O(xml) and O(src) is required with O(state=present). With O(state=absent) neither is read.
    type: str
  src:
    description:
      - The path of a file on the managed host that contains the document.
    type: path
  state:
    description:
      - V(present) means that the domain is defined as in the document. A transient domain, which runs without a
        definition, gets one, with what libvirt has assigned to the running guest.
      - V(absent) means that there is no such domain. If it runs, it is stopped in the way of O(shutdown). Its definition is
        removed together with its managed save state, the metadata of its snapshots and checkpoints, and, unless
        they are in O(keep), the file with its firmware's variables and the state of its emulated TPM.
    type: str
    choices: [present, absent]
    default: present
  mode:
    description:
      - V(exact) means that the document is the whole truth. What it leaves out is removed from the domain, except for
        what libvirt fills in by itself.
      - V(merge) means that only the content of the document is enforced. The document need not be complete, unless the domain
        has yet to be defined.
      - Used with O(state=present).
    type: str
    choices: [exact, merge]
    default: exact
  validate:
    description:
      - Check the document against libvirt's schema before anything is touched, as C(virt-xml-validate) does. The error
        names the line, the element, and what was expected. With O(mode=merge), the merged document is checked. A document
        that changes nothing is not checked again.
      - The schema is that of the managed host. When the hypervisor runs on another host, or the schema is not installed,
        libvirt checks the document when it is defined, which check mode cannot foresee.
      - Set it to V(false) for a document with parts that the schema does not know yet. What libvirt does not keep of it
        is then named in a warning.
    type: bool
    default: true
  keep:
    description:
      - What remains when the domain is removed.
      - V(nvram) is the file with its firmware's variables.
      - V(tpm) is the state of its emulated TPM. It can be kept by libvirt 8.9 and newer.
      - Used with O(state=absent).
    type: list
    elements: str
    choices: [nvram, tpm]
    default: []
  remove_volumes:
    description:
      - The targets of disks, such as V(vda), whose volumes are deleted after the domain has been removed. A target that the
        domain does not have is an error, before anything is done.
      - With V(all) it is the volumes of all disks that only this domain uses, and what M(declarative.libvirt.domain)
        has made for it beside them, which is the image with the data for cloud-init, and C(NAME-kernel) and C(NAME-initrd), to which a kernel
        was copied for its installation. What was downloaded stays for other guests. The diff has what is kept, with the reason.
      - A volume is never deleted when its disk is read-only, shareable, a CD-ROM or a floppy, or when anything else uses its
        file. That is what another disk, a kernel, a firmware, a memory device, a filesystem or any other part of a domain
        names, in its definition, its running guest, its saved state, its snapshots, its checkpoints or a backup that is being
        made, by whatever link or volume. It is also an image that is based on it or has its data in it, and a program of the
        host that has locked it, such as C(qemu-nbd). To name such a disk is an error, and nothing is removed. V(all) keeps it.
      - The volumes are deleted through libvirt, so each image has to be in an active storage pool. Pools are scanned
        anew before. An image in no pool is an error. So is an image of which it cannot be found out what it is based on, such
        as one that cannot be read, because that may be the volume.
      - On a hypervisor on another host, links between files cannot be seen, and images in no active pool cannot be read.
      - An image that no longer exists is ignored.
      - V(POOL/VOLUME) and a path name a volume whether the domain has it or not. V(cloud_init) is the image with the data for
        cloud-init. Those are deleted also when the domain is already absent, such as after an interrupted task. The disks of
        such a domain are unknown, and no target names anything.
      - Used with O(state=absent).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.shutdown
  - declarative.libvirt.running_guest
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether libvirt accepts a document is known only when it is defined. A document that passes the schema may still
        name, for example, a machine type that the hypervisor lacks.
      - What libvirt would assign to a new domain is not known before. RV(domain.uuid) is V(null) if the document has none.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - Where libvirt does not keep a part of the document, a warning names it, and it does not count as a change.
notes:
  - Passwords in the document are compared, but never returned, shown or logged. They read V(VALUE_HIDDEN).
  - libvirt has no way to change a definition only if nobody else has changed it meanwhile. The definition is read again
    right before it is written, and if it has changed, the plan is made anew. If the domain was defined or undefined
    meanwhile, the task fails and does nothing.
seealso:
  - name: Domain XML format
    description: What the document may contain.
    link: https://libvirt.org/formatdomain.html
  - module: community.libvirt.virt
"""

EXAMPLES = r"""
- name: The web server is defined as in files/web.xml
  declarative.libvirt.domain_xml:
    xml: "{{ lookup('ansible.builtin.file', 'web.xml') }}"

- name: The same with a file on the managed host
  declarative.libvirt.domain_xml:
    src: /srv/domains/web.xml

- name: See what would change (run with --check --diff)
  declarative.libvirt.domain_xml:
    xml: "{{ lookup('ansible.builtin.template', 'web.xml.j2') }}"
  register: web

- name: The paths that differ
  ansible.builtin.debug:
    msg: "{{ web.changes | map(attribute='path') }}"

- name: The web server has 4 GiB and a watchdog, and is otherwise as it is
  declarative.libvirt.domain_xml:
    name: web
    mode: merge
    xml: |
      <domain>
        <memory unit="GiB">4</memory>
        <currentMemory unit="GiB">4</currentMemory>
        <devices>
          <watchdog model="i6300esb" action="reset"/>
        </devices>
      </domain>

- name: The web server is gone, but not the variables of its firmware
  declarative.libvirt.domain_xml:
    name: web
    state: absent
    keep: [nvram]
    shutdown:
      timeout: 120
      force: true

- name: A scratch domain is gone, and so is the volume of its first disk
  declarative.libvirt.domain_xml:
    name: scratch
    state: absent
    remove_volumes: [vda]

- name: A domain on another hypervisor
  declarative.libvirt.domain_xml:
    uri: qemu+ssh://root@hypervisor.example.com/system
    xml: "{{ lookup('ansible.builtin.file', 'web.xml') }}"
"""

RETURN = r"""
domain:
  description: The facts of the domain after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    uuid:
      description: Its UUID, V(null) if there is no such domain, or if libvirt is yet to choose one.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    id:
      description: The number of the running guest, V(null) if none runs, or if it is yet to start.
      returned: success
      type: int
      sample: 3
    state:
      description:
        - libvirt's V(running), V(blocked), V(paused), V(shutdown) (being shut down), V(shutoff), V(crashed), V(pmsuspended)
          or V(nostate); or V(absent), also for a transient domain that has stopped.
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
  sample:
    name: web
    uuid: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    id: 3
    state: running
    persistent: true
    autostart: false
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description:
        - Where, as an XPath into the domain's XML, or C(state) for a guest that is restarted or stopped.
        - What is deleted with a domain is named too, such as C(volume) or C(nvram) with its path, C(tpm state),
          C(saved state), or C(snapshot) with its name.
      returned: success
      type: str
      sample: /domain/memory
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: modify
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample: 2097152 KiB
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: 4 GiB
    when:
      description:
        - When it takes effect. V(live) is at once, V(restart) is when the guest that runs now has been stopped and started,
          and V(config) is when the domain is started the next time.
      returned: success
      type: str
      sample: live
  sample:
    - path: /domain/memory
      op: modify
      before: 2097152 KiB
      after: 4 GiB
      when: restart
    - path: /domain/devices/watchdog
      op: add
      before:
      after: <watchdog model='i6300esb' action='reset'/>
      when: live
restart_required:
  description: Whether the running guest differs from its definition; RV(pending) has the differences.
  returned: success
  type: bool
  sample: true
pending:
  description:
    - The differences between the running guest and its definition, whoever made them. Each task finds them anew. The list
      is empty if no guest runs.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The place, as an XPath into the domain's XML.
      returned: success
      type: str
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings differs.
      returned: success
      type: str
    before:
      description: The running guest's value or element.
      returned: success
      type: str
    after:
      description: The definition's value or element.
      returned: success
      type: str
    when:
      description: Always V(restart).
      returned: success
      type: str
    reason:
      description:
        - The reason why it was not changed live, which may be libvirt's. V(null) if a live change was not requested.
      returned: success
      type: str
  sample:
    - path: /domain/memory
      op: modify
      before: 2097152 KiB
      after: 4194304 KiB
      when: restart
      reason: libvirt can change it only while the guest is off
diff:
  description:
    - The parts of the definition that differ, in libvirt's formatting, with a header that names the domain.
    - Where the guest that runs is changed beside it, or restarted, it is a list with a second one, which has a line for each
      path.
  returned: success, in diff mode
  type: raw
  sample:
    before: "<domain type='kvm'>\n  <name>web</name>\n  <memory unit='KiB'>2097152</memory>\n</domain>\n"
    after: "<domain type='kvm'>\n  <name>web</name>\n  <memory unit='GiB'>4</memory>\n</domain>\n"
    before_header: web (defined)
    after_header: web (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_xml import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
