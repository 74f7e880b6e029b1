# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task for a domain, made as the modules make it, on real libvirt."""

from __future__ import annotations

import collections
import contextlib
import os
import subprocess
import time
import typing as t

import libvirt
import pycdlib
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import host as facts
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.stopping import (
    Shutdown,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import (
    device as domain_device,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.request import (
    Request,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.resolve import (
    resolve,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.whole import (
    DomainTask,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import Outcome
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.host import Host
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema import SchemaError

from .values import IMAGE, ISO, OTHER_IMAGE

URI = "qemu:///system"
_NAME = f"sweep-{os.getpid()}"
#: So often is one question asked, where libvirtd dies each time.
_ATTEMPTS = 5
#: What is random, or chosen by libvirt.
_CHOSEN = ("uuid", "controller")


class Refused(Exception):
    """The task ended with a message."""


class Bench:
    """A connection, and the one domain that is made again and again."""

    def __init__(self, connection: Connection) -> None:
        self._connect(connection)
        self._later = contextlib.ExitStack()

    @classmethod
    @contextlib.contextmanager
    def connected(cls) -> t.Iterator[Bench]:
        os.makedirs(os.path.dirname(IMAGE), exist_ok=True)
        for path in (IMAGE, OTHER_IMAGE):
            with open(path, "wb") as file:
                file.truncate(1 << 20)
        image = pycdlib.PyCdlib()
        image.new()
        image.write(ISO)
        image.close()
        with connected(URI) as connection:
            bench = cls(connection)
            # The host doesn't change meanwhile.
            facts.host_facts = lambda domains: bench.host
            with bench._later:
                yield bench

    def _connect(self, connection: Connection) -> None:
        """Use this connection, and what it says of the host.

        Host facts are read when they are needed, over the connection that they came with.
        """
        self.connection = connection
        self.host: Host = host_facts(Domains(connection))

    def judged(self, question: t.Callable[[], str], counts: collections.Counter[str]) -> str:
        """What ``question`` finds; it is asked again whenever libvirtd has died meanwhile.

        libvirtd 9.0 does so now and then, and not of the same question: the workers share one, so
        the question of another worker ends this one too.
        """
        for _attempt in range(_ATTEMPTS):
            try:
                found = question()
            except Exception:
                if self._is_alive():
                    raise
            else:
                if self._is_alive():
                    return found
            counts["deaths of libvirtd"] += 1
            self._revive()
        raise AssertionError(f"libvirtd died {_ATTEMPTS} times of one question")

    def _is_alive(self) -> bool:
        try:
            self.connection.raw.getLibVersion()
        except libvirt.libvirtError:
            return False
        return True

    def _revive(self) -> None:
        """Start libvirtd, unless somebody else has, and connect to it."""
        for _attempt in range(50):
            with contextlib.suppress(HypervisorError):
                self._connect(self._later.enter_context(connected(URI)))
                return
            # One that finds another one running ends.
            subprocess.run(["libvirtd", "-d"], check=False)
            time.sleep(0.2)
        raise AssertionError("libvirtd does not answer")

    def done(self, options: t.Mapping[str, t.Any], check_mode: bool = False) -> Outcome:
        """What a task with these options does.

        :raises Refused: it fails.
        """
        request = Request(_NAME, {"name": _NAME, **options})
        try:
            domains = Domains(self.connection)
            resolved = resolve(domains, lambda: self.host, request)
            work = DomainTask(domains, lambda: self.host, resolved)
            return work.carried_out(domains, check_mode)
        except (OptionError, TaskError, HypervisorError, SchemaError) as error:
            raise Refused(str(error)) from None

    def device(self, group: str, value: object, match: object, check_mode: bool = False) -> Outcome:
        """What a task of domain_device with this value of a group does.

        :raises Refused: it fails.
        """
        request = domain_device.Request(
            domain=_NAME,
            xml=None,
            option=group,
            value=value,
            match=match,
            state="present",
            mode="merge",
            affect=frozenset({"config", "live"}),
            restart="never",
            shutdown=Shutdown(),
            live_timeout=5,
            replug="safe",
            validate=True,
            removes_volume=False,
        )
        try:
            return domain_device.ensure(Domains(self.connection), request, check_mode)[0]
        except ExpectedError as error:
            raise Refused(str(error)) from None

    def document(self) -> Element:
        flags = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
        return parse(self.connection.raw.lookupByName(_NAME).XMLDesc(flags))

    def remove(self) -> None:
        with contextlib.suppress(libvirt.libvirtError):
            flags = libvirt.VIR_DOMAIN_UNDEFINE_NVRAM
            self.connection.raw.lookupByName(_NAME).undefineFlags(flags)


def comparable(element: Element, *chosen: str) -> t.Any:
    """A document as a value, without what libvirt chooses, and without an order of devices.

    ``chosen`` are the types of addresses that it chooses, beside ``pci``.
    """
    children = [
        comparable(child, *chosen)
        for child in element.children
        if child.tag not in _CHOSEN
        and not (child.tag == "address" and child.get("type") in ("pci", *chosen))
    ]
    if element.tag in ("devices", "features"):
        children.sort(key=repr)
    return (
        element.tag,
        tuple(sorted(element.attributes.items())),
        (element.text or "").strip(),
        tuple(children),
    )


@pytest.fixture(scope="module", name="bench")
def fixture_bench() -> t.Iterator[Bench]:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make sweep")
    with Bench.connected() as found:
        yield found
