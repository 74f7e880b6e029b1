# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every YAML example of the documentation, and what it is."""

from __future__ import annotations

import ast
import re
import textwrap
import typing as t
from pathlib import Path

import yaml

from .generators import TOP

COLLECTION = "declarative.libvirt."
_IN_RST = re.compile(
    r"^( *)\.\. code-block:: yaml\S*\n(?:\1 +:.*\n)*\n((?:(?:\1 +.*)?\n)+)", re.MULTILINE
)
_IN_MARKDOWN = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: The first line of what is a whole file of a project.
_FILE = re.compile(r"# \S+/\S+\.yml\n")


class Example(t.NamedTuple):
    """A block of YAML: ``source`` is where it stands, ``number`` counts those of its source.

    ``kind`` is ``tasks``, ``plays``, ``inventory``, ``rulebook``, ``file`` for a file of a project, which
    begins with its path, or ``options`` for what is a part of a task or of variables.
    """

    source: str
    number: int
    text: str

    @property
    def data(self) -> t.Any:
        return yaml.safe_load(self.text)

    @property
    def all_data(self) -> list[t.Any]:
        """Its documents: a configuration may follow another one."""
        return list(yaml.safe_load_all(self.text))

    @property
    def kind(self) -> str:
        if _FILE.match(self.text):
            return "file"
        first = self.all_data[0]
        if isinstance(first, list):
            keys = {key for entry in first for key in entry}
            if "rules" in keys:
                return "rulebook"
            has_plays = "hosts" in keys or any(key.endswith("import_playbook") for key in keys)
            return "plays" if has_plays else "tasks"
        return "inventory" if "plugin" in first else "options"

    @property
    def id(self) -> str:
        return f"{self.source}-{self.number}"


def examples() -> list[Example]:
    """The examples of all modules and plugins, pages and READMEs."""
    found = []
    for folder in ("modules", "inventory", "connection"):
        for path in sorted((TOP / "plugins" / folder).glob("*.py")):
            text = constants(path).get("EXAMPLES", "")
            found += _numbered(path.stem, [text] if text.strip() else [])
    for path in sorted((TOP / "docs/docsite/rst").glob("*.rst")):
        blocks = _IN_RST.findall(path.read_text(encoding="utf-8"))
        found += _numbered(path.stem, [textwrap.dedent(block) for _indent, block in blocks])
    for path in (TOP / "README.md", *sorted((TOP / "roles").glob("*/README.md"))):
        name = "README" if path.parent == TOP else f"{path.parent.name}_README"
        found += _numbered(name, _IN_MARKDOWN.findall(path.read_text(encoding="utf-8")))
    return found


def _numbered(source: str, texts: t.Iterable[str]) -> list[Example]:
    return [Example(source, number, text) for number, text in enumerate(texts, 1)]


def constants(path: Path) -> dict[str, str]:
    """The documentation of a module or plugin: its DOCUMENTATION, EXAMPLES, RETURN and the like."""
    return {
        ast.unparse(node.targets[0]): str(ast.literal_eval(node.value))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).isupper()
        if isinstance(node.value, ast.Constant)
    }


def tasks_of(found: t.Any) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """The modules of the collection and their options, wherever they are."""
    if isinstance(found, list):
        for one in found:
            yield from tasks_of(one)
    elif isinstance(found, dict):
        for key, value in found.items():
            if str(key).startswith(COLLECTION):
                yield key[len(COLLECTION) :], value or {}
            elif key != "sources":
                # What a rulebook listens to are no tasks.
                yield from tasks_of(value)
