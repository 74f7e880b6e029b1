# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image that cloud-init finds its data on.

What is in it can be told from its first descriptor, so that it is written anew
only when its data changes, and no other volume is ever taken for one.
"""

from __future__ import annotations

import hashlib
import io
import typing as t

from .errors import OptionError

#: By which cloud-init knows it.
_LABEL = "cidata"
#: At the beginning of the descriptor's application identifier, which has
#: capitals, digits and underscores. A hash follows.
SEED = b"DECLARATIVE_SEED_"
#: How much of the hash, in hexadecimal; the field has 64 characters in Joliet.
_DIGITS = 44
#: How much of it is in a name.
_SHORT = 12
#: The mark is within so much of the image, in bytes: its first descriptor ends here.
BEGINNING = 34 * 1024


def seed_name(domain: str, mark: bytes | None = None) -> str:
    """The name of the image of a domain; ``mark`` is that of data that came later."""
    return f"{domain}-cloudinit{'' if mark is None else f'-{digest_of(mark)}'}.iso"


def digest_of(mark: bytes) -> str:
    """A short name of the data."""
    return mark[len(SEED) :].decode().lower()[:_SHORT]


def mark_of(files: t.Mapping[str, str]) -> bytes:
    """What the descriptor of an image with these files has, and no other one."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        for part in (name.encode(), text.encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return SEED + digest.hexdigest()[:_DIGITS].upper().encode()


def seed_image(files: t.Mapping[str, str], mark: bytes | None = None) -> bytes:
    """An ISO 9660 image with these files, with their names in Joliet and Rock Ridge.

    ``mark`` is that of the files unless it is given.

    :raises OptionError: the library that makes it is missing.
    """
    try:
        import pycdlib
    except ImportError:
        raise OptionError(
            "cloud_init needs the Python library pycdlib on the managed host; install the package "
            "python3-pycdlib"
        ) from None
    image, written = pycdlib.PyCdlib(), io.BytesIO()
    image.new(
        interchange_level=3,
        joliet=3,
        rock_ridge="1.09",
        vol_ident=_LABEL,
        app_ident_str=(mark or mark_of(files)).decode(),
    )
    for number, (name, text) in enumerate(sorted(files.items())):
        data = text.encode()
        image.add_fp(
            io.BytesIO(data),
            len(data),
            f"/FILE{number}.;1",
            rr_name=name,
            joliet_path=f"/{name}",
        )
    image.write_fp(written)
    image.close()
    return written.getvalue()
