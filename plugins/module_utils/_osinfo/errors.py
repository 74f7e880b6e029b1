# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors that the database raises."""

from __future__ import annotations

import typing as t

from .._errors import ExpectedError
from .nearest import near, older_releases


class DatabaseMissing(ExpectedError):
    """There is no database; the message says what to install."""

    def __init__(self, directories: t.Sequence[str]) -> None:
        super().__init__(
            f"there is no osinfo database in {', '.join(directories)}; install the package "
            "osinfo-db on the managed host"
        )


class UnknownOperatingSystem(ExpectedError):
    """The database has no such operating system; the message suggests similar names.

    ``year`` is the database's, ``None`` where it is unknown.
    """

    def __init__(self, identifier: str, known: t.Iterable[str], year: str | None = None) -> None:
        names = list(known)
        older, similar = older_releases(identifier, names), near(identifier, names)
        age = f", which is of {year}," if year is not None else ""
        if older:
            hint = (
                f"take {older[0]} or generic, or import a newer database with osinfo-db-import "
                "--system --latest"
            )
        elif similar:
            hint = f"did you mean {' or '.join(similar)}?"
        else:
            hint = "osinfo_info lists what it has"
        super().__init__(f"the osinfo database{age} has no operating system '{identifier}'; {hint}")


class NotAnImage(ValueError):
    """A file isn't an ISO image."""

    def __init__(self) -> None:
        super().__init__("it is not an ISO 9660 image")
