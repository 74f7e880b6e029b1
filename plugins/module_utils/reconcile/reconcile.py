# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning: from what is desired and what is there to what has to be done."""

from __future__ import annotations

import typing as t

from ..rules.book import RuleBook
from ..rules.domain import DOMAIN
from ..rules.site import Site
from ..xmltree.element import Element
from .compare import Comparison
from .plan import Plan

EXACT = "exact"
MERGE = "merge"
_DEVICES = "devices"


def reconcile(
    desired: Element,
    actual: Element,
    mode: str = EXACT,
    book: RuleBook = DOMAIN,
    without: t.Collection[Element] = (),
) -> Plan:
    """Plan how the actual document becomes the desired one.

    With mode ``exact`` the desired document is the whole truth: what it omits
    is removed, except for what libvirt fills in by itself. With ``merge`` only
    what it says is enforced, and that the devices ``without``, which are those very
    elements of ``actual``, are gone. ``actual`` is libvirt's own dump of the
    definition, with its secrets.
    """
    overlay = Comparison(exact=False)
    if mode == MERGE:
        # What is not said is as it is: with it, the desired document is whole,
        # and can be reconciled like one.
        desired = overlay.merged(Site(desired, actual, book.top))
        for row in book.settles if overlay.changes else ():
            desired = row.settle(desired, actual, overlay.said)
        desired = _without(desired, without)
    if desired is actual or desired == actual:
        return Plan((), actual)
    for rewrite in book.rewrites:
        desired = rewrite.rewrite(desired)
    comparison = Comparison(exact=True)
    document = comparison.merged(Site(desired, actual, book.top))

    def said(element: Element) -> Element | None:
        origin = comparison.said(element)
        return overlay.said(origin) if mode == MERGE and origin is not None else origin

    if comparison.changes:
        for row in book.settles:
            document = row.settle(document, actual, said)
    return Plan(tuple(comparison.changes), document)


def _without(document: Element, devices: t.Collection[Element]) -> Element:
    if not devices:
        return document
    gone = {id(device) for device in devices}

    def left(element: Element) -> Element:
        if element.tag != _DEVICES:
            return element
        return element.replaced(children=[one for one in element.children if id(one) not in gone])

    return document.replaced(children=[left(child) for child in document.children])
