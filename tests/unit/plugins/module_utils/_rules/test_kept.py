# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind has its own remedy."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.kept import removal_of


def test_the_remedy_is_that_of_what_is_there() -> None:
    snapshots = removal_of(["snapshot a", "snapshot b"])
    assert snapshots == "remove snapshots with state: absent of domain_snapshot"
    assert "state: absent of domain_checkpoint while" in removal_of(["checkpoint a"])
    assert "domain_snapshot" not in removal_of(["checkpoint a"])
    both = removal_of(["snapshot a", "checkpoint b"])
    assert both.startswith(f"{snapshots}, and checkpoints with state: absent of domain_checkpoint")
