# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..integration.conftest import _private_libvirtd, boot, hypervisor, no_images

__all__ = ["_private_libvirtd", "boot", "hypervisor", "no_images"]
