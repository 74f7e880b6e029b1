# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
import typing as t

import pytest

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
def judge() -> t.Any:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make oracle")
    from .judge import Judge

    with Judge.connected() as found:
        yield found
