# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the parts of the role virt_install that follow from the module domain's options.

Usage: role_options.py COLLECTION
"""

from __future__ import annotations

import ast
import json
import pathlib
import sys
import textwrap
import typing as t

import yaml

#: In two pieces, or it would be taken for this file's own.
_LICENCE = "SPDX-License-" + "Identifier: GPL-3.0-or-later"
_HEAD = f"""---
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# {_LICENCE}

# Generated from the options of the module domain by tests/setup/role_options.py.
"""
_PREFIX = "virt_install_"
_ALL = f"{_PREFIX}domains"
_FIRST = ("name", "state", "osinfo", "virt_install", "memory", "vcpus", "disk", "network", "cdrom")
#: What is of the task, and not of a domain.
_OF_CONNECTION = ("uri", "auth", "timeout", "remember", "shutdown")
#: What defaults of several domains can't have.
_OF_ONE = ("name", "uuid", "xml", "virt_install")
#: Options of the task, and what they are called beside those of a domain.
_OF_TASK = {
    "purge": "purge",
    "purge_match": "purge_match",
    "purge_all": "purge_all",
    "fail_fast": "fail_fast",
    "parallel": "domains_at_once",
}
#: The widest line of documentation, as in the modules.
_WIDTH = 110

Options = t.Mapping[str, t.Mapping[str, t.Any]]


def module_options(collection: pathlib.Path) -> Options:
    """The module's documentation of its options, the most used ones first."""
    document = yaml.safe_load(
        _texts(collection / "plugins" / "modules" / "domain.py")["DOCUMENTATION"]
    )
    options: dict[str, dict[str, t.Any]] = {}
    for fragment in document["extends_documentation_fragment"]:
        name, _dot, part = fragment.removeprefix("declarative.libvirt.").partition(".")
        texts = _texts(collection / "plugins" / "doc_fragments" / f"{name}.py")
        found = yaml.safe_load(texts[part.upper() or "DOCUMENTATION"])
        options.update(found.get("options") or {})
    for name, option in document["options"].items():
        options[name] = {**options.get(name, {}), **option}
    order = [*(name for name in _FIRST if name in options), *sorted(set(options) - set(_FIRST))]
    return {name: options[name] for name in order}


def _texts(path: pathlib.Path) -> dict[str, str]:
    """The texts that a file assigns to names, also within a class."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        target.id: str(node.value.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def task_options(collection: pathlib.Path) -> Options:
    """The documentation of those options of the module domains that are no domain's."""
    document = yaml.safe_load(
        _texts(collection / "plugins" / "modules" / "domains.py")["DOCUMENTATION"]
    )
    return {new: document["options"][old] for old, new in _OF_TASK.items()}


def files(options: Options, of_task: Options) -> dict[str, str]:
    """The generated files of the role, by their path in it."""
    both = {**options, **of_task}
    return {
        "defaults/main.yml": _defaults(both),
        "meta/argument_specs.yml": _argument_specs(both),
        "tasks/domains.yml": _tasks(options),
    }


def _defaults(options: Options) -> str:
    lines = [
        _HEAD,
        "# The domains, each a dictionary with the module's options. They hold for the",
        "# domain alone; the variables below are the defaults of all of them. When the",
        "# list is empty, there is one domain, which the variables describe.",
        f"{_ALL}: []",
    ]
    for name, option in options.items():
        lines += ["", *_comment(_plain(_sentences(option)[0]))]
        default = option.get("default")
        lines.append(f"{_variable(name, option)}: {json.dumps(default)}")
    return "\n".join(lines) + "\n"


def _argument_specs(options: Options) -> str:
    listed = {
        "type": "list",
        "elements": "dict",
        "default": [],
        "description": [
            "The domains, each a dictionary with the options of "
            "M(declarative.libvirt.domain), without the prefix of the role's variables.",
            "The other variables are the defaults of all domains. When the list is empty, there is "
            "one domain, which they describe.",
        ],
    }
    described = {
        _ALL: listed,
        **{_variable(name, one): _spec(one) for name, one in options.items()},
    }
    main = {
        "short_description": "Make domains as virt-install would, and keep them that way",
        "description": [
            "Creates the missing volumes, defines the domains, and starts them if asked to.",
        ],
        "author": ["declarative.libvirt contributors (@declarative-libvirt)"],
        "options": described,
    }
    specs = {"argument_specs": {"main": main}}
    text = yaml.dump(specs, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)
    return f"{_HEAD}\n{text}"


def _spec(option: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    spec: dict[str, t.Any] = {"description": [_own_names(line) for line in _sentences(option)]}
    for key in ("type", "elements", "choices", "default"):
        # Without a default a variable is null, which is no choice; the module checks it.
        if option.get(key) is not None and (key != "choices" or option.get("default")):
            spec[key] = option[key]
    if option.get("suboptions"):
        spec["options"] = {name: _spec(one) for name, one in option["suboptions"].items()}
    return spec


def _tasks(options: Options) -> str:
    lines = [
        _HEAD,
        "- name: Make the domains",
        "  declarative.libvirt.domains:",
        f'    domains: "{{{{ {_ALL} if {_ALL} else [{_PREFIX}one] }}}}"',
        *(
            _argument(name, _variable(name, options[name]), "    ")
            for name in _OF_CONNECTION
            if name in options
        ),
        *(_argument(old, f"{_PREFIX}{new}", "    ") for old, new in _OF_TASK.items()),
        "    defaults:",
        *(
            _argument(name, _variable(name, option), "      ")
            for name, option in options.items()
            if name not in (*_OF_CONNECTION, *_OF_ONE)
        ),
        "  vars:",
        "    # What is of one domain alone is not for those of the list.",
        f"    {_PREFIX}one:",
        *(_argument(name, _variable(name, options[name]), "      ") for name in _OF_ONE),
        f"  register: {_PREFIX}result",
    ]
    return "\n".join(lines) + "\n"


def _argument(name: str, variable: str, indent: str) -> str:
    """An option that is left out where the role's variable says nothing."""
    return f'{indent}{name}: "{{{{ omit if {variable} is none else {variable} }}}}"'


def _variable(name: str, option: t.Mapping[str, t.Any]) -> str:
    """The role's variable; the name of one has no capitals."""
    spelled = next(one for one in (name, *_aliases(option)) if one == one.lower())
    return f"{_PREFIX}{spelled}"


def _aliases(option: t.Mapping[str, t.Any]) -> list[str]:
    return list(option.get("aliases") or ())


def _sentences(option: t.Mapping[str, t.Any]) -> list[str]:
    description = option["description"]
    return [description] if isinstance(description, str) else list(description)


def _plain(text: str) -> str:
    """A sentence without Ansible's markup."""
    for mark in "OCVMIB":
        text = text.replace(f"{mark}(", "(")
    return text.replace("(", "").replace(")", "")


def _own_names(text: str) -> str:
    """A sentence in which options are the role's variables."""
    return text.replace("O(", f"O({_PREFIX}").replace("RV(", "V(")


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 78, initial_indent="# ", subsequent_indent="# ")


class _Dumper(yaml.SafeDumper):
    """Writes each item of a list further in than its key, as yamllint wants it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def main(collection: pathlib.Path) -> None:
    written = files(module_options(collection), task_options(collection))
    for path, text in written.items():
        target = collection / "roles" / "virt_install" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
