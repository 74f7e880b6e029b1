# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refreshing a pool."""

from __future__ import annotations

import time
import typing as t

from .errors import reason
from .events import idle
from .libvirt_import import libvirt

#: The time that another client may take to create a volume, and the time between two tries, in
#: seconds.
_LONGEST, _POLL = 60.0, 0.05


def refresh(pool: t.Any) -> None:
    """Let libvirt find the volumes of a pool that were made by other means.

    While a volume is created in the pool libvirt refuses that, so it is tried again.

    :raises libvirtError: the pool can't be refreshed.
    """
    end = time.monotonic() + _LONGEST
    while True:
        try:
            pool.refresh(0)
        except libvirt.libvirtError as error:
            # libvirt has no code for this error.
            if time.monotonic() >= end or "asynchronous jobs" not in reason(error):
                raise
            idle(_POLL)
        else:
            return
