# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a running guest, wherever a module changes a domain."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  affect:
    description:
      - What is changed, as with the options C(--config) and C(--live) of C(virsh).
      - V(config) is the persistent definition, which the next start uses.
      - V(live) is the running guest, of which libvirt can change a part. The guide on running guests has a table of it.
        What has to wait for a restart is returned as RV(ignore:pending) with the reason. Without V(config) it does
        nothing where no guest runs.
      - Where a module starts a guest that is off, V(live) without V(config) is for this start alone, as C(virt-xml --start
        --no-define) does. The guest starts with the changes, and its definition stays as it is.
      - The definition is changed first. It is as wanted even when libvirt or the guest refuses the live change, which is
        not an error, and is tried again by the next run.
      - "The page R(guide_running_guests,ansible_collections.declarative.libvirt.docsite.guide_running_guests) has more."
    type: list
    elements: str
    choices: [config, live]
    default: [config, live]
  restart:
    description:
      - What to do about changes that cannot be made while the guest runs.
      - V(never) leaves them to the next restart, whoever does it.
      - V(if_required) stops the guest in the way of O(shutdown), and starts it again, if something is left of what the task asks
        for that could not be changed live.
      - V(always) restarts the guest for any change, and changes nothing live.
      - A paused guest is paused again after its restart.
      - "The page R(guide_running_guests,ansible_collections.declarative.libvirt.docsite.guide_running_guests) has more."
    type: str
    choices: [never, if_required, always]
    default: never
  live_timeout:
    description:
      - How long to wait, in seconds, until the guest has taken part in a live change, such as to release devices that are
        plugged out. A guest that has not done so keeps the device, and it is pending.
      - "The page R(guide_running_guests,ansible_collections.declarative.libvirt.docsite.guide_running_guests) has more."
    type: float
    default: 20
"""
