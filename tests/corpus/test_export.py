# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each document of the corpus as options, which leave the domain as it is, and make it again."""

from __future__ import annotations

import collections
import hashlib
import os
import pathlib
import typing as t

import libvirt
import pytest

from . import documents
from .host import Host

Counts = collections.Counter


#: The share of the documents that are exported: a quarter of them takes minutes.
_SHARE = float(os.environ.get("EXPORT_SHARE", "0.25"))


def is_tried(name: str) -> bool:
    """Whether a document is one of the share: always the same ones."""
    number = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
    return number < _SHARE * 16**8


@pytest.fixture(scope="session")
def exporter(host: Host) -> t.Any:
    from .exporting import Exporter

    return Exporter(host.connection)


_PATHS = [path for path in documents.paths() if is_tried(path.stem)]


@pytest.mark.parametrize("path", _PATHS, ids=[path.stem for path in _PATHS])
def test_exported_and_back(
    path: pathlib.Path,
    host: Host,
    exporter: t.Any,
    counts: Counts[str],
    measured: dict[str, list[float]],
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
        measured["length of an export in YAML, of its XML"].append(trip.part)
        assert trip.problem is None, f"{trip.problem}\n{trip.export.options}"
        counts["exported, of it: unchanged where it exists, and made the same anew"] += 1
    finally:
        host.remove(name)
