# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_defaults: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import Domains
from .._hypervisor.host import host_facts
from .._reconcile.redact import redacted
from .._rules.domain.book import DOMAIN
from .._virtinst.defaults import domain_defaults
from .._virtinst.storage import NewVolume
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .domain_options import DOMAIN_OPTIONS, given, subject_of, unfold
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + DOMAIN_OPTIONS + Spec({"show_secrets": {"type": "bool", "default": False}})


def run(module: AnsibleModule) -> None:
    """Compute the documents, and exit with them."""
    require_libraries(module)
    unfold(module.params)
    params = uncover(module)
    subject = subject_of(params)
    with failures_reported(module, subject):
        task_options = given(params)
        with connected_by(params) as connection:
            result = domain_defaults(host_facts(Domains(connection)), task_options.options)
    for note in (*task_options.notes, *result.notes):
        module.warn(f"{subject}: {note}")
    first = result.first_boot
    module.exit_json(
        changed=False,
        name=result.domain.value("name"),
        osinfo=result.osinfo,
        xml=_text(result.domain, params),
        install_xml=_text(first, params) if first is not None else None,
        volumes=[_volume(volume) for volume in result.volumes],
        installer_files=[
            {"name": file.name, "content": file.text if params["show_secrets"] else file.hidden}
            for file in result.scripts
        ],
    )


def _text(document: Element, params: t.Mapping[str, t.Any]) -> str:
    return serialise(document if params["show_secrets"] else redacted(document, DOMAIN.top))


def _volume(volume: NewVolume) -> dict[str, t.Any]:
    return {
        "pool": volume.pool,
        "name": volume.name,
        "path": volume.path,
        "capacity": volume.capacity or None,
        "allocation": volume.allocation,
        "format": volume.format,
        "backing": volume.backing,
        "backing_format": volume.backing_format,
        "image": None if volume.image is None else volume.image.title,
    }
