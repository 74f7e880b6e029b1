# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A medium that is downloaded, so that the guest is installed from a file of its pool."""

from __future__ import annotations

import io
import posixpath

from .._images.errors import ImageError
from .._images.request import ImageRequest, check_url, shown_url
from .._osinfo import NotAnImage, detect_medium
from . import disk_source
from .disk import Disk
from .disk_image import OF_SERVER, access_of, digest_of
from .distributions import Medium
from .errors import OptionError
from .guest import Guest
from .storage import NewVolume
from .sub_options import read_sub_options

_OPTION = "cdrom"
_KEYS = ("url", "checksum", *OF_SERVER)


def requested(value: object) -> ImageRequest:
    """The request that the sub-options of ``cdrom`` make.

    :raises OptionError: they contradict each other, or a value is impossible.
    """
    given = read_sub_options(_OPTION, _KEYS, value)
    url, checksum = given.get("url"), given.get("checksum")
    if url is None:
        raise OptionError(
            "cdrom: url is missing; give it, or the path of an image in place of sub-options"
        )
    if checksum is None:
        raise OptionError(
            "cdrom: what is downloaded needs a checksum; give checksum, which the page of the download "
            "has, or the URL alone, from which QEMU itself reads"
        )
    try:
        check_url(url)
    except ImageError as error:
        raise OptionError(f"{_OPTION}: {error}") from None
    return ImageRequest(
        url=url,
        checksum=digest_of(_OPTION, "checksum", checksum),
        decompress=False,
        access=access_of(_OPTION, given),
    )


def connect(guest: Guest, drive: Disk, request: ImageRequest) -> None:
    """Put the medium into a drive, as the volume that the pool keeps of it or will keep."""
    volume = NewVolume.to_install_from(guest.host.storage.default_pool(), request, _OPTION)
    if volume.new_image is None:
        disk_source.use_path(guest, drive, volume.path)
        return
    disk_source.use(guest, drive, volume)


def detected(guest: Guest, request: ImageRequest) -> Medium | None:
    """What the database knows of the medium; its beginning is enough for that.

    :raises OptionError: there is no such file, or it is no image to install from.
    """
    pool, name = guest.host.storage.default_pool(), request.name or ""
    if name in pool.volumes:
        return guest.host.detect_image(posixpath.join(pool.path or "", name))
    shown = shown_url(request.url or "")
    try:
        data = guest.host.open_url("", request.access).beginning(request.url or "")
    except ImageError as error:
        raise OptionError(f"{_OPTION}: {error}") from None
    if data is None:
        raise OptionError(f"{_OPTION}: there is no {shown}; correct it")
    try:
        found = detect_medium(guest.host.osinfo, io.BytesIO(data))
    except NotAnImage:
        raise OptionError(
            f"{_OPTION}: {shown} is no image that can be installed from: it has no ISO 9660 file system"
        ) from None
    if found is None:
        return None
    return Medium(found.system.short_id, found.kernel, found.initrd, found.element)
