#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One storage pool: its definition, and whether it is active."""

from __future__ import annotations

DOCUMENTATION = r"""
module: pool
short_description: Define a storage pool of libvirt, build and start it, change it only where it differs, or remove it
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes one storage pool agree with its description, by options, or by XML in the format of libvirt.
  - Of a pool that exists, options that are left out are left as they are, and a document keeps the pool's UUID.
  - A new pool without O(type) is a folder. Without O(target.path), it is where virt-manager would put it. For the types V(dir),
    V(fs), V(netfs) and V(vstorage) that is a folder of the pool's name in C(/var/lib/libvirt/images), and this folder itself for
    a pool that is called V(default). Users' own hypervisors have C(~/.local/share/libvirt/images) instead. For V(disk) it is
    C(/dev), for V(iscsi) and V(scsi) C(/dev/disk/by-path), and for V(mpath) C(/dev/mapper).
  - What is in a pool is never touched, unless O(build) or O(delete_data) says so.
options:
  name:
    description:
      - The name or UUID of the pool. Not needed when the document has the name.
    type: str
  type:
    description:
      - What the pool is made of. See U(https://libvirt.org/storage.html).
      - V(dir) is a folder. V(fs) is a file system on a device, and V(netfs) one on a server, which are mounted. V(logical) is a
        volume group of LVM, V(disk) a disk whose partitions are the volumes, V(zfs) a pool of ZFS. V(iscsi) and V(iscsi-direct)
        are a target of iSCSI, by the kernel's initiator and by libiscsi. V(scsi) is a host adapter, V(mpath) all multipath
        devices. V(rbd), V(gluster), V(sheepdog) and V(vstorage) are distributed storage.
      - libvirt has packages of their own for many of them.
    type: str
    choices: [dir, fs, netfs, logical, disk, iscsi, iscsi-direct, scsi, mpath, rbd, sheepdog, gluster, zfs, vstorage]
  source:
    description:
      - Where the pool comes from. Which sub-options a type has, is told in U(https://libvirt.org/formatstorage.html#source-elements).
    type: dict
    suboptions:
      hosts:
        description:
          - The servers, in their order. The list is the whole of them.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name or address.
            type: str
            required: true
          port:
            description:
              - The port.
            type: int
      devices:
        description:
          - The paths of the devices, or the name of the target of iSCSI. The list is the whole of them.
        type: list
        elements: str
      part_separator:
        description:
          - Whether the names of partitions have a C(p) between the name of the disk and the number, for O(type=disk).
        type: bool
      dir:
        description:
          - The exported folder of a server, for O(type=netfs) and O(type=gluster).
        type: str
      name:
        description:
          - The name of the volume group, of the pool of Ceph or ZFS, of the volume of Gluster.
        type: str
      format:
        description:
          - The file system, the kind of the partition table, V(nfs), V(cifs) or V(glusterfs).
        type: str
      protocol_version:
        description:
          - The version of NFS, such as V(4.2).
        type: str
      initiator:
        description:
          - The name (IQN) that the hypervisor logs in with.
        type: str
      adapter:
        description:
          - The host adapter, for O(type=scsi).
        type: dict
        suboptions:
          type:
            description:
              - Whether it is one of SCSI or one of Fibre Channel.
            type: str
            choices: [scsi_host, fc_host]
          name:
            description:
              - Its name, such as V(scsi_host1).
            type: str
          parent:
            description:
              - The parent of a virtual adapter of Fibre Channel.
            type: str
          managed:
            description:
              - Whether libvirt removes the virtual adapter when the pool stops.
            type: bool
          wwnn:
            description:
              - The name of the node (WWNN).
            type: str
          wwpn:
            description:
              - The name of the port (WWPN).
            type: str
          parent_wwnn:
            description:
              - The WWNN of the parent.
            type: str
          parent_wwpn:
            description:
              - The WWPN of the parent.
            type: str
          parent_fabric_wwn:
            description:
              - The WWN of the fabric of the parent.
            type: str
          unique_id:
            description:
              - Which adapter of the PCI device at O(source.adapter.parent_address) it is.
            type: int
          parent_address:
            description:
              - The address of the PCI device, which stays the same when the name of the adapter changes.
            type: dict
            suboptions:
              domain:
                description:
                  - The domain, such as V(0x0000).
                type: str
              bus:
                description:
                  - The bus, such as V(0x00).
                type: str
              slot:
                description:
                  - The slot, such as V(0x1f).
                type: str
              function:
                description:
                  - The function, such as V(0x2).
                type: str
      auth:
        description:
          - How the hypervisor logs in to the server.
        type: dict
        suboptions:
          type:
            description:
              - V(chap) for iSCSI, V(ceph) for Ceph.
            type: str
            choices: [chap, ceph]
            required: true
          username:
            description:
              - The user.
            type: str
            required: true
          secret:
            description:
              - The secret of libvirt that has the value, by either of its names. M(declarative.libvirt.secret) makes it.
            type: dict
            required: true
            suboptions:
              uuid:
                description:
                  - Its UUID.
                type: str
              usage:
                description:
                  - What it is for.
                type: str
      vendor:
        description:
          - The vendor of the storage, for people.
        type: str
      product:
        description:
          - The product, for people.
        type: str
  target:
    description:
      - Where its volumes appear on the hypervisor's host.
    type: dict
    suboptions:
      path:
        description:
          - The path. libvirt derives it for O(type=logical) and O(type=zfs), and V(rbd), V(sheepdog), V(gluster) and V(iscsi-direct)
            have none.
        type: str
      permissions:
        description:
          - The permissions of the folder. libvirt sets them when it builds the pool, which has to be inactive then. If those of
            the folder differ, and the pool is active, they wait for a restart, see O(restart).
          - They are compared with those of the folder, where the hypervisor is the managed host, and O(type=dir). What is mounted
            has its own.
        type: dict
        suboptions:
          mode:
            description:
              - The mode, as octal digits in quotes.
            type: raw
          owner:
            description:
              - The owner, a number, or a name that the managed host knows.
            type: str
          group:
            description:
              - The group, a number, or a name that the managed host knows.
            type: str
          label:
            description:
              - The label of SELinux or AppArmor.
            type: str
  features:
    description:
      - Features of the pool.
    type: dict
    suboptions:
      cow:
        description:
          - Whether new images are copied on write, on Btrfs.
        type: bool
  refresh:
    description:
      - How the pool is read.
    type: dict
    suboptions:
      allocation:
        description:
          - Whether the bytes that a volume occupies are counted (V(default)), which is slow on Ceph, or taken to be its capacity.
        type: str
        choices: [default, capacity]
  mount_options:
    description:
      - Options of mount, for O(type=fs) and O(type=netfs), such as V(nodev). The list is the whole of them.
    type: list
    elements: str
  ceph_options:
    description:
      - Options of Ceph and their values, for O(type=rbd). They are the whole of them.
    type: dict
  xml:
    description:
      - The document, with the root element C(<pool>). It is instead of O(type), O(source), O(target), O(features), O(refresh),
        O(mount_options) and O(ceph_options).
  state:
    description:
      - V(present) means that the pool is defined as in the task. Whether it is active is left as it is, and a new one is inactive.
      - V(active) and V(inactive) mean that it is defined so, and started or stopped.
      - V(absent) means that there is no such pool. It is stopped and undefined. What is in it stays, unless O(delete_data) is set.
      - A pool on which guests run, or whose volumes a domain names by the pool, is neither stopped nor removed without O(force).
    choices: [present, active, inactive, absent]
  autostart:
    description:
      - Whether the pool starts together with the hypervisor.
    type: bool
  build:
    description:
      - What is made of a pool that is inactive.
      - V(if_missing) makes the folder, or the mount point, if it isn't there, with its permissions. It never formats anything.
      - V(never) makes nothing. It is for a pool in a file system that might not be mounted.
      - V(no_overwrite) and V(overwrite) do so too, and if the task defines the pool, they also make the file system, the partition
        table, the volume group or the pool of ZFS on O(source.devices). With V(no_overwrite) libvirt refuses that if it finds
        something there. B(With V(overwrite), all that is on the devices is lost.) It is an error if something uses one of the devices.
      - Of a pool that exists already nothing is ever formatted, so that the option may stay in a playbook.
    type: str
    choices: [never, if_missing, no_overwrite, overwrite]
    default: if_missing
  delete_data:
    description:
      - B(Delete all that is in the pool.) That is all of its volumes, and the folder if it is empty then. Of O(type=disk) it is the
        partition table too, of O(type=logical) the volume group, of O(type=zfs) the pool of ZFS.
      - RV(changes) has each of them, in check mode too.
      - It is an error if the pool is inactive, or if a single one of the volumes is in use, by a domain that is off, by a snapshot,
        or as the backing file of an image that doesn't go too. O(force) doesn't help against that.
      - Used with O(state=absent).
    type: bool
    default: false
  restart:
    description:
      - What is done when the definition of an active pool has changed. libvirt changes nothing of what is active.
      - V(never) leaves it as it is, and RV(restart_required) is V(true).
      - V(if_required) stops the pool and starts it again. It is an error if guests run on it, unless O(force) is set. A pool that
        doesn't start again is defined and started as it was before.
    type: str
    choices: [never, if_required]
    default: never
  force:
    description:
      - Stop or remove the pool although guests run on it, or domains refer to it. A warning names them.
      - A guest that has a file of a folder open goes on. What is mounted can't be unmounted under it, and libvirt says so.
      - Used with O(state=inactive), O(state=absent) and O(restart=if_required).
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
      - RV(pool.uuid) of a new pool is V(null) if the task gives none.
      - Whether a folder of a hypervisor on another host is there is not known.
notes:
  - The room in a pool is never compared, and left out of its documents. M(declarative.libvirt.pool_info) tells it.
  - Values in O(ceph_options) are never shown.
seealso:
  - module: declarative.libvirt.pool_info
  - name: Storage pool XML format
    description: What the document may contain.
    link: https://libvirt.org/formatstorage.html
"""

EXAMPLES = r"""
- name: The pool of guests' disks, as virt-manager makes it
  declarative.libvirt.pool:
    name: default
    state: active
    autostart: true

- name: A folder of its own for ISO images
  declarative.libvirt.pool:
    name: iso
    target:
      path: /srv/iso
      permissions:
        mode: "0711"
    state: active
    autostart: true

- name: An export of NFS
  declarative.libvirt.pool:
    name: nas
    type: netfs
    source:
      hosts:
        - name: nas.example.com
      dir: /export/images
      format: nfs
      protocol_version: "4.2"
    mount_options: [nodev, nosuid]

- name: A volume group that exists
  declarative.libvirt.pool:
    name: guests
    type: logical
    source:
      name: vg_guests

- name: The same as XML
  declarative.libvirt.pool:
    xml: |
      <pool type="logical">
        <name>guests</name>
        <source><name>vg_guests</name></source>
        <target><path>/dev/vg_guests</path></target>
      </pool>

- name: A pool of Ceph, with the user whose key the module secret has stored
  declarative.libvirt.pool:
    name: ceph
    type: rbd
    source:
      name: vms
      hosts:
        - name: ceph1.example.com
        - name: ceph2.example.com
      auth:
        type: ceph
        username: libvirt
        secret:
          usage: client.libvirt

- name: An empty disk gets a file system
  declarative.libvirt.pool:
    name: fast
    type: fs
    source:
      devices: [/dev/nvme1n1]
      format: xfs
    build: no_overwrite
    state: active
    autostart: true

- name: The pool is gone, and its images stay
  declarative.libvirt.pool:
    name: iso
    state: absent

- name: The pool is gone with all that is in it
  declarative.libvirt.pool:
    name: scratch
    state: absent
    delete_data: true
"""

RETURN = r"""
pool:
  description: The facts of the pool after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: default
    uuid:
      description: Its UUID, V(null) if there is no such pool, or if libvirt is yet to choose one.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    state:
      description: V(active), V(inactive) or V(absent).
      returned: success
      type: str
      sample: active
    persistent:
      description: Whether it has a definition that outlives it.
      returned: success
      type: bool
      sample: true
    autostart:
      description: Whether it starts together with the hypervisor.
      returned: success
      type: bool
      sample: true
    type:
      description: Its type.
      returned: when there is or was such a pool
      type: str
      sample: dir
    path:
      description: Where its volumes are, V(null) for types without such a place.
      returned: when there is or was such a pool
      type: str
      sample: /var/lib/libvirt/images
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description:
        - Where, as an XPath into the pool's XML; or C(state), C(autostart), or a word and what it is about, C(folder), C(device),
          C(volume), or what else goes with O(delete_data).
      returned: success
      type: str
      sample: /pool/target/path
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: modify
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample: /var/lib/libvirt/images
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: /srv/images
    when:
      description: V(config) for the definition and the folder, V(live) for what is started or stopped.
      returned: success
      type: str
      sample: config
restart_required:
  description: Whether the active pool is not as its definition says. It is so from its next start on.
  returned: success
  type: bool
  sample: true
pending:
  description: What differs between the active pool and its definition, in the form of RV(changes).
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where, as an XPath into the pool's XML.
      returned: success
      type: str
      sample: /pool/target/path
    op:
      description: V(add), V(remove), V(modify) or V(move).
      returned: success
      type: str
      sample: modify
    before:
      description: The value of the active pool.
      returned: success
      type: str
      sample: /var/lib/libvirt/images
    after:
      description: The value of the definition.
      returned: success
      type: str
      sample: /srv/images
    when:
      description: Always V(restart).
      returned: success
      type: str
      sample: restart
    reason:
      description: Why it waits.
      returned: success
      type: str
      sample: libvirt changes nothing of a pool that is active
diff:
  description:
    - The parts of the definition that differ, in libvirt's formatting. With something that is made, started, stopped or deleted,
      it is a list with a second one, which has a line for each.
  returned: success, in diff mode
  type: raw
  sample:
    before: "<pool type='dir'>\n  <target>\n    <path>/var/lib/libvirt/images</path>\n  </target>\n</pool>\n"
    after: "<pool type='dir'>\n  <target>\n    <path>/srv/images</path>\n  </target>\n</pool>\n"
    before_header: default (defined)
    after_header: default (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.pool import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
