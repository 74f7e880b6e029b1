# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process has compiled from a zip, a later one loads; whatever is wrong with it is not used."""

from __future__ import annotations

import ast
import gc
import marshal
import os
import pathlib
import subprocess
import sys
import zipfile
import zipimport

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _compiled, _user_cache
from ansible_collections.declarative.libvirt.plugins.module_utils._compiled import (
    KEPT_FILES,
    name_of,
    read_code,
    remove_old_files,
    written_code,
)

PACKAGE = "ansible_collections.declarative.libvirt.plugins.module_utils"
FOLDER = PACKAGE.replace(".", "/")
WORK = f"{PACKAGE}._work"
START = f"""
import sys
sys.path.insert(0, sys.argv[1])
{{before}}
from {PACKAGE}._compiled import use_compiled_code
use_compiled_code()
{{after}}
"""
SOURCES = {
    "_work/__init__.py": "from .answer import ANSWER\n",
    "_work/answer.py": "ANSWER = 'compiled'\n",
    "_work/more.py": "MORE = 'more'\n",
    "_work/wrong.py": "def fail():\n    raise ValueError('wrong')\n",
}


class Zip:
    """A zip as Ansible makes it, and processes that run what is in it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.cache = folder / "cache" / "declarative-libvirt"
        self.cache.parent.mkdir(mode=0o700)
        self.path = self.write("one.zip")

    def write(self, name, minute=0, site="", backwards=False, **changed):
        """Its files, some of which have another content."""
        path = self.folder / name
        parts = FOLDER.split("/")
        files = {f"{'/'.join(parts[: n + 1])}/__init__.py": "" for n in range(len(parts))}
        for module in (_compiled, _user_cache):
            source = pathlib.Path(str(module.__file__))
            files[f"{FOLDER}/{source.name}"] = source.read_text(encoding="utf-8")
        files.update({f"{FOLDER}/{one}": text for one, text in SOURCES.items()})
        files.update({f"{FOLDER}/_work/{one}.py": text for one, text in changed.items()})
        files["sitecustomize.py"] = site
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
            for one, text in sorted(files.items(), reverse=backwards):
                opened.writestr(zipfile.ZipInfo(one, (2026, 1, 1, 0, minute, 0)), text)
        return path

    def start(self, after=f"from {WORK} import ANSWER; print(ANSWER)", before="", flags=(), env=()):
        return subprocess.Popen(
            [
                *(sys.executable, "-B", *flags, "-c", START.format(before=before, after=after)),
                str(self.path),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"XDG_CACHE_HOME": str(self.cache.parent), **dict(env)},
        )

    def run(self, *arguments, **options):
        """What a process prints, which has nothing to complain about."""
        output, errors = self.start(*arguments, **options).communicate()
        assert not errors
        return output.strip()

    def files(self):
        return sorted(self.cache.iterdir()) if self.cache.is_dir() else []

    def put(self, path, answer="kept"):
        """Other code in the place of what was kept: who prints it has loaded it."""
        code = read_code(str(path))
        code[f"{WORK}.answer"] = marshal.dumps(compile(f"ANSWER = {answer!r}", "x", "exec"))
        path.write_bytes(written_code(code))


def name_as_read(path):
    """The name of the file with the code of a zip that Python has read."""
    zipimport.zipimporter(str(path))
    return name_of(str(path))


@pytest.fixture
def zipped(tmp_path):
    return Zip(tmp_path)


@pytest.fixture
def kept(zipped):
    """The file that a first process has written, with code that tells it from the source."""
    assert zipped.run() == "compiled"
    (path,) = zipped.files()
    zipped.put(path)
    return path


def test_a_second_process_loads_what_the_first_has_compiled(zipped, kept):
    written = kept.stat().st_mtime_ns
    assert zipped.run() == "kept"
    assert kept.stat().st_mtime_ns == written
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_only_what_was_imported_is_kept_and_what_else_is_imported_is_added(zipped, kept):
    assert set(read_code(str(kept))) == {WORK, f"{WORK}.answer"}
    zipped.run(f"import {WORK}.more")
    assert set(read_code(str(kept))) == {WORK, f"{WORK}.answer", f"{WORK}.more"}
    assert zipped.run() == "kept"


@pytest.mark.usefixtures("kept")
def test_another_content_has_another_file(zipped):
    zipped.path = zipped.write("two.zip", answer="ANSWER = 'changed!'\n")
    assert zipped.run() == "changed!"
    assert len(zipped.files()) == 2


def test_the_name_of_the_file_follows_from_the_content_alone(zipped):
    first = name_as_read(zipped.path)
    assert name_as_read(zipped.write("two.zip", minute=2, site="sys.path", backwards=True)) == first
    assert name_as_read(zipped.write("three.zip", answer="ANSWER = 'Compiled'\n")) != first
    assert name_as_read(zipped.write("four.zip", added="")) != first


def test_each_python_and_each_way_to_compile_has_a_file_of_its_own(zipped, kept, monkeypatch):
    assert name_as_read(zipped.path) == kept.name
    assert zipped.run(flags=["-O"]) == "compiled"
    assert len(zipped.files()) == 2
    monkeypatch.setattr(sys, "version", "3.99.0 (another)")
    other = name_as_read(zipped.path)
    assert other is not None
    assert other != kept.name


@pytest.mark.parametrize("value", ["off", "OFF"])
def test_it_can_be_turned_off(zipped, kept, value):
    env = {"DECLARATIVE_LIBVIRT_COMPILED": value}
    assert zipped.run(env=env) == "compiled"
    kept.unlink()
    zipped.run(env=env)
    assert not zipped.files()


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "before", ["sys.modules['coverage'] = sys", "sys.settrace(lambda *_all: None)"]
)
def test_who_looks_at_the_source_gets_the_source(zipped, before):
    assert zipped.run(before=before) == "compiled"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="half"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: bytes(len(content)), id="zeros"),
        pytest.param(lambda content: content[:40] + b"?" + content[41:], id="byte"),
    ],
)
def test_a_damaged_file_is_replaced(zipped, kept, damage):
    kept.write_bytes(damage(kept.read_bytes()))
    assert zipped.run() == "compiled"
    assert f"{WORK}.answer" in read_code(str(kept))


def test_what_others_could_have_written_is_not_loaded(zipped, kept):
    kept.chmod(0o622)
    assert zipped.run() == "compiled"
    zipped.put(kept)
    kept.parent.chmod(0o770)
    assert zipped.run() == "compiled"
    kept.parent.chmod(0o700)
    assert zipped.run() == "kept"
    content = kept.read_bytes()
    kept.unlink()
    (zipped.folder / "elsewhere").write_bytes(content)
    kept.symlink_to(zipped.folder / "elsewhere")
    assert zipped.run() == "compiled"
    assert not kept.is_symlink()


def test_a_zip_that_python_has_not_read_has_no_name(zipped):
    assert name_of(str(zipped.path)) is None


def test_what_is_imported_is_no_matter_for_the_garbage_collector(zipped):
    assert int(zipped.run("import gc; print(gc.get_freeze_count())")) > 1000


def test_where_nothing_can_be_written_it_works_without_a_word(zipped):
    assert zipped.run(env={"XDG_CACHE_HOME": "/proc/none"}) == "compiled"
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
    assert zipped.run(before=full) == "compiled"
    assert not zipped.files()


def test_processes_side_by_side_leave_one_whole_file(zipped):
    work = f"import {WORK}.%s; print('done')"
    started = [zipped.start(work % ("more", "wrong")[n % 2]) for n in range(6)]
    assert [one.communicate() for one in started] == [("done\n", "")] * 6
    (path,) = zipped.files()
    assert {WORK, f"{WORK}.answer"} < set(read_code(str(path)))


def test_a_child_process_does_not_write(zipped):
    zipped.run(f"import os, {WORK}\nif os.fork(): os._exit(os.wait()[1])\nsys.exit()")
    assert not zipped.files()


def test_a_traceback_names_the_zip_of_this_run_and_shows_the_line(zipped):
    work = (
        f"import traceback, {WORK}.wrong\n"
        f"try: {WORK}.wrong.fail()\n"
        "except ValueError: print(traceback.format_exc())"
    )
    zipped.run(work)
    zipped.path = zipped.path.rename(zipped.folder / "moved.zip")
    shown = zipped.run(work)
    assert len(zipped.files()) == 1
    assert f'{zipped.path}/{FOLDER}/_work/wrong.py", line 2, in fail' in shown
    assert "raise ValueError('wrong')" in shown


def test_a_module_looks_as_if_zipimport_had_loaded_it(zipped):
    look = (
        f"import inspect, {WORK}.answer as module, {WORK} as package\n"
        "print(module.__file__, module.__package__, module.__spec__.cached, package.__path__)\n"
        "print(package.__file__, package.__package__, inspect.getsource(module))\n"
        "print(module.__loader__.is_package(module.__name__), package.__spec__.parent)"
    )
    shown = [zipped.run(look, env={"DECLARATIVE_LIBVIRT_COMPILED": one}) for one in ("off", "", "")]
    assert shown[0] == shown[1] == shown[2]
    assert "ANSWER = 'compiled'" in shown[0]


def test_a_module_that_is_not_in_the_zip_is_missed_as_ever(zipped):
    missed = f"try: import {WORK}.none\nexcept ImportError as error: print(error)"
    assert zipped.run(missed) == f"No module named '{WORK}.none'"


def test_the_newest_files_stay(tmp_path):
    for number in range(KEPT_FILES + 5):
        path = tmp_path / f"code-{number:03}"
        path.write_bytes(b"")
        os.utime(path, (1000 + number, 1000 + number))
    (tmp_path / "another").write_bytes(b"")
    os.utime(tmp_path / "another", (1, 1))
    remove_old_files(str(tmp_path))
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["another", *(f"code-{n:03}" for n in range(5, KEPT_FILES + 5))]


def test_a_new_file_makes_room(zipped, monkeypatch):
    zipped.run()
    (path,) = zipped.files()
    path.unlink()
    for number in range(KEPT_FILES):
        old = zipped.cache / f"code-{number:03}"
        old.write_bytes(b"")
        os.utime(old, (1000 + number, 1000 + number))
    zipped.run()
    assert len(zipped.files()) == KEPT_FILES
    assert path in zipped.files()
    assert zipped.cache / "code-000" not in zipped.files()


@pytest.mark.parametrize(
    "path",
    sorted(pathlib.Path(str(_compiled.__file__)).resolve().parents[1].glob("modules/[!_]*.py")),
    ids=lambda path: path.stem,
)
def test_each_module_uses_it_before_it_imports_anything(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    code = [
        ast.unparse(node)
        for node in tree.body
        if not isinstance(node, ast.Assign) and not ast.unparse(node).startswith(("'", '"'))
    ]
    assert code[:3] == [
        "from __future__ import annotations",
        "from ..module_utils._compiled import use_compiled_code",
        "use_compiled_code()",
    ]


def test_a_process_that_goes_on_keeps_its_garbage_collector() -> None:
    before = gc.get_freeze_count()
    _compiled.keep_what_there_is()
    assert gc.get_freeze_count() == before
