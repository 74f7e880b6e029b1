# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder with the files of backups, on this host."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import tarfile
import typing as t

from .connection import Connection
from .domains import Domain
from .errors import HypervisorError
from .events import wait
from .files import allocated_bytes, content, free_bytes
from .flags import flag
from .pool_state import is_active
from .refreshing import refresh

#: Types of pools whose volumes are files of one folder.
_FILES = ("dir", "fs", "netfs")
_PRIVATE = 0o600
#: The bytes that QEMU locks, RAW_LOCK_PERM_BASE and RAW_LOCK_SHARED_BASE in block/file-posix.c.
_LOCKED_AT, _LOCKED = 100, 164


def folder_of_pool(connection: Connection, name: str) -> str:
    """The folder of a pool.

    :raises HypervisorError: there is no such pool, it is off, or has no files.
    """
    from .._xmltree.parse import parse

    try:
        state = is_active(connection, name)
    except LookupError:
        raise HypervisorError(
            f"pool: there is no pool '{name}'; define it with the module pool"
        ) from None
    if not state:
        raise HypervisorError(
            f"pool: '{name}' is not active; start it with the module pool, as state: active"
        )
    with connection.explained(f"read the pool {name}"):
        document = parse(connection.raw.storagePoolLookupByName(name).XMLDesc(0))
    kind, path = document.get("type"), document.value("target/path")
    if kind not in _FILES or path is None:
        raise HypervisorError(
            f"pool: '{name}' has no files, as it is of the type {kind}; give a pool of the type dir, fs or netfs, or a "
            "directory"
        )
    return path


def refresh_pool(connection: Connection, name: str) -> None:
    """Let libvirt see what is new in a pool.

    :raises HypervisorError: it can't.
    """
    with connection.explained(f"refresh the pool {name}"):
        refresh(connection.raw.storagePoolLookupByName(name))


class Folder:
    """A folder with the files of backups; the names are of files in it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def at(self, name: str) -> str:
        """The path of a file."""
        return os.path.join(self.path, name)

    def names(self) -> list[str]:
        """The names of all files, sorted.

        :raises HypervisorError: they can't be listed.
        """
        try:
            return sorted(os.listdir(self.path))
        except OSError as error:
            raise HypervisorError(f"{self.path} can't be read: {_why(error)}") from None

    def read(self, name: str) -> bytes:
        """The content of a file.

        :raises HypervisorError: it can't be read.
        """
        try:
            return content(self.at(name))
        except OSError as error:
            raise HypervisorError(f"{self.at(name)} can't be read: {_why(error)}") from None

    def write(self, name: str, data: bytes) -> None:
        """Write a file, which is there as a whole or not at all, and stays there.

        :raises HypervisorError: it can't be written.
        """
        part = self.at(f"{name}.part")
        try:
            descriptor = os.open(
                part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PRIVATE
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.rename(part, self.at(name))
            self.sync()
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise HypervisorError(f"{self.at(name)} can't be written: {_why(error)}") from None

    def copy(self, source: str, name: str) -> None:
        """Copy a file or, as a tar archive, a folder into this one.

        :raises HypervisorError: it can't be copied.
        """
        path = self.at(name)
        try:
            descriptor = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE
            )
            with os.fdopen(descriptor, "wb") as file:
                if os.path.isdir(source):
                    with tarfile.open(fileobj=file, mode="w") as archive:
                        archive.add(source, ".")
                else:
                    with open(source, "rb") as original:
                        shutil.copyfileobj(original, file)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise HypervisorError(f"{source} can't be copied to {path}: {_why(error)}") from None

    def rename(self, old: str, new: str) -> None:
        """Give a file its name, once its content is on the disk.

        :raises HypervisorError: it can't be renamed.
        """
        try:
            descriptor = os.open(self.at(old), os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.rename(self.at(old), self.at(new))
        except OSError as error:
            raise HypervisorError(f"{self.at(old)} can't be renamed: {_why(error)}") from None

    def remove(self, name: str) -> None:
        """Remove a file, if it is there.

        :raises HypervisorError: it can't be removed.
        """
        try:
            os.unlink(self.at(name))
        except FileNotFoundError:
            return
        except OSError as error:
            raise HypervisorError(f"{self.at(name)} can't be removed: {_why(error)}") from None

    def is_released(self, name: str, timeout: float) -> bool:
        """Whether QEMU has closed an image, within ``timeout`` seconds.

        libvirt says that a backup has ended before QEMU has closed its images
        (qemuBlockJobProcessEventConcludedBackup: qemuBackupNotifyBlockjobEnd comes first).

        :raises HypervisorError: it can't be opened.
        """
        try:
            descriptor = os.open(self.at(name), os.O_RDWR | os.O_CLOEXEC)
            try:
                return wait(lambda: _is_unlocked(descriptor), timeout)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise HypervisorError(f"{self.at(name)} can't be opened: {_why(error)}") from None

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return os.path.lexists(self.at(name))

    def size(self, name: str) -> int | None:
        """The bytes that a file takes; ``None`` where there is none."""
        return allocated_bytes(self.at(name))

    def room(self) -> int | None:
        """The bytes that are free."""
        return free_bytes(self.path)

    def sync(self) -> None:
        """Let the names of the files survive a crash of the host."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_unlocked(descriptor: int) -> bool:
    """Whether no QEMU has an image open; it has locks on some of these bytes then."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKED, _LOCKED_AT)
    except BlockingIOError:
        return False
    except OSError as error:
        # Where the file system has no locks, QEMU makes none.
        return error.errno not in (errno.EACCES, errno.EAGAIN)
    fcntl.lockf(descriptor, fcntl.LOCK_UN, _LOCKED, _LOCKED_AT)
    return True


def problem(path: str, is_written: bool) -> str | None:
    """Why there can be no backups in a folder, or none can be read; ``None`` if that is possible."""
    if not os.path.isdir(path):
        return f"there is no folder {path}; make it with the module ansible.builtin.file"
    if is_written and not os.access(path, os.W_OK | os.X_OK):
        return f"this user may not write to {path}; run the task as one who may, or choose another folder"
    return None


def this_process() -> str:
    """Words that identify this process on all hosts: host, boot, number and start."""
    return _process(os.getpid()) or ""


def runs(owner: str) -> bool:
    """Whether the process with these words runs on this host."""
    number = owner.split(" ")[2:3]
    return bool(number) and number[0].isdigit() and _process(int(number[0])) == owner


def _process(number: int) -> str | None:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            # The name of the program, in parentheses, may have blanks. See proc_pid_stat(5).
            start = file.read().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
    return f"{socket.gethostname()} {boot} {number} {start}"


def _why(error: OSError) -> str:
    return f"{error.strerror or error}; see that this user may work there, and that there is room"


def disk_sizes(domain: Domain, raw: t.Any, targets: t.Iterable[str]) -> dict[str, int]:
    """The sizes of the disks of a guest in bytes, as the guest sees them, by target.

    ``raw`` is the ``virDomain`` that has them.

    :raises HypervisorError: they can't be read.
    """
    with domain.connection.explained("read the sizes of the disks"):
        return {target: int(raw.blockInfo(target, 0)[0]) for target in targets}


def definition_without_secrets(domain: Domain) -> str:
    """The definition, or the document of a transient guest, without its passwords.

    :raises HypervisorError: it can't be read.
    """
    flags = flag("VIR_DOMAIN_XML_INACTIVE") if domain.facts().persistent else 0
    with domain.connection.explained("read the domain's definition"):
        return str(domain.raw.XMLDesc(flags))
