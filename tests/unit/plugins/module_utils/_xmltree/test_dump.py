# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt has written is read part by part, with the same result."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.dump import parse_dump
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import (
    DocumentError,
    parse,
)

PLAIN = """<domain type='kvm' id='3'>
  <name>web</name>
  <memory unit='KiB'>65536</memory>
  <metadata>
    <app:app xmlns:app="http://example.org/app">
      <app:note>a &lt;b&gt;</app:note>
    </app:app>
  </metadata>
  <devices>
    <emulator>/usr/bin/qemu</emulator>
    <disk type='file'>
      <source file='/a'/>
      <target dev='vda'/>
    </disk>
    <controller type='usb' index='0'/>
    <input type='mouse'/>
    <input type='mouse'/>
  </devices>
</domain>
"""


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("  <devices>", "  <devices>\n    text"),
        # Laid out in other ways.
        PLAIN.replace("\n", ""),
        PLAIN.replace("  <memory", "<memory"),
        PLAIN.replace("    <disk", "  <disk"),
        PLAIN.replace("      <app:note>", "  <app:note>"),
        PLAIN.replace("<metadata>\n    <app", "<metadata>\n  <app"),
        PLAIN.replace("<name>", "<!-- a\n  <name>x</name>\n-->\n  <name>"),
        PLAIN.replace("    <input type='mouse'/>\n", "    <!--\n    <input/>\n    -->\n", 1),
        "<!-- by hand -->\n" + PLAIN,
        PLAIN.replace("<domain ", "<domain xmlns:q='http://example.org/q' ").replace(
            "</domain>", "  <q:line>\n    <q:arg value='-s'/>\n  </q:line>\n</domain>"
        ),
        "<domain/>",
        "<domain>\n  <name>web</name>\n</domain>",
        "<domain>\n  <devices/>\n</domain>",
        "<domain>\n  <devices>\n  </devices>\n</domain>",
    ],
)
def test_it_is_the_same(text: str) -> None:
    # Parts that were read before are the same too.
    for _time in range(2):
        assert parse_dump(text) == parse(text)


def test_siblings_are_different_elements() -> None:
    root = parse_dump(PLAIN)
    for parent in root.walk():
        assert len({id(child) for child in parent.children}) == len(parent.children)


def test_what_is_no_document_is_refused() -> None:
    for text in ("<domain>\n  <name>\n</domain>", "<domain type='x'>\n  <a/>\n", "nothing"):
        with pytest.raises(DocumentError):
            parse_dump(text)
