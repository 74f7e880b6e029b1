# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only libvirt's answer at run time tells, so that check mode can't."""

from __future__ import annotations

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Reason:
    """``message`` is a pattern of what the run says; ``reason`` why check mode doesn't."""

    message: str
    reason: str


#: Of a run that fails where check mode doesn't. The first that fits holds.
REFUSALS: tuple[Reason, ...] = (
    Reason(
        r"libvirt failed to define the domain: (unsupported configuration|XML error|"
        r"operation failed|internal error|Requested operation is not valid|invalid argument)",
        "libvirt looks at what a document says only when it is to define it",
    ),
    Reason(
        r"libvirt failed to start the domain",
        "whether a guest can be started is known when it is",
    ),
)


def reason_for(message: str) -> str | None:
    """Why the run could fail with this message where check mode did not."""
    return next((row.reason for row in REFUSALS if re.search(row.message, message)), None)
