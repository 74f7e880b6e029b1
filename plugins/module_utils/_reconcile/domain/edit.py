# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change of a few devices of a domain."""

from __future__ import annotations

import dataclasses

from ..._choices import ALWAYS, NEVER
from ..._xmltree.element import Element
from ..edit import Edit

#: The devices of a running guest that may be unplugged and plugged in again to change them:
#: none, those that keep no data of the guest, or all.
SAFE = "safe"
REPLUGS = (SAFE, NEVER, ALWAYS)


@dataclasses.dataclass(frozen=True)
class DeviceEdit(Edit):
    """A whole document of a domain, made by a task that is about a few devices.

    It is about the devices in ``added`` (of ``document``) and ``gone`` (of what the domain is),
    and about what ``asked`` has, a document of just that. ``running`` is the device that is
    ``turned`` as the running guest has it.
    """

    added: tuple[Element, ...] = ()
    gone: tuple[Element, ...] = ()
    running: Element | None = None
    asked: Element = dataclasses.field(default_factory=lambda: Element("domain"))
