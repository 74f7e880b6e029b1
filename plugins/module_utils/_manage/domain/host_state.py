# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options of a domain depend on beside the domain: the host, and the osinfo database."""

from __future__ import annotations

import os

from ..._hypervisor.connection import Connection
from ..._osinfo.files import default_directories
from .unchanged_requests import file_stamp

_ROUTES = "/proc/net/route"


def hypervisor_state(connection: Connection) -> str:
    """What the hypervisor and its guests can have, which libvirt works out anew each time.

    :raises HypervisorError: the hypervisor doesn't tell.
    """
    with connection.explained("read the capabilities of the host"):
        return repr((connection.raw.getVersion(), connection.raw.getCapabilities()))


def host_state() -> str:
    """The files of this host that options depend on: its routes, and the osinfo database."""
    try:
        with open(_ROUTES, encoding="ascii") as file:
            routes = file.read()
    except OSError:
        routes = ""
    # What a package brings replaces files, which changes their folders.
    system, *own = default_directories()
    database = [_newest(system, False), *(_newest(folder, True) for folder in own)]
    return repr((routes, database))


def _newest(folder: str, with_files: bool) -> tuple[object, ...]:
    """When a part of the osinfo database was changed: its folders, and files edited in place."""
    if not os.path.isdir(folder):
        return ()
    folders = [folder, *(os.path.join(folder, name) for name in ("os", "device"))]
    vendors = [path for top in folders[1:] for path in _entries(top)]
    files = [path for vendor in vendors for path in _entries(vendor)] if with_files else []
    return tuple(map(file_stamp, [*folders, *vendors, *files]))


def _entries(folder: str) -> list[str]:
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    except OSError:
        return []
