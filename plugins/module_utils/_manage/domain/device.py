# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making one device of a domain as a task requests it."""

from __future__ import annotations

import functools
import typing as t

from ..._choices import ABSENT, EXACT
from ..._hypervisor import power
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.stopping import Shutdown
from ..._reconcile.domain.device import Devices, document_of, pinned
from ..._reconcile.domain.edit import DeviceEdit
from ..._reconcile.redact import redacted_child
from ..._rules.domain import spice
from ..._rules.domain.book import DOMAIN, KIND
from ..._virtinst.defaults import Result
from ..._virtinst.device import Description, DeviceOption, DeviceXml, OnOverlay
from ..._virtinst.overlays import going, kept_disk, of_documents
from ..._virtinst.storage import DiskSize, NewVolume, StorageFacts
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..goal import Goal
from ..outcome import CONFIG, LIVE, Action, Outcome
from ..present import ensure_present
from ..reading import observe
from ..validation import Validation
from .device_request import DeviceRequest, Found
from .option_problems import explained
from .running import GuestRunning, ObservedDomain, images_of
from .storage import DomainStorage
from .volume_deletion import deletion

if t.TYPE_CHECKING:
    from ..._hypervisor.volume_removal import Removable
    from ..._virtinst.moving import DiskMove

#: The value of ``match`` that selects each device of its kind.
ALL = "all"
_NO_STORAGE = Result(Element("domain"), None, (), "", ())


class Request(t.NamedTuple):
    """The request of a task; the fields are its options.

    The device is described by ``xml``, or by ``value`` of the group ``option``, which then isn't
    empty.
    """

    domain: str
    xml: Element | None
    option: str
    value: object
    match: object
    state: str
    mode: str
    affect: frozenset[str]
    restart: str
    shutdown: Shutdown
    live_timeout: float
    replug: str
    validate: bool
    removes_volume: bool
    matches_many: bool = False
    osinfo: str | None = None


def ensure(
    domains: Domains, request: Request, check_mode: bool
) -> tuple[Outcome, dict[str, t.Any] | None]:
    """Make the device as requested; return the outcome, and the device as modules return it.

    :raises TaskError, HypervisorError, SchemaError, OptionError, AmbiguousDevice: that is
        impossible, or was done in part only, as the message has it.
    """
    return _Work(domains, domains.existing(request.domain), request, check_mode).done()


class _Work:
    """The work of one task on one device."""

    def __init__(
        self, domains: Domains, domain: Domain, request: Request, check_mode: bool
    ) -> None:
        self._domains = domains
        self._connection = domains.connection
        self._domain = domain
        self._request = request
        self._check_mode = check_mode
        self._volumes = DomainStorage(domains.connection, None, None, _NO_STORAGE)
        self._facts: StorageFacts | None = None
        self._removable: list[Removable] = []
        self._kept_files: tuple[str, ...] = ()
        self._notes: list[str] = []
        self._affect = self._possible_affect()
        self._before: ObservedDomain | None = None
        #: The device as it is to be, and as it is in the running guest.
        self._device: Element | None = None
        self._running: Element | None = None
        #: The device that is to go.
        self._gone = Found(None, None)
        #: That a device which was there is meant, though nothing unique is said of it.
        self._matched: str | None = None

    def done(self) -> tuple[Outcome, dict[str, t.Any] | None]:
        """Do it."""
        request = self._request
        validation = Validation(
            self._connection,
            "domain",
            request.validate,
            "<domain/>",
            explain=None
            if request.xml is not None
            else functools.partial(explained, (request.option,)),
        )
        if validation.warning is not None:
            self._notes.append(validation.warning)
        goal = Goal(
            document=Element("domain"),
            name=self._domain.name,
            edit=self._edit,
            is_part=True,
        )
        running = GuestRunning(
            self._connection,
            affect=self._affect,
            restart=request.restart,
            shutdown=request.shutdown,
            live_timeout=request.live_timeout,
            replug=request.replug,
            like_virt_install=request.xml is None,
            bases=self._bases,
        )
        try:
            outcome = ensure_present(
                self._domains,
                KIND,
                goal,
                validation,
                self._check_mode,
                self._create_volumes,
                running,
            )
        except Exception:
            with self._volumes.taken_back():
                raise
        actions = [
            *self._volumes.created(),
            *self._move(outcome),
            *self._grow(outcome),
            *self._remove_volumes(),
        ]
        outcome = outcome._replace(actions=(*outcome.actions, *actions), kept=self._kept_files)
        matched = [] if self._matched is None or not outcome.changed else [self._matched]
        notes = (*outcome.notes, *self._notes, *matched, *self._kept(outcome))
        outcome = outcome._replace(notes=notes)
        return outcome, self._as_result(outcome)

    def _possible_affect(self) -> frozenset[str]:
        """The documents that can be changed: a transient domain has no definition."""
        affect = self._request.affect
        if self._domain.facts().persistent:
            return affect
        if LIVE not in affect:
            raise TaskError(
                "it is transient and has no definition; add live to affect to change the guest"
            )
        if CONFIG in affect:
            self._notes.append("it is transient, so the change ends with the guest")
        return affect - {CONFIG}

    # What is to be.

    def _edit(self, observed: ObservedDomain, _document: Element) -> DeviceEdit:
        """The edit that makes the requested device in the domain's documents."""
        definition = Devices(observed.definition)
        live = None if observed.live is None else Devices(observed.live)
        request = self._on_overlay(self._read_request(observed.definition), observed)
        self._before = observed
        if self._request.match == ALL or self._request.matches_many:
            return self._of_many(request, definition, live)
        if self._request.state == ABSENT:
            return self._without(request.absent(definition, live), definition)
        found = request.present(definition, live)
        self._running = found.running
        if found.defined is not None:
            return self._changed(request.description, found.defined, definition)
        return self._added(request.description, definition, live)

    def _of_many(
        self, request: DeviceRequest, definition: Devices, live: Devices | None
    ) -> DeviceEdit:
        """The edit of each device that is selected.

        :raises TaskError: none is, and none is as described already.
        """
        from .all_devices import changed_all, without_all

        if self._request.removes_volume:
            raise TaskError("remove_volume is for one disk; give its target.dev, and no match")
        if self._request.state == ABSENT:
            devices, only_live = request.each_going(definition, live)
            edit, served = without_all(devices, only_live, definition)
            twins = [] if live is None else [live.twin(device) for device in devices]
            running = [device for device in (*twins, *only_live) if device is not None]
            self._gone = Found(next(iter(devices), None), next(iter(running), None))
            self._notes += [spice.note_of(served)] if served else []
            return edit
        devices = request.each(definition, live)
        return changed_all(request.description, devices, definition, self._request.mode == EXACT)

    def _on_overlay(self, request: DeviceRequest, observed: ObservedDomain) -> DeviceRequest:
        """The request with a disk's own image, where it names a backing file of that.

        :raises TaskError: the volume of another image than the named one would be removed.
        """
        disks = of_documents(observed.definition, observed.live, images_of(observed))
        search = going if self._request.state == ABSENT else kept_disk
        found = search(request.description.elements(), disks)
        if found is None:
            return request
        if found.note and self._request.removes_volume:
            raise TaskError(f"{found.note}; its volume is removed only by the path of the overlay")
        if found.note and found.note not in self._notes:
            self._notes.append(found.note)
        return request._replace(description=OnOverlay(request.description, found))

    def _read_request(self, actual: Element) -> DeviceRequest:
        request = self._request
        if request.xml is not None and request.match in (None, ALL):
            return DeviceRequest(DeviceXml(request.xml), None)
        # The facts of the host cost time, and libvirt's own XML needs none.
        from ..._hypervisor.host import host_facts
        from ..._virtinst.device_match import position_of, selected_by

        host = host_facts(self._domains)
        self._facts = host.storage
        description: Description
        if request.xml is not None:
            description = DeviceXml(request.xml)
        else:
            description = DeviceOption(host, actual, request.option, request.value, request.osinfo)
        if request.match is None or request.match == ALL:
            return DeviceRequest(description, None)
        position = position_of(request.match)
        if position is not None and request.matches_many:
            raise TaskError(
                "match_many is for properties, and a position is of one device; leave it out"
            )
        if position is not None and request.state == ABSENT:
            raise TaskError(
                f"match: {position}: a position doesn't say which device is to be absent, because the "
                "next one has it afterwards; give what the device is known by, or all"
            )
        if position is not None:
            return DeviceRequest(description, None, position)
        tag = description.elements()[0].tag
        return DeviceRequest(description, selected_by(host, actual, tag, request.match))

    def _changed(self, description: Description, found: Element, definition: Devices) -> DeviceEdit:
        """The edit of an existing device."""
        is_whole = self._request.mode == EXACT or description.is_emptied
        desired = description.of_existing(found)
        if self._request.mode == EXACT:
            # The device keeps its identity.
            desired = pinned(desired, found)
        # The parts that the request empties go first.
        taken, device = description.left(definition.document, found)
        left, device = taken.document, found if device is None else device
        new = Devices(left).changed(device, desired, self._request.mode == EXACT)
        if description.is_emptied:
            new = new.replaced(children=[child for child in new.children if child.tag != "source"])
        is_another = not definition.is_twin(new, found)
        self._note_match(description, found, definition)
        move = description.move_of(found)
        self._device = new if move is None else move.moved(new)
        self._look_at_storage((), description.size_of(new), move)
        document, served = Devices(left).replaced(device, new), []
        if new.tag == "graphics" and new.get("type") != spice.SPICE:
            served = self._served(definition.document, found)
        for part in served:
            # It is an element of what is left, too, as long as the request empties none of it.
            document = Devices(document).replaced(part, None)
        return DeviceEdit(
            document,
            added=(new,) if is_whole or is_another or device is not found else (),
            gone=(*((found,) if is_another else ()), *served),
            turned=(new, found),
            running=self._running,
            asked=document_of(pinned(desired, new)),
            taken=lambda _document: taken,
        )

    def _note_match(self, description: Description, found: Element, definition: Devices) -> None:
        """Note which interface was found where the request isn't unique."""
        is_identified = any(
            definition.is_known_by_something_unique(element) for element in description.elements()
        )
        if found.tag != "interface" or self._request.match is not None or is_identified:
            return
        self._matched = (
            f"{definition.name_of(found)} is the interface that is meant: it is known by what it is "
            "plugged into; to add another one, give that a MAC address"
        )

    def _added(
        self, description: Description, definition: Devices, live: Devices | None
    ) -> DeviceEdit:
        """The edit for a new device; a device of the running guest alone keeps its place there."""
        new = description.added(definition.together_with(live))
        device, is_elsewhere = new.element, False
        if self._running is not None:
            # The definition may have another device where the guest has this one.
            free = definition.with_free_address(self._running)
            device, is_elsewhere = pinned(device, free), free is not self._running
        document = description.left(definition.document, None)[0].document
        for part in (*new.companions, device):
            document = Devices(document).replaced(None, part)
        self._look_at_storage(() if new.volume is None else (new.volume,), new.size)
        self._notes += [note for note in new.notes if note not in self._notes]
        self._device = device
        if is_elsewhere:
            # It isn't plugged out of the guest for another address.
            return DeviceEdit(document, added=new.companions, asked=document_of(device))
        return DeviceEdit(document, added=(device, *new.companions))

    def _look_at_storage(
        self,
        volumes: tuple[NewVolume, ...],
        size: DiskSize | None,
        move: DiskMove | None = None,
    ) -> None:
        """The storage that has to be created or made larger for the device.

        :raises TaskError: it would have to become smaller, or can't become larger now.
        """
        if self._volumes.missing or self._facts is None:
            # What an earlier attempt has created is there by now.
            return
        result = _NO_STORAGE._replace(
            volumes=volumes,
            sizes=() if size is None else (size,),
            moves=() if move is None else (move,),
        )
        self._volumes = DomainStorage(
            self._connection, None, self._facts, result, name=self._domain.name
        )
        self._notes += self._volumes.look_at_moves(self._domain, self._affect)
        if self._volumes.growing:
            self._check_can_grow()

    def _check_can_grow(self) -> None:
        if self._running is not None:
            self._volumes.check_jobs(self._domain)
        is_active = self._before is not None and self._before.live is not None
        if self._running is not None and LIVE not in self._affect:
            raise TaskError(
                "a disk of a guest that runs can only be made larger live; add live to affect, or "
                "stop the guest"
            )
        if not is_active and power.is_saved(self._domain):
            raise TaskError(
                "its state is saved, and a guest that goes on from there expects its disks as they "
                "were; make it run first, then give a larger size"
            )

    def _without(self, found: Found, definition: Devices) -> DeviceEdit:
        """The edit that removes the device."""
        gone = tuple(part for part in found if part is not None)
        self._running, self._gone = found.running, found
        if self._request.removes_volume and gone:
            self._removable = self._volumes_of(gone[0], found)
        document = definition.document
        if found.defined is not None:
            console = definition.console_of(found.defined)
            document = definition.replaced(found.defined, None)
            if console is not None:
                document = Devices(document).replaced(console, None)
                gone = (*gone, console)
        served = self._served(definition.document, found.defined)
        for device in served:
            document = Devices(document).replaced(device, None)
        return DeviceEdit(document, gone=(*gone, *served))

    def _served(self, document: Element, gone: Element | None) -> list[Element]:
        """What goes with the last SPICE graphics, because it works with those alone."""
        if gone is None or gone.tag != "graphics":
            return []
        served = spice.left_over(document, {id(gone)})
        if served:
            self._notes.append(spice.note_of(served))
        return served

    def _kept(self, outcome: Outcome) -> t.Iterator[str]:
        """The reason why a removed device stays: libvirt would add it again."""
        before = self._before
        if before is None or outcome.unkept or outcome.notes:
            return
        device, document, changes = self._gone.defined, before.definition, outcome.changes
        if CONFIG not in self._affect:
            if before.live is None:
                return
            device, document = self._gone.running, before.live
            changes = tuple(change.as_result(LIVE) for change in outcome.live_changes)
        if device is None:
            return
        kind = f"/domain/devices/{device.tag}"
        if all(
            change["op"] != "remove" or not change["path"].startswith(kind) for change in changes
        ):
            yield (
                f"{Devices(document).path_of(device)} is still there, because libvirt gives it to "
                "such a domain by itself; remove what it is added for, or set its model or type to "
                "none, if it has that"
            )

    def _volumes_of(self, device: Element, found: Found) -> list[Removable]:
        """The volumes that may be removed with the device.

        :raises TaskError: a guest goes on using one.
        """
        target, before = device.value("target/@dev"), self._before
        if device.tag != "disk" or target is None or before is None:
            raise TaskError("remove_volume is for disks; leave it out")
        if CONFIG not in self._affect or (found.running is not None and LIVE not in self._affect):
            raise TaskError(
                "its volume would still be in use; set affect to config and live, or leave "
                "remove_volume out"
            )
        if before.live is None and power.is_saved(self._domain):
            raise TaskError(
                "its state is saved, and a guest that goes on from there needs its disks; make it "
                "run first, or leave remove_volume out"
            )
        document = before.definition if found.defined is not None else before.live
        # Ansible compiles a module's code anew in each task, and few remove a volume.
        from ..._hypervisor.volume_removal import removable

        removal = removable(
            self._domain, document or before.definition, [target], False, "remove_volume"
        )
        self._notes += [note for note in removal.notes if note not in self._notes]
        self._kept_files = tuple(file.words for file in removal.kept if file.why)
        return list(removal.volumes)

    def _bases(self) -> dict[str, str]:
        """What the new volumes will be based on; which they are is known with the edit."""
        return self._volumes.bases()

    def _create_volumes(self) -> None:
        self._volumes.create()

    # After it was done.

    def _move(self, outcome: Outcome) -> t.Iterator[Action]:
        """Move the disk, in the running guest if that has it."""
        try:
            yield from self._volumes.move(
                None if self._check_mode else self._domain.fresh(), self._running is not None
            )
        except (HypervisorError, TaskError) as error:
            if not outcome.changed:
                raise
            raise TaskError(
                f"the device is otherwise as wanted, but {error}", changed=True
            ) from error

    def _grow(self, outcome: Outcome) -> t.Iterator[Action]:
        """Make the disk larger, in the running guest if that has the disk."""
        if not self._volumes.growing:
            return
        try:
            yield from self._volumes.grow(
                None if self._check_mode else self._domain, self._running is not None
            )
        except HypervisorError as error:
            done = "the device is otherwise as wanted, but " if outcome.changed else ""
            raise TaskError(f"{done}{error}", changed=outcome.changed) from error

    def _remove_volumes(self) -> t.Iterator[Action]:
        if self._removable and not self._check_mode and self._running is not None:
            after = observe(self._domain.fresh())
            if after.live is not None and Devices(after.live).twin(self._running) is not None:
                paths = ", ".join(volume.path for volume in self._removable)
                self._notes.append(
                    f"the guest has not released the disk yet, so {paths} was not removed; run "
                    "the task again, or remove it yourself once the guest has stopped"
                )
                return
        for volume in self._removable:
            if not self._check_mode:
                from ..._hypervisor.volume_removal import remove

                try:
                    remove(self._connection, volume)
                except HypervisorError as error:
                    raise TaskError(
                        f"the disk was removed, but not its volume {volume.path}: {error}",
                        changed=True,
                    ) from error
            yield deletion(volume)

    def _as_result(self, outcome: Outcome) -> dict[str, t.Any] | None:
        """The device as it is, or would be in check mode."""
        device, before = self._device, self._before
        if device is None or before is None:
            return None
        devices = Devices(before.definition)
        if outcome.changed and not self._check_mode:
            after = observe(self._domain.fresh())
            is_live = CONFIG not in self._affect and after.live is not None
            devices = Devices(t.cast(Element, after.live) if is_live else after.definition)
            device = devices.grown_by(before.definition, device)
        shown = redacted_child(device, DOMAIN.top.child("devices"))
        matched = {} if self._matched is None else {"matched": self._matched}
        return {"path": devices.path_of(device), "xml": serialise(shown), **matched}
