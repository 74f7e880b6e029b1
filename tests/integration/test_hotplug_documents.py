# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each device of libvirt's own tests of hotplugging, on a guest that has room for it.

The documents are libvirt's, and are looked for in ../shared beside the checkout. Files that
they name are replaced by ones that are there.
"""

from __future__ import annotations

import pathlib
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_device
from lxml import etree

from .guests import Boot, Guest
from .hypervisor import Hypervisor, Result, task_of

DOCUMENTS = pathlib.Path(__file__).resolve().parents[3] / "shared" / "corpus" / "hotplug-device"
IMAGE = pathlib.Path("/var/lib/libvirt/hotplug.img")
NAME = "hotplug"


def at(slot: int) -> str:
    """A PCI address that none of the documents has."""
    return f"<address type='pci' domain='0x0000' bus='0x00' slot='{slot:#04x}' function='0x0'/>"


def x86(boot: Boot) -> str:
    """A guest that releases what is plugged out; the slots from 2 to 9 are free."""
    return f"""
<domain type='qemu'>
  <name>{NAME}</name>
  <memory unit='MiB'>192</memory>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>{boot.kernel}</kernel>
    <initrd>{boot.initrd}</initrd>
    <cmdline>console=ttyS0 quiet</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <controller type='usb' model='qemu-xhci'>{at(10)}</controller>
    <controller type='virtio-serial' index='0'>{at(11)}</controller>
    <controller type='scsi' index='0' model='virtio-scsi'>{at(12)}</controller>
    <controller type='scsi' index='1' model='virtio-scsi'>{at(13)}</controller>
    <controller type='scsi' index='2' model='virtio-scsi'>{at(14)}</controller>
    <controller type='scsi' index='3' model='virtio-scsi'>{at(15)}</controller>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <interface type='user'><model type='virtio'/>{at(16)}</interface>
    <video><model type='vga'/>{at(17)}</video>
    <memballoon model='none'/>
  </devices>
</domain>
"""


#: Its devices go without the guest, which therefore needs no system.
S390X = f"""
<domain type='qemu'>
  <name>{NAME}</name>
  <memory unit='MiB'>128</memory>
  <os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
  <devices><memballoon model='none'/></devices>
</domain>
"""


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain_device, check, **{"domain": NAME, "live_timeout": 60, **options})


@pytest.fixture(scope="module")
def guests(boot: Boot) -> t.Iterator[t.Callable[[str], Guest]]:
    """The guest that a document is for, which runs."""
    hypervisor = Hypervisor()
    hypervisor.clear()
    IMAGE.write_bytes(bytes(1024 * 1024))
    running: dict[str, Guest] = {}

    def guest(text: str) -> Guest:
        kind = "s390x" if "type='ccw'" in text else "x86"
        if kind not in running or not running[kind].domain.isActive():
            hypervisor.clear()
            running.clear()
            domain = hypervisor.raw.defineXML(S390X if kind == "s390x" else x86(boot))
            is_paused = libvirt.VIR_DOMAIN_START_PAUSED if kind == "s390x" else 0
            domain.createWithFlags(is_paused)
            running[kind] = Guest(domain)
            if kind == "x86":
                running[kind].wait_for_agent()
        return running[kind]

    yield guest
    hypervisor.clear()
    IMAGE.unlink()


@pytest.mark.parametrize(
    "path",
    sorted(DOCUMENTS.glob("*.xml"), key=lambda path: ("ccw" in path.name, path.name)),
    ids=lambda path: path.stem,
)
def test_a_document_of_libvirt(guests: t.Callable[[str], Guest], path: pathlib.Path) -> None:
    text = path.read_text(encoding="utf-8").replace("/dev/null", str(IMAGE))
    guest, before, definition, error = attached_by_libvirt(guests, text)
    if error is not None:
        result = task(xml=text)
        # It is refused, is pending with the reason, or is there already.
        assert result.failed or result.values["pending"] or not result.changed
        Hypervisor().define(definition)
        pytest.skip(f"libvirt refuses it: {error.get_error_message()}")
    for alias in names(guest) - before:
        guest.domain.detachDeviceAlias(alias, libvirt.VIR_DOMAIN_AFFECT_LIVE)
    guest.wait_until(lambda: names(guest) == before)

    predicted, done = task(check=True, xml=text), task(xml=text)
    assert done.changed, done.msg
    assert predicted.values["changes"] == done.values["changes"], str(done.values["pending"])[-160:]
    assert [change["when"] for change in done.values["changes"]] == ["live"]
    assert done.values["pending"] == []
    for again in (task(check=True, xml=text), task(xml=text)):
        assert (again.changed, again.values["changes"]) == (False, [])
    assert len(names(guest)) == len(before) + 1

    predicted, gone = (task(check=check, xml=text, state="absent") for check in (True, False))
    assert gone.changed
    assert predicted.values["changes"] == gone.values["changes"], gone.values["pending"]
    for again in (task(check=True, xml=text, state="absent"), task(xml=text, state="absent")):
        assert (again.changed, again.values["pending"]) == (False, [])
    assert names(guest) == before


def attached_by_libvirt(
    guests: t.Callable[[str], Guest], text: str
) -> tuple[Guest, set[str], str, libvirt.libvirtError | None]:
    """A guest, its devices and its definition before libvirt itself attached a device to it.

    The error is libvirt's, where it refuses the device. On a busy machine QEMU ends now and then
    of that call, which says nothing about the device: another guest is tried.
    """
    for _attempt in range(3):
        guest = guests(text)
        before, definition = names(guest), guest.domain.XMLDesc(3)
        try:
            guest.domain.attachDeviceFlags(text, libvirt.VIR_DOMAIN_AFFECT_LIVE)
        except libvirt.libvirtError as error:
            if guest.domain.isActive():
                return guest, before, definition, error
        else:
            return guest, before, definition, None
    raise AssertionError("QEMU ended three times of libvirt's own call")


def names(guest: Guest) -> set[str]:
    """libvirt's names of the running guest's devices."""
    return set(etree.fromstring(guest.domain.XMLDesc()).xpath("//alias/@name"))
