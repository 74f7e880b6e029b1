# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only module that imports libvirt-python."""

from __future__ import annotations

import traceback
import typing as t

#: The traceback of the failed import; ``None`` when libvirt-python is installed.
LIBVIRT_IMPORT_ERROR: str | None = None

if t.TYPE_CHECKING:
    libvirt: t.Any
else:
    try:
        import libvirt
    except ImportError:
        LIBVIRT_IMPORT_ERROR = traceback.format_exc()
        libvirt = None
