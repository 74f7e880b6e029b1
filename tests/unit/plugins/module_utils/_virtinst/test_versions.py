# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.configure import (
    clock,
    configure,
    cpu,
    features,
    inputs,
    spice,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.configure.base import (
    configure as from_capabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.guest import Guest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.versions import (
    DECISIONS,
    NEWEST,
    VERSIONS,
)

from . import hosts

_PLACE = pathlib.PurePath("docs", "docsite", "rst", "guide_virt_install.rst")
_GUIDE = next(
    (above / _PLACE for above in pathlib.Path(__file__).parents if (above / _PLACE).exists()), None
)
_ARM = "<domain type='qemu'><os><type arch='aarch64' machine='virt'>hvm</type></os>{}</domain>"
_PC = "<domain type='qemu'><os><type arch='x86_64' machine='pc'>hvm</type></os>{}</domain>"
_Q35 = "<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os>{}</domain>"
_WINDOWS = "<family>winnt</family>"
_MAXIMUM = "<cpu><mode name='maximum' supported='yes'/></cpu>"
_HYPERV = (
    "<features><hyperv supported='yes'><enum name='features'>"
    + "".join(
        f"<value>{name}</value>"
        for name in ("relaxed", "vapic", "synic", "stimer", "frequencies", "evmcs", "avic")
    )
    + "</enum></hyperv></features>"
)


def _with(inner: str) -> str:
    return f"<domainCapabilities>{inner}</domainCapabilities>"


def _made(document: str, version: str, inner: str = "", **facts: t.Any) -> Guest:
    made = hosts.guest(document.format(""), domain_capabilities=_with(inner), **facts)
    made.version = version
    from_capabilities(made)
    return made


def test_each_decision_has_a_version_and_a_reason() -> None:
    assert len({decision.name for decision in DECISIONS}) == len(DECISIONS)
    for decision in DECISIONS:
        assert decision.since in VERSIONS[1:]
        assert decision.about
        assert decision.reason
        held = [decision.holds(version) for version in VERSIONS]
        assert held == sorted(held)
        assert held[0] is False
        assert held[-1] is True


@pytest.mark.skipif(_GUIDE is None, reason="the guides aren't installed")
@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.name)
def test_the_guide_has_each_decision(decision: t.Any) -> None:
    assert _GUIDE is not None
    sentence = f"{decision.about[0].upper()}{decision.about[1:]}."
    assert f"   * - {decision.since}\n     - {sentence}" in _GUIDE.read_text("utf-8")


def test_the_newest_is_the_default() -> None:
    assert hosts.guest().version == NEWEST
    document = hosts.guest(_Q35.format("")).with_document(hosts.guest().root)
    assert document.version == NEWEST


def test_another_document_of_a_guest_has_its_version() -> None:
    guest = hosts.guest(_Q35.format(""))
    guest.version = "4.1"
    assert guest.with_document(hosts.guest().root).version == "4.1"
    assert guest.with_document(hosts.guest().root).os is guest.os


@pytest.mark.parametrize(
    ("version", "mode"), [("4.1", None), ("5.0", None), ("5.1", "maximum")], ids=str
)
def test_the_cpu_of_an_emulated_guest(version: str, mode: str | None) -> None:
    guest = _made(_PC, version, _MAXIMUM)
    cpu.configure(guest)
    assert guest.get("cpu/@mode") == mode


def test_a_qemu_that_lacks_the_mode_maximum() -> None:
    guest = _made(_PC, "5.1", "<cpu><mode name='maximum' supported='no'/></cpu>")
    cpu.configure(guest)
    assert not guest.has("cpu")


@pytest.mark.parametrize(("version", "mode"), [("4.1", "custom"), ("5.1", "maximum")])
def test_the_cpu_of_an_emulated_arm(version: str, mode: str) -> None:
    guest = _made(_ARM, version, _MAXIMUM)
    cpu.configure(guest)
    assert guest.get("cpu/@mode") == mode


@pytest.mark.parametrize("version", VERSIONS)
def test_a_topology_alone_keeps_the_default_mode(version: str) -> None:
    guest = hosts.guest(_Q35.format("<cpu><topology sockets='1' cores='2' threads='1'/></cpu>"))
    guest.version = version
    cpu.configure(guest)
    assert guest.get("cpu/@mode") == "host-passthrough"
    assert guest.get("cpu/topology/@cores") == "2"


@pytest.mark.parametrize("version", VERSIONS)
def test_maximum_is_a_mode(version: str) -> None:
    guest = _made(_PC, version)
    apply(guest, "cpu", "maximum")
    assert guest.get("cpu/@mode") == "maximum"
    assert guest.get("cpu/model") is None


def _hyperv(version: str, inner: str) -> dict[str, str | None]:
    guest = hosts.guest(
        _Q35.format(""), domain_capabilities=_with(inner), runs=hosts.system(more=_WINDOWS)
    )
    guest.version = version
    clock.configure(guest)
    features.configure(guest)
    hyperv = guest.root.find("features/hyperv")
    return {} if hyperv is None else {child.tag: child.get("state") for child in hyperv.children}


def test_the_features_of_hyperv() -> None:
    three = {"relaxed": "on", "vapic": "on", "spinlocks": "on"}
    assert _hyperv("4.1", _HYPERV) == three
    # synic and stimer need vpindex, which isn't listed; evmcs is for a host of Intel.
    expected = {"relaxed": "on", "vapic": "on", "frequencies": "on", "avic": "on"}
    assert _hyperv("5.0", _HYPERV) == expected
    assert _hyperv("5.0", "") == {}
    more = _HYPERV.replace("<value>synic", "<value>vpindex</value><value>synic")
    assert _hyperv("5.1", more) == {**expected, "vpindex": "on", "synic": "on", "stimer": "on"}


def test_a_feature_of_hyperv_that_is_off_takes_those_with_it_that_need_it() -> None:
    more = _HYPERV.replace("<value>synic", "<value>vpindex</value><value>synic")
    guest = hosts.guest(
        _Q35.format("<features><hyperv><vpindex state='off'/></hyperv></features>"),
        domain_capabilities=_with(more),
        runs=hosts.system(more=_WINDOWS),
    )
    clock.configure(guest)
    features.configure(guest)
    assert guest.get("features/hyperv/vpindex/@state") == "off"
    assert not guest.has("features/hyperv/synic")


_NO_SPICE = (
    "<devices><channel supported='yes'><enum name='type'><value>unix</value></enum></channel>"
    "<redirdev supported='yes'><enum name='bus'/></redirdev></devices>"
)


@pytest.mark.parametrize(
    ("version", "inner", "expected"),
    [("4.1", _NO_SPICE, 3), ("5.0", _NO_SPICE, 0), ("5.0", "", 3)],
)
def test_what_comes_with_spice(version: str, inner: str, expected: int) -> None:
    guest = hosts.guest(
        _Q35.format("<devices><graphics type='spice'/></devices>"), domain_capabilities=_with(inner)
    )
    guest.version = version
    spice.add(guest)
    assert len(guest.devices("channel")) + len(guest.devices("redirdev")) == expected


@pytest.mark.parametrize(("version", "bus"), [("4.1", "ps2"), ("5.0", None)])
def test_the_bus_of_a_mouse(version: str, bus: str | None) -> None:
    guest = hosts.guest(_Q35.format("<devices><input type='mouse'/></devices>"))
    guest.version = version
    inputs.configure(guest)
    assert guest.devices("input")[0].get("bus") == bus


@pytest.mark.parametrize(
    ("version", "graphics", "video"), [("4.1", 0, None), ("5.0", 1, "virtio"), ("5.1", 1, "ramfb")]
)
def test_the_screen_of_an_arm(version: str, graphics: int, video: str | None) -> None:
    guest = _made(_ARM, version, "<os><enum name='firmware'><value>efi</value></enum></os>")
    configure(guest)
    assert len(guest.devices("graphics")) == graphics
    assert [card.value("model/@type") for card in guest.devices("video")] == [video] * graphics
    kinds = [device.get("type") for device in guest.devices("input")]
    assert kinds == ["tablet", "keyboard"] * graphics


@pytest.mark.parametrize(("version", "model"), [("4.1", "isa"), ("5.0", None)])
def test_the_model_of_a_panic_device(version: str, model: str | None) -> None:
    options = {"osinfo": "generic", "name": "web", "memory": 512, "disk": "none"}
    made = domain_defaults(
        hosts.host(), {**options, "panic": "default", "virt_install_version": version}
    )
    assert made.domain.value("devices/panic/@model") == model
    assert made.domain.find("devices/panic") is not None


@pytest.mark.parametrize(("version", "ram"), [("4.1", "64"), ("5.0", None)])
def test_the_memory_of_a_card_that_is_no_qxl(version: str, ram: str | None) -> None:
    options = {"osinfo": "generic", "name": "web", "memory": 512, "disk": "none"}
    made = domain_defaults(
        hosts.host(),
        {**options, "video": {"ram": "64"}, "virt_install_version": version},
    )
    assert made.domain.value("devices/video/model/@ram") == ram


@pytest.mark.parametrize("version", VERSIONS)
def test_uefi_that_is_switched_off(version: str) -> None:
    system = hosts.system(short_id="win11", more=_WINDOWS)
    guest = hosts.guest(_Q35.format(""), runs=system)
    guest.version = version
    apply(guest, "boot", "uefi=off")
    configure(guest)
    assert guest.get("os/@firmware") is None
    assert not guest.devices("tpm")


_UEFI = (
    "<os><enum name='firmware'><value>efi</value></enum></os><devices><tpm supported='yes'>"
    "<enum name='model'><value>tpm-crb</value></enum>"
    "<enum name='backendModel'><value>emulator</value></enum></tpm></devices>"
)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("more", "first"),
    [
        ({"cloud_init": {"user_data": "#cloud-config"}}, 0),
        ({"cloud_init": {"user_data": "#cloud-config"}, "tpm": "default"}, 1),
        ({"pxe": True}, 1),
    ],
    ids=["cloud-init", "cloud-init and a TPM that is said", "installer"],
)
def test_the_tpm_of_the_first_boot(version: str, more: dict[str, t.Any], first: int) -> None:
    options = {"osinfo": "generic", "name": "web", "memory": 512, "disk": "none", "boot": "uefi"}
    made = domain_defaults(
        hosts.host(domain_capabilities=_with(_UEFI)),
        {**options, **more, "virt_install_version": version},
    )
    assert made.first_boot is not None
    assert len(made.first_boot.findall("devices/tpm")) == first
    assert len(made.domain.findall("devices/tpm")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8080:80", ("tcp", None, "8080", None, "80")),
        ("53/udp", ("udp", None, "53", None, None)),
        ("2000-2010", ("tcp", None, "2000", "2010", None)),
        ("192.0.2.1:2000-2010:22/udp", ("udp", "192.0.2.1", "2000", "2010", "22")),
        ("2001:db8::1:2000:22", ("tcp", "2001:db8::1", "2000", None, "22")),
    ],
)
def test_ports_in_short(text: str, expected: tuple[str | None, ...]) -> None:
    guest = hosts.guest(_Q35.format(""))
    forward = apply(guest, "network", {"type": "passt", "portForward": [text]})[0].child(
        "portForward"
    )
    assert forward is not None
    places = ("@proto", "@address", "range/@start", "range/@end", "range/@to")
    assert tuple(forward.value(place) for place in places) == expected


def test_passt() -> None:
    interface = apply(hosts.guest(_Q35.format("")), "network", "passt")[0]
    assert interface.get("type") == "user"
    assert interface.value("backend/@type") == "passt"


@pytest.mark.parametrize(
    ("exists", "name", "state"),
    [(False, "stimer", "off"), (True, "stimer", None), (False, "tlbflush", None)],
)
def test_a_part_of_a_feature_that_is_off(exists: bool, name: str, state: str | None) -> None:
    guest = hosts.guest(_Q35.format(""))
    guest.exists = exists
    apply(guest, "features", {"hyperv": {name: {"state": True, "direct": {"state": False}}}})
    assert guest.get(f"features/hyperv/{name}/direct/@state") == state
