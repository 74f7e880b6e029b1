# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repositories of roles, made of the examples in the guide."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import textwrap
import typing as t

import yaml

from ..integration.guests import Boot

_TOP = pathlib.Path(__file__).parents[2]
_GUIDE = _TOP / "docs/docsite/rst/guide_molecule.rst"
_FILE = re.compile(
    r"^\.\. code-block:: yaml\S*\n\n    # (\S+\.yml)\n((?:(?: {4}.*)?\n)+)", re.MULTILINE
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: What the small guest prints shows that the role's task ran in it.
_TASKS = [
    {
        "name": "Look around",
        "ansible.builtin.raw": "uname -s; cat /proc/sys/kernel/random/boot_id",
        "changed_when": False,
    }
]


def files_of_guide() -> dict[str, str]:
    """The files that the guide shows, by their paths."""
    text = _GUIDE.read_text(encoding="utf-8")
    return {path: textwrap.dedent(content) for path, content in _FILE.findall(text)}


class Ended(t.NamedTuple):
    """The status of a run, and what it printed, without colours."""

    status: int
    text: str

    @property
    def line(self) -> str:
        """All of it on one line, as Ansible breaks it where it likes."""
        return " ".join(self.text.split())


class Project:
    """A repository with one role."""

    def __init__(self, folder: pathlib.Path, boot: Boot, home: pathlib.Path | None = None) -> None:
        self.folder = folder
        self.boot = boot
        self.home = home or folder.parent / "home"
        self.write("tasks/main.yml", _TASKS)

    def write(self, path: str, content: t.Any) -> None:
        """Write a file, as YAML unless it is a text."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        target.write_text(text, encoding="utf-8")

    def write_guide(self, *paths: str, to: str = "default") -> None:
        """Write the guide's files with these names, those of the scenario ``default`` to another one."""
        found = files_of_guide()
        for path in paths:
            self.write(path.replace("/default/", f"/{to}/"), found[path])

    def as_here(self, **variables: t.Any) -> dict[str, t.Any]:
        """The variables with which the guide's guests are small ones, which boot without an image."""
        small = {
            "virt_type": "qemu",
            "machine": "pc",
            "memory": 192,
            "boot": {
                "kernel": str(self.boot.kernel),
                "initrd": str(self.boot.initrd),
                "kernel_args": "console=ttyS0 quiet ssh",
            },
        }
        return {"molecule_libvirt_defaults": small, "molecule_libvirt_timeout": 120, **variables}

    def run(self, *arguments: str, **environment: str) -> Ended:
        """Run ``molecule`` with these arguments."""
        done = subprocess.run(
            [pathlib.Path(sys.executable).parent / "molecule", *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "ANSIBLE_HOME": str(self.home),
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "NO_COLOR": "1",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        return Ended(done.returncode, _COLOURS.sub("", done.stdout))


def native(folder: pathlib.Path, boot: Boot, **variables: t.Any) -> Project:
    """The guide's first example, on small guests."""
    project = Project(folder, boot)
    project.write_guide(
        *(path for path in files_of_guide() if path.startswith("molecule/default/"))
    )
    hosts = yaml.safe_load(files_of_guide()["molecule/default/inventory/hosts.yml"])
    given = project.as_here(**variables)
    of_guide = hosts["all"]["vars"]["molecule_libvirt_defaults"]
    given["molecule_libvirt_defaults"] = {**of_guide, **given["molecule_libvirt_defaults"]}
    hosts["all"]["vars"] = given
    hosts["molecule"]["hosts"]["database"]["libvirt_domain"]["memory"] = 200
    project.write("molecule/default/inventory/hosts.yml", hosts)
    return project


def classic(folder: pathlib.Path, boot: Boot, **variables: t.Any) -> Project:
    """The guide's example with platforms, on small guests."""
    project = Project(folder, boot)
    for name in ("create", "destroy", "converge"):
        project.write_guide(f"molecule/default/{name}.yml")
    text = files_of_guide()["molecule/platforms/molecule.yml"]
    config = yaml.safe_load(text)
    config["platforms"][0]["memory"] = config["platforms"][1]["libvirt"]["memory"] = 192
    given = config["provisioner"]["inventory"]["group_vars"]["all"]
    here = project.as_here(**variables)
    of_guide = given["molecule_libvirt_defaults"]
    given |= here
    given["molecule_libvirt_defaults"] = {**of_guide, **here["molecule_libvirt_defaults"]}
    project.write("molecule/default/molecule.yml", config)
    converge = (folder / "molecule/default/converge.yml").read_text(encoding="utf-8")
    project.write(
        "molecule/default/converge.yml", converge.replace("hosts: molecule", "hosts: all")
    )
    return project
