# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.estate: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._manage.domain.purge import Purge
from .._manage.errors import TaskError
from .._manage.estate.entry import Entry
from .._manage.estate.host import DomainList, HostEstate
from .._manage.memory import opened
from .domain_options import DOMAIN_OPTIONS, unfold
from .domains_items import read_items
from .estate_items import KINDS, purged_entries, read_entries
from .failures import failures_reported
from .libraries import require_libraries
from .many import MANY, check_parallel, exit_with
from .options import connected_by, shutdown_of
from .secrets import uncover
from .spec import CONNECTION, MEMORY, Spec

_DOMAINS = "domains"
_VOLUMES = "volumes"
_KEYS = (*(kind.key for kind in KINDS), _DOMAINS)
#: They may contain passwords. Each entry is checked by itself, so that a mistake in one of them is
#: no mistake of the others.
_LIST = {"type": "list", "elements": "raw", "no_log": True}

SPEC = (
    CONNECTION
    + MEMORY
    + MANY
    + Spec(
        {
            **dict.fromkeys(_KEYS, _LIST),
            "defaults": {
                "type": "dict",
                "options": {key: {"type": "dict", "no_log": True} for key in _KEYS},
                "no_log": True,
            },
            "purge": {
                "type": "dict",
                # Patterns of names are no secrets.
                "options": {key: {"type": "str", "no_log": False} for key in _KEYS},
            },
            "purge_all": {"type": "bool", "default": False},
        },
        required_one_of=(_KEYS,),
        reader=DOMAIN_OPTIONS.reader,
    )
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    defaults = (module.params["defaults"] or {}).get(_DOMAINS)
    for value in (defaults, *(module.params[_DOMAINS] or ())):
        if isinstance(value, dict):
            # This comes before the search for passwords.
            unfold(value)
    params = uncover(module)
    params.update({key: params[key] or [] for key in _KEYS})
    with failures_reported(module, "estate"):
        work = _done(params, module.check_mode)
    exit_with(module, work, params["output"])


def _done(params: t.Mapping[str, t.Any], check_mode: bool) -> HostEstate:
    check_parallel(params["parallel"])
    given = params["defaults"] or {}
    defaults = {key: given.get(key) or {} for key in _KEYS}
    if params["shutdown"] is not None:
        defaults[_DOMAINS] = {"shutdown": params["shutdown"], **defaults[_DOMAINS]}
    patterns = _patterns(params)
    entries = {kind.key: read_entries(kind, params[kind.key], defaults[kind.key]) for kind in KINDS}
    try:
        items = read_items(params[_DOMAINS], defaults[_DOMAINS])
    except TaskError as error:
        raise TaskError(f"{_DOMAINS}: {error}") from None
    shutdown = shutdown_of(params) if params["shutdown"] is not None else None
    pattern = patterns.get(_DOMAINS)
    purge = None if pattern is None else Purge(pattern, shutdown)
    with connected_by(params) as connection:
        purged: list[Entry] = []
        for kind in KINDS:
            if kind.key in patterns:
                listed = entries[kind.key]
                purged += purged_entries(kind, patterns[kind.key], listed, connection)
        memory = opened(params["remember"], check_mode)
        work = HostEstate(
            connection,
            [entry for kind in KINDS for entry in entries[kind.key]],
            purged,
            DomainList(items, purge, params["parallel"]),
            params["fail_fast"],
            check_mode,
            memory,
        )
        work.carry_out()
        memory.save()
    return work


def _patterns(params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The patterns of the names that may be removed, by the options that list such objects.

    :raises TaskError: one is empty, or would remove everything that fits it unawares.
    """
    given = {key: text for key, text in (params["purge"] or {}).items() if text is not None}
    for key, text in given.items():
        if not text.strip():
            raise TaskError(f"purge.{key} is empty; set it to a pattern of names, such as lab-*")
        if key == _VOLUMES and "/" not in text:
            raise TaskError(
                f"purge.{key} has no pool; set it to a pattern of POOL/VOLUME, such as lab/*.qcow2"
            )
        if not params[key] and not params["purge_all"]:
            raise TaskError(
                f"purge.{key} without an entry of {key} would remove all that it fits; set purge_all: "
                "true if that is intended"
            )
    return given
