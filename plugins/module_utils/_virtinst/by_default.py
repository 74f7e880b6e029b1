# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a domain that exists gets where something is said to be nothing.

A new domain gets a default in some such places, so that the same words mean the same of one
that exists.
"""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from . import writing
from .configure import clock, features, power
from .guest import Guest
from .options.rows import Group, Nothing
from .options.table import GROUPS

#: The groups of which a domain without any gets some.
_GROUPS: dict[str, Group] = {
    name: group for name, group in GROUPS.items() if group.none is Nothing.DEFAULT
}


def fill_in(guest: Guest, actual: Element) -> None:
    """Write the defaults of a new domain where ``none``, ``clearxml`` or an empty text is said.

    ``guest`` has what the options say of the domain that is defined as ``actual``.
    """
    cleared = {one.group.name for one in guest.written if "clearxml" in one.settings}
    none = [_GROUPS[name] for name in _GROUPS if name in {*guest.said_none, *cleared}]
    places = list(_emptied(guest))
    if not none and not places:
        return
    defaults = _defaults(guest, actual)
    for group in none:
        found = writing.element_at(defaults, group.path)
        guest.root.children = [one for one in guest.root.children if one.tag != group.tag]
        if found is not None:
            guest.root.children.append(writing.copied(found))
    for place in places:
        guest.set_default(place, writing.value_at(defaults, place))


def _emptied(guest: Guest) -> t.Iterator[str]:
    """The places of sub-options that are said to be nothing; those of lists have none alone."""
    for written in guest.written:
        if written.group.name not in _GROUPS:
            continue
        for option, numbers, text in written.settings.in_order():
            if not text and option.path and "@" in option.path and not numbers:
                yield f"{written.group.path}/{option.path}"


def _defaults(guest: Guest, actual: Element) -> Element:
    """The document with the defaults of a new domain, and what is said, of these groups."""
    tags = {group.tag for group in _GROUPS.values()}
    whole = Guest(guest.host, writing.copied(actual))
    whole.os = guest.os
    whole.unwanted_features = set(guest.unwanted_features)
    whole.root.children = [
        *(one for one in whole.root.children if one.tag not in tags),
        *(writing.copied(one) for one in guest.root.children if one.tag in tags),
    ]
    clock.configure(whole)
    features.configure(whole)
    if whole.has_spice:
        features.configure_spice(whole)
    power.configure(whole)
    return whole.root
