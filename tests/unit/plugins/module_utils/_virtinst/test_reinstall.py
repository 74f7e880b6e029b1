# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installing a domain once more: its label, and the document of its first boot."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.installation import (
    label_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.reinstall import (
    label,
    overwritten,
    reinstallation,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import Existing
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.writing import copied
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from . import hosts

_ISO = Existing("/new.iso", "file", "raw")
_HEAD = "<domain type='kvm'><name>web</name><os><type arch='x86_64' machine='pc'>hvm</type>"
_DISK = (
    "<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/>%s</disk>"
)
_DRIVE = "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>"


def defined(os: str = "<boot dev='hd'/>", devices: str = _DISK % "") -> Element:
    return parse(f"{_HEAD}{os}</os><devices>{devices}</devices></domain>")


def first_boot(actual: Element, **options: t.Any) -> Element:
    guest = hosts.guest(
        f"{_HEAD}</os></domain>", storage=hosts.Storage(existing=[_ISO, Existing("/k", "file")])
    )
    found = reinstallation(guest, {"reinstall": True, **options}, actual)
    assert found is not None
    return found.first_boot(actual)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"cdrom": "/x"}, None),
        ({"cdrom": "/x", "reinstall": False}, None),
        ({"cdrom": "/x", "reinstall": "no"}, None),
        ({"cdrom": "/x", "reinstall": True}, "/x"),
        ({"location": "https://u:p@x/y?token=z", "reinstall": "yes"}, "https://x/y"),
        ({"install": "fedora37", "reinstall": True}, "fedora37"),
        ({"pxe": True, "reinstall": True}, "the network"),
        ({"pxe": True, "reinstall": 5}, "5"),
    ],
)
def test_labels(options: dict[str, t.Any], text: str | None) -> None:
    assert label(options) == text


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"reinstall": True}, "there is nothing to install from"),
        ({"reinstall": True, "cdrom": "/x", "livecd": True}, "there is nothing to install from"),
        ({"reinstall": ["a"], "pxe": True}, "reinstall takes true, or a text"),
        ({"reinstall": "a\nb", "pxe": True}, "reinstall: the text is empty, too long"),
        ({"reinstall": "a" * 1001, "pxe": True}, "reinstall: the text is empty, too long"),
    ],
)
def test_what_is_no_label(options: dict[str, t.Any], reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        label(options)


def test_once_for_a_label() -> None:
    guest, actual = hosts.guest(f"{_HEAD}</os></domain>"), defined()
    options = {"reinstall": "a", "pxe": True}
    assert reinstallation(guest, options, actual) is not None
    assert label_of(guest.root) == "a"
    noted = copied(guest.root)
    assert reinstallation(guest, options, noted) is None
    assert reinstallation(guest, {**options, "reinstall": "b"}, noted) is not None


def test_a_medium_in_the_drive_that_is_there() -> None:
    first = first_boot(defined(devices=_DISK % "" + _DRIVE), cdrom="/new.iso")
    drive = first.findall("devices/disk")[1]
    assert (drive.value("source/@file"), drive.value("target/@dev")) == ("/new.iso", "hda")
    assert drive.value("driver/@type") == "raw"
    assert [boot.get("dev") for boot in first.findall("os/boot")] == ["cdrom", "hd"]
    assert first.value("on_reboot") == "destroy"


def test_a_medium_in_a_drive_of_its_own() -> None:
    first = first_boot(defined(), cdrom="/new.iso")
    drive = first.findall("devices/disk")[1]
    assert (drive.get("device"), drive.value("source/@file")) == ("cdrom", "/new.iso")
    assert drive.value("target/@dev") is not None


def test_a_medium_comes_before_what_has_an_order() -> None:
    disk = _DISK % "<boot order='1'/>"
    first = first_boot(defined(os="", devices=disk + _DRIVE), cdrom="/new.iso")
    orders = [one.value("boot/@order") for one in first.findall("devices/disk")]
    assert (orders, first.findall("os/boot")) == (["2", "1"], [])
    with pytest.raises(OptionError, match="pxe: the domain has no interface"):
        first_boot(defined(os="", devices=disk), pxe=True)


def test_the_kernel_of_a_domain_is_not_that_of_its_installer() -> None:
    actual = defined(os="<kernel>/own</kernel><cmdline>own</cmdline>")
    assert first_boot(actual, pxe=True).value("os/kernel") is None
    first = first_boot(actual, install={"kernel": "/k", "kernel_args": "a"})
    assert (first.value("os/kernel"), first.value("os/cmdline")) == ("/k", "a")
    # Of the definition nothing was changed.
    assert actual.value("os/kernel") == "/own"


def test_disks_in_danger() -> None:
    read_only = "<disk type='file'><source file='/b'/><target dev='vdb'/><readonly/></disk>"
    volume = "<disk type='volume'><source pool='p' volume='v'/><target dev='vdc'/></disk>"
    document = defined(devices=_DISK % "" + _DRIVE + read_only + volume)
    assert overwritten(document) == ["vda (/a)", "vdc (v)"]
