# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every row of the option table, against virt-install's own parser of it."""

from __future__ import annotations

import collections
import contextlib
import functools
import io
import sys
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.guest import Guest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.host import Host
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Kind,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.xpath import (
    apply_xpath_actions,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.versions import (
    NEWEST,
    VERSIONS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import (
    DocumentError,
    parse,
)

from .canonical import canonical
from .option_values import BETTER, MENDED, MISSING, OLDER, REFUSED, STRICTER, reason, setting
from .virt_install import installed_version

URI = "test:///default"
#: A group of its own, which starts from the whole document.
_WHOLE = "xml"


class Refused(Exception):
    """One of the two would not take it."""


class Parsers:
    """virt-install's parsers of its options."""

    def __init__(self) -> None:
        if "/usr/share/virt-manager" not in sys.path:
            sys.path.insert(0, "/usr/share/virt-manager")
        virtinst = pytest.importorskip("virtinst")
        from virtinst import cli, virtinstall

        self._cli, self._guest = cli, virtinst.Guest
        self._connection = virtinst.VirtinstConnection(URI)
        self._connection.open(None, None)
        before, sys.argv = sys.argv, ["virt-install"]
        try:
            # Only this makes it known which parsers there are.
            virtinstall.parse_args()
        finally:
            sys.argv = before
        self.by_name = {parser.cli_arg_name.lower(): parser for parser in cli.VIRT_PARSERS}

    def parser(self, group: Group) -> t.Any:
        return self.by_name[group.name.lower()]

    def has(self, group: Group) -> bool:
        """Whether the installed virt-install has the group; the newest has all."""
        is_known = group.name.lower() in self.by_name
        assert is_known or installed_version() != NEWEST, group.name
        return is_known

    def names(self, group: Group) -> set[str]:
        """Every spelling of every sub-option."""
        return {
            name.replace("[0-9]*", "[]")
            for known in self.parser(group)._virtargs
            for name in (known.cliname, *known._aliases)
        }

    def document(self, group: Group, text: str) -> Element:
        self._cli._reset_global_state()
        guest = self._guest(self._connection)
        with contextlib.redirect_stderr(io.StringIO()):
            try:
                self.parser(group)(text, guest=guest).parse(None)
            except SystemExit:
                raise Refused from None
        try:
            return parse(guest.get_xml())
        except DocumentError:
            raise Refused from None


@pytest.fixture(scope="module", name="parsers")
def fixture_parsers() -> Parsers:
    return Parsers()


@pytest.fixture(scope="module", name="host")
def fixture_host() -> t.Iterator[Host]:
    with connected(URI) as connection:
        yield host_facts(Domains(connection))


def ours(host: Host, group: Group, text: str) -> Element:
    guest = Guest(host, version=installed_version())
    try:
        apply(guest, group.name, text)
    except OptionError:
        raise Refused from None
    apply_xpath_actions(guest)
    return guest.root


def tried(question: t.Callable[[], Element]) -> t.Any:
    try:
        return canonical(question())
    except Refused:
        return None


@pytest.mark.parametrize("name", [name for name in GROUPS if name != _WHOLE])
def test_every_row(
    parsers: Parsers, host: Host, counts: collections.Counter[str], name: str
) -> None:
    group = GROUPS[name]
    if not parsers.has(group):
        counts["options that the installed virt-install doesn't have"] += 1
        return
    wrong = []
    known, version = parsers.names(group), installed_version()
    for option, name_given, text in (
        (one, name_given, setting(group, one, name_given))
        for one in group.options
        for name_given in one.names
    ):
        theirs = tried(functools.partial(parsers.document, group, text))
        if reason(BETTER, group, option) is not None:
            assert theirs is None, text
            counts[f"difference that is meant: {reason(BETTER, group, option)}"] += 1
            continue
        if theirs is None and name_given not in known:
            # Of a newer version, or of an older one that people still write.
            if version == NEWEST and f"{group.name} {name_given}" not in OLDER:
                wrong.append(f"{text}\n  virt-install has no such sub-option")
            counts["spellings of rows that the installed virt-install doesn't have"] += 1
            continue
        mine = tried(functools.partial(ours, host, group, text))
        mended = reason(MENDED, group, option)
        if mended is not None and version == VERSIONS[0]:
            assert None not in (theirs, mine), text
            assert theirs != mine, text
            counts[f"difference that is meant: {mended}"] += 1
            continue
        stricter = reason(STRICTER, group, option)
        if stricter is not None:
            assert theirs is not None, text
            assert mine is None, text
            counts[f"difference that is meant: {stricter}"] += 1
            continue
        is_refused = reason(REFUSED, group, option) is not None
        if theirs != mine or is_refused != (mine is None):
            wrong.append(f"{text}\n  virt-install: {theirs}\n  here: {mine}")
        end = "that both refuse" if is_refused else "as virt-install has them"
        counts[f"spellings of rows {end}"] += 1
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in GROUPS if name != _WHOLE])
def test_what_is_a_number(parsers: Parsers, host: Host, name: str) -> None:
    group = GROUPS[name]
    if not parsers.has(group):
        return
    plain = [
        option
        for option in group.options
        if option.kind in (Kind.TEXT, Kind.INTEGER)
        and option.path
        and option.set is None
        and reason(BETTER, group, option) is None
        and reason(STRICTER, group, option) is None
        and option.name in parsers.names(group)
        and (reason(MENDED, group, option) is None or installed_version() != VERSIONS[0])
    ]
    texts = [setting(group, option, option.name, "word") for option in plain]
    wrong = [
        text
        for text in texts
        if tried(functools.partial(parsers.document, group, text))
        != tried(functools.partial(ours, host, group, text))
    ]
    assert not wrong


@pytest.mark.parametrize("name", [name for name in GROUPS if name != _WHOLE])
def test_no_sub_option_is_missing(parsers: Parsers, name: str) -> None:
    group = GROUPS[name]
    known = {spelling for option in group.options for spelling in option.names}
    if not parsers.has(group):
        return
    assert parsers.names(group) - known <= MISSING.get(name, frozenset())


def test_no_group_is_missing(parsers: Parsers) -> None:
    ours_too = {name.lower() for name in GROUPS}
    # Not of the domain's document: how it is installed, and what is checked.
    elsewhere = {"install", "cloud_init", "location", "os_variant", "unattended", "check"}
    assert set(parsers.by_name) - ours_too - elsewhere == set()
