# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unattended installations: what the installer finds, and that nothing is left of it."""

from __future__ import annotations

import io
import os
import pathlib
import shutil
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_defaults,
)

from .guests import Boot, Guest
from .hypervisor import Hypervisor, Result, task_of
from .web_server import Page, WebServer

pytestmark = pytest.mark.usefixtures("no_images")

NAME = "installed"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
TREE = pathlib.Path("/srv/unattended")
PASSWORD, OTHER = "Gh7xQ-of-root", "Gh7xQ-of-ada"
INFO = (
    "[general]\nfamily = Fedora\nvariant = Server\nversion = 36\narch = x86_64\n"
    "[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n"
)
BASE: dict[str, t.Any] = {
    "name": NAME,
    "virt_type": "qemu",
    "memory": 192,
    "disk": {"size": 1},
    "network": "none",
    "graphics": "none",
    "state": "running",
    "shutdown": {"method": [], "timeout": 0, "force": True},
}
FEDORA = {
    **BASE,
    "location": str(TREE),
    "osinfo": "fedora36",
    "extra_args": "console=ttyS0 quiet",
    "unattended": {
        "profile": "desktop",
        "admin_password": PASSWORD,
        "user_login": "ada",
        "user_password": OTHER,
    },
}
#: No drivers are downloaded for it.
WINDOWS = {
    **BASE,
    "osinfo": "winvista",
    "cdrom": str(IMAGES / "windows.iso"),
    "unattended": {
        "admin_password": PASSWORD,
        "user_login": "ada",
        "user_password": OTHER,
        "product_key": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
    },
}


@pytest.fixture(autouse=True)
def fixture_tree(boot: Boot) -> t.Iterator[None]:
    folder = TREE / "images" / "pxeboot"
    folder.mkdir(parents=True)
    shutil.copy(boot.kernel, folder / "vmlinuz")
    shutil.copy(boot.initrd, folder / "initrd.img")
    (TREE / ".treeinfo").write_text(INFO, encoding="ascii")
    yield
    shutil.rmtree(TREE)


@pytest.fixture(name="windows")
def fixture_windows() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / "windows.iso").write_bytes(bytes(0x8000) + b"\x01CD001\x01" + bytes(2041))


def task(check: bool = False, **options: t.Any) -> Result:
    done = task_of(domain, check, True, **options)
    assert PASSWORD not in str(done)
    assert OTHER not in str(done)
    return done


def left() -> list[str]:
    """What there is beside the disk."""
    names = sorted(path.name for path in IMAGES.iterdir())
    return [name for name in names if name not in (f"{NAME}.qcow2", "windows.iso")]


def installed(options: dict[str, t.Any]) -> None:
    """Check mode says what the run does, of which nothing is left, and then there is nothing to do."""
    foreseen = task(True, **options)
    assert not foreseen.failed, foreseen.msg
    done = task(**options)
    assert not done.failed, done.msg
    assert done.values["changes"] == foreseen.values["changes"]
    assert left() == []
    for mode in ("merge", "exact"):
        for check in (True, False):
            again = task(check, **options, mode=mode)
            assert not again.failed, again.msg
            assert not again.changed, (mode, again.values["changes"])
    assert left() == []


def test_a_script_in_an_initrd(hypervisor: Hypervisor) -> None:
    installed(FEDORA)
    raw = hypervisor.raw.lookupByName(NAME)
    guest = Guest(raw)
    guest.wait_for_agent()
    arguments = guest.run("cat", "/proc/cmdline").strip()
    assert arguments == "console=ttyS0 quiet inst.ks=file:/fedora.ks inst.repo="
    script = guest.run("cat", "/fedora.ks")
    assert f"echo '{PASSWORD}' |passwd --stdin root" in script
    assert "useradd -G wheel ada" in script
    assert "Install script for fedora36 profile desktop" in script
    # Its initrd was in a file that only its owner could read, and is in the guest alone by now.
    assert f"{NAME}-initrd" in raw.XMLDesc()
    assert "initrd" not in hypervisor.definition(NAME)
    guest.restart()
    over = task(**FEDORA, wait={"for": "installed", "timeout": 60})
    assert not over.failed, over.msg
    assert "cmdline" not in raw.XMLDesc()


@pytest.mark.usefixtures("windows")
def test_scripts_on_a_cdrom(hypervisor: Hypervisor) -> None:
    pycdlib = pytest.importorskip("pycdlib")
    installed(WINDOWS)
    raw = hypervisor.raw.lookupByName(NAME)
    disc = IMAGES / f"{NAME}-unattended.iso"
    assert str(disc) in raw.XMLDesc()
    assert str(disc) not in hypervisor.definition(NAME)
    opened = _opened_by(raw, str(disc))
    assert os.stat(opened).st_mode & 0o777 == 0o600
    image = pycdlib.PyCdlib()
    image.open_fp(io.BytesIO(opened.read_bytes()))
    names = [child.rock_ridge.name().decode() for child in _files(image)]
    assert sorted(names) == ["autounattend.xml"]
    content = io.BytesIO()
    image.get_file_from_iso_fp(content, joliet_path="/autounattend.xml")
    script = content.getvalue().decode()
    assert PASSWORD in script
    assert "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE" in script


@pytest.mark.usefixtures("windows")
def test_drivers_are_downloaded(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    pycdlib = pytest.importorskip("pycdlib")
    server = WebServer()
    extension = tmp_path / "os" / "microsoft.com" / "win-vista.d" / "drivers.xml"
    extension.parent.mkdir(parents=True)
    extension.write_text(
        '<libosinfo version="0.0.1"><os id="http://microsoft.com/win/vista">'
        f'<driver arch="x86_64" location="{server.url("/drivers")}" pre-installable="true">'
        "<file>viostor.inf</file><file>viostor.sys</file>"
        '<device id="http://pcisig.com/pci/1af4/1001"/></driver></os></libosinfo>',
        encoding="ascii",
    )
    monkeypatch.setenv("OSINFO_LOCAL_DIR", str(tmp_path))
    with server.running():
        server.pages["/drivers/viostor.inf"] = Page(b"inf")
        missing = task(**WINDOWS)
        assert missing.failed
        assert "unattended: a driver for the installer" in missing.msg
        assert "/drivers/viostor.sys" in missing.msg
        assert hypervisor.names() == set()
        assert left() == []
        server.pages["/drivers/viostor.sys"] = Page(b"sys" * 1000)
        installed(WINDOWS)
    raw = hypervisor.raw.lookupByName(NAME)
    assert "<target dev='vda' bus='virtio'/>" in raw.XMLDesc()
    opened = _opened_by(raw, str(IMAGES / f"{NAME}-unattended.iso"))
    image = pycdlib.PyCdlib()
    image.open_fp(io.BytesIO(opened.read_bytes()))
    names = [child.rock_ridge.name().decode() for child in _files(image)]
    assert sorted(names) == ["autounattend.xml", "viostor.inf", "viostor.sys"]


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("options", [FEDORA, WINDOWS], ids=["initrd", "cdrom"])
def test_what_an_interrupted_task_has_left_is_replaced(
    hypervisor: Hypervisor, options: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have another password of the same length."""
    from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import run

    class Killed(BaseException):
        pass

    def killed(*_all: t.Any) -> t.NoReturn:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", killed)
        with pytest.raises(Killed):
            task(**options)
    assert len(left()) == 1
    place = IMAGES / left()[0]
    assert place.stat().st_mode & 0o777 == 0o600
    before = place.read_bytes()
    other = {**options["unattended"], "admin_password": PASSWORD[::-1]}
    started = task(**{**options, "unattended": other})
    assert not started.failed, started.msg
    assert left() == []
    opened = _opened_by(hypervisor.raw.lookupByName(NAME), str(place))
    assert opened.read_bytes() != before


def test_a_guest_that_does_not_start(hypervisor: Hypervisor) -> None:
    refused = task(**FEDORA, xpath={"set": "./devices/emulator", "value": "/bin/false"})
    assert refused.failed
    assert hypervisor.names() == set()
    assert left() == []


@pytest.mark.parametrize("state", ["stopped", "present"])
def test_one_that_is_only_defined_gets_no_files(hypervisor: Hypervisor, state: str) -> None:
    foreseen = task(True, **{**FEDORA, "state": state})
    done = task(**{**FEDORA, "state": state})
    assert not done.failed, done.msg
    assert done.values["changes"] == foreseen.values["changes"]
    assert "without its first boot" in str(done.values["warnings"])
    assert left() == []
    assert hypervisor.names() == {NAME}


def test_the_script_is_shown_without_passwords() -> None:
    options = {name: value for name, value in FEDORA.items() if name not in ("state", "shutdown")}
    for shows in (False, True):
        done = task_of(domain_defaults, **options, show_secrets=shows)
        assert not done.failed, done.msg
        (file,) = done.values["installer_files"]
        assert file["name"] == "fedora.ks"
        assert (PASSWORD in file["content"], "VALUE_HIDDEN" in file["content"]) == (
            shows,
            not shows,
        )
        assert PASSWORD not in str({**done.values, "installer_files": None})
    none = task_of(domain_defaults, **{**options, "unattended": "none"})
    assert (none.values["installer_files"], none.failed) == ([], False)


def _files(image: t.Any) -> list[t.Any]:
    return [child for child in image.list_children(iso_path="/") if child.is_file()]


def _opened_by(raw: t.Any, path: str) -> pathlib.Path:
    """The deleted file with this path that a guest's process has open."""
    found = subprocess.run(
        ["pgrep", "-f", f"guest={raw.name()},"], capture_output=True, text=True, check=True
    ).stdout.split()
    for process in found:
        for handle in pathlib.Path(f"/proc/{process}/fd").iterdir():
            if os.readlink(handle).startswith(path):
                return handle
        for mapped in pathlib.Path(f"/proc/{process}/map_files").iterdir():
            if os.readlink(mapped).startswith(path):
                return mapped
    raise AssertionError(f"no process has {path} open")
