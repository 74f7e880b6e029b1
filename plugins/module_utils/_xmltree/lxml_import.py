# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only module that imports lxml."""

from __future__ import annotations

import traceback
import typing as t

#: The traceback of the failed import; ``None`` when lxml is installed.
LXML_IMPORT_ERROR: str | None = None

if t.TYPE_CHECKING:
    from lxml import etree
else:
    try:
        from lxml import etree
    except ImportError:
        LXML_IMPORT_ERROR = traceback.format_exc()
        etree = None

__all__ = ["LXML_IMPORT_ERROR", "etree"]
