# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that are one text, and have no sub-options."""

from __future__ import annotations

#: The place of each option, from the root.
TEXTS = {
    "name": "name",
    "uuid": "uuid",
    "description": "description",
    "os_type": "os/type",
    "virt_type": "@type",
    "arch": "os/type/@arch",
    "machine": "os/type/@machine",
}
