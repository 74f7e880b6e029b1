#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One volume of a storage pool."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volume
short_description: Create a volume in a storage pool of libvirt, make it larger, or delete it
version_added: 0.4.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes one volume, a disk image, an ISO image or another file, by options or by XML in the format of libvirt.
  - libvirt can change nothing of a volume but its capacity. A volume that exists becomes larger, also while a guest runs on it. If
    anything else differs, the task fails and names it. A volume is never replaced.
  - A volume in use is neither deleted nor made smaller. Users are domains that run or are off, their snapshots, checkpoints,
    saved states and backups, other images that are based on it, and other programs. The message names them.
  - The pool has to be active.
options:
  pool:
    description:
      - The name or UUID of the pool.
    type: str
    required: true
  name:
    description:
      - The name of the volume. Not needed when the document has the name.
      - In a pool of partitions, it is that of the partition, such as V(sdb1).
    type: str
  capacity:
    description:
      - The size of the disk in it, as a number and a unit, such as V(20 GiB) or V(20G). V(KB), V(MB) and so on are powers of 1000,
        all others powers of 1024. A number alone is one of bytes, while that of a disk's
        O(declarative.libvirt.domain#module:disk) counts GiB; one of less than 512 is an error for a new volume without content.
      - A new volume needs it, unless O(backing), O(clone_from), O(image), O(content), O(content_base64) or O(content_src) have a size.
      - A smaller one than the volume has is an error, unless O(shrink) is set.
      - libvirt changes the capacity of files, and of volumes of Ceph and Sheepdog. Elsewhere, another one is an error.
    type: str
  allocation:
    description:
      - How much of it is allocated when it is created, in the form of O(capacity). It is never compared.
      - A new file has nothing allocated by default, and grows when it is written to. Elsewhere it is all of it.
    type: str
  preallocation:
    description:
      - V(metadata) writes the tables of a qcow2 image when it is created, and V(full) allocates all of its capacity.
      - Mutually exclusive with O(allocation).
    type: str
    choices: [metadata, full]
  format:
    description:
      - The format, such as V(qcow2) or V(raw). In a pool of partitions it is the type of the partition.
      - A new file is a V(qcow2) image by default, or has the format of what it is made of. A qcow2 image is one of version 3.
    type: str
  cluster_size:
    description:
      - The size of the clusters of a new qcow2 image, in the form of O(capacity). Needs libvirt 7.4.
    type: str
  backing:
    description:
      - The image that a new one is based on. It has to stay as it is as long as that is used.
    type: dict
    suboptions:
      path:
        description:
          - Its path on the hypervisor's host.
        type: str
      volume:
        description:
          - Its name, if it is a volume.
        type: str
      pool:
        description:
          - The pool of O(backing.volume). Default is O(pool).
        type: str
      format:
        description:
          - Its format. Default is what libvirt, or its header, says. If guests can write to an image, name its format, because
            they can write a header to a raw image.
        type: str
  encryption:
    description:
      - How a new volume is encrypted. Of one that exists, the format is compared.
    type: dict
    suboptions:
      format:
        description:
          - The format of the encryption.
        type: str
        choices: [luks, luks2]
        default: luks
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
  permissions:
    description:
      - The permissions of a new file. libvirt's default is the mode V(0600).
      - They are compared, but can't be changed. Owner and group are not compared while a guest has the volume open.
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
  nocow:
    description:
      - Create the file without copy on write, on Btrfs.
    type: bool
  clone_from:
    description:
      - The volume whose content a new one gets. It may have another format. A chain of images becomes one image.
      - It is an error while a guest writes to it.
    type: dict
    suboptions:
      volume:
        description:
          - Its name.
        type: str
        required: true
      pool:
        description:
          - Its pool. Default is O(pool).
        type: str
  image:
    description:
      - The image that a new volume is made of. It is downloaded or read by the managed host, verified by its checksum,
        decompressed, and uploaded. Nothing of that happens if the volume exists, whatever its content is.
      - The volume has the format of the image, which is V(qcow2) or V(raw). Another O(format) is an error.
      - "The page R(guide_images,ansible_collections.declarative.libvirt.docsite.guide_images) has more."
    type: dict
    suboptions:
      url:
        description:
          - Where it is downloaded from, by HTTP or HTTPS. Needs O(image.checksum).
        type: str
      src:
        description:
          - The path of a file on the managed host.
        type: path
      checksum:
        description:
          - Its checksum, such as V(sha256:…), or the URL or the path of a file that has it, such as that of a
            V(SHA256SUMS). It is that of the file as it comes, and not that of what it is decompressed to.
        type: str
      decompress:
        description:
          - Whether an image that is compressed by gzip, xz, bzip2 or zstd is decompressed. Zstd needs the Python library
            C(zstandard) on the managed host.
        type: bool
        default: true
      url_username:
        description:
          - The user at the server.
        type: str
      url_password:
        description:
          - The password at the server.
        type: str
      validate_certs:
        description:
          - Whether the certificate of the server is checked.
        type: bool
        default: true
      ca_path:
        description:
          - The file or the folder with the certificates of authorities that are trusted beside those of the system.
        type: path
      use_proxy:
        description:
          - Whether the proxies of the environment are used.
        type: bool
        default: true
      timeout:
        description:
          - How long the server may send nothing, in seconds.
        type: float
        default: 30.0
  content:
    description:
      - The content of a new volume as text, for small files such as a script or a list of keys.
      - The content of a volume that exists is not compared. libvirt has no checksums.
    type: str
  content_base64:
    description:
      - The content of a new volume in Base64, for what is no text.
    type: str
  content_src:
    description:
      - The path of a file on the managed host, such as an ISO image or a kernel, which is uploaded into a new volume. An image in
        a format that is known keeps it, and can become larger at once by O(capacity).
    type: path
  shrink:
    description:
      - B(Let the volume lose what is beyond O(capacity)), if that is less than it has. What is in the volume doesn't matter
        to libvirt.
      - A raw volume doesn't become smaller than what is allocated of it.
    type: bool
    default: false
  wipe:
    description:
      - Overwrite the content with zeros before the volume is deleted. What a file system or a disk keeps elsewhere, stays there.
      - Used with O(state=absent).
    type: bool
    default: false
  xml:
    description:
      - The document, with the root element C(<volume>). It is instead of O(capacity), O(allocation), O(preallocation), O(format),
        O(cluster_size), O(backing), O(encryption), O(permissions) and O(nocow).
    type: str
  src:
    description:
      - The path of a file on the managed host that contains the document.
      - Mutually exclusive with O(xml). O(content_src) is a file that becomes the content.
    type: path
  state:
    description:
      - V(present) means that there is a volume as in the task. If a new one can't be made completely, nothing is left of it.
      - V(absent) means that there is no such volume. B(Its content is lost.) It is an error if anything uses it.
    type: str
    choices: [present, absent]
    default: present
  mode:
    description:
      - V(exact) means that the document is the whole truth, except for what libvirt fills in by itself.
      - V(merge) means that only the content of the document is enforced.
      - Used with O(state=present) and a document.
    type: str
    choices: [exact, merge]
    default: exact
  validate:
    description:
      - Check the document of a new volume against libvirt's schema before anything is touched.
      - The schema is that of the managed host. When the hypervisor runs on another host, or the schema is not installed, libvirt
        checks the document when the volume is created, which check mode cannot foresee.
    type: bool
    default: true
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - A file that libvirt's pool doesn't know yet is foreseen where the hypervisor is the managed host.
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - Where libvirt does not keep a part of the document, a warning names it, and it does not count as a change.
notes:
  - What changes by itself, such as the bytes in use, is neither compared nor part of RV(changes).
  - A file in the pool's folder that was made without libvirt is a volume like any other. It is compared, and never overwritten.
seealso:
  - module: declarative.libvirt.volume_info
  - module: declarative.libvirt.pool
  - name: Storage volume XML format
    description: What the document may contain.
    link: https://libvirt.org/formatstorage.html#storage-volume-xml
"""

EXAMPLES = r"""
- name: The pool that the volumes below are in
  declarative.libvirt.pool:
    name: default
    state: active

- name: A disk for a guest
  declarative.libvirt.volume:
    pool: default
    name: data.qcow2
    capacity: 20 GiB

- name: It becomes larger, while the guest runs
  declarative.libvirt.volume:
    pool: default
    name: data.qcow2
    capacity: 40 GiB

- name: An image that is based on it
  declarative.libvirt.volume:
    pool: default
    name: test.qcow2
    backing:
      volume: data.qcow2

- name: A copy of it, all in one file
  declarative.libvirt.volume:
    pool: default
    name: copy.raw
    format: raw
    capacity: 50 GiB
    clone_from:
      volume: data.qcow2

- name: An image that other volumes can be based on
  declarative.libvirt.volume:
    pool: default
    name: debian-12-generic.qcow2
    image:
      url: https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-generic-amd64.qcow2
      checksum: https://cloud.debian.org/images/cloud/bookworm/latest/SHA512SUMS

- name: A file with a content
  declarative.libvirt.volume:
    pool: default
    name: kickstart.cfg
    content: |
      text
      poweroff
    permissions:
      mode: "0644"

- name: The passphrase of an encrypted volume
  declarative.libvirt.secret:
    usage:
      type: volume
      id: /var/lib/libvirt/images/secret.img
    value: "{{ vault_volume_passphrase }}"

- name: The encrypted volume
  declarative.libvirt.volume:
    pool: default
    name: secret.img
    format: raw
    capacity: 64 MiB
    encryption:
      secret:
        usage: /var/lib/libvirt/images/secret.img

- name: The same as XML
  declarative.libvirt.volume:
    pool: default
    xml: |
      <volume>
        <name>data.qcow2</name>
        <capacity unit="GiB">40</capacity>
        <target><format type="qcow2"/></target>
      </volume>

- name: The copy is overwritten and deleted
  declarative.libvirt.volume:
    pool: default
    name: copy.raw
    state: absent
    wipe: true
"""

RETURN = r"""
volume:
  description: The facts of the volume after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Its name. V(null) if only the document could tell it.
      returned: success
      type: str
      sample: data.qcow2
    pool:
      description: Its pool, as O(pool) names it.
      returned: success
      type: str
      sample: default
    state:
      description: V(present) or V(absent).
      returned: success
      type: str
      sample: present
    path:
      description: Its path. V(null) where that is known only when it has been created.
      returned: when there is or was such a volume
      type: str
      sample: /var/lib/libvirt/images/data.qcow2
    key:
      description: What libvirt knows it by, which is the path for most types of pools.
      returned: when there is or was such a volume
      type: str
      sample: /var/lib/libvirt/images/data.qcow2
    type:
      description: V(file), V(block), V(dir), V(network), V(netdir) or V(ploop).
      returned: when there is or was such a volume
      type: str
      sample: file
    format:
      description: Its format, V(null) where it has none.
      returned: when there is or was such a volume
      type: str
      sample: qcow2
    capacity:
      description: The size of the disk in it, in bytes. V(null) in check mode if it follows from what a new volume is based on.
      returned: when there is or was such a volume
      type: int
      sample: 21474836480
    backing:
      description: The RV(ignore:path) and the RV(ignore:format) of the image that it is based on, V(null) if there is none.
      returned: when there is or was such a volume
      type: dict
      sample:
        path: /var/lib/libvirt/images/base.qcow2
        format: qcow2
    encryption:
      description: The format of its encryption, V(null) if there is none.
      returned: when there is or was such a volume
      type: str
      sample: luks
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description:
        - Where, as an XPath into the volume's XML, or C(content) if that is overwritten.
      returned: success
      type: str
      sample: /volume/capacity
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: modify
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample: 21474836480 bytes
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: 42949672960 bytes
    when:
      description: Always V(live), which is at once.
      returned: success
      type: str
      sample: live
restart_required:
  description: Always V(false). A guest sees a new capacity at once.
  returned: success
  type: bool
  sample: false
pending:
  description: Always empty, because nothing of a volume waits.
  returned: success
  type: list
  elements: dict
  sample: []
diff:
  description:
    - The parts of the document that differ, in libvirt's formatting. With O(wipe) it is a list with a second one, which has a line
      for the content.
  returned: success, in diff mode
  type: raw
  sample:
    before: "<volume type='file'>\n  <capacity unit='bytes'>21474836480</capacity>\n</volume>\n"
    after: "<volume type='file'>\n  <capacity unit='bytes'>42949672960</capacity>\n</volume>\n"
    before_header: default/data.qcow2 (defined)
    after_header: default/data.qcow2 (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.volume import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
