# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each document of the other kinds through the modules' code, on a real libvirtd."""

from __future__ import annotations

import collections
import fcntl
import os
import pathlib
import re
import tempfile
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError

from . import kinds
from .kinds import Described, KindHost

Counts = collections.Counter

pytestmark = pytest.mark.parametrize(
    ("about", "file"),
    [
        pytest.param(about, path, id=f"{about.kind.noun}-{path.stem}")
        for about, path in kinds.cases()
    ],
)


@pytest.fixture
def host(about: Described) -> t.Iterator[KindHost]:
    """The kind's objects, those that a test has made removed after it.

    Workers share a libvirtd, and a secret's usage is the same for all of them: one at a time.
    """
    with open(os.path.join(tempfile.gettempdir(), "declarative-libvirt-kinds"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = KindHost(about)
        before = found.identifiers()
        yield found
        for one in found.identifiers() - before:
            found.remove(one)


@pytest.fixture
def text(about: Described, file: pathlib.Path) -> str:
    return kinds.document(file, about.kind)


def _accepted(host: KindHost, text: str) -> str:
    """What virsh define makes of a document, where libvirt takes it."""
    if not host.knows(text):
        pytest.skip("this libvirt is older than the document")
    try:
        identifier = host.define(text)
    except libvirt.libvirtError as error:
        pytest.skip(f"libvirt refuses it: {error.get_error_message()}")
    judge = host.definition(identifier)
    host.remove(identifier)
    words = kinds.refused_in_words(text, host.about.kind)
    if words:
        with pytest.raises(TaskError, match=re.escape(words[0])):
            host.task(text)
        pytest.skip("what libvirt could never change again is refused")
    if kinds.dropped_attributes(text, judge) and not host.is_valid(text):
        pytest.skip("libvirt drops attributes that its schema doesn't know either")
    return judge


def _created(host: KindHost, text: str) -> str:
    """The UUID of what a task has made of a document."""
    before = host.identifiers()
    assert host.task(text).changes
    (identifier,) = host.identifiers() - before
    return identifier


def test_refused_with_the_reason_of_libvirt(
    host: KindHost, text: str, about: Described, counts: Counts[str]
) -> None:
    noun, before = about.kind.noun, host.identifiers()
    try:
        host.remove(host.define(text))
    except libvirt.libvirtError as error:
        reason = error.get_error_message()
    else:
        counts[f"{noun}: documents that libvirt accepts"] += 1
        return
    counts[f"{noun}: documents that libvirt refuses"] += 1
    with pytest.raises(ExpectedError) as raised:
        host.task(text)
    words = " ".join(str(raised.value).split())
    # What check mode foresees has our words.
    assert " ".join(reason.split()) in words or words in kinds.refused_in_words(text, about.kind)
    assert host.identifiers() == before


def test_created_checked_and_run_again(
    host: KindHost, text: str, about: Described, counts: Counts[str]
) -> None:
    judge = _accepted(host, text)
    before = host.identifiers()
    foreseen = host.task(text, check_mode=True)
    assert host.writes == []
    assert host.identifiers() == before
    identifier = _created(host, text)
    assert foreseen.changes
    created = host.definition(identifier)
    assert kinds.without_chance(created, text) == kinds.without_chance(judge, text)
    for mode, part in [
        ("exact", text),
        ("merge", text),
        *(("merge", part) for part in kinds.fragments(text, about.kind)),
    ]:
        for check_mode in (True, False):
            assert host.task(part, mode, check_mode).changes == (), (mode, part)
            assert host.writes == []
    assert host.definition(identifier) == created
    counts[f"{about.kind.noun}: created as define does, then unchanged without a write"] += 1


@pytest.mark.parametrize("mode", ["exact", "merge"])
def test_edits_are_found_and_put_right(
    host: KindHost, text: str, about: Described, counts: Counts[str], mode: str
) -> None:
    _accepted(host, text)
    identifier = _created(host, text)
    before = host.definition(identifier)
    for where, edited in kinds.edits(before, about.kind):
        try:
            host.define(edited)
        except libvirt.libvirtError:
            counts[f"{about.kind.noun}: {mode}: edits that libvirt refuses"] += 1
            continue
        changed = host.definition(identifier)
        if changed == before:
            continue
        counts[
            f"{about.kind.noun}: {mode}: edits {_put_right(host, text, mode, where, before)}"
        ] += 1
        if host.definition(identifier) != before:
            host.remove(identifier)
            host.define(before)
            assert host.definition(identifier) == before, where


def _put_right(host: KindHost, text: str, mode: str, where: str, before: str) -> str:
    """What becomes of an edit."""
    about = host.about
    try:
        predicted = host.task(text, mode, check_mode=True).changes
    except TaskError as error:
        refused = str(error)
    else:
        refused = ""
    if refused and kinds.refused_in_words(text, about.kind) == [] and about.kind.noun == "network":
        # What was edited is known as something else, beside which this one is new.
        assert mode == "merge", (where, refused)
        assert refused.startswith(("ips", "dns")), where
        return "beside which what the document says is refused"
    if refused:
        # A secret stays what it is.
        assert refused.startswith(about.is_final), where
        return "that can't be taken back"
    assert host.writes == []
    if not predicted and mode == "merge":
        return "left, for they are not in the document"
    if not predicted:
        assert re.search(about.left, where), where
        return "left, for the document leaves it to libvirt"
    try:
        done = host.task(text, mode)
    except HypervisorError:
        # What was edited is known as something else, beside which this one is new.
        assert mode == "merge", where
        return "beside which libvirt refuses what the document says"
    assert done.changes == predicted, where
    assert done.unkept == (), where
    assert host.task(text, mode, check_mode=True).changes == (), where
    after = host.definition(_uuid(before))
    return "put right" if after == before else "put right, as far as the document says"


def _uuid(definition: str) -> str:
    found = re.search("<uuid>([^<]*)", definition)
    assert found is not None
    return found[1]
