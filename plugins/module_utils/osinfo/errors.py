# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be wrong with a question to the database."""

from __future__ import annotations

import difflib
import typing as t

from ..errors import ExpectedError


class DatabaseMissing(ExpectedError):
    """There is no database; the message says what to install."""

    def __init__(self, directories: t.Sequence[str]) -> None:
        super().__init__(
            f"there is no osinfo database in {', '.join(directories)}; install the package "
            "osinfo-db on the managed host"
        )


class UnknownOperatingSystem(ExpectedError):
    """The database has no such operating system; the message suggests others."""

    def __init__(self, identifier: str, known: t.Iterable[str]) -> None:
        near = difflib.get_close_matches(identifier, sorted(known), n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else "osinfo_info lists what it has"
        super().__init__(f"the osinfo database has no operating system '{identifier}'; {hint}")


class NotAnImage(ValueError):
    """A file isn't an ISO image."""

    def __init__(self) -> None:
        super().__init__("it is not an ISO 9660 image")
