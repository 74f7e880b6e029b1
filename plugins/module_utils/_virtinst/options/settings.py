# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sub-options of one value of a group, under their current names."""

from __future__ import annotations

import re
import typing as t

from ..._rules import amounts
from ..._secrecy import shown
from ..errors import OptionError
from ..hints import hint
from .rows import Group, Lists, Option
from .synonyms import SYNONYMS, instead
from .values import bare

#: The page that documents the sub-options of an option.
_PAGE = "https://github.com/declarative-libvirt/declarative.libvirt/blob/main/docs/docsite/rst/options_{}.rst"
_NUMBERS = re.compile(r"[0-9]+(?=\.|$)")


class Settings:
    """The given sub-options, each with its text.

    An empty text removes the value. Where a sub-option is given twice, the last text holds,
    unless the sub-option can be repeated.
    """

    def __init__(self, group: Group) -> None:
        self.group = group
        #: Whether the value was a single text without the name of a sub-option.
        self.is_bare = False
        self._texts: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        #: The sub-options of units that were part of an amount, and the amounts' names.
        self._units: dict[tuple[str, tuple[int, ...]], str] = {}

    def add(self, key: str, text: str) -> None:
        """Add a sub-option, given by any of its spellings.

        :raises OptionError: there is no such sub-option.
        """
        option, numbers = find(self.group, key)
        if option.unit_option is not None and amounts.split(text) is not None:
            text = self._without_unit(option.name, (option.unit_option, numbers), text)
        elif (option.name, numbers) in self._units:
            raise self._two_units(self._units[(option.name, numbers)], option.name)
        texts = self._texts.setdefault((option.name, numbers), [])
        if option.lists is not Lists.EACH:
            texts.clear()
        texts.append(text)

    def where(self, name: str) -> str:
        """The beginning of a message about a sub-option."""
        return self.group.title if self.is_bare else f"{self.group.title}: {name}"

    def _without_unit(self, name: str, place: tuple[str, tuple[int, ...]], text: str) -> str:
        """The number of an amount; its unit is stored at ``place``."""
        if place in self._texts and place not in self._units:
            raise self._two_units(name, place[0])
        try:
            number, unit = bare(text, "KiB"), "KiB"
        except OptionError:
            try:
                number, unit = bare(text, "b"), "b"
            except OptionError as error:
                raise OptionError(f"{self.where(name)}: {error}") from None
        self._texts[place], self._units[place] = [unit], name
        return number

    def _two_units(self, name: str, unit: str) -> OptionError:
        return OptionError(
            f"{self.group.title}: {name} has its unit with it, and {unit} is given too; leave one "
            "of them out"
        )

    def copied(self) -> Settings:
        """A copy that shares nothing with the original."""
        copy = Settings(self.group)
        copy.is_bare = self.is_bare
        copy._texts = {key: list(texts) for key, texts in self._texts.items()}
        copy._units = dict(self._units)
        return copy

    def get(self, name: str) -> str | None:
        """The text of an option that has no number."""
        texts = self._texts.get((name, ()))
        return None if texts is None else texts[-1]

    def __contains__(self, name: str) -> bool:
        return (name, ()) in self._texts

    def __len__(self) -> int:
        return len(self._texts)

    def put(self, name: str, text: str, numbers: tuple[int, ...] = ()) -> None:
        """Set an option, which has these numbers."""
        self._texts[(name, numbers)] = [text]

    def take(self, name: str) -> str | None:
        """Remove an option that has no number, and give its text."""
        texts = self._texts.pop((name, ()), None)
        return None if texts is None else texts[-1]

    def take_numbered(self, name: str) -> list[tuple[tuple[int, ...], str]]:
        """Remove an option that has numbers, and give its numbers and texts."""
        keys = [key for key in self._texts if key[0] == name]
        return [(key[1], self._texts.pop(key)[-1]) for key in keys]

    def names(self) -> list[str]:
        """The names of the sub-options, in the order given."""
        return [name for name, _numbers in self._texts]

    def in_order(self) -> t.Iterator[tuple[Option, tuple[int, ...], str]]:
        """All sub-options, in the order of the table and then in the order given."""
        places = self.group.places
        for name, numbers in sorted(self._texts, key=lambda key: places[key[0]][0]):
            for text in self._texts[(name, numbers)]:
                yield places[name][1], numbers, text


def find(group: Group, key: str) -> tuple[Option, tuple[int, ...]]:
    """The sub-option with a name, and the numbers in the name.

    :raises OptionError: there is no such sub-option.
    """
    found = group.option(key)
    if found is not None:
        return found
    raise OptionError(
        f"{group.title}: there is no sub-option '{shown(key)}'; {_suggestion(group, key)} "
        f"({_PAGE.format(group.title.lower())} lists all of them)"
    )


def _suggestion(group: Group, key: str) -> str:
    """A suggestion for an unknown name."""
    replacement = instead(group.name, key)
    if replacement is not None:
        return replacement
    names = [name.replace("[]", "") for option in group.options for name in option.names]
    synonyms = SYNONYMS.get(group.name)
    # A number after a name is the index of a list's entry.
    found = hint(key, names, synonyms) or hint(_NUMBERS.sub("", key), names, synonyms)
    return found or "correct the name"
