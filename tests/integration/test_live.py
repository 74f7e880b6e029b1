# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running guests that are changed, by each row of the table of live changes.

These guests are real ones under TCG without an operating system.
"""

from __future__ import annotations

import pathlib
import subprocess
import typing as t

import pytest
from lxml import etree

from .hypervisor import Hypervisor, task
from .live_cases import CASES, DOCUMENT, IMAGES, Case

_NETWORK = (
    "<network><name>live</name><bridge name='virbr77'/>"
    "<ip address='192.168.177.1' netmask='255.255.255.0'/></network>"
)


@pytest.fixture(scope="module", autouse=True)
def surroundings() -> t.Iterator[None]:
    """The images and the network that the cases name."""
    folder = pathlib.Path(IMAGES)
    folder.mkdir(parents=True)
    for name in ("vda", "vdb"):
        image = folder / f"{name}.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "8M"], check=True)
    for name in ("one.iso", "two.iso", "one.img", "two.img"):
        (folder / name).write_bytes(bytes(1474560))
    hypervisor = Hypervisor()
    network = hypervisor.raw.networkCreateXML(_NETWORK)
    yield
    network.destroy()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def changes(result: t.Any) -> list[dict[str, t.Any]]:
    found: list[dict[str, t.Any]] = result.values["changes"]
    return found


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.needs_guest], ids=lambda case: case.xpath
)
def test_a_change_of_a_running_guest(hypervisor: Hypervisor, case: Case) -> None:
    domain = hypervisor.raw.defineXML(DOCUMENT)
    domain.create()
    fresh = task(xml=DOCUMENT)
    assert (fresh.changed, fresh.values["pending"]) == (False, [])
    identifier = hypervisor.number(domain.name())

    wanted = DOCUMENT.replace(case.old, case.new)
    assert wanted != DOCUMENT
    predicted = task(xml=wanted, check=True)
    assert str(etree.fromstring(domain.XMLDesc(1)).xpath(case.xpath)) != case.value
    done = task(xml=wanted)
    assert done.changed
    assert changes(done) == changes(predicted), done.values["pending"]
    assert {change["when"] for change in changes(done)} == {"live"}
    for result in (predicted, done, task(xml=wanted)):
        assert result.values["pending"] == []
        assert result.values["restart_required"] is False
    assert not result.changed
    assert str(etree.fromstring(domain.XMLDesc(1)).xpath(case.xpath)) == case.value
    assert hypervisor.number(domain.name()) == identifier

    domain.destroy()
    domain.create()
    restarted = task(xml=wanted)
    assert (restarted.changed, restarted.values["pending"]) == (False, [])
    assert str(etree.fromstring(domain.XMLDesc(1)).xpath(case.xpath)) == case.value
