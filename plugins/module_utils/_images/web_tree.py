# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An installation tree on a web server."""

from __future__ import annotations

import hashlib
import typing as t

from .checksum import Checksum
from .download import Remote, fetched, first_bytes, look_at
from .errors import ImageError
from .obtain import check_digest, new_hash
from .request import Access, ImageRequest, check_url, shown_url

#: The largest description of a tree, and the largest kernel or initrd, in bytes.
_LARGEST_TEXT, _LARGEST_FILE = 4 * 1024**2, 1024**3
#: What describes an image: its first 17 sectors, of 2048 bytes.
_BEGINNING = 17 * 2048
Tick = t.Callable[[], None]


class WebTree:
    """The files below a URL. Each is asked for once.

    A name that is a URL itself is that file.
    """

    is_image = False
    is_url = True

    def __init__(self, url: str, access: Access, tick: Tick) -> None:
        if url:
            check_url(url)
        self._url = url
        #: The URL without what may be secret.
        self.path = shown_url(url)
        self._access = access
        self._tick = tick
        self._texts: dict[str, str | None] = {}
        self._beginnings: dict[str, bytes | None] = {}
        self._found: dict[str, Remote | None] = {}

    def has(self, name: str) -> bool:
        """Whether the file exists.

        :raises ImageError: the server can't be asked.
        """
        return self._looked_at(name) is not None

    def text(self, name: str) -> str | None:
        """The content of a small file; ``None`` if there is none.

        :raises ImageError: the server can't be asked, or the file is large.
        """
        if name not in self._texts:
            what = "no description of a tree"
            data = fetched(self._at(name), self._access, _LARGEST_TEXT, what, self._tick)
            self._texts[name] = None if data is None else data.decode("utf-8", "replace")
        return self._texts[name]

    def beginning(self, name: str) -> bytes | None:
        """The first bytes of an image, which describe it; ``None`` if there is none.

        :raises ImageError: it can't be had.
        """
        if name not in self._beginnings:
            self._beginnings[name] = first_bytes(
                self._at(name), self._access, _BEGINNING, self._tick
            )
        return self._beginnings[name]

    def request(self, name: str, checksum: Checksum | None, owner: str) -> ImageRequest:
        """The request for a file as it is.

        Without a checksum it is known by what the server says of it. ``owner`` is that of the
        file where the server says too little to tell it from a later one.
        """
        url, found = self._at(name), self._looked_at(name) or Remote(None, None)
        known = [shown_url(url), str(found.size), found.version or f"of {owner}"]
        version = hashlib.sha256("\n".join(known).encode()).hexdigest()
        return ImageRequest(
            url=url, checksum=checksum, decompress=False, access=self._access, version=version
        )

    def read(self, name: str, checksum: Checksum | None = None) -> bytes:
        """The content of a file, in memory.

        :raises ImageError: it can't be had, or has another checksum.
        """
        what = "no kernel or initrd"
        data = fetched(self._at(name), self._access, _LARGEST_FILE, what, self._tick)
        if data is None:
            raise ImageError(
                f"there is no {shown_url(self._at(name))} any more; run the task again"
            )
        if checksum is not None:
            digest = new_hash(str(checksum.algorithm))
            digest.update(data)
            request = ImageRequest(url=self._at(name), checksum=checksum)
            check_digest(request, checksum, str(digest.hexdigest()))
        return data

    def _looked_at(self, name: str) -> Remote | None:
        if name not in self._found:
            self._found[name] = look_at(self._at(name), self._access, self._tick)
        return self._found[name]

    def _at(self, name: str) -> str:
        """The URL of a file. A query, such as a token, stays behind the path."""
        if "://" in name:
            check_url(name)
            return name
        place, question, query = self._url.partition("?")
        return f"{place.rstrip('/')}/{name}{question}{query}"
