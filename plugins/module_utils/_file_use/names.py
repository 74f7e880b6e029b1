# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that documents name, and the names in the headers of images."""

from __future__ import annotations

import json
import posixpath
import re
import typing as t
import urllib.parse

from .._xmltree.element import Element
from .media import MEDIA
from .places import FOLDER, NONE, place_of

#: Elements that are a whole domain, in the documents of snapshots and checkpoints too.
_DOMAINS = ("domain", "inactiveDomain")
#: A path within an option of a command line: up to a blank, and with blanks in it.
_IN_ARGUMENT = (re.compile(r"/[^\s,;\"'=]+"), re.compile(r"/[^,\"]+"))
#: The namespaces of such options.
_OWN_OPTIONS = "{http://libvirt.org/schemas/domain/"
#: The use of a file that is named there.
ARGUMENT = "an argument of the hypervisor"


class Named(t.NamedTuple):
    """A file that a document names: by ``path``, or as the ``volume`` of a ``pool``.

    ``what`` is its use. ``target`` is the disk's, ``None`` where it is no disk's file.
    ``form`` is the format in the document, or ``None``. ``is_shared``: several domains may use
    the file, because it is read-only, shareable or a medium. ``is_base``: it is below the image of
    a disk.
    """

    path: str | None
    pool: str | None
    volume: str | None
    what: str
    target: str | None
    form: str | None
    is_folder: bool
    is_shared: bool
    is_base: bool = False


def named_in(document: Element) -> t.Iterator[Named]:
    """The files in a domain's document, or in one of its snapshots or checkpoints."""
    yield from _named(document, (), None)


def _named(element: Element, path: tuple[str, ...], disk: Element | None) -> t.Iterator[Named]:
    if element.tag == "disk":
        disk = element
    source = element.child("source")
    if source is not None and (source.get("pool") or source.get("volume")):
        yield _found(path, None, element, disk, source)
    if source is not None and source.get("protocol") and source.get("name"):
        # libvirt's pools of network storage give their volumes the same names.
        yield _found((*path, "source", "@name"), source.get("name"), element, disk)
    if element.tag == "mirror" and element.get("file"):
        yield _found((*path, "@file"), element.get("file"), element, disk)
    for child in element.children:
        # The places are relative to the domain.
        below = () if child.tag in _DOMAINS else (*path, child.tag)
        yield from _values(child, below, element, disk)
        yield from _named(child, below, disk)


def _values(
    child: Element, path: tuple[str, ...], parent: Element, disk: Element | None
) -> t.Iterator[Named]:
    for key, value in (*child.attributes.items(), ("", child.text or "")):
        if not value:
            continue
        if child.tag.startswith(_OWN_OPTIONS):
            for found in dict.fromkeys(_in_argument(value)):
                yield _found((), found, parent, None)._replace(what=ARGUMENT)
            continue
        place = (*path, f"@{key}") if key else path
        is_image = disk is not None and child.tag == "source" and key in ("file", "dev", "dir")
        if not is_image and not value.strip().startswith("/"):
            continue
        owner = child if child.tag == "mirror" else parent
        yield from _of_use(_found(place, value.strip(), owner, disk), place)


def _in_argument(value: str) -> t.Iterator[str]:
    """The paths in an option, for each way in which QEMU may read it."""
    try:
        # -blockdev and -object take JSON.
        texts = [leaf for _key, leaf in _leaves(json.loads(value)) if isinstance(leaf, str)]
    except ValueError:
        texts = []
    # A comma that is part of a value is written twice.
    for text in (*texts, value.replace(",,", "\0")):
        for pattern in _IN_ARGUMENT:
            for found in pattern.findall(text):
                yield found.replace("\0", ",")


def _of_use(named: Named, place: tuple[str, ...]) -> t.Iterator[Named]:
    row = place_of(place)
    if row is None or row.use != NONE:
        yield named


def _found(
    place: tuple[str, ...],
    path: str | None,
    owner: Element,
    disk: Element | None,
    volume: Element | None = None,
) -> Named:
    row = place_of(place)
    target = None
    if disk is not None:
        # In a snapshot a disk has a name instead of a target.
        target = disk.value("target/@dev") or disk.get("name")
    return Named(
        path=path,
        pool=None if volume is None else volume.get("pool"),
        volume=None if volume is None else volume.get("volume"),
        what=row.what if row is not None else f"/{'/'.join(place)}",
        target=target,
        form=owner.value("driver/@type") or owner.value("format/@type"),
        is_folder=row is not None and row.use == FOLDER,
        is_shared=disk is not None and is_shared(disk),
        is_base="backingStore" in place,
    )


def is_shared(disk: Element) -> bool:
    """Whether several domains may have a disk: it is read-only or shareable."""
    return (disk.get("device") or "disk") in MEDIA or any(
        disk.child(tag) is not None for tag in ("readonly", "shareable")
    )


# The names in the headers of images.

#: QEMU's block drivers whose images are on other hosts, or are no files.
_NETWORK = frozenset(
    [
        "http",
        "https",
        "ftp",
        "ftps",
        "ssh",
        "sftp",
        "tftp",
        "rbd",
        "iscsi",
        "iser",
        "gluster",
        "gluster+tcp",
        "gluster+rdma",
        "nfs",
        "sheepdog",
        "vxhs",
        "nvme",
        "null-co",
        "null-aio",
    ]
)
_LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1")
_PROTOCOL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class UnknownName(Exception):
    """A name that doesn't show which file it stands for."""


def files_named(name: str, directory: str) -> list[str]:
    """The paths of the files that a name in an image's header stands for.

    ``directory`` is the image's own.

    :raises UnknownName: the name may stand for a file of this host, but not clearly.
    """
    if name.startswith("json:"):
        return _files_in_json(name, directory)
    found = _PROTOCOL.match(name)
    if found is None:
        return [posixpath.join(directory, name)]
    protocol, rest = found.group(1).lower(), name[found.end() :]
    if protocol in ("file", "host_device"):
        path = urllib.parse.unquote(rest[2:]) if rest.startswith("//") else rest
        return [posixpath.join(directory, path)]
    if protocol in _NETWORK:
        return []
    if protocol.startswith("nbd"):
        # A server on this host has a file of it.
        if not _is_local_server(protocol, rest):
            return []
        raise UnknownName(name)
    if protocol == "fat":
        return [posixpath.join(directory, rest.rpartition(":")[2])]
    raise UnknownName(name)


def _is_local_server(protocol: str, rest: str) -> bool:
    if rest.startswith("//"):
        try:
            host = urllib.parse.urlsplit(f"{protocol}:{rest}").hostname or ""
        except ValueError:
            return True
        return "unix" in protocol or host in _LOCAL_HOSTS
    return rest.startswith("unix:") or rest.partition(":")[0] in _LOCAL_HOSTS


def _files_in_json(name: str, directory: str) -> list[str]:
    """https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html#object-QMP-block-core.BlockdevOptions"""
    try:
        described = json.loads(name[len("json:") :])
    except ValueError:
        raise UnknownName(name) from None
    found: list[str] = []
    is_known = False
    for key, value in _leaves(described):
        last = key.rpartition(".")[2]
        if last == "filename" and isinstance(value, str):
            is_known = True
            found += files_named(value, directory)
        elif last == "driver" and value in _NETWORK:
            is_known = True
        elif last in ("host", "path") and ("server" in key or "host" in key):
            is_known = is_known or (last == "host" and value not in _LOCAL_HOSTS)
        elif last in ("file", "backing", "data-file") and isinstance(value, str):
            # The name of a node that only QEMU knows.
            raise UnknownName(name)
    if not is_known:
        raise UnknownName(name)
    return found


def _leaves(value: object, key: str = "") -> t.Iterator[tuple[str, object]]:
    """The values in a description, each after its keys, joined by dots."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, key)
    else:
        yield key, value
