# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of rows that the option table is made of."""

from __future__ import annotations

import dataclasses
import enum
import functools
import re
import typing as t

from ..._xmltree.element import Element

if t.TYPE_CHECKING:
    from ..guest import Guest
    from .settings import Settings


class Kind(enum.Enum):
    """The form of a value; the enumeration's values describe it for people."""

    TEXT = "text"
    INTEGER = "a whole number, also in hexadecimal (``0x…``)"
    YES_NO = "a truth value, written as yes or no"
    ON_OFF = "a truth value, written as on or off"
    PRESENCE = "a truth value: the element is there or not"
    PATH = "a path of the host"
    MEBIBYTES = "a whole number of MiB, written in KiB; or with its unit, such as ``2G``"


class Lists(enum.Enum):
    """The meaning of a YAML list where an option has one value."""

    NONE = "nothing"
    COMMAS = "one value, joined by commas"
    WORDS = "one value, joined as a shell would"
    EACH = "the option, given several times"


class Nothing(enum.Enum):
    """The meaning of the word ``none`` instead of a group's sub-options."""

    IGNORED = "as if the option weren't there; a domain that exists loses what it has of it"
    UNWANTED = "the guest gets none by default either; a domain that exists loses those that it has"
    DEFAULT = "what a new domain gets by default"
    REFUSED = "refused: every domain has some"
    VALUE = "nothing special: it is a value like others"


#: Writes one value; ``None`` removes the value.
#: :raises OptionError: the value can't be used; the message is the reason alone.
Setter = t.Callable[["Guest", Element, t.Optional[str]], None]


class Option(t.NamedTuple):
    """A sub-option.

    * ``name``: its dotted name; ``[]`` stands for the index of a list's entry, from 0,
      which may be left out for the first entry.
    * ``path``: its place below the group's element, in the language of :mod:`..writing`,
      with ``{}`` for each ``[]``. A path that starts with ``/`` is below ``domain``.
      ``None`` where it has several places.
    * ``about``: a phrase for people, with the usual values.
    * ``aliases``: older spellings.
    * ``set``: the function that writes it, where writing a value at ``path`` isn't enough.
    * ``commas``: its value in a string extends to the next known name.
    * ``lists``: the meaning of a YAML list.
    * ``words``: the words for YAML's true and false, where libvirt has such words besides
      other values; an empty word where it has none.
    * ``skips_default``: the word ``default`` leaves it open.
    * ``is_flag``: it may be given without a value.
    * ``unit``: the unit of a bare number; an amount may also be given with its own unit.
    * ``unit_option``: the sub-option for the unit of an amount; an amount with its own unit
      sets it as well.
    """

    name: str
    path: str | None
    kind: Kind
    about: str
    aliases: tuple[str, ...] = ()
    set: Setter | None = None
    commas: bool = False
    lists: Lists = Lists.NONE
    words: tuple[str, str] | None = None
    skips_default: bool = False
    is_flag: bool = False
    unit: str | None = None
    unit_option: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling, the current one first."""
        return (self.name, *self.aliases)


@dataclasses.dataclass(frozen=True)
class Group:
    """An option with sub-options.

    * ``name``: the option's name in the collection; ``flags`` virt-install's.
    * ``path``: the place of its element below ``domain``, ``.`` for ``domain`` itself.
    * ``is_list``: each value is an element of its own.
    * ``element``: makes an element of the group, from its tag.
    * ``aliases``: other names in the collection, the plural among them.
    * ``first``: the sub-options that values without a name at the beginning stand for.
    * ``none``: the meaning of the word ``none``.
    * ``pairs``: converts the pairs of name and value of a string, for old spellings that
      aren't names.
    * ``text``: splits a string that isn't a list of pairs.
    * ``prepare``: makes the sub-options agree with each other before any is written; returns
      whether there is an element to write.
    * ``special``: the elements of a whole value that isn't a list of sub-options; ``None``
      where it is one.
    * ``find``: finds the existing element that a value of a list is about.
    * ``finish``: completes the element after all sub-options are written.
    """

    name: str
    path: str
    about: str
    options: tuple[Option, ...]
    flags: tuple[str, ...] = ()
    is_list: bool = False
    aliases: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    none: Nothing = Nothing.IGNORED
    pairs: t.Callable[[list[Pair]], list[Pair]] | None = None
    text: t.Callable[[str], list[Pair]] | None = None
    prepare: t.Callable[[Guest, Settings], bool] | None = None
    special: t.Callable[[Guest, str], list[Element] | None] | None = None
    find: t.Callable[[Guest, Settings], Element | None] | None = None
    finish: t.Callable[[Guest, Element, Settings], None] | None = None
    element: type[Element] = Element

    @property
    def title(self) -> str:
        """The option's name in modules, whose option ``xml`` is a document."""
        return "xpath" if self.name == "xml" else self.name

    @functools.cached_property
    def is_device(self) -> bool:
        """Whether its values are devices."""
        return self.path.startswith("devices/")

    @functools.cached_property
    def tag(self) -> str:
        """The tag of its element."""
        return self.path.rpartition("/")[2]

    def option(self, key: str) -> tuple[Option, tuple[int, ...]] | None:
        """The sub-option of a key, and the numbers in the key."""
        plain = self._plain.get(key)
        if plain is not None:
            # An older spelling without a number stands for the first entry of a list.
            return plain, (0,) * plain.name.count("[]")
        for pattern, option in self._numbered:
            match = pattern.fullmatch(key)
            if match is not None:
                return option, tuple(int(number or 0) for number in match.groups())
        return None

    def is_numbered(self, key: str) -> bool:
        """Whether a key is the name of a list, which needs a number after it."""
        return any(pattern.fullmatch(key) for pattern in self._lists)

    @functools.cached_property
    def places(self) -> dict[str, tuple[int, Option]]:
        """The position of each sub-option in the table, and the sub-option itself, by name."""
        return {option.name: (place, option) for place, option in enumerate(self.options)}

    @functools.cached_property
    def _plain(self) -> dict[str, Option]:
        return {
            name: option for option in self.options for name in option.names if "[]" not in name
        }

    @functools.cached_property
    def _numbered(self) -> list[tuple[re.Pattern[str], Option]]:
        return [
            (re.compile(_expression(name)), option)
            for option in self.options
            for name in option.names
            if "[]" in name
        ]

    @functools.cached_property
    def _lists(self) -> list[re.Pattern[str]]:
        prefixes = {
            name[: end.start()]
            for option in self.options
            for name in option.names
            for end in re.finditer(re.escape("[]"), name)
        }
        return [re.compile(_expression(prefix)) for prefix in sorted(prefixes)]


def _expression(name: str) -> str:
    return re.escape(name).replace(re.escape("[]"), "([0-9]*)")


#: A name and its value, which is ``None`` when there was no equals sign.
Pair = tuple[str, t.Optional[str]]


def text(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option whose value is any text."""
    return Option(name, path, Kind.TEXT, about, aliases, **more)


def commas(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option whose value is a text that may contain commas."""
    return Option(
        name, path, Kind.TEXT, about, aliases, commas=True, **{"lists": Lists.COMMAS, **more}
    )


def integer(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option whose value is a whole number."""
    return Option(name, path, Kind.INTEGER, about, aliases, **more)


def yes_no(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option that is written as yes or no."""
    return Option(name, path, Kind.YES_NO, about, aliases, **more)


def on_off(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option that is written as on or off."""
    return Option(name, path, Kind.ON_OFF, about, aliases, **more)


def presence(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option that adds or removes an element."""
    return Option(name, path, Kind.PRESENCE, about, aliases, **more)


def host_path(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option whose value is a path of the host."""
    return Option(name, path, Kind.PATH, about, aliases, **more)


def mebibytes(name: str, path: str | None, about: str, *aliases: str, **more: t.Any) -> Option:
    """A sub-option whose value is an amount in MiB."""
    return Option(name, path, Kind.MEBIBYTES, about, aliases, **{"unit": "MiB", **more})
