# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the snapshots and checkpoints that are in the way of something are removed."""

from __future__ import annotations

import typing as t

#: What removes a kind. A checkpoint is one of QEMU's bitmaps, which libvirt changes through QEMU alone (qemuCheckpointDelete).
_REMOVALS = {
    "snapshot": "snapshots with state: absent of domain_snapshot",
    "checkpoint": "checkpoints with state: absent of domain_checkpoint while the guest runs, after which the next backup is full",
}


def removal_of(kept: t.Iterable[str]) -> str:
    """The advice for what a domain has, such as ``snapshot s1`` and ``checkpoint c1``."""
    kinds = {each.partition(" ")[0] for each in kept}
    return "remove " + ", and ".join(text for kind, text in _REMOVALS.items() if kind in kinds)
