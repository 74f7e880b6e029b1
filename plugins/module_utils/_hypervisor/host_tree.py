# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation trees on the managed host."""

from __future__ import annotations

import io
import os
import typing as t

from .._osinfo import Database, NotAnImage, describe, detect_medium
from .._virtinst.errors import OptionError
from .files import LARGEST_KERNEL, content, opened

if t.TYPE_CHECKING:
    from .._images.request import Access
    from .._virtinst.distributions import Medium
    from .._virtinst.tree import Tree, WebTree


def open_tree(path: str) -> Tree:
    """The tree in a directory or in an ISO image.

    :raises OptionError: there is no tree.
    """
    if os.path.isdir(path):
        return _Directory(os.path.abspath(path))
    if os.path.exists(path):
        return _Image(os.path.abspath(path))
    raise OptionError(f"location: there is nothing at {path}; correct the path, or put it there")


def open_url(url: str, access: Access) -> WebTree:
    """The tree at a URL; nothing is asked for yet.

    :raises ImageError: nothing can be downloaded by this URL.
    """
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from .._images.web_tree import WebTree
    from .events import KeepAlive

    return WebTree(url, access, KeepAlive().answer)


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


def detect_image(database: Database, path: str) -> Medium | None:
    """What the database knows of an image."""
    from .._virtinst.distributions import Medium

    try:
        with opened(path, devices=True) as image:
            found = detect_medium(database, image)
    except (OSError, NotAnImage):
        return None
    if found is None:
        return None
    return Medium(found.system.short_id, found.kernel, found.initrd, found.element)


class _Files:
    """What directories and images have in common."""

    is_url = False

    def has(self, name: str) -> bool:
        raise NotImplementedError

    def read(self, name: str) -> bytes:
        raise NotImplementedError

    def text(self, name: str) -> str | None:
        return self.read(name).decode("utf-8", "replace") if self.has(name) else None


class _Directory(_Files):
    is_image = False

    def __init__(self, path: str) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        return os.path.isfile(os.path.join(self.path, name))

    def read(self, name: str) -> bytes:
        return content(os.path.join(self.path, name), LARGEST_KERNEL)


class _Image(_Files):
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
        # pycdlib 1.11 looks past the end of a folder for a name that would be its last one.
        self._error = (PyCdlibException, IndexError)
        self._image = pycdlib.PyCdlib()
        try:
            self._image.open_fp(opened(path, devices=True))
        except (PyCdlibException, OSError) as error:
            raise OptionError(f"location: {path} is no ISO image: {error}") from None

    def has(self, name: str) -> bool:
        try:
            return bool(self._image.get_record(**self._place(name)).is_file())
        except self._error:
            return False

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
