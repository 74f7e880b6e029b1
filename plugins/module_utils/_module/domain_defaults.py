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
from .._virtinst.options.table import GROUPS
from .._virtinst.storage import NewVolume
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .domain_options import DOMAIN_OPTIONS, RENAMED, given, subject_of, unfold
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

#: The groups with an element of their own, by the names of their options.
GROUPS_OF_ELEMENTS = {
    RENAMED.get(name, name): group for name, group in GROUPS.items() if group.path != "."
}

SPEC = (
    CONNECTION
    + DOMAIN_OPTIONS
    + Spec(
        {
            "only": {"type": "list", "elements": "str", "choices": sorted(GROUPS_OF_ELEMENTS)},
            "show_secrets": {"type": "bool", "default": False},
        }
    )
)
#: What a domain needs, and its elements don't depend on; virt-xml --build-xml asks for neither.
_NEEDED = {"memory": "1024", "disk": "none"}


def run(module: AnsibleModule) -> None:
    """Compute the documents, and exit with them."""
    require_libraries(module)
    unfold(module.params)
    params = uncover(module)
    subject, only = subject_of(params), params["only"]
    with failures_reported(module, subject):
        task_options = given(params)
        with connected_by(params) as connection:
            result = domain_defaults(
                host_facts(Domains(connection)), _completed(task_options.options, only)
            )
    for note in (*task_options.notes, *result.notes):
        module.warn(f"{subject}: {note}")
    first = result.first_boot
    is_whole = only is None
    module.exit_json(
        changed=False,
        name=result.domain.value("name"),
        osinfo=result.osinfo,
        xml=_text(result.domain, params) if is_whole else _elements(result.domain, only, params),
        install_xml=_text(first, params) if first is not None and is_whole else None,
        volumes=[_volume(volume) for volume in result.volumes if is_whole or "disk" in only],
        installer_files=[
            {"name": file.name, "content": file.text if params["show_secrets"] else file.hidden}
            for file in result.scripts
        ],
    )


def _completed(
    options: t.Mapping[str, t.Any], only: t.Sequence[str] | None
) -> t.Mapping[str, t.Any]:
    """The options with what a whole domain needs beside the elements that are to be shown."""
    if only is None:
        return options
    needed = {name: value for name, value in _NEEDED.items() if name not in only}
    return {**needed, **options}


def _elements(domain: Element, only: t.Sequence[str], params: t.Mapping[str, t.Any]) -> str:
    """The elements of these groups, one after the other, as ``virt-xml --build-xml`` prints them."""
    shown = domain if params["show_secrets"] else redacted(domain, DOMAIN.top)
    return "\n".join(
        serialise(element)
        for name in only
        for element in shown.findall(GROUPS_OF_ELEMENTS[name].path)
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
