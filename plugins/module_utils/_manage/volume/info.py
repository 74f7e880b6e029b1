# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of volumes."""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import Pool, pools
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import HypervisorError, is_code
from ..._hypervisor.file_users import FilesInUse, files_in_use
from ..._hypervisor.volumes import StoredVolume, Volumes, document_of
from ..._rules.volume import capacity_in
from ..._xmltree.element import Element
from ..selection import Selection

_SIZES = ("allocation", "physical")
_GONE = ("VIR_ERR_NO_STORAGE_VOL", "VIR_ERR_NO_STORAGE_POOL")


def describe(
    connection: Connection, pool: Selection, name: Selection, with_users: bool
) -> list[dict[str, t.Any]]:
    """The facts of the selected volumes of active pools, by pool and name.

    :raises HypervisorError: they can't be read.
    """
    # What is looked at for users is refreshed.
    files = files_in_use(connection) if with_users else None
    found = []
    for each in pools(connection).all():
        if pool.means(each.name, each.uuid) and each.facts().active:
            found += list(_described(connection, each, name, files))
    return found


def _described(
    connection: Connection, pool: Pool, name: Selection, files: FilesInUse | None
) -> t.Iterator[dict[str, t.Any]]:
    for volume in Volumes(connection, pool.name).all():
        own = volume.name.partition("/")[2]
        if not name.means(own, ""):
            continue
        try:
            document = document_of(volume)
        except HypervisorError as error:
            # Its file has disappeared.
            if is_code(error.__cause__, *_GONE):
                continue
            raise
        facts = {
            "name": own,
            "pool": pool.name,
            **facts_in(document),
            **{tag: _number(document, tag) for tag in _SIZES},
            "xml": volume.definition(),
        }
        if files is not None:
            facts["users"] = _users(files, volume)
        yield facts


def _users(files: FilesInUse, volume: StoredVolume) -> list[str]:
    """Who uses a volume, in words such as ``vda of the domain web``."""
    answer = files.use.of(volume.path)
    found = [use.words for use in answer.uses]
    found += [f"{link.overlay}, whose {link.what} it is" for link, _uses in answer.images]
    return list(dict.fromkeys(found))


def _number(document: Element, tag: str) -> int | None:
    text = document.value(tag)
    return None if text is None else int(text)


def facts_in(document: Element) -> dict[str, t.Any]:
    """The facts in a volume's document, as modules return them."""
    backing = document.child("backingStore")
    return {
        "path": document.value("target/path"),
        "key": document.value("key"),
        "type": document.get("type"),
        "format": document.value("target/format/@type"),
        "capacity": capacity_in(document),
        "backing": None
        if backing is None or backing.value("path") is None
        else {"path": backing.value("path"), "format": backing.value("format/@type")},
        "encryption": document.value("target/encryption/@format"),
    }
