# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The private libvirtd, as tests use it: its daemon, its domains, and tasks on them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import typing as t

import libvirt
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_xml
from ansible_collections.declarative.libvirt.plugins.module_utils._module.ansible_module import (
    Module,
)

URI = "qemu:///system"
DUMP = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
_SOCKET = "/run/libvirt/libvirt-sock"
_CONFIGURATION = pathlib.Path("/etc/libvirt/libvirtd.conf")
_PID = pathlib.Path("/run/libvirtd.pid")


class Result(t.NamedTuple):
    """What the module printed."""

    failed: bool
    changed: bool
    msg: str
    values: dict[str, t.Any]


def task(check: bool = False, diff: bool = False, **options: t.Any) -> Result:
    """The module domain_xml, in this process, with these options."""
    return task_of(domain_xml, check, diff, **options)


def task_of(module: t.Any, check: bool = False, diff: bool = False, **options: t.Any) -> Result:
    """One of ``module_utils._module``, in this process, with these options."""
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": diff}
    printed = io.StringIO()
    # They are collected for as long as the process lasts.
    warnings._global_warnings.clear()
    with (
        patch_module_args(arguments),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        module.run(Module(supports_check_mode=True, **module.SPEC.to_kwargs()))
    values = json.loads(printed.getvalue().strip().splitlines()[-1])
    return Result(
        bool(values.get("failed")), bool(values.get("changed")), values.get("msg", ""), values
    )


def task_as(user: int, **options: t.Any) -> Result:
    """The module, in a process of its own that belongs to another user."""
    program = (
        "import json, sys\n"
        "from tests.integration.hypervisor import task\n"
        "print(json.dumps(task(**json.load(sys.stdin))))\n"
    )
    top = pathlib.Path(__file__).parents[2]
    done = subprocess.run(
        [
            "setpriv",
            f"--reuid={user}",
            f"--regid={user}",
            "--clear-groups",
            sys.executable,
            "-c",
            program,
        ],
        input=json.dumps(options),
        capture_output=True,
        text=True,
        check=True,
        cwd=top,
        env={
            **os.environ,
            "HOME": "/nonexistent",
            "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{top}",
        },
    )
    return Result(*json.loads(done.stdout.splitlines()[-1]))


class Hypervisor:
    """A connection of the test's own, and the daemon's life and death."""

    def __init__(self) -> None:
        libvirt.registerErrorHandler(lambda *_error: None, None)
        self.raw = libvirt.open(URI)

    def define(self, document: str) -> None:
        self.raw.defineXML(document)

    def undefine(self, name: str) -> None:
        self.raw.lookupByName(name).undefine()

    def definition(self, name: str) -> str:
        return str(self.raw.lookupByName(name).XMLDesc(DUMP))

    def number(self, name: str) -> int:
        """The number that the guest has until it stops."""
        return int(self.raw.lookupByName(name).ID())

    def names(self) -> set[str]:
        return {domain.name() for domain in self.raw.listAllDomains()}

    def clear(self) -> None:
        """Remove every domain of the private libvirtd."""
        for domain in self.raw.listAllDomains():
            is_persistent = domain.isPersistent()
            if domain.isActive():
                domain.destroy()
            if is_persistent:
                domain.undefineFlags(
                    libvirt.VIR_DOMAIN_UNDEFINE_NVRAM
                    | libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
                    | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
                    | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
                )

    def clear_pools(self) -> None:
        """Remove every storage pool, and no volume."""
        for pool in self.raw.listAllStoragePools():
            is_persistent = pool.isPersistent()
            if pool.isActive():
                pool.destroy()
            if is_persistent:
                pool.undefine()

    @contextlib.contextmanager
    def impatient_daemon(self) -> t.Iterator[None]:
        """One that ends a connection after two seconds of silence, instead of thirty."""
        usual = _CONFIGURATION.read_text(encoding="utf-8")
        patient, impatient = "keepalive_interval = -1", "keepalive_interval = 1"
        assert patient in usual
        self._restart_daemon(usual.replace(patient, f"{impatient}\nkeepalive_count = 1"))
        try:
            yield
        finally:
            self._restart_daemon(usual)

    def _restart_daemon(self, configuration: str) -> None:
        _CONFIGURATION.write_text(configuration, encoding="utf-8")
        self.kill_daemon()
        self.start_daemon()

    def kill_daemon(self) -> None:
        """End the daemon that the test bed started, without a chance to tidy up."""
        pid = int(_PID.read_text(encoding="ascii"))
        os.kill(pid, signal.SIGKILL)
        for _attempt in range(200):
            with socket.socket(socket.AF_UNIX) as client:
                try:
                    client.connect(_SOCKET)
                except ConnectionRefusedError:
                    return
            time.sleep(0.05)
        raise AssertionError("libvirtd still listens")

    def start_daemon(self) -> None:
        subprocess.run(["libvirtd", "-d"], check=True)
        for _attempt in range(200):
            with contextlib.suppress(libvirt.libvirtError):
                self.raw = libvirt.open(URI)
                return
            time.sleep(0.05)
        raise AssertionError("libvirtd does not answer")
