# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reader of the osinfo database, which knows operating systems and their needs.

The format: https://gitlab.com/libosinfo/osinfo-db/-/blob/main/data/schema/osinfo.rng.in
"""

from __future__ import annotations

from .database import Database
from .errors import DatabaseMissing, NotAnImage, UnknownOperatingSystem
from .media import Medium, describe, detect, detect_medium
from .operating_system import Device, Driver, Firmware, OperatingSystem, Resources
from .trees import detect_tree, tree_entry, tree_url

__all__ = [
    "Database",
    "DatabaseMissing",
    "Device",
    "Driver",
    "Firmware",
    "Medium",
    "NotAnImage",
    "OperatingSystem",
    "Resources",
    "UnknownOperatingSystem",
    "describe",
    "detect",
    "detect_medium",
    "detect_tree",
    "tree_entry",
    "tree_url",
]
