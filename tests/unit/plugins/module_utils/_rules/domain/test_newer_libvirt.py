# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirts from 9.1 to 12.8 write of a document, row by row, and what differs all the same."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.pending import (
    pending,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_DOMAIN = (
    "<domain type='qemu'><name>guest</name>{before}<os{firmware}>"
    "<type arch='{arch}' machine='{machine}'>hvm</type>{os}</os>"
    "<features><acpi/>{features}</features><devices>{devices}</devices></domain>"
)
_CODE = "/usr/share/OVMF/OVMF_CODE_4M"
_FLASH = "<loader readonly='yes' type='pflash'>{}</loader><nvram>/vars.fd</nvram>"
_FLASH_KEPT = (
    "<firmware><feature enabled='yes' name='secure-boot'/></firmware>"
    "<loader readonly='yes' secure='yes' type='pflash' format='raw'>{}</loader>"
    "<nvram template='/t.fd' templateFormat='raw' format='raw'>/vars.fd</nvram>"
)
_SECURE = "<loader readonly='yes' secure='yes' type='pflash'>{}</loader>"
_SMM = "<smm state='on'/>"
_EFI = " firmware='efi'"
_MANY = "<vcpu>256</vcpu>"
_FEW = "<vcpu>255</vcpu>"
_IOAPIC = "<ioapic driver='qemu'/>"
_IOMMU = "<iommu model='intel'><driver intremap='on' eim='on'/></iommu>"
_VIDEO = "<video><model type='virtio'{}/></video>"
_DRAWN = "<video><model type='virtio'{}><acceleration accel3d='yes'/></model></video>"
_DISK = "<disk type='file' device='{}'{}><target dev='sda' bus='{}'/></disk>"
_NVME = (
    "<disk type='file' device='disk'><target dev='nvme0n1' bus='nvme'/><serial>abc</serial>"
    "<address type='drive' controller='0' bus='0' target='0' unit='0'/></disk>"
)
_NVME_CONTROLLER = "<controller type='nvme' index='0'><serial>{}</serial></controller>"
_DRIVE = "<disk type='file' device='disk'>{}<target dev='vda' bus='virtio'{}/></disk>"
_NBD = (
    "<disk type='{}' device='disk'><source protocol='nbd'>"
    "<host name='h' port='10809'/>{}</source><target dev='vda' bus='virtio'/></disk>"
)
_LAYERS = (
    "<disk type='network' device='disk'><source protocol='rbd' name='p/i'>"
    "<encryption format='luks' engine='librbd'>{}</encryption></source>"
    "<target dev='vda' bus='virtio'/></disk>"
)
_SECRETS = tuple(
    f"<secret type='passphrase' uuid='2a5b2f0e-3d5a-4d0e-8d4c-6c3a7d5b9e1{number}'/>"
    for number in range(2)
)
_AT_BUS = "<iommu model='smmuv3'><driver pciBus='{}' ssidsize='{}'/></iommu>"
_THREADS = (
    "<controller type='scsi' index='0' model='virtio-scsi'><driver><iothreads>{}</iothreads>"
    "</driver></controller>"
)
_TUNED = "<vcpu>4</vcpu><cputune>{}</cputune>"
_ENERGY = "<energytune vcpus='{0}'><monitor vcpus='{0}'/></energytune>"
_HOST_NIC = (
    "<interface type='hostdev'><mac address='52:54:00:00:00:01'/><driver name='vfio'{}/>"
    "<source><address type='pci' domain='0' bus='1' slot='2' function='3'/></source></interface>"
)
_OF_HOST_NIC = "devices/interface[mac/@address='52:54:00:00:00:01'][@type='hostdev']"
_USB = (
    "<hostdev mode='subsystem' type='usb' managed='no'>{}<source><vendor id='0x1'/>"
    "<product id='0x2'/></source></hostdev>"
)
_OF_TPM = "devices/tpm[@model='tpm-crb']/backend"
_TPM = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'>{}</backend></tpm>"
_SOCKET = (
    "<channel type='unix'><source mode='bind' path='/tmp/channel/domain-other/a'{}/>"
    "<target type='virtio' name='a'/></channel>"
)
_VDS = (
    "<interface type='{}'><mac address='52:54:00:00:00:01'/>"
    "<source switchid='2a5b2f0e-3d5a-4d0e-8d4c-6c3a7d5b9e11'{}/></interface>"
)
_OF_VDS = "devices/interface[mac/@address='52:54:00:00:00:01'][@type='vds']/source"
_USER = "<interface type='user'><mac address='52:54:00:00:00:01'{}/>{}</interface>"
_PSTORE = "<pstore backend='acpi-erst'>{}<size{}</size></pstore>"
_PSTORE_FILE = "<path>/var/lib/libvirt/qemu/nvram/{}_PSTORE.raw</path>"
_GRANULE = "<iommu model='virtio'><driver><granule {}/></driver></iommu>"


def _document(arch="x86_64", machine="pc-q35-10.0", **parts):
    empty = {"before": "", "firmware": "", "os": "", "features": "", "devices": ""}
    return parse(_DOMAIN.format(arch=arch, machine=machine, **{**empty, **parts}))


def _paths(wanted, kept):
    return {
        change.path.partition("/domain/")[2] for change in reconcile(wanted, kept, DOMAIN).changes
    }


@pytest.mark.parametrize(
    ("wanted", "kept", "paths"),
    [
        # A chipset's own watchdog
        ("", "<watchdog model='itco' action='reset'/>", []),
        (
            "<watchdog model='i6300esb' action='dump'/>",
            "<watchdog model='i6300esb' action='dump'/><watchdog model='itco' action='dump'/>",
            [],
        ),
        (
            "<watchdog model='i6300esb' action='dump'/>",
            "<watchdog model='i6300esb' action='dump'/><watchdog model='itco' action='none'/>",
            ["devices/watchdog[@model='itco']/@action"],
        ),
        # QEMU's device for a virtio video
        (_VIDEO.format(""), _VIDEO.format(" device='virtio-vga'"), []),
        (
            _VIDEO.format(""),
            _VIDEO.format(" device='virtio-vga-gl'"),
            ["devices/video[model/@type='virtio']/model/@device"],
        ),
        *(
            (_DRAWN.format(""), _DRAWN.format(f" device='virtio-{device}'"), paths)
            for device, paths in (
                ("vga-gl", []),
                ("vga", []),
                ("gpu-gl", ["devices/video[model/@type='virtio']/model/@device"]),
            )
        ),
        (
            "<video><driver name='vhostuser'/><model type='virtio'/></video>",
            "<video><driver name='vhostuser'/><model type='virtio' device='vhost-user-vga'/></video>",
            [],
        ),
        # QEMU's device for a USB disk
        (_DISK.format("disk", "", "usb"), _DISK.format("disk", " model='usb-storage'", "usb"), []),
        (
            _DISK.format("disk", "", "usb"),
            _DISK.format("disk", " model='usb-bot'", "usb"),
            ["devices/disk[target/@dev='sda']/@model"],
        ),
        (_DISK.format("cdrom", "", "usb"), _DISK.format("cdrom", " model='usb-bot'", "usb"), []),
        # The controller of NVMe disks
        (_NVME, _NVME + _NVME_CONTROLLER.format("abc"), []),
        (
            _NVME,
            _NVME + _NVME_CONTROLLER.format("x"),
            ["devices/controller[@type='nvme'][@index='0']/serial"],
        ),
        # What is the device's own
        (_DRIVE.format("<driver cache='default'/>", ""), _DRIVE.format("", ""), []),
        (
            _DRIVE.format("<driver cache='none'/>", ""),
            _DRIVE.format("", ""),
            ["devices/disk[target/@dev='vda']/driver"],
        ),
        (_DRIVE.format("<driver queues='0'/>", ""), _DRIVE.format("", ""), []),
        (_DRIVE.format("<blockio discard_granularity='0'/>", ""), _DRIVE.format("", ""), []),
        (
            _DRIVE.format("<blockio discard_granularity='512'/>", ""),
            _DRIVE.format("", ""),
            ["devices/disk[target/@dev='vda']/blockio"],
        ),
        (_DRIVE.format("", " removable='on'"), _DRIVE.format("", ""), []),
        (
            _DRIVE.format("", " removable='on'").replace("virtio", "usb"),
            _DRIVE.format("", "").replace("virtio", "usb"),
            ["devices/disk[target/@dev='vda']/target/@removable"],
        ),
        # An image waits for a delay, a socket for a timeout
        *(
            (_NBD.format("network", f"<reconnect {said}/>"), _NBD.format("network", kept), [])
            for said, kept in (
                ("delay='0'", ""),
                ("enabled='no'", ""),
                ("enabled='yes' timeout='1'", ""),
                ("enabled='yes' delay='07'", "<reconnect delay='7'/>"),
            )
        ),
        (
            _NBD.format("network", "<reconnect delay='1'/>"),
            _NBD.format("network", ""),
            ["devices/disk[target/@dev='vda']/source/reconnect"],
        ),
        (
            _NBD.format("network", "<reconnect delay='1'/>").replace("nbd", "sheepdog"),
            _NBD.format("network", "").replace("nbd", "sheepdog"),
            [],
        ),
        (
            _NBD.format("vhostuser", "<reconnect enabled='yes' delay='1'/>"),
            _NBD.format("vhostuser", "<reconnect enabled='yes'/>"),
            [],
        ),
        # What there are several of
        (_LAYERS.format("".join(_SECRETS)), _LAYERS.format("".join(_SECRETS)), []),
        (
            _LAYERS.format("".join(_SECRETS)),
            _LAYERS.format("".join(reversed(_SECRETS))),
            [
                f"devices/disk[target/@dev='vda']/source/encryption/secret[{number}]"
                for number in (1, 2)
            ],
        ),
        (
            _AT_BUS.format("1", "8") + _AT_BUS.format("2", "4"),
            _AT_BUS.format("2", "4") + _AT_BUS.format("01", "08"),
            [],
        ),
        (
            _THREADS.format("<iothread id='1'/><iothread id='2'/>"),
            _THREADS.format("<iothread id='2'/><iothread id='1'/>"),
            [],
        ),
        # A host device's driver, a TPM's profile, and a socket in a directory of another
        (_USB.format("<driver/>"), _USB.format(""), []),
        (_HOST_NIC.format(" model='a'"), _HOST_NIC.format(""), [f"{_OF_HOST_NIC}/driver/@model"]),
        (_TPM.format("<profile name='a'/>"), _TPM.format(""), [f"{_OF_TPM}/profile"]),
        (_TPM.format("<profile removeDisabled='check'/>"), _TPM.format(""), []),
        (_SOCKET.format(" append='on'"), _SOCKET.format(""), []),
        # A keyboard that says no bus is put beside the machine's own
        (
            "<input type='keyboard'/>",
            "<input type='keyboard' bus='ps2'/><input type='mouse' bus='ps2'/>"
            "<input type='keyboard' bus='ps2'/>",
            [],
        ),
        (
            "<input type='keyboard' bus='ps2'/>",
            "<input type='keyboard' bus='ps2'/><input type='mouse' bus='ps2'/>"
            "<input type='keyboard' bus='ps2'/>",
            ["devices/input[@type='keyboard'][@bus='ps2']"],
        ),
        (
            "<input type='keyboard'/>",
            "<input type='keyboard' bus='ps2'/>" * 3,
            ["devices/input[@type='keyboard'][@bus='ps2']"],
        ),
        # The numbers of a switch of VMware
        (_VDS.format("vds", ""), _VDS.format("vds", " portid='0' connectionid='0'"), []),
        (
            _VDS.format("vds", ""),
            _VDS.format("vds", " portid='1' connectionid='2'"),
            [f"{_OF_VDS}/@{name}" for name in ("portid", "connectionid")],
        ),
        (
            _VDS.format("vds", " portid='1' connectionid='02'"),
            _VDS.format("vds", " portid='0' connectionid='2'"),
            [f"{_OF_VDS}/@portid"],
        ),
        (_USER.format("", "<backend type='default'/>"), _USER.format("", ""), []),
        (
            _USER.format("", "<backend type='passt'/>"),
            _USER.format("", ""),
            ["devices/interface[mac/@address='52:54:00:00:00:01'][@type='user']/backend"],
        ),
        (_USER.format(" currentAddress='52:54:00:00:00:02'", ""), _USER.format("", ""), []),
        (
            "<controller type='usb' index='0' model='none'><address type='pci' slot='5'/></controller>",
            "<controller type='usb' index='0' model='none'/>",
            [],
        ),
        (
            "<controller type='usb' index='0' model='qemu-xhci'><address type='pci' slot='5'/>"
            "</controller>",
            "<controller type='usb' index='0' model='qemu-xhci'/>",
            ["devices/controller[@type='usb'][@index='0'][@model='qemu-xhci']/address"],
        ),
        # What comes by D-Bus, and sockets that libvirt made itself
        (
            "<redirdev bus='usb' type='dbus'/>",
            "<redirdev bus='usb' type='dbus'><source channel='org.qemu.usbredir'/></redirdev>",
            [],
        ),
        (
            "<redirdev bus='usb' type='dbus'/>",
            "<redirdev bus='usb' type='dbus'><source channel='other'/></redirdev>",
            ["devices/redirdev/source/@channel"],
        ),
        (
            "<graphics type='vnc' socket='/var/lib/libvirt/qemu/domain-9-guest/vnc.sock'/>",
            "<graphics type='vnc' port='-1' autoport='yes'><listen type='address'/></graphics>"
            "<audio id='1' type='none'/><video><model type='vga'/></video>",
            [],
        ),
        # Root ports without numbers, of which one says where it is
        (
            "<controller type='pci' model='pcie-root-port'>"
            "<address type='pci' slot='2' function='0'/></controller>"
            "<controller type='pci' model='pcie-root-port'/>",
            "<controller type='pci' index='2' model='pcie-root-port'>"
            "<address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>"
            "</controller><controller type='pci' index='1' model='pcie-root-port'>"
            "<address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>"
            "</controller>",
            [],
        ),
        # Others
        ("<sound model='virtio'/>", "<sound model='virtio' streams='2'/>", []),
        (
            "<sound model='virtio'/>",
            "<sound model='virtio' streams='3'/>",
            ["devices/sound/@streams"],
        ),
        ("<memory model='virtio-pmem'/>", "<memory model='virtio-pmem' access='shared'/>", []),
        (
            "<memory model='nvdimm'/>",
            "<memory model='nvdimm' access='shared'/>",
            ["devices/memory/@access"],
        ),
        (
            _PSTORE.format("", " unit='MiB'>1"),
            _PSTORE.format(_PSTORE_FILE.format("guest"), " unit='KiB'>1024"),
            [],
        ),
        (
            _PSTORE.format("", ">64"),
            _PSTORE.format(_PSTORE_FILE.format("other"), " unit='KiB'>65"),
            ["devices/pstore/path", "devices/pstore/size"],
        ),
        (_GRANULE.format("size='4096' unit='B'"), _GRANULE.format("size='4' unit='KiB'"), []),
        (
            _GRANULE.format("size='4096' unit='B'"),
            _GRANULE.format("size='16' unit='KiB'"),
            ["devices/iommu/driver/granule/@size"],
        ),
        (
            "<iommu model='intel'><driver intremap='on'/></iommu>",
            "<iommu model='intel'><driver intremap='on' eim='on'/></iommu>",
            ["devices/iommu/driver/@eim"],
        ),
    ],
)
def test_devices(wanted, kept, paths):
    assert _paths(_document(devices=wanted), _document(devices=kept)) == set(paths)


@pytest.mark.parametrize(
    ("arch", "machine", "device"),
    [
        ("aarch64", "virt-10.0", "virtio-gpu"),
        ("x86_64", "pc-i440fx-10.0", "virtio-vga"),
        ("riscv64", "virt", "virtio-vga"),
        ("s390x", "s390-ccw-virtio", "virtio-gpu"),
    ],
)
def test_a_virtio_video_by_machine(arch, machine, device):
    wanted = _document(arch, machine, devices=_VIDEO.format("") * 2)
    kept = _VIDEO.format(f" device='{device}'") + _VIDEO.format(" device='virtio-gpu'")
    assert _paths(wanted, _document(arch, machine, devices=kept)) == set()


@pytest.mark.parametrize(
    ("wanted", "kept", "paths"),
    [
        # More virtual CPUs than the first interrupt controllers can count
        ({"before": _MANY}, {"before": _MANY, "features": _IOAPIC, "devices": _IOMMU}, []),
        (
            {"before": _FEW},
            {"before": _FEW, "features": _IOAPIC, "devices": "<iommu model='intel'/>"},
            ["features/ioapic", "devices/iommu"],
        ),
        (
            {"before": _MANY, "devices": "<iommu model='intel'/>"},
            {"before": _MANY, "features": _IOAPIC, "devices": _IOMMU},
            [],
        ),
        (
            {"before": _MANY, "devices": "<iommu model='virtio'/>"},
            {"before": _MANY, "features": _IOAPIC, "devices": "<iommu model='virtio'/>"},
            [],
        ),
        ({"devices": _IOMMU}, {"features": _IOAPIC, "devices": _IOMMU}, []),
        # Firmware that libvirt chooses by what the document says
        (
            {"firmware": _EFI},
            {"firmware": _EFI, "os": _SECURE.format(f"{_CODE}.ms.fd"), "features": _SMM},
            [],
        ),
        (
            {"firmware": _EFI, "features": "<smm state='off'/>"},
            {"firmware": _EFI, "features": _SMM},
            ["features/smm/@state"],
        ),
        (
            {"os": _SECURE.format("/x")},
            {"os": _SECURE.format("/x"), "features": _SMM},
            ["features/smm"],
        ),
        (
            {"firmware": _EFI, "os": "<loader format='qcow2'/>"},
            {"firmware": _EFI, "os": "<loader type='rom' format='raw'>/x.fd</loader>"},
            [],
        ),
        # A file for variables without a path
        (
            {"os": "<loader type='pflash'>/x</loader><nvram type='file'><source/></nvram>"},
            {
                "os": "<loader type='pflash'>/x</loader><nvram type='file'>"
                "<source file='/y'/></nvram>"
            },
            [],
        ),
        # A flash image that a firmware descriptor knows
        (
            {"os": "<loader type='pflash'>/x</loader><nvram>/vars.fd</nvram>"},
            {
                "os": "<loader readonly='yes' type='pflash' format='raw'>/x</loader>"
                "<nvram template='/t' templateFormat='raw' format='raw'>/vars.fd</nvram>"
            },
            [],
        ),
        (
            {"os": "<loader type='pflash'>/x</loader><nvram>/vars.fd</nvram>"},
            {
                "os": "<loader readonly='yes' type='pflash' format='raw'>/x</loader>"
                "<nvram>/vars.fd</nvram>"
            },
            ["os/loader/@readonly"],
        ),
        *(
            (
                {"os": _FLASH.format(f"/usr/share/AAVMF/AAVMF_CODE{wanted}.fd")},
                {"os": _FLASH.format(f"/usr/share/AAVMF/AAVMF_CODE{kept}.fd")},
                paths,
            )
            for wanted, kept, paths in (
                ("", ".no-secboot", []),
                (".ms", ".secboot", []),
                ("", ".secboot", ["os/loader"]),
            )
        ),
        (
            {"os": _FLASH.format(f"{_CODE}.ms.fd")},
            {"firmware": _EFI, "os": _FLASH_KEPT.format(f"{_CODE}.ms.fd"), "features": _SMM},
            [],
        ),
        (
            {"os": _FLASH.format(f"{_CODE}.ms.fd")},
            {"firmware": _EFI, "os": _FLASH_KEPT.format(f"{_CODE}.secboot.fd"), "features": _SMM},
            [],
        ),
        (
            {"os": _FLASH.format(f"{_CODE}.fd")},
            {"firmware": _EFI, "os": _FLASH_KEPT.format(f"{_CODE}.secboot.fd"), "features": _SMM},
            ["os/loader"],
        ),
        (
            {"os": "<loader type='rom'>/x</loader>"},
            {"firmware": "", "os": "<loader type='rom' secure='yes'>/x</loader>"},
            ["os/loader/@secure"],
        ),
        # Parts of a host's processor
        (
            {"before": _TUNED.format(_ENERGY.format("0") + _ENERGY.format("1-2"))},
            {"before": _TUNED.format(_ENERGY.format("1-2") + _ENERGY.format("0"))},
            [],
        ),
        (
            {"before": "<cpu><topology sockets='1' clusters='02' cores='1' threads='1'/></cpu>"},
            {
                "before": "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>"
                "qemu64</model><topology sockets='1' clusters='2' cores='1' threads='1'/></cpu>"
            },
            [],
        ),
        # Features
        ({"features": "<async-teardown/>"}, {"features": "<async-teardown enabled='yes'/>"}, []),
        (
            {"features": "<async-teardown/>"},
            {"features": "<async-teardown enabled='no'/>"},
            ["features/async-teardown/@enabled"],
        ),
        (
            {"features": "<tcg><tb-cache unit='MiB'>1</tb-cache></tcg>"},
            {"features": "<tcg><tb-cache unit='KiB'>1024</tb-cache></tcg>"},
            [],
        ),
    ],
)
def test_the_rest(wanted, kept, paths):
    assert _paths(_document(**wanted), _document(**kept)) == set(paths)


@pytest.mark.parametrize(
    ("loader", "is_kept"),
    [
        ("<loader readonly='yes' type='pflash' format='raw'>/a.fd</loader>", True),
        ("<loader readonly='yes' type='pflash' format='qcow2'>/a.fd</loader>", False),
        ("<loader readonly='yes' type='pflash' format='raw'>/b.fd</loader>", False),
    ],
)
def test_the_template_of_variables_goes_with_the_firmware(loader, is_kept):
    nvram = "<nvram{}>/vars.fd</nvram>"
    there = "<loader readonly='yes' type='pflash' format='raw'>/a.fd</loader>"
    kept = nvram.format(" template='/t.fd' templateFormat='raw' format='raw'")
    plan = reconcile(_document(os=loader + nvram.format("")), _document(os=there + kept), DOMAIN)
    assert bool(plan.changes) != is_kept
    merged = plan.document.find("os/nvram")
    assert merged is not None
    assert ("template" in merged.attributes) == is_kept
    assert ("templateFormat" in merged.attributes) == is_kept


@pytest.mark.parametrize(
    ("running", "paths"),
    [
        ("address='52:54:00:00:00:01' currentAddress='52:54:00:00:00:02'", []),
        (
            "address='52:54:00:00:00:02'",
            ["devices/interface[mac/@address='52:54:00:00:00:01'][@type='network']"],
        ),
    ],
)
def test_the_address_that_a_guest_has_given_itself_is_not_pending(running, paths):
    interface = "<interface type='network'><mac {}/><source network='n'/></interface>"
    definition = _document(devices=interface.format("address='52:54:00:00:00:01'"))
    live = _document(devices=interface.format(running))
    assert [one.path.partition("/domain/")[2] for one in pending(definition, live)][:1] == paths
