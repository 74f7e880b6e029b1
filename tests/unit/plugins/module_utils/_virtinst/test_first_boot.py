# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.first_boot import (
    domain_of_seed,
    is_installation,
    is_unfinished,
    without_first_boot,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

SEED = "/images/web-cloudinit.iso"
SERIAL = "<sysinfo type='smbios'><system><entry name='serial'>ds=nocloud</entry></system></sysinfo>"


def document(
    on_reboot: str = "restart",
    os: str = "<boot dev='hd'/>",
    source: str = "",
    memory: int = 1024,
    extra: str = "",
) -> Element:
    source = f"<source file='{source}'/>" if source else ""
    return parse(
        f"<domain><name>web</name><memory>{memory}</memory><currentMemory>{memory}</currentMemory>"
        f"{extra}<os><type>hvm</type>{os}</os><on_reboot>{on_reboot}</on_reboot><devices>"
        f"<disk device='cdrom'>{source}<target dev='sda'/></disk><rng/></devices></domain>"
    )


DEFINITION = document()
INSTALLERS = {
    "medium": document("destroy", "<boot dev='cdrom'/><boot dev='hd'/>", "/i.iso"),
    "medium, order of devices": document("destroy", "", "/i.iso"),
    "network": document("destroy", "<boot dev='network'/><boot dev='hd'/>"),
    "kernel": document("destroy", "<kernel>/k</kernel><initrd>/i</initrd>", memory=2048),
    "kernel and cloud-init": document(
        "destroy", "<kernel>/k</kernel><smbios mode='sysinfo'/>", SEED, extra=SERIAL
    ),
}


@pytest.mark.parametrize("live", INSTALLERS.values(), ids=INSTALLERS.keys())
def test_what_an_installer_has_is_no_difference(live: Element) -> None:
    assert is_installation(DEFINITION, live)
    assert is_unfinished("web", live)
    assert sorted(map(repr_of, without_first_boot(DEFINITION, live).walk())) == sorted(
        map(repr_of, DEFINITION.walk())
    )


def repr_of(element: Element) -> str:
    return f"{element.tag} {element.attributes} {element.text}"


def test_what_cloud_init_is_told_is_no_difference() -> None:
    live = document(os="<boot dev='hd'/><smbios mode='sysinfo'/>", source=SEED, extra=SERIAL)
    assert not is_installation(DEFINITION, live)
    assert is_unfinished("web", live)
    assert not is_unfinished("other", live)
    assert without_first_boot(DEFINITION, live) == DEFINITION
    # The drive has got other data, which are in the definition too.
    definition = document(source="/images/web-cloudinit-0123456789ab.iso")
    changed = document(
        os="<boot dev='hd'/><smbios mode='sysinfo'/>",
        source="/images/web-cloudinit-0123456789ab.iso",
        extra=SERIAL,
    )
    assert without_first_boot(definition, changed) == definition


@pytest.mark.parametrize(
    "live",
    [
        DEFINITION,
        document("destroy"),
        document(source="/images/medium.iso"),
        document(memory=2048),
        document(os="<kernel>/k</kernel>"),
    ],
)
def test_all_else_is_a_difference(live: Element) -> None:
    assert not is_installation(DEFINITION, live)
    assert without_first_boot(DEFINITION, live) is live


def test_what_was_changed_during_an_installation_is_a_difference() -> None:
    definition = document(memory=4096)
    seen = without_first_boot(definition, INSTALLERS["kernel"])
    assert seen.value("memory") == "2048"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (SEED, "web"),
        ("/images/a-cloudinit-0123456789ab.iso", "a"),
        ("/images/a-cloudinit-01.iso", None),
        ("/images/-cloudinit.iso", None),
        ("/images/web-cloudinit.iso.bak", None),
        ("/images/web.iso", None),
    ],
)
def test_a_seed_is_named_by_its_domain(path: str, name: str | None) -> None:
    assert domain_of_seed(path) == name


def test_cloud_init_begins_without_the_tpm_of_all_later_boots() -> None:
    plain = document()
    definition = plain.replaced(
        children=[
            child.replaced(children=[*child.children, Element("tpm", {"model": "tpm-crb"})])
            if child.tag == "devices"
            else child
            for child in plain.children
        ]
    )
    seen = without_first_boot(definition, document(source=SEED))
    assert [device.tag for device in seen.findall("devices/tpm")] == ["tpm"]
    # An installer has it from the beginning.
    assert without_first_boot(definition, INSTALLERS["network"]).findall("devices/tpm") == []
