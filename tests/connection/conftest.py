# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests of the connection plugin, which have processes of their own.

They import what only Ansible's controller has, after which the warnings of a module in the same process are
shown and not returned.
"""

from __future__ import annotations

from ..integration.conftest import _private_libvirtd, boot, hypervisor

__all__ = ["_private_libvirtd", "boot", "hypervisor"]
