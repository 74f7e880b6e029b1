# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning the calls of virNetworkUpdate that make a network that is on the desired one."""

from __future__ import annotations

import typing as t

from ..._rules.network import KIND
from ..._rules.network.defaults import mode_of
from ..._rules.network.stored import main_interface
from ..._rules.network.updates import (
    ADD,
    DELETE,
    DESCRIBE,
    DESCRIPTIONS,
    MODIFY,
    SECTIONS,
    Section,
    Update,
)
from ..._xmltree.element import Element, with_child
from ..match import match


class ListPlan(t.NamedTuple):
    """The calls for one list, and what the list is then."""

    updates: tuple[Update, ...]
    result: list[Element]


class UpdatePlan(t.NamedTuple):
    """The calls, list by list, and the live document after them."""

    lists: tuple[tuple[Update, ...], ...]
    live: Element

    def __bool__(self) -> bool:
        return bool(self.lists)


def planned_updates(
    live: Element, desired: Element, version: int, describes: bool = False
) -> UpdatePlan:
    """The calls that make ``live`` the desired document, as far as libvirt can.

    Elements that stay are the very same objects in both. ``version`` is libvirt's.
    ``describes``: libvirt and its binding have virNetworkSetMetadata (9.7).
    """
    lists: list[tuple[Update, ...]] = []
    for tag in DESCRIPTIONS if describes else ():
        before, after = live.child(tag), desired.child(tag)
        if before is not after:
            lists.append((Update(tag, DESCRIBE, -1, before, after),))
            live = _with_list(live, [tag], [] if after is None else [after])
    for section in SECTIONS:
        steps = section.path.split("/")
        if steps[0] == "ip":
            pairs = match(desired.all("ip"), live.all("ip"), KIND.book.top.child("ip")).pairs
            numbers = {id(ip): number for number, ip in enumerate(live.all("ip"))}
            for wanted, found in pairs:
                number = numbers[id(found)]
                plan = _of_list(section, found, wanted, steps[1:], number, version)
                if plan.updates:
                    lists.append(plan.updates)
                    new = _with_list(found, steps[1:], plan.result)
                    live = live.replaced(
                        children=[new if child is found else child for child in live.children]
                    )
                    # The next section looks at the new one.
                    numbers[id(new)] = number
            continue
        plan = _of_list(section, live, desired, steps, -1, version)
        if plan.updates:
            lists.append(plan.updates)
            live = _with_main_interface(_with_list(live, steps, plan.result), section)
    return UpdatePlan(tuple(lists), live)


def _with_main_interface(live: Element, section: Section) -> Element:
    """virNetworkForwardDefFormat: the device to forward to is the first interface."""
    forward = live.child("forward")
    if forward is None or not section.path.startswith("forward/"):
        return live
    rest = {name: value for name, value in forward.attributes.items() if name != "dev"}
    return main_interface(with_child(live, forward.replaced(rest)))


def _of_list(
    section: Section,
    found: Element,
    wanted: Element,
    steps: list[str],
    parent: int,
    version: int,
) -> ListPlan:
    path = "/".join(steps)
    have, want = found.findall(path), wanted.findall(path)
    if steps[0] == "forward" and mode_of(found) != mode_of(wanted):
        # It becomes another network with the next start.
        return ListPlan((), have)
    blocked: set[int] = set()
    while True:
        planning = _ListPlanning(section, have, want, parent, version, blocked)
        if planning.carry_out():
            return ListPlan(tuple(planning.updates), planning.current)


class _ListPlanning:
    """One attempt at a list; ``blocked`` are the ``id`` of elements that can't become so."""

    def __init__(
        self,
        section: Section,
        have: list[Element],
        want: list[Element],
        parent: int,
        version: int,
        blocked: set[int],
    ) -> None:
        self._section = section
        self._want = want
        self._parent = parent
        self._modifies = section.modifies is not None and version >= section.modifies
        self._blocked = blocked
        self.current = list(have)
        self.updates: list[Update] = []
        kept = {id(element) for element in have} & {id(element) for element in want}
        place = KIND.book.top
        for step in section.path.split("/"):
            place = place.child(step)
        matched = match(
            [element for element in want if id(element) not in kept],
            [element for element in have if id(element) not in kept],
            place,
        )
        self._pairs = [pair for pair in matched.pairs if pair[0] != pair[1]]
        self._new = matched.missing
        self._old = matched.extra

    def carry_out(self) -> bool:
        """Plan the calls; ``False`` when an element turned out to be impossible."""
        coming: list[Element] = [one for one in self._new if id(one) not in self._blocked]
        going: list[Element] = [one for one in self._old if id(one) not in self._blocked]
        for wanted, found in self._pairs:
            if {id(wanted), id(found)} & self._blocked:
                continue
            if self._modifies and self._hits(wanted, self._section.clashes) == [found]:
                self._modify(found, wanted)
            else:
                coming.append(wanted)
                going.append(found)
        if self._section.ordered:
            self._put_in_order(coming, going)
        because_of: dict[int, Element] = {}
        for element in going:
            if not any(one is element for one in self.current):
                continue
            others = [one for one in self._hits(element, self._section.finds) if one is not element]
            for other in others:
                # Both would be meant; the other one comes back.
                if [*self._hits(other, self._section.finds)] != [other]:
                    return self._block(element)
                self._delete(other)
                if not any(one is other for one in going):
                    coming.append(other)
                    because_of[id(other)] = element
            self._delete(element)
        for element in coming:
            if self._hits(element, self._section.clashes):
                return self._block(because_of.get(id(element), element))
            self.updates.append(Update(self._section.name, ADD, self._parent, None, element))
            self.current.append(element)
        return True

    def _hits(self, given: Element, takes: t.Callable[[Element, Element], bool]) -> list[Element]:
        return [one for one in self.current if takes(given, one)]

    def _modify(self, found: Element, wanted: Element) -> None:
        self.updates.append(Update(self._section.name, MODIFY, self._parent, found, wanted))
        self.current = [wanted if one is found else one for one in self.current]

    def _delete(self, element: Element) -> None:
        self.updates.append(Update(self._section.name, DELETE, self._parent, element, None))
        self.current = [one for one in self.current if one is not element]

    def _block(self, element: Element) -> bool:
        """Leave an element as it is, and what another is to take the place of."""
        if id(element) in self._blocked:
            raise AssertionError("an element is blocked once")
        self._blocked.add(id(element))
        return False

    def _put_in_order(self, coming: list[Element], going: list[Element]) -> None:
        """Take away and add again what stands before the wrong element."""
        wanted = [one for one in self._want if id(one) not in self._blocked]
        left = [one for one in self.current if not any(one is gone for gone in going)]
        ends = [*left, *coming]
        for number, (one, other) in enumerate(zip(ends, wanted)):
            if one is other:
                continue
            going += [each for each in left[number:] if not any(each is gone for gone in going)]
            coming[:] = wanted[number:]
            return


def _with_list(element: Element, steps: list[str], items: list[Element]) -> Element:
    """The element with these in the list at a path below it."""
    tag, rest = steps[0], steps[1:]
    if not rest:
        others = [child for child in element.children if child.tag != tag]
        place = next(
            (number for number, child in enumerate(element.children) if child.tag == tag),
            len(others),
        )
        return element.replaced(children=[*others[:place], *items, *others[place:]])
    child = element.child(tag)
    new = _with_list(child if child is not None else Element(tag), rest, items)
    if not new.children and not new.attributes:
        return element.replaced(children=[one for one in element.children if one is not child])
    if child is None:
        return element.replaced(children=[*element.children, new])
    return element.replaced(children=[new if one is child else one for one in element.children])
