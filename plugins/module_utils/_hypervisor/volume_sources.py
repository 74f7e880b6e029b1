# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new volume is made of: nothing, a copy of another volume, an image, or other content.

Whatever fails, nothing is left of the new volume.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._images.errors import ImageError
from .._images.request import ImageRequest
from .._rules.pool_types import has_files
from .._rules.volume import capacity_in
from .._xmltree.element import Element, with_child
from .._xmltree.serialise import serialise
from .active_object import Pool
from .connection import Connection
from .errors import HypervisorError
from .libvirt_import import libvirt
from .refreshing import refresh
from .volume_upload import upload

_QCOW2 = "qcow2"


class Source:
    """An empty volume; other sources are based on this."""

    def create(self, connection: Connection, pool: Pool, document: Element, flags: int) -> t.Any:
        """Create the volume of a document, and return libvirt's object.

        :raises libvirtError: libvirt refuses.
        :raises HypervisorError: the content is missing, or is not what the document says.
        """
        return pool.raw.createXML(serialise(as_version_3(document)), flags)


EMPTY = Source()


class Copy(Source):
    """A copy of another volume, whose virStorageVol ``look_up`` gives."""

    def __init__(self, look_up: t.Callable[[Connection], t.Any]) -> None:
        self._look_up = look_up

    def create(self, connection: Connection, pool: Pool, document: Element, flags: int) -> t.Any:
        """As :meth:`Source.create`."""
        text = serialise(as_version_3(document))
        raw = pool.raw.createXMLFrom(text, self._look_up(connection), flags)
        with taken_back(raw):
            # An image comes out in the size of its source, however large it should be.
            grow_to(raw, capacity_in(document))
        return raw


class ImageOf(Source):
    """An image that is downloaded or read, verified and decompressed."""

    def __init__(self, request: ImageRequest) -> None:
        self._request = request

    def create(self, connection: Connection, pool: Pool, document: Element, flags: int) -> t.Any:
        """As :meth:`Source.create`.

        :raises HypervisorError: the image can't be had or used.
        """
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .image_volumes import filled

        name, capacity = document.value("name") or "", capacity_in(document) or None
        is_file = has_files(pool.document().get("type"))
        form = document.value("target/format/@type")
        try:
            filled(
                connection,
                pool.raw,
                name,
                self._request,
                form=form if is_file else "raw",
                most=capacity,
                document=as_file(document, 0) if is_file else document,
            )
        except ImageError as error:
            raise HypervisorError(f"image: {error}") from error
        # From now on it is known by its content.
        refresh(pool.raw)
        raw = pool.raw.storageVolLookupByName(name)
        with taken_back(raw):
            grow_to(raw, capacity)
        return raw


class Upload(Source):
    """The content of a file, which has ``length`` bytes; ``opened`` opens it."""

    def __init__(self, opened: t.Callable[[], t.BinaryIO], length: int) -> None:
        self._opened = opened
        self._length = length

    def create(self, connection: Connection, pool: Pool, document: Element, flags: int) -> t.Any:
        """As :meth:`Source.create`."""
        raw = pool.raw.createXML(serialise(as_file(document, self._length)), flags)
        with taken_back(raw):
            with self._opened() as file:
                sent = upload(connection, raw, file)
            if sent != self._length:
                raise HypervisorError(
                    "the content became shorter or longer while it was uploaded; run the task again"
                )
            # From now on it is known by its content.
            refresh(pool.raw)
            raw = pool.raw.storageVolLookupByName(raw.name())
            grow_to(raw, capacity_in(document))
        return raw


def as_file(document: Element, length: int) -> Element:
    """The document of a file with so many bytes, which is an image already if it is one."""
    document = with_child(document, Element("capacity", {"unit": "bytes"}, str(length)))
    target = document.child("target") or Element("target")
    left = [child for child in target.children if child.tag not in ("format", "compat")]
    form = Element("format", {"type": "raw"})
    return with_child(document, target.replaced(children=[form, *left]))


def as_version_3(document: Element) -> Element:
    """The document of a qcow2 image in its version since QEMU 1.1, if it names none.

    libvirt before 11 makes the old one, which can't have the bitmaps of checkpoints.
    """
    target = document.child("target")
    if target is None or target.value("format/@type") != _QCOW2 or target.child("compat"):
        return document
    children = list(target.children)
    place = next((n for n, child in enumerate(children) if child.tag == "format"), 0)
    children.insert(place + 1, Element("compat", text="1.1"))
    return with_child(document, target.replaced(children=children))


def grow_to(raw: t.Any, capacity: int | None) -> None:
    """Make a new volume as large as its document says, where it came out smaller.

    :raises libvirtError: libvirt can't.
    """
    if capacity is not None and raw.info()[1] < capacity:
        raw.resize(capacity, 0)


@contextlib.contextmanager
def taken_back(raw: t.Any) -> t.Iterator[None]:
    """Delete a new volume, if the block fails."""
    try:
        yield
    except BaseException:
        # The first error is what counts.
        with contextlib.suppress(libvirt.libvirtError):
            raw.delete(0)
        raise
