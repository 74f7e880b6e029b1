# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of rows that the tables are made of.

Every row names the place that it speaks of by a path below the document's
root. Path syntax: tags joined by ``/``; ``@name`` at the end is an attribute
and ``text()`` an element's text; ``{a,b}`` stands for either, ``*`` for any one
tag, and ``**`` at the start for any number of tags. The ``reason`` states the
behaviour of libvirt that the row encodes.
"""

from __future__ import annotations

import re
import typing as t

from .._xmltree.element import Element
from .spelling import any_spelling

if t.TYPE_CHECKING:
    from .context import Context


class Assigned:
    """Marks what libvirt chooses freely: any value is right, and is kept."""

    def __repr__(self) -> str:
        return "ASSIGNED"


ASSIGNED = Assigned()

#: What libvirt fills in where a document says nothing: a value, several of
#: which each is right (they differ by version or build), anything at all, or
#: ``None`` where libvirt fills in nothing.
Value = t.Union[str, tuple[str, ...], Assigned, None]
#: The same for an element.
Implied = t.Union[Element, tuple[Element, ...], Assigned, None]

#: Tells the elements of one tag apart; the same key is the same thing.
KeyOf = t.Callable[[Element], t.Optional[t.Hashable]]


class KeyWhere:
    """The value at a path, which tells those elements apart for which ``holds`` is true."""

    def __init__(self, path: str, holds: t.Callable[[Element], bool]) -> None:
        self.path = path
        self.holds = holds

    def __call__(self, element: Element) -> t.Hashable | None:
        value = element.value(self.path) if self.holds(element) else None
        return None if value is None else any_spelling(value)


class Identity(t.NamedTuple):
    """What identifies an element among its siblings of the same tag.

    ``keys`` are tried in order, each over all elements that are not yet
    paired: a string of value paths that must all be there (``"@type @index"``),
    or a function. ``weak`` keys are for desired elements that have none of
    ``keys``. With ``in_order``, those still left are paired as they stand.
    ``ordered`` says that the order of the siblings has a meaning. A merge replaces an ordered
    list without ``keys``, but for one with ``there``: that gives for each desired element the
    actual one that it is, or ``None``, and what lacks is added at the end. ``names`` are those
    of the keys that name an element for good: two elements that both say one, and not the
    same, are never one, whatever else they have in common.
    """

    path: str
    keys: tuple[str | KeyOf, ...] = ()
    reason: str = ""
    weak: tuple[str | KeyOf, ...] = ()
    in_order: bool = False
    ordered: bool = False
    names: tuple[str | KeyOf, ...] = ()
    there: t.Callable[[list[Element], list[Element]], list[Element | None]] | None = None


class Sequence(t.NamedTuple):
    """A list of elements of several tags, whose order counts across them."""

    path: str
    tags: tuple[str, ...]
    reason: str


class Same(t.NamedTuple):
    """When two spellings of a value are the same to libvirt.

    ``same(desired, actual)`` need not be symmetric: ``pc`` is satisfied by
    ``pc-i440fx-7.2``, but not the other way round.
    """

    path: str
    same: t.Callable[[str, str], bool]
    reason: str


class Spelled(t.NamedTuple):
    """The same for a kind of values, wherever one of them stands but in an application's metadata.

    ``ends`` are the ends of their paths: the tag and the value, as in ``address/@{bus,slot}``. A
    row :class:`Same` about the place holds before this.
    """

    ends: tuple[str, ...]
    same: t.Callable[[str, str], bool]
    reason: str


class Quantity(t.NamedTuple):
    """An amount with a unit; both are compared as one.

    ``amount`` and ``unit`` are value paths of the element at ``path``
    (``text()`` is its text). ``default_unit`` is what libvirt takes without
    one; amounts are rounded up to whole multiples of ``granule`` bytes.
    """

    path: str
    default_unit: str
    reason: str
    amount: str = "text()"
    unit: str = "@unit"
    granule: int = 1


class Fill(t.NamedTuple):
    """What libvirt writes where the document is silent.

    ``value`` is a :data:`Value` for an attribute or a text and an
    :data:`Implied` for an element, or a function of the context (for an element:
    of its parent's context and the element that libvirt has) that gives it.
    Elements are judged by ascending ``order``.
    """

    path: str
    value: t.Any
    reason: str
    order: t.Callable[[Element], t.Any] | None = None


class Stored(t.NamedTuple):
    """What libvirt keeps instead of what the document says.

    ``value(context, written)`` gives the stored value, ``None`` when nothing is
    kept. For an element, ``written`` is the element and the result likewise.
    """

    path: str
    value: t.Callable[[Context, t.Any], t.Any]
    reason: str


class Rewrite(t.NamedTuple):
    """A change of the whole desired document, before it is compared.

    With ``both``, the actual document is rewritten too: it may be in either form, and becomes
    as it is rewritten when libvirt reads it again. Each element stays in its place then.
    """

    rewrite: t.Callable[[Element], Element]
    reason: str
    both: bool = False


class Settle(t.NamedTuple):
    """A last look at a merged document that differs from the actual one.

    ``settle(merged, actual, said)`` gives the document; ``said(element)`` is the
    desired element that a merged one came from, ``None`` where only libvirt has it.
    """

    settle: t.Callable[[Element, Element, t.Callable[[Element], Element | None]], Element]
    reason: str


class Secret(t.NamedTuple):
    """A value that nobody may see in a result, a diff or a log.

    With ``first`` or ``second``, only what a group of these patterns finds in it is secret.
    """

    path: str
    reason: str
    first: re.Pattern[str] | None = None
    second: re.Pattern[str] | None = None

    @property
    def parts(self) -> tuple[re.Pattern[str], ...]:
        """The patterns; without any, all of the value is secret."""
        return tuple(filter(None, (self.first, self.second)))


class Depends(t.NamedTuple):
    """Which value tells the kind of an element, and what belongs to that kind alone.

    When ``decider`` (a value path of the element at ``path``; ``{a,b}`` is either) changes,
    what is at ``dependents`` goes unless it is said: value paths, ``text()`` and tags. An
    element's ``*`` is all that it has. ``usual`` is what a missing decider stands for, and
    ``becoming`` are the new values that the row is about, where it isn't about any.
    """

    path: str
    decider: str
    dependents: tuple[str, ...]
    reason: str
    usual: str | None = None
    becoming: tuple[str, ...] = ()


class Whole(t.NamedTuple):
    """An element that is one value: who says it says all of it, whatever else is merged."""

    path: str
    reason: str


class Mirror(t.NamedTuple):
    """What a document has in two places, of which a person may say one.

    ``complete(said, actual)`` gives what is said of the element at ``path`` in each of the
    places where ``actual`` has it; ``said`` itself where there is nothing to add.
    """

    path: str
    complete: t.Callable[[Element, Element], Element]
    reason: str


Row = t.Union[
    Identity,
    Sequence,
    Same,
    Spelled,
    Quantity,
    Fill,
    Stored,
    Rewrite,
    Settle,
    Secret,
    Depends,
    Whole,
    Mirror,
]
