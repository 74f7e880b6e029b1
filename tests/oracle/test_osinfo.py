# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operating system of the database, as libosinfo understands it."""

from __future__ import annotations

import collections
import pathlib
import re
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import (
    Database,
    OperatingSystem,
)

gi = pytest.importorskip("gi")

_LEVELS = ("minimum", "recommended", "network_install")
_EXAMPLE = re.compile(r"osinfo[:=]? +([a-z]+[0-9][\w.]*|gentoo)\b")


def _listed(items: t.Any) -> list[t.Any]:
    return [items.get_nth(number) for number in range(items.get_length())]


def _theirs(system: t.Any) -> dict[str, t.Any]:
    resources = {
        level: {
            one.get_architecture(): (one.get_ram(), one.get_n_cpus(), one.get_storage())
            for one in _listed(getattr(system, f"get_{level}_resources")())
        }
        for level in _LEVELS
    }
    return {
        "short ids": list(system.get_short_id_list()),
        "family": system.get_family(),
        "distro": system.get_distro(),
        "kernel argument": system.get_kernel_url_argument(),
        "devices": sorted(device.get_id() for device in _listed(system.get_all_devices())),
        "names of devices": sorted(
            (device.get_name(), device.get_class()) for device in _listed(system.get_all_devices())
        ),
        "firmwares": sorted(
            (one.get_architecture(), one.get_firmware_type(), one.is_supported())
            for one in _listed(system.get_complete_firmware_list())
        ),
        **resources,
    }


def _ours(system: OperatingSystem) -> dict[str, t.Any]:
    resources = {
        level: {
            arch: tuple(-1 if n is None else n for n in (one.ram, one.cpus, one.storage))
            for arch, one in system.resources(level.replace("_", "-")).items()
        }
        for level in _LEVELS
    }
    return {
        "short ids": system.short_ids,
        "family": system.family,
        "distro": system.distro,
        "kernel argument": system.kernel_url_argument,
        "devices": sorted(device.id for device in system.devices()),
        "names of devices": sorted((one.name, one.kind) for one in system.devices()),
        "firmwares": sorted((one.arch, one.kind, one.supported) for one in system.firmwares()),
        **resources,
    }


def _without_nothing(facts: dict[str, t.Any]) -> dict[str, t.Any]:
    """libosinfo has empty resources where it inherits some that aren't there."""
    for level in _LEVELS:
        facts[level] = {arch: one for arch, one in facts[level].items() if set(one) != {-1}}
    return facts


def test_every_system_is_as_libosinfo_reads_it(counts: collections.Counter[str]) -> None:
    gi.require_version("Libosinfo", "1.0")
    from gi.repository import Libosinfo

    loader = Libosinfo.Loader()
    loader.process_default_path()
    systems = _listed(loader.get_db().get_os_list())
    database = Database()
    assert len(database.all()) == len(systems) > 700
    for system in systems:
        ours = _without_nothing(_ours(database.find(system.get_id())))
        assert ours == _without_nothing(_theirs(system)), system.get_id()
    counts["operating systems as libosinfo reads them"] += len(systems)


def test_the_systems_of_examples_are_in_the_database() -> None:
    top = pathlib.Path(__file__).parents[2]
    pages = [
        path
        for pattern in ("*.md", "docs/**/*.rst", "roles/*/*.md", "plugins/modules/*.py")
        for path in top.glob(pattern)
    ]
    named = {name for page in pages for name in _EXAMPLE.findall(page.read_text("utf-8"))}
    assert {"gentoo", "fedora37"} <= named
    database = Database()
    assert {database.find(name).short_id for name in named} == named
