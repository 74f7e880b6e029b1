# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document of a storage pool, made from options.

https://libvirt.org/formatstorage.html#storage-pool-xml
"""

from __future__ import annotations

import posixpath
import typing as t

from ..._reconcile.taken import Draft, Taken
from ..._rules.pool import uses
from ..._rules.pool_types import type_of
from ..._xmltree.element import Element
from ..errors import TaskError
from ..permissions import permissions

Options = t.Mapping[str, t.Any]

_DIR = "dir"
#: Names of the folder itself and of the one above it.
_NO_FOLDERS = (".", "..")
_FS = "http://libvirt.org/schemas/storagepool/fs/1.0"
_RBD = "http://libvirt.org/schemas/storagepool/rbd/1.0"
_DEFAULT = "default"
#: The options that describe a pool, instead of a document.
DESCRIBING = (
    *("type", "source", "target", "features", "refresh", "mount_options", "ceph_options"),
)
#: What is in a source, by the options that are called otherwise.
_TAGS = {"hosts": "host", "devices": "device"}
#: Attributes of an adapter, and the options for them.
_ADAPTER = (
    *("type", "name", "parent", "managed", "wwnn", "wwpn", "parent_wwnn", "parent_wwpn"),
    "parent_fabric_wwn",
)
#: Lists that an option names as a whole: the option, the place, and what tells the entries apart.
_LISTS = (
    ("hosts", "source", "host", ("name", "port")),
    ("devices", "source", "device", ("path",)),
    ("mount_options", f"{{{_FS}}}mount_opts", f"{{{_FS}}}option", ("name",)),
    ("ceph_options", f"{{{_RBD}}}config_opts", f"{{{_RBD}}}option", ("name",)),
)


def pool_document(name: str | None, options: Options) -> Element:
    """The part of a pool's document that the options describe.

    ``name`` is left out where it is ``None``.

    :raises TaskError: an option has an impossible value.
    """
    children = [] if name is None else [Element("name", text=name)]
    children += [
        element
        for element in (
            _features(options["features"]),
            _source(options["source"] or {}),
            _target(options["target"] or {}),
            _refresh(options["refresh"]),
            _listed("mount_opts", _FS, options["mount_options"]),
            _listed("config_opts", _RBD, options["ceph_options"]),
        )
        if element is not None
    ]
    kind = options["type"]
    namespaces: dict[str | None, str] = {}
    if options["mount_options"] is not None:
        namespaces["fs"] = _FS
    if options["ceph_options"] is not None:
        namespaces["rbd"] = _RBD
    return Element(
        "pool",
        {} if kind is None else {"type": kind},
        children=children,
        namespaces=namespaces or None,
    )


def completed(document: Element, images: str) -> Element:
    """The document of a new pool: with a type, and with the target that its type needs.

    ``images`` is the folder for images of the hypervisor.

    :raises TaskError: a folder is to be called like the pool, and can't.
    """
    kind = type_of(document.get("type") or _DIR)
    children, name = list(document.children), document.value("name") or ""
    if kind.path is not None and document.value("target/path") is None:
        if not kind.path and name in _NO_FOLDERS:
            raise TaskError(
                f"name: no folder can be called '{name}'; set target.path, or another name"
            )
        path = kind.path or (images if name == _DEFAULT else posixpath.join(images, name))
        target = document.child("target") or Element("target")
        children = [child for child in children if child is not target]
        target = target.replaced(children=[Element("path", text=path), *target.children])
        # The elements of other namespaces are the last ones.
        place = sum(not child.tag.startswith("{") for child in children)
        children.insert(place, target)
    if kind.path is None and kind.has_target and document.child("target") is None:
        children.append(Element("target"))
    return document.replaced({**document.attributes, "type": kind.name}, children)


def check_source(names: t.Iterable[str], kind: str) -> None:
    """Check that a type of pools has these sub-options of ``source``.

    :raises TaskError: it has one of them not.
    """
    for name in names:
        if not uses(kind, _TAGS.get(name, name)):
            raise TaskError(
                f"source.{name}: a pool of the type {kind} has none, and libvirt would drop it; leave it out"
            )


def without_others(options: Options) -> t.Callable[[Element], Taken]:
    """What is left of a definition without the entries of lists that the options don't name.

    A list of an option is the whole of it: a pool with another server has not two of them.
    """

    def taken(definition: Element) -> Taken:
        draft = Draft(definition)
        asked = pool_document(None, options)
        source = options["source"] or {}
        for option, above, tag, keys in _LISTS:
            if source.get(option) is None and options.get(option) is None:
                continue
            wanted = asked.child(above) or Element(above)
            known = {_key(entry, keys) for entry in wanted.all(tag)}
            for parent in draft.copy.all(above):
                parent.children = [
                    child
                    for child in parent.children
                    if child.tag != tag or _key(child, keys) in known
                ]
        return draft.left()

    return taken


def _key(entry: Element, names: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(entry.get(name) for name in names)


def _features(options: Options | None) -> Element | None:
    if options is None or options["cow"] is None:
        return None
    return Element("features", children=[Element("cow", {"state": _yes(options["cow"])})])


def _refresh(options: Options | None) -> Element | None:
    if options is None or options["allocation"] is None:
        return None
    volume = Element("volume", {"allocation": options["allocation"]})
    return Element("refresh", children=[volume])


def _listed(
    tag: str, namespace: str, options: t.Sequence[str] | t.Mapping[str, t.Any] | None
) -> Element | None:
    """Options of mount, which are names, or of Ceph, which have values."""
    if options is None:
        return None
    values = options if isinstance(options, t.Mapping) else {}
    entries = [
        Element(
            f"{{{namespace}}}option",
            {"name": name, **({"value": str(values[name])} if name in values else {})},
        )
        for name in options
    ]
    return Element(f"{{{namespace}}}{tag}", children=entries)


def _source(options: Options) -> Element | None:
    children: list[Element] = [
        Element("host", _attributes(host, ("name", "port"))) for host in options.get("hosts") or ()
    ]
    separator = options.get("part_separator")
    rest = {} if separator is None else {"part_separator": _yes(separator)}
    for path in options.get("devices") or ():
        children.append(Element("device", {"path": path, **rest}))
    if options.get("dir") is not None:
        children.append(Element("dir", {"path": options["dir"]}))
    children += _adapter(options.get("adapter"))
    if options.get("name") is not None:
        children.append(Element("name", text=options["name"]))
    if options.get("initiator") is not None:
        iqn = Element("iqn", {"name": options["initiator"]})
        children.append(Element("initiator", children=[iqn]))
    children += _auth(options.get("auth"))
    for name, tag, attribute in (
        ("format", "format", "type"),
        ("protocol_version", "protocol", "ver"),
        ("vendor", "vendor", "name"),
        ("product", "product", "name"),
    ):
        if options.get(name) is not None:
            children.append(Element(tag, {attribute: options[name]}))
    return Element("source", children=children) if children else None


def _adapter(options: Options | None) -> t.Iterator[Element]:
    if options is None:
        return
    parent, unique = options["parent_address"], options["unique_id"]
    children = []
    if parent is not None:
        address = Element("address", _attributes(parent, ("domain", "bus", "slot", "function")))
        attributes = {} if unique is None else {"unique_id": str(unique)}
        children.append(Element("parentaddr", attributes, children=[address]))
    elif unique is not None:
        raise TaskError(
            "source.adapter.unique_id: it is of the adapter's parent; set parent_address too"
        )
    yield Element("adapter", _attributes(options, _ADAPTER), children=children)


def _auth(options: Options | None) -> t.Iterator[Element]:
    if options is None:
        return
    secret = secret_reference(options["secret"], "source.auth.secret")
    yield Element("auth", _attributes(options, ("type", "username")), children=[secret])


def secret_reference(options: Options, where: str) -> Element:
    """The reference to a secret, by one of its names.

    :raises TaskError: it has none, or both.
    """
    attributes = _attributes(options, ("uuid", "usage"))
    if len(attributes) != 1:
        raise TaskError(f"{where}: it needs either uuid or usage; set one of them")
    return Element("secret", attributes)


def _target(options: Options) -> Element | None:
    children = []
    path = options.get("path")
    if path is not None:
        if not path.startswith("/"):
            raise TaskError(f"target.path: {path} is no path from the root; begin it with /")
        children.append(Element("path", text=path))
    if options.get("permissions") is not None:
        children.append(permissions(options["permissions"], "target.permissions"))
    return Element("target", children=children) if children else None


def _attributes(options: Options, names: t.Iterable[str]) -> dict[str, str]:
    values = ((name, options.get(name)) for name in names)
    return {
        name: _yes(value) if isinstance(value, bool) else str(value)
        for name, value in values
        if value is not None
    }


def _yes(is_on: bool) -> str:
    return "yes" if is_on else "no"
