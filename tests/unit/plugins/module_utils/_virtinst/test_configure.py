# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst import (
    disk_source,
    install,
    naming,
    resources,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.configure import (
    base,
    clock,
    configure,
    console,
    cpu,
    devices_known,
    disks,
    features,
    machine,
    pcie,
    uefi,
    usb,
    vcpus,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.disk import Disk
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.storage_request import (
    StorageRequest,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import (
    Existing,
    NewVolume,
    Pool,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from . import hosts

X86 = "<domain type='qemu'><os><type arch='x86_64'>hvm</type></os></domain>"
Q35 = "<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>"
FIRMWARE = (
    "<firmware arch='x86_64' type='efi'/><firmware arch='x86_64' type='bios' supported='{}'/>"
)


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ((), "pc"),
        (devices_known.CHIPSET_Q35, "q35"),
        ((*devices_known.CHIPSET_Q35, "http://pcisig.com/pci/1af4/1000"), "pc"),
        ((*devices_known.CHIPSET_Q35, *devices_known.VIRTIO_NET), "q35"),
    ],
)
def test_machine(devices: tuple[str, ...], expected: str) -> None:
    guest = hosts.guest(X86, runs=hosts.system(*devices))
    machine.configure(guest)
    assert guest.machine == expected


def test_what_is_open_comes_from_the_capabilities() -> None:
    guest = hosts.guest("<domain><os><type arch='aarch64'/></os></domain>")
    base.configure(guest)
    assert (guest.virt_type, guest.os_type, guest.machine) == ("qemu", "hvm", "virt")
    assert guest.emulator == "/usr/bin/qemu-system-aarch64"


TEST_CAPABILITIES = """
<capabilities>
  <host><cpu><arch>i686</arch></cpu></host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='i686'><emulator>/usr/bin/test-hv</emulator><domain type='test'/></arch>
    <features><pae/></features>
  </guest>
</capabilities>
"""
USB2 = ["ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3"]


@pytest.mark.parametrize(
    ("driver", "devices", "expected"),
    [
        ("qemu", devices_known.QEMU_XHCI, ["qemu-xhci"]),
        ("qemu", (), USB2),
        # It has no version, and USB 3 came with one of QEMU.
        ("test", devices_known.QEMU_XHCI, USB2),
        ("xen", devices_known.QEMU_XHCI, []),
    ],
)
def test_usb_controllers(driver: str, devices: tuple[str, ...], expected: list[str]) -> None:
    guest = hosts.guest(X86, driver=driver, runs=hosts.system(*devices))
    usb.add(guest)
    assert [device.get("model") for device in guest.devices("controller")] == expected


@pytest.mark.parametrize(
    ("os_type", "expected"), [("hvm", False), ("xen", True), ("linux", True), ("xenpvh", True)]
)
def test_what_xen_paravirtualises(os_type: str, expected: bool) -> None:
    guest = hosts.guest(f"<domain><os><type>{os_type}</type></os></domain>", driver="xen")
    assert guest.is_xen_pv is expected


def test_the_test_driver_gets_what_comes_with_spice() -> None:
    guest = hosts.guest(
        driver="test", capabilities=TEST_CAPABILITIES, domain_capabilities="<domainCapabilities/>"
    )
    base.configure(guest)
    configure(guest)
    assert guest.get("devices/graphics/@type") == "spice"
    assert guest.get("devices/video/model/@type") == "qxl"
    assert guest.get("features/vmport/@state") == "off"
    assert [device.get("type") for device in guest.devices("redirdev")] == ["spicevmc"] * 2


BHYVE = """
<domainCapabilities><os><loader>
  <value>/firmware/BHYVE_CSM.fd</value><value>/firmware/BHYVE_UEFI.fd</value>
  <enum name='readonly'><value>yes</value></enum>
</loader></os></domainCapabilities>
"""


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        (BHYVE, "/firmware/BHYVE_UEFI.fd"),
        (BHYVE.replace("BHYVE_UEFI", "OTHER"), "/firmware/BHYVE_CSM.fd"),
    ],
)
def test_bhyve_boots_by_uefi(capabilities: str, expected: str) -> None:
    guest = hosts.guest(X86, driver="bhyve", domain_capabilities=capabilities)
    uefi.configure(guest)
    assert (guest.get("os/loader"), guest.get("os/loader/@type")) == (expected, "pflash")


def test_the_console_of_bhyve_is_the_same_each_time() -> None:
    ends = []
    for name in ("a", "a", "b"):
        guest = hosts.guest(f"<domain><name>{name}</name></domain>", driver="bhyve")
        console.add(guest)
        assert guest.get("devices/console/@type") == "nmdm"
        ends.append(
            (
                guest.get("devices/console/source/@master"),
                guest.get("devices/console/source/@slave"),
            )
        )
    assert ends[0] == ends[1] != ends[2]
    assert [end[-1:] for end in ends[0] if end] == ["A", "B"]


@pytest.mark.parametrize(
    ("driver", "expected"),
    [
        ("qemu", {"name": "qemu", "type": "raw"}),
        ("xen", {"name": "qemu", "type": "raw"}),
        ("test", None),
    ],
)
def test_the_driver_of_a_seed(driver: str, expected: dict[str, str] | None) -> None:
    guest = hosts.guest(X86, driver=driver)
    drive = install.add_seed(guest, "/images/seed.iso")
    assert drive is not None
    found = drive.child("driver")
    assert (found and found.attributes) == expected


@pytest.mark.parametrize(
    ("topology", "number", "expected"),
    [
        ("", None, ("3", None)),
        (
            "<topology sockets='2'/>",
            "8",
            ("8", {"sockets": "2", "dies": "1", "cores": "4", "threads": "1"}),
        ),
        (
            "<topology cores='4' threads='2'/>",
            None,
            ("8", {"sockets": "1", "dies": "1", "cores": "4", "threads": "2"}),
        ),
    ],
)
def test_vcpus(
    topology: str, number: str | None, expected: tuple[str, dict[str, str] | None]
) -> None:
    guest = hosts.guest(f"<domain><cpu>{topology}</cpu></domain>")
    guest.set("vcpu", number)
    vcpus.configure(guest, 3)
    found = guest.root.find("cpu/topology")
    assert (guest.get("vcpu"), found and found.attributes) == expected


def test_vcpus_that_contradict_the_topology() -> None:
    guest = hosts.guest("<domain><vcpu>5</vcpu><cpu><topology sockets='2'/></cpu></domain>")
    with pytest.raises(OptionError, match="does not make 5 vcpus"):
        vcpus.configure(guest)


@pytest.mark.parametrize(("bios", "expected"), [("false", "efi"), ("true", None)])
def test_uefi_is_for_what_can_do_nothing_else(bios: str, expected: str | None) -> None:
    guest = hosts.guest(X86, runs=hosts.system(more=FIRMWARE.format(bios)))
    uefi.configure(guest)
    assert guest.get("os/@firmware") == expected


def test_uefi_that_the_host_lacks() -> None:
    needed = hosts.system(more=FIRMWARE.format("false"))
    guest = hosts.guest(X86, runs=needed, domain_capabilities="<domainCapabilities/>")
    uefi.configure(guest)
    assert guest.notes == ["this version of libvirt does not support UEFI; the guest may not boot"]
    guest.wants_uefi = True
    with pytest.raises(OptionError, match="does not support UEFI"):
        uefi.configure(guest)


def test_secure_boot_needs_q35() -> None:
    loader = (
        "<domainCapabilities><os><loader supported='yes'><value>/fw/OVMF_CODE.secboot.fd</value>"
        "<enum name='readonly'><value>yes</value></enum></loader></os></domainCapabilities>"
    )
    guest = hosts.guest(X86, domain_capabilities=loader)
    guest.wants_uefi = True
    uefi.configure(guest)
    assert guest.is_q35
    assert guest.get("os/loader") == "/fw/OVMF_CODE.secboot.fd"
    assert guest.get("os/loader/@secure") == "yes"
    assert guest.get("features/smm/@state") == "on"


def test_windows_gets_its_own_clock_and_features() -> None:
    guest = hosts.guest(Q35, runs=hosts.system(more="<family>winnt</family>"))
    clock.configure(guest)
    features.configure(guest)
    assert guest.get("clock/@offset") == "localtime"
    timers = [timer.get("name") for timer in guest.root.findall("clock/timer")]
    assert timers == ["rtc", "pit", "hpet", "hypervclock"]
    older = hosts.guest(Q35, runs=hosts.system(more="<family>winnt</family>"))
    older.version = "4.1"
    features.configure(older)
    assert older.get("features/hyperv/spinlocks/@retries") == "8191"


def test_a_feature_that_was_switched_off_stays_off() -> None:
    guest = hosts.guest(Q35)
    guest.unwanted_features.add("apic")
    features.configure(guest)
    assert guest.has("features/acpi")
    assert not guest.has("features/apic")


def test_cpu() -> None:
    guest = hosts.guest(Q35)
    cpu.configure(guest)
    assert guest.get("cpu/@mode") == "host-passthrough"
    emulated = hosts.guest(X86)
    cpu.configure(emulated)
    assert not emulated.has("cpu")
    named = hosts.guest(Q35)
    cpu.set_model(named, "Skylake-Client")
    assert named.get("cpu/model") == "Skylake-Client"
    assert named.get("cpu/feature/@name") == "ssbd"


def test_ports_are_for_pcie_only() -> None:
    for document, expected in ((Q35, 15), (X86, 0)):
        guest = hosts.guest(document)
        pcie.add(guest)
        assert len(guest.devices("controller")) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "a"), (26, "z"), (27, "aa"), (52, "az"), (703, "aaa")]
)
def test_letters(number: int, expected: str) -> None:
    assert disks.letters(number) == expected


def test_targets_go_on_after_those_that_were_given() -> None:
    guest = hosts.guest(Q35)
    for target in (None, "vdb", None):
        disk = guest.add_device(Disk("disk", {"type": "nvme"}))
        disk.children.append(Element("target", {"bus": "virtio"}))
        if target is not None:
            disk.children[0].attributes["dev"] = target
    disks.configure(guest)
    assert [disk.value("target/@dev") for disk in guest.devices("disk")] == ["vdc", "vdb", "vdd"]


def test_a_bus_that_is_full() -> None:
    guest = hosts.guest(X86)
    for _number in range(5):
        guest.add_device(
            Element("disk", {"type": "nvme"}, children=[Element("target", {"bus": "ide"})])
        )
    with pytest.raises(OptionError, match="the bus ide can have 4 disks at most"):
        disks.configure(guest)


@pytest.mark.parametrize(
    ("pool", "source"),
    [
        (
            Pool("far", "rbd", None, True, 2**40, frozenset(), (("h", "6789"),), "images"),
            "<source protocol='rbd' name='images/web'><host name='h' port='6789'/></source>",
        ),
        (
            Pool("far", "gluster", None, True, 2**40, frozenset(), (("h", None),), "vol", "/dir"),
            "<source protocol='gluster' name='vol/dir/web'><host name='h'/></source>",
        ),
    ],
)
def test_a_new_volume_of_a_network_pool_is_the_source(pool: Pool, source: str) -> None:
    guest = hosts.guest("<domain><name>web</name></domain>", storage=hosts.Storage(pool=pool))
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(pool="far", size=1))
    assert disk.get("type") == "network"
    (made,) = disk.all("source")
    assert serialise(made, indent=None) == source


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (
            "iscsi://Store.example:3260/iqn.2020-01.org.example%3Aa/1",
            "<source protocol='iscsi' name='iqn.2020-01.org.example:a/1'>"
            "<host name='Store.example' port='3260'/></source>",
        ),
        (
            "https://me@[::1]/a%20b?c=d%26e",
            "<source protocol='https' name='a b' query='c=d%26e'><host name='::1'/></source>",
        ),
        (
            "nbd://[FE80::1%Eth0]:10809/a",
            "<source protocol='nbd' name='a'><host name='FE80::1%Eth0' port='10809'/></source>",
        ),
        (
            "nbd+unix:///run/a%20b",
            "<source protocol='nbd'><host transport='unix' socket='/run/a b'/></source>",
        ),
    ],
)
def test_a_disk_on_a_server(url: str, source: str) -> None:
    guest = hosts.guest("<domain><name>web</name></domain>")
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(path=url))
    assert disk.get("type") == "network"
    assert serialise(disk.all("source")[0], indent=None) == source


@pytest.mark.parametrize("url", ["nbd://me:se/cret@h/a", "nbd://me:secret@h\u2100/a"])
def test_a_url_that_can_not_be_read_is_not_quoted(url: str) -> None:
    guest = hosts.guest("<domain><name>web</name></domain>")
    disk = guest.add_device(Disk())
    with pytest.raises(OptionError) as caught:
        disk_source.connect(guest, disk, StorageRequest(path=url))
    assert str(caught.value) == "the URL can't be read; correct its host or its port"


def test_a_new_volume() -> None:
    guest = hosts.guest("<domain><name>web</name></domain>", storage=hosts.Storage("web.qcow2"))
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(size=2.5))
    volume = disk.storage
    assert isinstance(volume, NewVolume)
    assert (volume.path, volume.capacity, volume.allocation) == (
        "/images/web-1.qcow2",
        int(2.5 * hosts.GIB),
        0,
    )
    assert disk.value("source/@file") == "/images/web-1.qcow2"


@pytest.mark.parametrize(
    ("capacity", "is_empty", "name", "notes"),
    [(1, True, "web.qcow2", 0), (1, False, "web-1.qcow2", 1), (2, True, "web-1.qcow2", 1)],
)
def test_a_volume_that_is_left_over(capacity: int, is_empty: bool, name: str, notes: int) -> None:
    path = "/images/web.qcow2"
    left = Existing(path, "file", "qcow2", capacity * hosts.GIB)
    storage = hosts.Storage("web.qcow2", existing=[left], empty=[path] if is_empty else [])
    guest = hosts.guest("<domain><name>web</name></domain>", storage=storage)
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(size=1))
    volume = disk.storage
    assert isinstance(volume, NewVolume)
    assert (volume.name, volume.exists) == (name, name == "web.qcow2")
    assert len(volume.notes) == notes


@pytest.mark.parametrize(
    ("storage_request", "message"),
    [
        (StorageRequest(), "it has no storage"),
        (
            StorageRequest(path="/images/new.qcow2"),
            "does not exist in the pool default; give the path of an",
        ),
        (StorageRequest(path="/elsewhere/new.qcow2", size=1), "there is no directory"),
        (StorageRequest(pool="nowhere", size=1), "there is no storage pool nowhere"),
        (StorageRequest(size=-1), "size: a disk of -1 GiB can't be created; give its size in GiB"),
        (StorageRequest(size=float("nan")), "can't be created"),
        (StorageRequest(size=999999999), "more than a qcow2 image can have"),
    ],
)
def test_storage_that_can_not_be(storage_request: StorageRequest, message: str) -> None:
    guest = hosts.guest()
    disk = guest.add_device(Disk())
    with pytest.raises(OptionError, match=message):
        disk_source.connect(guest, disk, storage_request)
    assert disk.storage is None


def test_a_medium_that_is_not_there_is_not_made() -> None:
    guest = hosts.guest()
    drive = guest.add_device(Disk("disk", {"device": "cdrom"}))
    with pytest.raises(OptionError, match=r"new.iso does not exist in .*; correct its path"):
        disk_source.connect(guest, drive, StorageRequest(path="/images/new.iso"))


@pytest.mark.parametrize(
    ("sparse", "message"),
    [
        (None, "has 100.0 GiB left, .* give another pool, or sparse: true"),
        (False, "has 100.0 GiB left"),
    ],
)
def test_a_new_disk_has_to_fit_into_its_pool(sparse: bool | None, message: str) -> None:
    guest = hosts.guest()
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(size=500, sparse=sparse))
    with pytest.raises(OptionError, match=message):
        guest.accept_volumes([disk.storage])


def test_a_disk_may_outgrow_its_pool_if_that_is_said() -> None:
    guest = hosts.guest()
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(size=500, sparse=True))
    volume = disk.storage
    assert isinstance(volume, NewVolume)
    assert volume.capacity == 500 * hosts.GIB
    assert ["may grow to 500 GiB" in note for note in volume.notes] == [True]


def test_a_source_that_only_tells_how_it_is_treated_is_no_storage() -> None:
    guest = hosts.guest()
    disk = guest.add_device(Disk())
    disk.children.append(Element("source", {"startupPolicy": "optional"}))
    with pytest.raises(OptionError, match="it has no storage"):
        disk_source.connect(guest, disk, StorageRequest())
    disk_source.connect(guest, disk, StorageRequest(size=1))
    source = disk.child("source")
    assert source is not None
    assert source.attributes.keys() == {"startupPolicy", "file"}


def test_a_directory_is_read_as_fat() -> None:
    existing = Existing("/images/floppy", "dir", "dir")
    guest = hosts.guest(Q35, storage=hosts.Storage(existing=[existing]))
    disk = guest.add_device(Disk("disk", {"device": "floppy"}))
    disk_source.connect(guest, disk, StorageRequest(path=existing.path))
    disks.configure(guest)
    assert disk.value("source/@dir") == existing.path
    assert disk.value("driver/@type") == "fat"


def test_existing_storage_keeps_its_format() -> None:
    existing = Existing("/images/old.qcow2", "file", "qcow2")
    guest = hosts.guest(Q35, storage=hosts.Storage(existing=[existing]))
    disk = guest.add_device(Disk())
    disk_source.connect(guest, disk, StorageRequest(path=existing.path))
    disks.configure(guest)
    assert disk.value("driver/@type") == "qcow2"
    assert disk.value("driver/@discard") is None


def test_names() -> None:
    taken = {"some1", "some1-2", "vm1"}
    assert naming.default_name(hosts.guest(X86, domains=taken)) == "some1-3"
    generic = hosts.guest(X86, domains=taken, runs=hosts.system(short_id="generic"))
    assert naming.default_name(generic) == "vm2"
    unknown = hosts.guest(X86, runs=hosts.system(short_id="gentoo-unknown"))
    assert naming.default_name(unknown) == "gentoo"
    foreign = hosts.guest("<domain><os><type arch='aarch64'>hvm</type></os></domain>")
    assert naming.default_name(foreign) == "some1-aarch64"


def test_resources() -> None:
    more = (
        "<resources arch='all'><minimum><ram>1073741824</ram><storage>1073741824</storage></minimum>"
        "</resources><resources arch='x86_64'><recommended><n-cpus>2</n-cpus></recommended></resources>"
    )
    guest = hosts.guest(X86, runs=hosts.system(more=more))
    resources.configure_memory(guest)
    resources.configure_vcpus(guest)
    assert (guest.get("memory"), guest.get("currentMemory")) == ("2097152", "2097152")
    assert guest.get("vcpu") == "2"
    assert resources.default_disk_size(guest) == 2
    with pytest.raises(OptionError, match="give memory, in MiB"):
        resources.configure_memory(hosts.guest(X86))
    with pytest.raises(OptionError, match="disks: none"):
        resources.default_disk_size(hosts.guest(X86))
