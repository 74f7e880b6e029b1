# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pools that a task makes for a directory without one, and removes again."""

from __future__ import annotations

import hashlib
import posixpath


def passing_name(directory: str) -> str:
    """The name of such a pool."""
    return f"ansible-{hashlib.sha256(directory.encode()).hexdigest()[:16]}"


def is_passing(name: str, directory: str | None) -> bool:
    """Whether it is one, of a task that runs or that was interrupted."""
    return directory is not None and name == passing_name(posixpath.normpath(directory))
