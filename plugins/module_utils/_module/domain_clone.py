# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_clone: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import PRESENT, RUNNING
from .._hypervisor.domains import Domains
from .._manage.domain.clone import ensure_cloned
from .._manage.errors import TaskError
from .._virtinst.clone.disks import COPY, LINKED, MODES, Defaults, DiskWish
from .._virtinst.clone.request import COPIED, FRESH, CloneRequest
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .outcome_warnings import warn_of
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "name": {"type": "str", "required": True},
        "clone": {"type": "str"},
        "snapshot": {"type": "str"},
        "state": {"type": "str", "choices": [PRESENT, RUNNING], "default": PRESENT},
        "disk_mode": {"type": "str", "choices": [COPY, LINKED], "default": COPY},
        "pool": {"type": "str"},
        "sparse": {"type": "bool", "default": True},
        "reflink": {"type": "bool", "default": False},
        "disks": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "aliases": ["disk"],
            "options": {
                "target": {"type": "str", "required": True},
                "mode": {"type": "str", "choices": list(MODES)},
                "pool": {"type": "str"},
                "volume": {"type": "str"},
                "path": {"type": "str"},
                "format": {"type": "str", "choices": ["qcow2", "raw"]},
            },
        },
        "macs": {"type": "list", "elements": "str", "default": [], "aliases": ["mac"]},
        "uuid": {"type": "str"},
        "title": {"type": "str"},
        "description": {"type": "str"},
        "nvram": {"type": "str", "choices": [COPIED, FRESH], "default": COPIED},
        "nvram_path": {"type": "str"},
        "tpm": {"type": "str", "choices": [COPIED, FRESH]},
        "hostdevs": {"type": "bool", "default": True},
    }
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    called = f" '{params['clone']}'" if params["clone"] else ""
    subject = f"clone{called} of '{params['name']}'"
    with failures_reported(module, subject):
        request = _request(params)
        with connected_by(params) as connection:
            outcome = ensure_cloned(Domains(connection), request, module.check_mode)
    warn_of(module, outcome, subject)
    module.exit_json(**outcome.as_result(module._diff))


def _request(params: t.Mapping[str, t.Any]) -> CloneRequest:
    """:raises TaskError: a disk is named twice."""
    wishes = [
        DiskWish(one["target"], one["mode"], one["pool"], one["volume"], one["path"], one["format"])
        for one in params["disks"]
    ]
    targets = [wish.target for wish in wishes]
    for target in targets:
        if targets.count(target) > 1:
            raise TaskError(f"disks: {target} is listed twice; list it once")
    return CloneRequest(
        name=params["name"],
        clone=params["clone"] or "",
        disks=tuple(wishes),
        defaults=Defaults(params["disk_mode"], params["pool"], params["sparse"]),
        is_reflink=params["reflink"],
        uuid=params["uuid"],
        macs=tuple(params["macs"]),
        title=params["title"],
        description=params["description"],
        nvram=params["nvram"],
        nvram_path=params["nvram_path"],
        tpm=params["tpm"],
        has_hostdevs=params["hostdevs"],
        runs=params["state"] == RUNNING,
        snapshot=params["snapshot"],
    )
