# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an object of libvirt is: a domain, a network, a secret…"""

from __future__ import annotations

import typing as t

from .book import RuleBook


class Kind(t.NamedTuple):
    """One kind of object, and the tables that its documents are compared by.

    ``noun`` is its word in messages and the key of a module's result, ``tag`` the root of its
    documents and ``schema`` the name of libvirt's schema of them, which is that of its file.
    ``book`` is for definitions, ``letters`` for two dumps of which each value counts. ``opened``
    are the tags of the elements that a diff shows child by child; others are shown whole.
    ``named`` is the value path of the name in a document, "" where it has none.
    """

    noun: str
    tag: str
    schema: str
    book: RuleBook
    letters: RuleBook
    opened: tuple[str, ...] = ()
    named: str = "name"
