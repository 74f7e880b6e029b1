# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keyboards, mice and sound."""

from __future__ import annotations

from ..rows import Group, Nothing, on_off, text, yes_no
from .common import device, element

INPUT = Group(
    "input",
    "devices/input",
    "keyboards, mice, tablets and devices of the host",
    device(
        text("type", "@type", "tablet, mouse, keyboard, passthrough or evdev", skips_default=True),
        text("bus", "@bus", "usb, virtio, ps2 or xen", skips_default=True),
        text("model", "@model", "model of a virtio device"),
        text("source.evdev", "source/@evdev", "device of the host to pass through"),
        text("source.dev", "source/@dev", "device of the host for type evdev"),
        on_off("source.repeat", "source/@repeat", "whether keys repeat"),
        text("source.grab", "source/@grab", "all, to grab all devices of type evdev at once"),
        text(
            "source.grabToggle",
            "source/@grabToggle",
            "keys that switch between host and guest, such as ctrl-ctrl",
        ),
        virtio=True,
    ),
    flags=("--input",),
    is_list=True,
    aliases=("inputs",),
    first=("type",),
    none=Nothing.UNWANTED,
)

SOUND = Group(
    "sound",
    "devices/sound",
    "sound cards",
    device(
        text("model", "@model", "ich9, ich6, ac97, usb, virtio…", skips_default=True),
        text("audio.id", "audio/@id", "number of the host's audio backend"),
        yes_no("multichannel", "@multichannel", "whether a USB card has more than two channels"),
        text("streams", "@streams", "number of a virtio card's streams"),
        text("codec[].type", "codec[{}]/@type", "duplex, micro or output"),
    ),
    flags=("--sound", "--soundhw"),
    is_list=True,
    aliases=("sounds",),
    first=("model",),
    none=Nothing.UNWANTED,
)

AUDIO = Group(
    "audio",
    "devices/audio",
    "audio backends of the host",
    element(
        text("type", "@type", "spice, pulseaudio, alsa, none…"),
        text("id", "@id", "number, for sound cards to refer to"),
    ),
    flags=("--audio",),
    is_list=True,
    aliases=("audios",),
)
