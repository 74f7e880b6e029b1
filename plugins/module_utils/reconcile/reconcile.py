# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning: from what is desired and what is there to what has to be done."""

from __future__ import annotations

from ..rules.book import RuleBook
from ..rules.domain import DOMAIN
from ..rules.site import Site
from ..xmltree.element import Element
from .compare import Comparison
from .plan import Plan
from .taken import Taken

EXACT = "exact"
MERGE = "merge"


def reconcile(
    desired: Element,
    actual: Element,
    mode: str = EXACT,
    book: RuleBook = DOMAIN,
    taken: Taken | None = None,
) -> Plan:
    """Plan how the actual document becomes the desired one.

    With mode ``exact`` the desired document is the whole truth: what it omits
    is removed, except for what libvirt fills in by itself. With ``merge`` only
    what it says is enforced, and that what is ``taken`` from ``actual`` is gone.
    ``actual`` is libvirt's own dump of the definition, with its secrets.
    """
    overlay = Comparison(exact=False)
    if mode == MERGE:
        # What is not said is as it is: with it, the desired document is whole,
        # and can be reconciled like one.
        left = actual if taken is None else taken.document
        desired = overlay.merged(Site(desired, left, book.top))
        for row in book.settles if overlay.changes else ():
            desired = row.settle(desired, left, overlay.said)
    if desired is actual or desired == actual:
        return Plan((), actual)
    for rewrite in book.rewrites:
        desired = rewrite.rewrite(desired)
    comparison = Comparison(exact=True, gone=frozenset() if taken is None else taken.gone)
    document = comparison.merged(Site(desired, actual, book.top))

    def said(element: Element) -> Element | None:
        origin = comparison.said(element)
        return overlay.said(origin) if mode == MERGE and origin is not None else origin

    if comparison.changes:
        for row in book.settles:
            document = row.settle(document, actual, said)
    return Plan(tuple(comparison.changes), document)
