# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong: it is said in words, harms nobody else, and is cleaned up."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import time

from ansible_collections.declarative.libvirt.plugins.plugin_utils._molecule.names import (
    Scenario,
    domain_name,
)

from ..integration.guests import Boot
from ..integration.hypervisor import Hypervisor
from ..integration.images import make_overlay
from .projects import Project, classic, native

AGENT = {"molecule_libvirt_connection": "agent"}


def name_of(project: Project, host: str) -> str:
    return domain_name(Scenario(str(project.folder), "default"), host)


def left(image: pathlib.Path) -> list[str]:
    return sorted(path.name for path in image.parent.iterdir() if path != image)


def without_network(folder: pathlib.Path, boot: Boot) -> Project:
    """A project whose guests never get an address."""
    project = native(folder, boot, molecule_libvirt_login="none", molecule_libvirt_timeout=2)
    path = folder / "molecule/default/inventory/hosts.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("virt_type: qemu", "virt_type: qemu\n      network: none"))
    return project


def test_a_domain_of_someone_else_is_left_alone(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = native(tmp_path / "role", boot, **AGENT)
    name = name_of(project, "web")
    text = (
        f"<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory>"
        "<os><type arch='x86_64' machine='pc'>hvm</type></os></domain>"
    )
    domain = hypervisor.raw.defineXML(text)
    domain.create()
    for command in ("create", "destroy"):
        refused = project.run(command)
        assert refused.status != 0
        assert f"{name}: there is such a domain, without the tag molecule-" in refused.line
        assert hypervisor.names() == {name}
        assert domain.isActive()
    assert left(image) == []


def test_all_mistakes_are_named_at_once(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = classic(tmp_path / "role", boot, **AGENT)
    config = (project.folder / "molecule/default/molecule.yml").read_text(encoding="utf-8")
    platforms = (
        "platforms:\n"
        "- {name: web}\n- {name: web}\n"
        "- {name: url, image: 'https://example.org/debian.qcow2'}\n"
        "- {name: none, libvirt: {image: null, boot: null}}\n"
    )
    provisioner = config[config.index("provisioner:") :]
    project.write("molecule/default/molecule.yml", platforms + provisioner)
    refused = project.run("create")
    assert refused.status != 0
    assert "web: there are 2 guests of this name; give each a name of its own" in refused.line
    assert (
        "url: image: https://example.org/debian.qcow2 is a URL, which needs a checksum"
        in refused.line
    )
    assert "none: it has no image to boot from; give image" in refused.line
    # It doesn't keep anybody from cleaning up.
    assert project.run("destroy").status == 0
    assert (hypervisor.names(), left(image)) == (set(), [])


def test_an_interrupted_run_is_cleaned_up(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = native(tmp_path / "role", boot, **AGENT)
    hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>default</name><target><path>{image.parent}</path></target></pool>"
    ).create()
    # Killed after the first image was made, before there was a domain.
    overlay = image.parent / f"{name_of(project, 'web')}.qcow2"
    make_overlay(overlay, image)
    destroyed = project.run("destroy")
    assert destroyed.status == 0, destroyed.text
    assert left(image) == []

    # Killed while the guests start.
    running = subprocess.Popen(
        ["molecule", "create"],
        cwd=project.folder,
        env={**os.environ, "ANSIBLE_HOME": str(project.home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while not hypervisor.names() and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert hypervisor.names()
    destroyed = project.run("destroy")
    assert destroyed.status == 0, destroyed.text
    assert (hypervisor.names(), left(image)) == (set(), [])


def test_guests_without_an_address_and_projects_that_meet_or_move(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    first = without_network(tmp_path / "one" / "role", boot)
    first.home = tmp_path / "home"
    failed = first.run("create")
    assert failed.status != 0
    assert f"'{name_of(first, 'web')}': it is as wanted, but" in failed.line
    assert "address" in failed.line
    assert len(hypervisor.names()) == 2

    # Another checkout, whose folder has the same name, of the same user.
    second = native(tmp_path / "two" / "role", boot, **AGENT)
    second.home = first.home
    refused = second.run("destroy")
    assert refused.status != 0
    assert f"about the project {first.folder}, which has the guests" in refused.line
    assert "MOLECULE_EPHEMERAL_DIRECTORY" in refused.line
    alone = second.run("destroy", MOLECULE_EPHEMERAL_DIRECTORY=str(tmp_path / "own"))
    assert alone.status == 0, alone.text
    assert len(hypervisor.names()) == 2

    # One of its images is gone, and then the project is elsewhere.
    (image.parent / f"{name_of(first, 'web')}.qcow2").unlink()
    moved = first.folder.parent.with_name("three")
    before = first.folder
    shutil.move(before.parent, moved)
    first.folder = moved / "role"
    refused = first.run("create")
    assert f'of the project from when it was in {before}; run "molecule destroy"' in refused.line, (
        refused.text
    )
    destroyed = first.run("destroy")
    assert destroyed.status == 0, destroyed.text
    assert (hypervisor.names(), left(image)) == (set(), [])


def test_guests_of_a_project_that_is_gone(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = without_network(tmp_path / "role", boot)
    assert project.run("create").status != 0
    assert len(hypervisor.names()) == 2
    renamed = native(tmp_path / "renamed", boot, **AGENT)
    destroyed = renamed.run("destroy", MOLECULE_LIBVIRT_PROJECT=str(project.folder))
    assert destroyed.status == 0, destroyed.text
    assert (hypervisor.names(), left(image)) == (set(), [])
