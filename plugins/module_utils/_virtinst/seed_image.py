# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image that cloud-init finds its data on, and that of an installer's scripts.

Its first descriptor has a hash of its content. So the image is written anew only when its
data change, and no other volume is ever taken for such an image.
"""

from __future__ import annotations

import hashlib
import io
import typing as t

from .errors import OptionError

#: The label by which cloud-init finds the image.
_LABEL = "cidata"
#: The beginning of the descriptor's application identifier, which consists of
#: capitals, digits and underscores. A hash follows.
SEED = b"DECLARATIVE_SEED_"
#: The length of the hash, in hexadecimal digits; the field has 64 characters in Joliet.
_DIGITS = 44
#: The length of the part that stands in names.
_SHORT = 12
#: The first descriptor, which has the mark, ends at this byte of the image.
BEGINNING = 34 * 1024


def seed_name(domain: str, mark: bytes | None = None) -> str:
    """The name of a domain's image; data that came later have their ``mark`` in the name."""
    return f"{domain}-cloudinit{'' if mark is None else f'-{digest_of(mark)}'}.iso"


def unattended_name(domain: str) -> str:
    """The name of the image with the scripts of a domain's unattended installation."""
    return f"{domain}-unattended.iso"


def digest_of(mark: bytes) -> str:
    """A short name for the data."""
    return mark[len(SEED) :].decode().lower()[:_SHORT]


def mark_of(files: t.Mapping[str, str]) -> bytes:
    """The mark that identifies an image with these files."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        for part in (name.encode(), text.encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return SEED + digest.hexdigest()[:_DIGITS].upper().encode()


def seed_image(
    files: t.Mapping[str, str | bytes],
    mark: bytes,
    label: str = _LABEL,
    option: str = "cloud_init",
) -> bytes:
    """An ISO 9660 image with these files, whose names are in Joliet and Rock Ridge.

    ``option`` is the one that asks for it.

    :raises OptionError: the library that makes the image is missing.
    """
    try:
        import pycdlib
    except ImportError:
        raise OptionError(
            f"{option} needs the Python library pycdlib on the managed host; install the package "
            "python3-pycdlib"
        ) from None
    image, written = pycdlib.PyCdlib(), io.BytesIO()
    image.new(
        interchange_level=3,
        joliet=3,
        rock_ridge="1.09",
        vol_ident=label,
        app_ident_str=mark.decode(),
    )
    for number, (name, content) in enumerate(sorted(files.items())):
        data = content.encode() if isinstance(content, str) else content
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
