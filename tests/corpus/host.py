# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hypervisor, and the module's own code run on it in this process."""

from __future__ import annotations

import contextlib
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.running import (
    GuestRunning,
    pending,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.unchanged import (
    UnchangedDomain,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.goal import Goal, whole
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import Memory
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import Outcome
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.present import (
    ensure_present,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.reading import observe
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.validation import (
    Validation,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.plan import Change
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import KIND
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from . import documents

URI = "qemu:///system"
_DUMP = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
_UNDEFINE = (
    libvirt.VIR_DOMAIN_UNDEFINE_KEEP_NVRAM
    | libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
    | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
)
#: The calls that can't change anything.
_READING = {
    *("ID", "UUIDString", "XMLDesc", "autostart", "connect", "isActive", "isPersistent"),
    *("isUpdated", "name", "state"),
    *("domainXMLToNative", "isAlive"),
    *("getHostname", "getLibVersion", "getType", "getURI", "getVersion"),
    *("listAllDomains", "listAllSnapshots", "listAllStoragePools", "lookupByName"),
    *("lookupByUUIDString", "storagePoolLookupByName", "storageVolLookupByPath"),
    *("networkLookupByName", "networkLookupByUUIDString", "listAllNetworks"),
    *("nwfilterLookupByName", "nwfilterLookupByUUIDString", "storagePoolLookupByUUIDString"),
    *("secretLookupByUUIDString", "secretLookupByUsage", "usageID", "usageType"),
    *("info", "listVolumes", "path", "storageVolLookupByName"),
}


_OBJECTS = (
    *(libvirt.virDomain, libvirt.virNetwork, libvirt.virNWFilter, libvirt.virSecret),
    *(libvirt.virStoragePool, libvirt.virStorageVol),
)


class Recorded:
    """One of libvirt's objects, whose calls that could change anything are noted."""

    def __init__(self, raw: t.Any, writes: list[str]) -> None:
        self._raw = raw
        self._writes = writes

    def __getattr__(self, name: str) -> t.Any:
        method = getattr(self._raw, name)
        if not callable(method):
            return method

        def call(*arguments: t.Any, **named: t.Any) -> t.Any:
            if name not in _READING:
                self._writes.append(name)
            result = method(*arguments, **named)
            return Recorded(result, self._writes) if isinstance(result, _OBJECTS) else result

        return call


class Host:
    """A connection for the module's code, and one beside it for the test's own doings.

    ``memory`` is the file that tasks remember things in; without one they remember nothing.
    """

    def __init__(self, memory: str | None = None) -> None:
        self._memory = memory
        libvirt.registerErrorHandler(lambda *_error: None, None)
        self.raw = libvirt.open(URI)
        #: The calls of the last task that could have changed anything.
        self.writes: list[str] = []
        self.connection = Connection(Recorded(self.raw, self.writes), URI, is_local=True)

    def task(self, text: str, mode: str = "exact", check_mode: bool = False) -> Outcome:
        """What declarative.libvirt.domain_xml does with this document."""
        self.writes.clear()
        document = parse(text, "domain")
        memory, domains = Memory(self._memory, "tests", check_mode), Domains(self.connection)
        unchanged = UnchangedDomain(memory, self.connection)
        found = domains.find(document.value("name") or "") if memory.is_on else None

        def request() -> str:
            return repr((mode, serialise(document)))

        known = unchanged.outcome(found, request)
        if known is not None:
            return known
        goal = Goal(document, None, whole(mode), is_part=mode == "merge")
        running = GuestRunning(self.connection)
        # Some of libvirt's documents are not valid and accepted all the same.
        validation = Validation(self.connection, "domain", False, text)
        outcome = ensure_present(
            domains, KIND, goal, validation, check_mode, running=running, memory=memory
        )
        unchanged.note(found, request, outcome)
        memory.save()
        return outcome

    def define(self, text: str) -> None:
        """What virsh define does."""
        self.raw.defineXML(text)

    def knows(self, text: str) -> bool:
        """Whether this libvirt, which drops what it doesn't know, has a schema of the document."""
        if self.raw.getLibVersion() >= documents.version():
            return True
        try:
            self.raw.defineXMLFlags(text, libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
        except libvirt.libvirtError as error:
            return bool(error.get_error_code() != libvirt.VIR_ERR_XML_INVALID_SCHEMA)
        return True

    def definition(self, name: str) -> str:
        """What virsh dumpxml --inactive --security-info prints."""
        return str(self.raw.lookupByName(name).XMLDesc(_DUMP))

    def start_paused(self, name: str) -> None:
        """What virsh start --paused does."""
        self.raw.lookupByName(name).createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)

    def pending(self, name: str) -> tuple[Change, ...]:
        """What the modules return as pending."""
        domain = Domains(self.connection).find(name)
        assert domain is not None
        return pending(observe(domain))

    def has_kvm(self) -> bool:
        return "<domain type='kvm'" in self.raw.getCapabilities()

    def exists(self, name: str) -> bool:
        return name in {domain.name() for domain in self.raw.listAllDomains()}

    def remove(self, name: str) -> None:
        with contextlib.suppress(libvirt.libvirtError):
            domain = self.raw.lookupByName(name)
            if domain.isActive():
                domain.destroy()
            domain.undefineFlags(_UNDEFINE)
