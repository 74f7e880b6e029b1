# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import (
    LARGEST_DOCUMENT,
    DocumentError,
    parse,
)


def test_comments_white_space_and_instructions_are_left_out():
    element = parse(
        "<domain type='kvm'><!-- hello -->\n  <?php x ?><name> guest </name>\n</domain>"
    )
    assert element.attributes == {"type": "kvm"}
    assert [child.tag for child in element.children] == ["name"]
    assert element.value("name") == " guest "
    assert element.text is None


def test_bytes_are_read_in_the_encoding_that_they_declare():
    document = "<?xml version='1.0' encoding='ISO-8859-1'?><a>ü</a>"
    assert parse(document.encode("latin-1")).text == "ü"
    assert parse(document).text == "ü"


def test_namespaces_are_kept_with_their_prefixes():
    element = parse("<a><m xmlns:x='urn:x'><x:b x:c='1'/></m></a>")
    inner = element.children[0].children[0]
    assert inner.tag == "{urn:x}b"
    assert inner.attributes == {"{urn:x}c": "1"}
    assert inner.namespaces == {"x": "urn:x"}


def test_equal_siblings_are_not_one_element():
    element = parse("<a><b c='1'/><b c='1'/></a>")
    assert element.children[0] == element.children[1]
    assert element.children[0] is not element.children[1]


BOMB = (
    "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi"))
    + "]><domain>&i;</domain>"
)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("<domain>", "not well-formed"),
        ("<domain></domian>", "not well-formed"),
        ("hello", "not well-formed"),
        ("<network/>", "root element is <network>; it has to be <domain>"),
        ("<!DOCTYPE domain><domain/>", "document type declaration"),
        ("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><domain>&x;</domain>", "document"),
        # libxml2 says loop, and since 2.11 amplification.
        (BOMB, "entity "),
        ("<domain>" + " " * LARGEST_DOCUMENT + "</domain>", "libvirt takes at most 4194304"),
        ("<a>" * 300 + "</a>" * 300, "not well-formed"),
    ],
    ids=[
        "nothing",
        "blank",
        "unclosed",
        "mismatch",
        "text",
        "root",
        "dtd",
        "external",
        "bomb",
        "large",
        "deep",
    ],
)
def test_what_can_not_be_used_is_refused_in_one_line(document, message):
    with pytest.raises(DocumentError) as raised:
        parse(document, "domain")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_external_entity_is_never_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    with pytest.raises(DocumentError) as raised:
        parse(f"<!DOCTYPE d [<!ENTITY x SYSTEM '{secret}'>]><domain>&x;</domain>", "domain")
    assert "geheim" not in str(raised.value)
