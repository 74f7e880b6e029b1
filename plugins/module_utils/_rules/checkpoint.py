# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names that checkpoints may have."""

from __future__ import annotations

import re

from .name_lengths import LONGEST_NAME

#: checkpointName of domaincheckpoint.rng, by which libvirt validates each document.
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", re.ASCII)
_OTHERS = re.compile(r"^[^A-Za-z0-9_-]|[^A-Za-z0-9_.-]", re.ASCII)


def unfit(name: str) -> str | None:
    """Why libvirt takes no checkpoint with this name, as a message; ``None`` if it does."""
    if not name:
        return "name: it is empty; give the name of the checkpoint"
    if _NAME.fullmatch(name) is None:
        return (
            "name: libvirt takes letters from a to z, digits, and _, - and dots in the name of a checkpoint, and no dot at its "
            "beginning; correct it"
        )
    # qemuCheckpointWriteMetadata. Each character is one byte here.
    if len(name) > LONGEST_NAME:
        return f"name: it has {len(name)} bytes, and libvirt keeps names of {LONGEST_NAME}; give a shorter one"
    return None


def spelled(name: str) -> str:
    """The name with ``_`` instead of each character that the name of a checkpoint can't have."""
    return _OTHERS.sub("_", name)
