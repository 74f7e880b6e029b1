# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pure core imports neither Ansible nor libvirt, and the use cases import no Ansible."""

from __future__ import annotations

import ast
import pathlib
import re

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _xmltree

SOURCE = pathlib.Path(_xmltree.__file__).resolve().parents[1]
#: What a package or file may import, from the standard library and itself apart.
ALLOWED = {
    "_choices": set(),
    "_errors": set(),
    "_secrecy": set(),
    "_user_cache": set(),
    "_compiled": {"_user_cache"},
    "_xmltree": {"lxml", "_errors", "_secrecy"},
    "_rules": {"_xmltree", "_errors", "_secrecy"},
    "_reconcile": {"_xmltree", "_rules", "_choices", "_errors", "_secrecy"},
    "_file_use": {"_xmltree", "_errors", "_secrecy"},
    "_images": {"_errors", "_secrecy"},
    "_osinfo": {"_xmltree", "lxml", "_errors", "_secrecy"},
    "_screen": {"_errors", "_secrecy"},
    "_keyboard": {"_errors", "_secrecy"},
    "_virtinst": {
        "_xmltree",
        "_file_use",
        "_images",
        "_osinfo",
        "_rules",
        "_reconcile",
        "_choices",
        "_errors",
        "_secrecy",
    },
    "_hypervisor": {
        "_xmltree",
        "_file_use",
        "_images",
        "_rules",
        "_osinfo",
        "_virtinst",
        "_screen",
        "_keyboard",
        "libvirt",
        "_choices",
        "_errors",
        "_secrecy",
    },
    "_manage": {
        *(
            "_choices",
            "_errors",
            "_secrecy",
            "_xmltree",
            "_file_use",
            "_images",
            "_rules",
            "_reconcile",
            "_osinfo",
        ),
        *("_virtinst", "_screen", "_keyboard", "_hypervisor", "_compiled", "_user_cache"),
    },
    "_module": {
        *(
            "_choices",
            "_errors",
            "_secrecy",
            "_xmltree",
            "_file_use",
            "_images",
            "_rules",
            "_reconcile",
            "_osinfo",
        ),
        *("_virtinst", "_screen", "_keyboard", "_hypervisor", "_manage"),
        *("_compiled", "_user_cache", "ansible"),
    },
}
OURS_AND_FOREIGN = set().union(*ALLOWED.values()) | set(ALLOWED)


def imported(path: pathlib.Path) -> set[str]:
    """The packages that a file imports, ours by their name in module_utils."""
    package = path.relative_to(SOURCE).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1]
            target = (*base, *(node.module or "").split("."))
            found.add(next(part for part in (*target, node.names[0].name) if part))
    return found


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_a_package_imports_only_what_its_layer_may(package):
    file = SOURCE / f"{package}.py"
    files = [file] if file.is_file() else sorted((SOURCE / package).rglob("*.py"))
    assert files
    for path in files:
        foreign = (imported(path) & OURS_AND_FOREIGN) - ALLOWED[package] - {package}
        assert not foreign, f"{path.relative_to(SOURCE)} imports {foreign}"


def test_the_page_on_the_architecture_has_this_table():
    page = (SOURCE.parents[1] / "docs/docsite/rst/architecture.rst").read_text(encoding="utf-8")
    rows = re.findall(r"^   \* - ``(_\w+)``\n     - .+\n     -(.*)$", page, re.MULTILINE)
    names = [name for name, _imports in rows]
    every = {path.stem for path in SOURCE.iterdir() if path.stem.startswith("_")} - {"__pycache__"}
    small = {path.stem for path in SOURCE.glob("*.py")}
    assert set(names) == every - small
    assert all(f"``{name}``" in page for name in small - {"__init__"})
    for place, (name, imports) in enumerate(rows):
        ours = ALLOWED[name] & set(names)
        below = set(names[place + 1 :])
        written = below if imports.strip() == "all below" else set(re.findall(r"_\w+", imports))
        assert (ours, ours - below) == (written, set()), name


def test_an_import_across_the_layers_is_found(tmp_path):
    found = imported(SOURCE / "_reconcile" / "reconcile.py")
    assert {"_rules", "_xmltree"} <= found
