# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the volume that a task is about."""

from __future__ import annotations

from ..._hypervisor.objects import Objects
from ..._hypervisor.volumes import StoredVolume, volume_name
from ..._xmltree.element import Element
from ..errors import TaskError
from ..identity import Identified


def identify(
    pool: str, volumes: Objects[StoredVolume], document: Element, given: str | None
) -> Identified[StoredVolume]:
    """Find the volume of a pool that a document is about; ``given`` is POOL/NAME, or ``None``.

    :raises TaskError: the document and the option contradict each other, or are no name.
    """
    written = document.value("name")
    name = None if given is None else given.partition("/")[2]
    if name is not None and written not in (None, name):
        raise TaskError(
            f"the XML's <name> is '{written}', but the option name is '{name}'; make them equal, or leave "
            "one out"
        )
    name = written if name is None else name
    check_name(name)
    if written is None:
        document = document.replaced(children=[Element("name", text=name), *document.children])
    full = volume_name(pool, name or "")
    return Identified(document, full, volumes.by_name(full))


def check_name(name: str | None) -> None:
    """Check the name of a volume.

    :raises TaskError: there is none, or libvirt takes none like that.
    """
    if name is None or not name.strip():
        raise TaskError("name: a volume needs one; set it, or give a document with a <name>")
    if "/" in name:
        raise TaskError(
            f"name: '{name}' has a slash; give the name alone, and the pool by the option pool"
        )
