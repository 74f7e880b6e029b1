# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

LIBVIRT = """\
<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>a&apos;b &amp; &lt;c&gt;</name>
  <devices>
    <disk type='file'>
      <source file='/a&quot;b'/>
    </disk>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-x'/>
  </qemu:commandline>
</domain>"""


def test_the_form_is_that_of_libvirt():
    assert serialise(parse(LIBVIRT)) == LIBVIRT


@pytest.mark.parametrize(
    "document",
    [
        "<a b='&#10;&#9;'/>",
        "<a><m:x xmlns:m='urn:m'>one <m:b>two</m:b> three</m:x></a>",
        "<a><x xmlns='urn:d'><y/></x></a>",
        "<a><x xml:lang='de'/></a>",
        "<a>ü€𝄞</a>",
    ],
)
def test_what_is_written_reads_back_the_same(document):
    element = parse(document)
    assert parse(serialise(element)) == element
    assert parse(serialise(element, indent=None)) == element
    assert "\n" not in serialise(element, indent=None)
