# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.shared_parts import (
    SharedParts,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.redact import redacted
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import (
    Element,
    with_child,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import written

DOCUMENTS = {
    "plain": """<domain type='kvm'><name>a</name><features><acpi/></features><devices>
        <disk type='file'><source file='/a'/></disk><rng model='virtio'><backend>/r</backend></rng>
        </devices></domain>""",
    "with secrets": """<domain type='kvm'><name>a</name><devices>
        <graphics type='vnc' passwd='secret'/><rng model='virtio'/></devices></domain>""",
    "of one shape at two depths": """<domain type='kvm'><name>a</name><acpi/>
        <features><acpi/></features></domain>""",
    "with namespaces": """<domain type='kvm' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>
        <name>a</name><metadata><x:y xmlns:x='urn:x'>a<x:b/>c</x:y></metadata>
        <q:commandline><q:arg value='-a'/></q:commandline></domain>""",
    "with markup of an application": """<domain type='kvm'><name>a</name>
        <metadata><x:y xmlns:x='urn:x'>a<x:b password='secret'/>c</x:y></metadata></domain>""",
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_what_is_known_of_shared_parts_is_what_would_be_found(what: str) -> None:
    model = parse(DOCUMENTS[what])
    other = with_child(model, Element("name", text="<b>"))
    parts = SharedParts()
    parts.add(model)
    for document in (model, other, parse(DOCUMENTS[what].replace(">a<", ">c<"))):
        assert parts.written(document) == written(document)
        assert parts.redacted(document) == redacted(document, DOMAIN.top)
    is_secret = "secret" in DOCUMENTS[what]
    assert is_secret != (parts.redacted(other) is other)


def test_an_element_means_what_its_place_means() -> None:
    """The same element is a secret at one place, and isn't at another."""
    shared = Element("value", text="abc")
    model = Element("domain", children=[Element("os", children=[shared])])
    parts = SharedParts()
    parts.add(model)
    for section in ("os", "metadata", "devices", "launchSecurity"):
        document = Element("domain", children=[Element(section, children=[shared])])
        assert parts.redacted(document) == redacted(document, DOMAIN.top)
        deeper = Element("domain", children=[Element("x", children=[document])])
        assert parts.redacted(deeper) == redacted(deeper, DOMAIN.top)
        assert parts.written(deeper) == written(deeper)


def test_shared_parts_are_neither_written_nor_searched_again() -> None:
    device = Element("rng", {"model": "virtio"})
    model = Element("domain", children=[Element("devices", children=[device])])
    parts = SharedParts()
    parts.add(model)
    expected = written(model)
    # Nobody changes a shared element; here it shows who looks at it once more.
    device.attributes["passwd"] = "secret"
    assert parts.written(model) == expected
    assert parts.redacted(model) is model
