# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real guests: a small Linux under TCG, with the guest agent."""

from __future__ import annotations

import base64
import dataclasses
import json
import pathlib
import time
import typing as t

import libvirt
import libvirt_qemu

_START = 120.0
_BUILT = pathlib.Path(__file__).resolve().parents[2] / ".build" / "guest"


@dataclasses.dataclass(frozen=True)
class Boot:
    """What such a guest boots from; tests/testbed/guest_image.py makes it."""

    kernel: pathlib.Path = _BUILT / "vmlinuz"
    initrd: pathlib.Path = _BUILT / "initrd"
    #: A disk with Python; a guest with the argument usr=/dev/vda has it.
    usr: pathlib.Path = _BUILT / "usr.img"


def document(
    name: str,
    boot: Boot,
    devices: str = "",
    machine: str = "pc",
    vcpu: str = "<vcpu>1</vcpu>",
    memory: str = "<memory unit='MiB'>192</memory>",
    arguments: str = "",
    extra: str = "",
) -> str:
    """The document of such a guest; ``arguments`` are the kernel's.

    ``ignore-acpi`` is deaf to the power button, ``no-agent`` has no agent, ``block-rpcs=a,b`` has one
    that refuses these commands, ``usr=/dev/vda`` has /usr on that disk, and ``ssh`` has a server.
    """
    return f"""
<domain type='qemu'>
  <name>{name}</name>
  {memory}
  {vcpu}
  {extra}
  <os>
    <type arch='x86_64' machine='{machine}'>hvm</type>
    <kernel>{boot.kernel}</kernel>
    <initrd>{boot.initrd}</initrd>
    <cmdline>console=ttyS0 quiet {arguments}</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <controller type='virtio-serial' index='0'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <serial type='pty'/>
    <memballoon model='virtio'/>
    {devices}
  </devices>
</domain>
"""


#: What is said of an agent that doesn't answer, by us and by libvirt, which remembers it.
SILENT = ("the guest did not answer within ", "Guest agent is not responding: ")


def disk(image: pathlib.Path, target: str) -> str:
    """A virtio disk of a guest."""
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{image}'/>"
        f"<target dev='{target}' bus='virtio'/></disk>"
    )


class Guest:
    """A guest that runs, seen from inside."""

    def __init__(self, domain: t.Any) -> None:
        self.domain = domain

    def wait_for_agent(self, timeout: float = _START) -> None:
        """Until the guest has booted."""
        self.wait_until(lambda: self._agent("guest-ping", timeout=5) is not None, timeout)

    def run(self, *command: str) -> str:
        """What a command prints within the guest."""
        arguments = {"path": command[0], "arg": list(command[1:]), "capture-output": True}
        started = self._agent("guest-exec", arguments)
        assert started is not None
        status: dict[str, t.Any] = {}
        while not status.get("exited"):
            status = self._agent("guest-exec-status", {"pid": started["pid"]}) or {}
            time.sleep(0.05)
        assert status["exitcode"] == 0, base64.b64decode(status.get("err-data", ""))
        return base64.b64decode(status.get("out-data", "")).decode()

    def silence_agent(self) -> None:
        """Stop the agent: its channel stays connected, but nothing answers any more."""
        self.run("sh", "-c", "(sleep 1; killall -STOP qemu-ga) >/dev/null 2>&1 &")
        self.wait_until(lambda: self._agent("guest-ping", timeout=2) is None)

    def restart(self) -> None:
        """The guest restarts by itself."""
        self._agent("guest-exec", {"path": "reboot", "arg": ["-f"]})

    def boot_id(self) -> str | None:
        """What is another one after each boot; ``None`` while nobody answers."""
        path = "/proc/sys/kernel/random/boot_id"
        handle = self._agent("guest-file-open", {"path": path, "mode": "r"})
        read = handle and self._agent("guest-file-read", {"handle": handle, "count": 64})
        return base64.b64decode(read["buf-b64"]).decode() if read else None

    @staticmethod
    def wait_until(is_so: t.Callable[[], bool], timeout: float = 30.0) -> None:
        """Until this holds; fails when the time is over."""
        end = time.monotonic() + timeout
        while not is_so():
            assert time.monotonic() < end, "it has not become so in time"
            time.sleep(0.1)

    def _agent(
        self, command: str, arguments: dict[str, t.Any] | None = None, timeout: int = 30
    ) -> t.Any:
        question = json.dumps({"execute": command, "arguments": arguments or {}})
        try:
            answer = libvirt_qemu.qemuAgentCommand(self.domain, question, timeout, 0)
        except libvirt.libvirtError:
            return None
        return json.loads(answer)["return"]


def start(hypervisor: t.Any, text: str) -> Guest:
    """Define and start a guest, and wait until it has booted."""
    domain = hypervisor.raw.defineXML(text)
    domain.create()
    guest = Guest(domain)
    guest.wait_for_agent()
    return guest
