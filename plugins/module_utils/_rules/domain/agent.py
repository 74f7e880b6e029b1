# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The channel of a guest's agent."""

from __future__ import annotations

from ..._xmltree.element import Element

#: qemu-guest-agent listens on the port with this name, and virDomainObjGetAgentChannel looks for it.
CHANNEL = "org.qemu.guest_agent.0"


def has_agent(document: Element) -> bool:
    """Whether a domain has a channel for its guest's agent."""
    names = (target.get("name") for target in document.findall("devices/channel/target"))
    return CHANNEL in names
