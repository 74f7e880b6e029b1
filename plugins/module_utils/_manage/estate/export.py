# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exporting the objects of a host that guests need, as the module estate takes them."""

from __future__ import annotations

import typing as t

from ..._choices import ACTIVE, EXACT, MERGE
from ..._errors import ExpectedError
from ..._hypervisor.active_object import ActiveObject, networks, pools
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domains
from ..._hypervisor.host import host_facts
from ..._hypervisor.image_folder import image_folder
from ..._hypervisor.nwfilters import nwfilters
from ..._hypervisor.secrets import Secrets
from ..._hypervisor.volumes import Volumes
from ..._reconcile.reconcile import reconcile
from ..._reconcile.redact import redacted
from ..._rules.kind import Kind
from ..._rules.network import KIND as NETWORK
from ..._rules.nwfilter_names import LIBVIRTS
from ..._rules.pool import KIND as POOL
from ..._rules.volume import capacity_in
from ..._secrecy import HIDDEN
from ..._virtinst.storage import Existing, images_of_disk
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..network.defaults import with_defaults
from ..network.described import document_of, given_in
from ..network.described import options_of as network_options
from ..pool.described import PERMISSIONS
from ..pool.described import options_of as pool_options
from ..pool.document import DESCRIBING, completed, pool_document
from ..secret import usage_of

Entry = dict[str, t.Any]
_GIB, _MIB = 1024**3, 1024**2
_MEDIA = ("cdrom", "floppy")
#: What libvirt draws, or fills in, and others may refer to all the same.
_KEPT = (("bridge", "name"), ("target", "path"), ("type",))


def export_networks(connection: Connection) -> list[Entry]:
    """The networks that have a definition, by name.

    :raises HypervisorError: they can't be read.
    """

    def new(options: Entry, name: str) -> Element:
        document = document_of(options)
        document = document.replaced(children=[Element("name", text=name), *document.children])
        return with_defaults(given_in(options), connection, document)

    def asked(options: Entry, _name: str) -> Element:
        return document_of(options)

    def candidate(document: Element) -> Entry:
        options = network_options(document)
        # Without them a new network would get some.
        options.setdefault("forward", {"mode": "none"})
        options.setdefault("ips", [])
        options.setdefault("domain", {})
        return options

    found = sorted(networks(connection).all(), key=lambda one: one.name)
    return [_active(one, NETWORK, candidate, new, asked) for one in found if _is_defined(one)]


def export_pools(connection: Connection) -> list[Entry]:
    """The storage pools that have a definition, by name.

    :raises HypervisorError: they can't be read.
    """
    folder = image_folder(connection.uri)

    def new(options: Entry, name: str) -> Element:
        return completed(pool_document(name, _whole(options)), folder)

    def asked(options: Entry, _name: str) -> Element:
        return pool_document(None, _whole(options))

    found = sorted(pools(connection).all(), key=lambda one: one.name)
    return [_active(one, POOL, pool_options, new, asked) for one in found if _is_defined(one)]


def _whole(options: Entry) -> Entry:
    whole = {**dict.fromkeys(DESCRIBING), **options}
    source = whole["source"]
    if source and source.get("adapter"):
        adapter = {"parent_address": None, "unique_id": None, **source["adapter"]}
        whole["source"] = {**source, "adapter": adapter}
    target = whole["target"]
    if target and target.get("permissions"):
        permissions = {**dict.fromkeys(PERMISSIONS), **target["permissions"]}
        whole["target"] = {**target, "permissions": permissions}
    return whole


def _is_defined(found: ActiveObject) -> bool:
    return found.facts().persistent


def _active(
    found: ActiveObject,
    kind: Kind,
    candidate: t.Callable[[Element], Entry],
    new: t.Callable[[Entry, str], Element],
    asked: t.Callable[[Entry, str], Element],
) -> Entry:
    """The entry of a network or a pool: by options where they say all, else by its document."""
    document, facts = found.document(), found.facts()

    def holds(options: Entry) -> bool:
        try:
            made = reconcile(new(options, found.name), document, kind.book, EXACT)
            here = reconcile(asked(options, found.name), document, kind.book, MERGE)
        except ExpectedError:
            return False
        return not (made.changes or here.changes)

    options = candidate(document)
    entry: Entry = {"name": found.name}
    entry.update(_shorter(options, holds) if holds(options) else _as_document(document, kind))
    if facts.active:
        entry["state"] = ACTIVE
    if facts.autostart:
        entry["autostart"] = True
    return entry


def _as_document(document: Element, kind: Kind) -> Entry:
    shown = redacted(document, kind.book.top)
    if shown is document:
        return {"xml": serialise(document)}
    # What is secret stays as it is where the object exists.
    return {"xml": serialise(_without_hidden(shown)), "mode": MERGE}


def _without_hidden(element: Element) -> Element:
    children = [
        _without_hidden(child)
        for child in element.children
        if HIDDEN not in (child.text or "") and HIDDEN not in child.attributes.values()
    ]
    return element.replaced(children=children)


def _shorter(options: Entry, holds: t.Callable[[Entry], bool], way: tuple[str, ...] = ()) -> Entry:
    """The options without the parts that they hold without."""
    for name in list(options):
        place = (*way, name)
        rest = {key: value for key, value in options.items() if key != name}
        if any(kept[: len(place)] == place for kept in _KEPT):
            pass
        elif holds(rest):
            options = rest
            continue
        value = options[name]
        if isinstance(value, dict) and value:
            whole = options

            def holds_below(part: Entry, name: str = name, whole: Entry = whole) -> bool:
                return bool(part) and holds({**whole, name: part})

            options = {**options, name: _shorter(value, holds_below, place)}
    return options


def export_nwfilters(connection: Connection) -> list[Entry]:
    """The network filters that don't come with libvirt, by name.

    :raises HypervisorError: they can't be read.
    """
    found = sorted(nwfilters(connection).all(), key=lambda one: one.name)
    return [
        {"name": one.name, "xml": serialise(one.document())}
        for one in found
        if one.name not in LIBVIRTS
    ]


def export_secrets(connection: Connection) -> list[Entry]:
    """The secrets, without their values.

    :raises HypervisorError: they can't be read.
    """
    entries = []
    for one in sorted(Secrets(connection).all(), key=lambda one: (one.name, one.uuid)):
        document = one.document()
        entry: Entry = {"uuid": one.uuid}
        usage = usage_of(document)
        if usage is not None:
            entry["usage"] = {"type": usage[0], "id": usage[1]}
        if document.value("description"):
            entry["description"] = document.value("description")
        for name in ("ephemeral", "private"):
            if document.get(name) == "yes":
                entry[name] = True
        entries.append(entry)
    return entries


class ExportedVolumes(t.NamedTuple):
    """The volumes of guests' disks.

    ``elsewhere`` has the paths of images that are in no pool that is on, and ``media`` what is in
    drives for CD-ROMs and floppies, which is left out: an empty medium is of no use.
    """

    entries: list[Entry]
    elsewhere: list[str]
    media: list[str]


def export_volumes(connection: Connection, documents: t.Iterable[Element]) -> ExportedVolumes:
    """The volumes that the disks of these domains are in; a base comes before what it is the base of.

    :raises HypervisorError: they can't be read.
    """
    storage = host_facts(Domains(connection)).storage
    entries: dict[tuple[str, str], Entry] = {}
    elsewhere: list[str] = []
    media: list[str] = []

    def add(existing: Existing | None, path: str, seen: frozenset[str]) -> None:
        if existing is None or existing.pool is None or not existing.pool.name or path in seen:
            if path not in elsewhere and path not in seen:
                elsewhere.append(path)
            return
        pool, name = existing.pool.name, existing.volume or path.rpartition("/")[2]
        if (pool, name) in entries:
            return
        found = Volumes(connection, pool).by_name(f"{pool}/{name}")
        if found is None:
            elsewhere.append(path)
            return
        document = found.document()
        base = document.value("backingStore/path")
        if base:
            add(storage.at(base), base, seen | {path})
        entries[(pool, name)] = _volume(pool, name, document)

    for document in documents:
        for disk in document.findall("devices/disk"):
            pool, volume = disk.value("source/@pool"), disk.value("source/@volume")
            if disk.get("device") in _MEDIA:
                named = [f"{pool}/{volume}"] if pool and volume else []
                media += [path for path in (*named, *images_of_disk(disk)) if path not in media]
                continue
            try:
                if pool and volume:
                    existing = storage.volume(pool, volume)
                    add(existing, existing.path, frozenset())
                for path in images_of_disk(disk):
                    add(storage.at(path), path, frozenset())
            except ExpectedError:
                elsewhere.append(f"{pool}/{volume}")
    return ExportedVolumes(list(entries.values()), elsewhere, media)


def _volume(pool: str, name: str, document: Element) -> Entry:
    entry: Entry = {"name": name, "pool": pool}
    capacity = capacity_in(document)
    if capacity is not None:
        entry["capacity"] = _size(capacity)
    form = document.value("target/format/@type")
    if form and form != "qcow2":
        entry["format"] = form
    base = document.value("backingStore/path")
    if base:
        backing: Entry = {"path": base}
        if document.value("backingStore/format/@type"):
            backing["format"] = document.value("backingStore/format/@type")
        entry["backing"] = backing
    encryption = document.find("target/encryption")
    secret = None if encryption is None else encryption.child("secret")
    if encryption is not None and secret is not None:
        reference = {n: secret.get(n) for n in ("usage", "uuid") if secret.get(n)}
        entry["encryption"] = {"format": encryption.get("format"), "secret": reference}
    return entry


def _size(capacity: int) -> str:
    """A size in the largest unit that it is a whole number of."""
    for unit, amount in (("GiB", _GIB), ("MiB", _MIB)):
        if capacity and capacity % amount == 0:
            return f"{capacity // amount} {unit}"
    return str(capacity)
