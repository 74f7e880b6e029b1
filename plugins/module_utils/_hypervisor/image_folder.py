# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder for images, where no pool says another."""

from __future__ import annotations

import os

#: The folder for the system hypervisor's images.
_SYSTEM_IMAGES = "/var/lib/libvirt/images"


def image_folder(uri: str) -> str:
    """The folder for the images of the hypervisor with this URI, as virt-manager has it."""
    if not uri.endswith("/session"):
        return _SYSTEM_IMAGES
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(data, "libvirt", "images")
