# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage of a disk: existing storage, or a volume that has to be created."""

from __future__ import annotations

import contextlib
import math
import os
import re
import typing as t
import urllib.parse

from .._file_use.media import MEDIA
from .._images.request import ImageRequest
from .._rules.pool_types import how_to_start
from .._xmltree.element import Element
from . import disk_image, writing
from .disk import Disk, storage_of
from .disk_image import KeptImage
from .errors import OptionError
from .options.storage_request import StorageRequest
from .storage import (
    CIRCLE,
    GIB,
    SECTOR,
    Existing,
    NewVolume,
    Pool,
    StorageFacts,
    images_of_disk,
    missing_image,
    pool_and_volume,
)

if t.TYPE_CHECKING:
    from .guest import Guest

#: The attribute of ``source`` that holds the path, by the type of the disk.
_PATHS = {"file": "file", "block": "dev", "dir": "dir"}
#: The attributes of ``source`` that locate the data. Others are about its treatment.
_PLACES = (*_PATHS.values(), "volume", "pool", "name", "protocol")
#: A URL, which is no path of the host.
URL = re.compile(r"[a-zA-Z]+(\+[a-zA-Z]+)?://")
#: The largest size that libvirt can count, in bytes.
_LARGEST = 2**63 - 1
#: A first table of 32 MiB at most, each entry of which stands for 512 MiB:
#: https://www.qemu.org/docs/master/interop/qcow2.html
_LARGEST_QCOW2 = 2**51
#: The endings of images' names by format; other formats are their own ending.
_ENDINGS = {"raw": ".img"}


def connect(guest: Guest, disk: Disk, request: StorageRequest) -> None:
    """Connect a disk with its storage.

    :raises OptionError: the storage doesn't exist, or can't be created as requested.
    """
    if request.size is not None:
        disk.size = in_bytes(request.size)
    disk.pool = request.pool
    if request.moves and guest.exists:
        # Which disk of the domain it is shows when all are known.
        disk.move = request
        _use_if_there(guest, disk, request)
        return
    current = _current(guest, disk, request) if request.moves and guest.disks else None
    if current is not None:
        # It has its image until it has moved.
        disk.move = request
        _use_current(guest, disk, current)
        return
    if request.image is not None:
        request = _with_image(guest, disk, request, request.image)
        disk.image = request.image
    if request.backing_store is not None:
        request = request._replace(
            backing_store=_base_path(guest, request.backing_store, "backing_store")
        )
        disk.base = request.backing_store
    if request.volume is not None:
        with _named("disk: vol"):
            use(guest, disk, guest.host.storage.volume(request.pool or "", request.volume))
        return
    if request.path is not None:
        use_path(guest, disk, request.path, request)
        return
    pool_name = request.pool
    if pool_name is None and _path(disk) is not None:
        _adopt(guest, disk, request)
        return
    in_pool, volume = disk.value("source/@pool"), disk.value("source/@volume")
    if pool_name is None and (in_pool is not None or volume is not None):
        if not in_pool:
            raise OptionError(f"disk: the volume {volume} is in no pool; give source.pool too")
        with _named("disk: source"):
            disk.storage = guest.host.storage.volume(in_pool, volume or "")
        return
    has_type = disk.get("type") not in (None, "file")
    is_new = not (request.size is None and request.backing_store is None and request.image is None)
    if pool_name is None and (not is_new or has_type or _is_placed(disk)):
        if not guest.exists:
            check_empty(disk)
        return
    storage = guest.host.storage
    is_default = pool_name in (None, "default")
    with _named("disk: pool"):
        pool = storage.default_pool() if is_default else storage.pool(pool_name or "")
    _create(guest, disk, request, pool, None)


def _current(guest: Guest, disk: Disk, request: StorageRequest) -> Element | None:
    """The domain's disk that an entry of a whole document is about; ``None`` for a new one.

    :raises OptionError: that isn't certain.
    """
    target = disk.value("target/@dev")
    disks = [current for current in guest.disks if current.get("device") in (None, "disk", "lun")]
    if target is not None:
        return next((now for now in guest.disks if now.value("target/@dev") == target), None)
    if request.path is None and request.volume is None and len(disks) == 1:
        return disks[0]
    sources = known_by(guest, request)
    for current in disks:
        place = current.child("source")
        if place is not None and any(
            all(place.get(name) == value for name, value in source.attributes.items())
            for source in sources
        ):
            return current
    raise OptionError(
        "disk: move: which disk of the domain moves can't be told; give the entry its target"
    )


def _use_current(guest: Guest, disk: Disk, current: Element) -> None:
    """Connect a disk with the storage that the domain's disk has."""
    disk.storage = existing_storage(guest.host.storage, current)
    for path in ("@type", "driver/@type", "target/@dev"):
        value = writing.value_at(current, path)
        if value is not None:
            writing.write(disk, path, value)
    source = current.child("source")
    for name, value in ({} if source is None else source.attributes).items():
        if name in _PLACES:
            writing.write(disk, f"source/@{name}", value)


def connect_new(guest: Guest, disk: Element) -> None:
    """Connect a disk that was to be moved, if the domain has it, with storage of its own.

    :raises OptionError: as :func:`connect`; or it may be a disk that the domain has.
    """
    if not isinstance(disk, Disk) or disk.move is None:
        return
    request, disk.move = disk.move, None
    if disk.value("target/@dev") is None and not (request.path is None and request.volume is None):
        place = request.path or f"{request.pool}/{request.volume}"
        raise OptionError(
            f"disk: move: no disk of the domain has {place}, and it isn't said which one moves there; give its target"
        )
    connect(guest, disk, request._replace(moves=False))


def _use_if_there(guest: Guest, disk: Disk, request: StorageRequest) -> None:
    """Connect a disk without a target with the storage by which it is known, if that is there."""
    if disk.value("target/@dev") is not None:
        return
    storage = guest.host.storage
    if request.path is not None and not URL.match(request.path):
        existing = storage.at(os.path.abspath(request.path))
    elif request.volume is not None:
        with _named("disk: vol"):
            pool = storage.pool(request.pool or "")
        path = os.path.join(pool.path or "", request.volume)
        existing = storage.at(path) if request.volume in pool.volumes else None
    else:
        existing = None
    if existing is not None:
        use(guest, disk, existing)


def _with_image(
    guest: Guest, disk: Disk, request: StorageRequest, image: ImageRequest
) -> StorageRequest:
    """The request with the path of the volume that has the image, if it is a volume.

    :raises OptionError: there is no such volume, or the disk can't have an image.
    """
    others = {
        "backing_store": request.backing_store,
        "backing_format": request.backing_format,
        "vol": request.volume,
        "sparse: false": request.sparse is False or None,
    }
    disk_image.check(disk, [name for name, value in others.items() if value is not None])
    if image.volume is None:
        return request
    return request._replace(
        image=image._replace(volume=_base_path(guest, image.volume, "image: volume"))
    )


@contextlib.contextmanager
def _named(option: str) -> t.Iterator[None]:
    """Put the option's name before the errors about its storage."""
    try:
        yield
    except OptionError as error:
        raise OptionError(f"{option}: {error}") from None


def known_by(guest: Guest, request: StorageRequest) -> list[Element]:
    """The elements ``source`` that each may stand for the requested storage.

    Empty where the request doesn't identify any storage.
    """
    if request.volume is not None:
        pool, name = request.pool or "", request.volume
        found = [Element("source", {"pool": pool, "volume": name})]
        try:
            path = guest.host.storage.volume(pool, name).path
        except OptionError:
            return found
        return [*found, *_sources(path)]
    if request.path is None:
        return []
    if URL.match(request.path):
        disk = Element("disk")
        _use_url(disk, request.path)
        return disk.all("source")
    return _sources(os.path.abspath(request.path))


def _sources(path: str) -> list[Element]:
    return [Element("source", {attribute: path}) for attribute in _PATHS.values()]


def check_not_exchanged(disk: Element, current: Element, is_whole: bool = False) -> None:
    """Check that no new and empty volume takes the place of a disk's image.

    ``is_whole``: what the entry says is all of the disk, so that it also gets a volume whose name was
    chosen here, if the entry names its pool.

    :raises OptionError: one would.
    """
    storage, images = storage_of(disk), images_of_disk(current)
    if not isinstance(storage, NewVolume) or storage.exists:
        return
    has_pool = is_whole and isinstance(disk, Disk) and disk.pool is not None
    is_disk = (current.get("device") or "disk") in ("disk", "lun")
    if (storage.is_named or has_pool) and is_disk and images and storage.path not in images:
        target = current.value("target/@dev")
        raise OptionError(
            f"disk: there is nothing at {storage.path}, and {target} has {images[0]}, which is not "
            f"exchanged for a new and empty volume; set move: true to move what it has there, correct path, give "
            f"another target to add a disk, or create the volume first"
        )


def check_empty(disk: Element) -> None:
    """Check that a disk without storage is a drive for media.

    :raises OptionError: it is no drive.
    """
    if disk.get("device") in MEDIA or _is_placed(disk):
        return
    # Other types locate their data in ways of their own.
    if disk.get("type") in (None, "file", "block", "dir", "volume", "network"):
        raise OptionError("disk: it has no storage; give path, size, vol or source")


def use_path(guest: Guest, disk: Disk, path: str, request: StorageRequest | None = None) -> None:
    """Connect a disk with the storage at a path, or with a volume that is to be created there.

    :raises OptionError: there is nothing at the path, and nothing can be created.
    """
    if URL.match(path):
        _use_url(disk, path)
        disk.storage = Existing(path, "network")
        return
    path = os.path.abspath(path)
    existing = guest.host.storage.at(path)
    if existing is not None:
        use(guest, disk, existing)
        return
    if request is None:
        raise OptionError(f"there is nothing at {path}; correct the path, or put it there")
    _create(guest, disk, request, _pool_of(guest, os.path.dirname(path)), os.path.basename(path))


def _pool_of(guest: Guest, directory: str) -> Pool:
    """The pool of a directory; a pool without a name where libvirt has none."""
    pool = guest.host.storage.pool_at(directory)
    if pool is None:
        existing = guest.host.storage.at(directory)
        if existing is None or existing.kind != "dir":
            raise OptionError(
                f"there is no directory {directory} in which a disk could be created; create it, "
                "or define a storage pool for it"
            )
        return Pool("", "dir", directory, True, existing.available, frozenset())
    if not pool.is_active:
        raise OptionError(
            f"the storage pool {pool.name}, whose directory is {directory}, is off; "
            f"{how_to_start(pool.name)}"
        )
    return pool


def use(guest: Guest, disk: Disk, storage: Existing | NewVolume) -> None:
    """Connect a disk with this storage."""
    disk.storage = storage
    kind = disk.get("type") or storage.kind
    _clear(disk)
    if kind == "network" and storage.pool is not None:
        if isinstance(storage, Existing):
            _use_network(disk, storage.pool, storage.volume)
        else:
            _use_network(disk, guest.host.storage.pool(storage.pool), storage.name)
    elif kind in _PATHS:
        writing.write(disk, f"source/@{_PATHS[kind]}", storage.path)


def eject(disk: Element) -> None:
    """Take the medium out of a drive."""
    if isinstance(disk, Disk):
        disk.storage = None
    disk.attributes["type"] = "file"
    _clear(disk)
    for attribute in ("name", "type"):
        writing.write(disk, f"driver/@{attribute}", None)


def type_of(disk: Element) -> str:
    """The attribute ``type`` of a disk, by its storage."""
    if disk.value("source/@pool") is not None or disk.value("source/@volume") is not None:
        return "volume"
    storage = storage_of(disk)
    if storage is not None:
        return storage.kind
    return "network" if disk.value("source/@protocol") is not None else "file"


def set_kind(guest: Guest, disk: Element) -> None:
    """Fill in the disk's type and driver, which depend on the storage.

    Otherwise an existing disk would keep those of its old storage.
    """
    disk.attributes.setdefault("type", type_of(disk))
    set_driver(guest, disk)
    is_silent = disk.value("driver/@name") == "qemu" and disk.value("driver/@type") is None
    if is_silent and disk.get("type") == "network":
        # libvirt's own default.
        writing.write(disk, "driver/@type", "raw")


def set_driver(guest: Guest, disk: Element) -> None:
    """Fill in the driver that reads the storage, and its format.

    QEMU would guess a missing format, and a guest could make its image look like
    another one: https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
    """
    storage = storage_of(disk)
    if storage is None and disk.child("source") is None:
        return
    is_block = disk.get("type") == "block"
    if disk.value("driver/@name") is None:
        name = "phy" if guest.host.is_xen and is_block else "qemu"
        if guest.host.is_qemu or guest.host.is_xen:
            writing.write(disk, "driver/@name", name)
    if disk.value("driver/@name") != "qemu" or disk.value("driver/@type") is not None:
        return
    form = "raw" if is_block else storage.format if storage is not None else None
    if disk.get("type") == "dir":
        # The only format that libvirt takes for a directory.
        form = "fat"
    if form is not None:
        writing.write(disk, "driver/@type", "raw" if form == "iso" else form)


def _adopt(guest: Guest, disk: Disk, request: StorageRequest) -> None:
    """Connect a disk whose element ``source`` has a path."""
    path = os.path.abspath(_path(disk) or "")
    existing = guest.host.storage.at(path)
    if existing is not None:
        disk.storage = existing
    else:
        use_path(guest, disk, path, request)


def _is_placed(disk: Element) -> bool:
    """Whether the disk's document locates its data."""
    source = disk.child("source")
    return source is not None and (
        any(source.get(name) is not None for name in _PLACES) or source.child("host") is not None
    )


def _path(disk: Element) -> str | None:
    return next(
        filter(None, (disk.value(f"source/@{attribute}") for attribute in _PATHS.values())), None
    )


def _create(
    guest: Guest, disk: Disk, request: StorageRequest, pool: Pool, name: str | None
) -> None:
    form = request.format
    if form is None and pool.volume_kind == "file":
        # Xen and containers can't use qcow2 without further settings.
        form = "qcow2" if guest.host.is_qemu_or_test else "raw"
    is_named = name is not None
    notes: list[str] = []
    if form is not None and pool.volume_kind != "file":
        raise OptionError(f"volumes of the pool {pool.name} can't have the format {form}")
    where = f"the pool {pool.name}" if pool.name else pool.path
    own = None if name is None else guest.images.get(os.path.join(pool.path or "", name))
    if own is not None and request.size is None:
        raise OptionError(missing_image(os.path.join(pool.path or "", name or ""), own))
    if request.size is None and request.image is None and disk.get("device") in MEDIA:
        # An empty medium is of no use.
        raise OptionError(
            f"disk: {name or 'its medium'} does not exist in {where}; correct its path"
        )
    size = None if request.size is None else in_bytes(request.size)
    image = None
    if request.image is not None:
        image = disk_image.kept(guest.host.storage, pool, form, request.image, size)
    backing = _backing(guest, request)
    capacity = (
        (size or 0)
        if image is not None
        else _capacity(
            request,
            backing,
            f"{name or 'its volume'} does not exist in {where}",
            "; set move: true to move the domain's disk there" if guest.exists else "",
        )
    )
    if form == "qcow2" and capacity > _LARGEST_QCOW2:
        raise OptionError(
            f"disk: size: {capacity / GIB:.12g} GiB is more than a qcow2 image can have"
        )
    if name is None:
        ending = _ENDINGS.get(form or "", f".{form}" if form else "")
        base = request.backing_store if image is None else image.path
        # A copy is never empty, and what is based on an unknown image may be based on another.
        is_known = request.image is None or not (request.image.copy or base is None)
        new = _Empty(form, capacity, base, is_known)
        name = _free_name(guest, pool, ending, new, notes, disk.value("target/@dev"))
    path = os.path.join(pool.path or "", name)
    if any(character < " " for character in path):
        raise OptionError(
            f"disk: path: {path!r} has a control character, which a document can't keep; give another"
        )
    exists = not is_named and (
        # libvirt may not know yet of an image that was put back by other means.
        name in pool.volumes or (path in guest.images and guest.host.storage.at(path) is not None)
    )
    is_sparse = request.sparse is not False and pool.kind != "logical"
    refusal = None if image is None else image.refusal
    if refusal is None and pool.available < capacity and not exists:
        left = f"{where} has {pool.available / GIB:.1f} GiB left"
        if is_sparse and request.sparse:
            notes.append(f"{left}; {name} may grow to {capacity / GIB:.12g} GiB")
        else:
            hint = "; give another pool, or sparse: true to let it grow" if is_sparse else ""
            refusal = f"{left}, which is less than the {capacity / GIB:.12g} GiB of {name}{hint}"
    use(
        guest,
        disk,
        NewVolume(
            pool=pool.name or None,
            name=name,
            path=path,
            capacity=capacity,
            allocation=0 if is_sparse else capacity,
            format=form or "raw",
            backing=_base_of(request, image),
            backing_format=request.backing_format or (backing.format if backing else None),
            kind=pool.volume_kind,
            is_named=is_named,
            exists=exists,
            notes=tuple(notes),
            refusal=refusal,
            image=request.image,
            new_image=None if image is None else image.new,
        ),
    )


def _base_of(request: StorageRequest, image: KeptImage | None) -> str | None:
    """The path of the image that a new volume is based on, as far as it is known."""
    if request.image is None or image is None:
        return request.backing_store
    return None if request.image.copy else image.path


def in_pool(text: str) -> tuple[str, str] | None:
    """The pool and the volume of a text that is POOL/VOLUME, or may be a path below a folder."""
    return None if text.startswith((".", "~")) else pool_and_volume(text)


def _base_path(guest: Guest, text: str, option: str) -> str:
    """The path of a backing file or an image, which may be given as POOL/VOLUME.

    :raises OptionError: there is no such volume.
    """
    named = None if URL.match(text) else in_pool(text)
    if named is None:
        return text if option == "backing_store" else os.path.abspath(text)
    path = os.path.abspath(text)
    if guest.host.is_local and guest.host.storage.at(path) is not None:
        return path
    with _named(f"disk: {option}"):
        storage = guest.host.storage
        if named[0] != "default":
            return storage.volume(*named).path
        # It may be yet to be made, in a folder that is there already.
        pool = storage.default_pool()
        path = os.path.join(pool.path or "", named[1])
        return path if storage.at(path) is not None else storage.volume(pool.name, named[1]).path


def _backing(guest: Guest, request: StorageRequest) -> Existing | None:
    """The backing file of a new image; ``None`` without one, or where it can't be looked at."""
    path = request.backing_store
    if path is None or URL.match(path):
        return None
    backing = guest.host.storage.at(path)
    if backing is None and guest.host.is_local:
        raise OptionError(f"disk: backing_store: the backing file {path} does not exist")
    if backing is not None and backing.kind == "dir":
        raise OptionError(f"disk: backing_store: {path} is a directory; give an image")
    if backing is not None and guest.host.storage.is_circle(path):
        raise OptionError(f"disk: backing_store: {CIRCLE.format(path)}")
    return backing


def _capacity(request: StorageRequest, backing: Existing | None, missing: str, hint: str) -> int:
    """The size of a new image in bytes; by default that of its backing file.

    :raises OptionError: the size is unknown or impossible.
    """
    if request.size is None:
        if backing is None or not backing.capacity:
            raise OptionError(
                f"disk: {missing}; give the path of an image, or the size of a new one in GiB{hint}"
            )
        return backing.capacity
    return in_bytes(request.size)


def in_bytes(size: float) -> int:
    """Convert a size in GiB to bytes.

    :raises OptionError: the size is impossible.
    """
    capacity = int(size * GIB) if math.isfinite(size) else 0
    # QEMU doesn't read the last, incomplete sector of a raw image.
    capacity = -(-capacity // SECTOR) * SECTOR
    if not 0 < capacity <= _LARGEST:
        raise OptionError(
            f"disk: size: a disk of {size:.12g} GiB can't be created; give its size in GiB"
        )
    return capacity


def existing_storage(storage: StorageFacts, disk: Element) -> Existing | None:
    """The storage that a disk's document names; ``None`` if nothing is known of it."""
    path = _path(disk)
    if path is not None:
        return storage.at(path)
    pool, volume = disk.value("source/@pool"), disk.value("source/@volume")
    try:
        if pool is not None and volume is not None:
            return storage.volume(pool, volume)
    except OptionError:
        return None
    # libvirt's pools of network storage use the name as the path.
    name = disk.value("source/@name")
    return storage.at(name) if name is not None else None


class _Empty(t.NamedTuple):
    """A new volume before anything is written to it."""

    format: str | None
    capacity: int
    backing: str | None
    #: Whether its content is empty, and its backing file known.
    is_known: bool = True

    def is_like(self, volume: Existing) -> bool:
        """Whether an existing volume is equal, apart from its content."""
        return self.is_known and (volume.format or None, volume.capacity, volume.backing) == (
            self.format or volume.format,
            # Without a size it is that of the image.
            self.capacity or volume.capacity,
            self.backing,
        )


def _free_name(
    guest: Guest, pool: Pool, ending: str, new: _Empty, notes: list[str], target: str | None
) -> str:
    """A free name for a new volume; lines for a person are added to ``notes``.

    ``target`` is the target of its disk, if it was given.
    """
    base = guest.name or "disk"
    # An earlier run may have made the volume for the domain of this name.
    own = {
        os.path.basename(path)
        for path in guest.host.storage.paths_of(base)
        if os.path.dirname(path) == pool.path
    }
    storages = (storage_of(disk) for disk in guest.devices("disk"))
    used = (storage.path for storage in storages if storage is not None)
    taken_paths = (*used, *guest.taken_paths)
    chosen = {os.path.basename(path) for path in taken_paths if os.path.dirname(path) == pool.path}
    if target is not None and guest.images and target not in guest.images.values():
        # The domain doesn't have this disk yet: its images belong to other disks.
        images = {os.path.split(path) for path in (*guest.images, *_bases_of_own(guest))}
        chosen |= own | {name for where, name in images if where == pool.path}
    number = 0
    while True:
        name = f"{base}-{number}{ending}" if number else f"{base}{ending}"
        if name not in chosen and (name in own or name not in pool.volumes):
            return name
        if name not in chosen and os.path.join(pool.path or "", name) in _bases_of_own(guest):
            return name
        if name not in chosen and _is_left_over(guest, pool, name, new, notes):
            return name
        number += 1


def _bases_of_own(guest: Guest) -> frozenset[str]:
    """The backing files of an existing domain's images, such as those before a snapshot."""
    storage = guest.host.storage
    return frozenset(
        base
        for path in (storage.paths_of(guest.name or "") if guest.images else ())
        for base in storage.chain(Existing(path, "file")) or ()
    )


def _is_left_over(guest: Guest, pool: Pool, name: str, new: _Empty, notes: list[str]) -> bool:
    """Whether an unused volume can serve as the new one, because it is equal and empty.

    A task that was interrupted before it defined the domain leaves such a volume.
    """
    storage = guest.host.storage
    volume = storage.left_over(pool, name)
    if volume is None:
        return False
    if new.is_like(volume) and storage.is_empty(volume):
        return True
    notes.append(
        f"{volume.path} exists, and no domain uses it; the new disk gets another name; delete it if "
        "it is left over from earlier, or give its path to use it"
    )
    return False


def _clear(disk: Element) -> None:
    source = disk.child("source")
    if source is None:
        return
    for attribute in _PLACES:
        source.attributes.pop(attribute, None)
    source.children = [child for child in source.children if child.tag != "host"]
    if not source.attributes and not source.children:
        writing.discard(disk, source)


def _use_url(disk: Element, url: str) -> None:
    """Write the place of an image on a server.

    virURIFormat escapes the name, and passes the query on as it is.

    :raises OptionError: it is no URL.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        # They are only read when they are asked for.
        small, port = parts.hostname or "", parts.port
    except ValueError:
        # Its words may quote a password.
        raise OptionError("the URL can't be read; correct its host or its port") from None
    path = urllib.parse.unquote(parts.path)
    protocol, _plus, transport = parts.scheme.partition("+")
    _clear(disk)
    disk.attributes.setdefault("type", "network")
    source = writing.element_made(disk, "source")
    source.attributes["protocol"] = protocol
    # urlsplit makes its letters small.
    address = parts.netloc.rpartition("@")[2]
    begin = address.lower().find(small.lower())
    name = address[begin : begin + len(small)]
    host = {"name": name, "port": str(port) if port else None}
    host["transport"] = transport
    if path and transport:
        host["socket"] = path
    elif path:
        source.attributes["name"] = path[1:]
    if parts.query:
        source.attributes["query"] = parts.query
    given = {key: value for key, value in host.items() if value}
    if given:
        source.children.append(Element("host", given))


def _use_network(disk: Element, pool: Pool, volume: str | None) -> None:
    disk.attributes["type"] = "network"
    source = writing.element_made(disk, "source")
    source.attributes["protocol"] = "iscsi" if pool.kind == "iscsi-direct" else pool.kind
    directory = f"{pool.source_name or ''}{pool.source_path or ''}"
    prefix = f"{directory.rstrip('/')}/" if directory else ""
    source.attributes["name"] = prefix + (volume or "")
    for name, port in pool.hosts:
        host = Element("host", {"name": name})
        if port is not None:
            host.attributes["port"] = port
        source.children.append(host)
    if pool.auth is not None:
        username, kind, uuid = pool.auth
        writing.write(disk, "auth/@username", username)
        writing.write(disk, "auth/secret/@type", kind)
        writing.write(disk, "auth/secret/@uuid", uuid)
