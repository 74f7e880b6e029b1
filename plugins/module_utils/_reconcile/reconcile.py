# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning the changes that make an actual document the desired one."""

from __future__ import annotations

import typing as t

from .._choices import EXACT, MERGE
from .._rules.book import RuleBook
from .._rules.context import Context
from .._xmltree.element import Element
from .compare import Comparison
from .plan import Change, Plan
from .taken import Taken


def reconcile(
    desired: Element,
    actual: Element,
    book: RuleBook,
    mode: str = EXACT,
    taken: Taken | None = None,
    with_moves: bool = True,
    turned: tuple[Element, Element] | None = None,
    lost: t.Iterable[Change] = (),
) -> Plan:
    """Plan how the actual document becomes the desired one, by the rules of their kind.

    With mode ``exact`` the desired document is the whole truth: what it omits
    is removed, except for what libvirt fills in by itself. With ``merge`` only
    what it says is enforced, and that what is ``taken`` from ``actual`` is gone.
    ``actual`` is libvirt's own dump of the definition, with its secrets. ``with_moves`` lists
    what else gives way to a change, such as an address that another device is to have.
    ``turned`` is an element of the desired document with the one of ``actual`` that becomes it.
    ``lost`` are changes by which a definition has lost values that ``actual`` may still have.
    """
    found = actual
    left = actual if taken is None else taken.document
    for rewrite in book.rewrites:
        if rewrite.both:
            actual, left = rewrite.rewrite(actual), rewrite.rewrite(left)
    overlay = Comparison(exact=False)
    if mode == MERGE:
        # Missing parts stay as they are: completed by them the desired document is whole, and
        # can be reconciled like a whole one.
        desired = overlay.merged(Context(desired, left, book.top))
        for row in book.settles if overlay.changes or left is not actual else ():
            desired = row.settle(desired, left, overlay.origin_of)
    if desired is actual or desired == actual:
        return Plan((), found)
    for rewrite in book.rewrites:
        desired = rewrite.rewrite(desired)
    comparison = Comparison(
        exact=True,
        gone=frozenset() if taken is None else taken.gone,
        with_moves=with_moves,
        turned=turned,
        lost=lost,
    )
    document = comparison.merged(Context(desired, actual, book.top))
    if not comparison.changes:
        return Plan((), found)

    def origin_of(element: Element) -> Element | None:
        origin = comparison.origin_of(element)
        return overlay.origin_of(origin) if mode == MERGE and origin is not None else origin

    settled = document
    for row in book.settles:
        settled = row.settle(settled, actual, origin_of)
    if with_moves:
        comparison.moved(Context(settled, document, book.top))
        comparison.moved(Context(actual, found, book.top))
    return Plan(tuple(comparison.changes), settled)


def differences(after: Element, before: Element, letters: RuleBook) -> tuple[Change, ...]:
    """What differs between two definitions by libvirt itself, to the letter.

    ``letters`` are the rules of their kind for that.
    """
    comparison = Comparison(exact=True)
    comparison.merged(Context(after, before, letters.top))
    return tuple(comparison.changes)
