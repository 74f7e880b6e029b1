# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import collections
import contextlib
import os
import typing as t

import pytest

_COUNTS: collections.Counter[str] = collections.Counter()
_KEY = "oracle"
#: Where virt-install puts disks, and what it makes for a first boot.
_POOLS = {"default": "/var/lib/libvirt/images", "boot": "/var/lib/libvirt/boot"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """The pools that virt-install makes where they are missing, before two workers do at once."""
    if hasattr(session.config, "workerinput") or os.environ.get("PRIVATE_LIBVIRTD") != "1":
        return
    import libvirt

    with contextlib.closing(libvirt.open("qemu:///system")) as connection:
        for name, path in _POOLS.items():
            os.makedirs(path, exist_ok=True)
            pool = (
                f"<pool type='dir'><name>{name}</name><target><path>{path}</path></target></pool>"
            )
            connection.storagePoolDefineXML(pool).create()


@pytest.fixture(scope="session")
def counts() -> collections.Counter[str]:
    """What the suite has counted; printed at its end."""
    return _COUNTS


@pytest.fixture(scope="session")
def judge() -> t.Any:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make oracle")
    from .judge import Judge

    with Judge.connected() as found:
        yield found


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    terminalreporter.section("oracle")
    for name, count in sorted(_COUNTS.items()):
        terminalreporter.write_line(f"{count:7} {name}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker has counted goes to the process that started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = dict(_COUNTS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: t.Any) -> None:
    _COUNTS.update(getattr(node, "workeroutput", {}).get(_KEY, {}))
