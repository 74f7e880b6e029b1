# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The installed virt-install as a judge, in this process so that thousands of runs take minutes."""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
import typing as t

_LIBRARY = "/usr/share/virt-manager"


class Refused(Exception):
    """virt-install would not do it; the message is what it printed."""


def installed_version() -> str:
    """The version of the installed virt-install without its last number, such as ``4.1``."""
    if _LIBRARY not in sys.path:
        sys.path.insert(0, _LIBRARY)
    from virtinst.buildconfig import BuildConfig

    return ".".join(BuildConfig.version.split(".")[:2])


class VirtInstall:
    """virt-install on one connection."""

    def __init__(self, uri: str) -> None:
        if _LIBRARY not in sys.path:
            sys.path.insert(0, _LIBRARY)
        from virtinst import VirtinstConnection, cli, virtinstall

        from .mended import mend
        from .remembering import remember

        remember()
        mend()
        self._cli, self._program = cli, virtinstall
        #: Its version without the last number, such as ``4.1``.
        self.version = installed_version()
        self.connection = VirtinstConnection(uri)
        self.connection.open(None, None)

    def documents(self, arguments: t.Sequence[str]) -> list[str]:
        """The documents that it prints: that of the domain, or that of the first boot before it.

        :raises Refused: it ended with an error.
        """
        self._cli._reset_global_state()
        before, sys.argv = sys.argv, ["virt-install", *_ALWAYS, *arguments]
        output, errors = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
                self._program.main(self.connection)
        except SystemExit as end:
            if getattr(end, "code", None):
                raise Refused(f"{shlex.join(arguments)}: {errors.getvalue().strip()}") from None
        except (RuntimeError, ValueError) as error:
            # The program prints them where it calls this.
            raise Refused(f"{shlex.join(arguments)}: {error}") from None
        finally:
            sys.argv = before
        printed = output.getvalue()
        return [f"<domain{one}" for one in printed.split("<domain")[1:]]


#: What is checked of the host is not what is compared here.
_ALWAYS = ("--dry-run", "--print-xml", "--check", "all=off")
