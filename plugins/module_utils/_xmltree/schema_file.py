# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where libvirt's own schemas are on this host."""

from __future__ import annotations

import os

#: Where libvirt installs its schemas: below the data directory that it was
#: built with, which is one of these.
DATA_DIRECTORIES = (
    "/usr/share",
    "/usr/local/share",
    "/opt/libvirt/share",
    "/opt/homebrew/share",
    "/run/current-system/sw/share",
)


def find_schema(kind: str) -> str | None:
    """The path of a schema, such as ``domain``; ``None`` when it isn't installed.

    XDG_DATA_DIRS is looked through first.
    """
    directories = filter(None, os.environ.get("XDG_DATA_DIRS", "").split(":"))
    for directory in (*directories, *DATA_DIRECTORIES):
        path = os.path.join(directory, "libvirt", "schemas", f"{kind}.rng")
        if os.path.isfile(path):
            return path
    return None
