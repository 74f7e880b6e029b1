# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The note about a migration in a domain's metadata."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.note import (
    URI,
    Note,
    note_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)


@pytest.mark.parametrize(
    "note", [Note("1"), Note("1", True), Note("1", False, ("/a b.qcow2", "/<&.raw"))]
)
def test_it_is_read_as_it_was_written(note):
    # libvirt adds the namespace.
    text = serialise(note.element()).replace("<migration", f"<migration xmlns='{URI}'", 1)
    assert note_of(parse(f"<domain><metadata>{text}</metadata></domain>")) == note


@pytest.mark.parametrize("text", ["", "<metadata/>", "<metadata><x xmlns='urn:x'/></metadata>"])
def test_there_is_none(text):
    assert note_of(parse(f"<domain>{text}</domain>")) is None
