# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says of an image: where it is, and what it has to be."""

from __future__ import annotations

import os
import re
import typing as t
import urllib.parse

from .checksum import Checksum, read_checksum
from .errors import ImageError

#: The endings of the names of volumes with images that were left as they came.
_AS_IS = "-as-is"
_SCHEMES = ("http", "https")
_FILE = "file://"
#: The longest silence of a server that can be asked for, in seconds.
LONGEST = 24 * 3600.0
_NAME = re.compile(rf"[a-z0-9]+-[0-9a-f]{{32,}}(?:{_AS_IS})?")


class Access(t.NamedTuple):
    """How a server is spoken to.

    * ``username``, ``password``: for its basic authentication.
    * ``validate_certs``: whether its certificate is checked.
    * ``ca_path``: a file or folder with the certificates of authorities to trust.
    * ``use_proxy``: whether the environment's proxies are used.
    * ``timeout``: how long it may be silent, in seconds.
    """

    username: str | None = None
    password: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    use_proxy: bool = True
    timeout: float = 30.0


class ImageRequest(t.NamedTuple):
    """The request for an image.

    One of ``url``, ``src`` (the path of a file of the managed host) and ``volume`` (the path of
    a volume of the hypervisor's host) is given. ``decompress``: compressed data are
    decompressed. ``copy``: the disk gets a copy, and no overlay. ``version`` names the content of
    a URL without a checksum, in hexadecimal digits.
    """

    url: str | None = None
    src: str | None = None
    volume: str | None = None
    checksum: Checksum | None = None
    decompress: bool = True
    copy: bool = False
    access: Access = Access()
    version: str | None = None

    @property
    def title(self) -> str:
        """The image in messages and changes: its path, or its URL without what may be secret."""
        if self.url is None:
            return self.src or self.volume or ""
        return shown_url(self.url)

    @property
    def name(self) -> str | None:
        """The name of the volume that has it; ``None`` while its checksum is not known."""
        if self.volume is not None:
            return None
        if self.checksum is None and self.version is not None:
            return self.name_by(None)
        if self.checksum is None or self.checksum.digest is None:
            return None
        return self.name_by(self.checksum)

    def name_by(self, checksum: Checksum | None) -> str:
        """The name of the volume with the image of a known checksum, or of a version without one."""
        known = f"url-{self.version}"
        if checksum is not None:
            known = f"{checksum.algorithm}-{checksum.digest}"
        return f"{known}{'' if self.decompress else _AS_IS}"

    @property
    def file_name(self) -> str:
        """Its name in a file of checksums."""
        if self.url is not None:
            return os.path.basename(urllib.parse.unquote(urllib.parse.urlsplit(self.url).path))
        return os.path.basename(self.src or self.volume or "")


def image_request(
    url: str | None,
    src: str | None,
    checksum: str | None,
    decompress: bool,
    access: Access,
    volume: str | None = None,
    copy: bool = False,
) -> ImageRequest:
    """The request that these options make; ``checksum`` as :func:`.read_checksum` takes it.

    :raises ImageError: they contradict each other, or a value is impossible.
    """
    if url is not None and url.startswith(_FILE):
        src = urllib.parse.unquote(url[len(_FILE) :])
        url = None
    if url is not None:
        check_url(url)
        if checksum is None:
            raise ImageError(
                "what is downloaded needs a checksum; give checksum, which the page of the download has, "
                "often as the URL of a file such as SHA256SUMS"
            )
    try:
        known = None if checksum is None else read_checksum(checksum)
    except ImageError as error:
        raise ImageError(f"checksum: {error}") from None
    if not 0 < access.timeout <= LONGEST:
        raise ImageError(
            f"timeout: {access.timeout:g} is no time; give the number of seconds, such as 30"
        )
    src = None if src is None else os.path.abspath(src)
    return ImageRequest(url, src, volume, known, decompress, copy, access)


def check_url(url: str) -> None:
    """:raises ImageError: nothing can be downloaded by this URL."""
    try:
        parts = urllib.parse.urlsplit(url)
        # It is only read when it is asked for.
        _port, host = parts.port, parts.hostname
    except ValueError:
        # Its words may quote a password.
        raise ImageError("url can't be read; correct its host or its port") from None
    if parts.scheme not in _SCHEMES or not host:
        raise ImageError(
            "url is no URL of a file on a server; begin it with https:// or http://, or give the path of "
            "a file of the managed host"
        )


def shown_url(url: str) -> str:
    """A URL without user, password and query, which may have a token."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(
        (parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")
    )


def is_kept_image(path: str) -> bool:
    """Whether a path is that of a volume that was made for an image."""
    return _NAME.fullmatch(os.path.basename(path)) is not None
