# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who uses a file.

A file may have many names. Each name has a set of keys (:class:`Names`); two names that share a
key are of the same file. A doubt is something that can't be known. Code that deletes or
overwrites files treats a doubt like a use.
"""

from __future__ import annotations

import posixpath
import typing as t

#: The documents of a domain that name files.
DEFINITION, LIVE, SAVED, SNAPSHOT, CHECKPOINT, BACKUP, PLANNED = (
    "definition",
    "running guest",
    "saved state",
    "snapshot",
    "checkpoint",
    "backup",
    "planned",
)
#: The documents whose disks :class:`Going` can name by their targets.
_OF_NOW = (DEFINITION, LIVE, PLANNED)

Keys = frozenset[tuple[object, ...]]


class Names(t.Protocol):
    """How files are told apart on a host."""

    def keys(self, path: str) -> Keys:
        """The keys of the file at a path, which are the same for each of its names."""

    def real(self, path: str) -> str:
        """The path with its links resolved, as far as they can be read."""

    def is_below(self, path: str, folder: str) -> bool:
        """Whether a file can be reached through a folder, wherever either is mounted."""

    def holder(self, path: str) -> str | None:
        """The process that has the file open, such as "the process 4711 (qemu-nbd)"."""


class Use(t.NamedTuple):
    """Something uses a file.

    ``domain`` and ``uuid`` are the domain's, empty where it is no domain. ``document`` is one
    of the documents above, ``which`` the name of the snapshot or checkpoint. ``what`` is the
    file's use, ``target`` the disk's. ``is_shared``: several may use it at once, because it is
    read-only or shareable. ``is_running``: a guest has it open now. ``is_base``: it is below the
    image of a disk, so that it is only read, unless the image is being merged into it.
    """

    path: str
    what: str
    domain: str = ""
    uuid: str = ""
    document: str = DEFINITION
    which: str = ""
    target: str | None = None
    is_folder: bool = False
    is_shared: bool = False
    is_running: bool = False
    is_base: bool = False

    @property
    def words(self) -> str:
        """For a person, such as "vda of the domain web"."""
        if not self.domain:
            return self.what
        part = self.target or self.what
        if self.document in (SNAPSHOT, CHECKPOINT):
            return f"the {self.document} {self.which} of the domain {self.domain} ({part})"
        if self.document == SAVED:
            return f"the saved state of the domain {self.domain} ({part})"
        if self.document == BACKUP:
            return f"the backup of the domain {self.domain} ({part})"
        return f"{part} of the domain {self.domain}"


class Link(t.NamedTuple):
    """The image at ``overlay`` needs the file at ``base``, as its ``what``."""

    overlay: str
    base: str
    what: str


class Doubt(t.NamedTuple):
    """A file may be in use, for the reason ``why``, a whole sentence.

    ``uuid`` is the domain's that raises the doubt. ``path`` is the image that can't be read;
    the doubt isn't about that image itself. ``volume`` is the last part of the file's name;
    ``None`` where the doubt is about any file.
    """

    why: str
    uuid: str = ""
    path: str | None = None
    volume: str | None = None


class Going(t.NamedTuple):
    """The uses that end together with the file, and so don't count.

    The uses of the domain with this ``uuid``, or of this ``name``, by the disks with these
    ``targets``; the target ``None`` stands for what is no disk. ``is_whole``: the domain goes
    too, with its snapshots, checkpoints and saved state.
    """

    uuid: str = ""
    targets: t.Collection[str | None] = ()
    is_whole: bool = False
    name: str = ""

    def has(self, use: Use) -> bool:
        """Whether a use ends."""
        is_same_domain = use.uuid == self.uuid if self.uuid else use.domain == self.name
        if not (self.uuid or self.name) or not is_same_domain or use.target not in self.targets:
            return False
        return self.is_whole or use.document in _OF_NOW


NOTHING = Going()


class Answer(t.NamedTuple):
    """The known uses of a file, and the doubts about others.

    ``images`` are the links from the images that need the file, each with that image's uses.
    """

    uses: tuple[Use, ...]
    images: tuple[tuple[Link, tuple[Use, ...]], ...]
    doubts: tuple[Doubt, ...]

    @property
    def is_free(self) -> bool:
        """Whether it is certain that nothing uses it."""
        return not (self.uses or self.images or self.doubts)

    @property
    def writers(self) -> tuple[Use, ...]:
        """The uses by which the file may be written to at this moment."""
        return tuple(
            use for use in self.uses if use.is_running and not (use.is_shared or use.is_base)
        )

    @property
    def certain(self) -> Answer:
        """The uses that would notice a change of the file: no doubts, and no shared uses."""
        uses = tuple(use for use in self.uses if not use.is_shared)
        return Answer(uses, self.images, ())

    def of_others(self, uuid: str) -> Answer:
        """The uses by other domains than the one with this UUID, and by images that it doesn't have."""
        return Answer(
            tuple(use for use in self.uses if use.uuid not in ("", uuid)),
            tuple(
                (link, uses)
                for link, uses in self.images
                if not any(use.uuid == uuid for use in uses)
            ),
            self.doubts,
        )

    @property
    def reason(self) -> str | None:
        """The first use or doubt as words after the file's name; ``None`` if it is free.

        For example "is used by vda of the domain web".
        """
        for use in self.uses:
            if use.is_folder:
                return f"is below {use.path}, which is used by {use.words}"
            return f"is used by {use.words}"
        for link, uses in self.images:
            user = f", which is used by {uses[0].words}" if uses else ""
            return f"is the {link.what} of {link.overlay}{user}"
        for doubt in self.doubts:
            return f"may be in use: {doubt.why}"
        return None


class FileUse(t.NamedTuple):
    """The uses of files on a host, as they were read at one moment.

    ``is_planned``: the uses after the task; files that processes have open now don't count.
    """

    names: Names
    uses: tuple[Use, ...]
    links: tuple[Link, ...]
    doubts: tuple[Doubt, ...]
    is_planned: bool = False

    def of(self, path: str, going: Going = NOTHING) -> Answer:
        """The uses of the file at a path, which need not exist, without those in ``going``.

        The answer's ``is_free`` means that the file may be deleted, overwritten or reused.
        """
        asked = _Asked(self.names, path)
        known = [use for use in self.uses if asked.is_in(use)]
        images = [
            (link, self._uses_of_image(link.overlay))
            for link in self.links
            if asked.is_at(link.base) and not asked.is_at(link.overlay)
        ]
        uses = [use for use in known if not going.has(use)]
        if not (self.is_planned or images or any(use.is_running for use in known)):
            # Where a guest runs, it is the process that has the file open.
            holder = self.names.holder(path)
            uses += [] if holder is None else [Use(path, holder, is_running=True)]
        name = posixpath.basename(path)
        doubts = [
            doubt
            for doubt in self.doubts
            if doubt.volume in (None, name)
            and not (doubt.path is not None and asked.is_at(doubt.path))
            and not (doubt.uuid and doubt.uuid == going.uuid and going.is_whole)
        ]
        return Answer(tuple(uses), tuple(images), tuple(doubts))

    def with_uses(self, uses: t.Iterable[Use], links: t.Iterable[Link] = ()) -> FileUse:
        """The same with the uses and links that a task is about to make."""
        return self._replace(uses=(*self.uses, *uses), links=(*self.links, *links))

    def bases(self, path: str) -> list[str]:
        """The files that the image at a path needs, those that these need, and so on."""
        found: list[str] = []
        waiting = [path]
        while waiting:
            asked = _Asked(self.names, waiting.pop())
            for link in self.links:
                if asked.is_at(link.overlay) and link.base not in found:
                    found.append(link.base)
                    waiting.append(link.base)
        return found

    def _uses_of_image(self, path: str) -> tuple[Use, ...]:
        """The uses of an image: of itself, or of the images that are based on it."""
        seen: list[str] = []
        waiting = [path]
        while waiting:
            image = waiting.pop()
            seen.append(image)
            asked = _Asked(self.names, image)
            uses = tuple(use for use in self.uses if asked.is_in(use))
            if uses:
                return uses
            waiting += [
                link.overlay
                for link in self.links
                if link.overlay not in seen and asked.is_at(link.base)
            ]
        return ()


class _Asked:
    """The file that a question is about."""

    def __init__(self, names: Names, path: str) -> None:
        self._names = names
        self._path = path
        self._keys = names.keys(path)

    def is_at(self, path: str) -> bool:
        return not self._keys.isdisjoint(self._names.keys(path))

    def is_in(self, use: Use) -> bool:
        if self.is_at(use.path):
            return True
        return use.is_folder and self._names.is_below(self._path, use.path)
