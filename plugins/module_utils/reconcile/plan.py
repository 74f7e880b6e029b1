# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan is: the changes, and the document that makes them so."""

from __future__ import annotations

import dataclasses
import typing as t

from ..xmltree.element import Element


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference between what is desired and what libvirt has.

    ``path`` is an XPath into the document. ``op`` is ``add``, ``remove``,
    ``modify`` or ``move``. ``before`` and ``after`` are an attribute's or
    element's value, or an element as XML on one line; secrets read
    ``VALUE_HIDDEN``, and ``None`` means that there is nothing.
    """

    path: str
    op: str
    before: str | None
    after: str | None

    def as_result(self, when: str) -> dict[str, t.Any]:
        """The change as modules return it; ``when``: config, live or restart."""
        return {**dataclasses.asdict(self), "when": when}


@dataclasses.dataclass(frozen=True)
class Plan:
    """``changes`` is empty exactly when nothing has to be done.

    ``document`` is what to hand to libvirt: the actual document where nothing
    changes, and everything that libvirt assigned is carried over into it.
    """

    changes: tuple[Change, ...]
    document: Element

    def __bool__(self) -> bool:
        return bool(self.changes)
