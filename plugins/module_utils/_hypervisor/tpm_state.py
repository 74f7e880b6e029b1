# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of an emulated TPM, which libvirt keeps in a folder of the domain's UUID.

libvirt has no call for it, so that it can be copied on the hypervisor's host alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil

from .connection import Connection
from .errors import HypervisorError

#: qemuTPMEmulatorInitPaths: the daemon's own, and that of a user's daemon.
_SYSTEM = "/var/lib/libvirt/swtpm"
_PART = ".part"


def folder_of(connection: Connection, uuid: str) -> str:
    """The folder of the state of the domain with this UUID."""
    if not connection.uri.partition("?")[0].endswith("/session"):
        return os.path.join(_SYSTEM, uuid)
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "libvirt", "qemu", "swtpm", uuid)


def has_state(connection: Connection, uuid: str) -> bool | None:
    """Whether there is a state; ``None`` where that can't be seen."""
    if not connection.is_local:
        return None
    try:
        return bool(os.listdir(folder_of(connection, uuid)))
    except FileNotFoundError:
        return False
    except OSError:
        return None


def copy_state(connection: Connection, source: str, clone: str) -> None:
    """Copy the state of one domain to that of another one, which has none; both are UUIDs.

    :raises HypervisorError: it can't be copied; nothing is left of the copy.
    """
    old, new = folder_of(connection, source), folder_of(connection, clone)
    part = new + _PART
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(old, part, symlinks=True)
        _own_like(old, part)
        os.rename(part, new)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise HypervisorError(
            f"tpm: the state in {old} can't be copied: {error}; set tpm to fresh, or run the task as a user who may "
            "read it"
        ) from None


def remove_copy(connection: Connection, clone: str) -> None:
    """Remove the state of a clone that was not completed, and has never run."""
    if connection.is_local:
        new = folder_of(connection, clone)
        shutil.rmtree(new + _PART, ignore_errors=True)
        shutil.rmtree(new, ignore_errors=True)


def _own_like(old: str, new: str) -> None:
    """Give the files of a copy to those who have the files that they are copies of."""
    for folder, _folders, files in os.walk(old):
        for name in ("", *files):
            path = os.path.join(folder, name) if name else folder
            copy = os.path.join(new, os.path.relpath(path, old)) if path != old else new
            status = os.lstat(path)
            with contextlib.suppress(PermissionError):
                os.lchown(copy, status.st_uid, status.st_gid)
