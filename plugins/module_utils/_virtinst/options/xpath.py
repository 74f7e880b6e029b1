# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of the finished document at places given by XPath.

The places are those of virt-install: ``./cpu/@mode``, ``./devices/disk[2]/serial``,
``./devices/graphics[@type='spice']``, from the root or, where a group's own
sub-options give them, from its element. Positions count from one. Elements of other
namespaces than libvirt's are written as ``./metadata/{https://example.org/}note``.
"""

from __future__ import annotations

import re
import typing as t

from ..._secrecy import shown
from ..._xmltree.element import Element
from .. import writing
from ..errors import OptionError

if t.TYPE_CHECKING:
    from ..guest import Guest
    from .rows import Group

PREFIX = "xpath"
_SET, _CREATE, _DELETE, _VALUE = "set", "create", "delete", "value"
#: The first equals sign that isn't part of a predicate separates place and value.
_ASSIGNMENT = re.compile(r"((?:[^=\[{]|\[[^\]]*\]|\{[^}]*\})*)=(.*)", re.DOTALL)


class Action(t.NamedTuple):
    """A change; ``what`` is set, create or delete, and ``value`` is for set."""

    what: str
    path: str
    value: str = ""


class Actions:
    """The actions of the numbered sub-options of one value."""

    def __init__(self) -> None:
        self._parts: dict[tuple[int, ...], dict[str, str]] = {}

    def add(self, name: str, numbers: tuple[int, ...], text: str) -> None:
        """Add a sub-option, such as ``xpath[].set``."""
        self._parts.setdefault(numbers, {})[name.rpartition(".")[2]] = text

    def finished(self, group: str) -> list[Action]:
        """The actions in the order of their numbers.

        :raises OptionError: an action lacks its place or its value.
        """
        actions = (_action(group, parts) for _numbers, parts in sorted(self._parts.items()))
        return [action for action in actions if action is not None]


def _action(group: str, parts: dict[str, str]) -> Action | None:
    for what in (_DELETE, _CREATE):
        if parts.get(what):
            return Action(what, parts[what])
    path, value = parts.get(_SET, ""), parts.get(_VALUE, "")
    if not path and not value:
        return None
    if not value:
        match = _ASSIGNMENT.fullmatch(path)
        if match is None:
            raise OptionError(
                f"{group}: {shown(path)} needs the form XPATH=VALUE; such as ./title=Web"
            )
        path, value = match.groups()
    if not path:
        raise OptionError(f"{group}: xpath.value needs xpath.set beside it")
    return Action(_SET, path, value)


def remembered(guest: Guest) -> list[tuple[Element, Action]]:
    """The requested changes, each with the element that it starts from."""
    actions: list[tuple[Element, Action]] = guest.__dict__.setdefault("xpath_actions", [])
    return actions


def remember(guest: Guest, group: Group, element: Element, actions: t.Iterable[Action]) -> None:
    """Keep the changes of a group's value until the document is finished."""
    for action in actions:
        if group.is_list:
            remembered(guest).append((element, action))
            continue
        # A group's only element may be replaced; its place stays.
        path = action.path
        if path.startswith(".") and group.path != ".":
            path = f"./{group.path}{path[1:]}"
        remembered(guest).append((guest.root, action._replace(path=path)))


def apply_xpath_actions(guest: Guest, root: Element | None = None) -> None:
    """Make the changes that the options of a guest request, in their order.

    ``root`` is a document with elements at the same places as the guest's own, such as a copy
    of it; by default it is the guest's own. Changes of removed elements are left out. For an
    existing domain the guest has the request alone: :func:`apply_to` changes the other parts.

    :raises OptionError: a place can't be understood.
    """
    root = guest.root if root is None else root
    ways = [(_way(guest.root, element), action) for element, action in remembered(guest)]
    # The elements are found before anything moves.
    bases = [(None if way is None else _element(root, way), action) for way, action in ways]
    for base, action in bases:
        if base is not None:
            is_part = guest.exists and (base is root or _POSITION.search(action.path) is not None)
            perform(root, base, action, makes=not is_part)


def apply_to(guest: Guest, root: Element, partners: t.Mapping[int, Element]) -> None:
    """Make the changes in the document ``root`` of an existing domain.

    ``partners`` has its elements by the ``id`` of the guest's elements for them.

    :raises OptionError: a place can't be understood.
    """
    for element, action in remembered(guest):
        base = root if element is guest.root else partners.get(id(element))
        if base is not None:
            perform(root, base, action)


def apply_to_device(guest: Guest, device: Element, is_new: bool) -> None:
    """Make the changes of a device for an existing domain.

    ``is_new``: the device has its defaults. Otherwise it has the request alone, and elements
    with a position are not added.

    :raises OptionError: a place can't be understood.
    """
    for element, action in remembered(guest):
        if element is device and not action.path.startswith("/"):
            makes = is_new or _POSITION.search(action.path) is None
            perform(device, device, action, makes)


def _way(root: Element, element: Element) -> list[int] | None:
    """The positions of children on the way from the root to an element."""
    if root is element:
        return []
    for position, child in enumerate(root.children):
        way = _way(child, element)
        if way is not None:
            return [position, *way]
    return None


def _element(root: Element, way: list[int]) -> Element:
    for position in way:
        root = root.children[position]
    return root


#: A step that identifies an element by its position among elements of the same tag.
_POSITION = re.compile(r"\[\d+\]")
_STEP = re.compile(
    r"(?P<tag>\*|\.\.|\{[^}]+\}[\w.-]+|[\w.-]+(?::[\w.-]+)?)(\[(?:@(?P<key>[^=\]]+)=(?P<quote>['\"]?)(?P<value>.*)(?P=quote)|(?P<position>\d+))\])?"
)
_ATTRIBUTE = re.compile(r"(?:\{[^}]+\}|[\w.-]+:)?[\w.-]+")
_NAMESPACES = {
    "qemu": "http://libvirt.org/schemas/domain/qemu/1.0",
    "lxc": "http://libvirt.org/schemas/domain/lxc/1.0",
    "xen": "http://libvirt.org/schemas/domain/xen/1.0",
    "bhyve": "http://libvirt.org/schemas/domain/bhyve/1.0",
    "libosinfo": "http://libosinfo.org/xmlns/libvirt/domain/1.0",
}


def perform(root: Element, base: Element, action: Action, makes: bool = True) -> None:
    """Make one change, from ``base`` where the place is relative.

    ``makes``: missing elements on the way to the place are added.

    :raises OptionError: the place can't be understood.
    """
    steps, attribute = _parsed(root, action.path)
    way = [base if action.path.startswith(".") else root]
    for step in steps:
        if step["tag"] == "..":
            raise OptionError(f"{action.path}: a place can't lead upwards")
        found = _among(way[-1], step)
        if found is None:
            if not makes or action.what == _DELETE or (action.what == _SET and not action.value):
                return
            found = _made(way[-1], step)
        way.append(found)
    if action.what == _CREATE:
        return
    if action.what == _SET and action.value:
        if not makes and attribute is not None and attribute not in way[-1].attributes:
            return
        if attribute is None:
            way[-1].text, way[-1].children = action.value, []
        else:
            way[-1].attributes[attribute] = action.value
    else:
        _remove(way, attribute, whole=action.what == _DELETE)


def _remove(way: list[Element], attribute: str | None, whole: bool) -> None:
    last = way[-1]
    if whole:
        # As in virt-install, deleting an attribute deletes its element.
        if len(way) > 1:
            writing.discard(way[-2], last)
        elif attribute is not None:
            last.attributes.pop(attribute, None)
        return
    if attribute is None:
        last.text, last.children = None, []
    else:
        last.attributes.pop(attribute, None)
    while len(way) > 1:
        last = way.pop()
        if last.attributes or last.children or last.text:
            return
        writing.discard(way[-1], last)


def _parsed(root: Element, path: str) -> tuple[list[dict[str, str | None]], str | None]:
    text = path[1:] if path.startswith(".") else path
    parts = [part for part in _split(text) if part != "."]
    if path.startswith("/") and parts and parts[0] == root.tag:
        parts = parts[1:]
    elif path.startswith("/@"):
        raise OptionError(
            f"the place {path} is outside of the document; .{path} is an attribute of its <{root.tag}>"
        )
    attribute = None
    if parts and parts[-1].startswith("@"):
        attribute = parts.pop()[1:]
        if _ATTRIBUTE.fullmatch(attribute) is None:
            # It isn't quoted, since it may be the beginning of a secret value.
            raise OptionError(
                "the place ends with @, and no name of an attribute follows; correct it"
            )
    steps: list[dict[str, str | None]] = []
    for part in parts:
        match = _STEP.fullmatch(part)
        if match is None or part.startswith("@"):
            raise OptionError(
                f"the place {shown(path)} can't be understood; its steps are tags, which "
                "[@attribute='value'] or [position] may follow"
            )
        steps.append({**match.groupdict(), "tag": _qualified(match["tag"])})
    return steps, attribute


def _split(text: str) -> list[str]:
    """Split at slashes, but not within brackets or braces; two slashes give an empty piece."""
    parts = re.findall(r"(?:^|/)((?:[^/\[{]|\[[^\]]*\]|\{[^}]*\})*)", text)
    return parts[1:] if parts and not parts[0] else parts


def _qualified(tag: str) -> str:
    prefix, colon, name = tag.partition(":")
    if not colon or tag.startswith("{"):
        return tag
    if prefix not in _NAMESPACES:
        raise OptionError(f"{shown(tag)}: the prefix {shown(prefix)} is not known")
    return f"{{{_NAMESPACES[prefix]}}}{name}"


def _among(element: Element, step: dict[str, str | None]) -> Element | None:
    tag, key = step["tag"], step["key"]
    like = [child for child in element.children if tag in ("*", child.tag)]
    if key is not None:
        like = [child for child in like if child.get(key) == step["value"]]
    position = int(step["position"] or 1) - 1
    return like[position] if 0 <= position < len(like) else None


def _made(element: Element, step: dict[str, str | None]) -> Element:
    attributes = {} if step["key"] is None else {step["key"]: step["value"] or ""}
    made = Element(step["tag"] or "", attributes)
    element.children.append(made)
    return made
