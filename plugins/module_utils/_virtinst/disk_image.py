# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of a new disk: its sub-options, and the volume that the pool keeps of it."""

from __future__ import annotations

import posixpath
import typing as t

from .._file_use.media import MEDIA
from .._images.checksum import Checksum, read_checksum
from .._images.errors import ImageError
from .._images.request import LONGEST, Access, ImageRequest
from .._images.request import image_request as requested
from .._xmltree.element import Element
from .errors import OptionError
from .options.values import needed_truth
from .storage import Pool, StorageFacts

_OPTION = "disk: image"
#: What says where an image is, and the sub-options that are about a server alone.
_PLACES = ("url", "src", "volume")
OF_SERVER = ("url_username", "url_password", "validate_certs", "ca_path", "use_proxy", "timeout")


class KeptImage(t.NamedTuple):
    """What is known of the image that a pool keeps, or will keep.

    ``path`` is ``None`` while the checksum isn't known. ``new`` is the path if the pool lacks it.
    ``refusal`` is why a new volume can't have it.
    """

    path: str | None
    new: str | None
    refusal: str | None


def image_request(texts: t.Mapping[str, str]) -> ImageRequest | None:
    """The request that the sub-options make; ``None`` without any.

    ``texts`` are their values by their names, without ``image.``.

    :raises OptionError: they contradict each other, or a value is impossible.
    """
    if not texts:
        return None
    places = [name for name in _PLACES if name in texts]
    if len(places) != 1:
        what = " and ".join(places) + " contradict each other" if places else "it is nowhere"
        raise OptionError(f"disk: image: {what}; give one of url, src and volume")
    if "url" not in texts and "checksum" not in texts:
        useless = [name for name in OF_SERVER if name in texts]
        if useless:
            raise OptionError(f"disk: image: {useless[0]} is of no use without url; leave it out")
    access = access_of(_OPTION, texts)
    decompress = _truth(_OPTION, texts, "decompress", True)
    copy = _truth(_OPTION, texts, "copy", False)
    try:
        return requested(
            texts.get("url"),
            texts.get("src"),
            texts.get("checksum"),
            decompress,
            access,
            texts.get("volume"),
            copy,
        )
    except ImageError as error:
        raise OptionError(f"disk: image: {error}") from None


def access_of(option: str, texts: t.Mapping[str, str]) -> Access:
    """How a server is spoken to, by the sub-options of an option.

    :raises OptionError: a value is impossible.
    """
    return Access(
        username=texts.get("url_username"),
        password=texts.get("url_password"),
        validate_certs=_truth(option, texts, "validate_certs", True),
        ca_path=texts.get("ca_path"),
        use_proxy=_truth(option, texts, "use_proxy", True),
        timeout=_seconds(option, texts.get("timeout")),
    )


def digest_of(option: str, name: str, text: str) -> Checksum:
    """The checksum in a sub-option that takes the digits alone, and no place where they are.

    :raises OptionError: it isn't one.
    """
    try:
        found = read_checksum(text)
    except ImageError as error:
        raise OptionError(f"{option}: {name}: {error}") from None
    if found.digest is None:
        raise OptionError(
            f"{option}: {name} is the checksum itself, such as sha256: and its digits; look it up"
        )
    return found


def check(disk: Element, contradicting: t.Collection[str]) -> None:
    """Check that a disk can have an image.

    ``contradicting`` are the other sub-options that say what its content is.

    :raises OptionError: it can't.
    """
    if contradicting:
        raise OptionError(
            f"disk: image and {' and '.join(contradicting)} contradict each other; leave one of them out"
        )
    if disk.get("device") in MEDIA:
        raise OptionError(
            f"disk: image: a {disk.get('device')} gets no new volume; upload its medium with the module "
            "volume, and give its path"
        )


def kept(
    storage: StorageFacts, pool: Pool, form: str | None, image: ImageRequest, capacity: int | None
) -> KeptImage:
    """What is known of the image of a new volume in a pool.

    ``form`` is the volume's format, and ``capacity`` its requested size in bytes.

    :raises OptionError: the volume can't have the image.
    """
    if pool.volume_kind != "file":
        raise OptionError(
            f"disk: image: the volumes of the pool {pool.name} are no files, and can't have an image; "
            "give a pool that is a directory"
        )
    if form != "qcow2" and not image.copy:
        raise OptionError(
            f"disk: image: a {form} volume can't be based on an image; set image.copy to true, or leave "
            "format out"
        )
    path, new = image.volume, None
    if image.name is not None:
        path = posixpath.join(pool.path or "", image.name)
        new = None if image.name in pool.volumes else path
    refusal = None
    existing = None if path is None or new is not None else storage.at(path)
    if existing is not None and capacity is not None and (existing.capacity or 0) > capacity:
        refusal = too_small(image, existing.capacity or 0, capacity)
    elif existing is None and image.volume is not None and storage.lacks(image.volume):
        refusal = f"disk: image: {image.volume} does not exist; give a volume that is there"
    return KeptImage(path, new, refusal)


def too_small(image: ImageRequest, size: int, capacity: int) -> str:
    """The message that a volume would be smaller than its image; both in bytes."""
    return (
        f"disk: size: the image {image.title} has {size} bytes, and size asks for {capacity}; give a "
        "size that is not less, or leave it out"
    )


def kept_beside(path: str, image: ImageRequest) -> str | None:
    """The path of the image that a volume at a path is based on, as far as it is known."""
    if image.copy:
        return None
    if image.name is not None:
        return posixpath.join(posixpath.dirname(path), image.name)
    return image.volume


def _truth(option: str, texts: t.Mapping[str, str], name: str, default: bool) -> bool:
    if name not in texts:
        return default
    try:
        return needed_truth(texts[name])
    except OptionError as error:
        raise OptionError(f"{option}: {name}: {error}") from None


def _seconds(option: str, text: str | None) -> float:
    if text is None:
        return Access().timeout
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= LONGEST:
        raise OptionError(
            f"{option}: timeout: {text} is no time; give the number of seconds, such as 30"
        )
    return seconds
