# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each kind of object is made with, by libvirt alone and by the collection."""

from __future__ import annotations

import contextlib
import fcntl
import functools
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

from tests.corpus import documents, kinds
from tests.corpus.exporting import Exporter
from tests.corpus.host import Host

from . import undone

_Node = t.Any
#: Who holds it alone asks what libvirtd may die of.
_LOCK = "/run/schema.lock"
#: Seconds that an answer may take.
_PATIENCE = 20
#: Where the tasks of a worker remember what they have found out, if they shall.
_MEMORY = (
    f"/run/schema-memory-{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"
    if os.environ.get("SCHEMA_MEMORY") == "on"
    else None
)
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


class _Survivor:
    """What goes on when libvirtd dies."""

    raw: t.Any

    @contextlib.contextmanager
    def alone(self) -> t.Iterator[None]:
        """Nothing of another worker is there meanwhile, nor anything of this afterwards."""
        yield

    def connect(self) -> None:
        """Connect to libvirtd."""
        raise NotImplementedError

    def surviving(self, question: t.Callable[[], _Result], patience: float = _PATIENCE) -> _Result:
        """What ``question`` finds, which is asked again if libvirtd has died meanwhile.

        One that doesn't answer for ``patience`` seconds is killed. It may have died of what another worker asked, which then waits for its turn.

        :raises Died: it has died again.
        """
        found = self._survived(question, patience)
        if not found:
            with open(_LOCK, "w", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for _attempt in range(3):
                    self._revive()
                    found = self._survived(question, patience)
                    if found:
                        return found[0]
                self._revive()
                raise Died("libvirtd dies of it")
        return found[0]

    def _survived(
        self, question: t.Callable[[], _Result], patience: float
    ) -> tuple[_Result] | tuple[()]:
        watchdog = threading.Timer(patience, _kill_libvirtd)
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
        return bool(self.raw.isAlive())

    def _revive(self) -> None:
        """Start libvirtd, unless somebody else has, and connect to it."""
        for _attempt in range(100):
            with contextlib.suppress(libvirt.libvirtError):
                self.connect()
                return
            # One that finds another one running ends.
            subprocess.run(["libvirtd", "-d"], check=False, stderr=subprocess.DEVNULL)
            time.sleep(0.2)
        raise AssertionError("libvirtd does not answer")


class Domains(_Survivor):
    """Domains, one at a time, through the module's code."""

    def __init__(self) -> None:
        self.connect()
        known = facts.host_facts(AllDomains(self._host.connection))
        # The host doesn't change meanwhile.
        facts.host_facts = lambda domains: known

    def connect(self) -> None:
        """Connect to libvirtd."""
        self._host = Host(_MEMORY)
        self.raw = self._host.raw
        self._exporter: Exporter | None = None

    @property
    def exporter(self) -> Exporter:
        """What exports domains on this connection."""
        if self._exporter is None:
            self._exporter = Exporter(self._host.connection)
        return self._exporter

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

    def is_undone(self, before: str, edited: str, after: str, text: str) -> bool:
        """Whether the definition after an edit was undone is the one before it."""
        return undone.is_undone(before, edited, after, text)

    def is_one(self, text: str) -> bool:
        """Whether a document is of one domain: libvirt refuses a second one of a name."""
        return True


class Others(_Survivor):
    """Objects of another kind, one at a time, through the module's code."""

    @contextlib.contextmanager
    def alone(self) -> t.Iterator[None]:
        """Two pools may not have one source, nor two secrets one usage."""
        with open(f"{_LOCK}.{self._about.kind.noun}", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                yield
            finally:
                self.remove()

    def __init__(self, about: kinds.Described) -> None:
        self._about = about
        self._uuid: str | None = None
        self.connect()

    def connect(self) -> None:
        """Connect to libvirtd."""
        self._host = kinds.KindHost(self._about, _MEMORY)
        self.raw = self._host.raw

    @property
    def writes(self) -> list[str]:
        """The calls of the last task that could have changed anything."""
        return list(self._host.writes)

    def document(self, root: _Node) -> str:
        """The document with the name of ours, or the usage."""
        named = self._about.kind.named
        if named.startswith("@"):
            root.set(named[1:], NAME)
        elif named:
            if root.find(named) is None:
                etree.SubElement(root, named)
            root.find(named).text = NAME
        for usage in root.findall("usage/*") if root.tag == "secret" else ():
            if not (usage.text or "").endswith(NAME):
                usage.text = f"{usage.text or ''}{NAME}"
        return str(etree.tostring(root, encoding="unicode"))

    def define(self, text: str) -> str:
        """What libvirt makes of a document.

        :raises Refused: it takes none of it, or the module does not, which test_network.py tries.
        """
        words = kinds.refused_in_words(text, self._about.kind)
        if words:
            raise Refused(words[0])
        try:
            self._uuid = self._host.define(text)
        except libvirt.libvirtError as error:
            raise Refused(" ".join(error.get_error_message().split())) from None
        return self.definition()

    def definition(self) -> str:
        """What there is."""
        assert self._uuid is not None
        return str(self._host.definition(self._uuid))

    def remove(self) -> None:
        """Nothing is left of it."""
        for uuid in self._ours():
            self._host.remove(uuid)
        self._uuid = None

    def task(self, text: str, mode: str = "exact", check_mode: bool = False) -> t.Any:
        """What the module does with a document."""
        outcome = self._host.task(text, mode, check_mode)
        if self._uuid is None and not check_mode:
            self._uuid = next(self._ours(), etree.fromstring(text).findtext("uuid"))
        return outcome

    def _ours(self) -> t.Iterator[str]:
        """The UUIDs of what has our name, or is used by it."""
        if self._about.kind.named:
            with contextlib.suppress(libvirt.libvirtError):
                found = getattr(self.raw, self._about.names.by_name)(NAME)
                yield str(found.UUIDString())
            return
        for uuid in self._host.identifiers():
            with contextlib.suppress(libvirt.libvirtError):
                if f"{NAME}<" in self._host.definition(uuid) or uuid == self._uuid:
                    yield uuid

    def without_chance(self, definition: str, text: str) -> str:
        """A definition without what libvirt draws by lot."""
        definition = re.sub("<uuid>[^<]*<", "<uuid><", definition)
        definition = re.sub("name='virbr[0-9]+'", "name=''", definition)
        return re.sub("(<mac address=')[^']*'", r"\1'", definition)

    def is_undone(self, before: str, edited: str, after: str, text: str) -> bool:
        """Whether the definition after an edit was undone is the one before it."""
        return self._in_order(before, text) == self._in_order(after, text)

    def is_one(self, text: str) -> bool:
        """Whether a document is of one object, because libvirt doesn't make another one of it."""
        first = self._host.define(text)
        try:
            second = self._host.define(text)
        except libvirt.libvirtError:
            return True
        self._host.remove(second)
        return bool(first == second)

    def _in_order(self, definition: str, text: str) -> str:
        """A definition without what libvirt draws by lot, in one order."""
        root = etree.fromstring(
            self.without_chance(definition, text), etree.XMLParser(remove_blank_text=True)
        )
        return "".join(sorted(str(etree.tostring(child)) for child in root))


HOSTS: dict[str, t.Callable[[], t.Any]] = {
    "domain": Domains,
    **{about.kind.schema: functools.partial(Others, about) for about in kinds.KINDS},
}
