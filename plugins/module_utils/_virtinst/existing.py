# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applying options to an existing domain.

The options are enforced, their defaults are not: a newer osinfo database, hypervisor or
version of the collection doesn't change a domain by itself. Only a device that the domain
lacks gets the defaults of a new device.
"""

from __future__ import annotations

import posixpath
import re
import typing as t

from .._osinfo import UnknownOperatingSystem
from .._xmltree.element import Element
from . import by_default, disk_source, kind, machine_option, system, writing
from .additions import Additions
from .ansible_host import OPTION as ANSIBLE
from .ansible_host import write_ansible
from .configure import configure_devices, cpu, pcie, uefi, vcpus
from .defaults import Result, write_texts
from .disk import Disk, base_of, check_targets_differ, move_of, needs_volume, storage_of
from .errors import OptionError
from .guest import Guest
from .host import Host
from .options.apply import apply_all
from .options.listed import option_of, split
from .options.setters.metadata import os_of
from .options.texts import TEXTS
from .options.xpath import apply_to_device, apply_xpath_actions
from .order import put_in_order
from .overlays import DomainDisks
from .pairing import Paired, is_chosen, is_same_source, paired_devices
from .storage import DiskBase, DiskSize, NewVolume, images_of, images_of_disk
from .taking import OS, Taking
from .unwanted import Unwanted
from .versions import OPTION as VERSION

if t.TYPE_CHECKING:
    from .moving import DiskMove
    from .seed_plan import SeedPlan

#: The facts of the domain that the options are read with; they are no request themselves.
_CONTEXT = ("@type", "name", "os/type", "os/type/@arch", "os/type/@machine", "devices/emulator")
_DEVICES = "devices"


def domain_options(
    host: Host,
    options: t.Mapping[str, t.Any],
    actual: Element,
    exclusive: t.Collection[str] = (),
    disks: DomainDisks | None = None,
) -> Result:
    """The request of the options for the domain that is defined as ``actual``.

    ``domain`` of the result has only what the options write, to be merged with the
    definition. The options of the installation don't count for an existing domain.
    ``exclusive`` are the names of device lists that are the whole truth. ``disks`` are the
    domain's disks, where their backing files can be found out.

    :raises OptionError: an option can't be honoured.
    """
    options, absent = split(machine_option.resolved(host, options, actual))
    guest = context(host, actual, options.get(VERSION))
    devices = guest.make(_DEVICES)
    additions = Additions(guest.root)
    emptied = write_texts(guest, options)
    if write_ansible(guest, options.get(ANSIBLE), actual):
        emptied.append(ANSIBLE)
    asked = system.asked(options.get("osinfo"))
    # A name beside detection is for what isn't detected, which is over.
    is_detected = asked.detects and os_of(actual) is not None
    if asked.name is not None and not is_detected:
        system.choose(guest, asked.name)
        if guest.os.short_id == system.GENERIC:
            emptied.append(OS)
    again = None
    if options.get("reinstall"):
        # Few tasks ask for it, and Ansible compiles a module's code anew in each task.
        from .reinstall import reinstallation

        again = reinstallation(guest, options, actual)
    apply_all(guest, options)
    apply_xpath_actions(guest)
    if machine_option.becomes_q35(guest.machine, actual):
        guest.becomes_q35 = True
        guest.note(machine_option.note_of(actual))
    _raise_memory(guest, actual)
    _settle(guest, actual)
    by_default.fill_in(guest, actual)
    requested = [device for device in devices.children if additions.is_new(device)]
    check_targets_differ(device for device in requested if device.tag == "disk")
    # This comes before keep_images, which replaces a disk's base by the image above it.
    unwanted = Unwanted(guest, options, absent, exclusive, requested, disks)
    if disks is not None:
        # Disks whose volume's name was chosen here are identified by their order.
        requested_disks = [disk for disk in requested if disk.tag == "disk" and not is_chosen(disk)]
        guest.keep_images(requested_disks, disks, "disk" in exclusive)
    unwanted.check(actual)
    document = additions.document()
    _request_texts(guest, document, options)
    document.children = [child for child in document.children if child.tag != _DEVICES]
    pairs = paired_devices(guest, requested, actual)
    for device, current in pairs.found:
        if unwanted.is_absent(current):
            raise OptionError(
                f"{option_of(device.tag)}: two entries of the list are about the same device, and "
                "one of them has state: absent; leave one of them out, or name the device of each, "
                "such as by mac, target or path"
            )
    lacking = pairs.lacking
    for device in lacking:
        disk_source.connect_new(guest, device)
    doubts = _Doubts(guest, pairs, "disk" in exclusive)
    moves = tuple(_moves(guest, pairs.found, doubts))
    plan = _seed_plan(guest, options, actual)
    if plan is not None and plan.is_new:
        from .seed_plan import seed_drive

        drive, current_drive = seed_drive(plan, actual)
        pairs.found.extend([(drive, current_drive)] if current_drive is not None else [])
        lacking.extend([drive] if current_drive is None else [])
    added, companions = completed(guest, lacking, actual)
    for device in added:
        apply_to_device(guest, device, is_new=True)
    found = [
        of_another_kind(guest, _request_for(guest, device, current), current, actual)
        for device, current in pairs.found
    ]
    all_devices = [*pcie.lacking(guest, actual), *companions, *found, *added]
    if all_devices:
        document.children.append(Element(_DEVICES, children=all_devices))
    put_in_order(document)
    _check_no_disk_exchanged(pairs.found)
    volumes = [storage_of(device) for device in lacking]
    guest.accept_volumes(volumes)
    return Result(
        domain=document,
        first_boot=None,
        volumes=(
            *(disk for disk in volumes if isinstance(disk, NewVolume)),
            *([plan.volume] if plan is not None and plan.volume is not None else []),
            *([] if again is None else again.volumes),
        ),
        osinfo=guest.os.short_id,
        notes=tuple(guest.notes),
        sizes=(
            *_sizes(pairs.found, doubts),
            *_sizes([(disk, disk) for disk in lacking if not needs_volume(disk)]),
        ),
        bases=(
            *_bases(pairs.found, is_new=False),
            *_bases([(disk, disk) for disk in lacking if not needs_volume(disk)], is_new=True),
        ),
        taken=Taking(guest, requested, unwanted, emptied).of,
        reinstallation=again,
        moves=moves,
    )


def _moves(
    guest: Guest, pairs: t.Iterable[tuple[Element, Element]], doubts: _Doubts
) -> t.Iterator[DiskMove]:
    """The disks that move.

    :raises OptionError: one can't, or it isn't certain which disk an entry is about.
    """
    for disk, current in pairs:
        request = move_of(disk)
        if request is None:
            _note_other_pool(guest, disk, current)
            continue
        # Ansible compiles a module's code anew in each task, and few disks move.
        from .moving import planned

        move = planned(guest.host.storage, request, current)
        if not move.is_met:
            doubts.check_move(disk, current)
        yield move


def _note_other_pool(guest: Guest, disk: Element, current: Element) -> None:
    """Note a disk that is in another pool than the entry names: it stays there."""
    storage = storage_of(disk)
    if not isinstance(storage, NewVolume) or not is_chosen(disk) or not _is_disk(current):
        return
    if not isinstance(disk, Disk) or disk.pool is None:
        return
    place = disk_source.existing_storage(guest.host.storage, current)
    if place is not None and place.pool is not None and place.pool.name != storage.pool:
        target = current.value("target/@dev")
        guest.note(
            f"disk: pool: {target} is in the pool {place.pool.name}, and not in {storage.pool}; a disk that "
            "exists stays where it is; set move: true to have it moved"
        )


def _seed_plan(guest: Guest, options: t.Mapping[str, t.Any], actual: Element) -> SeedPlan | None:
    """The plan for cloud-init's data; ``None`` without the option ``cloud_init``."""
    if options.get("cloud_init") in (None, "none"):
        return None
    # Few domains need it, and Ansible compiles a module's code anew in each task.
    from .seed_plan import seed_plan

    return seed_plan(guest, options["cloud_init"], actual)


def context(host: Host, actual: Element, version: str | None = None) -> Guest:
    """A guest without devices that has the facts with which an existing domain's options are read."""
    guest = Guest(host, version=version)
    guest.exists = True
    guest.images = images_of(actual.findall("devices/disk"))
    for path in _CONTEXT:
        guest.set_default(path, actual.value(path))
    _set_os(guest, actual)
    return guest


def _settle(guest: Guest, actual: Element) -> None:
    """Write what options only noted on the guest, as for a new domain."""
    whole = guest.with_document(writing.copied(actual))
    if guest.wants_uefi and not whole.is_uefi:
        uefi.enable(guest)
    _secure_cpu(guest, whole)
    if guest.has("cpu/topology"):
        # A partial topology is completed; it isn't mixed with the old topology.
        most = guest.get("vcpu")
        guest.set_default("vcpu", actual.value("vcpu"))
        vcpus.configure(guest)
        guest.set("vcpu", most)


def _secure_cpu(guest: Guest, whole: Guest) -> None:
    """Add the features against known attacks to the domain's CPU model, where requested."""
    is_requested = any(
        written.group.name == "cpu" and "secure" in written.settings for written in guest.written
    )
    model = whole.get("cpu/model")
    if not (is_requested and guest.hides_cpu_flaws) or model is None or guest.cpu_is_settled:
        return
    if guest.has("cpu/model") or guest.get("cpu/@mode") is not None or cpu.is_implicit(whole):
        return
    cpu_element = whole.make("cpu")
    before = list(cpu_element.children)
    cpu.set_model(whole, model)
    guest.make("cpu").children.extend(cpu_element.children[len(before) :])


def _set_os(guest: Guest, actual: Element) -> None:
    """Set the operating system that the definition names; defaults depend on it."""
    identifier = os_of(actual)
    try:
        guest.os = (
            guest.host.osinfo.find(identifier) if identifier else system.generic(guest.host.osinfo)
        )
    except UnknownOperatingSystem:
        guest.os = system.generic(guest.host.osinfo)


def _request_texts(guest: Guest, document: Element, options: t.Mapping[str, t.Any]) -> None:
    """Write what is requested and already so: a running guest may be otherwise.

    A sub-option, such as ``boot.refresh-machine-type``, may have made another value of it.
    """
    for option, path in TEXTS.items():
        value = guest.get(path)
        if options.get(option) and path in _CONTEXT and option != "name" and value is not None:
            writing.write(document, path, value)


def _raise_memory(guest: Guest, actual: Element) -> None:
    """Raise the maximum memory to the requested memory at the start."""
    current, most = guest.get("currentMemory"), actual.value("memory")
    if current is not None and guest.get("memory") is None and int(current) > int(most or 0):
        guest.set("memory", current)


def _request_for(guest: Guest, device: Element, actual: Element) -> Element:
    """The request for a device that the domain has as ``actual``."""
    has_source = device.tag == "disk" and device.child("source") is not None
    if has_source and not is_chosen(device) and not is_same_source(device, actual):
        disk_source.set_kind(guest, device)
    copy = writing.copied(device)
    if device.tag == "disk":
        writing.write(copy, "target/@dev", actual.value("target/@dev"))
        if is_chosen(device):
            copy.children = [child for child in copy.children if child.tag != "source"]
    return copy


class _Doubts:
    """The doubts which disk an entry without a name is about."""

    def __init__(self, guest: Guest, pairs: Paired, is_whole: bool) -> None:
        self._guest = guest
        # A list that is the whole truth leaves no disk out by mistake.
        self._left_out = [] if is_whole else [disk for disk in pairs.extra if _is_disk(disk)]
        #: Entries without a name may have made these disks.
        self._like = [disk for disk in self._left_out if self._has_chosen_name(disk)]

    def noted(self, size: DiskSize, disk: Element, current: Element) -> DiskSize:
        """The size of a disk with a doubt or a remark, where there is one."""
        if not is_chosen(disk) or disk.value("target/@dev") is not None:
            return size
        target, path = current.value("target/@dev"), next(iter(images_of_disk(current)), "")
        found = f"disk: an entry without a name is about {target} ({path}) only by its place"
        how = (
            f"to make {target} larger, give the entry target: {{dev: {target}}} or the path, and to "
            "add a disk, a target or a path that no disk has"
        )
        undone = "nothing was made larger, because that can't be undone"
        if self._like:
            why = f"no entry is about {_targets(self._like)} of the domain"
            return size._replace(doubt=f"{found}, and {why}; {undone}; {how}")
        if not self._has_chosen_name(current):
            why = "no image of this name was made by such an entry"
            return size._replace(doubt=f"{found}, and {why}; {undone}; {how}")
        if self._left_out:
            why = f"no entry is about {_targets(self._left_out)}"
            return size._replace(remark=f"{found}, and it is made larger; {why}; {how}")
        return size

    def check_move(self, disk: Element, current: Element) -> None:
        """:raises OptionError: it isn't certain that an entry is about the disk that would move."""
        if disk.value("target/@dev") is not None or not is_chosen(disk):
            return
        if self._left_out or not self._has_chosen_name(current):
            target, path = current.value("target/@dev"), next(iter(images_of_disk(current)), "")
            raise OptionError(
                f"disk: move: an entry without a name is about {target} ({path}) only by its place; give it "
                f"target: {{dev: {target}}}, if that is the disk that moves"
            )

    def _has_chosen_name(self, disk: Element) -> bool:
        """Whether its image has a name of :mod:`.disk_source`, or of a snapshot of such an image."""
        name = posixpath.basename(next(iter(images_of_disk(disk)), ""))
        pattern = rf"{re.escape(self._guest.name or '')}(-\d+)?(\..+)?"
        return re.fullmatch(pattern, name) is not None


def _is_disk(device: Element) -> bool:
    return device.tag == "disk" and (device.get("device") or "disk") in ("disk", "lun")


def _targets(disks: t.Iterable[Element]) -> str:
    return " and ".join(disk.value("target/@dev") or "another disk" for disk in disks)


def _sizes(
    pairs: t.Iterable[tuple[Element, Element]], doubts: _Doubts | None = None
) -> t.Iterator[DiskSize]:
    """The requested sizes of disks, each with the document that locates the disk's storage.

    Without ``doubts`` the disks are new to the domain.
    """
    for disk, where in pairs:
        if isinstance(disk, Disk) and disk.size is not None:
            volume = disk.storage if isinstance(disk.storage, NewVolume) else None
            size = DiskSize(writing.copied(where), disk.size, volume, is_new=doubts is None)
            yield size if doubts is None else doubts.noted(size, disk, where)


def _bases(pairs: t.Iterable[tuple[Element, Element]], is_new: bool) -> t.Iterator[DiskBase]:
    """The requested backing files and images of disks whose storage exists."""
    for disk, where in pairs:
        base = base_of(disk, writing.copied(where), is_new)
        if base is not None:
            yield base


def _check_no_disk_exchanged(found: t.Iterable[tuple[Element, Element]]) -> None:
    """:raises OptionError: a new, empty volume would take the place of a disk's image."""
    for disk, current in found:
        disk_source.check_not_exchanged(disk, current)


def of_another_kind(guest: Guest, requested: Element, current: Element, actual: Element) -> Element:
    """The request for a device, with the defaults of its new kind where the kind changes.

    A disk gets none: its defaults come from its storage.

    :raises OptionError: the request can't be completed.
    """
    if requested.tag == "disk" or not kind.becomes_another(requested, current):
        return requested
    copy = writing.copied(actual)
    new = completed(guest, [writing.copied(requested)], copy)[0][0]
    return kind.with_defaults(requested, current, new)


def completed(
    guest: Guest, lacking: list[Element], actual: Element
) -> tuple[list[Element], list[Element]]:
    """The devices with their defaults, and the controllers that they need.

    :raises OptionError: the request can't be completed.
    """
    if not lacking:
        return [], []
    whole = guest.with_document(writing.copied(actual))
    for device in lacking:
        if device.tag == "disk" and storage_of(device) is None:
            disk_source.check_empty(device)
        whole.add_device(device)
    controllers = {id(controller) for controller in whole.devices("controller")}
    configure_devices(whole)
    for note in whole.notes:
        guest.note(note)
    return lacking, [
        controller
        for controller in whole.devices("controller")
        if id(controller) not in controllers
    ]
