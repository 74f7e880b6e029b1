# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes that are made from images, and the images that a pool keeps by their checksums."""

from __future__ import annotations

import contextlib
import hashlib
import typing as t

from .._file_use.image import BEGINNING, needed_by
from .._images.checksum import Checksum
from .._images.errors import ImageError
from .._images.request import ImageRequest
from .._virtinst.storage import NewVolume
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .connection import Connection
from .definition_lock import DefinitionLock
from .errors import is_code
from .events import KeepAlive
from .image_format import RAW, image_of
from .libvirt_import import libvirt
from .volume_content import read
from .volume_document import volume_document
from .volume_upload import Joined, is_incomplete, read_all, upload

_QCOW2 = "qcow2"
#: The longest time that another task may take to download the same image, in seconds.
_LONGEST = 6 * 3600.0
_PIECE = 1024 * 1024
Refresh = t.Callable[[], None]


class Image(t.NamedTuple):
    """An image in a pool: its path, its format, and the size of the disk in it in bytes.

    ``is_new``: it was made just now.
    """

    path: str
    form: str
    capacity: int
    is_new: bool = False


def kept_image(
    connection: Connection, pool: t.Any, refresh: Refresh, request: ImageRequest
) -> Image:
    """The image of a request; if the pool doesn't have it yet, it is uploaded.

    ``pool`` is a ``virStoragePool``, and ``refresh`` lets libvirt see what is new in it.

    :raises ImageError: it can't be had or used; nothing is left of it.
    :raises HypervisorError: it can't be uploaded; nothing is left of it.
    """
    if request.volume is not None:
        return _existing(connection, request)
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from .._images.obtain import known_checksum

    checksum = None
    if request.checksum is not None or request.version is None:
        checksum = known_checksum(request, KeepAlive().answer)
    name = request.name_by(checksum)
    key = hashlib.sha256(f"{connection.uri} {pool.name()} {name}".encode()).hexdigest()
    with DefinitionLock("image", _LONGEST, "getting the same image") as lock:
        lock.acquire(key)
        volume = _complete(connection, pool, name)
        if volume is not None:
            return _described(connection, volume, request)
        made = filled(connection, pool, name, request, checksum)
        refresh()
        return made


def filled(
    connection: Connection,
    pool: t.Any,
    name: str,
    request: ImageRequest,
    checksum: Checksum | None = None,
    form: str | None = None,
    most: int | None = None,
    document: Element | None = None,
) -> Image:
    """A new volume with the content of an image. The caller refreshes the pool.

    ``checksum`` is found out, if it isn't known yet. ``form`` is the format that the image has to
    have, and ``most`` the size in bytes that the disk in it may have, if that matters. The volume
    is created by ``document``, or as an empty file.

    :raises ImageError: the image can't be had or used; nothing is left of it.
    :raises HypervisorError: it can't be uploaded; nothing is left of it.
    """
    from .._images.compression import plain
    from .._images.obtain import known_checksum, obtained

    tick, volume = KeepAlive().answer, None
    if checksum is None and request.version is None:
        checksum = known_checksum(request, tick)
    try:
        with obtained(request, checksum, tick) as file, plain(file, request.decompress) as data:
            beginning = read_all(data, BEGINNING)
            found = _checked(beginning, request)
            if form not in (None, found.form):
                raise ImageError(
                    f"{request.title} has the format {found.form}, and not {form}; set format to what it "
                    "has, or leave it out"
                )
            _check_size(request, found.size, most)
            if document is None:
                document = volume_document(_unfilled(name))
            with connection.explained(
                f"create the volume {name}", "make room in its pool, or choose another pool"
            ):
                volume = pool.createXML(serialise(document), 0)
                path = volume.path()
            size = upload(connection, volume, Joined(beginning, data))
            _check_size(request, size if found.size is None else found.size, most)
    except BaseException:
        # Also where the task is interrupted, or the source has changed.
        if volume is not None:
            _delete(volume)
        raise
    return Image(path, found.form, size if found.size is None else found.size, is_new=True)


def _check_size(request: ImageRequest, size: int | None, most: int | None) -> None:
    if size is not None and most is not None and size > most:
        raise ImageError(
            f"{request.title} has {size} bytes, and capacity asks for {most}; give a capacity that is not "
            "less, or leave it out"
        )


def _unfilled(name: str) -> NewVolume:
    """An empty file: it becomes as long as what is written to it."""
    return NewVolume(None, name, name, capacity=0, allocation=0, format=RAW)


def _complete(connection: Connection, pool: t.Any, name: str) -> t.Any:
    """The whole volume of this name; ``None`` where there is none.

    What an interrupted task has left of it is deleted.
    """
    with connection.explained(f"look for the volume {name}"):
        try:
            volume = pool.storageVolLookupByName(name)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                return None
            raise
    if not is_incomplete(connection, volume):
        return volume
    with connection.explained(f"delete the incomplete volume {volume.path()}"):
        volume.delete(0)
    return None


def _delete(volume: t.Any) -> None:
    # Where that fails, the next task finds it incomplete.
    with contextlib.suppress(libvirt.libvirtError):
        volume.delete(0)


def _described(connection: Connection, volume: t.Any, request: ImageRequest) -> Image:
    with connection.explained(f"read the volume {volume.path()}"):
        beginning = read(connection, volume, 0, BEGINNING)
        found = _checked(beginning, request)
        size = volume.info()[1] if found.size is None else found.size
        return Image(volume.path(), found.form, size)


class _Found(t.NamedTuple):
    form: str
    size: int | None


def _checked(beginning: bytes, request: ImageRequest) -> _Found:
    """The format of an image, and the size of its disk unless it is that of the file.

    :raises ImageError: a disk can't be made of it.
    """
    if not beginning:
        raise ImageError(f"{request.title} is empty; give an image")
    image = image_of(beginning)
    if image.form not in (RAW, _QCOW2):
        raise ImageError(
            f"{request.title} has the format {image.form}; convert it to qcow2 with qemu-img convert"
        )
    try:
        needed = needed_by(lambda offset, length: beginning[offset : offset + length])
    except ValueError as error:
        raise ImageError(
            f"{request.title} has a damaged header: {error}; get a file that is whole"
        ) from None
    if needed:
        raise ImageError(
            f"{request.title} is no whole image: it needs the {needed[0].what} {needed[0].name}, which "
            "could be any file of the hypervisor's host; merge both into one image with qemu-img "
            "convert"
        )
    return _Found(image.form, image.size)


def _existing(connection: Connection, request: ImageRequest) -> Image:
    """A volume that exists, with the checksum that it has to have."""
    path = request.volume or ""
    with connection.explained(f"look for the volume {path}", "give a volume that is there"):
        volume = connection.raw.storageVolLookupByPath(path)
    if is_incomplete(connection, volume):
        raise ImageError(f"{path} is empty or incomplete; give a volume that has an image")
    image = _described(connection, volume, request)
    wanted = request.checksum
    if wanted is None:
        return image
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from .._images.obtain import check_digest, known_checksum, new_hash

    checksum = known_checksum(request, KeepAlive().answer)
    found = new_hash(str(checksum.algorithm))
    with connection.explained(f"read the volume {path}"):
        stream = connection.raw.newStream(0)
        volume.download(stream, 0, 0, 0)
        while piece := stream.recv(_PIECE):
            found.update(piece)
        stream.finish()
    check_digest(request, checksum, found.hexdigest())
    return image
