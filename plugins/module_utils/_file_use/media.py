# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks that are drives."""

from __future__ import annotations

#: The devices of drives: their media are exchanged, and only read.
MEDIA = ("cdrom", "floppy")
