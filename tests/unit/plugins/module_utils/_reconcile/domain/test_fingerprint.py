# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes two domains alike, and what doesn't."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.fingerprint import (
    Fingerprint,
    fingerprint_of,
)

SAID = "({'disk': [{'path': 'PATH', 'size': 1}], 'memory': 512, 'network': 'mac=MAC'})"
DOCUMENT = """<domain type='kvm'>
  <name>NAME</name>
  <uuid>UUID</uuid>
  <memory unit='KiB'>524288</memory>
  <devices>
    <disk type='file'>
      <source file='PATH'/>
    </disk>
    <disk type='file'>
      <source file='/images/NAME-1.qcow2'/>
    </disk>
    <interface type='network'>
      <mac address='MAC'/>
    </interface>
    <interface type='network'>
      <mac address='52:54:00:99:99:99'/>
    </interface>
  </devices>
</domain>
"""
WEB = {
    "NAME": "web",
    "UUID": "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a01",
    "PATH": "/a/one",
    "MAC": "52:54:00:00:00:0a",
}
MAIL = {
    "NAME": "mail",
    "UUID": "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a02",
    "PATH": "/b/two",
    "MAC": "52:54:00:00:00:0b",
}


def kind(words: t.Mapping[str, str], said: str = SAID, document: str = DOCUMENT) -> Fingerprint:
    for word, value in words.items():
        said, document = said.replace(word, value), document.replace(word, value)
    return fingerprint_of(words["NAME"], words["UUID"], said, document)


def test_names_identifiers_and_paths_that_are_said_make_no_difference() -> None:
    web, mail = kind(WEB), kind(MAIL)
    assert web.key == mail.key
    assert web.path_in(mail, "/a/one") == "/b/two"
    assert web.path_in(mail, "/images/web-1.qcow2") == "/images/mail-1.qcow2"
    assert web.path_in(mail, "/images/base.qcow2") == "/images/base.qcow2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">524288<", ">524289<"),
        ("file='PATH'", "file='/a/one/more'"),
        ("file='PATH'", "file='/a/three'"),
        # The disk, or the address, of another domain.
        ("NAME-1", "web-1"),
        ("NAME-1", "mail"),
        ("address='MAC'", "address='52:54:00:99:99:99'"),
        ("52:54:00:99:99:99", "MAC"),
        ("<name>NAME<", "<name>other<"),
        ("<uuid>UUID<", f"<uuid>{WEB['UUID']}<"),
        ("</devices>", "<sound model='ich9'/></devices>"),
    ],
)
def test_everything_else_does(old: str, new: str) -> None:
    assert kind(MAIL, document=DOCUMENT.replace(old, new)).key != kind(WEB).key


@pytest.mark.parametrize(
    ("old", "new"), [("512", "513"), ("'PATH'", "'/images/NAME-1.qcow2'"), ("MAC", "RANDOM")]
)
def test_what_is_said_does_too(old: str, new: str) -> None:
    assert kind(MAIL, said=SAID.replace(old, new)).key != kind(WEB).key


def replaced(text: str, words: t.Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text


@pytest.mark.parametrize(
    ("said", "document"),
    [
        # Each is another spelling of a path of WEB, or a path that isn't a disk's.
        ("{'path': 'web.qcow2'}", "<source file='/images/NAME.qcow2'/>"),
        ("{'path': '/images//web.qcow2'}", "<source file='/images/NAME.qcow2'/>"),
        ("{'path': 'path=/images/web.qcow2'}", "<source file='/images/NAME.qcow2'/>"),
        ("'<source file=\"/images/&#119;eb.qcow2\"/>'", "<source file='/images/NAME.qcow2'/>"),
        ("{'loader': 'PATH'}", "<loader>PATH</loader>"),
        ("{}", "<rng><backend>/NAME/urandom</backend></rng>"),
    ],
)
def test_what_only_fits_the_one_domain_is_no_kind(said: str, document: str) -> None:
    keys = set()
    for words in (WEB, MAIL):
        said_of_it, its = replaced(said, words), replaced(document, words)
        its = f"<domain><name>{words['NAME']}</name>{its}</domain>"
        keys.add(fingerprint_of(words["NAME"], words["UUID"], said_of_it, its).key)
    assert len(keys) == 2


@pytest.mark.parametrize(
    "said",
    [
        "{'mac': 'MAC', 'description': 'for ADDRESS'}",
        "{'qemu_commandline': '-device e1000,mac=ADDRESS'}",
    ],
)
def test_an_address_elsewhere_is_compared_too(said: str) -> None:
    document = "<domain><text>ADDRESS</text><interface><mac address='MAC'/></interface></domain>"

    def key(mac: str, one: str, other: str) -> bytes:
        ours = said.replace("ADDRESS", one).replace("MAC", mac)
        theirs = document.replace("ADDRESS", other).replace("MAC", mac)
        return fingerprint_of("web", None, ours, theirs).key

    a, b, c = (f"52:54:00:00:00:0{letter}" for letter in "abc")
    same = key(a, a, a)
    assert key(b, b, b) == same
    assert key(b, b, a) != same
    assert key(b, b, c) != same
    # A text is another one when its letters are.
    assert key(b, b.upper(), b) != same


def test_the_address_of_a_group_is_no_interface() -> None:
    said = "<mac address='5{}:54:00:00:00:01'/>"
    assert (
        fingerprint_of("web", None, said.format(2)).key
        != fingerprint_of("web", None, said.format(3)).key
    )


@pytest.mark.parametrize("name", ["a&b", "a'b", "a\\b", "a,b", "a b", "a%62"])
def test_a_name_that_can_be_spelled_otherwise_is_no_kind(name: str) -> None:
    def key(one: str) -> bytes:
        document = f"<domain><name>{one}</name><source file='/images/{one}'/></domain>"
        return fingerprint_of(one, None, "{}", document).key

    assert key(name) != key("web")
    assert key("mail") == key("web")


def test_a_number_that_is_a_name_is_no_other_number() -> None:
    one = kind({**WEB, "NAME": "524288"})
    two = kind({**MAIL, "NAME": "524289"}, document=DOCUMENT.replace(">524288<", ">524289<"))
    assert one.key != two.key
