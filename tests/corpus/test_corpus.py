# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each document of the corpus through the module's code, on a real libvirtd."""

from __future__ import annotations

import collections
import pathlib

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from lxml import etree

from . import documents, edits
from .host import Host

Counts = collections.Counter


@pytest.fixture
def accepted(path: pathlib.Path, host: Host, counts: Counts[str]):
    """The document and virsh define's definition of it, where libvirt takes it."""
    text = documents.document(path)
    name = documents.name_of(path)
    try:
        host.define(text)
    except libvirt.libvirtError as error:
        pytest.skip(f"libvirt refuses it: {error.get_error_message()}")
    if not host.knows(text):
        host.remove(name)
        pytest.skip("it has what a newer libvirt brought, which this one drops")
    judge = host.definition(name)
    host.remove(name)
    yield text, name, judge
    host.remove(name)


def test_refused_with_the_reason_of_libvirt(path, host: Host, counts: Counts[str]) -> None:
    text, name = documents.document(path), documents.name_of(path)
    before = _defined(host)
    try:
        host.define(text)
    except libvirt.libvirtError as error:
        reason = error.get_error_message()
    else:
        host.remove(name)
        counts["documents that libvirt accepts"] += 1
        return
    counts["documents that libvirt refuses"] += 1
    with pytest.raises(HypervisorError) as raised:
        host.task(text)
    assert " ".join(reason.split()) in " ".join(str(raised.value).split())
    assert _defined(host) == before
    counts["refused with libvirt's reason, nothing left behind"] += 1


def _defined(host: Host) -> set[str]:
    names = {domain.name() for domain in host.raw.listAllDomains()}
    return {name for name in names if not documents.is_of_another_worker(name)}


def test_created_checked_and_run_again(accepted, host: Host, counts: Counts[str]) -> None:
    text, name, judge = accepted
    assert host.task(text, check_mode=True).changes
    assert host.writes == []
    assert not host.exists(name)
    assert host.task(text).changes
    created = host.definition(name)
    assert documents.without_chance(created, text) == documents.without_chance(judge, text)
    counts["created as virsh define does"] += 1
    _unchanged(host, text, name, counts, "")


def test_edits_are_found_and_put_right(accepted, host: Host, counts: Counts[str]) -> None:
    text, name, _judge = accepted
    host.task(text)
    for row in edits.EDITS:
        _put_right(host, text, name, row, counts, "")


def test_written_by_hand(accepted, host: Host, counts: Counts[str]) -> None:
    full, name, _judge = accepted
    text = documents.by_hand(full)
    host.task(text)
    _unchanged(host, text, name, counts, "by hand: ")
    for row in edits.EDITS:
        if row.name in edits.COMMON and row.name != "interface_mac":
            _put_right(host, text, name, row, counts, "by hand: ")
    host.remove(name)
    host.task(full)
    _unchanged(host, text, name, counts, "by hand, of the full document: ")


def test_merged(accepted, host: Host, counts: Counts[str]) -> None:
    text, name, _judge = accepted
    host.task(text)
    _unchanged(host, text, name, counts, "merge: ", mode="merge")
    before = host.definition(name)
    for fragment in documents.fragments(text):
        assert host.task(fragment, mode="merge").changes == (), fragment
        assert host.writes == []
        counts["merge: fragments, unchanged without a write"] += 1
    assert host.definition(name) == before
    for row in edits.EDITS:
        if row.name in edits.COMMON:
            _merge_settles(host, text, name, row, counts)


@pytest.mark.parametrize("path", documents.seeds(), ids=lambda path: path.stem)
def test_a_complete_definition_comes_back_to_the_byte(path, host: Host, counts) -> None:
    text = path.read_text(encoding="utf-8")
    name = str(etree.fromstring(text).findtext("name"))
    if "type='kvm'" in text and not host.has_kvm():
        pytest.skip("a KVM domain, and this host has no KVM")
    try:
        assert host.task(text).changes
        assert host.definition(name).strip() == text.strip()
        _unchanged(host, text, name, counts, "complete definitions: ")
        assert host.definition(name).strip() == text.strip()
    finally:
        host.remove(name)


def _unchanged(
    host: Host, text: str, name: str, counts: Counts[str], kind: str, mode: str = "exact"
) -> None:
    before = host.definition(name)
    assert host.task(text, mode=mode, check_mode=True).changes == ()
    counts[f"{kind}check right after, unchanged"] += 1
    outcome = host.task(text, mode=mode)
    assert outcome.changes == ()
    assert host.writes == []
    assert host.definition(name) == before
    counts[f"{kind}second run, unchanged without a write"] += 1


def _edited(host: Host, name: str, row: edits.Row, counts: Counts[str], kind: str) -> bool:
    """Make the edit; False where it doesn't apply or libvirt refuses it."""
    before = host.definition(name)
    root = etree.fromstring(before)
    if row.edit(root) is False:
        return False
    try:
        host.define(etree.tostring(root, encoding="unicode"))
    except libvirt.libvirtError:
        counts[f"{kind}edits that libvirt refuses"] += 1
        return False
    return host.definition(name) != before


def _put_right(
    host: Host, text: str, name: str, row: edits.Row, counts: Counts[str], kind: str
) -> None:
    before = host.definition(name)
    if not _edited(host, name, row, counts, kind):
        return
    predicted = host.task(text, check_mode=True).changes
    assert any(row.path in change["path"] for change in predicted), (row.name, predicted)
    assert host.writes == []
    done = host.task(text)
    assert done.changes == predicted, row.name
    assert done.unkept == (), row.name
    assert host.task(text, check_mode=True).changes == (), row.name
    after = host.definition(name)
    counts[f"{kind}edits found by path and put right"] += 1
    if after == before:
        counts[f"{kind}… the definition as before, to the byte"] += 1
    elif documents.in_one_order(after) == documents.in_one_order(before):
        counts[f"{kind}… as before but for the order of libvirt's dump"] += 1
    else:
        free = [documents.without_placement(one, text) for one in (before, after)]
        assert free[0] == free[1], row.name
        counts[f"{kind}… as before but for places that the document leaves to libvirt"] += 1
    _restore(host, name, before)


def _restore(host: Host, name: str, before: str) -> None:
    """Each edit starts from the same definition, which mostly is there again by now."""
    if host.definition(name) != before:
        host.remove(name)
        host.define(before)


def _merge_settles(host: Host, text: str, name: str, row: edits.Row, counts: Counts[str]) -> None:
    before = host.definition(name)
    if not _edited(host, name, row, counts, "merge: "):
        return
    edited = host.definition(name)
    predicted = None
    try:
        # Of interfaces check mode doesn't ask libvirt.
        predicted = host.task(text, mode="merge", check_mode=True).changes
        assert host.definition(name) == edited
        assert host.task(text, mode="merge").changes == predicted
    except HypervisorError:
        # The address that was edited is another interface's, beside which this one is new: it
        # can't have the same place in the boot order, or the same device of the host.
        assert row.name == "interface_mac"
        if predicted is None:
            with pytest.raises(HypervisorError):
                host.task(text, mode="merge")
        assert host.definition(name) == edited
        counts["merge: interfaces that libvirt refuses beside the edited one"] += 1
        _restore(host, name, before)
        return
    assert host.task(text, mode="merge", check_mode=True).changes == ()
    what = "put right" if predicted else "left, for they were not said"
    counts[f"merge: edits {what}"] += 1
    _restore(host, name, before)
