# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain on real guests: states, waiting, lists of devices, and whole documents."""

from __future__ import annotations

import functools
import threading
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain

from .guests import Boot, Guest, document
from .hypervisor import Hypervisor, Result, task_of
from .three_ways import three_ways

NAME = "guest"
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
#: A guest without disks, which nothing is installed on.
BASE: dict[str, t.Any] = {
    "name": NAME,
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 192,
    "disk": "none",
    "network": "none",
    "graphics": "none",
    "shutdown": SWITCH_OFF,
}
FIRST, SECOND = "52:54:00:00:05:01", "52:54:00:00:05:02"


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain, check, **{"name": NAME, "shutdown": SWITCH_OFF, **options})


thrice = functools.partial(three_ways, domain, None, name=NAME, shutdown=SWITCH_OFF)


def paths(result: Result) -> list[str]:
    return [change["path"] for change in result.values["changes"]]


def test_each_state(hypervisor: Hypervisor) -> None:
    way = ("paused", "running", "saved", "running", "stopped", "running", "paused", "saved")
    for number, state in enumerate(way):
        done = thrice(**(BASE if not number else {}), state=state)
        shown = "shutoff" if state in ("stopped", "saved") else state
        assert done.values["domain"]["state"] == shown
    raw = hypervisor.raw.lookupByName(NAME)
    assert raw.hasManagedSaveImage()
    # There is nothing to do for one that is saved, and nothing is lost of it.
    assert not task(state="stopped").changed
    assert raw.hasManagedSaveImage()


def test_the_definition_of_a_saved_guest_is_for_later(hypervisor: Hypervisor) -> None:
    task(**BASE, state="running")
    task(state="saved")
    changed = task(memory=256)
    assert changed.changed
    assert "saved" in str(changed.values["warnings"])


@pytest.mark.parametrize("what", ["ip", "agent"])
def test_wait(hypervisor: Hypervisor, boot: Boot, what: str) -> None:
    options = {
        **BASE,
        "boot": {
            "kernel": str(boot.kernel),
            "initrd": str(boot.initrd),
            "kernel_args": "console=ttyS0 quiet",
        },
        "network": {"network": "default", "mac": FIRST},
    }
    done = task(**options, state="running", wait={"for": what, "timeout": 90})
    assert done.changed, done.msg
    if what == "ip":
        assert {one["mac"] for one in done.values["addresses"]} == {FIRST}
    again = task(**options, state="running", wait={"for": what, "timeout": 90})
    assert not again.failed
    assert not again.changed
    impossible = task(state="stopped", wait={"for": what})
    assert impossible.failed
    assert f"wait.for is {what}" in impossible.msg


def test_wait_for_what_does_not_come(hypervisor: Hypervisor) -> None:
    late = task(**BASE, state="running", wait={"for": "agent", "timeout": 0.5})
    assert late.failed
    assert late.changed
    assert "it is as wanted, but its guest agent does not answer after 0.5 s" in late.msg
    raw = hypervisor.raw.lookupByName(NAME)
    threading.Timer(1, raw.destroy).start()
    assert not task(wait={"for": "shutoff", "timeout": 20}).failed
    assert task(check=True, state="running", wait={"for": "agent"}).changed


def interfaces(hypervisor: Hypervisor) -> list[str]:
    text = hypervisor.definition(NAME)
    return [mac for mac in (FIRST, SECOND) if mac in text]


def test_a_device_that_is_to_be_absent(hypervisor: Hypervisor) -> None:
    one, two = ({"network": "default", "mac": mac} for mac in (FIRST, SECOND))
    task(**{**BASE, "network": [one, two]})
    done = thrice(network=[one, {"mac": SECOND.upper(), "state": "absent"}])
    assert interfaces(hypervisor) == [FIRST]
    assert [change["op"] for change in done.values["changes"]] == ["remove"]
    assert not task(network=f"mac={SECOND},state=absent").changed
    thrice(network=[{"network": "default", "state": "absent"}])
    assert interfaces(hypervisor) == []
    assert not task(exclusive=["network"], network=[]).changed


def test_a_list_that_is_the_whole_truth(hypervisor: Hypervisor) -> None:
    one, two = ({"network": "default", "mac": mac} for mac in (FIRST, SECOND))
    task(**{**BASE, "network": [one, two]}, rng="/dev/urandom")
    done = thrice(network=two, exclusive=["network"])
    assert interfaces(hypervisor) == [SECOND]
    assert [change["op"] for change in done.values["changes"]] == ["remove"]
    thrice(network="none", exclusive=["network"])
    assert interfaces(hypervisor) == []
    # What no list is exclusive of stays.
    assert "<rng" in hypervisor.definition(NAME)
    refused = task(exclusive=["network"])
    assert refused.failed
    assert "exclusive names network, which is not given" in refused.msg
    refused = task(network=[{"state": "absent"}])
    assert refused.failed
    assert "doesn't name the device" in refused.msg
    refused = task(network=[{"state": "gone", "mac": FIRST}])
    assert refused.failed
    assert "present or absent, not gone" in refused.msg


def test_a_device_leaves_a_guest_that_runs(hypervisor: Hypervisor, boot: Boot) -> None:
    one, two = ({"network": "default", "mac": mac, "model": "virtio"} for mac in (FIRST, SECOND))
    kernel = {"kernel": str(boot.kernel), "initrd": str(boot.initrd), "kernel_args": "quiet"}
    task(**{**BASE, "network": [one, two]}, boot=kernel, state="running", wait={"for": "agent"})
    guest = Guest(hypervisor.raw.lookupByName(NAME))
    done = thrice(network=two, exclusive=["network"])
    assert [change["when"] for change in done.values["changes"]] == ["live"]
    assert not done.values["restart_required"]
    seen = guest.run("cat", "/proc/net/dev")
    assert seen.count("eth") == 1
    thrice(network=[{"mac": SECOND, "state": "absent"}])
    assert "eth" not in guest.run("cat", "/proc/net/dev")


def test_a_device_that_is_listed_and_absent(hypervisor: Hypervisor) -> None:
    task(**{**BASE, "network": {"network": "default", "mac": FIRST}})
    both = task(network=[{"network": "default"}, {"network": "default", "state": "absent"}])
    assert both.failed
    assert "leave one of them out" in both.msg


def test_the_drives_of_other_options_are_no_part_of_a_list(hypervisor: Hypervisor) -> None:
    options = {**BASE, "cloud_init": {"root_password": "opensesame"}}
    task(**options)
    before = hypervisor.definition(NAME)
    assert "device='cdrom'" in before
    assert not task(**{**options, "exclusive": ["disk"]}).changed
    thrice(**BASE, exclusive=["disk"])
    assert "device='cdrom'" not in hypervisor.definition(NAME)
    volume = hypervisor.raw.storageVolLookupByPath(f"/var/lib/libvirt/images/{NAME}-cloudinit.iso")
    volume.delete()


def test_a_whole_document(hypervisor: Hypervisor, boot: Boot) -> None:
    text = document(NAME, boot)
    thrice(xml=text)
    thrice(xml=text, state="running", autostart=True)
    changed = thrice(xml="<domain><memory unit='MiB'>256</memory></domain>")
    assert paths(changed) == ["/domain/memory", "/domain/currentMemory"]
    thrice(xml=text, mode="exact", state="stopped")
    assert "196608" in hypervisor.definition(NAME)
    thrice(state="absent")


def test_a_document_that_can_not_be(hypervisor: Hypervisor, boot: Boot) -> None:
    text = document(NAME, boot)
    for options, words in (
        ({"xml": text, "memory": 512}, "xml is the whole definition, so memory can't"),
        ({"xml": text.replace("<vcpu", "<vpcu").replace("/vcpu", "/vpcu")}, "vpcu"),
        ({"xml": text.replace(f">{NAME}<", ">other<")}, "the XML's <name> is 'other'"),
        ({"xml": "<domain"}, "not well-formed"),
    ):
        refused = task(**options)
        assert refused.failed
        assert words in refused.msg, refused.msg
        assert not hypervisor.names()


def test_the_password_of_a_document_is_told_to_nobody(hypervisor: Hypervisor, boot: Boot) -> None:
    graphics = "<graphics type='vnc' passwd='sesame12'/>"
    text = document(NAME, boot, graphics)
    wrong = text.replace("<devices>", "<nonsense/><devices>")
    for check, xml in ((True, text), (False, text), (False, wrong)):
        result = task_of(domain, check, True, name=NAME, xml=xml)
        assert "sesame12" not in str(result.values)
    assert "sesame12" in hypervisor.raw.lookupByName(NAME).XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE)


# The name


def test_the_name_stands_in_a_command_line_or_a_document(hypervisor: Hypervisor) -> None:
    line = "virt-install --name in-line --memory 64 --import --disk none --osinfo generic"
    text = (
        "<domain type='qemu'><name>in-text</name><memory unit='MiB'>64</memory>"
        "<os><type arch='x86_64'>hvm</type></os></domain>"
    )
    named: dict[str, dict[str, t.Any]] = {
        "in-line": {"virt_install": line},
        "in-text": {"xml": text},
    }
    for name, options in named.items():
        done = task_of(domain, **options)
        assert done.changed, done.msg
        assert done.values["domain"]["name"] == name
        assert not task_of(domain, **options).changed
        gone = task_of(domain, name=name, state="absent")
        assert gone.changed
    refused = task_of(domain, virt_install=line.replace("--disk none", "--disk size=-1"))
    assert refused.msg.startswith("domain 'in-line': ")
    nameless: list[dict[str, t.Any]] = [
        {"virt_install": "virt-install --memory 64"},
        {"memory": 64},
    ]
    for options in nameless:
        result = task_of(domain, **options)
        assert result.failed
        assert "name" in result.msg


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"virt_type": "strange"}, "virt_type: type='strange' isn't allowed"),
        ({"uuid": "zz"}, "uuid: 'zz' is no UUID; write 32 hexadecimal digits"),
        ({"xpath": "nonsense"}, "xpath: nonsense needs the form XPATH=VALUE"),
        ({"vcpus": "many"}, "vcpus: many is not a whole number"),
        (
            {"disks": [{"device": "cdrom", "path": "/no.iso"}]},
            "no.iso does not exist in /; correct",
        ),
    ],
)
def test_a_message_begins_with_the_option(
    hypervisor: Hypervisor, options: dict[str, t.Any], words: str
) -> None:
    for is_new in (True, False):
        if not is_new:
            task(**BASE)
        result = task(**{**(BASE if is_new else {}), **options})
        assert result.failed
        if is_new and "virt_type" in options:
            # Of a new domain it is known that the host has no such hypervisor.
            assert "virt_type strange" in result.msg
        elif is_new or "uuid" not in options:
            assert words in result.msg


def test_a_system_that_nothing_installs_unattended(hypervisor: Hypervisor) -> None:
    result = task_of(domain, name="new", unattended={"profile": "desktop"}, osinfo="generic")
    assert result.failed
    assert "which no script installs; set osinfo to the system" in result.msg
    assert hypervisor.names() == set()
