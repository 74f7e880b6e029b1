# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real virt-clone is the judge: what it makes of a domain, and what it refuses.

:data:`CASES` has what virt-clone's own tests try (tests/test_cli.py of virt-manager), each with what is said
here for it, or why there is nothing to say.
"""

from __future__ import annotations

import re
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_clone
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .hypervisor import Hypervisor, task_of
from .test_domain_clone import (
    CLONE,
    IMAGES,
    NAME,
    NVRAM,
    OTHERS,
    disk,
    document,
    folders,
    make_image,
    make_pool,
)

__all__ = ["folders"]

pytestmark = pytest.mark.usefixtures("no_images", "folders")

_MAC = "52:54:00:cc:00:01"
_NIC = "<interface type='user'><mac address='52:54:00:aa:00:01'/><model type='virtio'/></interface>"
_LOADER = "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>"
#: Domains, and what of their clones is otherwise than virt-clone's, with the reason.
DOCUMENTS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "a disk and an interface": (disk(IMAGES / f"{NAME}.qcow2") + _NIC, ()),
    "a console with a port": ("<graphics type='vnc' port='5917' autoport='no'/>", ()),
    "a console with any port": ("<graphics type='spice' autoport='yes'/>", ()),
    "the agent's channel": (
        "<channel type='unix'><source mode='bind' path='/run/x/org.qemu.guest_agent.0'/>"
        "<target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
        (),
    ),
    "a channel that another program made a path for": (
        "<channel type='unix'><source mode='bind' path='/run/x/agent'/>"
        "<target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
        (("<source mode='bind' path='/run/x/agent'/>", "two guests can't listen at one socket"),),
    ),
    "a serial port that is a file": (
        f"<serial type='file'><source path='{OTHERS}/{NAME}.log'/></serial>",
        ((f"{OTHERS}/{NAME}.log", "two guests can't write one file"),),
    ),
    "many small devices": (
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
        "<watchdog model='i6300esb' action='reset'/><sound model='ich9'/>"
        "<input type='tablet' bus='usb'/><memballoon model='virtio'/>",
        (),
    ),
}


def virt_clone(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["virt-clone", "--connect", "qemu:///system", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def plain(text: str, *removed: str) -> str:
    """A definition without what differs between any two clones."""
    for pattern in (r" *<uuid>.*</uuid>\n", r" *<metadata>.*?</metadata>\n", *removed):
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    return serialise(parse(text))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_clone_is_that_of_virt_clone(hypervisor: Hypervisor, name: str) -> None:
    devices, differing = DOCUMENTS[name]
    make_image(IMAGES / f"{NAME}.qcow2")
    hypervisor.define(document(devices, "<title>Origin</title><description>d</description>"))
    macs = ["--mac", _MAC] if "<interface" in devices else []
    printed = virt_clone("-o", NAME, "-n", CLONE, "--auto-clone", "--print-xml", *macs)
    assert printed.returncode == 0, printed.stderr
    theirs = hypervisor.raw.defineXML(printed.stdout).XMLDesc(3)
    hypervisor.undefine(CLONE)
    done = task_of(domain_clone, name=NAME, clone=CLONE, macs=[_MAC] if macs else [])
    assert not done.failed, done.msg
    ours = hypervisor.definition(CLONE)
    for words, _reason in differing:
        # Each difference is one, or its row says something that isn't so.
        assert words in theirs
        assert words not in ours
    if not differing:
        assert plain(ours) == plain(theirs)


class Case(t.NamedTuple):
    """What virt-clone's tests try; ``options`` are those of the task, ``error`` words of its error.

    Without options, ``why`` is the reason.
    """

    what: str
    options: dict[str, t.Any] | None = None
    error: str | None = None
    why: str = ""
    source: str = "one"


_READY = str(OTHERS / "ready.qcow2")
_NO_PROMPT = "a task asks nothing"


def _one(**more: str) -> dict[str, t.Any]:
    return {"disks": [{"target": "vda", **more}]}


CASES = (
    # On another host.
    Case("no storage, all names chosen", {}, source="none"),
    Case("a disk in a pool, all names chosen", {}),
    Case(
        "a disk in no pool on another host, twice",
        why="test_domain_clone has one on this host; a remote host needs a pool",
    ),
    # Whole command lines.
    Case("many devices, all names chosen", {}, source="many"),
    Case("only the name is given", {"clone": "newvm"}),
    Case("NVRAM, all names chosen", {}, source="nvram"),
    Case("NVRAM at a path", {"nvram_path": str(OTHERS / "my.fd")}, source="nvram"),
    Case("NVRAM in a pool that virt-clone makes", {}, source="nvram"),
    Case("NVRAM that is not there", {}, source="nvram missing"),
    Case(
        "NVRAM that is not there, disks preserved",
        _one(mode="preserve", path=_READY),
        source="nvram missing",
    ),
    Case(
        "names, UUID and MAC addresses given, a disk shared and a drive copied",
        {
            "macs": ["12:34:56:1a:b2:c3"],
            "uuid": "12345678-12f4-1234-1234-123456789afa",
            "disks": [
                {"target": "vda", "path": str(IMAGES / "newclone1.img")},
                {"target": "vdb", "mode": "share"},
                {"target": "sdb", "mode": "copy", "path": str(OTHERS / "newclone3.img")},
            ],
        },
        source="many",
    ),
    Case("the same twice", why="three runs of each task are what all tests do"),
    Case("no storage, the document printed", {}, source="none"),
    Case("a disk into another pool", _one(path=str(OTHERS / "foo.img"))),
    Case("a disk in a pool, compared", {}),
    Case("a disk in no pool, compared", {}, source="no pool"),
    Case("all of a copy allocated", {"sparse": False}),
    Case("a volume preserved", _one(mode="preserve", path=_READY)),
    Case(
        "existing files overwritten with path_exists=off",
        _one(path=_READY),
        "ready.qcow2 is there already",
        why="no check can be switched off: nothing is overwritten",
    ),
    Case(
        "a MAC address that is taken, with all checks off",
        {"macs": ["52:54:00:aa:00:01"]},
        "is the MAC address of another interface",
        why="no check can be switched off",
        source="many",
    ),
    Case(
        "a MAC address that is taken",
        {"macs": ["52:54:00:aa:00:01"]},
        "is the MAC address of another",
        source="many",
    ),
    Case("nothing but that names are chosen", why="the option name is required by Ansible"),
    Case("a file without a name", why="the clone is called after its source then"),
    Case("a name that is taken", {"clone": "taken"}, "there is a domain 'taken' already"),
    Case("a source that runs", {}, "is running", source="running"),
    Case("a file that is there", _one(path=_READY), "ready.qcow2 is there already"),
    Case(
        "a volume that is there, with all checks off",
        _one(path=_READY),
        "ready.qcow2 is there already",
    ),
    Case("too little room", why="test_there_is_too_little_room of test_domain_clone"),
    Case(
        "a disk by HTTP",
        {},
        "it is of the type network, which libvirt can't copy",
        source="network",
    ),
    Case("a disk of Ceph in no pool", {}, "it is of the type network", source="network"),
    Case("a disk of Ceph", {}, "it is of the type network", source="network"),
    # With a name.
    Case("replace, where nothing is replaced", why="no option replaces a domain"),
    Case(
        "files for a domain without disks",
        _one(path=_READY),
        "the domain has no disk vda",
        source="none",
    ),
    Case("the same, and prompts", why=_NO_PROMPT),
    Case(
        "two files for two disks",
        {
            "disks": [
                {"target": "vda", "path": str(OTHERS / "1.img")},
                {"target": "vdb", "path": str(OTHERS / "2.img")},
            ]
        },
        source="many",
    ),
    Case(
        "one file, and one disk shared",
        {
            "disks": [
                {"target": "vda", "path": str(OTHERS / "1.img")},
                {"target": "vdb", "mode": "share"},
            ]
        },
        source="many",
    ),
    Case(
        "volumes preserved for a disk, and one copied",
        {"disks": [{"target": "vda", "mode": "preserve", "path": _READY}]},
        source="many",
    ),
    Case("a read-only drive copied", {"disks": [{"target": "sdb", "mode": "copy"}]}, source="many"),
    Case(
        "an empty drive copied",
        {"disks": [{"target": "sdc", "mode": "copy"}]},
        "it has no image",
        why="there is nothing to copy",
        source="many",
    ),
    Case("a volume at a path in its pool", _one(path=str(IMAGES / "new.img"))),
    Case(
        "the same with reflink",
        {"reflink": True},
        "libvirt failed to copy",
        why="only XFS and Btrfs can, and the tests have neither",
    ),
    Case(
        "a volume preserved for an image that is not there",
        _one(mode="preserve", path=_READY),
        source="missing",
    ),
    Case(
        "replace a domain that runs",
        {"clone": "taken"},
        "there is a domain 'taken' already",
        why="no domain goes for another one",
    ),
    Case(
        "an empty floppy drive copied",
        {"disks": [{"target": "sdc", "mode": "copy"}]},
        "it has no image",
        source="many",
    ),
    Case("an argument without an option", why="Ansible refuses unknown options"),
    Case("a source that is not there", {"name": "idontexist"}, "there is no domain 'idontexist'"),
    Case(
        "the same, all names chosen",
        {"name": "idontexist", "clone": None},
        "there is no domain 'idontexist'",
    ),
    Case(
        "a name that is taken, without disks",
        {"clone": "taken"},
        "there is a domain 'taken' already",
        source="none",
    ),
    Case(
        "several disks without files",
        {},
        source="many",
        why="names follow from the clone's, so that nothing has to be given",
    ),
    Case(
        "a file that is there, for one of several disks",
        _one(path=_READY),
        "ready.qcow2 is there already",
        source="many",
    ),
    Case(
        "a volume into another pool, which the test driver can't",
        _one(path=str(OTHERS / "clonevol")),
    ),
    Case("an image that is not there", {}, "is not there; mount the storage", source="missing"),
)


def _source(name: str) -> str:
    drive = "<disk type='file' device='cdrom'>{}<target dev='{}' bus='sata'/><readonly/></disk>"
    image = IMAGES / f"{NAME}.qcow2"
    variables = NVRAM / (f"{NAME}_VARS.fd" if name == "nvram" else "missing_VARS.fd")
    firmware = document(
        disk(image),
        "<features><acpi/></features>",
        system=f"{_LOADER}<nvram>{variables}</nvram>",
    )
    return {
        "none": document(""),
        "one": document(disk(image)),
        "running": document(disk(image)),
        "no pool": document(disk(OTHERS / f"{NAME}.qcow2")),
        "missing": document(disk(IMAGES / "missing.qcow2")),
        "nvram": firmware,
        "nvram missing": firmware,
        "network": document(
            "<disk type='network' device='disk'><driver name='qemu' type='raw'/>"
            "<source protocol='nbd' name='x'><host name='192.0.2.1'/></source>"
            "<target dev='vda' bus='virtio'/></disk>"
        ),
        "many": document(
            disk(image)
            + disk(OTHERS / f"{NAME}.qcow2", "vdb")
            + drive.format(f"<source file='{OTHERS}/medium.iso'/>", "sdb")
            + drive.format("", "sdc")
            + _NIC
            + "<graphics type='vnc' port='5917' autoport='no'/>"
        ),
    }[name]


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_what_virt_clones_own_tests_try(hypervisor: Hypervisor, case: Case) -> None:
    if case.options is None:
        assert case.why
        return
    make_pool(hypervisor, "others", OTHERS)
    for path in (IMAGES / f"{NAME}.qcow2", OTHERS / f"{NAME}.qcow2", OTHERS / "ready.qcow2"):
        make_image(path)
    if case.source == "no pool":
        hypervisor.raw.storagePoolLookupByName("others").destroy()
        hypervisor.raw.storagePoolLookupByName("others").undefine()
    make_image(OTHERS / "medium.iso", "raw")
    NVRAM.mkdir(parents=True, exist_ok=True)
    (NVRAM / f"{NAME}_VARS.fd").write_bytes(bytes(1000))
    hypervisor.define(_source(case.source))
    hypervisor.define(document("", name="taken"))
    if case.source == "running":
        hypervisor.raw.lookupByName(NAME).create()
    options = {"name": NAME, "clone": CLONE, **case.options}
    foreseen = task_of(domain_clone, check=True, **options)
    done = task_of(domain_clone, **options)
    if case.error is None:
        assert not done.failed, done.msg
        assert foreseen.values["changes"] == done.values["changes"]
        assert not task_of(domain_clone, **options).changed
        return
    assert done.failed
    assert case.error in done.msg
    assert hypervisor.names() == {NAME, "taken"}
    left = {path.name for path in IMAGES.iterdir()}
    assert left == {f"{NAME}.qcow2"}
    if "reflink" not in options:
        assert foreseen.msg == done.msg
