# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing a desired tree with an actual one, and merging the two.

Both happen in one walk: where nothing differs, the actual element itself goes
into the merged tree, so that what libvirt assigned stays as it is.
"""

from __future__ import annotations

import typing as t

from .._rules.book import PathRules
from .._rules.context import Context
from .._rules.rows import ASSIGNED, Fill
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .match import Matched, Pair, has_all_of, key_function, match, named_apart
from .merge import Merger
from .paths import child_step, site_path
from .plan import Change, ChangeLocation
from .quantity import amount, read, shown
from .redact import hidden_value, redacted_child

_METADATA = "metadata"
_ALIAS = "alias"


class Comparison:
    """One walk over two trees; ``changes`` grows as it goes.

    With ``exact``, what the desired tree does not have is a difference unless
    libvirt fills it in; otherwise it is left alone. ``gone`` has the ``id`` of actual
    elements that a task takes away. With ``with_moves``, what goes along with something that
    changes is a change as well. ``turned`` is a desired element with the actual one that becomes
    it, whatever tells them apart. ``lost`` are changes by which a definition has lost values:
    where the actual tree still has one, the rules that let libvirt choose it don't hold.
    """

    def __init__(
        self,
        exact: bool,
        gone: t.Collection[int] = (),
        with_moves: bool = False,
        turned: tuple[Element, Element] | None = None,
        lost: t.Iterable[Change] = (),
    ) -> None:
        self.exact = exact
        self._lost = {change.path: change for change in lost if change.op in ("remove", "modify")}
        self._gone = gone
        self._turned = turned
        self._with_moves = with_moves
        self.changes: list[Change] = []
        self._origin: dict[int, Element] = {}
        self._left: list[Element] = []
        #: Trees that are the same to the letter, and were not looked into.
        self._same: list[tuple[Element, Element]] = []

    def origin_of(self, merged: Element) -> Element | None:
        """The desired element that an element of the merged tree was made from."""
        if id(merged) not in self._origin:
            while self._same:
                desired, actual = self._same.pop()
                self._origin.update((id(o), d) for d, o in zip(desired.walk(), actual.walk()))
        return self._origin.get(id(merged))

    def merged(self, context: Context) -> Element:
        """The actual element with what is desired, libvirt's fills kept."""
        if not self.exact:
            context.desired = _with_type(context.desired, context.actual)
            for row in context.place.mirrors:
                context.desired = row.complete(context.desired, context.actual)
            if context.place.is_whole:
                return self._whole(context)
        found = len(self.changes)
        amounts = self._amounts(context)
        attributes = self._attributes(context, amounts)
        text = self._text(context, amounts)
        children = self._children(context)
        if len(self.changes) == found:
            return context.actual
        merged = context.actual.replaced(attributes, children)
        merged.text = text
        valid = self._without_stale(context, merged)
        if self._with_moves:
            # A changed device gets another place anyway.
            placed = [child for child in merged.children if child.tag == "address"]
            left = [child for child in valid.children if child.tag != "address"]
            above = None if context.parent is None else _as_it_is(context.parent)
            self.moved(
                Context(valid.replaced(children=[*left, *placed]), merged, context.place, above)
            )
        return valid

    def _whole(self, context: Context) -> Element:
        """The same for an element that is one value."""
        exact, self.exact = self.exact, True
        try:
            return self.merged(context)
        finally:
            self.exact = exact

    # Attributes and text

    def _amounts(self, context: Context) -> dict[str, str | None]:
        """The amounts of an element with their units, by ``@name`` or ``text()``."""
        settled: dict[str, str | None] = {}
        for row in context.place.quantities:
            if read(context.desired, row.amount) is None:
                continue
            source = context.actual
            if amount(context.desired, row) != amount(context.actual, row):
                source = context.desired
                before, after = shown(context.actual, row), shown(context.desired, row)
                self._record(context, row.amount, "modify" if before else "add", before, after)
            settled[row.amount] = read(source, row.amount)
            settled[row.unit] = read(source, row.unit)
        return settled

    def _attributes(self, context: Context, amounts: dict[str, str | None]) -> dict[str, str]:
        desired, actual = context.desired.attributes, context.actual.attributes
        if desired == actual and not amounts:
            return actual
        merged: dict[str, str | None] = {}
        for name, current in actual.items():
            value = desired.get(name)
            if value == current:
                merged[name] = current
            elif f"@{name}" in amounts:
                merged[name] = amounts[f"@{name}"]
            elif value is not None:
                merged[name] = self._value(context, f"@{name}", value, current)
            else:
                merged[name] = (
                    current if not self.exact else self._fill(context, f"@{name}", current)
                )
        for name, value in desired.items():
            if name not in actual:
                about = f"@{name}"
                merged[name] = (
                    amounts[about] if about in amounts else self._value(context, about, value, None)
                )
        return {name: value for name, value in merged.items() if value is not None}

    def _text(self, context: Context, amounts: dict[str, str | None]) -> str | None:
        desired, actual = context.desired.text, context.actual.text
        if "text()" in amounts:
            return amounts["text()"]
        if desired == actual:
            return actual
        if desired is not None:
            return self._value(context, "text()", desired, actual)
        if actual is None or not self.exact:
            return actual
        return self._fill(context, "text()", actual)

    def _value(self, context: Context, about: str, value: str, current: str | None) -> str | None:
        """The merged value for a desired one; a difference is recorded."""
        if value == current:
            return current
        if current is not None and self._is_lost(context, about, current):
            self._record(context, about, "modify", current, value)
            return value
        place = context.place
        if current is not None and place.are_same(about, value, current):
            return current
        stored = place.stored.get(about)
        if stored is not None:
            kept = stored.value(context, value)
            if kept == current or (
                kept is not None and current is not None and place.are_same(about, kept, current)
            ):
                return current
        self._record(context, about, "add" if current is None else "modify", current, value)
        return value

    def _fill(self, context: Context, about: str, current: str) -> str | None:
        """The merged value for one that only libvirt has; a difference is recorded."""
        row = context.place.fills.get(about) or context.place.fills.get(
            "@*" if about[0] == "@" else ""
        )
        expected = _expected(row, context)
        if expected is ASSIGNED and self._is_lost(context, about, current):
            expected = None
        if expected is ASSIGNED:
            return current
        if expected is None:
            self._record(context, about, "remove", current, None)
            return None
        choices = (expected,) if isinstance(expected, str) else expected
        for choice in choices:
            if choice == current or context.place.are_same(about, choice, current):
                return current
        self._record(context, about, "modify", current, choices[0])
        # Where this libvirt might choose another default, it shall choose.
        return choices[0] if len(choices) == 1 else None

    # Children

    def _children(self, context: Context) -> list[Element]:
        desired, actual = context.desired, context.actual
        if not desired.children and (not actual.children or not self.exact):
            return actual.children
        if not desired.children and self._are_assigned(context):
            return actual.children
        existing = _by_tag(actual.children)
        result = Merger(desired.children, actual.children, context.kept)
        extra: list[Element] = []
        for tag, elements in _by_tag(desired.children).items():
            place = context.place.child(tag)
            extra += self._group(context, place, elements, existing.pop(tag, []), result)
        if self.exact:
            for elements in existing.values():
                extra += elements
        for element in _in_order(extra, context.place) if extra else ():
            self._extra(context, context.place.child(element.tag), element, result)
        if context.place.sequence:
            self._sequence(context, result)
        return result.children()

    def _are_assigned(self, context: Context) -> bool:
        """Whether libvirt may choose all of the actual children freely."""
        return all(
            child.tag in context.place.assigned and id(child) not in self._gone
            for child in context.actual.children
        )

    def _group(
        self,
        context: Context,
        place: PathRules,
        desired: list[Element],
        actual: list[Element],
        result: Merger,
    ) -> list[Element]:
        """Compare the siblings of one tag; return the elements that only libvirt has."""
        present_of = None if place.identity is None else place.identity.there
        if present_of is not None and not self.exact:
            self._appended(context, place, desired, present_of(desired, actual), result)
            return []
        matched = self._matched(desired, actual, place)
        stored = context.place.stored.get(place.path.rpartition("/")[2])
        ordered = len(desired) > 1 and (place.identity is None or place.identity.ordered)
        for desired_child, actual_child in matched.pairs:
            if desired_child == actual_child:
                result.keep(desired_child, actual_child, actual_child)
                self._origin[id(actual_child)] = desired_child
                self._same.append((desired_child, actual_child))
                continue
            found = len(self.changes)
            merged = self.merged(Context(desired_child, actual_child, place, context))
            if len(self.changes) > found and stored is not None:
                kept = stored.value(context, desired_child)
                # Whether nothing of it is kept is known when a merge has completed it.
                if kept is None and self.exact:
                    del self.changes[found:]
                    matched.extra.append(actual_child)
                    continue
                if kept is not None and kept is not desired_child:
                    del self.changes[found:]
                    merged = self.merged(Context(kept, actual_child, place, context))
            result.keep(desired_child, actual_child, merged)
            self._origin[id(merged)] = desired_child
        for element in matched.missing:
            if self.exact and stored is not None and stored.value(context, element) is None:
                continue
            self._record_child(context, place, "add", element, desired)
            result.add(element)
            self._origin[id(element)] = element
        if ordered and desired[0].tag not in context.place.sequence:
            self._order(context, matched.pairs, actual)
            result.in_order(desired)
        identity = place.identity
        if not self.exact and identity is not None and identity.ordered and not identity.keys:
            # A list whose order alone counts is desired as a whole.
            for element in matched.extra:
                self._record_child(context, place, "remove", element, actual)
                result.remove(element)
            return []
        if not self.exact:
            for element in matched.extra:
                result.keep(None, element, element)
            return []
        return matched.extra

    def _matched(self, desired: list[Element], actual: list[Element], place: PathRules) -> Matched:
        if self._turned is None:
            return match(desired, actual, place)
        turned_from, turned_into = self._turned
        if not (
            any(each is turned_from for each in desired)
            and any(each is turned_into for each in actual)
        ):
            return match(desired, actual, place)
        matched = match(
            [each for each in desired if each is not turned_from],
            [each for each in actual if each is not turned_into],
            place,
        )
        return Matched([*matched.pairs, (turned_from, turned_into)], matched.missing, matched.extra)

    def _appended(
        self,
        context: Context,
        place: PathRules,
        desired: list[Element],
        present: list[Element | None],
        result: Merger,
    ) -> None:
        """A list that only grows; ``present`` is what libvirt has of each."""
        for desired_child, actual_child in zip(desired, present):
            if actual_child is None:
                self._record_child(context, place, "add", desired_child, desired)
                result.append(desired_child)
                self._origin[id(desired_child)] = desired_child
            else:
                result.keep(desired_child, actual_child, actual_child)
                self._origin[id(actual_child)] = desired_child

    def _extra(self, context: Context, place: PathRules, element: Element, result: Merger) -> None:
        """Keep an element that only libvirt has if it is a fill, or else remove it."""
        expected: t.Any = ASSIGNED
        is_assigned = element.tag in context.place.assigned
        if is_assigned and not self._gone and not self._lost:
            result.keep(None, element, element)
            return
        if not is_assigned:
            row = context.place.fills.get(element.tag) or context.place.fills.get("*")
            expected = _expected(row, context, element)
        if id(element) in self._gone and _METADATA in (element.tag, context.place.path):
            # Another application's, unless the task says that it goes.
            expected = None
        if element.tag == _ALIAS and id(element) in self._gone:
            # libvirt assigns none that it would keep.
            expected = None
        if expected is ASSIGNED and self._lost and self._is_lost_child(context, place, element):
            expected = None
        if expected is ASSIGNED:
            result.keep(None, element, element)
            return
        choices = (expected,) if isinstance(expected, Element) else (expected or ())
        names = () if place.identity is None else [key_function(n) for n in place.identity.names]
        choices = [choice for choice in choices if not named_apart(choice, element, names)]
        found = len(self.changes)
        first: tuple[list[Change], Element] | None = None
        for choice in choices:
            merged = self.merged(Context(choice, element, place, context))
            changes = self.changes[found:]
            del self.changes[found:]
            if not changes:
                result.keep(None, element, merged)
                return
            if first is None or len(changes) < len(first[0]):
                first = changes, merged
        if first is not None:
            self.changes.extend(first[0])
            result.keep(None, element, first[1])
            return
        siblings = context.actual.all(element.tag)
        self._record_child(context, place, "remove", element, siblings)
        result.remove(element)

    def _is_lost(self, context: Context, about: str, current: str) -> bool:
        """Whether the definition had the very value, and has lost it."""
        change = self._lost.get(_path(context, about)) if self._lost else None
        if change is None or change.location is None or change.location.element is not None:
            return False
        before = change.location.context.actual
        return (before.text if about == "text()" else before.get(about[1:])) == current

    def _is_lost_child(self, context: Context, place: PathRules, element: Element) -> bool:
        step = child_step(element, place, context.actual.all(element.tag))
        change = self._lost.get(f"{site_path(context)}/{step}")
        before = None if change is None or change.location is None else change.location.element
        return before is not None and has_all_of(element, before)

    def _sequence(self, context: Context, result: Merger) -> None:
        """The same for elements of several tags that are one list."""
        listed = [
            child for child in context.desired.children if child.tag in context.place.sequence
        ]
        number = {id(child): number for number, child in enumerate(listed)}
        pairs = [pair for pair in result.pairs if id(pair[0]) in number]
        pairs.sort(key=lambda pair: number[id(pair[0])])
        self._order(context, pairs, context.actual.children)
        result.in_order(listed)

    def _order(self, context: Context, pairs: list[Pair], actual: list[Element]) -> None:
        """Record moves of elements whose order counts, where the desired order differs."""
        position = {id(element): number for number, element in enumerate(actual)}
        numbers = [position[id(actual_child)] for _desired_child, actual_child in pairs]
        if numbers == sorted(numbers):
            return
        for number, (_desired_child, actual_child) in enumerate(pairs):
            rank = sorted(numbers).index(position[id(actual_child)])
            if rank != number:
                place = context.place.child(actual_child.tag)
                siblings = context.actual.all(actual_child.tag)
                path = f"{site_path(context)}/{child_step(actual_child, place, siblings)}"
                location = ChangeLocation(place.path, context, actual_child)
                self.changes.append(Change(path, "move", str(rank + 1), str(number + 1), location))

    def _without_stale(self, context: Context, merged: Element) -> Element:
        """The element without the parts that belonged to a changed value."""
        for row in context.place.depends:
            now = merged.value(row.decider) or row.usual
            if now == (context.actual.value(row.decider) or row.usual):
                continue
            if row.becoming and now not in row.becoming:
                continue
            for dependent in row.dependents:
                merged = self._pruned(merged, context.desired, dependent)
        return merged

    def _pruned(self, element: Element, desired: Element, path: str) -> Element:
        """Without what is at ``path``, unless the desired element says it."""
        pruned = _pruned(element, desired, path)
        if pruned is not element:
            # No new element may get the ``id`` of a removed one.
            self._left.append(element)
            for part in desired.walk():
                self._origin[id(part)] = part
        return pruned

    # Recording

    def moved(self, context: Context) -> None:
        """Record what ``context.desired`` has otherwise than ``context.actual``, which it was made from.

        What stayed is the very same element in both.
        """
        desired, actual = context.desired, context.actual
        if desired is actual:
            return
        for name in sorted({*actual.attributes, *desired.attributes}):
            before, after = actual.get(name), desired.get(name)
            if after is None:
                # libvirt fills these parts in again.
                expected = _expected(context.place.fills.get(f"@{name}"), context)
                choices = (expected,) if isinstance(expected, str) else (expected or ())
                if expected is ASSIGNED or before in choices:
                    continue
            if before != after:
                self._record(context, f"@{name}", _op(before, after), before, after)
        if desired.text != actual.text:
            op = _op(actual.text, desired.text)
            self._record(context, "text()", op, actual.text, desired.text)
        stayed = {id(desired_child) for desired_child in actual.children} & {
            id(desired_child) for desired_child in desired.children
        }
        new = _by_tag(
            [desired_child for desired_child in desired.children if id(desired_child) not in stayed]
        )
        for tag, gone in _by_tag([c for c in actual.children if id(c) not in stayed]).items():
            place = context.place.child(tag)
            new_children = new.pop(tag, [])
            if len(new_children) == len(gone):
                # Each was made from the one that stood there.
                matched = Matched(list(zip(new_children, gone)), [], [])
            else:
                matched = match(new_children, gone, place)
            for desired_child, actual_child in matched.pairs:
                self.moved(Context(desired_child, actual_child, place, context))
            for actual_child in matched.extra:
                self._gave_way(context, place, actual_child)
            for desired_child in matched.missing:
                self._record_child(context, place, "add", desired_child, desired.all(tag))
        for tag, new_children in new.items():
            for desired_child in new_children:
                self._record_child(
                    context, context.place.child(tag), "add", desired_child, desired.all(tag)
                )

    def _gave_way(self, context: Context, place: PathRules, element: Element) -> None:
        """Record what becomes of an element that is gone, in whose place libvirt may put another."""
        expected: t.Any = _expected(context.place.fills.get(element.tag), context, element)
        if isinstance(expected, Element) and context.place.path != "devices":
            # What the other one has follows from the rest.
            self._whole(Context(expected, element, place, context))
        else:
            self._record_child(context, place, "remove", element, context.actual.all(element.tag))

    def _record(
        self, context: Context, about: str, op: str, before: str | None, after: str | None
    ) -> None:
        path = _path(context, about)
        hide = context.place
        before, after = hidden_value(hide, about, before), hidden_value(hide, about, after)
        location = ChangeLocation("/".join(filter(None, (hide.path, about))), context)
        self.changes.append(Change(path, op, before, after, location))

    def _record_child(
        self, context: Context, place: PathRules, op: str, element: Element, siblings: list[Element]
    ) -> None:
        path = f"{site_path(context)}/{child_step(element, place, siblings)}"
        shown = serialise(redacted_child(element, context.place), indent=None)
        before, after = (None, shown) if op == "add" else (shown, None)
        self.changes.append(
            Change(path, op, before, after, ChangeLocation(place.path, context, element))
        )


def _path(context: Context, about: str) -> str:
    path = site_path(context)
    return path if about == "text()" else f"{path}/{about}"


def _op(before: str | None, after: str | None) -> str:
    return "add" if before is None else "remove" if after is None else "modify"


def _by_tag(elements: list[Element]) -> dict[str, list[Element]]:
    groups: dict[str, list[Element]] = {}
    for element in elements:
        group = groups.get(element.tag)
        if group is None:
            groups[element.tag] = [element]
        else:
            group.append(element)
    return groups


def _with_type(desired: Element, actual: Element) -> Element:
    """What is desired, with the type that it keeps: what libvirt makes of the rest depends on it."""
    if "type" in desired.attributes or "type" not in actual.attributes:
        return desired
    return desired.replaced({**desired.attributes, "type": actual.attributes["type"]})


def _in_order(elements: list[Element], parent: PathRules) -> list[Element]:
    """Elements with an order of their own come last, in that order."""
    plain: list[Element] = []
    late: list[tuple[t.Any, int, Element]] = []
    for element in elements:
        row = parent.fills.get(element.tag)
        if row is not None and row.order is not None:
            late.append((row.order(element), len(late), element))
        else:
            plain.append(element)
    return plain + [element for _order, _number, element in sorted(late, key=lambda e: e[:2])]


def _as_it_is(context: Context) -> Context:
    """The way up through what there is, whatever a task says of it."""
    above = None if context.parent is None else _as_it_is(context.parent)
    return Context(context.actual, context.actual, context.place, above)


def _expected(row: Fill | None, *context: t.Any) -> t.Any:
    if row is None:
        return None
    value = row.value
    return value(*context) if callable(value) else value


def _pruned(element: Element, desired: Element, path: str) -> Element:
    """Without what is at ``path``, unless the desired element says it."""
    step, _slash, rest = path.partition("/")
    if step == "*":
        pruned = element.replaced(dict(desired.attributes), list(desired.children))
        pruned.text = desired.text
        return pruned
    if step == "text()":
        pruned = element.replaced()
        pruned.text = desired.text
        return pruned
    if step.startswith("@"):
        if step[1:] in desired.attributes or step[1:] not in element.attributes:
            return element
        left = {name: value for name, value in element.attributes.items() if name != step[1:]}
        return element.replaced(left)
    if element.child(step) is None:
        return element
    desired_child = desired.child(step)
    if not rest:
        if desired_child is not None:
            return element
        return element.replaced(children=[c for c in element.children if c.tag != step])
    if rest == "*":
        return _with_all(element, desired.all(step), step)
    children = [
        _pruned(child, desired_child or Element(step), rest) if child.tag == step else child
        for child in element.children
    ]
    if desired_child is None:
        # What has become empty says nothing any more.
        children = [part for part in children if part.tag != step or not _is_empty(part)]
    return element.replaced(children=children)


def _with_all(element: Element, new: list[Element], tag: str) -> Element:
    """With these children in place of those with the tag."""
    place = next(n for n, child in enumerate(element.children) if child.tag == tag)
    left = [child for child in element.children if child.tag != tag]
    return element.replaced(children=[*left[:place], *new, *left[place:]])


def _is_empty(element: Element) -> bool:
    return not (element.attributes or element.children or element.text)
