#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking, removing and going back to a snapshot of a domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_snapshot
short_description: Take a snapshot of a domain, remove it, or go back to it
version_added: 0.5.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Takes a snapshot of a domain once, as C(virsh snapshot-create-as) does, removes it, or brings the domain back to it.
  - A snapshot that exists is left as it is. Only its description can change. If the task asks for another type, for memory or for disks that the
    snapshot doesn't have, it fails.
  - Before anything is done, in check mode too, the task fails if the hypervisor's libvirt can't take such a snapshot of this guest, if a file that
    it would write exists, or if images would be lost.
  - Neither removing a snapshot nor going back to one changes an image that an image of somebody else is based on, such as that of a linked clone.
    The message names it.
options:
  domain:
    description:
      - The name or the UUID of the domain.
    type: str
    required: true
  name:
    description:
      - The name of the snapshot.
      - An internal one can't have a number of up to six digits, which QEMU would take for the number of another snapshot in the image.
    type: str
    required: true
  state:
    description:
      - V(present) takes the snapshot, if there is none of that name.
      - V(absent) removes it. What was written since stays. The overlays of an external snapshot are merged for that, in a guest that runs too.
      - V(reverted) brings the domain back to it. All that was written to its disks since is lost.
      - The snapshots that were taken on top of an external one stay beside the domain when it goes back to it. They have to be removed before it and
        those below it, because libvirt can't merge overlays below them.
    type: str
    choices: [present, absent, reverted]
    default: present
  type:
    description:
      - V(internal) keeps the snapshot in the images of the disks, which have to be in qcow2.
      - V(external) keeps the images as they are, and gives each disk an overlay, in which all is written from then on. libvirt before 9.9 can't go
        back to it.
      - V(auto) takes the type of the snapshots that the domain has. If there are none, it takes V(internal) where this libvirt can for this guest,
        and V(external) otherwise. A guest that runs with something whose state can't be saved, such as a shared folder with virtiofs before
        libvirt 10.6, gets V(external) without memory.
      - A domain gets snapshots of one type only, because mixing them has destroyed images.
    type: str
    choices: [auto, internal, external]
    default: auto
  memory:
    description:
      - Whether the snapshot has the memory of the guest, so that it goes on where it was.
      - By default, an internal snapshot of a guest that runs has it, as it has to, and an external one has it if O(memory_file) is given.
      - QEMU can't go back to an internal snapshot with memory while the domain has checkpoints, such as those of incremental backups.
    type: bool
  memory_file:
    description:
      - The file for the memory in an external snapshot, on the hypervisor's host.
      - By default, it is the overlay of the first disk with C(.memory).
    type: str
  disks:
    description:
      - What becomes of single disks. Disks that are read-only, CD-ROMs, floppies and empty drives are left out by default.
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
      type:
        description:
          - V(no) leaves the disk out, which only an external snapshot can.
        type: str
        choices: [internal, external, "no"]
      path:
        description:
          - The path of the overlay.
          - By default, it is that of the image with the name of the snapshot as its suffix, such as C(web.before-upgrade) for C(web.qcow2).
        type: str
  quiesce:
    description:
      - Whether the guest's agent writes out its file systems and holds them, while an external snapshot is taken. A guest that is off needs none.
    type: bool
    default: false
  revertible:
    description:
      - Whether O(state=present) fails, in check mode too, where this libvirt could not bring the domain back to the snapshot. That is so for an external
        one before libvirt 9.9, and for a transient domain. It says nothing of a snapshot that exists.
    type: bool
    default: false
    version_added: 0.7.0
  description:
    description:
      - The description of the snapshot. An empty one removes it.
    type: str
  keep:
    description:
      - How many of the snapshots whose names fit O(pattern) stay, counting this one if its name fits. Those are the newest by the time of their
        creation. The others are removed after this one was taken.
      - Beyond that number stay the snapshot that the task names, the one that the domain goes on from, and an external one which libvirt can't merge,
        because the domain has gone back since others were taken on top of it. A warning names each of them and the reason.
      - If one can't be removed for another reason, the task fails before it does anything.
    type: int
  pattern:
    description:
      - A pattern of names for O(keep), such as V(nightly-*). Other snapshots are never removed.
    type: str
  children:
    description:
      - Whether O(state=absent) also removes the snapshots that are based on this one. By default, they stay.
    type: bool
    default: false
  metadata_only:
    description:
      - Whether O(state=absent) only makes libvirt forget the snapshot. Its files and data stay, and nobody lists them any more. This is for snapshots
        whose overlays somebody else has merged.
    type: bool
    default: false
  merge_timeout:
    description:
      - For how many seconds merging the overlays may be without progress. Then the task fails. libvirt goes on with it, because it can't be cancelled,
        and a later run finds what has become of it.
    type: float
    default: 300
  confirm:
    description:
      - Whether O(state=reverted) may lose more than what was written since. Without it, the task fails and names what that is, such as later changes of
        the domain's definition.
    type: bool
    default: false
  only_if_not_current:
    description:
      - Whether O(state=reverted) does nothing if the snapshot is the domain's current one, whatever was written since. libvirt doesn't know whether a disk
        was written, so that the task is changed each time without it.
    type: bool
    default: false
  power:
    description:
      - The state of the guest after O(state=reverted). V(as_then) is that of the snapshot, which is off if it has no memory.
    type: str
    choices: [as_then, running, paused]
    default: as_then
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=reverted) changes each time, unless O(only_if_not_current) is set.
notes:
  - L(The guide about snapshots,https://declarative-libvirt.github.io/declarative.libvirt/docsite/guide_snapshots.html) has a picture of both types.
seealso:
  - module: declarative.libvirt.domain_snapshot_info
  - module: declarative.libvirt.domain_clone
  - module: declarative.libvirt.domain_state
"""

EXAMPLES = r"""
- name: A snapshot before the upgrade
  declarative.libvirt.domain_snapshot:
    domain: web
    name: before-upgrade
    description: Before the upgrade

- name: Back to it, as something went wrong
  declarative.libvirt.domain_snapshot:
    domain: web
    name: before-upgrade
    state: reverted
    confirm: true

- name: No snapshot any more, as all is well
  declarative.libvirt.domain_snapshot:
    domain: web
    name: before-upgrade
    state: absent

- name: One snapshot each night, of which seven stay
  declarative.libvirt.domain_snapshot:
    domain: web
    name: "nightly-{{ now().strftime('%Y-%m-%d') }}"
    keep: 7
    pattern: nightly-*
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
        - C(snapshot) with its name, C(snapshot) with its name and C(description), C(current snapshot), C(saved state) or C(state).
        - The place as an XPath into the domain's XML, for what becomes of the definition with O(state=reverted).
      returned: success
      type: str
      sample: snapshot before-upgrade
    op:
      description: V(add) for a snapshot that is taken, V(remove) for one that is removed, V(modify) otherwise.
      returned: success
      type: str
      sample: add
    before:
      description: What was there, in words. V(null) if there was none.
      returned: success
      type: str
      sample: internal snapshot
    after:
      description: What is there, in words. V(null) if there is none.
      returned: success
      type: str
      sample: internal snapshot of vda, with memory
    when:
      description: V(live) for a guest that runs, V(config) for one that is off.
      returned: success
      type: str
      sample: live
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
  description: The snapshots and the state, before and after the task; and the definition, if O(state=reverted) changes it.
  returned: success, in diff mode
  type: raw
  sample:
    - before: ""
      after: "snapshot before-upgrade: internal snapshot of vda\n"
      before_header: web (snapshots)
      after_header: web (snapshots)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_snapshot import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
