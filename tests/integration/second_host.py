# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The libvirtd of a second host, which tests/testbed/second-libvirtd starts."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import time
import typing as t

import libvirt

from .hypervisor import Hypervisor

FIRST = "qemu+unix:///system?socket=/run/first/libvirt-sock"
SECOND = "qemu+unix:///system?socket=/run/second/libvirt-sock"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
_START = pathlib.Path(__file__).parents[1] / "testbed" / "second-libvirtd"
_PID = pathlib.Path("/run/second/libvirtd.pid")


class SecondHost(Hypervisor):
    """A connection to it, and its daemon's life and death."""

    def __init__(self) -> None:
        if not _is_alive():
            subprocess.run([str(_START)], check=True, timeout=60)
        self.raw = _opened()

    def kill_daemon(self) -> None:
        """End the daemon without a chance to tidy up."""
        os.kill(int(_PID.read_text(encoding="ascii")), signal.SIGKILL)
        _until(lambda: not _is_alive())

    def start_daemon(self) -> None:
        subprocess.run([str(_START)], check=True, timeout=60)
        self.raw = _opened()

    def run(self, *command: str) -> str:
        """What a command prints where the daemon runs."""
        done = subprocess.run(
            ["/run/second/enter", *command],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def images(self) -> list[str]:
        """The names of the images."""
        return sorted(self.run("ls", str(IMAGES)).split())

    def make_pool(self) -> None:
        """A pool over the folder of the images."""
        self.raw.storagePoolCreateXML(
            f"<pool type='dir'><name>images</name><target><path>{IMAGES}</path></target></pool>"
        )

    def clear_images(self) -> None:
        self.clear_pools()
        self.run("sh", "-c", f"rm -f {IMAGES}/*")


def _is_alive() -> bool:
    try:
        pid = int(_PID.read_text(encoding="ascii"))
        return "\nState:\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def _opened() -> t.Any:
    opened: list[t.Any] = []

    def opens() -> bool:
        with contextlib.suppress(libvirt.libvirtError):
            opened.append(libvirt.open(SECOND))
        return bool(opened)

    _until(opens)
    return opened[0]


def _until(is_so: t.Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
