# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt made of a document is neither asked for again nor called a change."""

from __future__ import annotations

import pathlib
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage import memory
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_xml,
    domains,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile import compare

from .hypervisor import Hypervisor, Result, task_of

NAME = "guest"
#: libvirt drops the element that it doesn't know, as it does what only a newer one knows.
DOCUMENT = f"""
<domain type='qemu'>
  <name>{NAME}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend><invented number='1'/></rng>
  </devices>
</domain>
"""
PLAIN = DOCUMENT.replace("<invented number='1'/>", "")
#: A task on the document by each module that takes one.
TASKS: dict[str, tuple[t.Any, t.Callable[[str], dict[str, t.Any]]]] = {
    "domain_xml": (domain_xml, lambda text: {"xml": text, "validate": False}),
    "domain_xml, merge": (
        domain_xml,
        lambda text: {"xml": text, "validate": False, "mode": "merge"},
    ),
    "domain": (domain, lambda text: {"xml": text, "validate": False}),
    "domains": (domains, lambda text: {"domains": [{"xml": text, "validate": False}]}),
}


@pytest.fixture(autouse=True)
def remembering(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> pathlib.Path:
    """A memory of the test's own; the code of these tests has no identity."""
    tmp_path.chmod(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(memory, "content_key", lambda: "code")
    return tmp_path / "declarative-libvirt" / "memory"


@pytest.fixture
def defined(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What libvirt was asked to define."""
    texts: list[str] = []

    def noted(name: str) -> None:
        define = getattr(libvirt.virConnect, name)

        def call(self: t.Any, text: str, *flags: int) -> t.Any:
            texts.append(text)
            return define(self, text, *flags)

        monkeypatch.setattr(libvirt.virConnect, name, call)

    noted("defineXML")
    noted("defineXMLFlags")
    return texts


def warnings(result: Result) -> str:
    return str(result.values.get("warnings"))


@pytest.mark.parametrize("task", TASKS)
def test_what_libvirt_drops_is_asked_for_once(
    hypervisor: Hypervisor, defined: list[str], task: str
) -> None:
    module, options = TASKS[task]
    first = task_of(module, **options(DOCUMENT))
    assert first.changed, first.msg
    assert "drops /domain/devices/rng" in warnings(first)
    assert len(defined) == 1
    for check in (True, False, True, False):
        again = task_of(module, check, **options(DOCUMENT))
        assert not again.failed
        assert not again.changed
        assert "drops /domain/devices/rng" in warnings(again)
    assert len(defined) == 1


@pytest.mark.parametrize("task", TASKS)
def test_without_the_memory_it_is_asked_for_again(
    hypervisor: Hypervisor, defined: list[str], task: str
) -> None:
    module, options = TASKS[task]
    for _round in range(2):
        result = task_of(module, remember=False, **options(DOCUMENT))
        assert "asked for again" in warnings(result)
    assert len(defined) == 2
    assert task_of(module, True, remember=False, **options(DOCUMENT)).changed


@pytest.mark.parametrize("task", TASKS)
def test_a_change_by_someone_else_is_seen_and_undone(
    hypervisor: Hypervisor, defined: list[str], task: str
) -> None:
    module, options = TASKS[task]
    for document in (DOCUMENT, PLAIN):
        for _round in range(3):
            assert not task_of(module, **options(document)).failed
        before = hypervisor.definition(NAME)
        hypervisor.define(
            before.replace("<vcpu placement='static'>1<", "<vcpu placement='static'>2<")
        )
        assert hypervisor.definition(NAME) != before
        for check in (True, False):
            assert task_of(module, check, **options(document)).changed
        assert hypervisor.definition(NAME) == before
        assert not task_of(module, **options(document)).changed


@pytest.mark.parametrize("task", TASKS)
def test_what_was_unchanged_needs_no_plan(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    module, options = TASKS[task]
    assert task_of(module, **options(PLAIN)).changed
    seen = task_of(module, True, diff=True, **options(PLAIN))
    assert not task_of(module, **options(PLAIN)).changed

    def fail(*_arguments: t.Any) -> None:
        raise AssertionError("a plan was made")

    monkeypatch.setattr(compare.Comparison, "merged", fail)
    for check in (True, False):
        known = task_of(module, check, diff=True, **options(PLAIN))
        assert not known.failed
        for name in ("domain", "changes", "pending", "restart_required", "diff", "results"):
            assert known.values.get(name) == seen.values.get(name)


def test_options_depend_on_the_images(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    image = tmp_path / "disk.img"
    image.write_bytes(b"\0" * (1 << 20))
    options: dict[str, t.Any] = {
        "name": NAME,
        "memory": 64,
        "osinfo": "generic",
        "disks": [{"path": str(image), "format": "raw", "size": 0.002}],
    }
    assert task_of(domain, **options, state="present").changed
    size = image.stat().st_size
    for _round in range(3):
        assert not task_of(domain, **options).changed
    # Someone has made it smaller.
    image.write_bytes(b"\0" * (1 << 20))
    assert task_of(domain, True, **options).changed
    assert task_of(domain, **options).changed
    assert image.stat().st_size == size


def test_a_running_guest_is_another(hypervisor: Hypervisor) -> None:
    for _round in range(3):
        task_of(domain_xml, xml=PLAIN)
    hypervisor.raw.lookupByName(NAME).createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    for _round in range(3):
        result = task_of(domain_xml, xml=PLAIN)
        assert not result.changed
        assert result.values["domain"]["state"] == "paused"
    more = PLAIN.replace("<memory unit='MiB'>64", "<memory unit='MiB'>96")
    for _round in range(2):
        pending = task_of(domain_xml, xml=more)
    assert not pending.changed
    assert pending.values["restart_required"]


def test_options_depend_on_the_pools(
    hypervisor: Hypervisor, no_images: None, tmp_path: pathlib.Path
) -> None:
    def pool(folder: str) -> t.Any:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        made = hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>kept</name><target><path>{path}</path></target></pool>"
        )
        made.create()
        return made

    options: dict[str, t.Any] = {
        "name": NAME,
        "memory": 64,
        "osinfo": "generic",
        "disks": [{"vol": "kept/disk.img"}],
        "state": "present",
    }
    first = pool("first")
    size = "<volume><name>disk.img</name><capacity>1048576</capacity></volume>"
    first.createXML(size)
    for _round in range(3):
        assert not task_of(domain, **options).failed
    # Another volume makes it no other pool.
    first.createXML(size.replace("disk", "other"))
    assert not task_of(domain, **options).changed
    first.destroy()
    stopped = task_of(domain, **options)
    assert stopped.failed
    assert "the storage pool kept is off" in stopped.msg
    first.undefine()
    assert "there is no storage pool kept" in task_of(domain, **options).msg
    pool("second").createXML(size)
    for check in (True, False):
        assert task_of(domain, check, **options).changed
    assert str(tmp_path / "second") in hypervisor.definition(NAME)


def test_options_depend_on_the_osinfo_database(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    vendor = tmp_path / "osinfo" / "os" / "example.com"
    vendor.mkdir(parents=True)
    monkeypatch.setenv("OSINFO_LOCAL_DIR", str(tmp_path / "osinfo"))

    def write(processors: int) -> None:
        # In place, which leaves the folder as it was.
        (vendor / "own.xml").write_text(
            "<libosinfo version='0.0.1'><os id='http://example.com/own/1'><short-id>own1</short-id>"
            "<name>Own</name><resources arch='all'><recommended>"
            f"<n-cpus>{processors}</n-cpus><ram>67108864</ram>"
            "</recommended></resources></os></libosinfo>",
            encoding="utf-8",
        )

    options: dict[str, t.Any] = {
        "name": NAME,
        "osinfo": "own1",
        "mode": "exact",
        "disks": "none",
        "state": "present",
    }
    write(1)
    for _round in range(3):
        assert not task_of(domain, **options).failed
    assert not task_of(domain, **options).changed
    write(2)
    for check in (True, False):
        assert task_of(domain, check, **options).changed
    assert ">2</vcpu>" in hypervisor.definition(NAME)


@pytest.mark.parametrize("mode", ["merge", "exact"])
def test_options_depend_on_the_capabilities_if_their_plan_asks_for_them(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    options: dict[str, t.Any] = {
        "name": NAME,
        "memory": 64,
        "osinfo": "generic",
        "mode": mode,
        "disks": "none",
        "state": "present",
    }
    for _round in range(3):
        assert not task_of(domain, **options).failed
    read, merged = libvirt.virConnect.getCapabilities, compare.Comparison.merged
    calls: list[str] = []

    def capabilities(self: t.Any) -> str:
        calls.append("capabilities")
        return f"{read(self)}<!-- of another kernel -->"

    def planned(self: t.Any, context: t.Any) -> t.Any:
        calls.append("plan")
        return merged(self, context)

    monkeypatch.setattr(libvirt.virConnect, "getCapabilities", capabilities)
    monkeypatch.setattr(compare.Comparison, "merged", planned)
    assert not task_of(domain, **options).changed
    assert set(calls) == ({"capabilities", "plan"} if mode == "exact" else set())
