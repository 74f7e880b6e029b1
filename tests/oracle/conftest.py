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
_IMAGES = "/var/lib/libvirt/images"
_POOL = f"<pool type='dir'><name>default</name><target><path>{_IMAGES}</path></target></pool>"


def pytest_sessionstart(session: pytest.Session) -> None:
    """The pool that virt-install makes where it is missing, before two workers do so at once."""
    if hasattr(session.config, "workerinput") or os.environ.get("PRIVATE_LIBVIRTD") != "1":
        return
    import libvirt

    os.makedirs(_IMAGES, exist_ok=True)
    with contextlib.closing(libvirt.open("qemu:///system")) as connection:
        connection.storagePoolDefineXML(_POOL).create()


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
