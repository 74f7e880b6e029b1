# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets among options: which they are, and that messages don't quote them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _secrecy
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.uri import shown_uri
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import on_one_line
from ansible_collections.declarative.libvirt.plugins.module_utils._module.option_secrets import (
    OptionReader,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.secrets import (
    keep_of_text,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.diff import (
    readable_diff,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.redact import redacted
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import (
    DOMAIN,
    KIND,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

HIDDEN = _secrecy.HIDDEN


@pytest.fixture(autouse=True)
def _afresh() -> t.Iterator[None]:
    _secrecy.forget()
    yield
    # Or the messages of tests after these would hide their words.
    _secrecy.forget()


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"graphics": "vnc,password=geheim"}, {"graphics": HIDDEN}),
        ({"graphics": "vnc,port=5900"}, {"graphics": "vnc,port=5900"}),
        ({"graphics": "vnc,password=ge,heim"}, {"graphics": HIDDEN}),
        (
            {"graphics": {"type": "vnc", "password": "vnc"}},
            {"graphics": {"type": "vnc", "password": HIDDEN}},
        ),
        ({"graphics": {"passwd": ["geheim"]}}, {"graphics": {"passwd": HIDDEN}}),
        ({"network": {"pasword": "x", "port": 1}}, {"network": {"pasword": HIDDEN, "port": 1}}),
        ({"disk": ["path=/a", {"passwort": "g"}]}, {"disk": ["path=/a", {"passwort": HIDDEN}]}),
        ({"xpath": "./devices/graphics/@passwd=geheim"}, {"xpath": HIDDEN}),
        ({"xpath": "./cpu/@mode=maximum"}, {"xpath": "./cpu/@mode=maximum"}),
        (
            {"xpath": {"xpath.set": "./launchSecurity/session", "xpath.value": "geheim"}},
            {"xpath": {"xpath.set": "./launchSecurity/session", "xpath.value": HIDDEN}},
        ),
        (
            {"disk": {"xpath0": {"set": "./source/cookies/cookie=geheim"}}},
            {"disk": {"xpath0": {"set": f"./source/cookies/cookie={HIDDEN}"}}},
        ),
        (
            {"xpath": {"set": "./devices/graphics/@passwd=geheim"}},
            {"xpath": {"set": f"./devices/graphics/@passwd={HIDDEN}"}},
        ),
        (
            {"disk": {"source": {"cookies": {"cookie": "geheim"}}}},
            {"disk": {"source": {"cookies": HIDDEN}}},
        ),
        ({"sysinfo": "fwcfg,entry0.name=a,entry0.value=geheim"}, {"sysinfo": HIDDEN}),
        ({"qemu_commandline": "env=A=geheim"}, {"qemu_commandline": HIDDEN}),
        ({"qemu_commandline": "-display none"}, {"qemu_commandline": "-display none"}),
        ({"cloud_init": {"root_password": "geheim"}}, {"cloud_init": HIDDEN}),
        ({"virt_install": "--name a --cloud-init root-password=geheim"}, {"virt_install": HIDDEN}),
        ({"virt_install": "--name a --graphics vnc"}, {"virt_install": "--name a --graphics vnc"}),
        ({"extra_args": "quiet password=geheim"}, {"extra_args": f"quiet password={HIDDEN}"}),
        (
            {"auth": {"username": "a", "password": "b"}},
            {"auth": {"username": "a", "password": HIDDEN}},
        ),
        ({"auth": "a:b"}, {"auth": HIDDEN}),
    ],
    ids=str,
)
def test_options_are_shown_without_their_secrets(options: t.Any, shown: t.Any) -> None:
    assert OptionReader().params(options) == shown


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("qemu:///system", "qemu:///system"),
        ("esx://root:a/b@host/?no_verify=1", "esx://root:VALUE_HIDDEN@host/?no_verify=1"),
        ("qemu+ssh://u@host/system?keyfile=/k", "qemu+ssh://u@host/system?keyfile=/k"),
        ("qemu+tcp://host/system?password=a", "qemu+tcp://host/system?password=VALUE_HIDDEN"),
    ],
)
def test_a_uri_is_shown_without_its_secrets(uri: str, shown: str) -> None:
    assert shown_uri(uri) == shown


def test_values_are_hidden_and_no_words_of_ours() -> None:
    OptionReader().params({"graphics": {"password": "x"}})
    message = "<sound model='x'> isn't allowed; expected one of"
    assert on_one_line(message) == f"<sound model='{HIDDEN}'> isn't allowed; expected one of"


@pytest.mark.parametrize("word", ["one", "expected", "is", "of", "o", "allowed"])
def test_a_password_that_is_a_word_of_a_message_is_not_told_by_it(word: str) -> None:
    OptionReader().params({"graphics": f"vnc,password={word}"})
    message = "<sound> isn't allowed; expected one of"
    assert on_one_line(message) == message


@pytest.mark.parametrize("secret", ["Geheim-7", "a b c 1", "hunter2", "ein-langes-wort"])
def test_a_secret_is_hidden_wherever_a_message_has_it(secret: str) -> None:
    OptionReader().params({"graphics": {"password": secret}})
    assert on_one_line(f"before{secret}after") == f"before{HIDDEN}after"


def test_the_name_of_a_domain_is_none() -> None:
    OptionReader().params(
        {"name": "web-1", "cloud_init": {"user_data": {"hostname": "web-1", "a": "pw-2"}}}
    )
    assert _secrecy.shown("web-1: pw-2") == "web-1: VALUE_HIDDEN"
    assert _secrecy.hidden_in("domain 'web-1': 'pw-2'") == "domain 'web-1': 'VALUE_HIDDEN'"


@pytest.mark.parametrize(
    "unattended",
    [
        {"profile": "server", "admin_password": "geheim"},
        "profile=server,admin-password=geheim",
    ],
    ids=str,
)
def test_the_profile_of_an_installation_is_no_secret(unattended: object) -> None:
    OptionReader().params({"unattended": unattended})
    assert _secrecy.shown("no profile server: geheim") == f"no profile server: {HIDDEN}"


def test_the_rest_of_a_value_that_has_a_comma_is_hidden() -> None:
    OptionReader().params({"graphics": "vnc,password=ab,cd"})
    assert _secrecy.shown("cd") == HIDDEN
    assert _secrecy.shown("port") == "port"


@pytest.mark.parametrize(
    "text",
    [
        "<domain><devices><graphics passwd='a&geheim;'/></devices></domain>",
        "<domain><devices><graphics passwd='geheim' passwd='geheim'/></devices></domain>",
        "<domain><metadata><a:token>geheim</a:token></metadata>",
        "<domain><devices><disk><source><cookies><cookie>x<geheim</cookie>",
    ],
)
def test_what_is_not_well_formed_is_not_quoted(text: str) -> None:
    keep_of_text(text)
    assert _secrecy.shown("geheim") == HIDDEN


DOCUMENT = """<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>a</name>
<metadata><m:app xmlns:m='urn:m' apitoken='GEHEIM'><m:password>GEHEIM</m:password></m:app></metadata>
<os><cmdline>quiet password=GEHEIM systemd.set_credential=a:GEHEIM u=http://a:GEHEIM@b/</cmdline></os>
<sysinfo type='smbios'><oemStrings><entry>io.systemd.credential:a=GEHEIM</entry></oemStrings></sysinfo>
<sysinfo type='fwcfg'><entry name='opt/a'>GEHEIM</entry></sysinfo>
<launchSecurity type='sev'><session>GEHEIM</session><dhCert>GEHEIM</dhCert></launchSecurity>
<devices><graphics type='vnc' passwd='GEHEIM'/><disk><source query='GEHEIM'><cookies>
<cookie name='c'>GEHEIM</cookie></cookies></source></disk></devices>
<qemu:commandline><qemu:arg value='-fw_cfg'/><qemu:arg value='name=opt/a,string=GEHEIM,GEHEIM'/>
<qemu:env name='E' value='GEHEIM'/></qemu:commandline></domain>"""


def test_a_document_is_shown_without_its_secrets() -> None:
    assert "GEHEIM" not in serialise(redacted(parse(DOCUMENT), DOMAIN.top))


def test_a_diff_says_that_a_secret_is_another_one() -> None:
    other = parse(DOCUMENT.replace("GEHEIM", "ANDERS"))
    before, after = parse(DOCUMENT), other
    diff = readable_diff(before, after, KIND)
    assert diff["before"] != diff["after"]
    assert "GEHEIM" not in str(diff)
    assert "ANDERS" not in str(diff)
    text = "<domain><name>a</name><devices><disk><source><cookies><cookie name='c'>{}</cookie></cookies></source><target dev='vda'/></disk></devices></domain>"
    diff = readable_diff(parse(text.format("a1")), parse(text.format("b2")), KIND)
    assert f"{HIDDEN} (changed)" in diff["after"]
    assert "(changed)" not in diff["before"]
