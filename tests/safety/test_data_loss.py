# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""No task hurts a file that something uses: each way to use one, and each way to hurt it.

The file has content whose checksum is taken before and after. The domain ``other`` has a use
of it, and a task about ``mine`` or ``new`` would delete it or write to it. What refuses says
who uses the file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import hashlib
import json
import os
import pathlib
import subprocess
import time
import typing as t
import uuid

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_xml,
    domains,
    pool,
    volume,
)

from ..integration.hypervisor import Hypervisor, Result, task_of

IMAGES = pathlib.Path("/var/lib/libvirt/images")
SIZE = 1024 * 1024
#: What the beginning of a firmware's variables looks like.
FIRMWARE = (bytes(40) + b"_FVH").ljust(512, b"\0") + bytes(range(256)) * ((SIZE - 512) // 256)
OPTIONS: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "networks": "none",
    "graphics": "none",
}
ACPI = "<features><acpi/></features>"
QEMU_ARGUMENTS = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"

pytestmark = pytest.mark.usefixtures("no_images")


def uuid_of(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, name)


def document(
    name: str, devices: str = "", system: str = "", rest: str = "", start: str = ""
) -> str:
    return (
        f"<domain type='qemu' {start}><name>{name}</name><uuid>{uuid_of(name)}</uuid>"
        "<memory unit='MiB'>64</memory><os><type arch='x86_64' machine='pc'>hvm</type>"
        f"{system}</os>{rest}<devices>{devices}</devices></domain>"
    )


def disk(path: object, form: str = "raw", target: str = "vda", extra: str = "") -> str:
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
        f"<source file='{path}'/><target dev='{target}' bus='virtio'/>{extra}</disk>"
    )


def directory_pool(name: str, path: object) -> str:
    return f"<pool type='dir'><name>{name}</name><target><path>{path}</path></target></pool>"


def image(path: object, *options: str, size: str = "1M") -> None:
    command = ["qemu-img", "create", "-q", "-f", "qcow2", *options, str(path), size]
    subprocess.run(command, check=True, cwd=IMAGES)


@dataclasses.dataclass
class World:
    """A host with one file that is in danger."""

    hypervisor: Hypervisor
    folder: pathlib.Path
    victim: pathlib.Path
    content: bytes
    at_end: contextlib.ExitStack

    def mounted(self, what: pathlib.Path, where: pathlib.Path) -> pathlib.Path:
        """A folder at a second place, until the test ends."""
        where.mkdir()
        subprocess.run(["mount", "--bind", what, where], check=True)
        self.at_end.callback(lambda: subprocess.run(["umount", where], check=True))
        return where

    def digest(self) -> str:
        with open(self.victim, "rb") as file:
            return hashlib.sha256(file.read(SIZE)).hexdigest()

    def fill(self) -> None:
        """Write the content, whatever a tool has made of the file, in its place."""
        with open(self.victim, "r+b" if self.victim.exists() else "wb") as file:
            file.write(self.content)
            file.truncate()

    def other(self, *parts: str, **more: str) -> None:
        self.hypervisor.define(document("other", *parts, **more))


# Ways to use a file. Each makes the use, and gives what a message has to say of it.


def as_disk(world: World) -> str:
    world.other(disk(world.victim))
    return "vda of the domain other"


def as_shareable_disk(world: World) -> str:
    world.other(disk(world.victim, extra="<shareable/>"))
    return "vda of the domain other"


def by_symlink(world: World) -> str:
    link = world.folder / "link"
    link.symlink_to(world.victim)
    world.other(disk(link))
    return "vda of the domain other"


def by_linked_folder(world: World) -> str:
    (world.folder / "images").symlink_to(IMAGES)
    world.other(disk(world.folder / "images" / world.victim.name))
    return "vda of the domain other"


def by_hard_link(world: World) -> str:
    link = IMAGES / "hard.img"
    os.link(world.victim, link)
    world.other(disk(link))
    return "vda of the domain other"


def by_volume(world: World) -> str:
    world.other(
        "<disk type='volume' device='disk'><driver name='qemu' type='raw'/>"
        f"<source pool='default' volume='{world.victim.name}'/><target dev='vda' bus='virtio'/>"
        "</disk>"
    )
    return "vda of the domain other"


def by_twin_pool(world: World) -> str:
    (world.folder / "twin").symlink_to(IMAGES)
    world.hypervisor.raw.storagePoolCreateXML(directory_pool("twin", world.folder / "twin"), 0)
    world.other(
        "<disk type='volume' device='disk'><driver name='qemu' type='raw'/>"
        f"<source pool='twin' volume='{world.victim.name}'/><target dev='vda' bus='virtio'/></disk>"
    )
    return "vda of the domain other"


def by_inactive_pool(world: World) -> str:
    (world.folder / "twin").symlink_to(IMAGES)
    world.hypervisor.raw.storagePoolDefineXML(directory_pool("twin", world.folder / "twin"), 0)
    world.other(
        "<disk type='volume' device='disk'><driver name='qemu' type='raw'/>"
        f"<source pool='twin' volume='{world.victim.name}'/><target dev='vda' bus='virtio'/></disk>"
    )
    return "vda of the domain other"


def by_unknown_pool(world: World) -> str:
    world.other(
        "<disk type='volume' device='disk'><driver name='qemu' type='raw'/>"
        f"<source pool='gone' volume='{world.victim.name}'/><target dev='vda' bus='virtio'/></disk>"
    )
    return "the storage pool gone"


def in_running_guest(world: World) -> str:
    world.other(disk(world.victim))
    world.hypervisor.raw.lookupByName("other").create()
    # Its next start is without it.
    world.other()
    return "vda of the domain other"


def in_snapshot(world: World) -> str:
    world.other(disk(world.victim))
    found = world.hypervisor.raw.lookupByName("other")
    whole = document("other", disk(world.victim))
    found.snapshotCreateXML(
        "<domainsnapshot><name>old</name><state>shutoff</state><creationTime>1</creationTime>"
        f"<disks><disk name='vda' snapshot='external'><source file='{IMAGES}/old.img'/></disk>"
        f"</disks>{whole}</domainsnapshot>",
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE,
    )
    world.other()
    return "the snapshot old of the domain other"


def in_saved_state(world: World) -> str:
    world.other(disk(world.victim))
    found = world.hypervisor.raw.lookupByName("other")
    found.create()
    found.managedSave(0)
    world.other()
    return "the saved state of the domain other"


def overlay(world: World, name: str, form: str = "raw") -> str:
    image(IMAGES / "over.qcow2", "-b", name, "-F", form)
    world.other(disk(IMAGES / "over.qcow2", "qcow2"))
    return "over.qcow2, which is used by vda of the domain other"


def as_backing_file(world: World) -> str:
    return overlay(world, str(world.victim))


def as_relative_backing_file(world: World) -> str:
    return overlay(world, world.victim.name)


def as_backing_file_of_json(world: World) -> str:
    described = {"driver": "raw", "file": {"driver": "file", "filename": str(world.victim)}}
    return overlay(world, f"json:{json.dumps(described)}")


def as_backing_file_of_protocol(world: World) -> str:
    return overlay(world, f"file:{world.victim}")


def as_backing_file_by_symlink(world: World) -> str:
    (world.folder / "link").symlink_to(world.victim)
    return overlay(world, str(world.folder / "link"))


def as_backing_file_outside_of_pools(world: World) -> str:
    image(world.folder / "over.qcow2", "-b", str(world.victim), "-F", "raw")
    world.other(disk(world.folder / "over.qcow2", "qcow2"))
    return "over.qcow2, which is used by vda of the domain other"


def as_backing_file_of_backing_file(world: World) -> str:
    image(IMAGES / "middle.qcow2", "-b", str(world.victim), "-F", "raw")
    overlay(world, str(IMAGES / "middle.qcow2"), "qcow2")
    return "middle.qcow2, which is used by vda of the domain other"


def as_backing_file_of_no_domain(world: World) -> str:
    image(IMAGES / "over.qcow2", "-b", str(world.victim), "-F", "raw")
    return "backing file of /var/lib/libvirt/images/over.qcow2"


def as_backing_file_in_inactive_pool(world: World) -> str:
    image(world.folder / "over.qcow2", "-b", str(world.victim), "-F", "raw")
    world.hypervisor.raw.storagePoolDefineXML(directory_pool("off", world.folder), 0)
    return f"backing file of {world.folder}/over.qcow2"


def as_written_backing_store(world: World) -> str:
    image(IMAGES / "over.qcow2")
    chain = (
        "<backingStore type='file'><format type='raw'/>"
        f"<source file='{world.victim}'/><backingStore/></backingStore>"
    )
    world.other(disk(IMAGES / "over.qcow2", "qcow2", extra=chain))
    return "vda of the domain other"


def as_data_file(world: World) -> str:
    image(IMAGES / "over.qcow2", "-o", f"data_file={world.victim},data_file_raw=on")
    world.other(disk(IMAGES / "over.qcow2", "qcow2"))
    return "data file of /var/lib/libvirt/images/over.qcow2"


def behind_nbd(world: World) -> str:
    image(IMAGES / "over.qcow2", "-u", "-b", "nbd:unix:/run/x.sock", "-F", "raw")
    world.other(disk(IMAGES / "over.qcow2", "qcow2"))
    return "over.qcow2"


def behind_what_is_not_there(world: World) -> str:
    (world.folder / "mount").mkdir()
    world.other(disk(world.folder / "mount" / "over.qcow2", "qcow2"))
    return "over.qcow2"


def as_kernel(world: World) -> str:
    world.other(system=f"<kernel>{world.victim}</kernel>")
    return "the kernel of the domain other"


def as_initrd(world: World) -> str:
    world.other(system=f"<kernel>/boot/k</kernel><initrd>{world.victim}</initrd>")
    return "the initrd of the domain other"


def as_device_tree(world: World) -> str:
    world.other(system=f"<kernel>/boot/k</kernel><dtb>{world.victim}</dtb>")
    return "the device tree of the domain other"


def as_firmware(world: World) -> str:
    world.other(system=f"<loader readonly='yes' type='rom'>{world.victim}</loader>")
    return "the firmware of the domain other"


def nvram(path: object, template: str = "") -> str:
    return (
        "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>"
        f"<nvram{template}>{path}</nvram>"
    )


def as_nvram(world: World) -> str:
    world.other(system=nvram(world.victim), rest=ACPI)
    return "the NVRAM of the domain other"


def as_template(world: World) -> str:
    world.other(system=nvram(IMAGES / "none.fd", f" template='{world.victim}'"), rest=ACPI)
    return "the template of the NVRAM of the domain other"


def as_acpi_table(world: World) -> str:
    world.other(
        system=f"<acpi><table type='slic'>{world.victim}</table></acpi>",
        rest=ACPI,
    )
    return "an ACPI table of the domain other"


def as_nvdimm(world: World) -> str:
    world.other(
        "<memory model='nvdimm'><source><path>"
        f"{world.victim}</path></source><target><size unit='MiB'>1</size><node>0</node>"
        "</target></memory>",
        rest="<maxMemory slots='2' unit='MiB'>512</maxMemory><vcpu>1</vcpu>"
        "<cpu><numa><cell id='0' cpus='0' memory='64' unit='MiB'/></numa></cpu>",
    )
    return "a memory device of the domain other"


def as_shared_folder(world: World) -> str:
    world.other(f"<filesystem><source dir='{IMAGES.parent}'/><target dir='x'/></filesystem>")
    return "a filesystem of the domain other"


def as_shared_folder_mounted_elsewhere(world: World) -> str:
    folder = world.mounted(IMAGES, world.folder / "mounted")
    world.other(f"<filesystem><source dir='{folder}'/><target dir='x'/></filesystem>")
    return "a filesystem of the domain other"


def as_shared_folder_above_a_mount(world: World) -> str:
    world.mounted(IMAGES, world.folder / "with a blank")
    world.other(f"<filesystem><source dir='{world.folder}'/><target dir='x'/></filesystem>")
    return "a filesystem of the domain other"


def in_backup(world: World) -> str:
    image(world.folder / "disk.qcow2")
    world.other(disk(world.folder / "disk.qcow2", "qcow2"))
    found = world.hypervisor.raw.lookupByName("other")
    found.create()
    image(world.victim)
    found.backupBegin(
        f"<domainbackup mode='pull'><server transport='unix' socket='{world.folder}/s'/><disks>"
        f"<disk name='vda' type='file'><scratch file='{world.victim}'/></disk></disks>"
        "</domainbackup>",
        None,
        libvirt.VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL,
    )
    return "the backup of the domain other (vda)"


def by_another_program(world: World) -> str:
    socket = world.folder / "socket"
    server = subprocess.Popen(
        ["qemu-nbd", "--persistent", "--format=raw", f"--socket={socket}", str(world.victim)]
    )
    world.at_end.callback(server.wait)
    world.at_end.callback(server.terminate)
    while not socket.exists():
        assert server.poll() is None
        time.sleep(0.01)
    return f"the process {server.pid} (qemu-nbd)"


def as_serial_port(world: World) -> str:
    world.other(f"<serial type='file'><source path='{world.victim}'/></serial>")
    return "a character device of the domain other"


def as_log(world: World) -> str:
    world.other(f"<serial type='pty'><log file='{world.victim}'/></serial>")
    return "the log of a character device of the domain other"


def medium(path: object, device: str, target: str, bus: str) -> str:
    return (
        f"<disk type='file' device='{device}'><driver name='qemu' type='raw'/>"
        f"<source file='{path}'/><target dev='{target}' bus='{bus}'/><readonly/></disk>"
    )


def as_cdrom(world: World) -> str:
    world.other(medium(world.victim, "cdrom", "hda", "ide"))
    return "hda of the domain other"


def as_floppy(world: World) -> str:
    world.other(medium(world.victim, "floppy", "fda", "fdc"))
    return "fda of the domain other"


def as_firmware_configuration(world: World) -> str:
    world.other(rest=f"<sysinfo type='fwcfg'><entry name='opt/x' file='{world.victim}'/></sysinfo>")
    return "a file of fw_cfg of the domain other"


def argument(world: World, value: str) -> str:
    arguments = (
        f"<qemu:commandline><qemu:arg value='-drive'/><qemu:arg value='{value}'/>"
        "</qemu:commandline>"
    )
    text = document("other", start=QEMU_ARGUMENTS)
    world.hypervisor.define(text.replace("</domain>", f"{arguments}</domain>"))
    return "an argument of the hypervisor of the domain other"


def as_argument(world: World) -> str:
    return argument(world, f"file={world.victim},if=none")


def as_argument_with_a_blank(world: World) -> str:
    link = world.folder / "a link, to it"
    link.symlink_to(world.victim)
    return argument(world, f"if=none,file={str(link).replace(',', ',,')}")


def as_backing_file_in_argument(world: World) -> str:
    image(world.folder / "over.qcow2", "-b", str(world.victim), "-F", "raw")
    argument(world, json.dumps({"driver": "file", "filename": f"{world.folder}/over.qcow2"}))
    return "over.qcow2, which is used by an argument of the hypervisor of the domain other"


USES: tuple[t.Callable[[World], str], ...] = (
    *(as_disk, as_shareable_disk, by_symlink, by_linked_folder, by_hard_link, by_volume),
    *(by_twin_pool, by_inactive_pool, by_unknown_pool, in_running_guest, in_snapshot),
    *(in_saved_state, as_backing_file, as_relative_backing_file, as_backing_file_of_json),
    *(as_backing_file_of_protocol, as_backing_file_by_symlink, as_backing_file_outside_of_pools),
    *(as_backing_file_of_backing_file, as_backing_file_of_no_domain),
    *(as_backing_file_in_inactive_pool, as_written_backing_store, as_data_file, behind_nbd),
    *(behind_what_is_not_there, as_kernel, as_initrd, as_device_tree, as_firmware, as_nvram),
    *(as_template, as_acpi_table, as_nvdimm, as_shared_folder, as_serial_port, as_log, as_cdrom),
    *(as_floppy, as_firmware_configuration, as_argument, as_argument_with_a_blank),
    *(as_backing_file_in_argument, as_shared_folder_mounted_elsewhere),
    *(as_shared_folder_above_a_mount, in_backup, by_another_program),
)
#: Where it is only unknown whether the file is used; deleting is what asks for certainty.
DOUBTS = (by_unknown_pool, behind_nbd, behind_what_is_not_there)
#: Media and what is shared may have more users that only read.
SHARED = (as_shareable_disk, as_cdrom, as_floppy)


# Ways to hurt a file: the options of a task of a module, after what it needs was made.


@dataclasses.dataclass(frozen=True)
class Harm:
    """``deletes``: the file would be gone, else written to. ``keeps``: the task succeeds."""

    module: t.Any
    options: t.Callable[[World], dict[str, t.Any]]
    deletes: bool = True
    keeps: bool = False
    name: str = "victim.img"
    content: bytes = FIRMWARE


def mine(world: World) -> None:
    world.hypervisor.define(document("mine", disk(world.victim)))


def removing(world: World) -> dict[str, t.Any]:
    mine(world)
    return {"name": "mine", "state": "absent", "remove_volumes": ["vda"]}


def removing_all(world: World) -> dict[str, t.Any]:
    mine(world)
    return {"name": "mine", "state": "absent", "remove_volumes": "all"}


def removing_by_path(world: World) -> dict[str, t.Any]:
    world.hypervisor.define(document("mine"))
    return {"name": "mine", "state": "absent", "remove_volumes": [str(world.victim)]}


def removing_by_pool(world: World) -> dict[str, t.Any]:
    mine(world)
    return {
        "name": "mine",
        "state": "absent",
        "remove_volumes": [f"default/{world.victim.name}", "cloud_init"],
    }


def removing_of_nobody(world: World) -> dict[str, t.Any]:
    return {"name": "none", "state": "absent", "remove_volumes": [str(world.victim), "cloud_init"]}


def removing_in_list(world: World) -> dict[str, t.Any]:
    return {"domains": [removing(world)]}


def removing_device(world: World) -> dict[str, t.Any]:
    mine(world)
    return {
        "domain": "mine",
        "state": "absent",
        "remove_volume": True,
        "xml": "<disk><target dev='vda'/></disk>",
    }


def removing_nvram(world: World) -> dict[str, t.Any]:
    world.hypervisor.define(document("mine", system=nvram(world.victim), rest=ACPI))
    return {"name": "mine", "state": "absent"}


def purging(world: World) -> dict[str, t.Any]:
    mine(world)
    return {"domains": [], "purge": True, "purge_all": True, "purge_match": "mine"}


def new_disk(world: World) -> dict[str, t.Any]:
    return {**OPTIONS, "name": "new", "disks": [{"path": str(world.victim), "size": 1}]}


def new_device(world: World) -> dict[str, t.Any]:
    world.hypervisor.define(document("mine"))
    return {"domain": "mine", "disk": {"path": str(world.victim), "size": 1}}


def growing(world: World) -> dict[str, t.Any]:
    mine(world)
    return {"name": "mine", "disks": [{"path": str(world.victim), "size": 1}]}


def deleting(world: World) -> dict[str, t.Any]:
    return {"pool": "default", "name": world.victim.name, "state": "absent"}


def wiping(world: World) -> dict[str, t.Any]:
    return {**deleting(world), "wipe": True}


def shrinking(world: World) -> dict[str, t.Any]:
    return {
        "pool": "default",
        "name": world.victim.name,
        "capacity": f"{SIZE // 2} bytes",
        "shrink": True,
    }


def seeding(_world: World) -> dict[str, t.Any]:
    return {
        **OPTIONS,
        "name": "new",
        "disks": "none",
        "state": "running",
        "cloud_init": {"root_password": "x"},
    }


HARMS = {
    "remove_volumes of domain_xml": Harm(domain_xml, removing),
    "remove_volumes of domain": Harm(domain, removing),
    "remove_volumes of domains": Harm(domains, removing_in_list),
    "remove_volumes: all": Harm(domain, removing_all, keeps=True),
    "remove_volumes by path": Harm(domain, removing_by_path),
    "remove_volumes by pool": Harm(domains, lambda world: {"domains": [removing_by_pool(world)]}),
    "remove_volumes of an absent domain": Harm(domain_xml, removing_of_nobody),
    "remove_volume of domain_device": Harm(domain_device, removing_device),
    "absent, as its NVRAM": Harm(domain_xml, removing_nvram, keeps=True),
    "purge": Harm(domains, purging, keeps=True),
    "a new disk": Harm(domain, new_disk, deletes=False),
    "a new device": Harm(domain_device, new_device, deletes=False),
    "growth": Harm(domain, growing, deletes=False),
    "volume, absent": Harm(volume, deleting),
    "volume, wiped": Harm(volume, wiping),
    "volume, made smaller": Harm(volume, shrinking),
    "the seed": Harm(domain, seeding, deletes=False, name="new-cloudinit.iso", content=bytes(SIZE)),
}


@pytest.fixture
def world(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> t.Iterator[World]:
    made = hypervisor.raw.storagePoolDefineXML(directory_pool("default", IMAGES), 0)
    made.create()
    with contextlib.ExitStack() as at_end:
        yield World(hypervisor, tmp_path, IMAGES / "victim.img", FIRMWARE, at_end)
    for found in hypervisor.raw.listAllDomains():
        with contextlib.suppress(libvirt.libvirtError):
            found.managedSaveRemove()
    for found in hypervisor.raw.listAllStoragePools():
        with contextlib.suppress(libvirt.libvirtError):
            found.destroy()
        with contextlib.suppress(libvirt.libvirtError):
            found.undefine()


def prepared(world: World, harm: Harm, use: t.Callable[[World], str]) -> tuple[str, str]:
    """What a message has to say, and the checksum of the file."""
    world.victim, world.content = IMAGES / harm.name, harm.content
    world.fill()
    said = use(world)
    world.fill()
    world.hypervisor.raw.storagePoolLookupByName("default").refresh()
    return said, world.digest()


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_nothing_that_is_used_is_lost(
    world: World, use: t.Callable[[World], str], harm: str, counts: t.Counter[str]
) -> None:
    row = HARMS[harm]
    said, digest = prepared(world, row, use)
    options = row.options(world)
    counts["ways to use a file, times ways to hurt it"] += 1
    for check in (True, False):
        result = task_of(row.module, check, True, **options)
        assert world.victim.exists(), result
        if row.deletes or use not in (*DOUBTS, *SHARED):
            assert world.victim.stat().st_size == SIZE, result
        assert world.digest() == digest, result
        if row.keeps:
            assert not result.failed, result.msg
        elif row.deletes or use not in (*DOUBTS, *SHARED):
            assert result.failed, result.values
        if result.failed:
            assert said in result.msg
    if harm == "remove_volumes: all":
        assert said in json.dumps(result.values["diff"])
    if harm == "absent, as its NVRAM":
        assert said in json.dumps(result.values["warnings"])


def contents(folder: pathlib.Path) -> dict[str, str]:
    """The checksums of the beginnings of all files in a folder."""
    return {
        path.name: hashlib.sha256(path.read_bytes()[:SIZE]).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_no_pool_goes_with_what_is_used(
    world: World, use: t.Callable[[World], str], counts: t.Counter[str]
) -> None:
    said, _digest = prepared(world, Harm(pool, deleting), use)
    counts["ways to use a file, and its pool goes with its data"] += 1
    before = contents(IMAGES)
    for force in (False, True):
        for check in (True, False):
            result = task_of(
                pool, check, name="default", state="absent", delete_data=True, force=force
            )
            if use is as_backing_file_of_no_domain:
                # Both go, and nothing else has them.
                assert not result.failed, result.msg
                break
            assert result.failed, result.values
            assert contents(IMAGES) == before
            assert world.hypervisor.raw.storagePoolLookupByName("default").isActive()
            assert any(word in result.msg for word in (said, "domain other", "domain 'other'"))


#: Uses of a whole file as the image of a disk, which may become larger under them.
AS_IMAGE = (
    *(as_disk, as_shareable_disk, by_symlink, by_linked_folder, by_hard_link, by_volume),
    *(by_twin_pool, by_inactive_pool, in_running_guest, as_cdrom, as_floppy),
)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_what_becomes_larger_keeps_its_content(
    world: World, use: t.Callable[[World], str], counts: t.Counter[str]
) -> None:
    said, digest = prepared(world, Harm(volume, deleting), use)
    counts["ways to use a file, and it becomes larger"] += 1
    for check in (True, False):
        result = task_of(
            volume, check, pool="default", name=world.victim.name, capacity=f"{2 * SIZE}"
        )
        assert world.digest() == digest
        if use in AS_IMAGE:
            assert result.changed, result.msg
        elif use not in DOUBTS:
            assert result.failed, result.values
            assert said in result.msg
    grown = use in AS_IMAGE or use in DOUBTS
    assert world.victim.stat().st_size == (2 * SIZE if grown else SIZE)


# Within one list, by what the entries themselves say.


def entry(name: str, text: str, **more: t.Any) -> dict[str, t.Any]:
    return {"name": name, "xml": text, **more}


def using_symlink(world: World) -> dict[str, t.Any]:
    (world.folder / "link").symlink_to(world.victim)
    return entry("new", document("new", disk(world.folder / "link")))


def using_volume(world: World) -> dict[str, t.Any]:
    return {
        **OPTIONS,
        "name": "new",
        "disks": [{"source": {"pool": "default", "volume": world.victim.name}}],
    }


def using_base(world: World) -> dict[str, t.Any]:
    backed = {"size": 1, "backing_store": str(world.victim), "backing_format": "raw"}
    return {**OPTIONS, "name": "new", "disks": [backed]}


def using_kernel(world: World) -> dict[str, t.Any]:
    return entry("new", document("new", system=f"<kernel>{world.victim}</kernel>"))


def using_folder(world: World) -> dict[str, t.Any]:
    folder = f"<filesystem><source dir='{world.victim.parent}'/><target dir='x'/></filesystem>"
    return entry("new", document("new", folder))


@pytest.mark.parametrize(
    "use",
    [using_symlink, using_volume, using_base, using_kernel, using_folder],
    ids=lambda use: use.__name__,
)
def test_entries_of_a_list_keep_what_others_are_to_use(
    world: World, use: t.Callable[[World], dict[str, t.Any]], counts: t.Counter[str]
) -> None:
    counts["uses by other entries of a list"] += 1
    world.fill()
    those = [use(world), removing(world)]
    digest, files = world.digest(), {path.name for path in IMAGES.iterdir()}
    for check in (True, False):
        result = task_of(domains, check, domains=those)
        assert result.failed, result.values
        assert "victim.img" in result.msg
        assert world.digest() == digest
        assert {path.name for path in IMAGES.iterdir()} == files
        assert "new" not in world.hypervisor.names()


def test_no_volume_is_made_for_two_entries(world: World) -> None:
    (world.folder / "images").symlink_to(IMAGES)
    paths = (IMAGES / "one.img", world.folder / "images" / "one.img")
    those = [
        {**OPTIONS, "name": name, "disks": [{"path": str(path), "size": 0.01, "format": "raw"}]}
        for name, path in zip(("a", "b"), paths)
    ]
    result = task_of(domains, domains=those)
    assert result.failed
    assert "would be created for a and for b; nothing was done" in result.msg
    assert not list(IMAGES.iterdir())
    assert not world.hypervisor.names()


@pytest.mark.parametrize("shared", ["", "shareable", "readonly", "device=cdrom"])
def test_one_disk_of_the_defaults_is_of_one_domain(world: World, shared: str) -> None:
    world.fill()
    said = f"path={world.victim}{',' if shared else ''}{shared}"
    said = said if "=cdrom" in shared or not shared else f"{said}=yes"
    defaults = {**OPTIONS, "disks": [said]}
    result = task_of(domains, domains=[{"name": "a"}, {"name": "b"}], defaults=defaults)
    if shared:
        assert not result.failed, result.msg
        assert world.hypervisor.names() == {"a", "b"}
    else:
        assert "would be a disk of a and of b, and both would write to it" in result.msg
        assert not world.hypervisor.names()


# What is no NVRAM isn't deleted as one, and what nobody else has is.


def test_a_disk_that_is_called_nvram_stays(world: World) -> None:
    world.content = bytes(range(256)) * (SIZE // 256)
    world.fill()
    options = removing_nvram(world)
    for check in (True, False):
        result = task_of(domain_xml, check, True, **options)
        assert result.changed
        assert "no variables of a firmware" in str(result.values["warnings"])
        assert f" nvram {world.victim}: {SIZE} bytes (kept)" in shown(result)
    assert world.victim.read_bytes() == world.content


def test_what_is_deleted_is_in_the_diff(world: World) -> None:
    world.fill()
    image(IMAGES / "a.qcow2")
    image(IMAGES / "b.qcow2")
    image(IMAGES / "c.qcow2", "-b", str(IMAGES / "b.qcow2"), "-F", "qcow2")
    disks = disk(IMAGES / "a.qcow2", "qcow2") + disk(IMAGES / "b.qcow2", "qcow2", "vdb")
    text = document("mine", disks, nvram(world.victim), ACPI)
    world.hypervisor.define(text)
    options: dict[str, t.Any] = {"name": "mine", "state": "absent", "remove_volumes": "all"}
    diffs = []
    for check in (True, False):
        result = task_of(domain_xml, check, True, **options)
        assert result.changed, result.msg
        diffs.append(shown(result))
        assert f"-nvram {world.victim}: {SIZE} bytes (deleted)" in diffs[-1]
        assert f"-volume {IMAGES}/a.qcow2: 1 MiB (deleted)" in diffs[-1]
        kept = f" disk vdb: {IMAGES}/b.qcow2, because it is the backing file of {IMAGES}/c.qcow2"
        assert f"{kept} (kept)" in diffs[-1]
        paths = [change["path"] for change in result.values["changes"]]
        assert f"volume {IMAGES}/a.qcow2" in paths
    assert diffs[0] == diffs[1]
    assert {path.name for path in IMAGES.iterdir()} == {"b.qcow2", "c.qcow2"}
    assert not task_of(domain_xml, **options).changed


def test_a_guest_that_is_stopped_is_in_the_diff(world: World) -> None:
    world.hypervisor.define(document("mine"))
    world.hypervisor.raw.lookupByName("mine").create()
    options: dict[str, t.Any] = {
        "name": "mine",
        "state": "absent",
        "shutdown": {"method": [], "force": True},
    }
    for check in (True, False):
        assert "-state: running\n" in shown(task_of(domain_xml, check, True, **options))


def test_what_a_snapshot_would_lose_is_told(world: World) -> None:
    image(IMAGES / "base.qcow2")
    world.hypervisor.define(document("mine", disk(IMAGES / "base.qcow2", "qcow2")))
    world.hypervisor.raw.lookupByName("mine").snapshotCreateXML(
        f"<domainsnapshot><name>s1</name><disks><disk name='vda'><source file='{IMAGES}/s1.qcow2'/>"
        "</disk></disks></domainsnapshot>",
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY,
    )
    options: dict[str, t.Any] = {"name": "mine", "state": "absent", "remove_volumes": ["vda"]}
    for check in (True, False):
        result = task_of(domain_xml, check, True, **options)
        assert result.changed, result.msg
        assert "what vda wrote since the snapshot s1" in str(result.values["warnings"])
        assert f"-volume {IMAGES}/s1.qcow2: 1 MiB (deleted)" in shown(result)
        assert f" disk vda: {IMAGES}/base.qcow2" in shown(result)
        assert "-snapshot s1: " in shown(result)
    assert {path.name for path in IMAGES.iterdir()} == {"base.qcow2"}


def test_what_was_made_for_cloud_init_goes_too(world: World) -> None:
    made = {
        **OPTIONS,
        "name": "new",
        "disks": [{"size": 0.01}],
        "state": "running",
        "cloud_init": {"root_password": "x"},
    }
    assert task_of(domain, **made).changed
    assert len(list(IMAGES.iterdir())) == 2
    going: dict[str, t.Any] = {
        "name": "new",
        "state": "absent",
        "remove_volumes": "all",
        "shutdown": {"method": [], "force": True},
    }
    result = task_of(domain, True, True, **going)
    assert "-volume /var/lib/libvirt/images/new-cloudinit.iso: " in shown(result)
    assert task_of(domain, **going).changed
    assert not list(IMAGES.iterdir())


def test_a_target_that_is_not_there_is_refused_before_anything_is_done(world: World) -> None:
    image(world.victim)
    mine(world)
    going: dict[str, t.Any] = {"name": "mine", "state": "absent", "remove_volumes": ["vda", "vdz"]}
    for check_mode in (True, False):
        result = task_of(domain_xml, check_mode, **going)
        assert "remove_volumes: there is no disk vdz; its disks are vda" in result.msg
        assert world.hypervisor.names() == {"mine"}
    assert world.victim.exists()
    # Of a domain that is gone nobody knows the disks.
    assert task_of(domain_xml, name="mine", state="absent").changed
    assert not task_of(domain_xml, **going).changed


def test_purge_keeps_snapshots_and_what_is_misspelt(world: World) -> None:
    image(IMAGES / "web-1.qcow2")
    world.hypervisor.define(document("web-1", disk(IMAGES / "web-1.qcow2", "qcow2")))
    purge: dict[str, t.Any] = {"purge": True, "purge_match": "web-*"}
    for name in (" web-1", "web-1\n", "web/1", "\tweb-1"):
        result = task_of(domains, domains=[{**OPTIONS, "name": name, "disks": "none"}], **purge)
        assert result.failed
        assert world.hypervisor.names() == {"web-1"}
    result = task_of(domains, domains=[], **purge)
    assert "purge_all" in result.msg
    assert world.hypervisor.names() == {"web-1"}
    world.hypervisor.raw.lookupByName("web-1").snapshotCreateXML(
        "<domainsnapshot><name>s1</name></domainsnapshot>", 0
    )
    result = task_of(domains, domains=[], purge_all=True, **purge)
    assert "libvirt would forget its snapshot s1" in result.msg
    assert world.hypervisor.names() == {"web-1"}
    world.hypervisor.raw.lookupByName("web-1").snapshotLookupByName("s1").delete(
        libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY
    )
    assert task_of(domains, domains=[], purge_all=True, **purge).changed
    assert not world.hypervisor.names()


def shown(result: Result) -> str:
    """The diffs of a result as a person sees them."""
    diffs = result.values["diff"]
    lines = []
    for one in diffs if isinstance(diffs, list) else [diffs]:
        before, after = one["before"].splitlines(), one["after"].splitlines()
        lines += list(difflib.unified_diff(before, after, n=99, lineterm=""))
        # A diff without changes has what stays.
        lines += [f" {line}" for line in before if before == after]
    return "\n".join(lines) + "\n"


# On a hypervisor of another host nothing but libvirt tells of its files.


def seem_to_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no connection be one to this host."""
    never = property(lambda _self: False, lambda _self, _is_local: None)
    monkeypatch.setattr(Connection, "is_local", never, raising=False)


@pytest.mark.parametrize(
    "use",
    [
        *(as_disk, by_volume, in_running_guest, in_snapshot, in_saved_state, as_backing_file),
        *(as_relative_backing_file, as_backing_file_of_json, as_backing_file_of_protocol),
        *(as_backing_file_of_backing_file, as_backing_file_of_no_domain, as_data_file),
        *(as_written_backing_store, as_kernel, as_nvram, as_nvdimm, as_shared_folder, as_cdrom),
        *(behind_nbd, by_unknown_pool, as_backing_file_outside_of_pools),
    ],
    ids=lambda use: use.__name__,
)
def test_nothing_is_lost_on_another_host(
    world: World,
    use: t.Callable[[World], str],
    monkeypatch: pytest.MonkeyPatch,
    counts: t.Counter[str],
) -> None:
    seem_to_be_elsewhere(monkeypatch)
    said, digest = prepared(world, HARMS["remove_volumes of domain_xml"], use)
    counts["ways to use a file of another host"] += 1
    result = task_of(domain_xml, **removing(world))
    assert result.failed, result.values
    assert said.partition(", which")[0] in result.msg
    assert world.digest() == digest


def test_what_is_free_on_another_host_is_removed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seem_to_be_elsewhere(monkeypatch)
    image(IMAGES / "a.qcow2")
    world.fill()
    assert task_of(domain_xml, **removing(world)).changed
    assert {path.name for path in IMAGES.iterdir()} == {"a.qcow2"}


def test_what_is_started_before_it_is_undefined_keeps_its_image(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing keeps others from it, and libvirt undefines a domain that runs all the same."""
    image(world.victim)
    world.hypervisor.define(document("mine", disk(world.victim, "qcow2")))
    undefine = libvirt.virDomain.undefineFlags

    def started_before(raw: t.Any, flags: int) -> None:
        raw.create()
        undefine(raw, flags)

    monkeypatch.setattr(libvirt.virDomain, "undefineFlags", started_before)
    options: dict[str, t.Any] = {"name": "mine", "state": "absent", "remove_volumes": ["vda"]}
    result = task_of(domain, **options)
    assert (result.failed, result.changed) == (True, True)
    assert f"nothing was deleted of {world.victim}; run the task again" in result.msg
    assert world.victim.exists()
    monkeypatch.undo()
    result = task_of(domain, shutdown={"method": [], "force": True}, **options)
    assert result.changed, result.msg
    assert not world.victim.exists()


@pytest.mark.parametrize("targets", ["vda", "all"])
def test_a_link_does_not_go_as_if_it_were_its_volume(world: World, targets: str) -> None:
    """libvirt deletes the link, and the data would stay."""
    world.victim = world.folder / "elsewhere.img"
    world.fill()
    link = IMAGES / "link.img"
    link.symlink_to(world.victim)
    world.hypervisor.define(document("mine", disk(link)))
    for check in (True, False):
        result = task_of(domain, check, True, name="mine", state="absent", remove_volumes=[targets])
        assert result.failed == (targets == "vda"), result.msg
        assert f"is a link to {world.victim}" in json.dumps(result.values)
        assert link.is_symlink()
        assert world.victim.exists()


def test_a_running_guest_goes_beside_others_of_a_list(world: World) -> None:
    """That it has its image open is no reason to keep that."""
    image(world.victim)
    world.hypervisor.define(document("mine", disk(world.victim, "qcow2")))
    world.hypervisor.raw.lookupByName("mine").create()
    removed = {
        "name": "mine",
        "state": "absent",
        "remove_volumes": ["vda"],
        "shutdown": {"method": [], "force": True},
    }
    those = [removed, {**OPTIONS, "name": "new", "disks": [{"size": 0.01}]}]
    for check in (True, False):
        result = task_of(domains, check, domains=those)
        assert not result.failed, result.msg
    assert not world.victim.exists()
    assert world.hypervisor.names() == {"new"}


def test_two_entries_have_no_nvram_in_common(world: World) -> None:
    shared = {**OPTIONS, "boot": {"uefi": True, "nvram": str(world.victim)}, "disks": "none"}
    for check in (True, False):
        result = task_of(domains, check, defaults=shared, domains=[{"name": "a"}, {"name": "b"}])
        assert result.failed, result.values
        assert f"{world.victim} would be the NVRAM of b, and a would write" in result.msg
        assert not world.hypervisor.names()
