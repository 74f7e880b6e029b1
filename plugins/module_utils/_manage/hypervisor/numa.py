# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The description of the host's NUMA cells."""

from __future__ import annotations

import typing as t

from ..._hypervisor.connection import Connection
from ..._hypervisor.node import free_in_cells, free_pages
from ..._rules.amounts import kib
from ..._xmltree.element import Element

_KIB = 1024


def described_cells(connection: Connection, capabilities: Element) -> list[dict[str, t.Any]]:
    """The NUMA cells by the document of the capabilities, with what is free in each now.

    :raises HypervisorError: libvirt can't be asked for what is free.
    """
    cells = {
        int(cell.get("id") or 0): cell for cell in capabilities.findall("host/topology/cells/cell")
    }
    sizes = sorted({_page_size(page) for cell in cells.values() for page in cell.all("pages")})
    free = free_in_cells(connection, list(cells))
    pages = free_pages(connection, sizes, list(cells))
    return [
        _cell(number, cell, free.get(number), pages.get(number, {}))
        for number, cell in cells.items()
    ]


def _cell(
    number: int, cell: Element, free: int | None, free_pages: t.Mapping[int, int]
) -> dict[str, t.Any]:
    memory = kib(cell.child("memory"))
    return {
        "id": number,
        "memory": None if memory is None else memory * _KIB,
        "free": free,
        "pages": [
            {
                "size": _page_size(page) * _KIB,
                "count": int(page.text or 0),
                "free": free_pages.get(_page_size(page)),
            }
            for page in cell.all("pages")
        ],
        "cpus": [
            {
                "id": int(cpu.get("id") or 0),
                "socket": _number(cpu.get("socket_id")),
                "die": _number(cpu.get("die_id")),
                "core": _number(cpu.get("core_id")),
                "siblings": cpu.get("siblings"),
            }
            for cpu in cell.findall("cpus/cpu")
        ],
        "distances": [
            {"cell": _number(each.get("id")), "distance": _number(each.get("value"))}
            for each in cell.findall("distances/sibling")
        ],
    }


def _page_size(page: Element) -> int:
    """The size of a page in KiB, which is the only unit of libvirt here."""
    return int(page.get("size") or 0)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
