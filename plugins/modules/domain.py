#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole domain from a few options."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain
short_description: Make a domain as C(virt-install) would, and keep it that way
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Used most are O(name), O(osinfo), O(memory), O(vcpus), O(disk), O(network), O(graphics), O(import), O(cloud_init), O(autostart)
    and O(state). The first example has them with their sub-options. For the others, the page
    R(options,ansible_collections.declarative.libvirt.docsite.options) says what each is about, and each names its own page.
  - Takes the options of C(virt-install). A domain that does not exist is made with all of its defaults. The missing
    volumes are created through libvirt, the domain is defined, and started where O(state=running) asks for it.
  - On a domain that exists, only the given options are enforced. A newer osinfo database, hypervisor or version of this
    collection does not change it. Its disks are found again by their target, their path, and then by their order, and
    its interfaces by their MAC address, their network, and then by their order. What it has beside them stays. With
    O(mode=exact) the defaults are enforced too, and what else there is is removed.
  - A volume that a C(size) is given for is made larger where it is smaller, in a guest that runs as well, which sees it at
    once. None is ever made smaller or overwritten, and none is deleted but for those named in O(remove_volumes).
  - An image that the image of a disk is based on means that disk, which keeps what it has, such as after an external snapshot. A
    warning names the overlay. It can't be another disk as well, unless that is read-only.
  - A disk that a running guest of another domain writes to is refused, and so is a new interface with the MAC address of another
    domain, unless it is given by O(xml).
  - An entry with the C(size) of a disk, and without path, volume or target, makes a disk larger only if each disk of the domain
    has an entry in the list.
  - In a list of devices an entry can have C(state=absent). The devices that have all properties of the entry are then removed
    from the domain, such as the interfaces with a MAC address. The volume of a disk that is removed stays.
  - Instead of the options of C(virt-install), O(xml) can have a document of libvirt's own.
  - How the guest is installed matters when the domain is made with O(state=running). Its first boot is then that of
    the installer. The definition is that for all other boots from the beginning. What the guest has for its first boot
    only is not in RV(pending), and requires no restart. O(restart) never restarts a guest that is being installed.
options:
  name:
    description:
      - The name of the domain. The UUID of an existing domain can be given as well.
      - Required unless O(xml) or O(virt_install) has it.
  xml:
    description:
      - The domain as libvirt's XML, instead of the options that describe it. All others, such as O(state), O(autostart) and
        O(wait), can be given with it.
      - With O(mode=merge) it can be a part of a document, once the domain exists.
      - "The page R(guide_domain_xml,ansible_collections.declarative.libvirt.docsite.guide_domain_xml) has more."
    type: str
  state:
    description:
      - V(present) means that the domain is defined, whether it runs or not.
      - V(running) means that it runs too. A paused guest is resumed, and one whose state was saved goes on from there.
      - V(stopped) means that it is defined and does not run. O(shutdown) has the way to stop a guest.
      - V(paused) means that it is there with its CPUs stopped. A domain that is off is started so.
      - V(saved) keeps the memory of a guest on the host, from which the next start goes on, and stops it. A domain that is
        off has nothing to save, and is left alone.
      - V(absent) means that there is no such domain, as in M(declarative.libvirt.domain_xml).
    type: str
    choices: [present, absent, running, stopped, paused, saved]
    default: present
  autostart:
    description:
      - Whether the domain starts together with the hypervisor. It is left alone by default.
    type: bool
  mode:
    description:
      - V(merge) means that of a domain that exists, only the given options are enforced.
      - V(exact) means that the options and the defaults are the whole truth.
      - "The page R(guide_virt_install,ansible_collections.declarative.libvirt.docsite.guide_virt_install) has more."
    type: str
    choices: [exact, merge]
    default: merge
  validate:
    description:
      - Check the document against libvirt's schema before anything is touched.
    type: bool
    default: true
  wait:
    description:
      - What to wait for, after O(state) was reached. Check mode does not wait.
      - The task fails when the time is over, or at once when there is nothing to wait for any more, such as when the guest
        has stopped.
    type: dict
    suboptions:
      for:
        description:
          - V(installed) waits until the installer has switched the guest off, and starts the guest again from its disk. It
            is for O(state=running), and does not wait for a guest that is not being installed.
          - V(running) waits until the guest runs, whoever starts it.
          - V(ip) waits until an address of the guest is known that other hosts can reach, which is returned as RV(addresses).
          - V(agent) waits until the QEMU guest agent answers.
          - V(shutoff) waits until no guest runs any more, whoever stops it.
        type: str
        choices: [installed, running, ip, agent, shutoff]
        default: installed
      timeout:
        description:
          - How long to wait, in seconds. The guest goes on when the time is over, and the task fails.
          - 3600 seconds for V(installed) as O(wait.for), 300 seconds for the other choices by default.
        type: float
      source:
        description:
          - Where an address is looked for. V(lease) are the leases of libvirt's own networks, V(agent) is the guest agent, and
            V(arp) is the host's ARP table. All listed sources are asked, and the first source that knows an address is enough.
        type: list
        elements: str
        choices: [lease, agent, arp]
        default: [lease, agent, arp]
  start_networks:
    description:
      - Whether networks of libvirt that are off are started where the guest has to start and is plugged into them. A network
        is never stopped, defined or changed otherwise.
      - Otherwise a guest whose network is off can not start, which is an error before anything is done.
    type: bool
    default: false
  keep:
    description:
      - What remains with O(state=absent), V(nvram) or V(tpm).
      - "The page R(guide_domain_xml,ansible_collections.declarative.libvirt.docsite.guide_domain_xml) has more."
    type: list
    elements: str
    choices: [nvram, tpm]
    default: []
  remove_volumes:
    description:
      - The targets of disks, such as V(vda), whose volumes are deleted with O(state=absent), or V(all).
      - V(POOL/VOLUME), a path, and V(cloud_init) for the data for cloud-init, name volumes also where the domain is absent already.
      - O(remove_volumes) of M(declarative.libvirt.domain_xml) lists the volumes that are never deleted.
      - "The page R(guide_domain_xml,ansible_collections.declarative.libvirt.docsite.guide_domain_xml) has more."
    type: list
    elements: str
    default: []
  recreate_missing:
    description:
      - Whether a disk whose image is gone gets a new and empty one, if a C(size) is given for it.
      - By default it is an error that the image of a domain's disk is gone, because its storage may not be mounted. A guest that
        runs from it has to be stopped first.
    type: bool
    default: false
  reinstall:
    description:
      - Installs a domain that exists once more, from O(location), O(cdrom), O(pxe) or O(install), with O(state=running). The
        disks stay, and the installer may overwrite them. The definition stays as well.
      - V(true) does it unless such a task has installed the domain from the same place. Any other text does it unless the last such
        task had the same text, such as a date. So a task that is run again installs nothing. The text is kept in the metadata of
        the domain, where everyone can read it. A new domain is installed anyway, and keeps it too.
      - A guest that runs is stopped only with O(restart=if_required) or O(restart=always), by O(shutdown), after all that is
        needed was downloaded. Otherwise it is an error. A guest whose state was saved is never installed.
      - "The page R(guide_trees,ansible_collections.declarative.libvirt.docsite.guide_trees) has more."
    type: raw
    version_added: 0.5.0
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.shutdown
  - declarative.libvirt.running_guest
  - declarative.libvirt.domain_options
  - declarative.libvirt.domain_option_groups
  - declarative.libvirt.domain_option_groups.devices
  - declarative.libvirt.domain_option_groups.exclusive
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether libvirt accepts the definition, can create a volume or start the guest is known only when it does so.
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - A volume that an interrupted task has created is used by the next run if nothing was written to it yet. Else it is told
    of in a warning, and the disk gets another name.
  - The password of O(graphics) is never returned, shown or logged. It reads V(VALUE_HIDDEN).
  - When a domain can not be defined, or not be started for its installation, the volumes that were created for it are
    deleted again.
requirements:
  - osinfo-db on the managed host
seealso:
  - module: declarative.libvirt.domain_defaults
  - module: declarative.libvirt.domain_xml
"""

EXAMPLES = r"""
- name: A server from a cloud image, with the options that are used most
  declarative.libvirt.domain:
    name: web
    osinfo: debian11
    import: true
    # In MiB. With a unit, it is 4G.
    memory: 4096
    vcpus: 2
    disks:
      # A new volume of 20 GiB, which has the image below it.
      - size: 20
        backing_store: /var/lib/libvirt/images/debian-12.qcow2
      - size: 100
        bus: scsi
    networks:
      # A network of libvirt, or bridge with the name of one of the host.
      - network: default
        mac: "52:54:00:1b:2c:3d"
    graphics: {type: vnc, listen: 127.0.0.1}
    cloud_init:
      user_data:
        hostname: web
        users:
          - name: admin
            ssh_authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1vbmRheQ alice"]
    autostart: true
    state: running

- name: The same server has more memory, and is otherwise as it is
  declarative.libvirt.domain:
    name: web
    memory: 8192

- name: Its first disk is larger, and the guest sees that at once. Each disk has its entry
  declarative.libvirt.domain:
    name: web
    disks:
      - size: 40
      - size: 100

- name: It has another disk, which is identified by its target
  declarative.libvirt.domain:
    name: web
    disks: [{size: 10, target: {dev: vdb}}]

- name: What can't be changed while it runs is changed by a restart
  declarative.libvirt.domain:
    name: web
    memory: 8192
    restart: if_required
    shutdown: {timeout: 120, force: true}

- name: It has one interface, whatever it had before
  declarative.libvirt.domain:
    name: web
    networks: [{bridge: br0, model: virtio}]
    exclusive: [network]

- name: It has lost its second disk, the volume of which stays
  declarative.libvirt.domain:
    name: web
    disks: [{target: sda, state: absent}]

- name: Firmware with Secure Boot, a TPM, a CPU model and a console that says what the guest says
  declarative.libvirt.domain:
    name: safe
    osinfo: win10
    import: true
    memory: 4096
    boot: {uefi: true}
    tpm: {backend.type: emulator, backend.version: "2.0", model: tpm-crb}
    cpu: {model: qemu64, topology: {sockets: 1, cores: 2, threads: 1}}
    vcpus: 2
    disks: [{size: 40, bus: virtio, driver: {cache: none, discard: unmap}}]
    video: {model.type: virtio}
    serial: {type: pty, log.file: /var/lib/libvirt/images/safe.log}

- name: A guest that is installed from an image
  declarative.libvirt.domain:
    name: gentoo-2
    osinfo: gentoo
    cdrom: /var/lib/libvirt/images/livegui.iso
    disks: [{size: 5}]
    state: running

- name: A domain from a document runs, and can be reached
  declarative.libvirt.domain:
    name: router
    xml: "{{ lookup('ansible.builtin.template', 'router.xml.j2') }}"
    state: running
    wait:
      for: ip
  register: router

- name: The server is gone, and so are all volumes that only it uses
  declarative.libvirt.domain:
    name: web
    state: absent
    remove_volumes: all
    shutdown: {force: true}
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
      description: The place, as an XPath into the domain's XML; or C(state), C(autostart), or C(volume) with the path of a volume.
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
      before: 4194304 KiB
      after: 8388608 KiB
      when: restart
    - path: state
      op: modify
      before: shutoff
      after: running
      when: live
addresses:
  description: The addresses of the guest that other hosts can reach.
  returned: when O(wait.for=ip), except in check mode
  type: list
  elements: dict
  contains:
    address:
      description: An IPv4 or IPv6 address.
      returned: success
      type: str
      sample: 192.168.122.17
    prefix:
      description: The length of the network's prefix.
      returned: success
      type: int
      sample: 24
    interface:
      description: The interface, by the host's name for it, or for V(agent) as O(wait.source), the guest's.
      returned: success
      type: str
      sample: vnet3
    mac:
      description: The interface's MAC address.
      returned: success
      type: str
      sample: 52:54:00:1b:2c:3d
    source:
      description: The value of O(wait.source) that knows it.
      returned: success
      type: str
      sample: lease
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
    - The parts of the definition that differ, as M(declarative.libvirt.domain_xml) returns them.
    - Where the state, autostart, a volume or the guest that runs is changed beside it, it is a list with a second one, which has
      a line for each path.
  returned: success, in diff mode
  type: raw
  sample:
    - before: "<domain type='kvm'>\n  <name>web</name>\n  <memory unit='KiB'>4194304</memory>\n</domain>\n"
      after: "<domain type='kvm'>\n  <name>web</name>\n  <memory unit='KiB'>8388608</memory>\n</domain>\n"
      before_header: web (defined)
      after_header: web (desired)
    - before: "state: shutoff\n"
      after: "state: running\n"
      before_header: web (state and storage)
      after_header: web (state and storage)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.domain import SPEC, run


def main() -> None:
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
