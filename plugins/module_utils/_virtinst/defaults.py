# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a domain's documents from options, as virt-install does."""

from __future__ import annotations

import typing as t

from .._choices import ALWAYS
from .._reconcile.taken import Taken, nothing_taken
from .._xmltree.element import Element
from . import disk_source, machine_option, naming, resources, system
from . import install as installing
from .ansible_host import OPTION as ANSIBLE
from .ansible_host import without_host, write_ansible
from .configure import base, configure
from .disk import Disk, base_of, check_targets_differ, move_of, needs_volume, storage_of
from .errors import OptionError
from .guest import Guest
from .host import Host
from .nothing_to_boot import has_nothing_to_boot
from .options.apply import apply, apply_early, apply_late
from .options.listed import split
from .options.setters.metadata import os_of
from .options.texts import TEXTS
from .options.xpath import apply_xpath_actions
from .order import put_in_order
from .overlays import DomainDisks
from .storage import DiskBase, DiskSize, Existing, NewVolume, images_of, images_of_disk
from .versions import OPTION as VERSION
from .writing import copied, write

if t.TYPE_CHECKING:
    from .moving import DiskMove
    from .reinstall import Reinstallation
    from .unattended import Script

DISCARD = "driver/@discard"
#: The texts that can be empty; an empty text of another option counts as not given.
_CAN_BE_EMPTY = frozenset(["description"])


class Result(t.NamedTuple):
    """The documents and the storage that options ask for.

    * ``domain``: the document of the domain.
    * ``first_boot``: the document for the first boot, where it differs.
    * ``volumes``: the volumes that have to be created.
    * ``osinfo``: the short id of the operating system.
    * ``notes``: lines for a person.
    * ``installs``: whether the first boot runs an installer, which ends.
    * ``scripts``: the files that answer the installer's questions.
    * ``is_blank``: whether a new guest would have nothing to boot.
    * ``sizes``, ``bases``: the sizes and the backing files that are requested for disks whose
      storage exists.
    * ``reinstallation``: the installation of an existing domain that is to be done.
    * ``moves``: the disks of an existing domain that move.
    * ``taken``: takes a document of the domain, and returns what is to be left of it.
    """

    domain: Element
    first_boot: Element | None
    volumes: tuple[NewVolume, ...]
    osinfo: str
    notes: tuple[str, ...]
    sizes: tuple[DiskSize, ...] = ()
    installs: bool = False
    bases: tuple[DiskBase, ...] = ()
    taken: t.Callable[[Element], Taken] = nothing_taken
    is_blank: bool = False
    scripts: tuple[Script, ...] = ()
    reinstallation: Reinstallation | None = None
    moves: tuple[DiskMove, ...] = ()


def domain_defaults(
    host: Host,
    options: t.Mapping[str, t.Any],
    actual: Element | None = None,
    disks: DomainDisks | None = None,
) -> Result:
    """The documents of a domain with these options.

    ``options`` has virt-install's names with ``_`` for ``-``; a value of a group
    with sub-options is one or a list of what :func:`.options.apply.apply` takes.
    ``actual`` is the definition that the domain has already. It decides two things only: an
    image that was new once keeps what new images get, and cloud-init's drive keeps its data.
    ``disks`` are the disks of that definition, where their backing files can be found out.

    :raises OptionError: an option can't be honoured.
    """
    options, _absent = split(machine_option.resolved(host, options, actual))
    guest = Guest(host, version=options.get(VERSION))
    if disks is not None:
        guest.images, guest.disks = images_of(disks.defined), disks.defined
    write_texts(guest, options)
    has_no_host = write_ansible(guest, options.get(ANSIBLE), actual or Element("domain"))
    apply_early(guest, options)
    base.configure(guest)
    install = installing.chosen(options)
    if install.os is not None and actual is None:
        from .location import at_known_tree

        install = at_known_tree(guest, install, profile(options))
    system.choose(guest, _identifier(guest, install, options.get("osinfo"), actual))
    system.note_unknown(guest)
    if guest.name is None:
        guest.set("name", naming.default_name(guest))
    installing.check_kernel(guest, install)
    if install.medium is not None and actual is None:
        # The task fails before anything is made, whether the system is named or not.
        installing.detected_medium(guest, install)
    install, temporary, scripts = unattended_install(guest, install, options, actual)
    kernels: tuple[NewVolume, ...] = ()
    is_over = actual is not None and install.is_downloaded
    if is_over:
        # Nothing is downloaded for a domain that exists.
        install = install._replace(location=None, kernel=None, initrd=None, os=None)
    elif (
        install.location is not None or install.injected or install.scripts or install.is_downloaded
    ):
        from .location import prepared

        install, kernels = prepared(guest, install)
        if actual is not None and _is_unattended(options):
            # What had passwords is gone since the first boot.
            kernels = ()
    seed_data, keeps_seed = seed_of(guest, options), False
    if seed_data is not None:
        from .cloud_init import policy_of

        path, keeps_seed = seed_data.path, policy_of(options["cloud_init"]) == ALWAYS
        if actual is not None:
            from .seed_plan import seed_plan

            plan = seed_plan(guest, options["cloud_init"], actual)
            seed_data, path, keeps_seed = plan.volume, plan.path or path, plan.path is not None
        install = install._replace(seed=path)
    apply_late(guest, options)
    if not options.get("network"):
        apply(guest, "network", "default")
    resources.configure_memory(guest)
    resources.configure_vcpus(guest)
    if not (options.get("disk") or options.get("filesystem")):
        size = resources.default_disk_size(guest)
        if size is not None:
            apply(guest, "disk", f"size={size}")
    drive = installing.add_cdrom(guest, install)
    installing.set_boot_order(guest, install)
    check_targets_differ(guest.devices("disk"))
    configure(guest)
    storage = [storage_of(disk) for disk in guest.devices("disk")]
    apply_xpath_actions(guest)
    seed = installing.add_seed(guest, install.seed)
    disc = installing.add_seed(guest, install.disc)
    first = installing.first_boot(guest, install) if install.needs_two else None
    if first is not None and install.location is not None:
        from .location import raise_memory

        named = named_distro(guest, options)
        raise_memory(guest, guest.with_document(first), install, named)
    if first is not None:
        installing.eject(guest, drive)
        if seed is not None and not keeps_seed:
            disk_source.eject(seed)
        if disc is not None:
            disk_source.eject(disc)
    if disks is not None:
        guest.keep_images(guest.devices("disk"), disks, is_whole=True)
        _keep_discard_of_new_images(guest, disks.defined)
    if options.get("reinstall"):
        from .reinstall import note

        note(options, guest.root, first)
    moves = tuple(_moves(guest))
    put_in_order(guest.root)
    if first is not None:
        put_in_order(first)
    guest.accept_volumes(storage)
    return Result(
        domain=copied(guest.root),
        first_boot=first,
        volumes=(
            *(volume for volume in storage if isinstance(volume, NewVolume)),
            *kernels,
            *temporary,
            *([] if seed_data is None else [seed_data]),
        ),
        osinfo=guest.os.short_id,
        notes=tuple(guest.notes),
        sizes=tuple(_sizes(guest)) if options.get("disk") else (),
        installs=install.has_phase,
        taken=without_host if has_no_host else nothing_taken,
        is_blank=actual is None and has_nothing_to_boot(guest, install, options),
        bases=tuple(_bases(guest)),
        scripts=scripts,
        moves=moves,
    )


def _moves(guest: Guest) -> t.Iterator[DiskMove]:
    """The disks of an existing domain that move.

    :raises OptionError: one can't; or a disk would be exchanged for an empty one.
    """
    by_target = {disk.value("target/@dev"): disk for disk in guest.disks}
    for disk in guest.devices("disk"):
        current, request = by_target.get(disk.value("target/@dev")), move_of(disk)
        if current is not None and request is not None:
            # Ansible compiles a module's code anew in each task, and few disks move.
            from .moving import planned

            yield planned(guest.host.storage, request, current)
        elif current is not None:
            disk_source.check_not_exchanged(disk, current, is_whole=True)


def named_distro(guest: Guest, options: t.Mapping[str, t.Any]) -> str | None:
    """The distribution of the system, if the task names it and doesn't have it detected."""
    return None if system.asked(options.get("osinfo")).detects else guest.os.distro


def profile(options: t.Mapping[str, t.Any]) -> str | None:
    """What an unattended installation is to make of the system, if the task says it."""
    if not _is_unattended(options):
        return None
    from .unattended import profile_of

    return profile_of(options["unattended"])


def _is_unattended(options: t.Mapping[str, t.Any]) -> bool:
    """Whether the installer gets its answers."""
    value = options.get("unattended")
    return value is not None and str(value).lower() not in ("none", "no", "false", "off")


def unattended_install(
    guest: Guest,
    install: installing.Install,
    options: t.Mapping[str, t.Any],
    actual: Element | None,
) -> tuple[installing.Install, tuple[NewVolume, ...], tuple[Script, ...]]:
    """The installation with the answers to the installer's questions, and the files that it needs.

    A domain that exists has been installed, or is just being installed.
    """
    if not _is_unattended(options):
        return install, (), ()
    # Ansible compiles a module's code anew in each task, and few tasks install anything.
    from . import unattended

    if options.get("cloud_init") not in (None, "none"):
        raise OptionError(
            "unattended and cloud_init contradict each other: an installer doesn't read cloud-init's "
            "data; leave one of them out"
        )
    named = named_distro(guest, options)
    prepared = unattended.prepared(guest, install, options["unattended"], actual is None, named)
    guest.os = unattended.with_drivers(guest)
    return prepared


def _keep_discard_of_new_images(guest: Guest, actual_disks: t.Sequence[Element]) -> None:
    """Keep ``discard`` of the disks that got it because their images were new once."""
    for disk in guest.devices("disk"):
        storage, paths = storage_of(disk), images_of_disk(disk)
        if not isinstance(storage, Existing) or disk.value(DISCARD) is not None or not paths:
            continue
        for actual_disk in actual_disks:
            if paths == images_of_disk(actual_disk) and actual_disk.value(DISCARD) == "unmap":
                write(disk, DISCARD, "unmap")


def _sizes(guest: Guest) -> t.Iterator[DiskSize]:
    for disk in guest.devices("disk"):
        if not isinstance(disk, Disk) or disk.size is None or disk.storage is None:
            continue
        if not needs_volume(disk):
            volume = disk.storage if isinstance(disk.storage, NewVolume) else None
            yield DiskSize(copied(disk), disk.size, volume, is_new=True)


def _bases(guest: Guest) -> t.Iterator[DiskBase]:
    for disk in guest.devices("disk"):
        if not needs_volume(disk):
            is_new = guest.images.keys().isdisjoint(images_of_disk(disk))
            base = base_of(disk, copied(disk), is_new)
            yield from () if base is None else (base,)


def _identifier(
    guest: Guest, install: installing.Install, option: object, actual: Element | None
) -> str:
    """The name of the operating system, from the option or from the installation medium.

    What was downloaded for a domain that exists is not looked at again.

    :raises OptionError: the option demands that the medium is recognised, and it isn't.
    """
    # virt-install takes the system that is installed for that which the guest runs.
    asked = system.asked(option or install.os)
    found = None
    if asked.detects and actual is not None and install.is_downloaded:
        found = os_of(actual)
    elif asked.detects:
        found = _detected(guest, install, asked.name)
    if found is None and asked.name is None and asked.is_required:
        raise OptionError("osinfo: what is installed could not be recognised; name it")
    return found or asked.name or os_of(guest.root) or system.GENERIC


def _detected(guest: Guest, install: installing.Install, named: str | None) -> str | None:
    """The operating system that the medium installs, if the database knows it."""
    found = None
    if install.location is not None:
        from .location import detected

        found = detected(guest, install, named)
    elif install.has_medium:
        medium = installing.detected_medium(guest, install)
        found = None if medium is None else medium.system
    return found


def seed_of(guest: Guest, options: t.Mapping[str, t.Any]) -> NewVolume | None:
    """The volume with cloud-init's data; ``None`` without the option ``cloud_init``."""
    if options.get("cloud_init") in (None, "none"):
        return None
    # Few domains need it, and Ansible compiles a module's code anew in each task.
    from .cloud_init import seed_volume

    return seed_volume(guest, options["cloud_init"])


def write_texts(guest: Guest, options: t.Mapping[str, t.Any]) -> list[str]:
    """Write the options that are one text at one place; return the places of empty texts."""
    emptied = []
    for option, path in TEXTS.items():
        if options.get(option) is None:
            continue
        if options[option] != "":
            guest.set(path, str(options[option]))
        elif option in _CAN_BE_EMPTY:
            emptied.append(path)
    return emptied
