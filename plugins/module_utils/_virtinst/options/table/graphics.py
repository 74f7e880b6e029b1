# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Graphics servers and cards."""

from __future__ import annotations

from ..rows import Group, Nothing, integer, on_off, text, yes_no
from ..setters import graphics
from .common import device

GRAPHICS = Group(
    "graphics",
    "devices/graphics",
    "servers for the guest's screen",
    device(
        text("type", "@type", "spice, vnc, sdl, rdp, egl-headless… or default", skips_default=True),
        integer("port", "@port", "port, from 5900, or -1 for any", set=graphics.port("port")),
        integer(
            "tlsPort",
            "@tlsPort",
            "port for encrypted connections, from 5900, or -1 for any",
            "tlsport",
            set=graphics.port("tlsPort"),
        ),
        integer("websocket", "@websocket", "port for WebSockets, or -1 for any"),
        text(
            "listen", "@listen", "address to listen on, or none, or socket", set=graphics.set_listen
        ),
        text(
            "keymap",
            "@keymap",
            "keyboard layout, such as de; none for the viewer's",
            set=graphics.set_keymap,
        ),
        text("password", "@passwd", "password of the server", "passwd"),
        text(
            "passwordValidTo",
            "@passwdValidTo",
            "when the password expires, as 2030-12-31T23:59:59",
            "passwdValidTo",
        ),
        text(
            "connected",
            "@connected",
            "what a new password does to who is connected: keep, disconnect or fail",
        ),
        text("defaultMode", "@defaultMode", "secure, insecure or any"),
        text("listens[].type", "listen[{}]/@type", "address, network, socket or none"),
        text("listens[].address", "listen[{}]/@address", "address to listen on"),
        text("listens[].network", "listen[{}]/@network", "network whose address to listen on"),
        text("listens[].socket", "listen[{}]/@socket", "path of a socket to listen on"),
        text(
            "image.compression",
            "image/@compression",
            "auto_glz, auto_lz, quic, glz, lz or off",
            "image_compression",
            words=("", "off"),
        ),
        text(
            "streaming.mode",
            "streaming/@mode",
            "filter, all or off",
            "streaming_mode",
            words=("", "off"),
        ),
        yes_no(
            "clipboard.copypaste",
            "clipboard/@copypaste",
            "whether the clipboard is shared",
            "clipboard_copypaste",
        ),
        text("mouse.mode", "mouse/@mode", "client or server", "mouse_mode"),
        yes_no(
            "filetransfer.enable",
            "filetransfer/@enable",
            "whether files can be dropped into the guest",
            "filetransfer_enable",
        ),
        text("zlib.compression", "zlib/@compression", "auto, never or always"),
        yes_no("gl.enable", "gl/@enable", "whether the host's GPU renders", "gl"),
        text("gl.rendernode", "gl/@rendernode", "path of the GPU's device", "rendernode"),
    ),
    flags=("--graphics",),
    is_list=True,
    first=("type",),
    none=Nothing.UNWANTED,
)

VIDEO = Group(
    "video",
    "devices/video",
    "graphics cards",
    device(
        text(
            "model.type",
            "model/@type",
            "virtio, qxl, vga, bochs, ramfb, none…",
            "model",
            skips_default=True,
        ),
        yes_no(
            "model.acceleration.accel3d",
            "model/acceleration/@accel3d",
            "whether the card has 3D acceleration",
            "accel3d",
        ),
        integer("model.heads", "model/@heads", "number of screens", "heads"),
        integer("model.ram", "model/@ram", "memory of a QXL card, in KiB", "ram", unit="KiB"),
        integer("model.vram", "model/@vram", "video memory, in KiB", "vram", unit="KiB"),
        integer(
            "model.vram64",
            "model/@vram64",
            "video memory beyond 4 GiB, in KiB",
            "vram64",
            unit="KiB",
        ),
        on_off("model.blob", "model/@blob", "whether a virtio card shares memory with the host"),
        integer(
            "model.vgamem",
            "model/@vgamem",
            "memory for VGA of a QXL card, in KiB",
            "vgamem",
            unit="KiB",
        ),
        virtio=True,
    ),
    flags=("--video",),
    is_list=True,
    aliases=("videos",),
    first=("model.type",),
)
