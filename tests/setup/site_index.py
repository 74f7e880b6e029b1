# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the first page of the website: the modules come before everything else.

Usage: site_index.py RST

antsibull-docs has written RST/index.rst, with a list of all plugins and the sections of
docs/docsite/extra-docs.yml, in an order that can't be chosen. This takes them from there, and
puts them into docs/site/index.rst.
"""

from __future__ import annotations

import pathlib
import re
import sys
import typing as t

import yaml

_TOP = pathlib.Path(__file__).parents[2]
_PLUGIN = re.compile(r"^\* :ansplugin:`(\w+) (\w+) <(.+?)>` --(.*)$", re.MULTILINE)
_SECTION = re.compile(
    r"^([^\n]+)\n-+\n\n\.\. toctree::\n +:maxdepth: 1\n\n((?: +docsite/\w+\n)+)", re.MULTILINE
)
_PLUGINS = re.compile(r"^\.\. plugins: (.*)\n", re.MULTILINE)
_START_PLACE, _PAGES = ".. start here:\n", ".. pages:\n"
#: Those that are used most; others follow in the order of their names.
_FIRST = ("domain", "domains", "domain_xml", "domain_device", "domain_state", "domain_info")
_HEADINGS = {"module": "Modules", "role": "Roles and plugins"}
#: This section is for who has read nothing yet, and stands above the modules.
_START = "Start here"
_LABELS = (
    *("plugins_in_", "plugin_index_for_", "module_plugins_in_", "connection_plugins_in_"),
    *("inventory_plugins_in_", "filter_plugins_in_", "role_plugins_in_"),
)


class Plugin(t.NamedTuple):
    """A module or another plugin, as antsibull-docs lists it."""

    name: str
    kind: str
    reference: str
    about: str


def index(page: str, listed: str) -> str:
    """The first page, from its source and from what antsibull-docs lists."""
    plugins = [_described(Plugin(*found)) for found in _PLUGIN.findall(listed)]
    sections = dict(_SECTION.findall(listed))
    named = set(re.findall(r"\bdocsite/\w+", "".join(sections.values())))
    lost = set(re.findall(r"\bdocsite/\w+", listed)) - named
    if lost or not plugins:
        raise SystemExit(f"the index of antsibull-docs has another form: {lost or 'no plugins'}")
    start = _tree(_START, sections.pop(_START, ""))
    page = page.replace(_START_PLACE, start)
    page = _PLUGINS.sub(lambda place: _lists(plugins, place[1].split()), page)
    labels = "".join(f".. _{label}declarative.libvirt:\n" for label in _LABELS)
    title = re.search(r"^[^\n]+\n=+\n", page, re.MULTILINE)
    assert title is not None
    page = page.replace(title[0], f"{labels}\n{title[0]}", 1)
    trees = [_tree(title, pages) for title, pages in sections.items()]
    kinds = "".join(
        f"    {one.name} <{one.name}_{one.kind}>\n"
        for kind in ("module", "role", "connection", "inventory", "filter")
        for one in _of_kind(plugins, kind)
    )
    trees.insert(1, _tree("Modules and plugins", kinds, "    :hidden:\n"))
    # The links of the picture are those of a page in the folder docsite.
    page = page.replace('href="../', 'href="')
    return page.replace(_PAGES, "\n".join(trees)).replace("\n\n\n", "\n\n")


def _described(plugin: Plugin) -> Plugin:
    """With what its entry points do, for a role that has no main one: antsibull-docs says nothing of it."""
    about = plugin.about.strip()
    if not about and plugin.kind == "role":
        path = _TOP / "roles" / plugin.name / "meta/argument_specs.yml"
        specs = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
        about = ". ".join(spec["short_description"] for spec in specs.values())
    return plugin._replace(about=about)


def _of_kind(plugins: t.Iterable[Plugin], kind: str) -> list[Plugin]:
    found = {one.name: one for one in plugins if one.kind == kind}
    names = [name for name in _FIRST if name in found]
    return [found[name] for name in dict.fromkeys([*names, *sorted(found)])]


def _lists(plugins: t.Iterable[Plugin], kinds: list[str]) -> str:
    plugins = list(plugins)
    heading = _HEADINGS[kinds[0]]
    lines = [heading, "-" * len(heading), ""]
    for kind in kinds:
        called = "" if kind == "module" else f" ({kind})"
        for one in _of_kind(plugins, kind):
            lines.append(f"* :ansplugin:`{one.name} <{one.reference}>`{called}: {one.about}")
    return "\n".join([*lines, ""])


def _tree(caption: str, pages: str, more: str = "") -> str:
    if not pages:
        return ""
    return f".. toctree::\n    :maxdepth: 1\n    :caption: {caption}\n{more}\n{pages}\n"


def main(folder: pathlib.Path) -> None:
    page = _TOP / "docs/site/index.rst"
    path = folder / "index.rst"
    listed = path.read_text(encoding="utf-8")
    path.write_text(index(page.read_text(encoding="utf-8"), listed), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
