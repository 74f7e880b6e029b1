# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``ansible``: tags and variables of the guest as a host of Ansible."""

from __future__ import annotations

import re
import typing as t

from .._reconcile.domain.ansible_host import (
    RESERVED,
    URI,
    AnsibleHost,
    comes_back,
    host_element,
    in_the_way,
    put_host,
    tags_and_vars,
    written_host,
)
from .._reconcile.taken import Draft, Taken
from .._secrecy import hidden_parts, is_secret_name
from .._xmltree.element import Element
from .errors import OptionError
from .guest import Guest
from .writing import copied

OPTION = "ansible"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")
#: Options of ours have this name, which says nothing of a variable.
_SECRETS = "secrets"
#: The end of the name of a variable that has the path of a secret's file.
_FILE = "_file"
_IN_VAULT = (
    "everyone who can read the domain's definition sees it; keep it in Ansible Vault, beside the "
    "inventory"
)


def write_ansible(guest: Guest, option: t.Mapping[str, t.Any] | None, actual: Element) -> bool:
    """Write the tags and variables of the option; return whether the domain is to have none.

    The part that the option doesn't have is kept as ``actual``, the domain's definition, has it.

    :raises OptionError: a tag or a variable can't be one.
    """
    if not option:
        return False
    before = tags_and_vars(actual)
    host = _asked(option, before)
    current = host_element(actual)
    if current is not None and host.is_like(before):
        # It stays also where another program wrote the same in other words.
        put_host(guest.root, copied(current))
        return False
    element = written_host(host)
    other = in_the_way(actual)
    if element is not None and other is not None:
        raise OptionError(
            f"ansible: the domain's metadata has an element {other} of the namespace {URI}, of which "
            "libvirt keeps one element; take it out, with virsh metadata --remove"
        )
    if element is not None:
        put_host(guest.root, element)
    return element is None


def without_host(document: Element) -> Taken:
    """What is left of a domain's document without the tags and variables."""
    draft = Draft(document)
    put_host(draft.copy, None)
    return draft.left()


def _asked(option: t.Mapping[str, t.Any], before: AnsibleHost) -> AnsibleHost:
    tags, variables = option.get("tags"), option.get("vars")
    if tags is not None:
        before = before._replace(tags=tuple(dict.fromkeys(map(_tag, tags))))
    if variables is not None:
        for name, value in variables.items():
            _check_variable(name, value)
        before = before._replace(variables=variables)
    return before


def _tag(tag: object) -> str:
    text = str(tag).strip()
    if not text or not text.isprintable():
        raise OptionError(
            "ansible.tags: a tag is empty or has a character that can't be printed; correct it"
        )
    return text


def _check_variable(name: object, value: object) -> None:
    """:raises OptionError: it can't be a variable, or is a secret."""
    if not isinstance(name, str) or _VARIABLE.fullmatch(name) is None:
        raise OptionError(
            f"ansible.vars: {name!r} can't be the name of a variable; a name has letters, digits "
            "and underscores, and doesn't begin with a digit"
        )
    if name.startswith(RESERVED):
        raise OptionError(
            f"ansible.vars: {name!r} can't be the name of a variable, because Ansible uses such names "
            "itself; choose another one"
        )
    secret = _secret_in(name, value, _is_secret(name))
    if secret is not None:
        raise OptionError(f"ansible.vars: {secret} looks like a secret, and {_IN_VAULT}")
    if not comes_back(value):
        raise OptionError(
            f"ansible.vars: {name} has a part that would not come back, such as an infinite number or "
            f"a name that begins with {RESERVED}; write it as text"
        )


def _is_secret(name: str) -> bool:
    return (is_secret_name(name) or name == _SECRETS) and not name.endswith(_FILE)


def _secret_in(path: str, value: object, is_named: bool) -> str | None:
    """The path of the first value that is a secret; ``is_named``: by the names above it."""
    if isinstance(value, t.Mapping):
        parts = [
            (f"{path}.{name}", part, is_named or _is_secret(str(name)))
            for name, part in value.items()
        ]
    elif isinstance(value, (list, tuple)):
        parts = [(f"{path}[{number}]", part, is_named) for number, part in enumerate(value)]
    elif value in (None, "") or isinstance(value, bool):
        return None
    else:
        text = str(value)
        has_secret = hidden_parts(text) != text or _PRIVATE_KEY.search(text) is not None
        return path if is_named or has_secret else None
    return next(filter(None, (_secret_in(*part) for part in parts)), None)
