# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Having a pool look for its volumes."""

from __future__ import annotations

import time
import typing as t

from .errors import reason
from .events import idle
from .libvirt_import import libvirt

#: How long others may create a volume in a pool, and how often it is looked whether they
#: do, in seconds.
_LONGEST, _POLL = 60.0, 0.05


def refresh(pool: t.Any) -> None:
    """Let a pool look for what was made by other means than libvirt.

    While a volume is created in it libvirt refuses that, and is asked again.

    :raises libvirtError: it can't look.
    """
    end = time.monotonic() + _LONGEST
    while True:
        try:
            pool.refresh(0)
        except libvirt.libvirtError as error:
            # libvirt has no code of its own for that.
            if time.monotonic() >= end or "asynchronous jobs" not in reason(error):
                raise
            idle(_POLL)
        else:
            return
