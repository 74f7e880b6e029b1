# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each document of the corpus as options, which leave the domain as it is, and make it again."""

from __future__ import annotations

import collections
import pathlib
import typing as t

import libvirt
import pytest

from . import documents
from .host import Host

Counts = collections.Counter


@pytest.fixture(scope="session")
def exporter(host: Host) -> t.Any:
    from .exporting import Exporter

    return Exporter(host.connection)


def test_exported_and_back(
    path: pathlib.Path, host: Host, exporter: t.Any, counts: Counts[str]
) -> None:
    text, name = documents.document(path), documents.name_of(path)
    try:
        host.define(text)
    except libvirt.libvirtError as error:
        pytest.skip(f"libvirt refuses it: {error.get_error_message()}")
    try:
        trip = exporter.trip(name, host.definition(name), lambda: host.remove(name))
        counts["exported"] += 1
        counts[f"exported, of it: as {trip.export.form}"] += 1
        counts[f"exported, of it: {trip.share}"] += 1
        assert trip.problem is None, f"{trip.problem}\n{trip.export.options}"
        counts["exported, of it: unchanged where it exists, and made the same anew"] += 1
    finally:
        host.remove(name)
