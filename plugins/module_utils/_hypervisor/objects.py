# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding, reading and defining libvirt's objects, whatever their kind."""

from __future__ import annotations

import typing as t

from .._choices import ACTIVE, PRESENT
from .api import Api
from .connection import Connection
from .errors import is_code
from .flags import called, flag
from .libvirt_import import libvirt

if t.TYPE_CHECKING:
    from .._xmltree.element import Element

_DIGITS_OF_UUID = 32


class Facts(t.NamedTuple):
    """The facts of an object beside its XML.

    ``state`` is one of libvirt's, :data:`PRESENT` where the kind has none, or :data:`ABSENT`.
    ``id`` is the number of a domain that is active.
    """

    api: Api
    name: str
    uuid: str | None
    state: str
    id: int | None = None
    persistent: bool = False
    autostart: bool = False

    @property
    def active(self) -> bool:
        """Whether it runs: a network or a pool that is on, a guest, also one that is paused."""
        return self.id is not None or self.state == ACTIVE

    def as_result(self) -> dict[str, t.Any]:
        """The facts as modules return them."""
        return {name: getattr(self, name) for name in self.api.facts}


class Object:
    """An existing object. ``raw`` is libvirt's own.

    It remembers what was read; :meth:`fresh` returns it without that.
    """

    def __init__(self, connection: Connection, raw: t.Any, api: Api) -> None:
        self.connection = connection
        self.raw = raw
        self.api = api
        self.name: str = self._name()
        self.uuid = self._identifier()
        self._definition: str | None = None
        self._document: Element | None = None

    def _name(self) -> str:
        return str(self.raw.name())

    def _identifier(self) -> str:
        return str(self.raw.UUIDString())

    def fresh(self: ObjectT) -> ObjectT:
        """The same object without anything that was read."""
        # The constructors of the kinds have different arguments.
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._forget()
        return copy

    def _forget(self) -> None:
        self.release()

    def release(self) -> None:
        """Give the memory of its documents back; each is read anew where it is needed again."""
        self._definition = self._document = None

    def facts(self) -> Facts:
        """The facts of the object."""
        return Facts(self.api, self.name, self.uuid, PRESENT, persistent=True)

    def definition(self) -> str:
        """The XML that libvirt keeps, with its secrets.

        :raises HypervisorError: it can't be read.
        """
        if self._definition is None:
            with self._explained("read its definition"):
                # The test driver has one document of a network or pool, whether it is on or not.
                inactive = flag(self.api.inactive)
                self._definition = str(called(self.raw.XMLDesc, flag(self.api.secure), inactive))
        return self._definition

    def document(self) -> Element:
        """The same as a tree, which must be copied before it is changed."""
        if self._document is None:
            # Many tasks need none of lxml, which takes as long to import as all of this collection.
            from .._xmltree.dump import parse_dump

            self._document = parse_dump(self.definition())
        return self._document

    def live(self) -> str | None:
        """The live XML; ``None`` if the object doesn't run, or its kind never runs."""
        return None

    def remove(self) -> None:
        """Undefine it, after it was stopped where it runs.

        :raises HypervisorError: libvirt refuses; it is as it was.
        """
        self.undefine()

    def undefine(self) -> None:
        """Remove its definition.

        :raises HypervisorError: libvirt refuses.
        """
        with self._explained("undefine it"):
            self.raw.undefine()

    def _explained(self, doing: str) -> t.ContextManager[None]:
        return self.connection.explained(doing)


ObjectT = t.TypeVar("ObjectT", bound=Object)


class Objects(t.Generic[ObjectT]):
    """The objects of one kind on a hypervisor.

    Objects that were looked up are remembered for one task, with what was read of them;
    :meth:`fresh` returns the objects without that.
    """

    def __init__(
        self, connection: Connection, api: Api, make: t.Callable[[Connection, t.Any], ObjectT]
    ) -> None:
        self.connection = connection
        self.api = api
        self._make = make
        self._by_name: dict[str, ObjectT | None] = {}
        self._by_uuid: dict[str, ObjectT | None] = {}

    def fresh(self) -> Objects[ObjectT]:
        """The same objects without anything that was read."""
        return Objects(self.connection, self.api, self._make)

    def forget(self) -> None:
        """Look everything up anew from now on."""
        self._by_name.clear()
        self._by_uuid.clear()

    def find(self, name: str) -> ObjectT | None:
        """The object with this name, or else with this UUID."""
        found = self.by_name(name)
        if found is None:
            identifier = as_uuid(name)
            if identifier is not None:
                return self.by_uuid(identifier)
        return found

    def by_name(self, name: str) -> ObjectT | None:
        """The object with this name."""
        if name not in self._by_name:
            self._by_name[name] = self._looked_up(self.api.by_name, name)
        return self._by_name[name]

    def by_uuid(self, identifier: str) -> ObjectT | None:
        """The object with this UUID, written as libvirt does."""
        if identifier not in self._by_uuid:
            self._by_uuid[identifier] = self._looked_up(self.api.by_uuid, identifier)
        return self._by_uuid[identifier]

    def all(self) -> list[ObjectT]:
        """All objects, by name."""
        with self.connection.explained(f"list the {self.api.noun}s"):
            raws = getattr(self.connection.raw, self.api.list_all)(0)
            found = [self._make(self.connection, raw) for raw in raws]
        for each in found:
            self._remember(each)
        return sorted(found, key=lambda each: each.name)

    def define(self, document: str, validate: bool) -> ObjectT:
        """Define an object; with ``validate``, libvirt checks the document by its schema.

        :raises HypervisorError: libvirt refuses it; the old definition stays.
        """
        raw = self.connection.raw
        with self.connection.explained(f"define the {self.api.noun}", "correct the document"):
            if validate and flag(self.api.validate):
                define = getattr(raw, self.api.define_flags)
                made = called(lambda flags: define(document, flags), 0, flag(self.api.validate))
            else:
                made = getattr(raw, self.api.define)(document)
            found = self._make(self.connection, made)
        self._remember(found)
        return found

    def _remember(self, found: ObjectT) -> None:
        self._by_name[found.name] = self._by_uuid[found.uuid] = found

    def _looked_up(self, function: str, key: str) -> ObjectT | None:
        if not function:
            return None
        return self._found(lambda: getattr(self.connection.raw, function)(key), key)

    def _found(self, look: t.Callable[[], t.Any], key: str) -> ObjectT | None:
        with self.connection.explained(f"look for the {self.api.noun} {key}"):
            try:
                found = self._make(self.connection, look())
            except libvirt.libvirtError as error:
                if is_code(error, self.api.missing):
                    return None
                raise
        self._remember(found)
        return found


def as_uuid(text: str) -> str | None:
    """The text in libvirt's spelling of a UUID; ``None`` when it is no UUID."""
    if len(text) < _DIGITS_OF_UUID:
        return None
    # Most objects are found by their names.
    import uuid

    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None
