# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pools that a task makes for a directory without one, and removes again."""

from __future__ import annotations

import hashlib
import posixpath


def temporary_name(directory: str) -> str:
    """The name of a temporary pool for a directory."""
    return f"ansible-{hashlib.sha256(directory.encode()).hexdigest()[:16]}"


def is_temporary(name: str, directory: str | None) -> bool:
    """Whether a pool is temporary, made by a running task or by an interrupted one."""
    return directory is not None and name == temporary_name(posixpath.normpath(directory))
