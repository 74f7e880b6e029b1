# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options ask of a domain that exists."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import Database
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst import writing
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.existing import (
    domain_options,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.overlays import (
    DomainDisks,
    of_documents,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import Existing
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .hosts import Storage, host

_VIRTIO = ("1000", "1001", "1004", "1041", "1042", "1048")
_DATABASE = {
    "modern1": "".join(f'<device id="http://pcisig.com/pci/1af4/{item}"/>' for item in _VIRTIO),
    "old1": "",
}
CREATED: dict[str, t.Any] = {
    "name": "web",
    "osinfo": "modern1",
    "memory": 2048,
    "disk": [{"size": 5}],
    "network": [{"network": "default"}],
}


HOST = host()


@pytest.fixture(autouse=True)
def fixture_database(tmp_path: Path) -> None:
    for name, devices in _DATABASE.items():
        path = tmp_path / "os" / "example.org" / f"{name[:-1]}-1.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'<libosinfo><os id="http://example.org/{name[:-1]}/1"><short-id>{name}</short-id>'
            f"<devices>{devices}</devices></os></libosinfo>"
        )
    global HOST
    storage = Storage(existing=[Existing("/x.iso", "file", "raw")])
    HOST = host(storage=storage)._replace(osinfo=Database([str(tmp_path)]))


def existing(**options: t.Any) -> t.Any:
    result = domain_defaults(HOST, {**CREATED, **options})
    return writing.copied(parse(serialise(result.domain)))


def disks_of(document: t.Any) -> DomainDisks:
    def unknown() -> t.NoReturn:
        raise AssertionError("nothing has to be known of the images")

    return of_documents(document, None, unknown)


def changes(actual: t.Any, **options: t.Any) -> list[str]:
    """What the options change, as lines."""
    result = domain_options(HOST, {"name": "web", **options}, actual)
    # What libvirt would have added to its dump of the definition.
    filled_in = lines(parse("<domain><title>other</title></domain>"), actual)
    return [line for line in lines(result.domain, actual) if line not in filled_in]


def lines(document: t.Any, actual: t.Any) -> list[str]:
    plan = reconcile(document, actual, DOMAIN, MERGE)
    return [f"{change.op} {change.path} {change.after}" for change in plan.changes]


def test_what_created_it_changes_nothing() -> None:
    assert changes(existing(), **CREATED) == []


def test_a_disk_that_is_there_needs_no_room() -> None:
    actual = parse(serialise(domain_defaults(HOST, CREATED).domain))
    moved = {**CREATED, "disk": [{"size": 500}]}
    elsewhere = parse(serialise(actual).replace("/images/", "/elsewhere/"))
    assert domain_options(HOST, moved, elsewhere).volumes == ()
    with pytest.raises(OptionError, match="has 100"):
        domain_options(HOST, {**CREATED, "disk": [{"size": 5}, {"size": 500}]}, elsewhere)


def test_an_unknown_system_is_noted_when_it_is_made_and_not_again() -> None:
    generic = {**CREATED, "osinfo": "generic"}
    made = domain_defaults(HOST, generic)
    assert [note for note in made.notes if "nothing is known" in note]
    assert domain_options(HOST, generic, made.domain).notes == ()


def test_nothing_said_changes_nothing() -> None:
    result = domain_options(HOST, {"name": "web"}, existing())
    assert (result.domain.children, result.volumes) == ([], ())


def test_only_what_is_said_changes() -> None:
    assert changes(existing(), memory=4096) == [
        "modify /domain/memory 4194304 KiB",
        "modify /domain/currentMemory 4194304 KiB",
    ]


def test_no_default_of_another_system_is_enforced() -> None:
    """A domain without a single virtio device stays so."""
    actual = existing(osinfo="old1")
    assert changes(actual, memory=2048, disk=[{"size": 5}], network="default") == []


def test_a_disk_with_another_name_is_the_first_one() -> None:
    actual = parse(serialise(existing()).replace("/images/web.qcow2", "/elsewhere/web.snapshot"))
    result = domain_options(HOST, CREATED, actual)
    assert result.volumes == ()
    assert changes(actual, **CREATED) == []


def test_another_disk_is_added_with_its_defaults() -> None:
    actual = existing()
    result = domain_options(HOST, {**CREATED, "disk": [{"size": 5}, {"size": 7}]}, actual)
    assert [volume.name for volume in result.volumes] == ["web-1.qcow2"]
    disk = result.domain.findall("devices/disk")[1]
    assert disk.value("target/@dev") == "vdb"
    assert disk.value("driver/@type") == "qcow2"


@pytest.mark.parametrize("size", [5, 7])
def test_another_disk_is_known_by_its_target(size: int) -> None:
    """It needs no others beside it, and gets no image of theirs."""
    new = {"size": size, "target": {"dev": "vdb"}}
    result = domain_options(HOST, {"name": "web", "disk": new}, existing())
    assert [volume.path for volume in result.volumes] == ["/images/web-1.qcow2"]
    assert result.sizes == ()
    assert changes(existing(disk=[{"size": 5}, {"size": size}]), disk=new) == []


def test_a_scsi_disk_brings_its_controller_along() -> None:
    actual = existing()
    added = changes(actual, disk=[{"size": 5}, {"size": 7, "bus": "scsi"}])
    assert sorted(line.split()[1].partition("[")[0] for line in added) == [
        "/domain/devices/controller",
        "/domain/devices/disk",
    ]


def test_a_disk_that_is_there_is_named_by_its_target_alone() -> None:
    options: dict[str, t.Any] = {"disk": [{"target.dev": "vda", "cache": "none"}]}
    assert changes(existing(), **options) == [
        "add /domain/devices/disk[target/@dev='vda']/driver/@cache none"
    ]
    for target in ({"target.dev": "vdb"}, {}):
        with pytest.raises(OptionError, match="it has no storage"):
            changes(existing(), disk=[{**target, "cache": "none"}])
    with pytest.raises(OptionError, match="it has no storage"):
        domain_defaults(HOST, {**CREATED, **options})


def test_an_interface_moves_to_another_bridge() -> None:
    found = changes(existing(), network=[{"bridge": "br0"}])
    assert "modify /domain/devices/interface/@type bridge" in found
    assert not any(line.startswith("add /domain/devices/interface ") for line in found)


def test_a_medium_is_put_into_the_drive_that_is_there() -> None:
    actual = existing(disk=[{"size": 5}, {"device": "cdrom"}])
    found = changes(actual, disk=[{"size": 5}, {"device": "cdrom", "source.file": "/x.iso"}])
    assert ["/x.iso" in line for line in found if "source" in line] == [True]


@pytest.mark.parametrize("option", ["cdrom", "pxe"])
def test_how_it_was_installed_is_not_enforced(option: str) -> None:
    assert changes(existing(), **CREATED, **{option: True}) == []


INTERFACES = [{"network": "default", "mac": f"52:54:00:00:00:0{n}"} for n in range(3)]


def left(actual: t.Any, exclusive: t.Collection[str] = (), **options: t.Any) -> list[str]:
    """The MAC addresses of the interfaces that stay."""
    result = domain_options(HOST, {"name": "web", **options}, actual, exclusive)
    taken = result.taken(actual)
    plan = reconcile(result.domain, actual, DOMAIN, MERGE, taken=taken)
    removed = [change for change in plan.changes if change.op == "remove"]
    interfaces = actual.findall("devices/interface")
    assert len(removed) == len(
        [interface for interface in interfaces if id(interface) in taken.gone]
    )
    interfaces = plan.document.findall("devices/interface")
    return [interface.value("mac/@address") or "" for interface in interfaces]


@pytest.mark.parametrize(
    ("entries", "stay"),
    [
        ([{"mac": "52:54:00:00:00:01"}], "02"),
        (["mac=52:54:00:00:00:01"], "02"),
        ([{"network": "default"}], ""),
        ([{"network": "default", "mac": "52:54:00:00:00:00"}], "12"),
        ([{"network": "other"}], "012"),
        ([{"bridge": "br0"}], "012"),
        ([{"mac": "52:54:00:00:00:00"}, {"mac": "52:54:00:00:00:02"}], "1"),
    ],
)
def test_devices_that_are_to_be_absent(entries: list[t.Any], stay: str) -> None:
    values = [
        f"{entry},state=absent" if isinstance(entry, str) else {**entry, "state": "absent"}
        for entry in entries
    ]
    found = left(existing(network=INTERFACES), network=values)
    assert [address[-1] for address in found] == list(stay)


@pytest.mark.parametrize(
    ("listed", "stay"), [([], ""), ("none", ""), (INTERFACES[1:], "12"), (INTERFACES[:1], "0")]
)
def test_a_list_that_is_the_whole_truth(listed: t.Any, stay: str) -> None:
    found = left(existing(network=INTERFACES), ["network"], network=listed)
    assert [address[-1] for address in found] == list(stay)


def test_a_disk_is_absent_by_its_target_or_its_path() -> None:
    actual = existing(disk=[{"size": 5}, {"size": 7}])
    first, second = actual.findall("devices/disk")
    path = second.value("source/@file")
    for entry, gone in (
        ({"target": "vda"}, [first]),
        ({"path": path}, [second]),
        ({"path": path, "target": "vda"}, []),
        ({"path": "/another"}, []),
    ):
        options = {"name": "web", "disk": [{**entry, "state": "absent"}]}
        taken = domain_options(HOST, options, actual).taken(actual)
        assert taken.gone == {id(disk) for disk in gone}


@pytest.mark.parametrize("name", ["passwd s3,port", "", "a b", "{urn:x}"])
def test_what_follows_an_at_sign_is_the_name_of_an_attribute(name: str) -> None:
    options = {"name": "web", "xml": f"./title/@{name}=1"}
    with pytest.raises(OptionError, match="no name of an attribute follows") as raised:
        domain_options(HOST, options, existing()).taken(existing())
    assert "s3" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "exclusive", "words"),
    [
        ({"network": [{"state": "absent"}]}, (), "doesn't name the device"),
        ({"network": ["default"]}, ("disk",), "names disk"),
        (
            {"network": ["default", {"network": "default", "state": "absent"}]},
            (),
            "^network: two entries of the list are about the same device, .*; leave one of them out",
        ),
    ],
)
def test_what_contradicts_itself(
    options: dict[str, t.Any], exclusive: tuple[str, ...], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        domain_options(HOST, {"name": "web", **options}, existing(), exclusive)


def test_the_sizes_that_are_said() -> None:
    actual = existing(disk=[{"size": 5}, {"size": 7}])
    result = domain_options(HOST, {"name": "web", "disk": [{"size": 6}, {"size": 7}]}, actual)
    sizes = [(size.disk.value("target/@dev"), size.capacity, size.is_new) for size in result.sizes]
    assert sizes == [("vda", 6 * 1024**3, False), ("vdb", 7 * 1024**3, False)]
    # What isn't said is no size, whatever the operating system's is.
    assert domain_options(HOST, {"name": "web"}, actual).sizes == ()


@pytest.mark.parametrize(
    ("disks", "exclusive", "doubts"),
    [
        ([{"size": 6}], (), ["no entry is about vdb"]),
        ([{"size": 6}], ("disk",), [None]),
        ([{"size": 6}, {"size": 6}], (), [None, None]),
        ([{"size": 6, "target": {"dev": "vdb"}}], (), [None]),
        ([{"size": 6}, {"size": 6, "target": {"dev": "vdb"}}], (), [None, None]),
        ([{"size": 6}, {"size": 6}, {"size": 6}], (), [None, None]),
    ],
)
def test_a_size_without_a_name_is_doubted_where_a_disk_is_left_out(
    disks: list[dict[str, t.Any]], exclusive: tuple[str, ...], doubts: list[str | None]
) -> None:
    actual = existing(disk=[{"size": 5}, {"size": 7}])
    sizes = domain_options(HOST, {"name": "web", "disk": disks}, actual, exclusive).sizes
    assert len(sizes) == len(doubts)
    for size, words in zip(sizes, doubts):
        assert (words is None) == (size.doubt is None)
        assert words is None or words in (size.doubt or "")


@pytest.mark.parametrize(
    ("name", "is_doubted"),
    [
        ("web.qcow2", False),
        ("web-3", False),
        ("web.snap", False),
        ("webs.qcow2", True),
        ("x", True),
    ],
)
def test_a_size_without_a_name_is_doubted_of_an_image_with_a_foreign_name(
    name: str, is_doubted: bool
) -> None:
    text = serialise(existing(disk=[{"size": 5}])).replace("/images/web.qcow2", f"/other/{name}")
    [size] = domain_options(HOST, {"name": "web", "disk": {"size": 6}}, parse(text)).sizes
    assert (size.doubt is not None) == is_doubted


def test_no_image_is_exchanged_for_a_new_one() -> None:
    disk = {"path": "/images/new.qcow2", "size": 5, "target": {"dev": "vda"}}
    with pytest.raises(OptionError, match=r"vda has /images/web\.qcow2, which is not exchanged"):
        domain_options(HOST, {"name": "web", "disk": disk}, existing())


def test_a_missing_image_is_told_by_its_disk() -> None:
    with pytest.raises(OptionError, match=r"web\.qcow2, the image of vda, is not there; mount"):
        domain_options(HOST, {"name": "web", "disk": "/images/web.qcow2"}, existing())


def test_what_only_a_new_disk_gets_is_kept() -> None:
    storage = Storage("web.qcow2", existing=[Existing("/images/web.qcow2", "file", "qcow2")])
    host = HOST._replace(storage=storage)
    options = {**CREATED, "disk": [{"path": "/images/web.qcow2", "size": 5}]}
    made = domain_defaults(HOST, options).domain
    assert made.value("devices/disk/driver/@discard") == "unmap"
    assert serialise(domain_defaults(host, options, made, disks_of(made)).domain) == serialise(made)
    before = domain_defaults(host, options).domain
    assert before.value("devices/disk/driver/@discard") is None
    assert serialise(domain_defaults(host, options, before, disks_of(before)).domain) == serialise(
        before
    )


@pytest.mark.parametrize(
    ("before", "options", "removed"),
    [
        ({"features": {"pae": True}}, {"features": {"pae": False}}, ["features/pae"]),
        ({"features": {"pae": True}}, {"features": "pae=off"}, ["features/pae"]),
        (
            {"graphics": "vnc,keymap=de"},
            {"graphics": "vnc,keymap="},
            ["graphics[@type='vnc']/@keymap"],
        ),
        ({"graphics": "vnc"}, {"graphics": {"type": "none"}}, ["graphics[@type='vnc']"]),
        ({"watchdog": "i6300esb"}, {"watchdog": "none"}, ["devices/watchdog"]),
        ({"description": "one"}, {"description": ""}, ["domain/description"]),
        ({"memorybacking": "locked=on"}, {"memorybacking": "none"}, ["domain/memoryBacking"]),
        (
            {"disk": [{"size": 5, "perms": "sh"}]},
            {"disk": [{"target.dev": "vda", "perms": "ro"}]},
            ["shareable"],
        ),
        (
            {"iothreads": "iothreads=2,iothreadids.iothread0.id=4"},
            {"iothreads": "none"},
            ["domain/iothreads"],
        ),
        ({"qemu_commandline": "-s"}, {"qemu_commandline": "none"}, ["domain/qemu:commandline"]),
        (
            {"metadata": {"title": "one", "genid_enable": True}},
            {"metadata": "none"},
            ["domain/title", "domain/genid", "domain/metadata"],
        ),
        (
            {"input": "tablet,bus=virtio,model=virtio"},
            {"input": "tablet,bus=virtio,model="},
            ["input[@type='tablet'][@bus='virtio']/@model"],
        ),
        (
            {"disk": [{"size": 5}, {"path": "/x.iso", "device": "cdrom", "target.dev": "sda"}]},
            {"disk": {"path": "", "device": "cdrom", "target.dev": "sda"}},
            ["disk[target/@dev='sda']/source"],
        ),
        (
            {"serial": {"type": "udp", "bind_host": "h:4000", "host": "h:4001"}},
            {"serial": {"type": "udp", "bind_host": ""}},
            ["source[@mode='bind']"],
        ),
        ({"sysinfo": "bios.vendor=x"}, {"sysinfo": "none"}, ["domain/sysinfo", "os/smbios"]),
        ({"cpu": "EPYC"}, {"cpu": "host-passthrough"}, ["cpu/model", "cpu/@match"][:1]),
        ({"boot": "uefi"}, {"boot": "uefi=off"}, ["os/@firmware"]),
        ({"clock": "offset=utc"}, {"clock": "clearxml=yes,offset=utc"}, []),
        ({"graphics": "vnc"}, {"xpath": None}, []),
        ({"features": {"pae": True}}, {"features": {"pae": None}}, []),
    ],
)
def test_what_is_said_to_be_nothing_goes(
    before: dict[str, t.Any], options: dict[str, t.Any], removed: list[str]
) -> None:
    actual = existing(**before)
    result = domain_options(HOST, {"name": "web", **options}, actual)
    plan = reconcile(result.domain, actual, DOMAIN, MERGE, taken=result.taken(actual))
    found = [change.path for change in plan.changes if change.op == "remove"]
    for path in removed:
        assert any(path in change for change in found), found
    if not removed:
        assert [change for change in found if "timer" not in change] == []


@pytest.mark.parametrize(
    ("before", "group", "after"),
    [
        ({"features": {"pae": True, "acpi": False}}, "features", "none"),
        ({"clock": {"offset": "localtime", "pit_present": False}}, "clock", "none"),
        ({"pm": {"suspend_to_mem.enabled": True}}, "pm", "none"),
        ({"pm": {"suspend_to_mem.enabled": True}}, "pm", {"suspend_to_mem.enabled": ""}),
        ({"features": {"vmport.state": True}}, "features", {"vmport.state": ""}),
    ],
)
def test_nothing_of_what_has_a_default_is_the_default(
    before: dict[str, t.Any], group: str, after: t.Any
) -> None:
    spice = {"graphics": "spice"}
    actual, new = existing(**spice, **before), existing(**spice, **{group: after})
    assert changes(new, **{group: after}) == []
    result = domain_options(HOST, {"name": "web", group: after}, actual)
    plan = reconcile(result.domain, actual, DOMAIN, MERGE, taken=result.taken(actual))
    assert plan
    assert not reconcile(new, plan.document, DOMAIN).changes


@pytest.mark.parametrize("group", ["boot", "memory", "vcpus", "controller"])
def test_none_of_what_every_domain_has_is_refused(group: str) -> None:
    with pytest.raises(OptionError, match=f"{group}: every domain has some"):
        existing(**{group: "none"})
    with pytest.raises(OptionError, match=f"{group}: every domain has some"):
        changes(existing(), **{group: "none"})


def test_a_disk_is_never_without_an_image() -> None:
    actual = existing()
    result = domain_options(
        HOST, {"name": "web", "disk": {"path": "", "target.dev": "vda"}}, actual
    )
    with pytest.raises(OptionError, match="vda can't be without an image"):
        result.taken(actual)


def test_the_newest_machine_type_has_its_version() -> None:
    actual = existing()
    writing.write(actual, "os/type/@machine", "pc-q35-2.1")
    [change] = changes(actual, boot={"refresh-machine-type": True})
    assert change.startswith("modify /domain/os/type/@machine pc-q35-"), change


@pytest.mark.parametrize("name", ["target.name", "target.address", "target.model.name"])
def test_what_only_another_character_device_has_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match=f"console: {name}: only"):
        existing(console={"type": "pty", name: "one"})


def test_a_screen_has_a_card() -> None:
    with pytest.raises(OptionError, match="graphics: none"):
        existing(graphics="vnc", video="none")
    with pytest.raises(OptionError, match="graphics: none"):
        changes(existing(graphics="vnc"), video="none")
    found = changes(existing(graphics="vnc"), video="none", graphics="none")
    assert not any("add" in item for item in found), found


def test_another_model_of_a_video_keeps_its_heads() -> None:
    actual = existing(video="virtio,heads=3")
    found = changes(actual, video="qxl")
    assert any("model/@type qxl" in item for item in found), found
    assert not any("heads" in item for item in found), found


def test_none_beside_other_entries_means_nothing() -> None:
    actual = existing(graphics="vnc")
    options = {"name": "web", "graphics": ["none", "vnc"]}
    assert not domain_options(HOST, options, actual).taken(actual).gone
    assert domain_options(HOST, {**options, "graphics": "none"}, actual).taken(actual).gone


_SPICE: dict[str, t.Any] = {"graphics": "spice", "redirdev": "usb"}
_NO_CHANNEL = [{"type": "spicevmc", "state": "absent"}]


@pytest.mark.parametrize(
    ("options", "need"),
    [
        ({"graphics": "none"}, "channel, redirdev"),
        ({"graphics": "none", "redirdev": "none"}, "channel"),
        ({"graphics": "none", "channel": _NO_CHANNEL}, "redirdev"),
        ({"graphics": "none", "redirdev": "none", "channel": _NO_CHANNEL}, None),
        ({"graphics": {"type": "spice", "listen": "none"}, "exclusive": ["graphics"]}, None),
        ({"graphics": "vnc", "exclusive": ["graphics"]}, "channel, redirdev"),
        # Both are there then.
        ({"graphics": "vnc"}, None),
        ({"redirdev": "none"}, None),
    ],
)
def test_what_needs_spice_goes_with_it(options: dict[str, t.Any], need: str | None) -> None:
    actual = existing(**_SPICE)
    given = {"name": "web", **options}
    exclusive = given.pop("exclusive", ())
    result = domain_options(HOST, given, actual, exclusive)
    notes = [note for note in result.notes if "SPICE" in note]
    words = f"the last SPICE graphics goes, and with it what works with SPICE alone: {need}"
    assert notes == ([words] if need else [])
    left = result.taken(actual).document
    tags = [tag for tag in ("channel", "redirdev") if need and tag in need]
    assert not any(
        device.get("type") == "spicevmc"
        for tag in tags
        for device in left.findall(f"devices/{tag}")
    )


def test_none_takes_no_disk_away() -> None:
    actual = existing(disk=[{"size": 5}])
    with pytest.raises(OptionError, match="exclusive"):
        domain_options(HOST, {"name": "web", "disk": "none"}, actual)
    taken = domain_options(HOST, {"name": "web", "disk": "none"}, actual, ["disk"]).taken(actual)
    assert [id(item) for item in actual.findall("devices/disk")] == list(taken.gone)


def test_features_against_attacks_come_and_go() -> None:
    bare = existing(cpu={"model": "EPYC", "secure": False})
    [added] = changes(bare, cpu={"secure": True})
    assert "ssbd" in added
    hardened = existing(cpu="EPYC")
    assert changes(hardened, cpu={"secure": True}) == []
    result = domain_options(HOST, {"name": "web", "cpu": {"secure": False}}, hardened)
    plan = reconcile(result.domain, hardened, DOMAIN, MERGE, taken=result.taken(hardened))
    [gone] = [one for one in plan.changes if "/cpu/" in one.path]
    assert gone.op == "remove"
    assert "ssbd" in (gone.before or "")
    assert changes(existing(cpu="host-passthrough"), cpu={"secure": True}) == []


@pytest.mark.parametrize(
    ("requested", "numbers"),
    [
        (6, {1, 2, 3, 4, 5, 6}),
        (4, {1, 2, 3, 4}),
        (3, {1, 2, 3}),
        # Something is plugged into the second, and numbers have no gaps.
        (1, {1, 2}),
        # Then libvirt leaves a free one.
        (0, {1, 2, 3}),
    ],
)
def test_root_ports_come_and_go_as_far_as_nothing_is_plugged_in(
    requested: int, numbers: set[int]
) -> None:
    actual = existing(controller={"num_pcie_root_ports": 4})
    devices = actual.child("devices")
    assert devices is not None
    ports = [item for item in devices.all("controller") if item.get("type") == "pci"]
    devices.children = [*ports, *devices.all("interface")]
    for index, port in enumerate(ports):
        port.attributes["index"] = str(index)
    writing.write(actual, "devices/interface/address/@type", "pci")
    writing.write(actual, "devices/interface/address/@bus", "0x02")
    result = domain_options(
        HOST, {"name": "web", "controller": {"num_pcie_root_ports": requested}}, actual
    )
    document = reconcile(result.domain, actual, DOMAIN, MERGE, taken=result.taken(actual)).document
    assert {
        int(item.get("index") or 0)
        for item in document.findall("devices/controller")
        if item.get("model") == "pcie-root-port"
    } == numbers


@pytest.mark.parametrize(
    ("before", "options", "place"),
    [
        (
            {"filesystem": "source=/a,target=b,accessmode=mapped,readonly=yes"},
            {"filesystem": "clearxml=yes,source=/a,target=b,accessmode=mapped"},
            "filesystem[target/@dir='b']/readonly",
        ),
        (
            {"sound": "ich9,alias.name=ua-one"},
            {"sound": "ich9,xpath0.delete=./alias"},
            "sound/alias",
        ),
        (
            {"seclabel": "type=static,model=dac,label=+1:+1,relabel=no"},
            {"seclabel": "model=dac,xpath0.delete=./label"},
            "seclabel[@model='dac']/label",
        ),
    ],
)
def test_what_is_cleared_or_deleted_goes_alone(
    before: dict[str, t.Any], options: dict[str, t.Any], place: str
) -> None:
    actual = existing(**before)
    result = domain_options(HOST, {"name": "web", **options}, actual)
    plan = reconcile(result.domain, actual, DOMAIN, MERGE, taken=result.taken(actual))
    [group] = before
    found = [(item.op, item.path) for item in plan.changes if f"/{group}" in item.path]
    assert len(found) == 1, found
    assert found[0][0] == "remove"
    assert found[0][1].endswith(place), found


def test_no_cloud_init_is_none_of_a_domain_that_exists_too() -> None:
    assert changes(existing(), cloud_init="none") == []
