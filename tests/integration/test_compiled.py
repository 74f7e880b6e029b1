# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of Ansible load the code that earlier ones have compiled, with the oldest and the newest ansible-core."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import typing as t

import pytest

from .test_targets import PYTHON

TOP = pathlib.Path(__file__).parents[2]
PACKAGE = "ansible_collections.declarative.libvirt.plugins.module_utils"
COLLECTION = "ansible_collections/declarative/libvirt"
#: In the place of what a module does: who answers this has loaded it.
MARK = f"""
import marshal, sys
from {PACKAGE}._compiled import read_code, written_code
code = read_code(sys.argv[1])
work = "from {PACKAGE}._module.spec import Spec; SPEC = Spec({{'name': dict(type='raw')}})\\n"
work += "def run(module): module.exit_json(was_kept=True)"
code["{PACKAGE}._module.domain_info"] = marshal.dumps(compile(work, "mark", "exec"))
open(sys.argv[1], "wb").write(written_code(code))
"""


class Tasks:
    """Tasks of domain_info, by one ansible-core, with a cache of their own."""

    def __init__(self, venv: pathlib.Path, folder: pathlib.Path) -> None:
        self.venv = venv
        self.folder = folder
        self.python = PYTHON
        self.collections = pathlib.Path(os.environ["ANSIBLE_COLLECTIONS_PATH"])
        self.cache = folder / "cache" / "declarative-libvirt"
        self.cache.parent.mkdir(mode=0o700)

    def start(self, *arguments: str, **environment: str) -> str:
        """What ansible prints about one task."""
        return subprocess.run(
            [
                *(self.venv / "bin" / "ansible", "localhost", "-i", "localhost,", "-c", "local"),
                *("-e", f"ansible_python_interpreter={self.python}"),
                *("-m", "declarative.libvirt.domain_info", *arguments),
            ],
            env={
                **os.environ,
                "PYTHONPATH": "",
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "ANSIBLE_REMOTE_TMP": str(self.folder / "tmp"),
                "XDG_CACHE_HOME": str(self.cache.parent),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout

    def run(self, *arguments: str, **environment: str) -> dict[str, t.Any]:
        """The result of a task, which warns of nothing."""
        printed = self.start(*arguments, **environment)
        assert "WARN" not in printed
        found = printed.find("localhost | SUCCESS => "), printed.find("localhost | CHANGED => ")
        assert max(found) >= 0, printed
        result: dict[str, t.Any]
        result, _end = json.JSONDecoder().raw_decode(printed[printed.index("{", max(found)) :])
        return result

    def was_kept(self, *arguments: str, **environment: str) -> bool:
        result = self.run(*arguments, **environment)
        assert "was_kept" in result or result["domains"] == []
        return "was_kept" in result

    def files(self) -> list[pathlib.Path]:
        return sorted(self.cache.iterdir()) if self.cache.is_dir() else []

    def mark(self, path: pathlib.Path) -> None:
        subprocess.run(
            [self.python, "-c", MARK, path],
            check=True,
            env={"PYTHONPATH": str(self.collections), "PYTHONDONTWRITEBYTECODE": "1"},
        )


@pytest.fixture(params=[".venv", ".venv-2.18"])
def tasks(request: pytest.FixtureRequest, tmp_path: pathlib.Path, hypervisor: t.Any) -> Tasks:
    venv = TOP / request.param
    if not venv.exists():
        pytest.skip(f"make sanity-2.18 makes {request.param}")
    return Tasks(venv, tmp_path)


@pytest.fixture
def kept(tasks: Tasks) -> pathlib.Path:
    """The file that a first task has written; who loads it answers something else."""
    assert not tasks.was_kept()
    (path,) = tasks.files()
    tasks.mark(path)
    return path


def test_later_tasks_load_what_the_first_has_compiled(tasks: Tasks, kept: pathlib.Path) -> None:
    content = kept.read_bytes()
    assert tasks.was_kept()
    assert tasks.was_kept(ANSIBLE_PIPELINING="1")
    assert tasks.was_kept("--background", "30", "--poll", "1")
    assert kept.read_bytes() == content
    assert not tasks.was_kept(DECLARATIVE_LIBVIRT_COMPILED="off")


def test_what_is_damaged_is_replaced(tasks: Tasks, kept: pathlib.Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-100])
    assert not tasks.was_kept()
    tasks.mark(kept)
    assert tasks.was_kept()


@pytest.mark.usefixtures("kept")
def test_another_collection_has_another_file(tasks: Tasks) -> None:
    shutil.copytree(tasks.collections / COLLECTION, tasks.folder / COLLECTION)
    tasks.collections = tasks.folder
    assert tasks.was_kept()
    work = tasks.folder / COLLECTION / "plugins/module_utils/_module/domain_info.py"
    work.write_text(work.read_text() + "\n# Another content.\n")
    assert not tasks.was_kept()
    assert len(tasks.files()) == 2


@pytest.mark.usefixtures("kept")
def test_what_debugging_has_exploded_is_what_runs(tasks: Tasks) -> None:
    tasks.start(ANSIBLE_KEEP_REMOTE_FILES="1")
    (module,) = (tasks.folder / "tmp").rglob("AnsiballZ_domain_info.py")
    for command in ("explode", "execute"):
        printed = subprocess.run(
            [tasks.python, module, command],
            env={**os.environ, "PYTHONPATH": "", "XDG_CACHE_HOME": str(tasks.cache.parent)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert json.loads(printed)["domains"] == []


def test_a_task_that_starts_again_with_the_systems_python_has_kept_code_too(tasks: Tasks) -> None:
    bare = tasks.folder / "bare"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", bare], check=True)
    tasks.python = str(bare / "bin" / "python")
    assert not tasks.was_kept()
    for path in tasks.files():
        tasks.mark(path)
    assert tasks.was_kept()
