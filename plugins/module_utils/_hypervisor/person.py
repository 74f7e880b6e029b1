# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user of the managed host, whose language and time zone a new guest gets."""

from __future__ import annotations

import getpass
import locale
import os
import pwd

from .._virtinst.host import Person

_CLOCK, _ZONES = "/etc/localtime", "zoneinfo/"


def current() -> Person:
    """The user who runs this process."""
    login: str | None = None
    name: str | None = None
    try:
        login = getpass.getuser()
        name = pwd.getpwnam(login).pw_gecos
    except (KeyError, OSError, ImportError):
        # A user without an entry, as in a container.
        login = None
    if login == "root":
        login = name = None
    _folder, found, zone = os.path.realpath(_CLOCK).partition(_ZONES)
    return Person(login, name, locale.getlocale()[0], zone if found else None)
