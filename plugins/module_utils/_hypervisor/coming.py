# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects that a task will have made, or removed, by the time that its plan is carried out."""

from __future__ import annotations

import collections
import typing as t

from .._xmltree.element import Element


class ComingObject(t.NamedTuple):
    """An object as it will be: its document, and whether it will be on.

    ``document`` is ``None`` where that is not known.
    """

    document: Element | None
    is_active: bool = True


class Coming:
    """What a plan finds on the hypervisor beside what is there.

    It is empty but while a task plans many objects that need each other. Objects are known by
    their kind's noun and their name; a volume's is ``POOL/VOLUME``.
    """

    def __init__(self) -> None:
        self._objects: dict[str, dict[str, ComingObject | None]] = {}
        self._counts: collections.Counter[str] = collections.Counter()

    def make(self, noun: str, name: str, document: Element | None, is_active: bool = True) -> None:
        """Note an object that will be there."""
        self._note(noun, name, ComingObject(document, is_active))

    def remove(self, noun: str, name: str) -> None:
        """Note an object that will be gone."""
        self._note(noun, name, None)

    def _note(self, noun: str, name: str, found: ComingObject | None) -> None:
        self._objects.setdefault(noun, {})[name] = found
        self._counts[noun] += 1

    def count(self, noun: str) -> int:
        """How often something was noted of a kind: what depends on it is to be read anew."""
        return self._counts[noun]

    def forget(self, noun: str, name: str) -> None:
        """Take back what was noted of an object."""
        if self._objects.get(noun, {}).pop(name, self) is not self:
            self._counts[noun] += 1

    def clear(self) -> None:
        """Forget everything, because it is done."""
        self._counts.update(list(self._objects))
        self._objects.clear()

    def find(self, noun: str, name: str) -> ComingObject | None:
        """The object, where it is noted as one that will be there."""
        return self._objects.get(noun, {}).get(name)

    def is_gone(self, noun: str, name: str) -> bool:
        """Whether the object is noted as one that will be gone."""
        return self._objects.get(noun, {}).get(name, self) is None

    def gone(self, noun: str) -> frozenset[str]:
        """The names of a kind's objects that are noted as ones that will be gone."""
        known = self._objects.get(noun, {})
        return frozenset(name for name, found in known.items() if found is None)

    def all(self, noun: str) -> dict[str, ComingObject]:
        """The objects of a kind that are noted as ones that will be there, by name."""
        known = self._objects.get(noun, {})
        return {name: found for name, found in known.items() if found is not None}

    def noted(self, noun: str) -> t.Collection[str]:
        """The names of a kind's objects that are noted, also of those that will be gone."""
        return self._objects.get(noun, {})

    def names(self, noun: str, existing: t.Iterable[str]) -> list[str]:
        """The names of a kind's objects, by those that exist now."""
        gone = {name for name in existing if self.is_gone(noun, name)}
        return sorted({*existing, *self.all(noun)} - gone)
