# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks, which are connected with their storage after all other sub-options are written."""

from __future__ import annotations

import math
import os
import typing as t

from ...._rules import amounts
from ...._xmltree.element import Element
from ... import disk_image, disk_source
from ...disk import Disk
from ...errors import OptionError
from ...storage import GIB, pool_and_volume
from ..settings import Settings
from ..storage_request import StorageRequest
from ..values import bare, needed_truth
from .common import rename

if t.TYPE_CHECKING:
    from ...guest import Guest

#: The beginning of a URL for a file of the host.
_FILE = "file://"
_PERMISSIONS = {"ro": "readonly", "sh": "shareable", "rw": None}


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Give bus, cache and permissions their newer names, and convert file URLs to paths."""
    rename(settings, "bus", "target.bus")
    rename(settings, "cache", "driver.cache")
    path = settings.get("path") or ""
    if path.startswith(_FILE):
        settings.put("path", path[len(_FILE) :])
    permissions = settings.take("perms")
    if permissions and permissions not in _PERMISSIONS:
        raise OptionError(f"disk: perms: {permissions} is not one of {', '.join(_PERMISSIONS)}")
    for word, name in _PERMISSIONS.items() if permissions is not None else ():
        # The permissions are one value: an existing disk loses the other permissions.
        if name is not None and (word == permissions or name not in settings):
            settings.put(name, "yes" if word == permissions else "")
    return True


def leave(_guest: Guest, _element: Element, _value: str | None) -> None:
    """Leave it for :func:`finish`."""


def finish(guest: Guest, element: Element, settings: Settings) -> None:
    """Connect the disk with the requested storage.

    :raises OptionError: the request can't be honoured.
    """
    disk_source.connect(guest, t.cast(Disk, element), request(settings))


def request(settings: Settings) -> StorageRequest:
    """The storage that the options request.

    :raises OptionError: a size isn't a number, a volume lacks its pool, or it is in two places.
    """
    for name in ("pool", "vol"):
        if settings.get(name) and settings.get("path"):
            raise OptionError(f"disk: path and {name} contradict each other; give one of them")
    pool, volume = settings.get("pool") or None, settings.get("vol") or None
    if volume is not None:
        place = pool_and_volume(volume)
        if place is None:
            raise OptionError("disk: vol: a volume is given as POOL/VOLUME")
        if pool not in (None, place[0]):
            raise OptionError(
                f"disk: pool: {pool} contradicts vol, whose pool is {place[0]}; leave pool out, or give one pool"
            )
        pool, volume = place
    moves = bool(_truth(settings, "move"))
    removes_source = bool(_truth(settings, "remove_source"))
    if removes_source and not moves:
        raise OptionError(
            "disk: remove_source: nothing moves without move: true; add that, or leave remove_source out"
        )
    return StorageRequest(
        path=settings.get("path") or None,
        pool=pool,
        volume=volume,
        size=_size(settings.get("size") or None),
        format=settings.get("format") or None,
        sparse=_truth(settings, "sparse"),
        backing_store=_absolute(settings.get("backing_store") or None),
        backing_format=settings.get("backing_format") or None,
        image=disk_image.image_request(_of_image(settings)),
        kind=settings.get("type") or None,
        moves=moves,
        removes_source=removes_source,
        move_timeout=_seconds(settings.get("move_timeout") or None),
    )


def _truth(settings: Settings, name: str) -> bool | None:
    text = settings.get(name)
    try:
        return None if text is None else bool(text) and needed_truth(text)
    except OptionError as error:
        raise OptionError(f"disk: {name}: {error}") from None


def _seconds(text: str | None) -> float:
    if text is None:
        return StorageRequest().move_timeout
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise OptionError(
            f"disk: move_timeout: {text} is no time; give a number of seconds, such as 300"
        )
    return seconds


def _of_image(settings: Settings) -> dict[str, str]:
    """The sub-options of the image that are given, by their names without ``image``."""
    found = {}
    for name in settings.names():
        first, _dot, rest = name.partition(".")
        if first == "image":
            found[rest] = settings.get(name) or ""
    return {name: text for name, text in found.items() if text}


def _absolute(path: str | None) -> str | None:
    """A path as that of the disk itself is read; libvirt would begin at its own directory.

    What may be POOL/VOLUME stays, until the pools are known.
    """
    if path is None or path.startswith("json:") or disk_source.URL.match(path):
        return path
    if disk_source.in_pool(path) is not None:
        return path
    return os.path.abspath(path)


def _size(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        if amounts.split(text) is not None:
            return int(bare(text, "b")) / GIB
        return float(text)
    except ValueError:
        raise OptionError(
            f"disk: size: {text} is not a size; give GiB, such as 20, or a number with its unit, "
            "such as 512M"
        ) from None
    except OptionError as error:
        raise OptionError(f"disk: size: {error}") from None
