# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The uses of files on a hypervisor's host, read at one moment.

On another host only libvirt knows the names and contents of volumes. Links can't be followed
there, and an image in no pool can't be read: such an image is a doubt.
"""

from __future__ import annotations

import functools
import os
import posixpath
import stat
import typing as t

from .._file_use.image import BASE, needed_by
from .._file_use.names import ARGUMENT, UnknownName, files_named, named_in
from .._file_use.users import (
    BACKUP,
    CHECKPOINT,
    DEFINITION,
    LIVE,
    SAVED,
    SNAPSHOT,
    Doubt,
    FileUse,
    Keys,
    Link,
    Use,
)
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .api import DOMAINS, VOLUMES
from .connection import Connection
from .errors import is_code
from .files import opened
from .libvirt_import import libvirt
from .listing import those_with
from .mounts import mounted_below
from .open_files import Loop, holder, loop_devices
from .pool_volumes import PoolVolumes, Volume
from .volume_content import read as read_volume

#: Formats whose header names no other files.
_PLAIN = (None, "raw", "iso", "luks", "vdi", "dir", "none")
#: Kinds of volumes that have no content of their own.
_WITHOUT_CONTENT = ("dir", "netdir", "network")


class FilesInUse(t.NamedTuple):
    """The uses of files, and all volumes."""

    use: FileUse
    volumes: PoolVolumes


def files_in_use(connection: Connection) -> FilesInUse:
    """The uses of files, read once per connection.

    ``files_in_use(connection).use.of(path)`` are the uses of one file.

    :raises HypervisorError: they can't be read.
    """
    # What it says of domains that the task is about to change depends on the plan so far.
    count = connection.coming.count(DOMAINS.noun) + connection.coming.count(VOLUMES.noun)
    return connection.cache.get(f"files {count}", lambda: _Reader(connection).read())


class HostNames:
    """The identity of files: links and inodes on this host, paths on another."""

    def __init__(self, is_local: bool, going: frozenset[str] = frozenset()) -> None:
        self._is_local = is_local
        #: The guests that the task is about to stop and to remove.
        self._going = going
        self.keys = functools.lru_cache(maxsize=None)(self._keys)
        self.real = functools.lru_cache(maxsize=None)(self._real)

    def is_below(self, path: str, folder: str) -> bool:
        """As :meth:`.Names.is_below`."""
        real, top = self.real(path), self.real(folder)
        if real.startswith(f"{top.rstrip('/')}/"):
            return True
        if not self._is_local or not real.startswith("/"):
            return False
        # The folder, or a folder between it and the file, may be mounted at two places.
        places = {_identity(top), *map(_identity, mounted_below(top))} - {None}
        return not places.isdisjoint(map(_identity, _folders_of(real)))

    def holder(self, path: str) -> str | None:
        """As :meth:`.Names.holder`."""
        if not self._is_local or not path.startswith("/"):
            return None
        return holder(path, self._loops, self._going)

    @functools.cached_property
    def _loops(self) -> list[Loop]:
        return loop_devices()

    def _real(self, path: str) -> str:
        if self._is_local and path.startswith("/"):
            return os.path.realpath(path)
        return posixpath.normpath(path)

    def _keys(self, path: str) -> Keys:
        # A dangling link has its own name, and so has a file that doesn't exist yet.
        found: set[tuple[object, ...]] = {("path", posixpath.normpath(path))}
        if not self._is_local or not path.startswith("/"):
            return frozenset(found)
        found.add(("path", os.path.realpath(path)))
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return frozenset(found)
        found.add(("file", status.st_dev, status.st_ino))
        if stat.S_ISBLK(status.st_mode):
            found.add(("device", status.st_rdev))
        return frozenset(found)


def host_names(connection: Connection) -> HostNames:
    """The identity of files on the hypervisor's host."""
    return HostNames(connection.is_local, connection.coming.gone(DOMAINS.noun))


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _folders_of(path: str) -> t.Iterator[str]:
    """A path and its parent folders, without the root."""
    while path != "/":
        yield path
        path = posixpath.dirname(path)


class _Unreadable(Exception):
    """The header of an image can't be read; the argument is the reason."""


class _Reader:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_local = connection.is_local
        self._names = host_names(connection)
        self._volumes = PoolVolumes(connection, self._names)
        self._uses: list[Use] = []
        self._links: list[Link] = []
        self._doubts: list[Doubt] = []
        #: Images whose header is to be read, with words for their user.
        self._waiting: list[tuple[str, str]] = []

    def read(self) -> FilesInUse:
        with self._connection.explained("read what the domains use"):
            self._read_domains()
        for device, pool in self._volumes.devices:
            self._uses.append(Use(device, pool_use(pool)))
        for pool, why in self._volumes.unknown:
            self._doubts.append(Doubt(f"the storage pool {pool} can't be refreshed ({why})"))
        seen: set[tuple[object, ...]] = set()
        going = self._going_volumes()
        for volume in self._volumes.all:
            if volume.path not in going:
                self._read_volume(volume, seen)
        for directory in self._volumes.inactive_directories() if self._is_local else ():
            self._waiting += [(path, "") for path in _files_below(directory)]
        while self._waiting:
            path, user = self._waiting.pop()
            if seen.isdisjoint(self._names.keys(path)):
                seen |= self._names.keys(path)
                self._read_image(path, user)
        use = FileUse(
            self._names, tuple(self._uses), tuple(self._links), tuple(dict.fromkeys(self._doubts))
        )
        return FilesInUse(use, self._volumes)

    def _going_volumes(self) -> set[str]:
        """The paths of the volumes that the task is about to delete."""
        found = set()
        for key in self._connection.coming.gone(VOLUMES.noun):
            pool, _slash, name = key.partition("/")
            found |= {
                volume.path
                for volume in self._volumes.of_pool(pool)
                if posixpath.basename(volume.path) == name
            }
        return found

    # Domains.

    def _read_domains(self) -> None:
        connection = self._connection
        saved = those_with(connection, "MANAGEDSAVE")
        with_snapshots = those_with(connection, "HAS_SNAPSHOT")
        with_checkpoints = those_with(connection, "HAS_CHECKPOINT")
        for raw in connection.raw.listAllDomains(0):
            uuid = raw.UUIDString()
            if connection.coming.is_gone(DOMAINS.noun, raw.name()):
                continue
            try:
                self._read_domain(raw, uuid)
                if saved is None or uuid in saved:
                    self._read_saved(raw, uuid)
                if with_snapshots is None or uuid in with_snapshots:
                    self._read_listed(raw, uuid, SNAPSHOT, "listAllSnapshots")
                if with_checkpoints is None or uuid in with_checkpoints:
                    self._read_listed(raw, uuid, CHECKPOINT, "listAllCheckpoints")
            except libvirt.libvirtError as error:
                # The domain has gone meanwhile.
                if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                    raise

    def _read_domain(self, raw: t.Any, uuid: str) -> None:
        coming = self._connection.coming.find(DOMAINS.noun, raw.name())
        if coming is not None and coming.document is not None:
            self._note(Use("", "", raw.name(), uuid, DEFINITION), coming.document)
            return
        definition = parse(raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
        self._note(Use("", "", raw.name(), uuid, DEFINITION), definition)
        if raw.isActive():
            use = Use("", "", raw.name(), uuid, LIVE, is_running=True)
            self._note(use, parse(raw.XMLDesc(0)))
            self._read_backup(raw, uuid)

    def _read_backup(self, raw: t.Any, uuid: str) -> None:
        """Note the files that a running backup is written to."""
        if not hasattr(raw, "backupGetXMLDesc"):
            # libvirt before 6.0 has no backups.
            return
        try:
            document = parse(raw.backupGetXMLDesc(0))
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN_BACKUP", "VIR_ERR_NO_SUPPORT"):
                return
            raise
        self._note(Use("", "", raw.name(), uuid, BACKUP, is_running=True), document)

    def _read_saved(self, raw: t.Any, uuid: str) -> None:
        try:
            if raw.hasManagedSaveImage():
                document = parse(raw.managedSaveGetXMLDesc(0))
                self._note(Use("", "", raw.name(), uuid, SAVED), document)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise
            if not is_code(error, "VIR_ERR_NO_SUPPORT"):
                why = f"the saved state of the domain {raw.name()} can't be read"
                self._doubts.append(Doubt(why, uuid))

    def _read_listed(self, raw: t.Any, uuid: str, document: str, listing: str) -> None:
        """Note the files in a domain's snapshots or checkpoints, which contain whole domains."""
        try:
            listed = getattr(raw, listing)(0)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return
            raise
        for raw_entry in listed:
            use = Use("", "", raw.name(), uuid, document, raw_entry.getName())
            try:
                self._note(use, parse(raw_entry.getXMLDesc(0)))
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    raise
                if not is_code(error, "VIR_ERR_NO_DOMAIN_SNAPSHOT", "VIR_ERR_NO_DOMAIN_CHECKPOINT"):
                    why = f"{use.words.partition(' (')[0]} can't be read"
                    self._doubts.append(Doubt(why, uuid))

    def _note(self, holder: Use, document: Element) -> None:
        """Note all files that a document names."""
        uses, doubts = uses_in(holder, document, self._volumes)
        self._uses += [use for use, _form in uses]
        self._doubts += doubts
        self._waiting += [
            (use.path, use.words)
            for use, form in uses
            if form not in _PLAIN or (use.what == ARGUMENT and self._is_file(use.path))
        ]

    def _is_file(self, path: str) -> bool:
        return self._is_local and os.path.isfile(path)

    def _is_readable_file(self, path: str) -> bool:
        return self._is_file(path) and os.access(path, os.R_OK)

    # Images.

    def _read_volume(self, volume: Volume, seen: set[tuple[object, ...]]) -> None:
        keys = self._names.keys(volume.path)
        if not seen.isdisjoint(keys):
            return
        seen |= keys
        if not self._is_readable_file(volume.path):
            is_plain = volume.form in _PLAIN and volume.kind != "block"
            if volume.kind in _WITHOUT_CONTENT or is_plain:
                self._link_by_volume(volume)
                return
        try:
            self._read_header(volume.path, volume)
        except _Unreadable as error:
            self._link_by_volume(volume)
            if volume.form not in _PLAIN:
                self._doubts.append(_unread(volume.path, str(error)))

    def _link_by_volume(self, volume: Volume) -> None:
        """Note a volume's backing file as libvirt reports it, where its header isn't readable."""
        if volume.backing is None:
            return
        try:
            files = files_named(volume.backing, posixpath.dirname(volume.path))
        except UnknownName:
            self._doubts.append(_unread(volume.path, f"its {BASE} has a name that is no path"))
            return
        self._links += [Link(volume.path, file, BASE) for file in files]

    def _read_image(self, path: str, user: str) -> None:
        """Note the files that an image names which is no volume."""
        if not path.startswith("/"):
            return
        try:
            self._read_header(path, None)
        except _Unreadable as error:
            self._doubts.append(_unread(path, str(error), user))

    def _read_header(self, path: str, volume: Volume | None) -> None:
        try:
            needed = needed_by(self._reader(path, volume))
        except FileNotFoundError:
            if _is_unmounted(path):
                raise _Unreadable("its directory is empty or missing, as if not mounted") from None
            return
        except OSError as error:
            raise _Unreadable(error.strerror or str(error)) from None
        except libvirt.libvirtError as error:
            raise _Unreadable(str(error)) from None
        except ValueError as error:
            raise _Unreadable(str(error)) from None
        directory = posixpath.dirname(self._names.real(path))
        for file_needed in needed:
            try:
                files = files_named(file_needed.name, directory)
            except UnknownName:
                raise _Unreadable(f"its {file_needed.what} has a name that is no path") from None
            for file in files:
                self._links.append(Link(path, file, file_needed.what))
                if not file_needed.is_raw:
                    self._waiting.append((file, ""))

    def _reader(self, path: str, volume: Volume | None) -> t.Callable[[int, int], bytes]:
        if self._is_local and (volume is None or os.access(path, os.R_OK)):
            return functools.partial(read_file, path)
        if volume is None:
            raise _Unreadable("it is in no active storage pool")
        return functools.partial(read_volume, self._connection, volume.raw)


def pool_use(pool: str) -> str:
    """The use of a device as a part of the pool with this name."""
    return f"the storage pool {pool}"


def is_absent(connection: Connection, path: str) -> bool:
    """Whether there is certainly nothing at a path, and the path is of this host."""
    return connection.is_local and path.startswith("/") and not os.path.lexists(path)


def uses_in(
    holder: Use, document: Element, volumes: PoolVolumes
) -> tuple[list[tuple[Use, str | None]], list[Doubt]]:
    """The uses of the files in a document, each with its format, and the doubts.

    The uses are copies of ``holder``. The doubts are about named volumes that can't be found.
    """
    uses: list[tuple[Use, str | None]] = []
    doubts: list[Doubt] = []
    for named in named_in(document):
        path = named.path
        if path is None and named.volume is not None:
            path = volumes.path_of(named.pool or "", named.volume)
        use = holder._replace(
            path=path or "",
            what=named.what,
            target=named.target,
            is_folder=named.is_folder,
            is_shared=named.is_shared,
            is_base=named.is_base,
        )
        if path is not None:
            uses.append((use, named.form))
        elif named.volume is not None:
            why = (
                f"{use.words} uses the volume {named.volume} of the storage pool {named.pool}, "
                "whose place is unknown; start or define that pool"
            )
            doubts.append(Doubt(why, holder.uuid, volume=posixpath.basename(named.volume)))
    return uses, doubts


def _unread(path: str, reason: str, user: str = "") -> Doubt:
    used = f", used by {user}," if user else ""
    return Doubt(
        f"it can't be read what the image {path}{used} is based on ({reason}); make it readable, "
        "start or define the storage pool of its directory, or remove what names it",
        path=path,
    )


def read_file(path: str, offset: int, length: int) -> bytes:
    """A part of an image; empty for a path that is no file and no block device.

    :raises OSError: it can't be read.
    """
    if not stat.S_ISREG(os.stat(path).st_mode) and not stat.S_ISBLK(os.stat(path).st_mode):
        # A pipe would be waited for, and a device has no header.
        return b""
    with opened(path, devices=True) as image:
        image.seek(offset)
        return image.read(length)


def _files_below(directory: str) -> list[str]:
    """The files in the directory of an inactive pool; empty if this host lacks the directory."""
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    paths = (os.path.join(directory, name) for name in sorted(names))
    return [path for path in paths if os.path.isfile(path)]


def _is_unmounted(path: str) -> bool:
    """Whether the directory of a missing image may be a mount point without a mount."""
    try:
        return not os.listdir(os.path.dirname(path))
    except OSError:
        return True
