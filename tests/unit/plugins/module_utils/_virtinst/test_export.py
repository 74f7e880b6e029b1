# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of existing domains: short, and proven both ways."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.export.domain import (
    ADDRESSES,
    MAC,
    UUID,
    Exported,
    exported,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.export.hidden import (
    without_secrets,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.export.readers import (
    group_of,
    read,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import Existing
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.writing import copied
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .hosts import Storage, host

IMAGES = (Existing("/images/web.qcow2", "file", "qcow2"), Existing("/dev/vg/web", "block"))
KEEP = (UUID, MAC)
#: Without what libvirt would add to.
BARE = dict.fromkeys(["disk", "network", "graphics", "console"], "none")
UUID_OF_IT = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"


def made(**options: t.Any) -> Element:
    """A domain as it would be made, with a UUID."""
    storage = Storage("web.qcow2", existing=IMAGES)
    asked = {"name": "web", "memory": 2048, "uuid": UUID_OF_IT, **options}
    return copied(parse(serialise(domain_defaults(host(storage=storage), asked).domain)))


def of(document: Element, keep: t.Sequence[str] = KEEP, **more: t.Any) -> Exported:
    return exported(host(storage=Storage("web.qcow2", existing=IMAGES)), document, keep, **more)


@pytest.mark.parametrize(
    "options",
    [
        {"disks": ["/images/web.qcow2"]},
        {"disk": "none", "network": "none"},
        {"disk": "none", "graphics": "none", "vcpus": 3},
        {"disk": "none", "network": "none", "watchdog": "i6300esb"},
        {"disk": "none", "boot": {"network": True, "hd": True}, "network": "none"},
        {"disk": "none", "network": "none", "features": {"acpi": False}},
        {
            "disk": "none",
            "network": "none",
            "cpu": {"model": "qemu64", "secure": False, "disable": ["svm"]},
        },
        {"disk": "none", "network": "none", "ansible": {"tags": ["a"], "vars": {"port": 80}}},
        {
            "disk": "none",
            "network": "none",
            "graphics": {"type": "vnc", "port": -1, "listen": "192.0.2.1"},
        },
        {"disk": "none", "network": "none", "qemu_commandline": {"args": ["-name", "a b"]}},
        {"disk": "none", "network": "none", "description": "two\nlines"},
        {"disk": "none", "network": "none", "memory": {"memory": 1024, "maxmemory": 4096}},
        {"disk": "none", "network": "none", "cputune": {"vcpupin": [{"vcpu": 0, "cpuset": "1"}]}},
    ],
    ids=str,
)
def test_the_options_come_back(options: dict[str, t.Any]) -> None:
    document = made(
        **{("disk" if name == "disks" else name): each for name, each in options.items()}
    )
    found = of(document)
    assert found.form == "options", found.reason
    assert found.options == {"name": "web", "memory": 2048, "uuid": UUID_OF_IT, **options}


def test_what_no_option_says_is_said_by_xpath() -> None:
    document = made(**BARE)
    document.children.append(parse("<perf><event name='cmt' enabled='yes'/></perf>"))
    note = parse("<metadata><n:note xmlns:n='https://example.org/'>x=1</n:note></metadata>")
    document.children.append(note)
    found = of(document)
    assert found.form == "xpath", found.reason
    assert "./metadata/{https://example.org/}note=x=1" in found.options["xpath"]
    options = {**found.options, "xml": found.options["xpath"]}
    del options["xpath"]
    again = parse(serialise(domain_defaults(host(), options).domain))
    assert reconcile(again, document, DOMAIN).changes == ()


def test_a_part_of_a_device_is_said_beside_it() -> None:
    document = made(**{**BARE, "disk": {"path": "/images/web.qcow2"}})
    disk = document.findall("devices/disk")[0]
    disk.children.append(Element("product", text="fast"))
    assert of(document).options["disks"] == [
        {"path": "/images/web.qcow2", "xpath": [{"set": "./product=fast"}]}
    ]


def test_what_is_drawn_anew_is_kept_as_asked() -> None:
    document = made(**{**BARE, "network": {"network": "lab", "mac": "52:54:00:00:00:01"}})
    assert of(document).options["networks"] == [{"mac": "52:54:00:00:00:01", "network": "lab"}]
    template = of(document, ()).options
    assert "uuid" not in template
    assert template["networks"] == [{"network": "lab"}]
    address = parse("<address type='pci' domain='0x0000' bus='0x00' slot='0x09' function='0x0'/>")
    document.findall("devices/interface")[0].children.append(address)
    (network,) = of(document, (ADDRESSES,)).options["networks"]
    assert network["address"]["slot"] == 9


def test_a_device_that_is_said_by_xpath_has_its_address_only_if_that_is_kept() -> None:
    document = made(**BARE)
    hostdev = parse(
        "<hostdev mode='subsystem' type='scsi_host' managed='no'>"
        "<source protocol='vhost' wwpn='naa.5123456789abcde0'/>"
        "<address type='pci' domain='0x0000' bus='0x00' slot='0x09' function='0x0'/></hostdev>"
    )
    document.findall("devices")[0].children.append(hostdev)
    assert "wwpn=naa.5123456789abcde0" in str(of(document).options)
    assert "slot" not in str(of(document).options)
    assert "slot" in str(of(document, (ADDRESSES,)).options)


def test_what_libvirt_may_choose_otherwise_is_written_down() -> None:
    document = made(**BARE, tpm={"type": "emulator", "model": "tpm-tis", "backend.version": "1.2"})
    assert "1.2" in str(of(document).options["tpm"])
    document.findall("devices/tpm")[0].children.append(Element("alias", {"name": "ua-tpm"}))
    assert "ua-tpm" in str(of(document).options["tpm"])


def test_secrets_are_left_out() -> None:
    document = made(disk="none", network="none", graphics={"type": "vnc", "password": "geheim42"})
    found = of(document)
    assert "geheim42" not in repr(found)
    assert [hidden.place for hidden in found.hidden] == ["devices/graphics/@passwd"]
    assert found.hidden[0].is_console
    text = "<sysinfo type='fwcfg'><entry name='opt/a'>geheim</entry></sysinfo>"
    left, hidden = without_secrets(Element("domain", children=[parse(text), Element("os")]))
    assert [child.tag for child in left.children] == ["os"]
    assert [each.place for each in hidden] == ["sysinfo"]


def test_the_document_where_no_options_do() -> None:
    document = made(**BARE)
    document.children.append(Element("perf", {"{urn:a}b": "c"}))
    found = of(document)
    assert found.form == "xml"
    assert "urn:a" in found.options["xml"]
    assert found.options["name"] == "web"
    assert "<uuid>" not in of(document, ()).options["xml"]


def test_what_libvirt_would_refuse_is_not_checked() -> None:
    document = made(**BARE)
    assert of(document, is_valid=lambda _text: False).options["validate"] is False
    assert "validate" not in of(document, is_valid=lambda _text: True).options


def test_a_shorter_form_that_is_not_valid_is_not_taken() -> None:
    document = made(disk="none", network="none", watchdog={"model": "itco", "action": "none"})
    assert of(document).options["watchdog"] == {"model": "itco", "action": "none"}
    found = of(document, is_valid=lambda text: "watchdog" in text)
    assert found.form == "options"


def test_numbered_sub_options_are_read() -> None:
    text = (
        "<cpu><numa><cell id='0' cpus='0-1' memory='512' unit='KiB'/>"
        "<cell id='1' cpus='2' memory='5' unit='KiB'/></numa></cpu>"
    )
    found = read(GROUPS["cpu"], Element("domain"), parse(text))
    assert found[("numa.cell[].cpus", (1,))] == "2"
    assert found[("numa.cell[].memory", (0,))] == 512


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("devices/interface/model/@type", "network"),
        ("on_crash/text()", "events"),
        ("maxMemory/@slots", "memory"),
        ("qemu:commandline/qemu:arg", "qemu_commandline"),
        ("devices/emulator", "boot"),
        ("devices/hub", None),
    ],
)
def test_places_belong_to_options(path: str, name: str | None) -> None:
    group = group_of(path)
    assert (None if group is None else group.name) == name
