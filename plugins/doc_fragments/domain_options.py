# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that describe a domain as virt-install's do."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description:
      - The name of the domain. By default that of the operating system, with a number where it is taken.
    type: str
  uuid:
    description:
      - The UUID of the domain. By default libvirt chooses one, which is kept.
    type: str
  description:
    description:
      - A text for people.
    type: str
  ansible:
    description:
      - What the domain says of the guest as a host of Ansible. It stands in the domain's metadata, takes effect without
        a restart, and is read by the inventory plugin and by M(declarative.libvirt.domain_info).
      - It is no place for secrets, because everyone who can read the definition of the domain sees it. Variables that look
        like secrets are refused.
      - "The page R(guide_inventory,ansible_collections.declarative.libvirt.docsite.guide_inventory) has more."
    type: dict
    suboptions:
      tags:
        description:
          - All tags of the guest; their order has no meaning. An empty list removes them.
          - Without this option the tags stay as they are.
        type: list
        elements: str
      vars:
        description:
          - All variables of the guest, by name. An empty dictionary removes them.
          - Without this option the variables stay as they are.
        type: dict
  osinfo:
    description:
      - The operating system, by a short id or the URL that the osinfo database has for it, or V(generic).
      - It decides about devices, memory and firmware.
      - By default, and with V(auto), it is detected from O(cdrom) or O(location). V(detect=on,name=NAME) takes the name where that fails, and
        V(detect=on,require=on) is an error then.
      - "The page R(guide_virt_install,ansible_collections.declarative.libvirt.docsite.guide_virt_install) has more."
    type: str
    aliases: [os_variant]
  virt_type:
    description:
      - How the guest is virtualised, such as V(kvm) or V(qemu). The fastest that the host has, by default.
    type: str
  arch:
    description:
      - The architecture. That of the host, by default.
    type: str
  machine:
    description:
      - The machine type.
      - V(latest) is the newest version of the family that the domain has, such as V(pc-q35-7.2) in place of V(pc-q35-5.2). A new
        domain gets the default machine.
      - A domain with V(pc) that gets V(q35) is converted. Its IDE disks become SATA disks with the same targets, its C(e1000) becomes
        C(e1000e), its C(ich6) C(ich9), and its devices get other PCI addresses. Windows needs the driver of SATA (AHCI) before, and
        takes its network devices for new ones.
    type: str
  os_type:
    description:
      - V(hvm) for a whole machine, V(xen) or V(linux) for one that is paravirtualised by Xen, V(exe) for a container.
    type: str
    choices: [hvm, xen, linux, exe]
  cdrom:
    description:
      - The path of an image that the guest is installed from, or a URL, from which QEMU itself reads it.
      - A dictionary with C(url) and C(checksum), such as V(sha256:) and the digits, has the managed host download the image once. It is
        kept in the storage pool for other guests, and the system is detected from it. C(url_username), C(url_password),
        C(validate_certs), C(ca_path), C(use_proxy) and C(timeout) are as in C(image) of a disk. Nothing is asked of a domain that exists.
    type: raw
  livecd:
    description:
      - The medium in O(cdrom) stays and is always booted from.
    type: bool
    default: false
  pxe:
    description:
      - The guest is installed from the network.
    type: bool
    default: false
  import:
    description:
      - The disks have a system already, and nothing is installed.
    type: bool
    default: false
  location:
    description:
      - The tree from which the guest is installed, by booting the kernel in it. It is a URL, or the path of a directory or an
        image of the managed host. Where C(kernel) and C(initrd) are not given, they are found as the distribution has them.
      - What a URL has is downloaded by the managed host, and kept in the storage pool for other guests. Check mode reads the
        description of the tree, and asks whether the files are there. Nothing is asked of a domain that exists.
      - C(kernel_checksum) and C(initrd_checksum), such as V(sha256:) and the digits, count more than those of C(.treeinfo).
        C(url_username), C(url_password), C(validate_certs), C(ca_path), C(use_proxy) and C(timeout) are as in C(image) of
        a disk.
      - A kernel in an image is copied to volumes named by the domain.
      - "The page R(guide_trees,ansible_collections.declarative.libvirt.docsite.guide_trees) has more."
    type: raw
  install:
    description:
      - How the first boot is done, in detail. There are C(os), C(bootdev), C(kernel), C(initrd), C(kernel_args),
        C(kernel_args_overwrite) and C(no_install). C(os) is the short id of a system whose tree the osinfo database knows; it is
        installed from there. C(kernel) and C(initrd) are paths or URLs.
      - "The page R(guide_trees,ansible_collections.declarative.libvirt.docsite.guide_trees) has more."
    type: raw
  extra_args:
    description:
      - Arguments of the kernel in O(location), as one text or a list.
      - "The page R(guide_cloud_init,ansible_collections.declarative.libvirt.docsite.guide_cloud_init) has more."
    type: raw
  initrd_inject:
    description:
      - Paths of files of the managed host that are put into the initrd in O(location), such as a kickstart file.
      - "The page R(guide_cloud_init,ansible_collections.declarative.libvirt.docsite.guide_cloud_init) has more."
    type: list
    elements: path
  unattended:
    description:
      - The answers that a new guest's installer gets by a script of the osinfo database, as a dictionary or a string of
        C(virt-install). V(true) takes all defaults, V(none) does nothing.
      - C(profile) is C(desktop), the default, or C(jeos). C(admin_password) and C(user_password) are passwords,
        C(admin_password_file) and C(user_password_file) paths of files of the managed host that begin with them. Then there
        are C(user_login), C(product_key) and C(reg_login).
      - With O(location), the script is put into a copy of the initrd. With O(cdrom), it is on another CD-ROM, with drivers
        for virtio where the database has some for Windows; that needs the Python library pycdlib on the managed host.
      - The files with it can be read by their owner alone, and are deleted as soon as the guest runs.
      - Says nothing about a domain that exists.
      - "The page R(guide_unattended,ansible_collections.declarative.libvirt.docsite.guide_unattended) has more."
    type: raw
  cloud_init:
    description:
      - What cloud-init does at the first boot, as a dictionary.
      - C(user_data), C(meta_data) and C(network_config) are YAML, a text, or the path of a file of the managed host.
      - Instead of C(user_data) there can be C(root_password), C(ssh_keys) (a list, for root), C(clouduser_ssh_key) (the
        path of a file), and C(disable), which lets cloud-init do nothing at later boots.
      - C(root_password_generate) makes up a password, which is kept in the file of the managed host that C(root_password_file)
        names. Without it, that file has to be there.
      - A string is read as C(virt-install) does, in which C(user-data) and the others are paths.
      - The data are on a volume with the name of the domain and the ending C(-cloudinit.iso), which only its owner can
        read. Its drive is empty after the first boot.
      - C(seed) decides about data that change later, and data for a domain that was made without, such as a clone. With
        C(once), the default, they don't reach the guest, and each run warns of that. With C(next_boot) the guest gets
        them for its next start, with an instance id by which cloud-init does everything again, unless C(meta_data) has
        one. With C(always) the data of the moment are in the drive at all times, from the beginning. Other data are on
        another volume, whose name ends in a part of their hash.
      - Needs the Python library pycdlib on the managed host.
      - "The page R(guide_cloud_init,ansible_collections.declarative.libvirt.docsite.guide_cloud_init) has more."
    type: raw
  virt_install_version:
    description:
      - The version of C(virt-install) whose answers a new domain gets, where they differ. By default it is the newest of these.
      - It has no influence on the sub-options that there are, nor on what a domain that exists already has. What was a
        mistake of an older version isn't repeated.
      - "The page R(guide_virt_install,ansible_collections.declarative.libvirt.docsite.guide_virt_install) has more."
    type: str
    choices: ['4.1', '5.0', '5.1']
    version_added: 0.5.0
  virt_install:
    description:
      - A whole command line of C(virt-install), as it is. Its line breaks behind a backslash, C(sudo) and a prompt may
        stay.
      - It is read as the options that it stands for. What is given both ways must be equal.
      - Options that are not about the domain, such as C(--noautoconsole) and C(--wait), are left out with a warning.
      - "The page R(guide_virt_install,ansible_collections.declarative.libvirt.docsite.guide_virt_install) has more."
    type: str
"""
