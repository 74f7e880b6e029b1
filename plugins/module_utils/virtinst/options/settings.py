# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one value of a group says: its sub-options, by whatever name they were given."""

from __future__ import annotations

import difflib
import typing as t

from ...rules import amounts
from ..errors import OptionError
from .rows import Group, Lists, Option
from .values import bare


class Settings:
    """The sub-options that were given, each with its text.

    An empty text removes what is there. Where an option is given twice, the last
    one holds, unless it can be repeated.
    """

    def __init__(self, group: Group) -> None:
        self.group = group
        self._texts: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        #: Units that came with an amount, and the sub-options that these are of.
        self._units: dict[tuple[str, tuple[int, ...]], str] = {}

    def add(self, key: str, text: str) -> None:
        """Add what was given by any spelling.

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

    def _without_unit(self, name: str, place: tuple[str, tuple[int, ...]], text: str) -> str:
        """The number of an amount, whose unit is put at its place."""
        if place in self._texts and place not in self._units:
            raise self._two_units(name, place[0])
        try:
            number, unit = bare(text, "KiB"), "KiB"
        except OptionError:
            try:
                number, unit = bare(text, "b"), "b"
            except OptionError as error:
                raise OptionError(f"{self.group.name}: {name}: {error}") from None
        self._texts[place], self._units[place] = [unit], name
        return number

    def _two_units(self, name: str, unit: str) -> OptionError:
        return OptionError(
            f"{self.group.name}: {name} has its unit with it, and {unit} is given too; leave one "
            "of them out"
        )

    def get(self, name: str) -> str | None:
        """The text of an option that has no number."""
        texts = self._texts.get((name, ()))
        return None if texts is None else texts[-1]

    def __contains__(self, name: str) -> bool:
        return (name, ()) in self._texts

    def __len__(self) -> int:
        return len(self._texts)

    def put(self, name: str, text: str) -> None:
        """Set an option that has no number."""
        self._texts[(name, ())] = [text]

    def take(self, name: str) -> str | None:
        """Remove an option that has no number, and give its text."""
        texts = self._texts.pop((name, ()), None)
        return None if texts is None else texts[-1]

    def names(self) -> list[str]:
        """The names of what was given, in that order."""
        return [name for name, _numbers in self._texts]

    def in_order(self) -> t.Iterator[tuple[Option, tuple[int, ...], str]]:
        """Everything in the order of the table, and then in the order given."""
        places = self.group.places
        for name, numbers in sorted(self._texts, key=lambda key: places[key[0]][0]):
            for text in self._texts[(name, numbers)]:
                yield places[name][1], numbers, text


def find(group: Group, key: str) -> tuple[Option, tuple[int, ...]]:
    """The sub-option of a name, and the numbers in the name.

    :raises OptionError: there is none.
    """
    found = group.option(key)
    if found is not None:
        return found
    raise OptionError(f"{group.name}: there is no sub-option {key}{_nearest(group, key)}")


def _nearest(group: Group, key: str) -> str:
    """A hint at what may have been meant."""
    spellings = {
        name.replace("[]", ""): option for option in group.options for name in option.names
    }
    close = difflib.get_close_matches(key.rstrip("0123456789"), spellings, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    # A last part that is right, such as cache for driver.cache.
    ends = [name for name in spellings if name.rpartition(".")[2] == key.rpartition(".")[2]]
    return f"; did you mean {min(ends, key=len)}?" if ends else ""
