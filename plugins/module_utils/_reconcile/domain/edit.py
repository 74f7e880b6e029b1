# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change of a few devices of a domain, and of nothing else."""

from __future__ import annotations

import dataclasses

from ..._xmltree.element import Element
from ..taken import Taken

#: Which devices of a running guest may be plugged out and in again to change them:
#: none, those that keep no data of the guest, or all.
NEVER, SAFE, ALWAYS = "never", "safe", "always"
REPLUGS = (SAFE, NEVER, ALWAYS)


@dataclasses.dataclass(frozen=True)
class Edit:
    """A whole document, made from what a domain is at the moment.

    The task is about the devices in ``added`` (of ``document``) and ``gone`` (of what
    the domain is), and about what ``said`` says, a document of just that. ``turned`` is the
    device of ``document`` that one of the domain becomes, whatever it was known by, with that
    one as it is defined and as it is in the running guest. ``taken`` is what is said to be
    nothing of what the domain is.
    """

    document: Element
    added: tuple[Element, ...] = ()
    gone: tuple[Element, ...] = ()
    turned: tuple[Element, Element, Element | None] | None = None
    said: Element = dataclasses.field(default_factory=lambda: Element("domain"))
    taken: Taken | None = None
