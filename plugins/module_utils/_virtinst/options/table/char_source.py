# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sub-options of the host's side of a character device."""

from __future__ import annotations

from ..rows import Option, integer, on_off, text, yes_no
from .common import source_labels


def char_source(prefix: str = "", path: str = "") -> tuple[Option, ...]:
    """The sub-options, each name after a prefix and each place below a path.

    The sub-options for the end of a connection come first: they identify its element among
    the elements of both ends.
    """
    name, place = f"{prefix}source", f"{path}source"
    bind, connect = f"{place}[@mode='bind']", f"{place}[@mode='connect']"
    return (
        text(f"{name}.bind_host", f"{bind}/@host", "address to receive on, as HOST or HOST:PORT"),
        integer(f"{name}.bind_service", f"{bind}/@service", "port to receive on"),
        text(f"{name}.mode", f"{place}/@mode", "bind to wait for connections, or connect"),
        text(
            f"{name}.connect_host", f"{connect}/@host", "address to send to, as HOST or HOST:PORT"
        ),
        integer(f"{name}.connect_service", f"{connect}/@service", "port to send to"),
        text(f"{name}.path", f"{place}/@path", "path of the host's file, device, pipe or socket"),
        text(f"{name}.channel", f"{place}/@channel", "name of a SPICE channel or D-Bus bus"),
        text(f"{name}.host", f"{place}/@host", "address of a connection, as HOST or HOST:PORT"),
        integer(f"{name}.service", f"{place}/@service", "port of a connection"),
        text(f"{name}.master", f"{place}/@master", "guest's end of a null modem"),
        text(f"{name}.slave", f"{place}/@slave", "host's end of a null modem"),
        *source_labels(prefix, path),
        text(
            f"{prefix}protocol.type", f"{path}protocol/@type", "raw, or telnet for a text terminal"
        ),
        text(f"{prefix}log.file", f"{path}log/@file", "file that all output is also written to"),
        on_off(f"{prefix}log.append", f"{path}log/@append", "whether the log survives a restart"),
        yes_no(
            f"{name}.clipboard.copypaste",
            f"{place}/clipboard/@copypaste",
            "whether the vdagent shares the clipboard",
        ),
        text(f"{name}.mouse.mode", f"{place}/mouse/@mode", "the vdagent's mouse: client or server"),
        yes_no(f"{name}.tls", f"{place}/@tls", "whether the connection is encrypted"),
    )
