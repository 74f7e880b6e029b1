# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of storage pools."""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import Pool, pools
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import HypervisorError, is_code
from ..._xmltree.dump import parse_dump
from ..._xmltree.element import Element
from ..references import documents_of
from ..selection import Selection
from .running import differences


def describe(connection: Connection, selection: Selection) -> list[dict[str, t.Any]]:
    """The facts of the selected pools, by name.

    :raises HypervisorError: they can't be read.
    """
    found = []
    for pool, document in documents_of(pools(connection)):
        if not selection.means(pool.name, pool.uuid):
            continue
        try:
            found.append(_described(pool, document))
        except HypervisorError as error:
            # It has disappeared meanwhile.
            if not is_code(error.__cause__, "VIR_ERR_NO_STORAGE_POOL"):
                raise
    return found


def facts_in(document: Element) -> dict[str, t.Any]:
    """The facts in a pool's definition, as modules return them."""
    return {"type": document.get("type"), "path": document.value("target/path")}


def _described(pool: Pool, document: Element) -> dict[str, t.Any]:
    text = pool.live()
    live = None if text is None else parse_dump(text)
    return {
        **pool.facts().as_result(),
        **facts_in(document),
        **pool.sizes(),
        "volumes": pool.volume_names(),
        "restart_required": live is not None and bool(differences(document, live)),
        "xml": pool.definition(),
        "live_xml": text,
    }
