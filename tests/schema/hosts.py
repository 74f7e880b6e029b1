# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each kind of object is made with, by libvirt alone and by the collection."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import threading
import time
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import host as facts
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import (
    Domains as AllDomains,
)
from lxml import etree

from tests.corpus import documents
from tests.corpus.host import Host

_Node = t.Any
#: Who holds it alone asks what libvirtd may die of.
_LOCK = "/run/schema.lock"
#: Seconds that an answer may take.
_PATIENCE = 20
NAME = f"schema-{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"


def _kill_libvirtd() -> None:
    """libvirtd 9.0 never answers again when some documents have left it with a lock."""
    with open("/run/libvirtd.pid", encoding="utf-8") as file:
        os.kill(int(file.read()), signal.SIGKILL)


class Refused(Exception):
    """libvirt doesn't take a document; the message is its reason."""


class Died(Refused):
    """libvirtd has died meanwhile; there is another one now."""


_Result = t.TypeVar("_Result")


class Domains:
    """Domains, one at a time."""

    def __init__(self) -> None:
        self._host = Host()
        known = facts.host_facts(AllDomains(self._host.connection))
        # The host doesn't change meanwhile.
        facts.host_facts = lambda domains: known

    def surviving(self, question: t.Callable[[], _Result]) -> _Result:
        """What ``question`` finds, which is asked again if libvirtd has died meanwhile.

        It may have died of what another worker asked, which then waits for its turn.

        :raises Died: it has died again.
        """
        found = self._survived(question)
        if not found:
            with open(_LOCK, "w", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._revive()
                found = self._survived(question)
                if not found:
                    self._revive()
                    raise Died("libvirtd dies of it")
        return found[0]

    def _survived(self, question: t.Callable[[], _Result]) -> tuple[_Result] | tuple[()]:
        watchdog = threading.Timer(_PATIENCE, _kill_libvirtd)
        watchdog.start()
        try:
            found = question()
        except Exception:
            if self._is_alive():
                raise
            return ()
        finally:
            watchdog.cancel()
        return (found,) if self._is_alive() else ()

    def _is_alive(self) -> bool:
        return bool(self._host.raw.isAlive())

    def _revive(self) -> None:
        """Start libvirtd, unless somebody else has, and connect to it."""
        for _attempt in range(100):
            with contextlib.suppress(libvirt.libvirtError):
                self._host = Host()
                return
            # One that finds another one running ends.
            subprocess.run(["libvirtd", "-d"], check=False, stderr=subprocess.DEVNULL)
            time.sleep(0.2)
        raise AssertionError("libvirtd does not answer")

    @property
    def writes(self) -> list[str]:
        """The calls of the last task that could have changed anything."""
        return list(self._host.writes)

    def document(self, root: _Node) -> str:
        """The document with the name of ours."""
        name = root.find("name")
        if name is not None:
            name.text = NAME
        return str(etree.tostring(root, encoding="unicode"))

    def define(self, text: str) -> str:
        """What libvirt makes of a document.

        :raises Refused: it takes none of it.
        """
        try:
            self._host.define(text)
        except libvirt.libvirtError as error:
            raise Refused(" ".join(error.get_error_message().split())) from None
        return self.definition()

    def definition(self) -> str:
        """What there is."""
        return str(self._host.definition(NAME))

    def remove(self) -> None:
        """Nothing is left of it."""
        self._host.remove(NAME)

    def task(self, text: str, mode: str = "exact", check_mode: bool = False) -> t.Any:
        """What the module does with a document."""
        return self._host.task(text, mode, check_mode)

    def without_chance(self, definition: str, text: str) -> str:
        """A definition without what libvirt draws by lot."""
        ids = re.compile("((?:interface|instance)id=')[0-9a-f-]{36}'")
        written = text.lower().replace('"', "'")
        known = documents.without_chance(definition, text)
        return ids.sub(lambda one: one[0] if one[0] in written else f"{one[1]}'", str(known))

    def without_places(self, definition: str, text: str) -> str:
        """A definition without its order and the places that a document leaves to libvirt."""
        return re.sub("<uuid>[^<]*<", "<uuid><", documents.without_placement(definition, text))


HOSTS: dict[str, t.Callable[[], t.Any]] = {"domain": Domains}
