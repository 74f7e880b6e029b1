# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images that a test makes as somebody else would."""

from __future__ import annotations

import pathlib
import subprocess


def make_overlay(path: pathlib.Path, base: pathlib.Path) -> None:
    """An image that is based on another one, of the same size."""
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", str(base), str(path)]
    subprocess.run(command, check=True)
