# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a domain has a channel for its guest's agent."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.agent import (
    has_agent,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

AGENT = "<channel><target name='org.qemu.guest_agent.0'/></channel>"
SPICE = "<channel><target name='com.redhat.spice.0'/></channel>"


@pytest.mark.parametrize(
    ("channels", "expected"),
    [("", False), (SPICE, False), ("<channel/>", False), (AGENT, True), (SPICE + AGENT, True)],
)
def test_has_agent(channels: str, expected: bool) -> None:
    document = parse(f"<domain><devices>{channels}</devices></domain>")
    assert has_agent(document) == expected
