# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much Ansible sends with a module, and how much of that a task imports at once.

Ansible sends each file that a module names in an import, also in one inside a function. A module that
grows here costs each of its tasks time: put what it doesn't need where it isn't imported, or
raise the number if the module does need it.
"""

from __future__ import annotations

import ast
import functools
import pathlib
import subprocess
import sys
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _xmltree

PLUGINS = pathlib.Path(str(_xmltree.__file__)).resolve().parents[2]
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("[!_]*.py"))
#: So many files of ours are sent with a module at most.
MOST_SENT = {
    **dict.fromkeys(["domain", "domain_device", "domain_export"], 377),
    **dict.fromkeys(["domains", "estate"], 462),
    "domain_defaults": 280,
    "domain_clone": 229,
    "domain_info": 131,
    "domain_state": 169,
    "osinfo_info": 30,
    "domain_xml": 198,
}
#: The same for each of the others.
MOST_OF_OTHERS = 180
#: So many files of ours are imported by a module before it reads its options, at most.
MOST_IMPORTED = {
    "domain_state": 46,
    "domain_info": 52,
    "domain_xml": 53,
    "domain": 205,
    "domain_device": 260,
}
#: Folders and files that only these modules need.
ONLY_OF = {
    "_virtinst/options/table": {
        *("domain", "domains", "domain_defaults", "domain_device", "domain_export"),
        "estate",
    },
    "_manage/domain/migrate.py": {"domain_migrate"},
    "_manage/domain/backup.py": {"domain_backup", "domain_backup_info"},
    "_manage/domain/snapshot.py": {"domain_snapshot", "domain_snapshot_info"},
    "_manage/domain/clone.py": {"domain_clone"},
    "_manage/estate": {"estate", "domain_export"},
    "_screen": {"domain_screenshot", "domain_send_keys"},
    "_keyboard": {"domain_send_keys"},
}


@functools.cache
def _named_in(path: pathlib.Path) -> frozenset[pathlib.Path]:
    """The files of ours that a file names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        for alias in node.names:
            for candidate in (
                folder / f"{alias.name}.py",
                folder / alias.name / "__init__.py",
                folder.with_suffix(".py"),
                folder / "__init__.py",
            ):
                if candidate.is_file():
                    found.add(candidate)
                    break
    return frozenset(found)


@functools.cache
def sent_with(module: str) -> frozenset[str]:
    """What Ansible sends of ``module_utils``, by the paths in there."""
    utils = PLUGINS / "module_utils"
    found: set[pathlib.Path] = set()
    left = [PLUGINS / "modules" / f"{module}.py"]
    while left:
        path = left.pop()
        for named in _named_in(path):
            packages = [above / "__init__.py" for above in named.parents if utils in above.parents]
            new = {one for one in (named, *packages) if one.is_file()} - found
            found |= new
            left += new
    return frozenset(path.relative_to(utils).as_posix() for path in found)


@pytest.mark.parametrize("module", MODULES)
def test_no_more_files_are_sent_than_a_module_needs(module: str) -> None:
    assert 5 < len(sent_with(module)) <= MOST_SENT.get(module, MOST_OF_OTHERS)


@pytest.mark.parametrize(("part", "modules"), ONLY_OF.items(), ids=list(ONLY_OF))
def test_what_few_modules_need_is_sent_with_them_alone(part: str, modules: t.Any) -> None:
    sent = {
        module
        for module in MODULES
        if any(f"{path}/".startswith(f"{part}/") for path in sent_with(module))
    }
    assert sent == modules


@pytest.mark.parametrize(("module", "most"), MOST_IMPORTED.items(), ids=list(MOST_IMPORTED))
def test_no_more_files_are_imported_than_a_task_with_nothing_to_do_needs(
    module: str, most: int
) -> None:
    package = "ansible_collections.declarative.libvirt.plugins"
    program = (
        # ansible-test imports collections by a loader of its own.
        f"import sys; sys.path[:] = {[str(PLUGINS.parents[3]), *sys.path]!r}\n"
        f"import {package}.modules.{module}\n"
        f"print(sum(name.startswith('{package}.module_utils._') for name in sys.modules))\n"
        "print('lxml' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    count, has_lxml = done.stdout.split()
    assert 20 < int(count) <= most
    # The others import it for the first document that they have to look into.
    assert (has_lxml == "True") == (module in ("domain", "domain_device"))
