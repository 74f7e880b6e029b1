# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What domain_xml does when it is asked for nonsense, or when the world changes meanwhile.

Each fault is a real one, on a real daemon. Each error is one line that names the
domain and what to do, and leaves the old definition as it was, to the byte.
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage import present
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain, domain_xml
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree import parse

from .hypervisor import Hypervisor, Result, task, task_as, task_of

UUID = "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a01"
OTHER_UUID = "0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a02"
DOCUMENT = """
<domain type='qemu'>
  <name>guest</name>
  <uuid>0c2e5f0e-7f1c-4f0e-8d83-3b8b2d3f6a01</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
  </devices>
</domain>
"""
CHANGED = DOCUMENT.replace(">64<", ">128<")
BOMB = (
    "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi"))
    + "]><domain><name>guest</name><title>&i;</title></domain>"
)


@pytest.fixture
def defined(hypervisor: Hypervisor) -> t.Iterator[str]:
    """A domain; its definition must be the same afterwards."""
    hypervisor.define(DOCUMENT)
    before = hypervisor.definition("guest")
    yield before
    assert hypervisor.definition("guest") == before


def assert_refused(result: Result, *words: str, name: str = "guest") -> None:
    assert result.failed
    assert not result.changed
    assert "\n" not in result.msg
    assert name in result.msg
    for word in words:
        assert word in result.msg


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<domain><name>guest</name>", ["not well-formed", "line 1"]),
        ("guest.xml", ["is no XML", "ansible.builtin.file"]),
        ("<network><name>guest</name></network>", ["<network>", "<domain>"]),
        ("<!DOCTYPE domain><domain/>", ["document type declaration"]),
        (
            "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><domain>&x;</domain>",
            ["document type declaration"],
        ),
        (BOMB, ["entity"]),
        (f"<domain><title>{'x' * 50_000_000}</title></domain>", ["4194304"]),
        (DOCUMENT.replace("<name>guest<", "<name><"), ["name"]),
        (DOCUMENT.replace("<name>guest<", "<name>other<"), ["other"]),
        (DOCUMENT.replace(UUID, OTHER_UUID), [OTHER_UUID, UUID]),
        (
            DOCUMENT.replace("<memory", "<memroy").replace("</memory", "</memroy"),
            ["memroy", "memory"],
        ),
        (DOCUMENT.replace("'user'", "'usre'"), ["usre", "user"]),
    ],
    ids=[
        "not well-formed",
        "the name of a file",
        "root element",
        "DTD",
        "external entity",
        "entity bomb",
        "50 MB",
        "empty name",
        "two names",
        "two UUIDs",
        "unknown element",
        "unknown value",
    ],
)
def test_bad_input_is_refused(defined: str, document: str, words: list[str], check: bool) -> None:
    assert_refused(task(check=check, name="guest", xml=document), *words)


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("validate", [True, False], ids=["validated", "unvalidated"])
@pytest.mark.parametrize("module", [domain, domain_xml], ids=["domain", "domain_xml"])
def test_a_part_of_a_document_makes_no_domain(
    hypervisor: Hypervisor, module: t.Any, validate: bool, check: bool
) -> None:
    part = "<domain><memory unit='MiB'>128</memory></domain>"
    result = task_of(module, check, name="guets", mode="merge", xml=part, validate=validate)
    assert_refused(result, "no such domain", name="guets")
    assert hypervisor.raw.listAllDomains() == []


def test_an_empty_name_is_refused(defined: str) -> None:
    result = task(name="", xml=CHANGED)
    assert result.failed
    assert "name" in result.msg


def test_a_uuid_of_another_domain_is_refused(defined: str) -> None:
    renamed = DOCUMENT.replace("<name>guest<", "<name>renamed<")
    assert_refused(task(xml=renamed), UUID, "guest", name="renamed")


def test_a_file_that_is_not_there_is_refused(defined: str) -> None:
    assert_refused(task(name="guest", src="/nonexistent/guest.xml"), "/nonexistent/guest.xml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<devices>", "<on_reboot>nonsense</on_reboot><devices>", ["nonsense"]),
        (
            "<interface",
            "<rng model='virtio'><backend model='random'>/dev/urandom</backend>"
            "<address type='pci' slot='9'/></rng><rng model='virtio'><backend model='random'>"
            "/dev/urandom</backend><address type='pci' slot='9'/></rng><interface",
            ["00:09.0"],
        ),
        ("<vcpu>1<", "<vcpu>100000<", ["limit 255"]),
    ],
    ids=["lifecycle action", "address twice", "too many CPUs"],
)
@pytest.mark.parametrize("new_domain", [True, False], ids=["new", "existing"])
def test_what_libvirt_refuses_is_refused_with_its_reason(
    hypervisor: Hypervisor, old: str, new: str, words: list[str], new_domain: bool
) -> None:
    if not new_domain:
        hypervisor.define(DOCUMENT)
    before = {name: hypervisor.definition(name) for name in hypervisor.names()}
    assert_refused(task(xml=DOCUMENT.replace(old, new), validate=False), *words)
    assert {name: hypervisor.definition(name) for name in hypervisor.names()} == before


@pytest.mark.parametrize(
    "source",
    [
        "<source protocol='iscsi' name='iqn.2013-07.com.example:one/1'/>",
        "<source file='/one'/><backingStore type='network'><format type='raw'/>"
        "<source protocol='iscsi' name='iqn.2013-07.com.example:one/1'/></backingStore>",
    ],
    ids=["its source", "what backs it"],
)
def test_check_mode_leaves_a_daemon_alive_that_an_iscsi_disk_without_a_host_ends(
    hypervisor: Hypervisor, source: str
) -> None:
    kind = "file" if "file=" in source else "network"
    disk = f"<disk type='{kind}' device='disk'>{source}<target dev='sdq' bus='scsi'/></disk>"
    document = DOCUMENT.replace("<interface", f"{disk}<interface", 1)
    assert task(xml=document, validate=False, check=True).changed
    assert hypervisor.names() == set()
    assert task(xml=document, validate=False).changed


def test_a_device_without_its_source_is_refused_in_check_mode_too(hypervisor: Hypervisor) -> None:
    disk = "<disk type='vhostuser' device='disk'><target dev='vdq' bus='virtio'/></disk>"
    document = DOCUMENT.replace("<interface", f"{disk}<interface", 1)
    for check in (True, False):
        refused = task(xml=document, validate=False, check=check)
        assert_refused(refused, "missing source information for device vdq")


def test_a_mac_that_libvirt_accepts_twice_is_settled_too(hypervisor: Hypervisor) -> None:
    interface = DOCUMENT[DOCUMENT.index("<interface") : DOCUMENT.index("</interface>") + 12]
    twice = DOCUMENT.replace(interface, interface * 2)
    assert task(xml=twice).changed
    assert not task(xml=twice, check=True).changed
    assert not task(xml=twice).changed


def test_without_permission(defined: str) -> None:
    assert_refused(task_as(65534, xml=CHANGED), "root", "become")


def test_an_unknown_scheme_of_the_uri(defined: str) -> None:
    assert_refused(task(xml=CHANGED, uri="nonsense:///system"), "nonsense", "uri")


def test_a_read_only_connection(defined: str) -> None:
    uri = "qemu+unix:///system?socket=/run/libvirt/libvirt-sock-ro"
    assert_refused(task(xml=CHANGED, uri=uri), "read-only")


def test_a_daemon_that_does_not_run(hypervisor: Hypervisor) -> None:
    hypervisor.define(DOCUMENT)
    before = hypervisor.definition("guest")
    hypervisor.kill_daemon()
    try:
        result = task(xml=CHANGED)
    finally:
        hypervisor.start_daemon()
    assert_refused(result, "start the hypervisor's daemon")
    assert hypervisor.definition("guest") == before


# Between reading and writing


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[t.Callable[[], None]], None]:
    """Let something happen once, when a plan has been made and nothing is written yet."""

    def arrange(event: t.Callable[[], None]) -> None:
        planned = present._Task._plan
        events = [event]

        def plan_then_event(*arguments: t.Any) -> t.Any:
            step = planned(*arguments)
            if events:
                events.pop()()
            return step

        monkeypatch.setattr(present._Task, "_plan", plan_then_event)

    return arrange


def test_the_daemon_is_killed_meanwhile(hypervisor: Hypervisor, between: t.Any) -> None:
    hypervisor.define(DOCUMENT)
    before = hypervisor.definition("guest")
    between(hypervisor.kill_daemon)
    try:
        result = task(xml=CHANGED)
    finally:
        hypervisor.start_daemon()
    assert_refused(result, "libvirtd", "run the task again")
    assert hypervisor.definition("guest") == before
    assert task(xml=CHANGED).changed


def test_the_domain_is_undefined_meanwhile(hypervisor: Hypervisor, between: t.Any) -> None:
    hypervisor.define(DOCUMENT)
    between(lambda: hypervisor.undefine("guest"))
    assert_refused(task(xml=CHANGED), "undefined", "run the task again")
    assert hypervisor.names() == set()
    assert task(xml=CHANGED).changed


def test_a_domain_of_the_same_name_is_defined_meanwhile(
    hypervisor: Hypervisor, between: t.Any
) -> None:
    theirs = DOCUMENT.replace(UUID, OTHER_UUID).replace(">64<", ">96<")
    between(lambda: hypervisor.define(theirs))
    ours = CHANGED.replace(f"<uuid>{UUID}</uuid>", "")
    assert_refused(task(xml=ours), "same moment", "run the task again")
    assert ">98304<" in hypervisor.definition("guest")
    assert task(xml=ours).changed
    assert OTHER_UUID in hypervisor.definition("guest")


def test_the_definition_is_changed_meanwhile(hypervisor: Hypervisor, between: t.Any) -> None:
    hypervisor.define(DOCUMENT)
    theirs = DOCUMENT.replace("<vcpu>", "<title>theirs</title><vcpu>")
    between(lambda: hypervisor.define(theirs))
    fragment = "<domain><memory unit='MiB'>128</memory></domain>"
    result = task(name="guest", mode="merge", xml=fragment)
    assert result.changed
    paths = [change["path"] for change in result.values["changes"]]
    assert paths == ["/domain/memory", "/domain/currentMemory"]
    definition = hypervisor.definition("guest")
    assert "<title>theirs</title>" in definition
    assert "<memory unit='KiB'>131072</memory>" in definition


# Secrets

GRAPHICS = DOCUMENT.replace("<interface", "<graphics type='vnc' passwd='geheim1'/><interface")


def test_passwords_are_compared_but_never_shown(hypervisor: Hypervisor) -> None:
    results = [task(xml=GRAPHICS, diff=True)]
    other = GRAPHICS.replace("geheim1", "anders2")
    results += [task(xml=other, diff=True, check=True), task(xml=other, diff=True)]
    assert [result.changed for result in results] == [True, True, True]
    assert not task(xml=other).changed
    assert "passwd='anders2'" in hypervisor.definition("guest")
    results.append(task(xml=other.replace("<vcpu>1<", "<vcpu>100000<"), validate=False))
    results.append(task(xml=other + "<", diff=True))
    for result in results:
        assert "geheim1" not in str(result)
        assert "anders2" not in str(result)
    path = "/domain/devices/graphics[@type='vnc']/@passwd"
    change = results[1].values["changes"][0]
    assert (change["path"], change["op"], change["after"]) == (path, "modify", "VALUE_HIDDEN")


def test_the_parser_reads_no_more_than_libvirt_takes() -> None:
    assert parse.LARGEST_DOCUMENT == 4 * 1024 * 1024
