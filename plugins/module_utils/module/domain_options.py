# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a domain as virt-install's do."""

from __future__ import annotations

import typing as t

from ..virtinst.options.table import GROUPS
from .failures import TaskError
from .option_secrets import SECRET_GROUPS
from .spec import Spec

#: The name ``xml`` belongs to whole documents.
_RENAMED = {"xml": "xpath"}

#: Their names only look like secrets.
_NO_SECRETS = frozenset(["keywrap"])

_PLAIN: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "uuid": {"type": "str"},
    "description": {"type": "str"},
    "osinfo": {"type": "str", "aliases": ["os_variant"]},
    "virt_type": {"type": "str"},
    "arch": {"type": "str"},
    "machine": {"type": "str"},
    "os_type": {"type": "str", "choices": ["hvm", "xen", "linux", "exe"]},
    "cdrom": {"type": "str"},
    "livecd": {"type": "bool", "default": False},
    "pxe": {"type": "bool", "default": False},
    "import": {"type": "bool", "default": False},
}


def _group_spec() -> dict[str, dict[str, t.Any]]:
    options: dict[str, dict[str, t.Any]] = {}
    for name, group in GROUPS.items():
        # Not a list, because Ansible would split a string at its commas.
        kind: dict[str, t.Any] = {"type": "raw"}
        if group.aliases:
            kind["aliases"] = list(group.aliases)
        if name in SECRET_GROUPS:
            kind["no_log"] = True
        elif name in _NO_SECRETS:
            kind["no_log"] = False
        options[_RENAMED.get(name, name)] = kind
    return options


DOMAIN_OPTIONS = Spec({**_PLAIN, **_group_spec()})


def given(params: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options of the domain that the task gives.

    :raises TaskError: one of them is of no use.
    """
    names = {new: old for old, new in _RENAMED.items()}
    options = {}
    for name in DOMAIN_OPTIONS.options:
        value = params[name]
        if value is None or value is False:
            continue
        if name == "name" and not value.strip():
            raise TaskError("the option name is empty; set it to the domain's name")
        options[names.get(name, name)] = value
    return options
