# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volumes of one pool, which are created, and made larger or smaller, but not defined anew."""

from __future__ import annotations

import contextlib
import os
import posixpath
import re
import typing as t

from .._rules.pool_types import type_of
from .._rules.volume import capacity_in
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .active_object import Pool, pools
from .api import VOLUMES
from .connection import Connection
from .errors import HypervisorError, is_code
from .flags import called, flag
from .libvirt_import import libvirt
from .objects import Facts, Object, Objects
from .planned_pool import pool_as_planned
from .refreshing import refresh
from .volume_resizing import resize
from .volume_sources import EMPTY, Source

#: What a volume's document says of this moment.
_OF_NOW = re.compile(
    r"^  <(allocation|physical)\b[^\n]*\n|^ *<timestamps>.*?</timestamps>\n",
    re.MULTILINE | re.DOTALL,
)
_DISK = "disk"
#: The name in libvirt's message about a partition that should have another one.
_EXPECTED = re.compile(r"invalid partition name '[^']*', expected '([^']+)'")
_ADVICE = "make room in its pool, or correct its description"


def volume_name(pool: str, name: str) -> str:
    """What a volume is called beside those of other pools: ``default/web.qcow2``."""
    return f"{pool}/{name}"


class StoredVolume(Object):
    """A volume that exists. Its document is without what changes by itself."""

    def __init__(self, connection: Connection, raw: t.Any, pool: Pool) -> None:
        self.pool = pool
        self._volume_name = str(raw.name())
        super().__init__(connection, raw, VOLUMES)

    def _name(self) -> str:
        return volume_name(self.pool.name, self._volume_name)

    def _identifier(self) -> str:
        return self._name()

    def facts(self) -> Facts:
        """As those of any object; it has no UUID."""
        return super().facts()._replace(uuid=None)

    @property
    def path(self) -> str:
        """Where it is on the hypervisor's host.

        :raises HypervisorError: it can't be read.
        """
        return self.document().value("target/path") or self.document().value("key") or ""

    def definition(self) -> str:
        """As that of any object."""
        return _OF_NOW.sub("", super().definition())

    def refreshed(self) -> None:
        """Forget what was read of it."""
        self._forget()


class Volumes(Objects[StoredVolume]):
    """The volumes of the pool with this name.

    ``source`` is what new ones are made of. ``flags`` are those of virStorageVolCreateXML.
    ``may_shrink``: one may lose its end. ``may_lack_pool``: without the pool, there are none.
    """

    def __init__(
        self,
        connection: Connection,
        pool: str,
        source: Source = EMPTY,
        flags: int = 0,
        may_shrink: bool = False,
        may_lack_pool: bool = False,
    ) -> None:
        self._may_lack_pool = may_lack_pool
        self._pool_name = pool
        self._source = source
        self._flags = flags
        self._may_shrink = may_shrink
        self._known_pool: Pool | None = None
        super().__init__(
            connection, VOLUMES, lambda host, raw: StoredVolume(host, raw, self.pool())
        )

    def fresh(self) -> Volumes:
        """As that of any objects."""
        return Volumes(
            self.connection,
            self._pool_name,
            self._source,
            self._flags,
            self._may_shrink,
            self._may_lack_pool,
        )

    def _near_pool(self) -> str:
        # Most pools are there.
        from .near_names import near

        return near(self._pool_name, pools(self.connection))

    def pool(self) -> Pool:
        """Their pool, which is active.

        :raises HypervisorError: there is none, or it is inactive.
        """
        if self._known_pool is None:
            found = self._find_pool()
            if found is None:
                raise HypervisorError(
                    f"pool: there is no storage pool '{self._pool_name}'{self._near_pool()}; make it with the module pool, "
                    "or correct the name"
                )
            if not found.facts().active:
                raise HypervisorError(
                    f"pool: the storage pool '{found.name}' is inactive, so that nobody knows what is in "
                    "it; start it with state=active of the module pool"
                )
            self._known_pool = found
        return self._known_pool

    def _find_pool(self) -> Pool | None:
        """The pool as it will be by the time that the plan is carried out."""
        found = self._pool_now()
        now = None if found is None else found.raw
        name = self._pool_name if found is None else found.name
        raw = pool_as_planned(self.connection, name, now)
        return found if raw is now else None if raw is None else Pool(self.connection, raw)

    def _pool_now(self) -> Pool | None:
        """The pool, which a task on many volumes looks up once."""
        connection, name = self.connection, self._pool_name
        return connection.cache.get(f"pool {name}", lambda: pools(connection).find(name))

    def by_name(self, name: str) -> StoredVolume | None:
        """The volume that :func:`volume_name` calls so; ``None`` where its file is gone.

        A pool doesn't know files that were made without libvirt, and still has those that were
        deleted so. It is refreshed where that is seen.
        """
        if self._may_lack_pool and self._find_pool() is None:
            return None
        if name not in self._by_name:
            own = name.partition("/")[2]
            found = self._looked_for(own)
            if found is None and self._is_there(own):
                self._refresh()
                found = self._looked_for(own)
            self._by_name[name] = found
        return self._by_name[name]

    def by_uuid(self, identifier: str) -> StoredVolume | None:
        """A volume has no UUID, and is known by its name."""
        return self.by_name(identifier)

    def all(self) -> list[StoredVolume]:
        """All volumes of the pool, by name.

        :raises HypervisorError: they can't be listed.
        """
        with self.connection.explained("list the volumes"):
            raws = self.pool().raw.listAllVolumes(0)
        found = [StoredVolume(self.connection, raw, self.pool()) for raw in raws]
        return sorted(found, key=lambda each: each.name)

    def define(self, document: str, validate: bool) -> StoredVolume:
        """Create a volume, or give the one that exists the capacity of the document.

        :raises HypervisorError: libvirt refuses; nothing is left of a new one.
        """
        asked = parse(document)
        name = asked.value("name") or ""
        found = self._looked_for(name)
        if found is not None:
            capacity = capacity_in(asked)
            if capacity is not None:
                resize(found, capacity, self._may_shrink)
                found.refreshed()
            return found
        self._refresh()
        if self._looked_for(name) is not None:
            raise HypervisorError(
                "the pool didn't know its file, which is there, and knows it now; nothing was done; run "
                "the task again"
            )
        check_free(self.pool(), name)
        with self.connection.explained("create the volume", _ADVICE), self._partitions():
            raw = self._created(asked, flag(VOLUMES.validate) if validate else 0)
        made = StoredVolume(self.connection, raw, self.pool())
        self._remember(made)
        return made

    def _created(self, document: Element, validating: int) -> t.Any:
        """What libvirt creates; some versions know the flag for checking it, and refuse that.

        libvirt 9.0's virStorageVolDefParseXML was not told of it.
        """
        return called(
            lambda flags: self._source.create(self.connection, self.pool(), document, flags),
            self._flags,
            validating,
        )

    @contextlib.contextmanager
    def _partitions(self) -> t.Iterator[None]:
        """Remove the partition of another name that libvirt has made, if it fails for the name.

        It finds that wrong when the partition is there (virStorageBackendDiskMakeDataVol).
        """
        raw = self.pool().raw
        if self.pool().document().get("type") != _DISK:
            yield
            return
        before = frozenset(raw.listVolumes())
        try:
            yield
        except libvirt.libvirtError as error:
            made = _EXPECTED.search(str(error))
            if made is not None and made[1] not in before:
                with contextlib.suppress(libvirt.libvirtError):
                    refresh(raw)
                    raw.storageVolLookupByName(made[1]).delete(0)
            raise

    def _looked_for(self, name: str) -> StoredVolume | None:
        """A volume whose file is there; a pool still has those whose file was deleted."""
        with self.connection.explained(f"look for the volume {name}"):
            try:
                raw = self.pool().raw.storageVolLookupByName(name)
            except libvirt.libvirtError as error:
                if is_code(error, VOLUMES.missing):
                    return None
                raise
            found = StoredVolume(self.connection, raw, self.pool())
        try:
            found.definition()
        except HypervisorError as error:
            if is_code(error.__cause__, VOLUMES.missing):
                return None
            raise
        return found

    def _is_there(self, name: str) -> bool:
        folder = _folder(self.pool())
        return folder is not None and os.path.exists(posixpath.join(folder, name))

    def _refresh(self) -> None:
        with self.connection.explained(f"refresh the storage pool {self._pool_name}"):
            refresh(self.pool().raw)


def document_of(found: StoredVolume) -> Element:
    """All of a volume's document, with what is so at this moment.

    :raises HypervisorError: it can't be read.
    """
    with found.connection.explained("read the volume"):
        return parse(found.raw.XMLDesc(0))


def check_free(pool: Pool, name: str, is_planned: bool = False) -> None:
    """Check that nothing is there that libvirt takes for no volume, such as a broken link.

    ``is_planned``: a pool that is yet to be made will know the files that are there.

    :raises HypervisorError: something is.
    """
    folder = _folder(pool)
    path = None if folder is None else posixpath.join(folder, name)
    if path is None or (is_planned and os.path.isfile(path)):
        return
    if os.path.lexists(path):
        raise HypervisorError(
            f"{path} is there, and is no file that libvirt takes for a volume; nothing was written to "
            "it; remove or rename it"
        )


def _folder(pool: Pool) -> str | None:
    """The folder of a pool, where this host has it, and each file in it is a volume."""
    document = pool.document()
    path = document.value("target/path")
    is_folder = type_of(document.get("type")).makes_folder
    return path if is_folder and pool.connection.is_local else None
