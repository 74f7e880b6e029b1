# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random tasks on one domain."""

from __future__ import annotations

import dataclasses
import random
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_state,
    domain_xml,
)

from . import material
from .surroundings import BRIDGED, IMAGES, MEDIA, NETWORKS

_MODULES = {
    "domain": domain,
    "domain_device": domain_device,
    "domain_state": domain_state,
    "domain_xml": domain_xml,
}
#: A guest without an operating system gives no device back, and switches itself off never.
_QUICK = {"live_timeout": 0.1, "shutdown": {"method": ["acpi"], "timeout": 0, "force": True}}


@dataclasses.dataclass(frozen=True)
class Task:
    """A module by its name, and its options; ``repeats`` says that a second run changes nothing."""

    kind: str
    module: str
    options: dict[str, t.Any]
    repeats: bool = True

    @property
    def code(self) -> t.Any:
        """The module's code."""
        return _MODULES[self.module]

    def __str__(self) -> str:
        return f"{self.module}: {self.options}"


class Tasks:
    """Draws one task after the other; ``known`` is the document that the domain was made from."""

    def __init__(self, draw: random.Random, known: material.Document) -> None:
        self._draw = draw
        self.known = known

    def first(self) -> Task:
        """The one that makes the domain."""
        return self._by_document("made from a document", self.known.text(), "exact", {})

    def next(self, definition: str, live: str | None) -> Task:
        """One of a domain that is like this."""
        draw = self._draw
        makers: tuple[tuple[t.Callable[[], Task], float], ...] = (
            (self._edited, 5),
            (self._again, 1),
            (self._fragment, 5),
            (self._device, 6),
            (self._device_option, 4),
            (self._device_gone, 3),
            (self._options, 5),
            (self._state, 1 if live is None else 2),
            (lambda: self._dump("its own dump", definition), 0.5),
            (lambda: self._dump("its running guest's dump", live or definition), 0.5),
        )
        return draw.choices([one for one, _weight in makers], [weight for _one, weight in makers])[
            0
        ]()

    # Whole documents and parts of them.

    def _edited(self) -> Task:
        self.known = self.known.edited(self._draw)
        return self._by_document("an edited document", self.known.text(), "exact", self._how())

    def _again(self) -> Task:
        return self._by_document("the same document", self.known.text(), "exact", self._how())

    def _fragment(self) -> Task:
        text = material.fragment(self._draw)
        how = self._how()
        if self._draw.random() < 0.2:
            return Task("a part, by domain", "domain", {"name": material.NAME, "xml": text, **how})
        return self._by_document("a part of a document", text, "merge", how)

    def _dump(self, kind: str, text: str) -> Task:
        return self._by_document(kind, text, "exact", self._how())

    def _by_document(self, kind: str, text: str, mode: str, how: dict[str, t.Any]) -> Task:
        return Task(kind, "domain_xml", {"xml": text, "mode": mode, **how})

    # Devices.

    def _device(self) -> Task:
        options = {"domain": material.NAME, "xml": material.device(self._draw), **self._how()}
        if self._draw.random() < 0.2:
            options["mode"] = "exact"
        if self._draw.random() < 0.2:
            options["replug"] = self._draw.choice(("never", "always"))
        return Task("a device by xml", "domain_device", options)

    def _device_option(self) -> Task:
        name, value = self._draw.choice(_device_options(self._draw))
        options = {"domain": material.NAME, name: value, **self._how()}
        return Task("a device by options", "domain_device", options)

    def _device_gone(self) -> Task:
        draw = self._draw
        if draw.random() < 0.5 and self.known.devices:
            xml = draw.choice(self.known.devices)
        else:
            xml = material.device(draw)
        options = {"domain": material.NAME, "xml": xml, "state": "absent", **self._how()}
        # Of several that are alike one goes each time.
        return Task("a device that is to go", "domain_device", options, repeats=False)

    # Options, and states.

    def _options(self) -> Task:
        draw = self._draw
        options: dict[str, t.Any] = {"name": material.NAME, **self._how()}
        for _time in range(draw.randint(1, 2)):
            options.update([draw.choice(_domain_options(draw))])
        if draw.random() < 0.15:
            options["autostart"] = draw.random() < 0.5
        if draw.random() < 0.15:
            options["state"] = draw.choice(("running", "paused", "stopped"))
            # A guest that is off has nothing that could be changed live.
            options.pop("affect", None)
        return Task("options of domain", "domain", options)

    def _state(self) -> Task:
        draw = self._draw
        options: dict[str, t.Any] = {"name": material.NAME, "shutdown": _QUICK["shutdown"]}
        state = draw.choice(("running", "paused", "paused", "stopped", "restarted", "reset"))
        options["state"] = state
        if draw.random() < 0.3:
            options["autostart"] = draw.random() < 0.5
        return Task("a state", "domain_state", options, state not in ("restarted", "reset"))

    def _how(self) -> dict[str, t.Any]:
        """What is to be done about a guest that runs."""
        draw = self._draw
        how: dict[str, t.Any] = dict(_QUICK)
        if draw.random() < 0.3:
            how["affect"] = draw.choice((["config"], ["live"], ["config", "live"]))
        # A restart gives the guest back what its definition has.
        if how.get("affect") != ["live"] and draw.random() < 0.15:
            how["restart"] = draw.choice(("if_required", "always"))
        if draw.random() < 0.1:
            how["validate"] = False
        return how


def _device_options(draw: random.Random) -> list[tuple[str, object]]:
    """Devices as options describe them."""
    image, network = str(draw.choice(IMAGES)), draw.choice((*NETWORKS, BRIDGED))
    return [
        ("disk", {"path": image, "target": {"bus": draw.choice(("virtio", "scsi", "sata"))}}),
        ("disk", {"path": image, "readonly": True}),
        ("disk", {"path": image, "cache": draw.choice(("none", "writeback"))}),
        ("disk", {"path": str(draw.choice(MEDIA)), "device": "cdrom"}),
        ("disk", {"device": "cdrom"}),
        ("network", {"network": network}),
        ("network", {"network": network, "model": draw.choice(("virtio", "e1000"))}),
        ("network", {"network": network, "mac": f"52:54:00:77:00:0{draw.randint(1, 5)}"}),
        ("network", "user"),
        ("graphics", "vnc"),
        ("graphics", {"type": "vnc", "listen": draw.choice(("127.0.0.1", "127.0.0.2"))}),
        ("video", draw.choice(("vga", "virtio", "cirrus"))),
        ("sound", draw.choice(("ich6", "ac97"))),
        ("rng", draw.choice(("/dev/urandom", "builtin"))),
        ("watchdog", draw.choice(("i6300esb", "default,action=poweroff"))),
        ("input", draw.choice(("tablet", "mouse,bus=usb", "keyboard,bus=virtio"))),
        ("channel", "unix,target.type=virtio,target.name=org.example.0"),
        ("serial", draw.choice(("pty", "file,path=/var/log/libvirt/qemu/random.txt"))),
        ("controller", draw.choice(("type=scsi,model=virtio-scsi", "usb3", "type=virtio-serial"))),
        ("memballoon", draw.choice(("virtio", "model=virtio,autodeflate=on"))),
        ("panic", "isa"),
        ("vsock", {"cid": {"auto": False, "address": "79"}}),
    ]


def _domain_options(draw: random.Random) -> list[tuple[str, object]]:
    """Options of ``domain``."""
    number = draw.randint(1, 2)
    devices = [(f"{name}s", [value]) for name, value in _device_options(draw)]
    plurals = {"disks": "disks", "networks": "networks"}
    return [
        *((name, value) for name, value in devices if name in plurals),
        ("memory", draw.choice((64, 80, 96))),
        ("memory", {"memory": 96, "currentMemory": 64}),
        ("vcpus", draw.choice((1, 2, "2,maxvcpus=4", {"vcpus": 1, "maxvcpus": 3}))),
        ("metadata", {"title": f"Title {number}"}),
        ("metadata", f"description=text {number}"),
        ("features", draw.choice(("acpi=on", "apic=on,acpi=on", "kvm.hidden.state=on"))),
        ("clock", draw.choice(("offset=utc", "offset=localtime,hpet_present=no"))),
        ("cpu", draw.choice(("qemu64", "Nehalem,disable=vme", "maximum"))),
        ("boot", draw.choice(("hd", "cdrom,hd", "menu=on"))),
        ("events", draw.choice(("on_reboot=destroy", "on_crash=preserve,on_reboot=restart"))),
        ("cputune", draw.choice(("vcpupin0.vcpu=0,vcpupin0.cpuset=0",))),
        ("iothreads", number),
        ("pm", "suspend_to_mem.enabled=no,suspend_to_disk.enabled=no"),
        ("graphics", "vnc"),
        ("graphics", {"type": "vnc", "listen": draw.choice(("127.0.0.1", "127.0.0.2"))}),
        ("watchdog", "i6300esb"),
        ("rng", "/dev/urandom"),
        ("sound", draw.choice(("ich6", "ac97"))),
        ("qemu_commandline", f"-msg timestamp={'on' if number == 1 else 'off'}"),
    ]
