# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file of the managed host that a module writes as a whole, or leaves alone."""

from __future__ import annotations

import hashlib
import os
import tempfile
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._manage.errors import TaskError
from .._manage.outcome import CONFIG, Action
from .._manage.permissions import numbers

#: The permissions that a file can have, by Ansible's names.
ATTRIBUTES: dict[str, dict[str, t.Any]] = {
    "mode": {"type": "raw"},
    "owner": {"type": "str"},
    "group": {"type": "str"},
}


class ReplacedFile:
    """The file at a path, whether it exists or not. A link is followed."""

    def __init__(self, module: AnsibleModule, path: str, option: str) -> None:
        """``option`` is that of the path; the module has the options :data:`ATTRIBUTES` as well.

        :raises TaskError: there can be no such file.
        """
        self._attributes = numbers(module.params)
        if not os.path.isabs(path):
            raise TaskError(f"{option}: '{path}' is no absolute path; write it from / on")
        self.path = os.path.realpath(path)
        self._module = module
        self._option = option
        if os.path.isdir(self.path):
            raise TaskError(f"{option}: {path} is a folder; add the name of a file")
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise TaskError(f"{option}: {path} is no regular file; choose another path")
        folder = os.path.dirname(self.path)
        if not os.path.isdir(folder):
            raise TaskError(
                f"{option}: there is no folder {folder}; make it with the module ansible.builtin.file"
            )
        if not os.access(folder, os.W_OK):
            raise TaskError(
                f"{option}: this user may not write to {folder}; run the task as one who may, or choose another folder"
            )
        self._before = self._checksum()

    def have(self, content: bytes) -> list[Action]:
        """Let the file have this content and its permissions; nothing is done in check mode.

        It is the old file or the new one at each moment. A new file can be read by its owner
        alone, unless the options say otherwise.

        :raises TaskError: it can't be written.
        """
        actions = []
        checksum = hashlib.sha256(content).hexdigest()
        if checksum != self._before:
            if not self._module.check_mode:
                self._write(content)
            actions.append(Action(f"file {self.path}", self._before, checksum, CONFIG))
        found: dict[str, t.Any] = {}
        options = self._module.load_file_common_arguments(self._attributes, self.path)
        self._module.set_fs_attributes_if_different(options, False, found)
        if self._before is None:
            # They are those of the new file.
            return actions
        for name, before in found.get("before", {}).items():
            if name in ATTRIBUTES:
                after = found["after"][name]
                actions.append(Action(f"{name} {self.path}", str(before), str(after), CONFIG))
        return actions

    def _checksum(self) -> str | None:
        """The SHA-256 of the content; ``None`` where there is no file."""
        try:
            with open(self.path, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TaskError(
                f"{self._option}: {self.path} can't be read ({error.strerror}); run the task as a user who may read it"
            ) from None

    def _write(self, content: bytes) -> None:
        try:
            handle, name = tempfile.mkstemp(dir=self._module.tmpdir)
            self._module.add_cleanup_file(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError as error:
            raise TaskError(
                f"{self._option}: the new file can't be written ({error.strerror}); make room in {self._module.tmpdir}"
            ) from None
        # Ansible takes the permissions of a new file from it.
        mask = os.umask(0o077)
        try:
            self._module.atomic_move(name, self.path)
        finally:
            os.umask(mask)
