# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a guest is stopped, wherever a module has to stop one."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  shutdown:
    description:
      - How a running guest is stopped where it has to be, as with O(state=absent).
      - A paused guest is resumed, so that it can shut down. It is paused again if it does not.
      - "The page R(guide_stopping_guests,ansible_collections.declarative.libvirt.docsite.guide_stopping_guests) has more."
    type: dict
    suboptions:
      method:
        description:
          - The ways to ask it to shut down, tried in this order.
          - V(agent) asks the guest agent, V(acpi) presses the power button. V(initctl), V(signal) and V(paravirt) are for
            containers and Xen.
          - A way that the guest does not have, such as an agent that does not answer, is skipped at once.
          - By default a guest whose driver has neither of them, such as a container, is stopped by that driver's own means.
          - With an empty list the guest is not asked. O(shutdown.force) is needed then.
        type: list
        elements: str
        choices: [agent, acpi, initctl, signal, paravirt]
        default: [agent, acpi]
      timeout:
        description:
          - How long to wait for each of the ways to have an effect, in seconds.
        type: float
        default: 60
      force:
        description:
          - Whether the guest is switched off in the end, which is like pulling the power cord. Otherwise it is an error if it
            still runs, and nothing else is done.
        type: bool
        default: false
"""
