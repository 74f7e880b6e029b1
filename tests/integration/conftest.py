# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pathlib
import subprocess
import typing as t

import pytest

from .guests import Boot

_NETWORK = (
    "<network><name>live{0}</name><bridge name='virbr7{1}'/>"
    "<ip address='192.168.17{1}.1' netmask='255.255.255.0'/></network>"
)


@pytest.fixture(scope="session", autouse=True)
def _private_libvirtd() -> None:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.exit(
            "Run these with: make integration. Here they would meet this machine's own guests.",
            returncode=2,
        )


@pytest.fixture
def hypervisor() -> t.Any:
    """The private libvirtd, without domains before and after."""
    from .hypervisor import Hypervisor

    found = Hypervisor()
    found.clear()
    yield found
    found.clear()


@pytest.fixture
def no_images(hypervisor: t.Any) -> t.Iterator[None]:
    """No pools and no images after the test."""
    yield
    hypervisor.clear()
    hypervisor.clear_pools()
    for image in pathlib.Path("/var/lib/libvirt/images").iterdir():
        image.unlink()


@pytest.fixture(scope="session")
def boot() -> Boot:
    """What guests with an operating system boot from."""
    return Boot()


@pytest.fixture(scope="module")
def live_surroundings() -> t.Iterator[None]:
    """The images and the network that the documents of test_live.py name."""
    from .hypervisor import Hypervisor
    from .live_cases import IMAGES

    folder = pathlib.Path(IMAGES)
    folder.mkdir(parents=True)
    for name in ("vda", "vdb"):
        image = folder / f"{name}.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "8M"], check=True)
    for name in ("one.iso", "two.iso", "one.img", "two.img", "three.img"):
        (folder / name).write_bytes(bytes(1474560))
    names = ("", "2")
    for number, name in enumerate(names, 7):
        Hypervisor().raw.networkCreateXML(_NETWORK.format(name, number))
    yield
    # The tests in between may have restarted the daemon, which ended that connection.
    for name in names:
        Hypervisor().raw.networkLookupByName(f"live{name}").destroy()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
