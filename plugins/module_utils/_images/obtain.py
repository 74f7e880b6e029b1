# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Getting an image: its checksum, and then the file that has this checksum."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import typing as t

from .checksum import Checksum, digest_in
from .errors import ImageError
from .request import ImageRequest, shown_url

_PIECE = 1024 * 1024
#: The algorithm for files that come without a checksum.
_USUAL = "sha256"
#: The largest file of checksums, in bytes.
_LARGEST_SUMS = 4 * 1024 * 1024
#: For files that are larger than what is kept in memory (file-hierarchy(7)).
_LARGE_FILES = "/var/tmp"  # noqa: S108
_FILE_URL = "file://"
Tick = t.Callable[[], None]


def known_checksum(request: ImageRequest, tick: Tick) -> Checksum:
    """The checksum that the image has to have; of a file without one, that which it has.

    :raises ImageError: it can't be found out.
    """
    given = request.checksum
    if given is None:
        with _source(request.src or "") as file:
            return Checksum(_USUAL, _digest(file, _USUAL, tick))
    if given.digest is not None or given.place is None:
        return given
    text = _sums(request, given.place, tick)
    try:
        found = digest_in(text, request.file_name, given.algorithm)
    except ImageError as error:
        raise ImageError(f"checksum: {shown_url(given.place)}: {error}") from None
    if found is None:
        kind = f" ({given.algorithm})" if given.algorithm else ""
        raise ImageError(
            f"checksum: {shown_url(given.place)} has no checksum{kind} of {request.file_name}; give the "
            "file of checksums that belongs to the image, or the checksum itself"
        )
    return found


@contextlib.contextmanager
def obtained(
    request: ImageRequest, checksum: Checksum | None, tick: Tick
) -> t.Iterator[t.BinaryIO]:
    """The image as a file with this checksum, as it is: not decompressed.

    ``checksum`` is ``None`` for a version of a URL of which no checksum is known.

    What is downloaded is a file without a name, of which nothing is left after the block,
    however that ends.

    :raises ImageError: it can't be had, or has another checksum.
    """
    if request.url is not None:
        with _downloaded(request, checksum, tick) as file:
            yield file
        return
    with _source(request.src or "") as file:
        before = os.fstat(file.fileno())
        if checksum is not None:
            check_digest(request, checksum, _digest(file, str(checksum.algorithm), tick))
        yield file
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ImageError(f"{request.title} was written to while it was read; run the task again")


@contextlib.contextmanager
def _downloaded(
    request: ImageRequest, checksum: Checksum | None, tick: Tick
) -> t.Iterator[t.BinaryIO]:
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from .download import download, room_explained

    folder = _folder()
    with contextlib.ExitStack() as stack:
        with room_explained(folder):
            file = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        received = _Received(file, folder, str(checksum.algorithm) if checksum else _USUAL)
        download(request.url or "", request.access, received, tick)
        with room_explained(folder):
            file.flush()
        if checksum is not None:
            check_digest(request, checksum, received.digest())
        file.seek(0)
        yield t.cast("t.BinaryIO", file)


class _Received:
    """A file that is downloaded, as :class:`.download.Target`."""

    def __init__(self, file: t.Any, folder: str, algorithm: str) -> None:
        self._file = file
        self._folder = folder
        self._algorithm = algorithm
        self._hash = new_hash(algorithm)

    def restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._hash = new_hash(self._algorithm)

    def write(self, piece: bytes) -> None:
        from .download import room_explained

        with room_explained(self._folder):
            self._file.write(piece)
        self._hash.update(piece)

    def expect(self, size: int) -> None:
        status = os.fstatvfs(self._file.fileno())
        free = status.f_bavail * status.f_frsize
        if size > free:
            raise ImageError(
                f"it has {size} bytes more, and {self._folder}, where it is kept until it is complete, "
                f"has room for {free}; make room there, or set the environment variable TMPDIR to "
                "another folder"
            )

    def digest(self) -> str:
        """The checksum of what was written."""
        return str(self._hash.hexdigest())


def check_digest(request: ImageRequest, checksum: Checksum, found: str) -> None:
    """:raises ImageError: the image has another checksum than it has to have."""
    if found != checksum.digest:
        raise ImageError(
            f"checksum: {request.title} has {checksum.algorithm}:{found}, and not {checksum}; nothing "
            "was made of it; correct the checksum, or get the file that it belongs to"
        )


def _sums(request: ImageRequest, place: str, tick: Tick) -> str:
    """The text of a file of checksums."""
    try:
        if "://" in place and not place.startswith(_FILE_URL):
            from .download import Kept, download

            kept = Kept(_LARGEST_SUMS)
            download(place, request.access, kept, tick, may_downgrade=False)
            return kept.content().decode("utf-8", "replace")
        with _source(place[len(_FILE_URL) :] if place.startswith(_FILE_URL) else place) as file:
            return file.read(_LARGEST_SUMS).decode("utf-8", "replace")
    except ImageError as error:
        raise ImageError(f"checksum: {error}") from None


@contextlib.contextmanager
def _source(path: str) -> t.Iterator[t.BinaryIO]:
    """A file of the managed host."""
    try:
        # A pipe would never end.
        if not os.path.isfile(path):
            what = "is no file" if os.path.exists(path) else "does not exist"
            raise ImageError(f"{path} {what}; give the path of a file of the managed host")
        file = open(path, "rb")  # noqa: SIM115
    except OSError as error:
        raise ImageError(
            f"{path} can't be read: {error.strerror}; run the task as a user who may (become: true)"
        ) from None
    with file:
        yield file


def _digest(file: t.BinaryIO, algorithm: str, tick: Tick) -> str:
    found = new_hash(algorithm)
    file.seek(0)
    while piece := file.read(_PIECE):
        found.update(piece)
        tick()
    file.seek(0)
    return str(found.hexdigest())


def new_hash(algorithm: str) -> t.Any:
    """What computes a checksum.

    :raises ImageError: this host's Python has no such algorithm.
    """
    try:
        return hashlib.new(algorithm)
    except ValueError:
        raise ImageError(
            f"checksum: this host's Python can't compute {algorithm}; give one of another algorithm, "
            "such as sha256"
        ) from None


def _folder() -> str:
    """The folder for a file that is complete later: TMPDIR's, or that for large files."""
    folder = os.environ.get("TMPDIR") or _LARGE_FILES
    return folder if os.access(folder, os.W_OK | os.X_OK) else tempfile.gettempdir()
