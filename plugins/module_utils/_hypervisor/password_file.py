# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password that is made up once, and kept in a file of the managed host."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import string

from .files import content

_CHARACTERS = string.ascii_letters + string.digits
#: The length of a password, and the longest that is read, in characters.
_LENGTH, _LONGEST = 20, 4096


def password_in(path: str, makes: bool) -> str | None:
    """The password in the first line of a file.

    A file that doesn't exist is made with a made-up one if it ``makes`` that, and only its owner
    can read it; otherwise there is ``None``.

    :raises OSError: it can't be read or made.
    """
    with contextlib.suppress(FileNotFoundError):
        return _first_line(path)
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"there is no folder {folder}")
    if not makes:
        return None
    password = "".join(secrets.choice(_CHARACTERS) for _position in range(_LENGTH))
    # It is whole under its own name, or isn't there: another task may read it.
    spare = f"{path}.{secrets.token_hex(4)}"
    descriptor = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{password}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(spare, path)
    except FileExistsError:
        # Another task was faster.
        return _first_line(path)
    finally:
        os.unlink(spare)
    return password


def _first_line(path: str) -> str:
    text = content(path, _LONGEST).decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if not text:
        raise OSError(errno.ENODATA, "its first line is empty")
    return text
