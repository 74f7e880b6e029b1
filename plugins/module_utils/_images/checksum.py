# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checksums, as tasks and files of checksums write them."""

from __future__ import annotations

import re
import typing as t

from .errors import ImageError

#: The algorithms by the lengths of their digests in hexadecimal digits. md5 and sha1 tell a
#: broken file from a whole one, but not a forged one.
ALGORITHMS = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_LENGTHS = {algorithm: length for length, algorithm in ALGORITHMS.items()}
_HEX = re.compile(r"[0-9a-fA-F]+")
_PLACE = re.compile(r"(?:https?|file)://|/")
#: BSD's form, also that of openssl: ``SHA256 (NAME) = DIGEST``.
_BSD = re.compile(r"([A-Za-z0-9/-]+) ?\((.+)\) ?= ?([0-9a-fA-F]+)")
#: That of coreutils: ``DIGEST  NAME``, or ``DIGEST *NAME`` of a binary file.
_COREUTILS = re.compile(r"(\\?)([0-9a-fA-F]{32,128})(?:[ \t]+\*?| \*)(\S.*)")
_ESCAPED = re.compile(r"\\(.)")


class Checksum(t.NamedTuple):
    """A checksum.

    ``digest`` is in lower-case hexadecimal digits; where it is ``None``, ``place`` is the URL or the
    path of a file that has it. ``algorithm`` is ``None`` where the file decides.
    """

    algorithm: str | None
    digest: str | None
    place: str | None = None

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.digest}" if self.digest else str(self.place)


def read_checksum(text: str) -> Checksum:
    """A checksum as tasks write it: ``sha256:DIGEST``, ``sha256:URL``, a digest, a URL or a path.

    :raises ImageError: it can't be read; the message doesn't name the option.
    """
    text = text.strip()
    if _PLACE.match(text):
        return Checksum(None, None, text)
    algorithm, colon, value = text.partition(":")
    if not colon:
        algorithm, value = "", text
    algorithm, value = algorithm.strip().lower().replace("-", ""), value.strip()
    if algorithm and algorithm not in _LENGTHS:
        raise ImageError(
            f"{algorithm} is no algorithm that is known; use one of {', '.join(_LENGTHS)}"
        )
    if algorithm and _PLACE.match(value):
        return Checksum(algorithm, None, value)
    known = ALGORITHMS.get(len(value)) if _HEX.fullmatch(value) else None
    if known is None or (algorithm or known) != known:
        wanted, length = algorithm or "sha256", _LENGTHS[algorithm or "sha256"]
        raise ImageError(
            f"{value!r} is no checksum; give {wanted}: and {length} hexadecimal digits, or the URL or "
            "the path of a file of checksums"
        )
    return Checksum(known, value.lower())


def digest_in(text: str, name: str, algorithm: str | None) -> Checksum | None:
    """The checksum of a file in the text of a file of checksums; the strongest of several.

    A text that is one digest alone is that of any file. ``algorithm`` is the only one that
    counts, if it is given.

    :raises ImageError: the text has two of one algorithm that differ.
    """
    found: dict[str, str] = {}
    for known, digest in _listed(text, name):
        if algorithm not in (None, known):
            continue
        if found.setdefault(known, digest) != digest:
            raise ImageError(f"it has two checksums ({known}) of {name} that differ")
    if not found:
        return None
    strongest = max(found, key=lambda known: _LENGTHS[known])
    return Checksum(strongest, found[strongest])


def _listed(text: str, name: str) -> t.Iterator[tuple[str, str]]:
    """The algorithms and digests of the lines about a file."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    for line in lines:
        bsd, coreutils = _BSD.fullmatch(line), _COREUTILS.fullmatch(line)
        if bsd is not None:
            file, digest = bsd[2], bsd[3]
        elif coreutils is not None:
            file, digest = coreutils[3], coreutils[2]
            if coreutils[1]:
                file = _ESCAPED.sub(r"\1", file)
        elif len(lines) == 1 and _HEX.fullmatch(line):
            file, digest = name, line
        else:
            continue
        if file.replace("\\", "/").rpartition("/")[2] == name and len(digest) in ALGORITHMS:
            yield ALGORITHMS[len(digest)], digest.lower()
