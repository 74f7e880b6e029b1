# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading compressed images."""

from __future__ import annotations

import contextlib
import importlib
import typing as t

from .errors import ImageError

#: The beginnings of compressed files, with the modules that read them.
_BEGINNINGS = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\0", "lzma"),
    (b"BZh", "bz2"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
)
#: The beginnings of archives, which have several files: their offsets and names.
_ARCHIVES = (
    (b"PK\x03\x04", 0, "zip"),
    (b"7z\xbc\xaf\x27\x1c", 0, "7z"),
    (b"ustar", 257, "tar"),
)
_LONGEST_BEGINNING = 512
#: What the modules read, as people call it.
_KINDS = {"gzip": "gzip", "lzma": "xz", "bz2": "bzip2", "zstandard": "zstd"}
#: What damaged data raise, by the names of the modules' errors.
_DAMAGE = (EOFError, ValueError, OSError)


class Readable(t.Protocol):
    """A file that is read from its beginning to its end."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; empty at its end."""


class Plain:
    """The decompressed data of a file; whose errors are those of images."""

    def __init__(self, file: t.Any, kind: str) -> None:
        self._file = file
        self._kind = kind

    def read(self, size: int = -1, /) -> bytes:
        """As :meth:`Readable.read`.

        :raises ImageError: the data are damaged.
        """
        try:
            return bytes(self._file.read(size))
        except Exception as error:
            # lzma and zstandard have errors of their own.
            if isinstance(error, _DAMAGE) or type(error).__name__ in ("LZMAError", "ZstdError"):
                raise ImageError(
                    f"its data ({self._kind}) can't be decompressed: {error}; get a file that is whole, or "
                    "set decompress to false to take it as it is"
                ) from error
            raise


@contextlib.contextmanager
def plain(file: t.BinaryIO, decompresses: bool) -> t.Iterator[Readable]:
    """The data of a file from its beginning, decompressed if they are to be.

    :raises ImageError: that takes a library which this host lacks, or the file is an archive.
    """
    file.seek(0)
    beginning = file.read(_LONGEST_BEGINNING)
    file.seek(0)
    if not decompresses:
        yield file
        return
    module = next((name for magic, name in _BEGINNINGS if beginning.startswith(magic)), None)
    if module is None:
        _check_no_archive(beginning)
        yield file
        return
    with _opened(file, module) as data:
        first = data.read(_LONGEST_BEGINNING)
        _check_no_archive(first)
    file.seek(0)
    with _opened(file, module) as data:
        yield data


@contextlib.contextmanager
def _opened(file: t.BinaryIO, module: str) -> t.Iterator[Plain]:
    library = _library(module)
    if module == "zstandard":
        reader = library.ZstdDecompressor().stream_reader(
            file, read_across_frames=True, closefd=False
        )
    else:
        # Of gzip, bz2 and lzma; their readers leave the file open.
        reader = library.open(file, "rb")
    with reader:
        yield Plain(reader, _KINDS[module])


def _library(module: str) -> t.Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        name = "zstandard (python3-zstandard)" if module == "zstandard" else module
        raise ImageError(
            f"it is compressed, and this host's Python lacks the library {name} to decompress it; "
            "install that on the managed host, or give an image that isn't compressed so"
        ) from None


def _check_no_archive(beginning: bytes) -> None:
    for magic, offset, name in _ARCHIVES:
        if beginning[offset : offset + len(magic)] == magic:
            raise ImageError(
                f"it is a {name} archive, which may have several files; unpack it, and give the image "
                "that is in it"
            )
