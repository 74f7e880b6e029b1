# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan: the changes, and the document that makes them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._rules.context import Context
from .._xmltree.element import Element


class ChangeLocation(t.NamedTuple):
    """The place of a change in the two documents.

    ``path`` is written as in the rows of the tables, from the root:
    ``devices/disk/driver/@cache``. ``context`` is that of the element whose value
    or text changes; of the parent where ``element`` is added, removed or moved.
    """

    path: str
    context: Context
    element: Element | None = None


def contexts_of(location: ChangeLocation) -> list[Context]:
    """The contexts from the root to that of the change."""
    chain = [location.context]
    while chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    return chain


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference between the desired document and libvirt's.

    ``path`` is an XPath into the document. ``op`` is ``add``, ``remove``,
    ``modify`` or ``move``. ``before`` and ``after`` are an attribute's or
    element's value, or an element as XML on one line; secrets read
    ``VALUE_HIDDEN``, and ``None`` means that there is nothing. ``location`` is
    ``None`` for what is no part of a document that was compared.
    """

    path: str
    op: str
    before: str | None
    after: str | None
    location: ChangeLocation | None = dataclasses.field(default=None, compare=False, repr=False)

    def as_result(self, when: str) -> dict[str, t.Any]:
        """The change as modules return it; ``when``: config, live or restart."""
        return {
            "path": self.path,
            "op": self.op,
            "before": self.before,
            "after": self.after,
            "when": when,
        }


class Plan(t.NamedTuple):
    """``changes`` is empty exactly when nothing has to be done.

    ``document`` is what to hand to libvirt: the actual document where nothing
    changes, and everything that libvirt assigned is carried over into it.
    ``along`` are changes of a document that only the running guest is to be as.
    """

    changes: tuple[Change, ...]
    document: Element
    along: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)
