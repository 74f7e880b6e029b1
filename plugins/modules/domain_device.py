#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of a domain."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_device
short_description: Add, change and remove one device of a domain
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Used most are O(domain), O(state), O(match), O(disk) with C(path), C(size), C(device), C(target) and C(pool), and O(network) with
    C(network), C(bridge), C(mac) and C(link). The page R(options,ansible_collections.declarative.libvirt.docsite.options) says what
    each of the others is about, and each names its own page.
  - Sees that a domain has one device, as it is described, or that it does not have it. The definition is changed, and the
    guest that runs as far as libvirt can do it.
  - The device is described by libvirt's own XML, or by the sub-options that M(declarative.libvirt.domain) and
    C(virt-install) have for it. All other devices stay where they are.
  - A device is known by what is unique to it. A disk has its target, an interface its MAC address, a controller its type and
    number, a channel its name, a device of the host its address, and every device may have an alias or a PCI address. A
    description with a unique property is about the device that has it, or else about a new device.
  - A disk is known by the images that its own is based on as well, so that a disk stays what it is after an external snapshot. A
    warning names the overlay.
  - A description without a unique property is about the device that fits it already. An interface is also known by the network
    or bridge that it is plugged into, a disk by its source, a CD-ROM or floppy drive by being the only one, and input
    devices, sound, video and random number generators by their model. When it may mean several, the task fails and lists them.
  - A new device gets what it lacks as C(virt-install) would choose it, such as a free target, and a volume that does not exist
    is created. It keeps them in later runs. A disk becomes larger when the C(size) of its options is larger than it is, and
    never smaller.
options:
  domain:
    description:
      - The name of the domain, or its UUID. The domain has to exist.
    type: str
    required: true
  xml:
    description:
      - The device as libvirt's XML. Nothing is added to it but a free target of a disk that only has a bus.
    type: str
  match:
    description:
      - Selects the device that is to be changed or removed, by some of its sub-options, as a dictionary or a string of
        C(virt-install). All of it has to fit.
      - A key with a slash or an C(@) is a place in its XML, such as C(target/@dev).
      - A number is its position among the devices of its kind in the definition, C(1) for the first and C(-1) for the last. It
        is for O(state=present), because after a removal another device has the position.
      - V(all) is each device of its kind. A C(size) and O(remove_volume) are for one disk.
      - It is an error when several devices have all of it, unless O(match_many) is true. For O(state=present) it is an error as well when none has, unless
        one is as it is described already.
      - "The page R(guide_devices,ansible_collections.declarative.libvirt.docsite.guide_devices) has more."
    type: raw
  match_many:
    description:
      - Whether each device that O(match) selects is meant, however many they are. For O(state=absent) there may be none.
      - It is for properties. V(all) is each device anyway, and a position is one.
    type: bool
    default: false
    version_added: 0.8.0
  osinfo:
    description:
      - The operating system that the guest runs, such as V(fedora37), for which a new device is chosen. By default it is the one that
        the definition names.
      - It isn't written into the definition. O(declarative.libvirt.domain#module:osinfo) does that.
      - It is for the device in an option. O(xml) is taken as it is.
    type: str
    aliases: [os_variant]
    version_added: 0.8.0
  state:
    description:
      - V(present) adds the device, or changes what differs.
      - V(absent) removes it. It is found by its unique properties, whatever else is given. Without any it is the
        one device that is like that.
    type: str
    choices: [present, absent]
    default: present
  mode:
    description:
      - V(merge) enforces the given properties of an existing device. The rest stays as it is.
      - V(exact) also removes all other properties, except for those that libvirt fills in by itself.
    type: str
    choices: [exact, merge]
    default: merge
  replug:
    description:
      - Whether a device of a running guest is plugged out and in again, where nothing less changes it. It is named in
        RV(changes) then.
      - V(safe) does so, but not with disks and file systems, because a guest that uses one would lose data. Their change
        waits for a restart.
      - With V(never) it always waits for a restart.
      - "The page R(guide_devices,ansible_collections.declarative.libvirt.docsite.guide_devices) has more."
    type: str
    choices: [safe, never, always]
    default: safe
  remove_volume:
    description:
      - With O(state=absent), also delete the volume of the disk. It is refused where something else uses it, such as another
        domain or an image that is based on it, and while the state of the domain is saved.
    type: bool
    default: false
  validate:
    description:
      - Check the document that comes of it against libvirt's schema before anything is changed.
    type: bool
    default: true
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.domain_option_groups.devices
  - declarative.libvirt.running_guest
  - declarative.libvirt.shutdown
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether libvirt and the guest take part in a live change is known only afterwards.
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The device of a transient domain is changed in the guest that runs alone.
seealso:
  - module: declarative.libvirt.domain
  - module: declarative.libvirt.domain_xml
  - ref: ansible_collections.declarative.libvirt.docsite.guide_running_guests
    description: What of a running guest can be changed.
"""

EXAMPLES = r"""
- name: The web server has a disk for its logs, which is created if it is missing
  declarative.libvirt.domain_device:
    domain: web
    disk:
      path: /var/lib/libvirt/images/web-logs.qcow2
      size: 20

- name: And another one in the pool fast, at a place that is known
  declarative.libvirt.domain_device:
    domain: web
    disk: {pool: fast, size: 10, target: {dev: vdc}, cache: none}

- name: The image is in the CD-ROM drive
  declarative.libvirt.domain_device:
    domain: web
    disk: {device: cdrom, path: /srv/images/tools.iso}

- name: The CD-ROM drive is empty
  declarative.libvirt.domain_device:
    domain: web
    disk: {device: cdrom, path: ""}

- name: Unplug the cable of one interface
  declarative.libvirt.domain_device:
    domain: web
    network: {link: {state: down}}
    match: {mac: "52:54:00:1b:2c:3d"}

- name: Move the only interface on the network default to a bridge
  declarative.libvirt.domain_device:
    domain: web
    network: {bridge: br0}
    match: {network: default}

- name: No disk is cached by the host, but the drives for media may be
  declarative.libvirt.domain_device:
    domain: web
    disk: {cache: none}
    match: {device: disk}
    match_many: true

- name: One more disk, at the bus that suits the guest's system, which the definition doesn't name
  declarative.libvirt.domain_device:
    domain: old
    osinfo: fedora37
    disk: {path: /var/lib/libvirt/images/old-data.qcow2, size: 10}

- name: A device of the host, by its PCI address
  declarative.libvirt.domain_device:
    domain: web
    hostdev: "0000:03:00.0"

- name: A device in libvirt's own XML
  declarative.libvirt.domain_device:
    domain: web
    xml: |
      <channel type="unix">
        <target type="virtio" name="org.qemu.guest_agent.0"/>
      </channel>

- name: The disk for the logs is gone, and so is its volume
  declarative.libvirt.domain_device:
    domain: web
    disk: {path: /var/lib/libvirt/images/web-logs.qcow2}
    state: absent
    remove_volume: true
    live_timeout: 60
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
      description: Where, as an XPath into the domain's XML, C(volume) with the path of a volume, or C(state) for a restart.
      returned: success
      type: str
      sample: "/domain/devices/disk[target/@dev='vdb']"
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: modify
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample: e1000e
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: virtio
    when:
      description:
        - When it takes effect. V(live) is at once, V(restart) is when the guest that runs now has been stopped and started,
          and V(config) is when the domain is started the next time.
      returned: success
      type: str
      sample: live
  sample:
    - path: /domain/devices/interface[mac/@address='52:54:00:1b:2c:3d'][@type='network']/model/@type
      op: modify
      before: e1000e
      after: virtio
      when: live
    - path: /domain/devices/interface[mac/@address='52:54:00:1b:2c:3d'][@type='network']
      op: modify
      before: plugged in
      after: plugged out, and in again
      when: live
device:
  description: The device after the task, or as it would be in check mode. V(null) when it is absent, or when several may be meant.
  returned: success
  type: dict
  contains:
    path:
      description: Where it is, as an XPath into the domain's XML.
      returned: success
      type: str
    xml:
      description:
        - Its XML in the definition; in that of the running guest, if only that is changed. In check mode, what libvirt
          is yet to choose is missing.
      returned: success
      type: str
    matched:
      description:
        - The interface that a description without a unique property was about, and how to add another one.
        - There is a warning as well when that interface was changed.
      returned: when an interface that was there is known by its network or bridge
      type: str
  sample:
    path: "/domain/devices/disk[target/@dev='vdb']"
    xml: "<disk type='file' device='disk'>\n  <source file='/srv/logs.qcow2'/>\n  <target dev='vdb' bus='virtio'/>\n</disk>"
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
    - Where the guest that runs or a volume is changed beside it, it is a list with a second one, which has a line for each
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
from ..module_utils._module.domain_device import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
