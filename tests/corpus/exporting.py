# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a domain into options and back, on a real libvirtd."""

from __future__ import annotations

import functools
import re
import time
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.native import (
    machine_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.resolve import (
    resolve,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.whole import (
    DomainTask,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.yaml_text import yaml_text
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domains_items import (
    read_items,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.plan import Change
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.book import PathRules
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.anew import ANEW
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.export.domain import (
    MAC,
    UUID,
    Exported,
    exported,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.export.hidden import (
    without_secrets,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.host import (
    Host as Facts,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import Existing
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema import (
    Schema,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_file import (
    find_schema,
)

from .documents import is_of_another_worker

#: Which domain has a MAC address already.
_OWNER = re.compile("is the MAC address of an interface of the domain ([^ ]+) already")
_KINDS = (("file", "file"), ("dev", "block"), ("dir", "dir"))


class _AllImages:
    """The storage of a host, on which the images of a document exist too."""

    def __init__(self, storage: t.Any, document: Element) -> None:
        self._storage = storage
        self._images = {
            path: Existing(path, kind, disk.value("driver/@type"))
            for disk in document.findall("devices/disk")
            for attribute, kind in _KINDS
            for path in [disk.value(f"source/@{attribute}")]
            if path is not None
        }

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._storage, name)

    def at(self, path: str) -> Existing | None:
        """What is at a path."""
        return self._images.get(path) or self._storage.at(path)

    def volume(self, pool: str, name: str) -> Existing:
        """Any volume: it has what a disk needs."""
        return Existing(f"/{pool}/{name}", "file")


class Trip(t.NamedTuple):
    """What became of a domain.

    ``problem`` is what is wrong with the way back, if anything is. The lengths are those of the
    entry in YAML and of the definition, in characters.
    """

    export: Exported
    problem: str | None
    length: int
    length_of_xml: int

    @property
    def part(self) -> float:
        """The length of the entry as a part of the definition's."""
        return self.length / self.length_of_xml

    @property
    def share(self) -> str:
        """How long the entry is in comparison with the definition, in words."""
        for share in (10, 25, 50, 100):
            if self.length * 100 <= self.length_of_xml * share:
                return f"at most {share} % as long as the XML"
        return "longer than the XML"


class Exporter:
    """Exports domains of one connection, and makes them again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._facts = host_facts(Domains(connection))
        path = find_schema("domain")
        assert path is not None
        schema = Schema(path)
        self._machine_of = functools.partial(machine_of, connection)
        self._is_valid = lambda text: not schema.problems(text)

    def trip(self, name: str, definition: str, remove: t.Callable[[], None]) -> Trip:
        """Export a domain, look at it with the result, and make it anew after ``remove``."""
        document = parse(definition)
        storage: t.Any = _AllImages(self._facts.storage, document)
        facts = self._facts._replace(storage=storage)
        export = exported(facts, document, (UUID, MAC), self._is_valid, self._machine_of)
        problem = self._unchanged(export, facts)
        if problem is None:
            remove()
            problem = self._made(export, facts, name, without_secrets(document)[0])
        text = yaml_text({"domains": [export.options]})
        return Trip(export, problem, len(text), len(definition))

    def _unchanged(self, export: Exported, facts: Facts) -> str | None:
        for check_mode in (True, False):
            changes = self._task(export, facts, check_mode)
            if changes is not None:
                return f"where it exists: {changes}"
        return None

    def _made(self, export: Exported, facts: Facts, name: str, visible: Element) -> str | None:
        error = self._task(export, facts, False)
        for _second in range(60):
            # What another worker tries at the moment may have the same MAC.
            owner = _OWNER.search(error or "")
            if owner is None or not is_of_another_worker(owner[1]):
                break
            time.sleep(1)
            error = self._task(export, facts, False)
        made = Domains(self._connection).by_name(name)
        if made is None:
            return f"made anew: it is not there: {error}"
        found: tuple[Change, ...] = (
            *reconcile(_undrawn(made.document()), _undrawn(visible), ANEW).changes,
            *reconcile(_undrawn(visible), _undrawn(made.document()), ANEW).changes,
        )
        return f"made anew: {_words(found)}" if found else None

    def _task(self, export: Exported, facts: Facts, check_mode: bool) -> str | None:
        (item,) = read_items([export.options], {})
        if item.request is None:
            return item.error
        domains = Domains(self._connection)
        try:
            resolved = resolve(domains, lambda: facts, item.request)
            work = DomainTask(domains, lambda: facts, resolved)
            outcome = work.carried_out(domains, check_mode)
        except ExpectedError as error:
            return str(error)
        return _words(outcome.changes) or None


#: What the exporter is told to keep; and what tells controllers apart.
_KEPT = frozenset(["uuid", "mac", "@index"])
#: What libvirt adds for what is plugged in (qemuDomainAssignPCIAddresses).
_PLUGGED_INTO = ("pci-bridge", "dmi-to-pci-bridge", "pcie-to-pci-bridge", "pcie-root-port")


def _undrawn(document: Element) -> Element:
    """The document without what is drawn anew, by the rules that an export is proven by."""
    return _without(document, ANEW.top)


def _without(element: Element, place: PathRules) -> Element:
    drawn = place.assigned - _KEPT
    copy = element.replaced(
        {name: value for name, value in element.attributes.items() if f"@{name}" not in drawn},
        [
            _without(child, place.child(child.tag))
            for child in element.children
            if child.tag not in drawn and not _is_added(child)
        ],
    )
    copy.text = None if "text()" in drawn else element.text
    return copy


def _is_added(element: Element) -> bool:
    return (
        element.tag == "controller"
        and element.get("type") == "pci"
        and element.get("model") in _PLUGGED_INTO
    )


def _words(changes: t.Sequence[t.Any]) -> str:
    return "; ".join(
        f"{each['op']} {each['path']}" if isinstance(each, dict) else f"{each.op} {each.path}"
        for each in changes[:5]
    )
