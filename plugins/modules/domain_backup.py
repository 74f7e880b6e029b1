#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping backups of a domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_backup
short_description: Make a backup of a domain, and keep the newest ones
version_added: 0.6.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes a backup of the disks of a guest while it runs, as C(virsh backup-begin) does, and keeps as many as you want.
  - The images of a backup are of one moment, in which the guest isn't stopped. They are qcow2 images in a directory or a pool, beside the domain's
    definition and a record. A backup without a record isn't one. The record is written last, once libvirt has succeeded and the images were checked.
  - If a backup fails, what was written is removed, and the checkpoint with it. If the task or libvirt is killed, the next run removes it.
  - A domain that is off is backed up as well, always in full. Until the backup has ended, libvirt refuses to start it.
options:
  domain:
    description:
      - The name or the UUID of the domain.
    type: str
    required: true
  directory:
    description:
      - The directory for the files of backups, on the hypervisor's host. It has to exist, and QEMU's user has to be able to enter it.
      - Backups of many domains may share it.
    type: path
  pool:
    description:
      - The name of a storage pool for them, instead of O(directory). Its volumes have to be files.
    type: str
  state:
    description:
      - V(present) makes a backup.
      - V(served) lets another program read the disks of a guest that runs, as they are at this moment, at O(socket). What the guest overwrites
        meanwhile is in scratch files in O(directory). It goes on until V(ended), or until the guest stops. There is no checkpoint.
      - V(ended) ends that, and removes the scratch files.
    type: str
    choices: [present, served, ended]
    default: present
  socket:
    description:
      - The path of the Unix socket at which QEMU serves the disks with the protocol NBD, for O(state=served). Its directory has to exist, and
        QEMU's user has to be able to write there.
    type: path
  since:
    description:
      - The name of a checkpoint of the guest, for O(state=served). The disks are served whole, and RV(exports[].bitmap) says which parts of each were
        written since, so that a program copies those alone.
      - M(declarative.libvirt.domain_checkpoint) makes such a checkpoint. Make the one for the next time before the disks are served, so that nothing
        that is written in between is missed.
    type: str
    version_added: 0.7.0
  type:
    description:
      - V(full) copies all that is in the images.
      - V(incremental) copies what was written since the newest backup with a checkpoint, on which the new images are based. It fails where there is none.
      - V(auto) is incremental where that is possible, and full otherwise.
    type: str
    choices: [full, incremental, auto]
    default: full
  full_every:
    description:
      - The most backups that a chain has with O(type=auto). Then a full one begins a new chain, so that O(keep) can remove the old one.
    type: int
    default: 7
  checkpoint:
    description:
      - Whether libvirt notes from this backup on what is written, which the next incremental one needs. It takes the place of the one before.
      - By default, it does, if O(type) isn't V(full), and if all images can keep a checkpoint. These are qcow2 images of version 3 without snapshots in
        them, of a guest that runs.
    type: bool
  disks:
    description:
      - The targets of the disks, such as C(vda). By default, these are all that aren't read-only.
    type: list
    elements: str
    default: []
    aliases: [disk]
  quiesce:
    description:
      - Whether the guest's agent writes out its file systems, and holds them for the moment of the backup. A guest that doesn't run needs none.
    type: bool
    default: false
  max_age:
    description:
      - If there is a complete backup of these disks that is younger, none is made. It is a number of seconds, or one with V(m), V(h), V(d) or V(w) for
        minutes, hours, days or weeks.
      - Without it, each run makes a backup.
    type: str
  keep:
    description:
      - How many backups of the domain stay in this place, with the new one. The oldest of the others are removed, after the new one is complete.
      - What a kept backup is based on stays as well, and so does an image that somebody uses. Only backups with the domain's UUID count.
      - A backup that lacks one of O(disks) doesn't count. One with another disk of the domain isn't removed, because the new one doesn't have that.
    type: int
  stall_timeout:
    description:
      - For how many seconds the backup may be without progress. Then it is ended, and the task fails.
    type: float
    default: 300
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - It foresees what can be known beforehand, such as that a backup of this type is possible. It doesn't foresee that a disk becomes full meanwhile.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Each run with O(state=present) makes a backup, unless O(max_age) is set.
notes:
  - The task runs on the hypervisor's host, as a user who may read the images that libvirt writes. This is root for C(qemu:///system).
  - Passwords in the definition, such as that of a graphical console, aren't in the backup. The variables of UEFI and the state of an emulated TPM are,
    if this user may read them. They are copied at the end of the backup, and not at its moment.
  - L(The guide about backups,https://declarative-libvirt.github.io/declarative.libvirt/docsite/guide_backups.html) shows how to restore one.
seealso:
  - module: declarative.libvirt.domain_checkpoint
  - module: declarative.libvirt.domain_backup_info
  - module: declarative.libvirt.domain_snapshot
  - module: declarative.libvirt.domain_clone
"""

EXAMPLES = r"""
- name: A backup of the web server
  declarative.libvirt.domain_backup:
    domain: web
    directory: /srv/backups

- name: One each day, of which those of a week stay; most of them have only what has changed
  declarative.libvirt.domain_backup:
    domain: web
    directory: /srv/backups
    type: auto
    max_age: 20h
    keep: 7
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
      description: C(backup) for the new one, C(backup) with the name of one that is removed, or C(served backup).
      returned: success
      type: str
      sample: backup
    op:
      description: V(add) for a backup that is made, V(remove) for one that is removed.
      returned: success
      type: str
      sample: add
    before:
      description: What was there, in words. V(null) if there was none.
      returned: success
      type: str
      sample: full backup
    after:
      description: What is there, in words. V(null) if there is none.
      returned: success
      type: str
      sample: full backup of vda
    when:
      description: V(live) for a guest that runs, V(config) otherwise.
      returned: success
      type: str
      sample: live
backup:
  description: The newest complete backup. V(null) if there is none, and in check mode if one would be made.
  returned: success
  type: dict
  contains:
    name:
      description: Its name, with which the names of its files begin. It has the time in UTC.
      returned: success
      type: str
      sample: web.20260131T020000Z
    domain:
      description: The name that the domain had.
      returned: success
      type: str
      sample: web
    uuid:
      description: The domain's UUID.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    time:
      description: When it was begun, in seconds since 1970.
      returned: success
      type: int
      sample: 1769824800
    type:
      description: V(full) or V(incremental).
      returned: success
      type: str
      sample: incremental
    base:
      description: The name of the backup on which an incremental one is based. V(null) for a full one.
      returned: success
      type: str
      sample: web.20260130T020000Z
    chain:
      description: The names of all backups that are needed to restore it, itself first.
      returned: success
      type: list
      elements: str
      sample: [web.20260131T020000Z, web.20260130T020000Z]
    checkpoint:
      description: The name of the checkpoint that was taken with it. V(null) if there was none.
      returned: success
      type: str
      sample: web.20260131T020000Z
    state:
      description: The state of the domain at that time.
      returned: success
      type: str
      sample: running
    quiesced:
      description: Whether the guest's agent held its file systems.
      returned: success
      type: bool
      sample: false
    definition:
      description: The path of the domain's definition.
      returned: success
      type: str
      sample: /srv/backups/web.20260131T020000Z.xml
    nvram:
      description: The path of the variables of UEFI. V(null) if there are none.
      returned: success
      type: str
      sample: /srv/backups/web.20260131T020000Z.nvram
    tpm:
      description: The path of an archive with the state of the emulated TPM. V(null) if there is none.
      returned: success
      type: str
      sample: /srv/backups/web.20260131T020000Z.tpm.tar
    disks:
      description: Its disks.
      returned: success
      type: list
      elements: dict
      contains:
        target:
          description: The target of the disk in the domain.
          returned: success
          type: str
          sample: vda
        path:
          description: The path of the image.
          returned: success
          type: str
          sample: /srv/backups/web.20260131T020000Z.vda.qcow2
        capacity:
          description: The size of the disk, in bytes.
          returned: success
          type: int
          sample: 21474836480
        allocation:
          description: What the image occupies, in bytes.
          returned: success
          type: int
          sample: 1361051648
  sample:
    name: web.20260131T020000Z
    domain: web
    uuid: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    time: 1769824800
    type: incremental
    base: web.20260130T020000Z
    chain: [web.20260131T020000Z, web.20260130T020000Z]
    checkpoint: web.20260131T020000Z
    state: running
    quiesced: false
    definition: /srv/backups/web.20260131T020000Z.xml
    nvram: null
    tpm: null
    disks:
      - target: vda
        path: /srv/backups/web.20260131T020000Z.vda.qcow2
        capacity: 21474836480
        allocation: 1361051648
exports:
  description: Where each disk can be read, with O(state=served). The list is empty otherwise, and in check mode if they aren't served yet.
  returned: success
  type: list
  elements: dict
  contains:
    target:
      description: The target of the disk.
      returned: success
      type: str
      sample: vda
    uri:
      description: Where it is, for C(qemu-img convert) or C(nbdcopy).
      returned: success
      type: str
      sample: nbd+unix:///vda?socket=/run/backup/web.sock
    bitmap:
      description: The name that the protocol NBD has for the parts that were written since the checkpoint O(since). V(null) without one.
      returned: success
      type: str
      sample: qemu:dirty-bitmap:backup-vda
      version_added: 0.7.0
  sample: []
diff:
  description: The backups that are made and removed.
  returned: success, in diff mode
  type: raw
  sample:
    - before: ""
      after: "backup: full backup of vda\n"
      before_header: web (backups)
      after_header: web (backups)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_backup import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
