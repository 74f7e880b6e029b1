# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers for an installer. The oracle compares those of the whole database."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import Database
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    _is_unattended,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.distributions import (
    Medium,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.guest import Guest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.host import (
    Person,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.install import Install
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.unattended import (
    prepared,
    unattended,
    with_drivers,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.lxml_import import etree

from . import hosts

_SCRIPT = """
<libosinfo version="0.0.1">
  <install-script id="http://a.org/script/{profile}">
    <profile>{profile}</profile>
    <expected-filename>answers.{profile}</expected-filename>
    <config>
      <param name="l10n-keyboard" policy="optional" value-map="http://x.org/keyboard"/>
      <param name="admin-password" policy="required"/>
      <param name="reg-product-key" policy="required"/>
    </config>
    <injection-method>initrd</injection-method>
    {more}
    <template>
      <xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
        <xsl:output method="text"/>
        {line}
        <xsl:template match="/install-script-config">
          <xsl:value-of select="concat(os/short-id, ' ', os/version, ' ', config/hostname, ' ',
            config/admin-password, ' ', config/l10n-keyboard, ' ', config/target-disk, ' ',
            script/installation-source, ' ', media/variant)"/>
        </xsl:template>
      </xsl:stylesheet>
    </template>
  </install-script>
</libosinfo>
"""
_LINE = '<xsl:template match="/command-line">ks=<xsl:value-of select="config/admin-password"/></xsl:template>'
_MAP = (
    '<libosinfo version="0.0.1"><datamap id="http://x.org/keyboard">'
    '<entry inval="de_DE" outval="de"/></datamap></libosinfo>'
)
_CDROM = "<injection-method>cdrom</injection-method>"
_KERNEL = Install(kernel="/k", initrd="/i", arguments="quiet")
_GIVEN = {"admin_password": "geheim", "profile": "jeos"}


@pytest.fixture(name="database")
def fixture_database(tmp_path: pathlib.Path) -> Database:
    scripts = tmp_path / "install-script" / "a.org"
    scripts.mkdir(parents=True)
    for profile, line, more in (("jeos", _LINE, ""), ("desktop", "", _CDROM)):
        text = _SCRIPT.format(profile=profile, line=line, more=more)
        (scripts / f"script-{profile}.xml").write_text(text, encoding="ascii")
    maps = tmp_path / "datamap" / "x.org"
    maps.mkdir(parents=True)
    (maps / "keyboard.xml").write_text(_MAP, encoding="ascii")
    return Database([str(tmp_path)])


def guest(
    database: Database, more: str = "", person: Person | None = None, **facts: t.Any
) -> Guest:
    scripts = "".join(
        f'<installer><script id="http://a.org/script/{profile}"/></installer>'
        for profile in ("jeos", "desktop")
    )
    made = hosts.guest(
        "<domain><name>a.b c</name><os><type arch='x86_64'>hvm</type></os></domain>",
        runs=hosts.system(more=f"<version>7</version>{scripts}{more}"),
    )
    made.host = made.host._replace(
        osinfo=database,
        person=lambda: person or Person(None, None, "de_DE", "Europe/Rome"),
        **facts,
    )
    return made


@pytest.mark.parametrize(
    ("value", "asked"),
    [(None, False), ("none", False), (False, False), (True, True), ("", True), ({}, True)],
)
def test_what_asks_for_it(value: object, asked: bool) -> None:
    assert _is_unattended({"unattended": value}) == asked


def test_a_script_in_the_initrd(database: Database) -> None:
    install, volumes, scripts = prepared(guest(database), _KERNEL, _GIVEN, True)
    (script,) = scripts
    assert script.text.strip() == "some1 7 a-b-c geheim de /dev/sda network"
    assert "VALUE_HIDDEN" in script.hidden
    assert "geheim" not in script.hidden
    assert install.scripts == (("answers.jeos", script.text.encode()),)
    # Documents are shown.
    assert install.arguments == "quiet ks=VALUE_HIDDEN"
    assert (volumes, install.disc) == ((), None)


def test_arguments_that_nothing_is_added_to(database: Database) -> None:
    install, _volumes, _scripts = prepared(
        guest(database), _KERNEL._replace(overwrites=True), _GIVEN, True
    )
    assert install.arguments == "quiet"


def test_a_script_on_a_cdrom(database: Database) -> None:
    value = {"admin_password": "geheim"}
    made = guest(database)
    install, (volume,), _scripts = prepared(made, Install(cdrom="/x.iso"), value, True)
    assert install.disc == volume.path == "/images/a.b c-unattended.iso"
    assert volume.is_temporary
    pytest.importorskip("pycdlib")
    assert volume.fetch is not None
    content = volume.fetch()
    assert volume.mark in content
    assert b"geheim" in content
    assert any("profile desktop" in note for note in made.notes)
    # Without a template for arguments there are none, and no password among them.
    assert unattended(made, Install(cdrom="/x.iso"), value).arguments == ""


def test_a_domain_that_exists_needs_no_files(database: Database) -> None:
    value = {"admin_password_file": "/not/there"}
    install, volumes, scripts = prepared(guest(database), Install(cdrom="/x.iso"), value, False)
    assert install.disc is not None
    assert (volumes, scripts) == ((), ())


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"profile": "jeos"}, "needs admin_password"),
        ({**_GIVEN, "profile": "cloud"}, "has no profile cloud; it has desktop, jeos"),
        ({**_GIVEN, "profle": "cloud"}, "did you mean profile"),
        ("profile=jeos,admin-pasword-file=/x", "did you mean admin_password_file"),
        ({**_GIVEN, "user_login": "Root"}, "root can't be the user"),
        ({**_GIVEN, "admin_password_file": "/x"}, "contradict each other"),
        ("profile=jeos,admin-password-file=/not/there", "can't read /not/there: No such file"),
        ([], "takes a string or a dictionary"),
    ],
)
def test_what_is_refused(database: Database, value: object, reason: str) -> None:
    with pytest.raises(OptionError) as error:
        unattended(guest(database), _KERNEL, value)
    assert str(error.value).startswith("unattended: ") or str(error.value).startswith("unattended ")
    assert reason in str(error.value)


def test_a_method_that_the_script_lacks(database: Database) -> None:
    with pytest.raises(OptionError, match=r"doesn't look for answers.jeos on a CD-ROM; give loc"):
        unattended(guest(database), Install(cdrom="/x.iso"), _GIVEN)


@pytest.mark.parametrize("attribute", ["", "installer-script='false'"])
def test_a_recognised_image(database: Database, attribute: str) -> None:
    text = f"<media arch='x86_64' {attribute}><variant id='netinst'/></media>"
    medium = Medium("some1", None, None, etree.fromstring(text))
    made = guest(database, detect_image=lambda _path: medium)
    made.host.osinfo._found["some1"] = made.os
    install = Install(kernel="/k", initrd="/i", cdrom="/x.iso")
    if attribute:
        with pytest.raises(OptionError, match="can't be installed without questions"):
            unattended(made, install, _GIVEN)
        return
    (script,) = unattended(made, install, _GIVEN).scripts
    assert script.text.strip().endswith("media netinst")


def test_the_drivers_of_windows(database: Database) -> None:
    more = (
        "<family>winnt</family><driver arch='x86_64' location='http://x/d' pre-installable='true'>"
        "<file>a.inf</file><device id='http://pcisig.com/pci/1af4/1001'/>"
        "<device id='http://pcisig.com/pci/1b36/0100'/></driver>"
    )
    made = guest(database, more)
    plan = unattended(made, Install(cdrom="/x.iso"), {"admin_password": "x", "product_key": "k"})
    assert plan.drivers == ("http://x/d/a.inf",)
    assert not made.links("http://pcisig.com/pci/1af4/1001")
    made.os = with_drivers(made)
    assert made.links("http://pcisig.com/pci/1af4/1001")
    # Those of the graphics card decide nothing.
    assert not made.links("http://pcisig.com/pci/1b36/0100")
