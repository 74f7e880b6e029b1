# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options ask of a domain that exists.

Only what they say, and no default: a newer osinfo database, hypervisor or
version of the collection changes no domain by itself. A device that the domain
lacks gets what a new device would get.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
import typing as t

from .._osinfo import UnknownOperatingSystem
from .._xmltree.element import Element
from . import by_default, disk_source, kind, system, writing
from .configure import configure_devices, cpu, pcie, uefi, vcpus
from .defaults import Result, write_texts
from .errors import OptionError
from .guest import Guest
from .host import Host
from .options.apply import apply_all
from .options.listed import option_of, split
from .options.setters.metadata import os_of
from .options.xpath import apply_to_device, apply_xpath_actions
from .order import put_in_order
from .overlays import DomainDisks
from .pairing import Paired, is_chosen, is_same_source, paired_devices
from .said import Said
from .storage import DiskBase, DiskSize, NewVolume, images_of, images_of_disk
from .taking import OS, Taking
from .unwanted import Unwanted

if t.TYPE_CHECKING:
    from .seed_plan import SeedPlan

#: What the options are read in the light of, and is never asked for by itself.
_CONTEXT = ("@type", "name", "os/type", "os/type/@arch", "os/type/@machine", "devices/emulator")
_DEVICES = "devices"


def domain_options(
    host: Host,
    options: t.Mapping[str, t.Any],
    actual: Element,
    exclusive: t.Collection[str] = (),
    disks: DomainDisks | None = None,
) -> Result:
    """What the options say of the domain that is defined as ``actual``.

    ``domain`` of the result is a document of that alone, to be merged with the
    definition. How a domain is installed says nothing about one that exists.
    ``exclusive`` are the names of lists of devices that are the whole truth, and ``disks`` are
    the domain's, where what they are based on can be found out.

    :raises OptionError: an option can't be honoured.
    """
    options, absent = split(options)
    guest = context(host, actual)
    devices = guest.make(_DEVICES)
    said = Said(guest.root)
    emptied = write_texts(guest, options)
    name = system.asked(options.get("osinfo")).name
    if name is not None:
        system.choose(guest, name)
        if guest.os.short_id == system.GENERIC:
            emptied.append(OS)
    apply_all(guest, options)
    apply_xpath_actions(guest)
    _raise_memory(guest, actual)
    _settle(guest, actual)
    by_default.fill_in(guest, actual)
    wanted = [device for device in devices.children if said.is_new(device)]
    # Before what is said of a base is said of the image above it.
    unwanted = Unwanted(guest, options, absent, exclusive, wanted, disks)
    if disks is not None:
        # Those whose name was chosen here are known by their order.
        named = [one for one in wanted if one.tag == "disk" and not is_chosen(guest, one)]
        guest.keep_images(named, disks, "disk" in exclusive)
    unwanted.check(actual)
    document = said.document()
    document.children = [child for child in document.children if child.tag != _DEVICES]
    pairs = paired_devices(guest, wanted, actual)
    for device, theirs in pairs.found:
        if unwanted.says(theirs):
            raise OptionError(
                f"{option_of(device.tag)}: two entries of the list are about the same device, and "
                "one of them has state: absent; leave one of them out, or say which device each "
                "means, such as by mac, target or path"
            )
    lacking = pairs.lacking
    plan = _seed_plan(guest, options, actual)
    if plan is not None and plan.is_new:
        from .seed_plan import seed_drive

        drive, its = seed_drive(plan, actual)
        pairs.found.extend([(drive, its)] if its is not None else [])
        lacking.extend([drive] if its is None else [])
    added, companions = completed(guest, lacking, actual)
    for device in added:
        apply_to_device(guest, device, is_new=True)
    found = [
        of_another_kind(guest, _as_wanted(guest, device, theirs), theirs, actual)
        for device, theirs in pairs.found
    ]
    all_devices = [*pcie.lacking(guest, actual), *companions, *found, *added]
    if all_devices:
        document.children.append(Element(_DEVICES, children=all_devices))
    put_in_order(document)
    _see_that_no_disk_is_exchanged(guest, pairs.found)
    volumes = [guest.storage.get(id(device)) for device in lacking]
    guest.accept_volumes(volumes)
    return Result(
        domain=document,
        first_boot=None,
        volumes=(
            *(one for one in volumes if isinstance(one, NewVolume)),
            *([plan.volume] if plan is not None and plan.volume is not None else []),
        ),
        osinfo=guest.os.short_id,
        notes=tuple(guest.notes),
        sizes=(
            *_sizes(guest, pairs.found, _Doubts(guest, pairs, "disk" in exclusive)),
            *_sizes(guest, [(one, one) for one in lacking if _is_there(guest, one)]),
        ),
        bases=(
            *_bases(guest, pairs.found),
            *_bases(guest, [(one, one) for one in lacking if _is_there(guest, one)]),
        ),
        taken=Taking(guest, wanted, unwanted, emptied).of,
    )


def _seed_plan(guest: Guest, options: t.Mapping[str, t.Any], actual: Element) -> SeedPlan | None:
    """What becomes of cloud-init's data, if there are any."""
    if options.get("cloud_init") in (None, "none"):
        return None
    # Few domains need it, and a module's code is compiled each time that it runs.
    from .seed_plan import seed_plan

    return seed_plan(guest, options["cloud_init"], actual)


def context(host: Host, actual: Element) -> Guest:
    """A guest without devices, in whose light options of a domain that exists are read."""
    guest = Guest(host)
    guest.exists = True
    guest.images = images_of(actual.findall("devices/disk"))
    for path in _CONTEXT:
        guest.set_default(path, actual.value(path))
    _set_os(guest, actual)
    return guest


def _settle(guest: Guest, actual: Element) -> None:
    """What options only note is written, as for a new domain."""
    whole = Guest(guest.host, writing.copied(actual))
    if guest.wants_uefi and not whole.is_uefi:
        uefi.enable(guest)
    _secure_cpu(guest, whole)
    if guest.has("cpu/topology"):
        # A part of a topology is completed, not mixed with the one that was there.
        most = guest.get("vcpu")
        guest.set_default("vcpu", actual.value("vcpu"))
        vcpus.configure(guest)
        guest.set("vcpu", most)


def _secure_cpu(guest: Guest, whole: Guest) -> None:
    """The features against known attacks of a model that the domain has, where they are said."""
    said = any(one.group.name == "cpu" and "secure" in one.settings for one in guest.written)
    model = whole.get("cpu/model")
    if not (said and guest.hides_cpu_flaws) or model is None or guest.cpu_is_settled:
        return
    if guest.has("cpu/model") or guest.get("cpu/@mode") is not None or cpu.is_implicit(whole):
        return
    there = whole.make("cpu")
    before = list(there.children)
    cpu.set_model(whole, model)
    guest.make("cpu").children.extend(there.children[len(before) :])


def _is_there(guest: Guest, disk: Element) -> bool:
    storage = guest.storage.get(id(disk))
    return not isinstance(storage, NewVolume) or storage.is_there


def _set_os(guest: Guest, actual: Element) -> None:
    """The operating system that the definition names, for what depends on it."""
    identifier = os_of(actual)
    try:
        guest.os = (
            guest.host.osinfo.find(identifier) if identifier else system.generic(guest.host.osinfo)
        )
    except UnknownOperatingSystem:
        guest.os = system.generic(guest.host.osinfo)


def _raise_memory(guest: Guest, actual: Element) -> None:
    """Memory at the start that is more than the most raises that too."""
    current, most = guest.get("currentMemory"), actual.value("memory")
    if current is not None and guest.get("memory") is None and int(current) > int(most or 0):
        guest.set("memory", current)


def _as_wanted(guest: Guest, device: Element, actual: Element) -> Element:
    """What is said of a device that the domain has."""
    has_source = device.tag == "disk" and device.child("source") is not None
    if has_source and not is_chosen(guest, device) and not is_same_source(device, actual):
        disk_source.set_kind(guest, device)
    copy = writing.copied(device)
    if device.tag == "disk":
        writing.write(copy, "target/@dev", actual.value("target/@dev"))
        if is_chosen(guest, device):
            copy.children = [child for child in copy.children if child.tag != "source"]
    return copy


class _Doubts:
    """Whether it is certain which disk is meant by an entry that says its size alone."""

    def __init__(self, guest: Guest, pairs: Paired, is_whole: bool) -> None:
        self._guest = guest
        # With a list that is the whole truth, no disk is left out by mistake.
        self._left_out = [] if is_whole else [one for one in pairs.extra if _is_disk(one)]
        #: Such entries may have made those.
        self._like = [one for one in self._left_out if self._has_chosen_name(one)]

    def noted(self, size: DiskSize, disk: Element, theirs: Element) -> DiskSize:
        """The size of a disk, with what is to be said of it."""
        if not is_chosen(self._guest, disk) or disk.value("target/@dev") is not None:
            return size
        target, path = theirs.value("target/@dev"), next(iter(images_of_disk(theirs)), "")
        meant = f"disk: an entry without a name is about {target} ({path}) only by its place"
        how = (
            f"to make {target} larger, give the entry target: {{dev: {target}}} or the path, and to "
            "add a disk, a target or a path that no disk has"
        )
        undone = "nothing was made larger, because that can't be undone"
        if self._like:
            why = f"no entry is about {_targets(self._like)} of the domain"
            return dataclasses.replace(size, doubt=f"{meant}, and {why}; {undone}; {how}")
        if not self._has_chosen_name(theirs):
            why = "no image of this name was made by such an entry"
            return dataclasses.replace(size, doubt=f"{meant}, and {why}; {undone}; {how}")
        if self._left_out:
            why = f"no entry is about {_targets(self._left_out)}"
            return dataclasses.replace(size, remark=f"{meant}, and it is made larger; {why}; {how}")
        return size

    def _has_chosen_name(self, disk: Element) -> bool:
        """Whether its image is called as :mod:`.disk_source` calls it, or as a snapshot of that."""
        name = posixpath.basename(next(iter(images_of_disk(disk)), ""))
        pattern = rf"{re.escape(self._guest.name or '')}(-\d+)?(\..+)?"
        return re.fullmatch(pattern, name) is not None


def _is_disk(device: Element) -> bool:
    return device.tag == "disk" and (device.get("device") or "disk") in ("disk", "lun")


def _targets(disks: t.Iterable[Element]) -> str:
    return " and ".join(disk.value("target/@dev") or "another disk" for disk in disks)


def _sizes(
    guest: Guest, pairs: t.Iterable[tuple[Element, Element]], doubts: _Doubts | None = None
) -> t.Iterator[DiskSize]:
    """The sizes that are said of disks, each with the document that says where it is.

    Without ``doubts`` they are of new disks.
    """
    for disk, where in pairs:
        capacity, storage = guest.sizes.get(id(disk)), guest.storage.get(id(disk))
        if capacity is not None:
            volume = storage if isinstance(storage, NewVolume) else None
            size = DiskSize(writing.copied(where), capacity, volume, is_new=doubts is None)
            yield size if doubts is None else doubts.noted(size, disk, where)


def _bases(guest: Guest, pairs: t.Iterable[tuple[Element, Element]]) -> t.Iterator[DiskBase]:
    """The backing files that are said of disks which have their storage."""
    for disk, where in pairs:
        base = guest.bases.get(id(disk))
        if base is not None:
            yield DiskBase(writing.copied(where), base)


def _see_that_no_disk_is_exchanged(
    guest: Guest, found: t.Iterable[tuple[Element, Element]]
) -> None:
    """:raises OptionError: a new, empty volume would take the place of a disk's image."""
    for disk, theirs in found:
        check_not_exchanged(guest, disk, theirs)


def check_not_exchanged(guest: Guest, disk: Element, theirs: Element) -> None:
    """:raises OptionError: a new, empty volume would take the place of the disk's image."""
    storage, there = guest.storage.get(id(disk)), images_of_disk(theirs)
    if not isinstance(storage, NewVolume) or storage.is_there or not storage.is_named:
        return
    if _is_disk(theirs) and there and storage.path not in there:
        target = theirs.value("target/@dev")
        raise OptionError(
            f"disk: there is nothing at {storage.path}, and {target} has {there[0]}, which is not "
            f"exchanged for a new and empty volume; correct path, give another target to add a "
            f"disk, or create the volume first"
        )


def of_another_kind(guest: Guest, said: Element, there: Element, actual: Element) -> Element:
    """What is said of a device, with the defaults of its kind where that is another one.

    Those of a disk are its storage's.

    :raises OptionError: what was said can't be completed.
    """
    if said.tag == "disk" or not kind.becomes_another(said, there):
        return said
    others = writing.copied(actual)
    new = completed(guest, [writing.copied(said)], others)[0][0]
    return kind.with_defaults(said, there, new)


def completed(
    guest: Guest, lacking: list[Element], actual: Element
) -> tuple[list[Element], list[Element]]:
    """The devices with their defaults, and the controllers that they need.

    :raises OptionError: what was said can't be completed.
    """
    if not lacking:
        return [], []
    whole = Guest(guest.host, writing.copied(actual))
    whole.os = guest.os
    whole.storage = guest.storage
    for device in lacking:
        if device.tag == "disk" and id(device) not in guest.storage:
            disk_source.check_empty(device)
        whole.add_device(device)
    controllers = {id(one) for one in whole.devices("controller")}
    configure_devices(whole)
    for note in whole.notes:
        guest.note(note)
    return lacking, [one for one in whole.devices("controller") if id(one) not in controllers]
