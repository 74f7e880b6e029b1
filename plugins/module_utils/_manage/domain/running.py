# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The running guest when the definition of its domain changes."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..._choices import MERGE, NEVER
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.objects import Facts
from ..._hypervisor.stopping import Shutdown
from ..._reconcile.domain.edit import DeviceEdit
from ..._reconcile.edit import Edit
from ..._reconcile.plan import Change, Plan
from ..._virtinst.overlays import Images, of_documents, raised
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Outcome
from ..reading import Observed, observe
from ..running import NoRunning
from .conflicts import Conflicts, check_addresses_differ
from .name import check_new_name

#: Whether the guest is restarted for changes that can't be made while it runs.

ObservedDomain = Observed[Domain]


@dataclasses.dataclass(frozen=True)
class GuestRunning(NoRunning[Domain]):
    """A guest gets what its definition gets, live where that can be; the fields are options.

    ``connection`` has the other domains. ``live_timeout`` is how long a guest has to take part in a change, in seconds. ``replug`` is
    one of :data:`.reconcile.domain.edit.REPLUGS`. ``like_virt_install``: what virt-install
    refuses of two domains, or of two devices, is refused. ``bases`` gives what volumes to come
    are based on, by their paths. ``asks_libvirt``: check mode asks libvirt whether it would define
    the document.
    """

    acts_when_off = False

    connection: Connection
    affect: frozenset[str] = frozenset((CONFIG, LIVE))
    restart: str = NEVER
    shutdown: Shutdown = dataclasses.field(default_factory=Shutdown)
    live_timeout: float = 20.0
    replug: str = NEVER
    like_virt_install: bool = False
    bases: t.Callable[[], t.Mapping[str, str]] = dict
    asks_libvirt: bool = True

    @property
    def defines(self) -> bool:  # type: ignore[override]
        """Whether the definition is to be changed, and not only the guest."""
        return CONFIG in self.affect

    def check_new(self, document: Element, is_part: bool) -> None:
        """Refuse a part of a document: it can be merged into a domain, but makes none."""
        check_new_name(document.value("name") or "", document.get("type"))
        if is_part and document.get("type") is None:
            raise TaskError(
                "there is no such domain yet, and the document is only a part of one: <domain> lacks "
                "the attribute 'type'; give the name of a domain that exists, or a whole document"
            )

    def adapted(self, edit: Edit, observed: ObservedDomain) -> tuple[Edit, list[str]]:
        """The edit with the disks' own images, where it names their backing files."""
        if isinstance(edit, DeviceEdit):
            return edit, _notes_on_filters(edit.asked, observed.definition)
        disks = of_documents(observed.definition, observed.live, images_of(observed))
        document, notes = raised(edit.document, disks, edit.mode != MERGE)
        notes += _notes_on_filters(document, observed.definition)
        return dataclasses.replace(edit, document=document), notes

    def check(self, plan: Plan, observed: ObservedDomain | None) -> list[str]:
        """Check that the document conflicts with no other domain, and has no address twice."""
        documents: list[Element] = []
        if observed is not None:
            documents = [
                document
                for document in (observed.definition, observed.live)
                if document is not None
            ]
        conflicts = Conflicts(
            self.connection,
            "" if observed is None else observed.object.uuid,
            documents,
            plan.document,
            self.like_virt_install,
            self.bases(),
        )
        conflicts.check()
        check_addresses_differ(plan.document)
        return [*conflicts.notes, *self._check_filters(plan.document, observed)]

    def _check_filters(self, document: Element, observed: ObservedDomain | None) -> list[str]:
        if not _has_filters(document):
            return []
        from .filters import check_filters

        runs = LIVE in self.affect and observed is not None and observed.live is not None
        definition = None if observed is None else observed.definition
        # Those of an existing domain are told where nothing changes, too.
        notes = _notes_on_filters(document, None) if definition is None else []
        return [*notes, *check_filters(self.connection, definition, document, runs)]

    def foresee(self, plan: Plan) -> list[str]:
        """Ask libvirt whether it would define the document, and start it."""
        if not self.asks_libvirt:
            return []
        # Ansible compiles a module's code anew in each task, and only check mode needs it.
        from ..._hypervisor.define_refusal import refusal

        found = refusal(self.connection, plan.document)
        if found is None:
            return []
        if found.is_of_start:
            return [f"libvirt could not start it as things are: {found.words}"]
        raise HypervisorError(
            f"libvirt would fail to define the domain: {found.words}; {found.advice}"
        )

    def facts_of_new(self, absent: Facts) -> Facts:
        """The facts of a domain that was just defined: it is off, without autostart."""
        return absent._replace(state="shutoff", persistent=True)

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: ObservedDomain,
        check_mode: bool,
    ) -> Outcome:
        """The outcome after a running guest was changed like its definition."""
        if observed.live is None:
            return outcome
        # Ansible compiles a module's code anew in each task, and most guests that
        # are looked at don't run.
        from .live import LiveWork

        running = self if self.defines else dataclasses.replace(self, restart=NEVER)
        done = LiveWork(running, edit, plan, observed, check_mode).done(outcome)
        if self.defines:
            return done
        is_changed = done.live_changes and not check_mode
        return with_pending(done, observe(observed.object.fresh()) if is_changed else observed)


def _has_filters(document: Element) -> bool:
    return bool(document.findall("devices/interface/filterref"))


def _notes_on_filters(document: Element, actual: Element | None) -> list[str]:
    """Lines for a person about filters in a task's document that filter nothing."""
    if not _has_filters(document):
        return []
    # Ansible compiles a module's code anew in each task, and few interfaces have a filter.
    from .filters import notes_on_dropped

    return list(notes_on_dropped(document, actual))


def images_of(observed: ObservedDomain) -> t.Callable[[], Images]:
    """The images of a domain's disks, read when they are needed."""

    @functools.cache
    def images() -> Images:
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from ..._hypervisor.disk_images import DomainImages

        return DomainImages(observed.object, observed.live)

    return images


def pending(
    observed: ObservedDomain,
    definition: Element | None = None,
    lost: t.Iterable[Change] = (),
    is_planned: bool = False,
) -> tuple[Change, ...]:
    """The differences between the running guest, if there is one, and its definition.

    ``definition`` is the definition that it is about to get, ``lost`` are changes by which that
    has lost values. ``is_planned``: the domain doesn't have it yet.
    """
    if observed.live is None:
        return ()
    # Ansible compiles a module's code anew in each task, and most guests that
    # are looked at don't run.
    from ..._hypervisor.balloon import has_driver
    from .pending import pending as differing

    definition = observed.definition if definition is None else definition
    live = observed.live
    if any(disk.get("type") == "volume" for disk in definition.findall("devices/disk")):
        live = _with_named_volumes(live, definition, observed.object.connection)
    return differing(definition, live, lambda: has_driver(observed.object), lost, is_planned)


def _with_named_volumes(live: Element, definition: Element, connection: Connection) -> Element:
    """The guest's document with volumes named as in the definition, where they are the same.

    A guest has the path of a disk that has moved while it ran: virDomainBlockCopy takes no volumes
    ("storage source pool … is not translated", virStorageSourceGetActualType).
    """
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from ..._hypervisor.disk_images import path_of

    defined = {
        disk.value("target/@dev"): disk
        for disk in definition.findall("devices/disk")
        if disk.get("type") == "volume"
    }

    def named(device: Element) -> Element:
        disk = defined.get(device.value("target/@dev")) if device.tag == "disk" else None
        source = None if disk is None else disk.child("source")
        running = device.child("source")
        if disk is None or source is None or running is None or device.get("type") == "volume":
            return device
        path = running.get("file") or running.get("dev")
        if path is None or path != path_of(connection, disk):
            return device
        rest = {
            key: value for key, value in running.attributes.items() if key not in ("file", "dev")
        }
        place = {key: source.get(key) or "" for key in ("pool", "volume")}
        children = [
            running.replaced({**place, **rest}) if child is running else child
            for child in device.children
        ]
        return device.replaced({**device.attributes, "type": "volume"}, children)

    return live.replaced(
        children=[
            part.replaced(children=[named(device) for device in part.children])
            if part.tag == "devices"
            else part
            for part in live.children
        ]
    )


def with_pending(outcome: Outcome, observed: ObservedDomain) -> Outcome:
    """The outcome with the differences between the guest and its definition."""
    if not observed.facts.persistent:
        # What libvirt says of its next start is what it was started with.
        return outcome._replace(pending=())
    changes, reasons = pending(observed, lost=outcome.lost), outcome.reasons
    if changes and observed.live is not None:
        from .pending import reasons_of

        reasons = reasons_of(changes, reasons, observed.definition, observed.live)
    return outcome._replace(pending=changes, reasons=reasons)
