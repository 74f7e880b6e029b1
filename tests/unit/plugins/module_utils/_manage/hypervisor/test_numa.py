# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The description of NUMA cells."""

from __future__ import annotations

import types

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.hypervisor import numa
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

HOST = """
<capabilities><host><topology><cells num='2'>
  <cell id='0'>
    <memory unit='KiB'>4096</memory>
    <pages unit='KiB' size='4'>512</pages>
    <pages unit='KiB' size='2048'>1</pages>
    <distances><sibling id='0' value='10'/><sibling id='8' value='40'/></distances>
    <cpus num='1'><cpu id='3' socket_id='1' die_id='0' core_id='2' siblings='3,7'/></cpus>
  </cell>
  <cell id='8'><cpus num='1'><cpu id='9'/></cpus></cell>
</cells></topology></host></capabilities>
"""


def test_cells_with_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numa, "free_in_cells", lambda _connection, cells: {cells[0]: 77})
    monkeypatch.setattr(numa, "free_pages", lambda _connection, sizes, _cells: {0: {sizes[0]: 5}})
    first, second = numa.described_cells(types.SimpleNamespace(), parse(HOST))  # type: ignore[arg-type]
    assert first == {
        "id": 0,
        "memory": 4096 * 1024,
        "free": 77,
        "pages": [
            {"size": 4096, "count": 512, "free": 5},
            {"size": 2048 * 1024, "count": 1, "free": None},
        ],
        "cpus": [{"id": 3, "socket": 1, "die": 0, "core": 2, "siblings": "3,7"}],
        "distances": [{"cell": 0, "distance": 10}, {"cell": 8, "distance": 40}],
    }
    assert second == {
        "id": 8,
        "memory": None,
        "free": None,
        "pages": [],
        "cpus": [{"id": 9, "socket": None, "die": None, "core": None, "siblings": None}],
        "distances": [],
    }
