# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specifications, and the pieces that modules share."""

from __future__ import annotations

import dataclasses
import math
import typing as t

from .._choices import ALWAYS, IF_REQUIRED, NEVER

_Conditions = tuple[tuple[t.Any, ...], ...]


class SecretsReader(t.Protocol):
    """What finds secrets in options, see :class:`.secrets.Reader`.

    Ansible would send that one, and all that it needs, with each module that has a spec.
    """

    def params(self, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The options without their secrets."""


@dataclasses.dataclass(frozen=True)
class Spec:
    """The arguments of ``Module``, in a form that can be added up.

    ``reader`` is the class that finds secrets in the options; ``None`` stands for the plain one.
    That of options with sub-options, as virt-install's are, needs their table, which Ansible sends
    only with modules that import it.
    """

    options: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    mutually_exclusive: _Conditions = ()
    required_one_of: _Conditions = ()
    required_together: _Conditions = ()
    required_if: _Conditions = ()
    reader: type[SecretsReader] | None = None

    def __add__(self, other: Spec) -> Spec:
        return Spec(
            {**self.options, **other.options},
            self.mutually_exclusive + other.mutually_exclusive,
            self.required_one_of + other.required_one_of,
            self.required_together + other.required_together,
            self.required_if + other.required_if,
            other.reader or self.reader,
        )

    def to_kwargs(self) -> dict[str, t.Any]:
        """The keyword arguments of ``Module``."""
        return {
            "argument_spec": self.options,
            "mutually_exclusive": self.mutually_exclusive,
            "required_one_of": self.required_one_of,
            "required_together": self.required_together,
            "required_if": self.required_if,
            **({} if self.reader is None else {"reader": self.reader}),
        }


def readable_params(
    options: t.Mapping[str, t.Any], params: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """The parameters as Ansible can check them.

    Wrong values that end in a traceback of Ansible become texts. Where an option's choices are
    names of options, an alias becomes the name, such as ``disks`` the choice ``disk``.
    """
    names = _main_names(options)
    return {name: _readable(options.get(name, {}), value, names) for name, value in params.items()}


def _main_names(options: t.Mapping[str, t.Any]) -> dict[str, str]:
    return {
        alias: name for name, option in options.items() for alias in option.get("aliases") or ()
    }


def _readable(option: t.Mapping[str, t.Any], value: object, names: dict[str, str]) -> object:
    kind, choices = option.get("type"), option.get("choices")
    if kind == "list" and choices and isinstance(value, (list, str)):
        words = value.split(",") if isinstance(value, str) else value
        return [_chosen(word, choices, names) for word in words]
    # Ansible looks for sub-options before it looks at the type.
    if kind == "dict" and not isinstance(value, (dict, str, type(None))):
        return str(value)
    # It takes infinity for a number, and then for a whole one.
    if kind == "int" and isinstance(value, (float, str)) and _is_endless(value):
        return f"'{value}'"
    return value


def _chosen(word: object, choices: t.Collection[object], names: dict[str, str]) -> object:
    name = names.get(word.strip()) if isinstance(word, str) else None
    return name if name in choices and word not in choices else word


def _is_endless(value: float | str) -> bool:
    try:
        return not math.isfinite(float(value))
    except ValueError:
        return False


#: Which hypervisor; documented in the doc fragment ``connection``.
CONNECTION = Spec(
    {
        "uri": {"type": "str"},
        "auth": {
            "type": "dict",
            "options": {
                "username": {"type": "str"},
                "password": {"type": "str", "no_log": True},
            },
        },
        "timeout": {"type": "float", "default": 30},
    }
)

#: How a guest is stopped; _hypervisor.stopping.Shutdown.
SHUTDOWN = Spec(
    {
        "shutdown": {
            "type": "dict",
            "apply_defaults": True,
            "options": {
                "method": {
                    "type": "list",
                    "elements": "str",
                    "choices": ["agent", "acpi", "initctl", "signal", "paravirt"],
                    "default": ["agent", "acpi"],
                },
                "timeout": {"type": "float", "default": 60},
                "force": {"type": "bool", "default": False},
            },
        },
    }
)

#: Whether earlier tasks' findings count; _manage.memory.
MEMORY = Spec({"remember": {"type": "bool", "default": True}})

#: Where a change is made, and whether something is started anew for it.
AFFECT_AND_RESTART = Spec(
    {
        "affect": {
            "type": "list",
            "elements": "str",
            "choices": ["config", "live"],
            "default": ["config", "live"],
        },
        "restart": {
            "type": "str",
            "choices": [NEVER, IF_REQUIRED, ALWAYS],
            "default": NEVER,
        },
    }
)

#: What becomes of a running guest; _manage.domain.running.GuestRunning.
RUNNING_GUEST = AFFECT_AND_RESTART + Spec({"live_timeout": {"type": "float", "default": 20}})

#: The permissions of a folder or a file; _manage.permissions.
PERMISSIONS: dict[str, t.Any] = {
    "type": "dict",
    "options": {
        "mode": {"type": "raw"},
        "owner": {"type": "str"},
        "group": {"type": "str"},
        "label": {"type": "str"},
    },
}

#: A secret of libvirt, which has the value; the reference is no secret itself.
SECRET_REFERENCE: dict[str, t.Any] = {
    "type": "dict",
    "required": True,
    "no_log": False,
    "options": {"uuid": {"type": "str"}, "usage": {"type": "str"}},
}
