# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Character devices: serial and parallel ports, consoles and channels."""

from __future__ import annotations

from ..rows import Group, Nothing, Option, integer, text
from ..setters import char
from .char_source import char_source
from .common import device


def _options() -> tuple[Option, ...]:
    return device(
        text("type", "@type", "pty, unix, tcp, udp, file, dev, pipe, spicevmc, null…", "char_type"),
        text("path", "source/@path", "path of the host's file, device, pipe or socket"),
        text("mode", "source/@mode", "bind to wait for connections, or connect"),
        text(
            "bind_host", "source[@mode='bind']/@host", "address to receive on, as HOST or HOST:PORT"
        ),
        text(
            "host",
            "source[@mode='connect']/@host",
            "address to send to, or with mode bind to receive on",
        ),
        *char_source(),
        text(
            "target.address",
            "target/@address",
            "address in the guest of a guestfwd channel, as HOST:PORT",
            "target_address",
        ),
        text(
            "target.type",
            "target/@type",
            "how the guest sees it: virtio, serial, isa-serial, sclp, guestfwd…",
            "target_type",
        ),
        text("target.name", "target/@name", "name of a virtio channel in the guest", "name"),
        integer(
            "target.port", "target/@port", "number of the port, or TCP port of a guestfwd channel"
        ),
        text(
            "target.model.name", "target/model/@name", "model of a serial port, such as isa-serial"
        ),
    )


_PROTOCOL = "protocol.type"


def _with_old_protocol(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Add the old spelling that only these groups have."""
    return tuple(
        text(option.name, option.path, option.about, "protocol")
        if option.name == _PROTOCOL
        else option
        for option in options
    )


_OPTIONS = _with_old_protocol(_options())


def _group(name: str, about: str, plural: str, none: Nothing) -> Group:
    return Group(
        name,
        f"devices/{name}",
        about,
        _OPTIONS,
        flags=(f"--{name}",),
        is_list=True,
        aliases=(plural,),
        first=("type",),
        none=none,
        prepare=char.prepare,
    )


SERIAL = _group("serial", "serial ports", "serials", Nothing.VALUE)
PARALLEL = _group("parallel", "parallel ports", "parallels", Nothing.VALUE)
CHANNEL = _group("channel", "channels between guest and host", "channels", Nothing.UNWANTED)
CONSOLE = _group("console", "text consoles", "consoles", Nothing.UNWANTED)
