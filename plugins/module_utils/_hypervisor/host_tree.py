# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation trees on the managed host."""

from __future__ import annotations

import io
import os
import typing as t

from .._osinfo import Database, NotAnImage, describe, detect
from .._virtinst.errors import OptionError
from .files import LARGEST_KERNEL, content, opened

if t.TYPE_CHECKING:
    from .._virtinst.tree import Tree


def open_tree(path: str) -> Tree:
    """The tree in a directory or in an ISO image.

    :raises OptionError: there is no tree.
    """
    if os.path.isdir(path):
        return _Directory(os.path.abspath(path))
    if os.path.exists(path):
        return _Image(os.path.abspath(path))
    raise OptionError(f"location: there is nothing at {path}")


def is_image(path: str) -> bool | None:
    """Whether a file has an ISO 9660 file system; ``None`` if it can't be read here."""
    try:
        with opened(path, devices=True) as image:
            describe(image)
    except OSError:
        return None
    except NotAnImage:
        return False
    return True


def detect_image(database: Database, path: str) -> str | None:
    """The short id of the operating system that an image installs, if the database knows it."""
    try:
        with opened(path, devices=True) as image:
            found = detect(database, image)
    except (OSError, NotAnImage):
        return None
    return found.short_id if found is not None else None


class _Directory:
    is_image = False

    def __init__(self, path: str) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        return os.path.isfile(os.path.join(self.path, name))

    def read(self, name: str) -> bytes:
        return content(os.path.join(self.path, name), LARGEST_KERNEL)


class _Image:
    """The files of an ISO image, by the best of its systems of names."""

    is_image = True

    def __init__(self, path: str) -> None:
        try:
            import pycdlib
            from pycdlib.pycdlibexception import PyCdlibException
        except ImportError:
            raise OptionError(
                "location: reading an image needs the Python library pycdlib on the managed host; "
                "install the package python3-pycdlib"
            ) from None
        self.path = path
        self._error = PyCdlibException
        self._image = pycdlib.PyCdlib()
        try:
            self._image.open_fp(opened(path, devices=True))
        except (PyCdlibException, OSError) as error:
            raise OptionError(f"location: {path} is no ISO image: {error}") from None

    def has(self, name: str) -> bool:
        try:
            self._image.get_record(**self._place(name))
        except self._error:
            return False
        return True

    def read(self, name: str) -> bytes:
        content = io.BytesIO()
        self._image.get_file_from_iso_fp(content, **self._place(name))
        return content.getvalue()

    def _place(self, name: str) -> dict[str, t.Any]:
        if self._image.has_rock_ridge():
            return {"rr_path": f"/{name}"}
        if self._image.has_joliet():
            return {"joliet_path": f"/{name}"}
        return {"iso_path": f"/{name.upper()}.;1"}
