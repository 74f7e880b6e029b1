# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

"""Domain documents for hypothesis: what people write and what libvirt keeps."""

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from hypothesis import strategies as st

WORDS = st.sampled_from(["a", "b", "c"])


def element(tag, attributes=None, text=None, *children):
    return Element(tag, dict(attributes or {}), text, list(children))


@st.composite
def disks(draw):
    names = draw(st.lists(st.sampled_from(["vda", "vdb", "sda", "hda"]), unique=True))
    found = []
    for name in names:
        children = [
            element("driver", {"name": "qemu", "type": draw(st.sampled_from(["raw", "qcow2"]))}),
            element("source", {"file": f"/images/{draw(WORDS)}.img"}),
            element("target", {"dev": name, "bus": "virtio" if name[0] == "v" else "sata"}),
        ]
        if draw(st.booleans()):
            children.append(element("serial", None, draw(WORDS)))
        found.append(element("disk", {"type": "file", "device": "disk"}, None, *children))
    return found


@st.composite
def interfaces(draw):
    found = []
    for number in draw(st.lists(st.integers(1, 5), unique=True)):
        children = [
            element("mac", {"address": f"52:54:00:00:00:0{number}"}),
            element("source", {"network": draw(WORDS)}),
            element("model", {"type": draw(st.sampled_from(["virtio", "e1000"]))}),
        ]
        if draw(st.booleans()):
            children.append(element("link", {"state": draw(st.sampled_from(["up", "down"]))}))
        found.append(element("interface", {"type": "network"}, None, *children))
    return found


@st.composite
def unknown(draw):
    """Elements that no table speaks of."""
    found = []
    for tag in draw(st.lists(st.sampled_from(["novelty", "gadget"]), max_size=3)):
        inner = [element("part", {"size": draw(WORDS)}) for _part in range(draw(st.integers(0, 2)))]
        found.append(element(tag, {"colour": draw(WORDS)}, None, *inner))
    return found


@st.composite
def videos(draw):
    kinds = draw(st.lists(st.sampled_from(["qxl", "vga", "virtio"]), max_size=2))
    return [element("video", None, None, element("model", {"type": kind})) for kind in kinds]


@st.composite
def domains(draw):
    """A document with settings, devices and things unknown."""
    devices = [
        *draw(disks()),
        *draw(interfaces()),
        *draw(videos()),
        *draw(unknown()),
        *(
            element("rng", {"model": "virtio"}, None, element("backend", {"model": "random"}, path))
            for path in draw(st.lists(st.sampled_from(["/dev/random", "/dev/urandom"]), max_size=2))
        ),
    ]
    children = [
        element("name", None, "guest"),
        element(
            "memory",
            {"unit": draw(st.sampled_from(["KiB", "MiB"]))},
            str(draw(st.integers(1, 3)) * 1024),
        ),
        element(
            "os",
            None,
            None,
            element("type", {"arch": "x86_64", "machine": "pc-i440fx-7.2"}, "hvm"),
            *(
                element("boot", {"dev": dev})
                for dev in draw(st.lists(st.sampled_from(["hd", "cdrom", "network"]), unique=True))
            ),
        ),
        *draw(unknown()),
        element("devices", None, None, *draw(st.permutations(devices))),
    ]
    for tag in draw(st.sets(st.sampled_from(["title", "description", "on_reboot"]))):
        children.append(element(tag, None, draw(WORDS)))
    return element("domain", {"type": draw(st.sampled_from(["kvm", "qemu"]))}, None, *children)


@st.composite
def shuffled(draw, document):
    """The same document with its devices in another order within a kind or between kinds.

    Kinds whose order counts keep theirs.
    """
    devices = document.child("devices")
    assert devices is not None
    free = [d for d in devices.children if d.tag in ("disk", "interface")]
    fixed = [d for d in devices.children if d.tag not in ("disk", "interface")]
    mixed = element("devices", None, None, *draw(st.permutations(free)), *fixed)
    return document.replaced(
        children=[mixed if child is devices else child for child in document.children]
    )
