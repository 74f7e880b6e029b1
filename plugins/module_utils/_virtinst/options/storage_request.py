# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage that a disk's options request."""

from __future__ import annotations

import typing as t

from ..._images.request import ImageRequest


class StorageRequest(t.NamedTuple):
    """The requested storage of a disk; ``None`` leaves a property open.

    * ``path``: a file, a block device, a directory or a URL.
    * ``pool``, ``volume``: an existing volume, or with ``pool`` alone the pool for
      a new one.
    * ``size``: of a new volume, in GiB.
    * ``sparse``: whether a new volume grows as it is written to, which is the default;
      an explicit ``True`` lets it be larger than the free space of its pool.
    * ``image``: the image that a new volume has; a volume in it is POOL/VOLUME or a path.
    * ``kind``: the type of the disk, which is written already.
    * ``moves``: whether a disk of an existing domain moves to this storage, and ``removes_source``:
      whether its old volume goes then. It is given up after ``move_timeout`` seconds without
      progress.
    """

    path: str | None = None
    pool: str | None = None
    volume: str | None = None
    size: float | None = None
    format: str | None = None
    sparse: bool | None = None
    backing_store: str | None = None
    backing_format: str | None = None
    image: ImageRequest | None = None
    kind: str | None = None
    moves: bool = False
    removes_source: bool = False
    move_timeout: float = 300.0
