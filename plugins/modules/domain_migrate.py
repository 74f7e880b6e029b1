#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving a domain to another host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_migrate
short_description: Move a domain to another host
version_added: 0.6.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Moves a domain to another hypervisor once, as C(virsh migrate) does. A guest that runs goes on there; of one that is off, the definition is moved.
  - The domain is known by its UUID. If it is at the destination and gone from the source, nothing changes.
  - Before anything is done, in check mode too, both hosts are read. The task fails with a list of all that is in the way, such as a network, a
    secret or a CPU feature that the destination lacks, a snapshot, or disks that both hosts don't share.
  - If the migration fails or takes too long, the guest goes on at the source. What was made for it at the destination is removed.
  - If the domain is defined on both hosts and runs at the destination, the definition at the source is removed, unless O(keep_source) is set. If it
    is active on both, or off on both, the task fails and says what to do.
options:
  domain:
    description:
      - The name or the UUID of the domain.
    type: str
    required: true
  destination:
    description:
      - The connection URI of the destination, such as V(qemu+ssh://root@second.example/system). O(uri) is that of the source.
      - It is opened on the managed host, and with O(peer_to_peer) also by libvirt's daemon at the source.
    type: str
    required: true
  mode:
    description:
      - V(auto) moves a guest that runs while it goes on, and the definition of one that is off.
      - V(live) and V(paused) only move a guest that runs. V(paused) stops its CPUs meanwhile, so that it is moved in one go.
      - V(offline) only moves the definition of a guest that is off.
    type: str
    choices: [auto, live, paused, offline]
    default: auto
  copy_storage:
    description:
      - What becomes of disks in files that the hosts don't share. The destination needs an active storage pool over the folder of each.
      - V(none) copies nothing. Both hosts have to reach the disks at the same paths.
      - V(full) makes a volume for each disk that the guest writes, and copies all of it. While the guest is off, its images are copied as files.
      - V(incremental) writes over an image that is there, and copies only the uppermost one of a chain of images. The guest has to run.
      - Disks that are read-only, shareable, or on a network file system are not copied. V(full) refuses block devices.
    type: str
    choices: [none, full, incremental]
    default: none
  migrate_uri:
    description:
      - The address for the data, as the source reaches the destination, such as V(tcp://192.0.2.2) or V(unix:///run/shared/move.sock).
      - By default, it is the host name that the destination has for itself, which the source has to be able to resolve.
    type: str
  peer_to_peer:
    description:
      - Whether the source's daemon connects to the destination. Then the migration goes on if the task ends.
      - If V(false), both daemons are led by the task, which is for a destination that the source's daemon can't log in to.
    type: bool
    default: true
  tunnelled:
    description:
      - Whether the data go through the connection of both daemons, which needs no further ports and is encrypted as that is.
    type: bool
    default: false
  tls:
    description:
      - Whether QEMU encrypts the data, those of disks that are copied too, by its own certificates. See C(migrate_tls_x509_cert_dir) in libvirt's
        C(qemu.conf).
      - The certificate of the destination has to be for the host in O(migrate_uri), or for the name of the destination if that is not set.
    type: bool
    default: false
  parallel:
    description:
      - How many connections carry the memory. By default, there is one.
    type: int
  bandwidth:
    description:
      - The most MiB a second that are sent. By default, there is no limit.
      - With O(postcopy), what the guest asks for at the destination is sent at once all the same.
    type: int
  migrate_timeout:
    description:
      - For how many seconds the migration may take. Then it is cancelled, and the task fails. With V(0), and by default, there is no limit.
    type: float
  postcopy:
    description:
      - Whether the guest goes on at the destination after its memory was sent once, and what it has changed is sent when it needs it. So the
        migration ends also if the guest changes its memory faster than the network carries it.
      - If the network fails then, each host has only a part of the memory, and the guest stops as soon as it needs the other one. The task, run again
        with V(true), resumes such a migration if both hosts still have it.
      - If the destination fails then, the memory is lost, and disks that were copied have their newer data there. The task says so, and removes nothing.
    type: bool
    default: false
  auto_converge:
    description:
      - Whether the guest's CPUs are slowed down until the migration can end.
    type: bool
    default: false
  persistent:
    description:
      - Whether the destination keeps the definition, so that the domain outlives its guest.
    type: bool
    default: true
  keep_source:
    description:
      - Whether the source keeps its definition, too. It no longer starts by itself there, but somebody may start it, and then two guests write the
        same disks.
    type: bool
    default: false
  autostart:
    description:
      - Whether the domain starts together with the destination. By default, that is as it was at the source.
    type: bool
  unsafe:
    description:
      - Whether disks count as shared that seem not to be. Only set this if both hosts do see the same data.
    type: bool
    default: false
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
    support: full
notes:
  - L(The guide about moving guests,https://declarative-libvirt.github.io/declarative.libvirt/docsite/guide_migration.html) has a picture of the way
    of a guest.
seealso:
  - module: declarative.libvirt.domain_clone
  - module: declarative.libvirt.domain_state
  - module: declarative.libvirt.domain_info
"""

EXAMPLES = r"""
- name: A guest whose disks are on shared storage
  declarative.libvirt.domain_migrate:
    domain: web
    destination: qemu+ssh://root@second.example/system

- name: A guest whose disks are in files of its host, at most 100 MiB a second
  declarative.libvirt.domain_migrate:
    domain: db
    destination: qemu+ssh://root@second.example/system
    copy_storage: full
    bandwidth: 100
    migrate_timeout: 3600

- name: By the network for migrations, on four connections
  declarative.libvirt.domain_migrate:
    domain: web
    destination: qemu+ssh://root@second.example/system
    migrate_uri: tcp://10.0.0.2
    parallel: 4
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
source:
  description: The name of the host that O(uri) is the connection of.
  returned: success
  type: str
  sample: first.example
destination:
  description: The name of the host that O(destination) is the connection of.
  returned: success
  type: str
  sample: second.example
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description:
        - C(host) for the guest itself, C(volume) with the path of a disk that is copied, C(persistent), C(autostart), C(autostart at the source),
          C(definition at the source), or C(note of the migration), which an interrupted run has left in the domain's metadata.
      returned: success
      type: str
      sample: host
    op:
      description: V(modify) for what becomes another value, V(add) for a volume, V(remove) for what is removed.
      returned: success
      type: str
      sample: modify
    before:
      description: What was there, in words. V(null) if there was none.
      returned: success
      type: str
      sample: first.example
    after:
      description: What is there, in words. V(null) if there is none.
      returned: success
      type: str
      sample: second.example
    when:
      description: V(live) for a guest that runs, V(config) otherwise.
      returned: success
      type: str
      sample: live
statistics:
  description: What the migration took. Values that this libvirt doesn't know are V(null).
  returned: when a guest was migrated
  type: dict
  contains:
    elapsed:
      description: The time in seconds.
      returned: success
      type: float
      sample: 12.4
    downtime:
      description: For how many seconds the guest ran on neither host.
      returned: success
      type: float
      sample: 0.05
    memory_total:
      description: The size of the memory in bytes.
      returned: success
      type: int
      sample: 4294967296
    memory_sent:
      description: How many bytes of memory were sent.
      returned: success
      type: int
      sample: 1288490188
    disk_total:
      description: The size of the disks that were copied, in bytes.
      returned: success
      type: int
      sample: 21474836480
    disk_sent:
      description: How many bytes of the disks had been sent when they were last counted.
      returned: success
      type: int
      sample: 21474836480
    iterations:
      description: How often the memory was gone through.
      returned: success
      type: int
      sample: 3
diff:
  description: Where the domain is and what belongs to it, before and after the task.
  returned: success, in diff mode
  type: raw
  sample:
    - before: "host: first.example\n"
      after: "host: second.example\n"
      before_header: web (migration)
      after_header: web (migration)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain_migrate import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
