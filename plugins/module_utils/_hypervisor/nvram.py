# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file with the variables of a domain's firmware, and whether it may go with the domain.

libvirt deletes any file that a definition names as its NVRAM.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import typing as t

from .._file_use.users import Going
from .._xmltree.element import Element
from .connection import Connection
from .domains import Domain
from .file_users import FilesInUse, files_in_use
from .files import opened
from .libvirt_import import libvirt
from .pool_volumes import is_missing
from .volume_content import read

#: The folder in which libvirt itself makes such files: qemuDomainNVRAMPathFormat().
_OWN_DIRECTORY = "/qemu/nvram"
#: The signature in the header of a firmware volume, and its offset (UEFI Platform
#: Initialization Specification, volume 3, 3.2.1).
_SIGNATURE, _SIGNATURE_AT, _HEADER = b"_FVH", 40, 64


class Nvram(t.NamedTuple):
    """``path`` is ``None`` where it is unknown. ``what`` is its size, for a person.

    ``why`` is the reason why it stays although the task doesn't keep it.
    """

    path: str | None
    goes: bool
    exists: bool = False
    what: str = "there"
    why: str | None = None


def looked_at(domain: Domain, definition: Element, is_kept: bool) -> Nvram:
    """The NVRAM of a domain that is about to be undefined.

    It goes if it certainly is an NVRAM, and if nothing else uses the file.

    :raises HypervisorError: the users of files can't be read.
    """
    path = path_of_nvram(definition)
    connection = domain.connection
    is_local = connection.is_local
    exists = path is not None and not (is_local and is_missing(path))
    size = _size(path) if is_local and path is not None else None
    what = "there" if size is None else f"{size} bytes"
    if is_kept or path is None or not exists:
        return Nvram(path, not is_kept, exists, what)
    files = files_in_use(connection)
    # Another device of the domain may have the same file.
    answer = files.use.of(path, Going(domain.uuid, (None,), True))
    why = answer.reason
    if why is None and not _is_firmware_volume(connection, files, path):
        why = "has no variables of a firmware, as far as can be seen"
    return Nvram(path, why is None, exists, what, why)


def path_of_nvram(definition: Element) -> str | None:
    """The path of the firmware's variables in a definition; ``None`` where libvirt chooses it."""
    nvram = definition.find("os/nvram")
    if nvram is None:
        return None
    return nvram.text or nvram.value("source/@file") or nvram.value("source/@dev")


def _size(path: str) -> int | None:
    with contextlib.suppress(OSError):
        return os.stat(path).st_size
    return None


def _is_firmware_volume(connection: Connection, files: FilesInUse, path: str) -> bool:
    directory = posixpath.dirname(files.use.names.real(path))
    if directory.endswith(_OWN_DIRECTORY):
        return True
    return _header(connection, files, path)[_SIGNATURE_AT:].startswith(_SIGNATURE)


def _header(connection: Connection, files: FilesInUse, path: str) -> bytes:
    if connection.is_local:
        with contextlib.suppress(OSError), opened(path) as file:
            return file.read(_HEADER)
    volume = files.volumes.at(path)
    if volume is not None:
        with contextlib.suppress(libvirt.libvirtError):
            return read(connection, volume.raw, 0, min(_HEADER, volume.capacity))
    return b""
