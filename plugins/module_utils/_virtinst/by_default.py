# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The defaults that an existing domain gets where its options are empty.

A new domain gets a default at some places whose option is ``none`` or empty. The same option
has to give an existing domain the same default.
"""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from . import writing
from .configure import clock, features, power
from .guest import Guest
from .options.rows import Group, Nothing
from .options.table import GROUPS

#: The groups that a domain gets by default.
_GROUPS: dict[str, Group] = {
    name: group for name, group in GROUPS.items() if group.none is Nothing.DEFAULT
}


def fill_in(guest: Guest, actual: Element) -> None:
    """Write a new domain's defaults where an option is ``none``, ``clearxml`` or empty.

    ``guest`` has what the options write for the domain that is defined as ``actual``.
    """
    cleared = {written.group.name for written in guest.written if "clearxml" in written.settings}
    none = [_GROUPS[name] for name in _GROUPS if name in {*guest.set_to_none, *cleared}]
    places = list(_emptied(guest))
    if not none and not places:
        return
    defaults = _defaults(guest, actual)
    for group in none:
        found = writing.element_at(defaults, group.path)
        guest.root.children = [
            written for written in guest.root.children if written.tag != group.tag
        ]
        if found is not None:
            guest.root.children.append(writing.copied(found))
    for place in places:
        guest.set_default(place, writing.value_at(defaults, place))


def _emptied(guest: Guest) -> t.Iterator[str]:
    """The places of empty sub-options; entries of lists have no default of their own."""
    for written in guest.written:
        if written.group.name not in _GROUPS:
            continue
        for option, numbers, text in written.settings.in_order():
            if not text and option.path and "@" in option.path and not numbers:
                yield f"{written.group.path}/{option.path}"


def _defaults(guest: Guest, actual: Element) -> Element:
    """The document with these groups as the options write them, completed by the defaults."""
    tags = {group.tag for group in _GROUPS.values()}
    whole = guest.with_document(writing.copied(actual))
    whole.unwanted_features = set(guest.unwanted_features)
    whole.root.children = [
        *(child for child in whole.root.children if child.tag not in tags),
        *(writing.copied(child) for child in guest.root.children if child.tag in tags),
    ]
    clock.configure(whole)
    features.configure(whole)
    if whole.has_spice:
        features.configure_spice(whole)
    power.configure(whole)
    return whole.root
