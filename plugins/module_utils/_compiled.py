# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code of a module, compiled once and not anew in each task.

Ansible sends a module and all that it imports as a zip of source, from which
Python keeps nothing: each task compiles the same source again, for longer than
it takes to do its work. So what a task has compiled is kept in the user's cache
on the managed host, in one file for each content of a zip, and later tasks load
it from there. A file holds the code of the modules that tasks have imported so
far; a task that imports more adds it when it ends. Where there is no such cache,
or it can't be read or written, the source is compiled as ever.

A file is used only when ``_user_cache`` vouches for it: nobody but this user and
root can have written it. Its name holds a hash of what stands in the zip, by
each file's name, size and checksum, and of what decides how it is compiled. A
checksum will do, since whoever sends a zip has its code run by this user anyway,
whatever has been kept.

``DECLARATIVE_LIBVIRT_COMPILED=off`` in the environment of a task turns it off.
It is off as well while a tracer or coverage looks at the source, and where the
code doesn't come from a zip: in tests, and in what Ansible's debugging has
exploded.
"""

from __future__ import annotations

import _imp
import atexit
import functools
import gc
import hashlib
import importlib.util
import marshal
import os
import sys
import typing as t
import zipimport
import zlib
from importlib.machinery import ModuleSpec

from ._user_cache import read_private, replace_private, user_cache

#: What turns it off.
VARIABLE = "DECLARATIVE_LIBVIRT_COMPILED"
#: So many files stay: each module of the collection has one, with each ansible-core and Python.
KEPT_FILES = 48
_PREFIX = "code-"
#: AnsiballZ adds this one on the managed host; its content is a path of one run.
_RUN_SPECIFIC = "sitecustomize.py"
#: Where an entry of ``zipimport`` has the size and the CRC of a file, see its ``_read_directory``.
_SIZE, _CHECKSUM = 3, 7


def use_compiled_code() -> None:
    """From here on, what is imported from the zip of this task is compiled at most once."""
    keep_what_there_is()
    archive = _archive()
    if archive is None or os.environ.get(VARIABLE, "").lower() == "off":
        return
    if sys.gettrace() is not None or "coverage" in sys.modules:
        return
    name, folder = content_key(), user_cache()
    if name is not None and folder is not None:
        finder = CodeFinder(_zipped(), archive, os.path.join(folder, name))
        sys.meta_path.insert(0, finder)
        atexit.register(finder.keep, os.getpid())


def keep_what_there_is() -> None:
    """Spare the garbage collector what has been imported: it stays until the process ends.

    A task is so short that looking for garbage among it takes a good part of its time. A process
    that goes on after a task would never get back what the task leaves behind.
    """
    if _archive() is not None:
        gc.freeze()


def _zipped() -> t.Any:
    """What has loaded this file."""
    return __spec__.loader if __spec__ is not None else None


def _archive() -> str | None:
    """The zip of a task that this file comes from, if it comes from one."""
    archive = getattr(_zipped(), "archive", None)
    return archive if isinstance(archive, str) else None


@functools.cache
def content_key() -> str | None:
    """A hash of the code of this task; None where that doesn't come from a zip."""
    archive = _archive()
    return None if archive is None else name_of(archive)


def name_of(archive: str) -> str | None:
    """What the file with the code of a zip is called; None where the zip hasn't been read.

    The times in it and the order of the files differ from run to run, and don't count.
    """
    files = _directory(archive)
    known = sorted((path, files[path][_SIZE], files[path][_CHECKSUM]) for path in files)
    name = hashlib.sha256(repr((_compiled_by(), known)).encode()).hexdigest()
    return f"{_PREFIX}{name[:32]}" if known else None


def _directory(archive: str) -> dict[str, t.Any]:
    """The files in a zip that code is imported from, as Python has read them for that.

    To read the directory once more takes as long as to compile several files.
    """
    # It is no public name, so that a Python may come without it.
    read: dict[str, t.Any] = getattr(zipimport, "_zip_directory_cache", {})
    files = read.get(archive) or {}
    # Newer versions of Python list folders too.
    return {path: entry for path, entry in files.items() if entry and path != _RUN_SPECIFIC}


def _compiled_by() -> tuple[object, ...]:
    """What else the code depends on than its source."""
    return (sys.version, importlib.util.MAGIC_NUMBER, sys.flags.optimize)


class CodeFinder:
    """Finds and loads the modules of a zip, as ``zipimport`` does, and keeps their code."""

    def __init__(self, zipped: t.Any, archive: str, file: str) -> None:
        self._zipped = zipped
        self._archive = archive
        self._paths = _directory(archive)
        self._file = file
        self._kept = read_code(file)
        self._new: dict[str, bytes] = {}

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """As a finder of ``sys.meta_path``: what isn't in the zip is left to others."""
        base = fullname.replace(".", "/")
        if f"{base}/__init__.py" in self._paths:
            found = f"{base}/__init__.py"
        elif f"{base}.py" in self._paths:
            found = f"{base}.py"
        else:
            return None
        spec = ModuleSpec(fullname, t.cast(t.Any, self), origin=f"{self._archive}/{found}")
        # __file__ is set, and the same as without this finder.
        spec.has_location = True
        if found.endswith("/__init__.py"):
            spec.submodule_search_locations = [f"{self._archive}/{base}"]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """A module like any other."""

    def exec_module(self, module: t.Any) -> None:
        """Run the code of a module."""
        code = self._code(module.__name__, module.__file__)
        exec(code, module.__dict__)  # noqa: S102

    def get_code(self, fullname: str) -> t.Any:
        """The code of a module, kept or compiled."""
        return self._code(fullname, self.get_filename(fullname))

    def _code(self, fullname: str, path: str) -> t.Any:
        kept = self._kept.get(fullname)
        if kept is not None:
            code = marshal.loads(kept)  # noqa: S302
            _name_file(code, path)
            return code
        code = compile(self.get_data(path), path, "exec", dont_inherit=True)
        self._new[fullname] = marshal.dumps(code)
        return code

    def get_filename(self, fullname: str) -> str:
        """The path of its source, inside that of the zip."""
        spec = self.find_spec(fullname)
        if spec is None or spec.origin is None:
            raise ImportError(f"{self._archive} has no module {fullname}", name=fullname)
        return spec.origin

    def get_source(self, fullname: str) -> str:
        """For the lines in tracebacks, and for Ansible's start with another interpreter."""
        return importlib.util.decode_source(self.get_data(self.get_filename(fullname)))

    def get_data(self, path: str) -> bytes:
        """What a file in the zip holds."""
        data: bytes = self._zipped.get_data(path)
        return data

    def is_package(self, fullname: str) -> bool:
        """Whether a module is a package."""
        return self.get_filename(fullname).endswith("/__init__.py")

    def keep(self, process: int) -> None:
        """Write what this process, and no child of it, has compiled; old files make room."""
        if not self._new or process != os.getpid():
            return
        is_first = not self._kept
        if replace_private(self._file, written_code({**self._kept, **self._new})) and is_first:
            remove_old_files(os.path.dirname(self._file))


def read_code(file: str) -> dict[str, bytes]:
    """The code of modules by name; empty where there is no whole file to trust."""
    content = memoryview(read_private(file) or b"")
    checksum, dumped = content[:4], content[4:]
    if not dumped or int.from_bytes(checksum, "big") != zlib.crc32(dumped):
        return {}
    code: dict[str, bytes] = marshal.loads(dumped)  # noqa: S302
    return code


def written_code(code: dict[str, bytes]) -> bytes:
    """As it stands in a file, behind its checksum: a power failure may leave half of it."""
    content = marshal.dumps(code)
    return zlib.crc32(content).to_bytes(4, "big") + content


def remove_old_files(folder: str) -> None:
    """Leave the newest files of code; what others have removed already is no matter."""
    ages = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(_PREFIX):
                    ages.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path))
        for _age, path in sorted(ages, reverse=True)[KEPT_FILES:]:
            os.unlink(path)
    except OSError:
        return


def _name_file(code: object, path: str) -> None:
    """Have tracebacks name the zip of this run, as importlib has it for its own files."""
    # Without it, they name that of the run that has compiled it.
    fix = getattr(_imp, "_fix_co_filename", None)
    if fix is not None:
        fix(code, path)
