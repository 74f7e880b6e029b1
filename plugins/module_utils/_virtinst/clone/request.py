# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of a clone."""

from __future__ import annotations

import typing as t

from .disks import Defaults, DiskWish

COPIED, FRESH = "copied", "fresh"
#: Stands for a MAC address that is chosen.
RANDOM = "RANDOM"


class CloneRequest(t.NamedTuple):
    """The fields are options of the module. ``tpm`` is ``None`` where the task says nothing of it.

    An empty ``clone`` stands for the name of the source with ``-clone``. ``snapshot`` is the name of
    one of the source; ``None`` clones what is there now.
    """

    name: str
    clone: str = ""
    disks: tuple[DiskWish, ...] = ()
    defaults: Defaults = Defaults()
    is_reflink: bool = False
    uuid: str | None = None
    macs: tuple[str, ...] = ()
    title: str | None = None
    description: str | None = None
    nvram: str = COPIED
    nvram_path: str | None = None
    tpm: str | None = None
    has_hostdevs: bool = True
    runs: bool = False
    snapshot: str | None = None
