# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new volume is made of, and what an image is based on, as options name it."""

from __future__ import annotations

import io
import os
import typing as t

from ..._hypervisor.chains import is_circle
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import is_code
from ..._hypervisor.file_users import files_in_use
from ..._hypervisor.files import opened
from ..._hypervisor.image_format import RAW, image_at, image_of
from ..._hypervisor.libvirt_import import libvirt
from ..._hypervisor.planned_pool import volume_at_as_planned
from ..._hypervisor.volume_sources import EMPTY, Copy, ImageOf, Source, Upload
from ..._hypervisor.volume_upload import has_mark
from ..._hypervisor.volumes import StoredVolume, Volumes, volume_name
from ..._images.request import ImageRequest
from ..._rules.amounts import readable
from ..._rules.volume import capacity_in
from ..._virtinst.storage import CIRCLE
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..errors import TaskError

_HEADER = 512
#: The types of volumes that are no image (virStorageVolType).
_FOLDERS = ("dir", "netdir")


class Origin:
    """An empty volume; other origins, such as an image, are based on this."""

    has_content = False

    def check(self, connection: Connection, document: Element) -> None:
        """Check that a new volume with this document can be made of it.

        :raises TaskError: it can't.
        """

    def check_existing(self, found: StoredVolume) -> None:
        """Check that a volume which exists was made of it completely.

        :raises TaskError: it was not.
        """

    def form(self, connection: Connection) -> str | None:
        """The format that a new volume has by it."""
        return None

    def capacity(self, connection: Connection) -> int | None:
        """The capacity that a new volume has by it, in bytes."""
        return None

    def source(self) -> Source:
        """What creates the volume."""
        return EMPTY


NOTHING = Origin()


class Cloned(Origin):
    """Another volume, whose content is copied."""

    has_content = True

    def __init__(self, pool: str, name: str) -> None:
        self._pool = pool
        self._name = name

    def _found(self, connection: Connection) -> StoredVolume:
        found = Volumes(connection, self._pool).by_name(volume_name(self._pool, self._name))
        if found is None:
            raise TaskError(
                f"clone_from: there is no volume {self._name} in the pool {self._pool}; correct the name"
            )
        return found

    def check(self, connection: Connection, document: Element) -> None:
        """As :meth:`Origin.check`."""
        found = self._found(connection)
        _check_no_folder(found, "clone_from")
        check_chain(connection, found.path, "clone_from")
        if found.document().find("target/encryption") is not None:
            raise TaskError(
                f"clone_from: {found.path} is encrypted, and libvirt doesn't know its secret any more; copy "
                "it with qemu-img convert"
            )
        for use in files_in_use(connection).use.of(found.path).writers:
            raise TaskError(
                f"clone_from: {found.path} is used by {use.words} now, so that a copy would be "
                "damaged; end that first"
            )
        _check_size(document, found.raw.info()[1], "clone_from")

    def form(self, connection: Connection) -> str | None:
        """As :meth:`Origin.form`."""
        return self._found(connection).document().value("target/format/@type")

    def capacity(self, connection: Connection) -> int | None:
        """As :meth:`Origin.capacity`."""
        return int(self._found(connection).raw.info()[1])

    def source(self) -> Source:
        """As :meth:`Origin.source`."""
        return Copy(lambda connection: self._found(connection).raw)


class Content(Origin):
    """Bytes that are uploaded: those of ``content``, or else of the file at ``path``."""

    has_content = True

    def __init__(self, content: bytes | None, path: str | None) -> None:
        self._content = content
        self._path = path or ""
        try:
            with self._opened() as file:
                beginning = file.read(_HEADER)
                self._length = file.seek(0, os.SEEK_END)
        except OSError as error:
            raise TaskError(
                f"content_src: can't read {path}: {error.strerror}; set it to a readable file of the "
                "managed host"
            ) from None
        self._image = image_of(beginning)

    def _opened(self) -> t.BinaryIO:
        return opened(self._path) if self._content is None else io.BytesIO(self._content)

    def check(self, connection: Connection, document: Element) -> None:
        """As :meth:`Origin.check`."""
        form = document.value("target/format/@type")
        known = self._image.form
        if form not in (None, known) and known != RAW:
            # libvirt looks into it, and calls it what it is.
            raise TaskError(
                f"format: the content has the format {known}, and not {form}; set format to {known}, or "
                "leave it out"
            )
        if form not in (None, RAW, "iso") and known == RAW:
            raise TaskError(
                f"format: the content is no image in the format {form}; set format to raw, or leave it out"
            )
        _check_size(document, self._capacity, "content")

    def check_existing(self, found: StoredVolume) -> None:
        """As :meth:`Origin.check_existing`."""
        _check_whole(found, "content")

    @property
    def _capacity(self) -> int:
        return self._length if self._image.size is None else self._image.size

    def form(self, connection: Connection) -> str | None:
        """As :meth:`Origin.form`."""
        return self._image.form

    def capacity(self, connection: Connection) -> int | None:
        """As :meth:`Origin.capacity`."""
        return self._capacity

    def source(self) -> Source:
        """As :meth:`Origin.source`."""
        return Upload(self._opened, self._length)


class FromImage(Origin):
    """An image that is downloaded or read, verified and decompressed.

    Its format and its size are known only then.
    """

    has_content = True

    def __init__(self, request: ImageRequest) -> None:
        self._request = request

    def check(self, connection: Connection, document: Element) -> None:
        """As :meth:`Origin.check`."""
        src = self._request.src
        if src is not None and not os.path.isfile(src):
            raise TaskError(
                f"image.src: there is no file {src}; give the path of a file of the managed host"
            )

    def check_existing(self, found: StoredVolume) -> None:
        """As :meth:`Origin.check_existing`."""
        _check_whole(found, "image")

    def source(self) -> Source:
        """As :meth:`Origin.source`."""
        return ImageOf(self._request)


def _check_whole(found: StoredVolume, option: str) -> None:
    if has_mark(found.connection, found.raw):
        raise TaskError(
            f"{option}: {found.path} has only a part of it, because the task that uploaded it was "
            "interrupted; remove it with state=absent, then run the task again"
        )


def _check_size(document: Element, least: int, where: str) -> None:
    capacity = capacity_in(document)
    if capacity is not None and capacity < least:
        raise TaskError(
            f"capacity: {readable(capacity)} is less than {where} has, which is {readable(least)}; make it "
            "larger, or leave it out"
        )


class Backing(t.NamedTuple):
    """What an image is based on: the file at ``path``, or a volume of a pool."""

    path: str | None
    pool: str
    volume: str | None
    form: str | None

    def found(self, connection: Connection) -> tuple[str, str | None]:
        """Its path, and its format, which is ``None`` if nobody knows it.

        :raises TaskError: it isn't there.
        """
        path = self.path
        if self.volume is not None:
            found = Volumes(connection, self.pool).by_name(volume_name(self.pool, self.volume))
            if found is None:
                raise TaskError(
                    f"backing: there is no volume {self.volume} in the pool {self.pool}; correct the name"
                )
            _check_no_folder(found, "backing")
            return found.path, self.form or found.document().value("target/format/@type")
        if path is None:
            raise TaskError("backing: it needs path or volume; set one of them")
        return path, self.form or _form_of(connection, path)


def _check_no_folder(found: StoredVolume, option: str) -> None:
    if found.document().get("type") in _FOLDERS:
        raise TaskError(f"{option}: {found.path} is a folder; give a volume that is an image")


def check_chain(connection: Connection, path: str, option: str) -> None:
    """Check that the backing files of an image come to an end.

    :raises TaskError: they don't.
    """
    if is_circle(connection, path):
        raise TaskError(f"{option}: {CIRCLE.format(path)}")


def _form_of(connection: Connection, path: str) -> str | None:
    planned = volume_at_as_planned(connection, path)
    if planned is not None:
        return parse(planned.XMLDesc(0)).value("target/format/@type")
    with connection.explained(f"look for the volume {path}"):
        try:
            raw = connection.raw.storageVolLookupByPath(path)
            return parse(raw.XMLDesc(0)).value("target/format/@type")
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                raise
    if not connection.is_local:
        return None
    try:
        return image_at(path).form
    except OSError as error:
        raise TaskError(
            f"backing.path: can't read {path}: {error.strerror}; correct the path"
        ) from None
