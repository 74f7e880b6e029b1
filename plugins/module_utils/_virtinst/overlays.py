# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A disk is all of the images that it consists of.

After an external snapshot the source of a disk is an overlay of the image that it had before.
A document that still names that image means this disk. What the guest has written since is in
the overlay, so that stays.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import ExpectedError
from .._rules.domain.identity import DISK_SOURCES
from .._xmltree.element import Element

_DISKS = "devices/disk"
_TARGET, _FORMAT = "target/@dev", "driver/@type"
#: Drives, whose media come and go.
_MEDIA = ("cdrom", "floppy")


class BaseError(ExpectedError):
    """A disk can't have the image that is said, because another image is, or may be, based on it."""


class Below(t.NamedTuple):
    """The real paths of what an image is, or was, based on.

    ``is_whole`` says that there is nothing else.
    """

    paths: tuple[str, ...]
    is_whole: bool


class Images(t.Protocol):
    """What is known of the images of one domain."""

    def real(self, disk: Element) -> str | None:
        """The real path of a disk's image; ``None`` where it has no path."""

    def below(self, disk: Element) -> Below:
        """What the image of one of the domain's disks is based on."""

    def snapshot(self, disk: Element) -> str | None:
        """The snapshot that made the image of one of the domain's disks, if it is known."""


class Kept(t.NamedTuple):
    """A disk that keeps its image.

    ``said`` is what was said of it, ``instead`` what is to be said, and ``theirs`` the disk as
    the domain has it. ``note`` is for a person, if there is something to be told.
    """

    said: Element
    instead: Element
    theirs: Element
    note: str


@dataclasses.dataclass(frozen=True)
class DomainDisks:
    """The disks of one domain, by its definition and, if it runs, by its live document.

    ``images`` is asked only where something is said that they don't say.
    """

    name: str
    defined: t.Sequence[Element]
    running: t.Sequence[Element]
    images: t.Callable[[], Images]


def of_documents(
    definition: Element, live: Element | None, images: t.Callable[[], Images]
) -> DomainDisks:
    """The disks of a domain that has these documents."""
    return DomainDisks(
        definition.value("name") or "",
        definition.findall(_DISKS),
        [] if live is None else live.findall(_DISKS),
        images,
    )


def kept(said: t.Sequence[Element], disks: DomainDisks, is_whole: bool) -> list[Kept]:
    """The disks of which a base is said, each with what is to be said instead.

    ``said`` are disks of a document, or what options say of disks. With ``is_whole`` the domain
    is to have no others.

    :raises BaseError: a disk would get another image of which it isn't known whether it is its
        base; or a base would be a disk of its own.
    """
    there = _images_there(disks)
    targets = {one.value(_TARGET) for one in said}
    # What goes may come back at another place.
    going = [one for one in there if is_whole and one.value(_TARGET) not in targets]
    found = []
    for disk in said:
        if not is_image(disk) or any(place_of(disk) == place_of(one) for one in there):
            continue
        images = disks.images()
        theirs = _based_on_it(disk, there, going, images)
        if theirs is not None:
            note = _note(disks.name, disk, theirs, images)
            found.append(Kept(disk, on_top(disk, theirs), theirs, note))
    return found


def kept_one(ways: t.Sequence[Element], disks: DomainDisks) -> Kept | None:
    """The same of one disk, which is described in each of several ways.

    :raises BaseError: as :func:`kept`.
    """
    places = [place_of(one) for one in _images_there(disks)]
    if any(place_of(one) in places for one in ways):
        return None
    return next(iter(kept(ways, disks, is_whole=False)), None)


def going(ways: t.Sequence[Element], disks: DomainDisks) -> Kept | None:
    """The disk that is to go by a base, or by another name, of the image that it has.

    What is said of it is described in each of several ways. ``None`` where a disk is said by
    the name that it has, or none has this image.

    :raises BaseError: it isn't known whether an image is the base of that of the disk.
    """
    there = _images_there(disks)
    places = [place_of(one) for one in there]
    if any(place_of(one) in places for one in ways):
        return None
    for disk in filter(is_image, ways):
        images, target = disks.images(), disk.value(_TARGET)
        wanted = images.real(disk)
        for one in there if wanted is not None else ():
            if target not in (None, one.value(_TARGET)):
                continue
            below = images.below(one)
            if wanted == images.real(one) or wanted in below.paths:
                note = (
                    f"{one.value(_TARGET)} is the disk that is to go: its image {images.real(one)} is "
                    f"based on {wanted}"
                )
                return Kept(disk, on_top(disk, one), one, note if wanted in below.paths else "")
            if target is not None and not below.is_whole:
                raise BaseError(
                    f"{target} has {images.real(one)}, and it can't be read what that is based on, "
                    f"so it may be an overlay of {wanted}; nothing was done; give the path of the "
                    "image that it has, or its target alone"
                )
    return None


def _images_there(disks: DomainDisks) -> list[Element]:
    """The domain's disks that have an image, as its guest has it."""
    return [_as_it_runs(one, disks) for one in disks.defined if is_image(one)]


def is_image(disk: Element) -> bool:
    """Whether it is a disk with an image, and no drive for media."""
    return disk.tag == "disk" and disk.get("device") not in _MEDIA and bool(place_of(disk))


def raised(document: Element, disks: DomainDisks, is_whole: bool) -> tuple[Element, list[str]]:
    """The document with the images that the domain's disks have, and what a person should know.

    :raises BaseError: as :func:`kept`.
    """
    found = kept(document.findall(_DISKS), disks, is_whole)
    if not found:
        return document, []
    instead = {id(one.said): one.instead for one in found}

    def with_images(element: Element) -> Element:
        if element.tag != "devices":
            return element
        return element.replaced(children=[instead.get(id(one), one) for one in element.children])

    document = document.replaced(children=[with_images(one) for one in document.children])
    return document, [one.note for one in found]


def _as_it_runs(disk: Element, disks: DomainDisks) -> Element:
    """The disk as the guest has it, where that runs from an overlay of what is defined."""
    target = disk.value(_TARGET)
    for running in disks.running:
        if running.value(_TARGET) != target or not is_image(running):
            continue
        if place_of(running) == place_of(disk) or running.child("transient") is not None:
            # The overlay of a transient disk ends with the guest.
            return disk
        images = disks.images()
        if images.real(disk) in images.below(running).paths:
            children = [one for one in running.children if one.tag != "backingStore"]
            return running.replaced(children=children)
    return disk


def on_top(disk: Element, theirs: Element) -> Element:
    """What is said of a disk, but with the image that it has."""
    old, driver = disk.child("source"), disk.child("driver")
    there, form = theirs.child("source"), theirs.value(_FORMAT)
    others = {} if old is None else old.attributes
    source = Element(
        "source",
        {
            **{name: value for name, value in others.items() if name not in DISK_SOURCES},
            **place_of(theirs),
        },
        children=[] if there is None else there.all("host"),
    )
    if driver is not None and form is not None:
        driver = driver.replaced({**driver.attributes, "type": form})
    children = [one for one in disk.children if one.tag not in ("source", "backingStore", "driver")]
    children = [
        *([] if driver is None else [driver]),
        source,
        *theirs.all("backingStore"),
        *children,
    ]
    return disk.replaced({**disk.attributes, "type": theirs.get("type") or "file"}, children)


def place_of(disk: Element) -> dict[str, str]:
    """Where a disk's document says that its image is, as attributes of ``source``."""
    source = disk.child("source")
    found = {} if source is None else source.attributes
    return {name: value for name, value in found.items() if name in DISK_SOURCES}


def _based_on_it(
    disk: Element, there: t.Sequence[Element], going: t.Sequence[Element], images: Images
) -> Element | None:
    """The disk that has the image which is said, below others or by another name."""
    target, wanted = disk.value(_TARGET), images.real(disk)
    if wanted is None:
        return None
    at_its_place = [one for one in there if target is not None and one.value(_TARGET) == target]
    others = [one for one in there if all(one is not other for other in at_its_place)]
    for one in (*at_its_place, *others):
        if images.real(one) == wanted:
            # Another name of the same image.
            if target is None:
                return one
            if at_its_place:
                return None
            continue
        below = images.below(one)
        is_there = any(one is other for other in at_its_place)
        if wanted in below.paths:
            if is_there or target is None or any(one is other for other in going):
                return one
            if disk.child("readonly") is None:
                raise BaseError(
                    f"{wanted} is what {images.real(one)} is based on, the image of "
                    f"{one.value(_TARGET)}, and would be spoilt as a disk of its own; nothing was "
                    "done; give another image, or make it readonly"
                )
        elif is_there and not below.is_whole:
            raise BaseError(
                f"{target} has {images.real(one)}, and it can't be read what that is based on, so "
                f"it may be an overlay of {wanted}; nothing was done; make it readable, or start or "
                "define the storage pool of its directory"
            )
    return None


def _note(domain: str, disk: Element, theirs: Element, images: Images) -> str:
    target, base, overlay = theirs.value(_TARGET), images.real(disk), images.real(theirs)
    if base == overlay:
        return f"{target} has {base} already, by another name; nothing was changed about that"
    snapshot = images.snapshot(theirs)
    made = "" if snapshot is None else f" of the snapshot {snapshot}"
    return (
        f"{target} keeps {overlay}, the overlay{made} that is based on {base}, because what was "
        f"written since is in it; to have {base} itself, merge the overlay into it while the guest "
        f"runs: virsh blockcommit {domain} {target} --active --pivot --wait"
    )
