# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says of a volume that it removes.

It stands apart from what makes volumes, which Ansible would else send with each module that removes
a domain.
"""

from __future__ import annotations

import typing as t

from ..._rules.amounts import readable
from ..outcome import CONFIG, Action

if t.TYPE_CHECKING:
    from ..._hypervisor.volume_removal import Removable


def deletion(volume: Removable) -> Action:
    """The change that removes a volume."""
    return Action(f"volume {volume.path}", readable(volume.capacity), None, CONFIG)
