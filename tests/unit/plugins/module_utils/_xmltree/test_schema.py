# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes that people make, and what the check against libvirt's schema says of them.

The messages come from the schema of the libvirt on this machine, so each test
holds to what a newer one wouldn't word otherwise: the line, the element, what
was meant.
"""

from __future__ import annotations

import time
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import (
    DocumentError,
    parse,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema import (
    Schema,
    SchemaError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_file import (
    find_schema,
)

PATH = find_schema("domain")

pytestmark = pytest.mark.skipif(PATH is None, reason="libvirt's schemas are not installed")

DOCUMENT = """\
<domain type='kvm'>
  <name>web</name>
  <memory unit='GiB'>2</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <boot dev='hd'/>
  </os>
  <on_reboot>restart</on_reboot>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/srv/web.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
    <graphics type='vnc' port='-1'/>
  </devices>
</domain>
"""

#: What is written, what is written instead of it, and what a message says of it.
MISTAKES: dict[str, tuple[str, str, list[str]]] = {
    "a misspelt element": (
        "<memory unit='GiB'>2</memory>",
        "<memroy unit='GiB'>2</memroy>",
        ["line 3", "unknown element <memroy>", "did you mean <memory>?"],
    ),
    "a misspelt attribute": (
        "<target dev='vda' bus='virtio'/>",
        "<target dev='vda' buss='virtio'/>",
        ["line 14", "'buss'", "<target", "did you mean 'bus'?"],
    ),
    "a value that isn't on the list": (
        "device='disk'",
        "device='harddisk'",
        ["line 11", "'harddisk'", "expected one of", "disk", "cdrom"],
    ),
    "text that isn't a number": (
        "<vcpu>2</vcpu>",
        "<vcpu>two</vcpu>",
        ["line 4", "<vcpu>", "'two'", "whole number"],
    ),
    "a unit that libvirt doesn't know": (
        "unit='GiB'",
        "unit='gigs'",
        ["line 3", "'gigs'", "GiB"],
    ),
    "a lifecycle action that doesn't exist": (
        "<on_reboot>restart</on_reboot>",
        "<on_reboot>reboot</on_reboot>",
        ["line 9", "<on_reboot>", "'reboot'", "expected one of", "restart"],
    ),
    "a boot device that doesn't exist": (
        "<boot dev='hd'/>",
        "<boot dev='disk'/>",
        ["line 7", "'disk'", "expected one of", "hd"],
    ),
    "a MAC address that is too short": (
        "52:54:00:00:00:01",
        "52:54:00:00:01",
        ["line 17", "'52:54:00:00:01'", "address"],
    ),
    "a disk without a target": (
        "      <target dev='vda' bus='virtio'/>\n",
        "",
        ["line 11", "<disk", "lacks <target>"],
    ),
    "an interface without its source": (
        "      <source network='default'/>\n",
        "",
        ["line 16", "<interface", "<source"],
    ),
    "a device outside of devices": (
        "  <on_reboot>restart</on_reboot>\n",
        "  <disk type='file'><target dev='vdb'/></disk>\n",
        ["line 9", "<disk", "belongs in <devices>"],
    ),
    "an element twice": (
        "<vcpu>2</vcpu>",
        "<vcpu>2</vcpu><vcpu>4</vcpu>",
        ["line 4", "<vcpu>", "more than once"],
    ),
    "no emulated operating system type": (
        "    <type arch='x86_64' machine='q35'>hvm</type>\n",
        "",
        ["line 5", "<os>", "lacks <type>"],
    ),
    "no type of hypervisor": (
        "<domain type='kvm'>",
        "<domain>",
        ["line 1", "<domain>", "lacks", "'type'"],
    ),
    "a hypervisor that doesn't exist": (
        "<domain type='kvm'>",
        "<domain type='qemu-kvm'>",
        ["line 1", "'qemu-kvm'", "expected one of", "kvm"],
    ),
    "a port that isn't one": (
        "port='-1'",
        "port='vnc'",
        ["line 21", "'vnc'", "port"],
    ),
    "text where elements belong": (
        "<devices>",
        "<devices>disks",
        ["<devices>", "disks"],
    ),
    "a file as the source of a network": (
        "<source network='default'/>",
        "<source network='default' file='/srv/net'/>",
        ["line 18", "'file'", "<source>", "allowed are network"],
    ),
    "a UUID that isn't one": (
        "  <name>web</name>\n",
        "  <name>web</name>\n  <uuid>web-1</uuid>\n",
        ["line 3", "<uuid>", "'web-1'"],
    ),
}


@pytest.fixture(scope="module", name="schema")
def fixture_schema() -> Schema:
    assert PATH is not None
    return Schema(PATH)


def test_a_valid_document_has_no_problems(schema: Schema) -> None:
    assert schema.problems(DOCUMENT) == []
    assert schema.problems(DOCUMENT.encode()) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named(schema: Schema, mistake: str) -> None:
    before, after, words = MISTAKES[mistake]
    assert DOCUMENT.count(before) == 1
    problems = schema.problems(DOCUMENT.replace(before, after))
    assert len(problems) == 1, [str(problem) for problem in problems]
    message = str(problems[0])
    assert not [word for word in words if word not in message], message
    assert "\n" not in message


def test_all_mistakes_are_named(schema: Schema) -> None:
    document = DOCUMENT
    for mistake in (
        "a misspelt element",
        "a value that isn't on the list",
        "a port that isn't one",
    ):
        before, after, _words = MISTAKES[mistake]
        document = document.replace(before, after)
    problems = schema.problems(document)
    message = str(SchemaError(problems))
    for word in ("<memroy", "'harddisk'", "'vnc'"):
        assert word in message
    assert "\n" not in message


def test_the_name_of_the_task_completes_the_document(schema: Schema) -> None:
    document = DOCUMENT.replace("  <name>web</name>\n", "")
    assert "lacks <name>" in str(schema.problems(document)[0])
    assert schema.problems(document, name="web") == []


def test_a_document_that_is_not_well_formed(schema: Schema) -> None:
    with pytest.raises(DocumentError, match="not well-formed"):
        schema.problems("<domain>")


def test_the_schema_is_looked_for_where_data_is(
    tmp_path: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas = tmp_path / "libvirt" / "schemas"
    schemas.mkdir(parents=True)
    (schemas / "nonsense.rng").write_text("<grammar/>")
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    assert find_schema("nonsense") == str(schemas / "nonsense.rng")
    assert find_schema("no such kind") is None


# Time


def _spent(schema: Schema, number: int, item: str) -> float:
    document = f"<domain type='qemu'><name>a</name><memory>1</memory><os><type>hvm</type></os><devices>{item * number}</devices></domain>"
    begun = time.process_time()
    schema.problems(document)
    return time.process_time() - begun


@pytest.mark.parametrize(
    "item",
    ["<hub type='usb'/>", "<hub type='x'/>", "<hub/>", "<foo/>"],
    ids=["right", "wrong", "lacking", "unknown"],
)
def test_many_equal_siblings_take_a_time_in_proportion(item: str) -> None:
    schema = Schema(PATH or "")
    _spent(schema, 4000, item)
    few, many = _spent(schema, 4000, item), _spent(schema, 32000, item)
    # Eight times as many; the square would be 64.
    assert many < 24 * max(few, 0.05)


def test_many_attributes_are_refused_at_once() -> None:
    attributes = " ".join(f"a{number}='1'" for number in range(50000))
    document = f"<domain><metadata><a:b xmlns:a='urn:a' {attributes}/></metadata></domain>"
    for read in (parse, Schema(PATH or "").problems):
        with pytest.raises(DocumentError, match="has 50001 attributes"):
            read(document)


def test_values_of_filters_are_described_without_patterns() -> None:
    path = find_schema("nwfilter")
    assert path is not None
    text = "<filter name='web'><rule action='accept' direction='in'><{} {}='http'/></rule></filter>"
    for tag, name in (("tcp", "dstportstart"), ("tcp", "srcmacaddr"), ("all", "state")):
        (problem,) = Schema(path).problems(text.format(tag, name))
        assert f"{name}='http'" in problem.message
        assert "of the form" not in problem.message
