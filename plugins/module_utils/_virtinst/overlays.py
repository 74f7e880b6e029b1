# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks whose image is an overlay.

After an external snapshot the source of a disk is an overlay of its former image. A request
that still names the former image is about this disk. The overlay has what the guest has
written since, so the disk keeps it.
"""

from __future__ import annotations

import typing as t

from .._errors import ExpectedError
from .._file_use.media import MEDIA
from .._rules.domain.device_keys import DISK_SOURCES
from .._xmltree.element import Element

_DISKS = "devices/disk"
_TARGET, _FORMAT = "target/@dev", "driver/@type"


class BaseError(ExpectedError):
    """A disk can't have the requested image: another image is, or may be, based on it."""


class Below(t.NamedTuple):
    """The real paths of the images that an image is, or was, based on.

    ``is_whole``: the list is complete.
    """

    paths: tuple[str, ...]
    is_whole: bool


class Images(t.Protocol):
    """The facts about the images of one domain."""

    def real(self, disk: Element) -> str | None:
        """The real path of a disk's image; ``None`` where it has no path."""

    def below(self, disk: Element) -> Below:
        """The images that a disk's image is based on; the disk is one of the domain's."""

    def snapshot(self, disk: Element) -> str | None:
        """The snapshot that made a disk's image, if it is known."""

    def needed_by_others(self, path: str) -> str | None:
        """What another domain has of an image, as words after its path; ``None`` if nothing."""


class Kept(t.NamedTuple):
    """A disk that keeps its image.

    ``requested`` is the request, ``replacement`` the request with the image that the disk
    keeps, and ``current`` the domain's disk. ``note`` is a line for a person, or empty.
    """

    requested: Element
    replacement: Element
    current: Element
    note: str


class DomainDisks(t.NamedTuple):
    """The disks of one domain, by its definition and, if it runs, by its live document.

    ``images`` is called only for a request that names an image which the disks don't have.
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


def kept(requested: t.Sequence[Element], disks: DomainDisks, is_whole: bool) -> list[Kept]:
    """The requested disks that name the base of a disk's image, each with its replacement.

    ``is_whole``: the domain is to have no other disks.

    :raises BaseError: a disk would get an image that may be the base of its own image; or a
        base would become a disk of its own.
    """
    current_disks = _disks_with_images(disks)
    targets = {current_disk.value(_TARGET) for current_disk in requested}
    # A disk that goes may come back at another target.
    going = [
        current_disk
        for current_disk in current_disks
        if is_whole and current_disk.value(_TARGET) not in targets
    ]
    found = []
    for disk in requested:
        if not is_image(disk) or any(
            place_of(disk) == place_of(current_disk) for current_disk in current_disks
        ):
            continue
        images = disks.images()
        current = _disk_based_on(disk, current_disks, going, images)
        if current is not None:
            note = _note(disks.name, disk, current, images)
            found.append(Kept(disk, on_top(disk, current), current, note))
    return found


def kept_disk(ways: t.Sequence[Element], disks: DomainDisks) -> Kept | None:
    """As :func:`kept`, for one disk that is described in several ways.

    :raises BaseError: as :func:`kept`.
    """
    places = [place_of(disk) for disk in _disks_with_images(disks)]
    if any(place_of(disk) in places for disk in ways):
        return None
    return next(iter(kept(ways, disks, is_whole=False)), None)


def going(ways: t.Sequence[Element], disks: DomainDisks) -> Kept | None:
    """The disk that is to go, where the request names a base or another name of its image.

    ``ways`` describe the disk in several ways. ``None`` where the request has the disk's own
    source, or where no disk has this image.

    :raises BaseError: it is unknown whether the named image is a base of the disk's image.
    """
    current_disks = _disks_with_images(disks)
    places = [place_of(current) for current in current_disks]
    if any(place_of(current) in places for current in ways):
        return None
    for disk in filter(is_image, ways):
        images, target = disks.images(), disk.value(_TARGET)
        path = images.real(disk)
        for current in current_disks if path is not None else ():
            if target not in (None, current.value(_TARGET)):
                continue
            below = images.below(current)
            if path == images.real(current) or path in below.paths:
                note = (
                    f"{current.value(_TARGET)} is the disk that is to go: its image {images.real(current)} is "
                    f"based on {path}"
                )
                return Kept(
                    disk, on_top(disk, current), current, note if path in below.paths else ""
                )
            if target is not None and not below.is_whole:
                raise BaseError(
                    f"{target} has {images.real(current)}, and it can't be read what that is based on, "
                    f"so it may be an overlay of {path}; nothing was done; give the path of the "
                    "image that it has, or its target alone"
                )
    return None


def _disks_with_images(disks: DomainDisks) -> list[Element]:
    """The domain's disks with an image; those of a running guest have the guest's image."""
    return [_running_form(disk, disks) for disk in disks.defined if is_image(disk)]


def is_image(disk: Element) -> bool:
    """Whether it is a disk with an image, and no drive for media."""
    return disk.tag == "disk" and disk.get("device") not in MEDIA and bool(place_of(disk))


def raised(document: Element, disks: DomainDisks, is_whole: bool) -> tuple[Element, list[str]]:
    """The document with the images that the domain's disks keep, and lines for a person.

    :raises BaseError: as :func:`kept`.
    """
    found = kept(document.findall(_DISKS), disks, is_whole)
    if not found:
        return document, []
    replacement = {id(kept_image.requested): kept_image.replacement for kept_image in found}

    def with_images(element: Element) -> Element:
        if element.tag != "devices":
            return element
        return element.replaced(
            children=[
                replacement.get(id(kept_image), kept_image) for kept_image in element.children
            ]
        )

    document = document.replaced(
        children=[with_images(kept_image) for kept_image in document.children]
    )
    return document, [kept_image.note for kept_image in found]


def _running_form(disk: Element, disks: DomainDisks) -> Element:
    """The guest's form of a disk, where it runs from an overlay of the defined image."""
    target = disk.value(_TARGET)
    for running in disks.running:
        if running.value(_TARGET) != target or not is_image(running):
            continue
        if place_of(running) == place_of(disk) or running.child("transient") is not None:
            # The overlay of a transient disk is deleted with the guest.
            return disk
        images = disks.images()
        if images.real(disk) in images.below(running).paths:
            children = [child for child in running.children if child.tag != "backingStore"]
            return running.replaced(children=children)
    return disk


def on_top(disk: Element, current: Element) -> Element:
    """The request for a disk with the image that the disk has."""
    old, driver = disk.child("source"), disk.child("driver")
    current_source, form = current.child("source"), current.value(_FORMAT)
    old_attributes = {} if old is None else old.attributes
    source = Element(
        "source",
        {
            **{name: value for name, value in old_attributes.items() if name not in DISK_SOURCES},
            **place_of(current),
        },
        children=[] if current_source is None else current_source.all("host"),
    )
    if driver is not None and form is not None:
        driver = driver.replaced({**driver.attributes, "type": form})
    children = [
        child for child in disk.children if child.tag not in ("source", "backingStore", "driver")
    ]
    children = [
        *([] if driver is None else [driver]),
        source,
        *current.all("backingStore"),
        *children,
    ]
    return disk.replaced({**disk.attributes, "type": current.get("type") or "file"}, children)


def place_of(disk: Element) -> dict[str, str]:
    """The attributes of ``source`` that locate a disk's image."""
    source = disk.child("source")
    found = {} if source is None else source.attributes
    return {name: value for name, value in found.items() if name in DISK_SOURCES}


def _disk_based_on(
    disk: Element, current_disks: t.Sequence[Element], going: t.Sequence[Element], images: Images
) -> Element | None:
    """The disk that has the requested image as a base, or by another name."""
    target, path = disk.value(_TARGET), images.real(disk)
    if path is None:
        return None
    at_target = [
        current
        for current in current_disks
        if target is not None and current.value(_TARGET) == target
    ]
    elsewhere = [
        current for current in current_disks if all(current is not same for same in at_target)
    ]
    for current in (*at_target, *elsewhere):
        if images.real(current) == path:
            # Another name of the same image.
            if target is None:
                return current
            if at_target:
                return None
            continue
        below = images.below(current)
        is_at_target = any(current is same for same in at_target)
        if path in below.paths:
            if is_at_target or target is None or any(current is same for same in going):
                return current
            if disk.child("readonly") is None:
                raise BaseError(
                    f"{path} is what {images.real(current)} is based on, the image of "
                    f"{current.value(_TARGET)}, and would be spoilt as a disk of its own; nothing was "
                    "done; give another image, or make it readonly"
                )
        elif is_at_target and not below.is_whole:
            raise BaseError(
                f"{target} has {images.real(current)}, and it can't be read what that is based on, so "
                f"it may be an overlay of {path}; nothing was done; make it readable, or start or "
                "define the storage pool of its directory"
            )
    return None


def _note(domain: str, disk: Element, current: Element, images: Images) -> str:
    target, base, overlay = current.value(_TARGET), images.real(disk), images.real(current)
    if base == overlay:
        return f"{target} has {base} already, by another name; nothing was changed about that"
    snapshot = images.snapshot(current)
    made, remedy = (
        (
            "",
            f"merge the overlay into it while the guest runs: virsh blockcommit {domain} {target} "
            "--active --pivot --wait",
        )
        if snapshot is None
        # What blockcommit has merged libvirt can't remove as a snapshot any more.
        else (
            f" of the snapshot {snapshot}",
            "remove the snapshots that are based on it with domain_snapshot, which merges their overlays",
        )
    )
    words = (
        f"{target} keeps {overlay}, the overlay{made} that is based on {base}, because what was "
        "written since is in it"
    )
    needed = None if base is None else images.needed_by_others(base)
    if needed is not None:
        # Merging would write the base under what else is based on it.
        return f"{words}; {base} {needed}, and can't be had for this disk alone"
    return f"{words}; to have {base} itself, {remedy}"
