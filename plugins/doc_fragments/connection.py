# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every module that connects to a hypervisor."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  uri:
    description:
      - The connection URI of the hypervisor, as C(virsh --connect) takes it.
      - It is opened on the managed host, so V(qemu:///system) is that host's own hypervisor.
      - If not set, the environment variable E(LIBVIRT_DEFAULT_URI) of the managed host is used, and without it
        V(qemu:///system).
    type: str
  auth:
    description:
      - Who to authenticate as, for a connection that asks for it, for example C(qemu+tcp) with SASL.
      - Without it, the environment variables E(LIBVIRT_USERNAME) and E(LIBVIRT_PASSWORD) of the managed host are used, and without
        them libvirt's own client authentication file where there is one.
    type: dict
    suboptions:
      username:
        description:
          - The user name.
        type: str
      password:
        description:
          - The password.
        type: str
  timeout:
    description:
      - How long the hypervisor may be silent, in seconds, when it is connected to and later whenever it is asked. Without an
        answer for that long the task fails, and the message has the place.
      - Work that takes long, such as making a large image, counts as silence only if the daemon doesn't answer keepalive messages.
      - With V(0), it is waited for ever.
    type: float
    default: 30
    version_added: 0.2.0
requirements:
  - Python 3.9 or newer on the managed host
  - libvirt-python (C(python3-libvirt) in most distributions) on the managed host
  - lxml (C(python3-lxml) in most distributions) on the managed host
notes:
  - libvirt-python and lxml are usually packages of the distribution. If the Python interpreter that Ansible uses lacks
    them, the module looks for a system interpreter that has them.
"""
