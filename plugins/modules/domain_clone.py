#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a clone of a domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_clone
short_description: Make a clone of a domain, with disks and an identity of its own
version_added: 0.5.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes a second domain that is like the first one, as C(virt-clone) does, if there is none of its name yet.
  - The clone gets what stands for one machine anew. That are its name, its UUID, its MAC addresses, its SMBIOS serial numbers, the ports
    of its consoles, and the paths of the files and sockets that it writes. Everything else is as it is in the source.
  - Disks are copied, shared, made to be based on those of the source, or left out. The source is never changed.
  - A domain that is off is cloned as it is. Of one that runs only a snapshot can be cloned; see O(snapshot). A copy of disks that are being
    written would be damaged.
  - A clone that exists is left as it is, whatever the other options say. Its metadata have the domain that it was made of. A domain of the
    clone's name that is no clone, or that is a clone of another domain, is an error.
  - If the task fails, it removes what it has made, and nothing else. If it is interrupted, the next run removes what is left of the
    clone and makes it anew.
  - What is inside of the guest is not changed, such as its host name, its SSH keys and its machine ID. C(virt-sysprep) does that.
options:
  name:
    description:
      - The name or the UUID of the domain that is cloned.
    type: str
    required: true
  clone:
    description:
      - The name of the clone.
      - By default, it is the name of the source with C(-clone).
    type: str
  snapshot:
    description:
      - The name of an external snapshot of the domain. The clone is made of the definition and the disks of that moment, whether the domain
        runs or not. By default, it is made of what is there now.
      - Of a guest that ran when the snapshot was taken, the disks are as after a power failure, unless O(declarative.libvirt.domain_snapshot#module:quiesce)
        was set. The memory of a snapshot is not cloned.
      - The variables of a UEFI and the state of a TPM are no part of a snapshot. Those of now are copied from a domain that is off; of one that runs,
        O(nvram) has to be V(fresh).
      - A clone that is there is left as it is, also if the snapshot is gone meanwhile.
    type: str
    version_added: 0.7.0
  state:
    description:
      - V(present) makes the clone, and leaves it off.
      - V(running) starts it as well, if it doesn't run.
    type: str
    choices: [present, running]
    default: present
  disk_mode:
    description:
      - What becomes of the disks that O(disks) doesn't name. Disks that are read-only or shareable, and empty drives, are shared with the
        source in any case.
      - V(copy) copies them. What an image is based on is copied into it.
      - V(linked) makes images that are based on those of the source. That takes no time and no room. From then on, the source must not run any
        more, because each write to its disks spoils the clone.
    type: str
    choices: [copy, linked]
    default: copy
  pool:
    description:
      - The storage pool of new volumes.
      - By default, a new volume is in the pool or the folder of the source's.
    type: str
  sparse:
    description:
      - Whether parts of a disk that were never written take no room in its copy. V(false) allocates all of it.
    type: bool
    default: true
  reflink:
    description:
      - Whether copies share their blocks with the source until one of both writes them. The file system has to know that, as XFS and Btrfs do.
    type: bool
    default: false
  disks:
    description:
      - What becomes of single disks.
    type: list
    elements: dict
    default: []
    aliases: [disk]
    suboptions:
      target:
        description:
          - The target of the disk, such as C(vda).
        type: str
        required: true
      mode:
        description:
          - V(copy) and V(linked) are as in O(disk_mode).
          - V(share) gives the clone the same image. Only one of both guests can run at a time, unless the disk is read-only or shareable.
          - V(skip) leaves the disk out.
          - V(preserve) gives the clone a volume that exists, with what is in it. Nothing is written to it.
        type: str
        choices: [copy, linked, share, skip, preserve]
      pool:
        description:
          - The storage pool of the volume.
        type: str
      volume:
        description:
          - The name of the volume in its pool.
          - By default, it follows from the name of the source's image. C(web-1.qcow2) of the domain C(web) becomes C(web2-1.qcow2) of the
            clone C(web2), and C(root.img) becomes C(root-web2.img).
        type: str
      path:
        description:
          - The path of the volume, instead of O(disks[].pool) and O(disks[].volume).
        type: str
      format:
        description:
          - The format of the volume.
          - By default, a copy has that of the source. What is based on an image is always V(qcow2).
        type: str
        choices: [qcow2, raw]
  macs:
    description:
      - The MAC addresses of the clone's interfaces, in their order. C(RANDOM) stands for one that is chosen, and so do those that are missing.
      - What is chosen depends only on the host, on the source and on the name of the clone, so that a clone that is made anew has the same
        addresses.
    type: list
    elements: str
    default: []
    aliases: [mac]
  uuid:
    description:
      - The UUID of the clone.
      - By default, one is chosen like the addresses of O(macs).
    type: str
  title:
    description:
      - The title of the clone. That of the source is not copied.
    type: str
  description:
    description:
      - The description of the clone.
      - By default, it is that of the source.
    type: str
  nvram:
    description:
      - V(copied) copies the variables of a UEFI firmware, such as boot entries and the keys of Secure Boot.
      - V(fresh) lets libvirt make new ones.
    type: str
    choices: [copied, fresh]
    default: copied
  nvram_path:
    description:
      - The path of the clone's NVRAM.
      - By default, it is C(CLONE_VARS.fd) in the folder of the source's.
    type: str
  tpm:
    description:
      - V(fresh) gives the clone a new TPM. The guest can't open what it has sealed with that of the source, such as the key of an encrypted disk.
      - V(copied) copies the state of an emulated TPM. The task has to run on the hypervisor's host then, as a user who can read the state.
        Both guests have the keys of one TPM.
      - By default, it is V(fresh), and a warning says so if the source has a state.
    type: str
    choices: [copied, fresh]
  hostdevs:
    description:
      - Whether the clone gets the devices of the host that the source has. Only one of both guests can run with them at a time.
    type: bool
    default: true
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - The UUID and the MAC addresses are those that the run would choose.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: declarative.libvirt.domain
  - module: declarative.libvirt.domain_state
  - module: declarative.libvirt.volume
"""

EXAMPLES = r"""
- name: A second web server, like the first one
  declarative.libvirt.domain_clone:
    name: web
    clone: web2

- name: A test machine on the image of the template, which must not run any more
  declarative.libvirt.domain_clone:
    name: template
    clone: test1
    disk_mode: linked
    macs: ["52:54:00:00:00:21"]
    state: running

- name: A snapshot of a guest that runs
  declarative.libvirt.domain_snapshot:
    domain: web
    name: for-tests
    type: external

- name: A copy of the running guest, of that moment
  declarative.libvirt.domain_clone:
    name: web
    clone: web-test
    snapshot: for-tests

- name: The snapshot isn't needed any more
  declarative.libvirt.domain_snapshot:
    domain: web
    name: for-tests
    state: absent

- name: A clone in another pool, without the disk of the database's logs
  declarative.libvirt.domain_clone:
    name: db
    clone: db-test
    pool: fast
    disks:
      - target: vdb
        mode: skip
    title: A copy for tests
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
        - C(/domain) for the definition, C(volume) or C(nvram) with the path of what is copied, C(tpm state), or C(state) for a guest
          that is started.
      returned: success
      type: str
      sample: volume /var/lib/libvirt/images/web2.qcow2
    op:
      description: V(add) for what is made, V(modify) for the state.
      returned: success
      type: str
      sample: add
    before:
      description: V(null) for what is made, the state otherwise.
      returned: success
      type: str
      sample: shutoff
    after:
      description: The new document, in one line, or what is made.
      returned: success
      type: str
      sample: "vda: 20 GiB, copy of /var/lib/libvirt/images/web.qcow2"
    when:
      description: V(config) for what is made, V(live) for the state.
      returned: success
      type: str
      sample: config
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
  description: The document of the clone, and the files that are made for it.
  returned: success, in diff mode
  type: raw
  sample:
    - before: ""
      after: "<domain type='kvm'>\n  <name>web2</name>\n</domain>\n"
      before_header: web2 (defined)
      after_header: web2 (desired)
    - before: ""
      after: "volume /var/lib/libvirt/images/web2.qcow2: vda: 20 GiB, copy of /var/lib/libvirt/images/web.qcow2\n"
      before_header: web2 (state and storage)
      after_header: web2 (state and storage)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_clone import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
