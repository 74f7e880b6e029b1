# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.osinfo_info: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.files import opened
from .._manage.errors import TaskError
from .._osinfo import Database, NotAnImage, OperatingSystem, detect
from .failures import failures_reported
from .libraries import require_libraries
from .spec import Spec

SPEC = Spec(
    {
        "name": {"type": "list", "elements": "str"},
        "family": {"type": "list", "elements": "str"},
        "path": {"type": "path"},
        "details": {"type": "bool", "default": False},
    },
    mutually_exclusive=(("name", "path"), ("family", "path")),
)

_PATTERN = frozenset("*?[")
_LEVELS = {"minimum": "minimum", "recommended": "recommended"}


def run(module: AnsibleModule) -> None:
    """Look up the operating systems, and exit with them."""
    require_libraries(module)
    params = module.params
    with failures_reported(module, params["path"] or "osinfo"):
        systems = _selected(Database(), params)
    module.exit_json(
        changed=False,
        operating_systems=[_described(system, params["details"]) for system in systems],
    )


def _selected(database: Database, params: dict[str, t.Any]) -> list[OperatingSystem]:
    if params["path"] is not None:
        found = _detected(database, params["path"])
        return [] if found is None else [found]
    systems: dict[str, OperatingSystem] = {}
    for name in params["name"] if params["name"] is not None else ["*"]:
        matching = database.match(name) if _PATTERN & set(name) else [database.find(name)]
        systems.update((system.id, system) for system in matching)
    families = params["family"]
    return [system for system in systems.values() if families is None or system.family in families]


def _detected(database: Database, path: str) -> OperatingSystem | None:
    try:
        with opened(path, devices=True) as image:
            return detect(database, image)
    except OSError as error:
        raise TaskError(f"it can't be read: {error.strerror}") from None
    except NotAnImage as error:
        raise TaskError(str(error)) from None


def _described(system: OperatingSystem, details: bool) -> dict[str, t.Any]:
    described: dict[str, t.Any] = {
        "id": system.id,
        "short_ids": system.short_ids,
        "name": system.name,
        "version": system.version,
        "vendor": system.vendor,
        "family": system.family,
        "distro": system.distro,
        "codename": system.codename,
        "release_date": system.release_date,
        "eol_date": system.eol_date,
        "release_status": system.release_status,
    }
    for key, level in _LEVELS.items():
        described[key] = {
            arch: needed._asdict() for arch, needed in system.resources(level).items()
        }
    if details:
        described["devices"] = [
            {"id": device.id, "name": device.name, "class": device.kind}
            for device in system.devices()
        ]
        described["firmwares"] = [
            {"arch": firmware.arch, "type": firmware.kind, "supported": firmware.supported}
            for firmware in system.firmwares()
        ]
    return described
