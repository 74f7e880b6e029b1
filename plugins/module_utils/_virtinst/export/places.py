# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences between two documents as changes by XPath, for what no option says."""

from __future__ import annotations

import re
import typing as t

from ..._reconcile.domain.ansible_host import URI
from ..._reconcile.plan import Change, contexts_of
from ..._rules.book import PREFIXES
from ..._rules.context import Context
from ..._xmltree.element import Element
from .draft import Draft
from .readers import Settings

_DEVICES = "devices"
_TEXT = "text()"
_PREFIXED = re.compile(r"\{([^}]*)\}(.*)")
#: Prefixes that :mod:`..options.xpath` knows beside those of libvirt's own extensions.
_LIBOSINFO = "http://libosinfo.org/xmlns/libvirt/domain/1.0"
_KNOWN = {**PREFIXES, _LIBOSINFO: "libosinfo"}


class Unsayable(Exception):
    """A difference can't be made by XPath: an order, or an application's element."""


class Step(t.NamedTuple):
    """One change by XPath: ``what`` is set, create or delete; ``text`` is its place and value."""

    what: str
    text: str


def add_steps(
    draft: Draft,
    changes: t.Sequence[Change],
    options_of: t.Mapping[str, str],
    with_addresses: bool = False,
) -> None:
    """Add what makes these changes undone to the draft's options.

    ``changes`` would make the domain what the draft's options say. ``options_of`` has the names of
    the lists of devices by their tags. ``with_addresses``: a device keeps its address, which libvirt
    assigns anew otherwise.

    :raises Unsayable: one of them can't be said.
    """
    # What is deleted later doesn't move what is found by its position.
    ordered = [
        *[change for change in changes if not _is_extra(change)],
        *reversed([change for change in changes if _is_extra(change)]),
    ]
    counts: dict[tuple[int, str], int] = {}
    for change in ordered:
        if change.location is None or change.op == "move":
            raise Unsayable(change.path)
        contexts = contexts_of(change.location)
        device = contexts[2] if len(contexts) > 2 and contexts[1].desired.tag == _DEVICES else None
        settings = None if device is None else _settings_of(draft, device, options_of)
        base = contexts.index(device) if device is not None and settings is not None else 0
        for step in _steps(change, contexts[base:], counts, with_addresses):
            if settings is None:
                draft.xpath.append(_as_option(step))
            else:
                number = sum(name.startswith("xpath[]") for name, _numbers in settings)
                settings[(f"xpath[].{step.what}", (number,))] = step.text


def of_applications(document: Element) -> tuple[str, ...]:
    """What makes the elements of applications in a domain's metadata.

    :raises Unsayable: one of them can't be made by XPath.
    """
    metadata = document.child("metadata")
    ours = (f"{{{_LIBOSINFO}}}libosinfo", f"{{{URI}}}host")
    return tuple(
        _as_option(step)
        for element in (() if metadata is None else metadata.children)
        if element.tag not in ours
        for step in _made(f"./metadata/{_tag(element.tag)}", element)
    )


def _as_option(step: Step) -> str:
    return step.text if step.what == "set" else f"xpath.{step.what}={step.text}"


def _is_extra(change: Change) -> bool:
    return (
        change.op == "add" and change.location is not None and change.location.element is not None
    )


def _settings_of(draft: Draft, device: Context, options_of: t.Mapping[str, str]) -> Settings | None:
    """The draft's value that a device was made from; ``None`` where none is."""
    values = draft.values.get(options_of.get(device.desired.tag, ""))
    if not values or device.parent is None:
        return None
    made = device.parent.desired.all(device.desired.tag)
    place = next((n for n, each in enumerate(made) if each is device.desired), None)
    if place is None or len(made) != len(values):
        return None
    return values[place]


def _steps(
    change: Change,
    contexts: list[Context],
    counts: dict[tuple[int, str], int],
    with_addresses: bool,
) -> t.Iterator[Step]:
    location = change.location
    if location is None:
        raise Unsayable(change.path)
    way = "." + "".join(f"/{_step(context)}" for context in contexts[1:])
    context, element = location.context, location.element
    if context.place.is_whole:
        raise Unsayable(change.path)
    if element is None:
        about = location.path.rpartition("/")[2]
        if about == _TEXT:
            yield Step("set", f"{way}={context.actual.text or ''}")
        else:
            value = context.actual.get(about.lstrip("@"))
            yield Step("set", f"{way}/{about}={value or ''}")
        return
    tag = _tag(element.tag)
    if change.op == "add":
        siblings = context.desired.all(element.tag)
        place = next((n for n, each in enumerate(siblings) if each is element), None)
        if place is None:
            raise Unsayable(change.path)
        yield Step("delete", f"{way}/{tag}" + (f"[{place + 1}]" if len(siblings) > 1 else ""))
        return
    key = (id(context.desired), element.tag)
    place = counts.get(key, len(context.desired.all(element.tag)))
    counts[key] = place + 1
    if context.place.path == _DEVICES and not with_addresses:
        element = element.replaced(children=[c for c in element.children if c.tag != "address"])
    yield from _made(f"{way}/{tag}" + (f"[{place + 1}]" if place else ""), element)


def _made(way: str, element: Element) -> t.Iterator[Step]:
    """The steps that make an element."""
    if element.tail:
        raise Unsayable(way)
    if not (element.attributes or element.text or element.children):
        yield Step("create", way)
    for name, value in element.attributes.items():
        if name.startswith("{") or not value:
            raise Unsayable(way)
        yield Step("set", f"{way}/@{name}={value}")
    if element.text:
        yield Step("set", f"{way}={element.text}")
    for child in element.children:
        place = [id(each) for each in element.all(child.tag)].index(id(child))
        yield from _made(f"{way}/{_tag(child.tag)}" + (f"[{place + 1}]" if place else ""), child)


def _step(context: Context) -> str:
    tag = _tag(context.desired.tag)
    siblings = [] if context.parent is None else context.parent.desired.all(context.desired.tag)
    if len(siblings) < 2:
        return tag
    place = next((n for n, each in enumerate(siblings) if each is context.desired), None)
    if place is None:
        raise Unsayable(tag)
    return f"{tag}[{place + 1}]"


def _tag(tag: str) -> str:
    match = _PREFIXED.fullmatch(tag)
    if match is None:
        return tag
    prefix = _KNOWN.get(match[1])
    if prefix is None:
        return tag
    return f"{prefix}:{match[2]}"
