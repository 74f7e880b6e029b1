# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a domain as virt-install's do."""

from __future__ import annotations

import re
import typing as t

from .._manage.domain.name import check_name
from .._manage.errors import TaskError
from .._virtinst.options.table import GROUPS
from .._virtinst.versions import OPTION as VERSION
from .._virtinst.versions import VERSIONS
from .cells import is_written_out, unfolded
from .option_secrets import OptionReader
from .spec import Spec

_LINE = "virt_install"
_NAME = re.compile(r"""(?:^|\s)(?:--(?:name|reinstall)(?:=|\s+)|-n\s*)["']?([^\s"']+)""")
#: The name ``xml`` belongs to whole documents.
RENAMED = {"xml": "xpath"}

#: The groups whose values Ansible may not log; module.secrets hides what is secret of all.
_WITH_PASSWORDS = frozenset(["graphics"])
#: Their names only look like secrets.
_NO_SECRETS = frozenset(["keywrap"])

_PLAIN: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "uuid": {"type": "str"},
    "description": {"type": "str"},
    # It says nothing of the guest's hardware, but of the host in inventories.
    "ansible": {
        "type": "dict",
        "options": {"tags": {"type": "list", "elements": "str"}, "vars": {"type": "dict"}},
    },
    "osinfo": {"type": "str", "aliases": ["os_variant"]},
    "virt_type": {"type": "str"},
    "arch": {"type": "str"},
    "machine": {"type": "str"},
    "os_type": {"type": "str", "choices": ["hvm", "xen", "linux", "exe"]},
    "cdrom": {"type": "raw"},
    "livecd": {"type": "bool", "default": False},
    "pxe": {"type": "bool", "default": False},
    "import": {"type": "bool", "default": False},
    "location": {"type": "raw"},
    "install": {"type": "raw"},
    "extra_args": {"type": "raw"},
    "initrd_inject": {"type": "list", "elements": "path"},
    # Passwords stand in it.
    "unattended": {"type": "raw", "no_log": True},
    # All of it is secret: passwords stand anywhere in it.
    "cloud_init": {"type": "raw", "no_log": True},
    # Which version's answers a new domain gets.
    VERSION: {"type": "str", "choices": list(VERSIONS)},
    # It may contain passwords; secrets.uncover() shows the rest of it.
    "virt_install": {"type": "str", "no_log": True},
}


def _group_spec() -> dict[str, dict[str, t.Any]]:
    options: dict[str, dict[str, t.Any]] = {}
    for name, group in GROUPS.items():
        # Not a list, because Ansible would split a string at its commas.
        kind: dict[str, t.Any] = {"type": "raw"}
        if group.aliases:
            kind["aliases"] = list(group.aliases)
        if name in _WITH_PASSWORDS:
            kind["no_log"] = True
        elif name in _NO_SECRETS:
            kind["no_log"] = False
        options[RENAMED.get(name, name)] = kind
    return options


DOMAIN_OPTIONS = Spec({**_PLAIN, **_group_spec()}, reader=OptionReader)


#: The options whose lists and dictionaries can be written as one text, in JSON or YAML.
WRITTEN_OUT = frozenset(
    name
    for option, kind in DOMAIN_OPTIONS.options.items()
    if kind["type"] in ("raw", "dict") and option not in ("extra_args", "xpath")
    for name in (option, *kind.get("aliases", ()))
)


def unfold(params: dict[str, t.Any]) -> None:
    """Read lists and dictionaries that are written as one text."""
    params.update(unfolded(params, WRITTEN_OUT))


class Given(t.NamedTuple):
    """The options of the domain that a task gives, and notes about them.

    ``task`` has those that a command line has for the task itself, such as ``autostart``.
    """

    options: dict[str, t.Any]
    notes: tuple[str, ...]
    task: dict[str, t.Any]


def subject_of(params: t.Mapping[str, t.Any]) -> str:
    """The subject of messages: the domain, as far as the task names it."""
    return str(params["name"] or name_in_line(params) or params["osinfo"] or "the domain")


def name_in_line(params: t.Mapping[str, t.Any]) -> str | None:
    """The name that a command line has, before anything of it is read for sure."""
    found = _NAME.search(params[_LINE] or "")
    return None if found is None else found[1]


def given(params: t.Mapping[str, t.Any]) -> Given:
    """The options of the domain that the task gives.

    :raises TaskError: an option is of no use, or given twice.
    :raises OptionError: the command line can't be read.
    """
    names = {new: old for old, new in RENAMED.items()}
    options = {}
    for name in DOMAIN_OPTIONS.options:
        value = params[name]
        if value is None or value is False or name == _LINE:
            continue
        if name == "name" and not value.strip():
            raise TaskError("the option name is empty; set it to the domain's name")
        if name in WRITTEN_OUT and is_written_out(value):
            raise TaskError(
                f"{name} is a text in brackets that is neither JSON nor YAML; correct the text"
            )
        options[names.get(name, name)] = value
    if params[_LINE] is None:
        return _named(options, (), {})
    # Ansible compiles a module's code anew in each task, and few tasks need it.
    from .._virtinst.options import command_line

    line = command_line.read(params[_LINE])
    for name, value in line.options.items():
        if options.get(name, value) != value:
            raise TaskError(
                f"{RENAMED.get(name, name)} is given in virt_install as well as by itself; leave "
                "one of them out"
            )
    notes = tuple(
        f"--{name} of virt-install is left out; it is for the module domain"
        for name in line.task
        if name not in params
    )
    return _named({**line.options, **options}, (*line.notes, *notes), line.task)


def _named(options: dict[str, t.Any], notes: tuple[str, ...], task: dict[str, t.Any]) -> Given:
    check_name(str(options.get("name", "")))
    return Given(options, notes, task)
