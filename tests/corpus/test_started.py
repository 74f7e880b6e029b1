# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each document of the corpus that can be started: right after, nothing is pending."""

from __future__ import annotations

import collections
import concurrent.futures
import pathlib
import re
import typing as t

import libvirt
import pytest

from . import documents
from .host import Host
from .startable import startable

Counts = collections.Counter


def paths() -> list[pathlib.Path]:
    return [*documents.paths(), *documents.plugged_into()]


@pytest.fixture(scope="module")
def remove(host: Host) -> t.Iterator[t.Callable[[str], object]]:
    """Remove a domain, while the next test starts another; libvirt waits for QEMU's end."""
    with concurrent.futures.ThreadPoolExecutor(2) as later:
        yield lambda name: later.submit(host.remove, name)


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_nothing_is_pending_right_after_the_start(
    path, host: Host, remove, counts: Counts[str]
) -> None:
    text = startable(documents.document(path))
    if text is None:
        counts["not started: QEMU would wait for another program"] += 1
        pytest.skip("QEMU would wait for another program to connect")
    assert text is not None
    name = documents.name_of(path)
    try:
        host.define(text)
    except libvirt.libvirtError as error:
        pytest.skip(f"libvirt refuses it: {error.get_error_message()}")
    try:
        try:
            host.start_paused(name)
        except libvirt.libvirtError as error:
            counts["definitions that can't be started here"] += 1
            pytest.skip(f"libvirt can't start it: {_line(error.get_error_message())}")
        counts["definitions that were started, paused"] += 1
        assert [change.path for change in host.pending(name)] == []
        counts["… with nothing pending right after"] += 1
    finally:
        remove(name)


def _line(message: str) -> str:
    return re.sub(r"\s+", " ", message)[-200:]
