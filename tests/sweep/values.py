# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each sub-option is tried with: two right values, and what has to stand beside it."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.options.rows import (
    Group,
    Kind,
    Option,
)

#: An image that is there.
IMAGE, OTHER_IMAGE = "/var/lib/libvirt/images/sweep-1.img", "/var/lib/libvirt/images/sweep-2.img"
_MAC = "52:54:00:00:00:07"

Beside = dict[str, t.Any]
_BY_KIND: dict[Kind, tuple[t.Any, t.Any]] = {
    Kind.TEXT: ("one", "two"),
    Kind.INTEGER: (7, 8),
    Kind.YES_NO: (True, False),
    Kind.ON_OFF: (True, False),
    Kind.PRESENCE: (True, False),
    Kind.PATH: ("/some/path", "/other/path"),
    Kind.MEBIBYTES: (192, 224),
}
#: By group and option, or by option alone.
_VALUES: dict[str, tuple[t.Any, t.Any]] = {
    "address.type": ("pci", "pci"),
    "address.slot": (9, 10),
    "address.bus": (0, 0),
    "address.domain": (0, 0),
    "address.function": (0, 0),
    "address.iobase": ("0x505", "0x506"),
    "alias.name": ("ua-one", "ua-two"),
    "boot.order": (1, 2),
    "blkiotune device[].path": ("/dev/sda", "/dev/sdb"),
    "blkiotune weight": (200, 300),
    "blkiotune device[].weight": (200, 300),
    "boot acpi.table.type": ("slic", "slic"),
    "boot arch": ("x86_64", "i686"),
    "boot boot[].dev": ("hd", "cdrom"),
    "boot domain_type": ("qemu", "qemu"),
    "boot emulator": ("/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-system-x86_64"),
    "boot firmware": ("efi", "bios"),
    "boot firmware.feature[].name": ("secure-boot", "enrolled-keys"),
    "boot init": ("/sbin/init", "/bin/sh"),
    "boot loader": ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/seabios/bios.bin"),
    "boot loader.type": ("rom", "pflash"),
    "boot machine": ("q35", "pc"),
    "boot os_type": ("hvm", "hvm"),
    "boot smbios.mode": ("emulate", "host"),
    "clock offset": ("utc", "localtime"),
    "clock timer[].name": ("rtc", "pit"),
    "clock timer[].tickpolicy": ("delay", "catchup"),
    "clock timer[].track": ("guest", "wall"),
    "clock timer[].mode": ("native", "paravirt"),
    "clock pit_tickpolicy": ("delay", "discard"),
    "clock rtc_tickpolicy": ("delay", "catchup"),
    "controller type": ("scsi", "usb"),
    "controller model": ("virtio-scsi", "lsilogic"),
    "controller driver.iothread": (1, 2),
    "cpu cache.mode": ("emulate", "disable"),
    "cpu cache.level": (3, 3),
    "cpu check": ("none", "partial"),
    "cpu match": ("exact", "strict"),
    "cpu mode": ("host-model", "host-passthrough"),
    "cpu model": ("qemu64", "host-passthrough"),
    "cpu model.fallback": ("allow", "forbid"),
    "cpu model.vendor_id": ("abcdefghijkl", "mnopqrstuvwx"),
    "cpu vendor": ("Intel", "AMD"),
    "cpu topology.sockets": (2, 2),
    "cpu topology.dies": (2, 1),
    "cpu topology.cores": (2, 1),
    "cpu topology.threads": (2, 1),
    **{
        f"cpu {name}": ("pcid", "vmx")
        for name in ("force", "require", "optional", "disable", "forbid")
    },
    "cpu numa.cell[].cpus": ("0-1", "0,1"),
    "cpu numa.cell[].memAccess": ("shared", "private"),
    "cpu numa.cell[].unit": ("KiB", "MiB"),
    "cpu numa.cell[].id": (0, 0),
    "cpu numa.cell[].memory": (262144, 131072),
    "disk device": ("disk", "lun"),
    "disk driver.cache": ("none", "writeback"),
    "disk driver.copy_on_read": (True, False),
    "disk driver.detect_zeroes": ("on", "unmap"),
    "disk driver.discard": ("unmap", "ignore"),
    "disk driver.error_policy": ("stop", "report"),
    "disk driver.io": ("threads", "threads"),
    "disk driver.name": ("qemu", "qemu"),
    "disk driver.type": ("raw", "qcow2"),
    "disk format": ("raw", "raw"),
    "disk geometry.trans": ("auto", "lba"),
    "disk path": (IMAGE, OTHER_IMAGE),
    "disk perms": ("ro", "sh"),
    "disk snapshot": ("no", "external"),
    "disk size": (1, 2),
    "disk source.file": (IMAGE, OTHER_IMAGE),
    "disk source.startupPolicy": ("optional", "mandatory"),
    "disk target.bus": ("virtio", "sata"),
    "disk target.dev": ("vda", "vdb"),
    "disk type": ("file", "file"),
    "disk wwn": ("5000c50015ea71ad", "5000c50015ea71ae"),
    "features gic.version": ("2", "3"),
    "features hyperv.spinlocks.retries": (4096, 8191),
    "features ioapic.driver": ("kvm", "qemu"),
    "filesystem accessmode": ("mapped", "passthrough"),
    "filesystem driver.type": ("path", "virtiofs"),
    "filesystem source": ("/srv/one", "/srv/two"),
    "filesystem source.dir": ("/srv/one", "/srv/two"),
    "filesystem target": ("one", "two"),
    "filesystem target.dir": ("one", "two"),
    "graphics type": ("vnc", "spice"),
    "graphics port": (5901, 5902),
    "graphics tlsPort": (5903, 5904),
    "graphics websocket": (5705, 5706),
    "graphics listen": ("127.0.0.2", "127.0.0.1"),
    "graphics keymap": ("de", "fr"),
    "graphics passwd": ("secret-1", "secret-2"),
    "graphics passwdValidTo": ("2030-04-09T15:51:00", "2031-04-09T15:51:00"),
    "graphics connected": ("keep", "disconnect"),
    "graphics sharePolicy": ("ignore", "force-shared"),
    "graphics image.compression": ("auto_glz", "off"),
    "graphics streaming.mode": ("filter", "off"),
    "graphics defaultMode": ("secure", "insecure"),
    "graphics mouse.mode": ("client", "server"),
    "graphics gl.rendernode": ("/dev/dri/one", "/dev/dri/two"),
    "hostdev name": ("0000:00:1f.3", "0000:00:1f.2"),
    "input type": ("tablet", "mouse"),
    "input bus": ("usb", "virtio"),
    "iommu model": ("intel", "virtio"),
    "iothreads iothreads": (2, 3),
    "memory currentMemory": (192, 224),
    "memory maxMemory": (1024, 2048),
    "memory maxMemory.slots": (2, 3),
    "memory memory": (320, 384),
    "memballoon model": ("virtio", "none"),
    "memorybacking access.mode": ("shared", "private"),
    "memorybacking source.type": ("memfd", "file"),
    "memorybacking allocation.mode": ("immediate", "ondemand"),
    "metadata uuid": (
        "11111111-2222-3333-4444-555555555555",
        "11111111-2222-3333-4444-555555555556",
    ),
    "metadata genid": (
        "11111111-2222-3333-4444-555555555555",
        "11111111-2222-3333-4444-555555555556",
    ),
    "metadata os_name": ("fedora36", "debian11"),
    "metadata os_full_id": ("http://fedoraproject.org/fedora/36", "http://debian.org/debian/11"),
    "network type": ("network", "user"),
    "network source": ("default", "other"),
    "network source.mode": ("bridge", "vepa"),
    "network mac.address": (_MAC, "52:54:00:00:00:08"),
    "network model.type": ("virtio", "e1000"),
    "network link.state": ("up", "down"),
    "network driver.name": ("qemu", "vhost"),
    "network trustGuestRxFilters": (True, False),
    "network filterref.filter": ("clean-traffic", "no-arp-spoofing"),
    "network virtualport.type": ("802.1Qbg", "openvswitch"),
    "network rom.bar": (True, False),
    "network mtu.size": (1400, 1500),
    "numatune memory.mode": ("strict", "preferred"),
    "numatune memory.nodeset": ("0", "0"),
    "numatune memory.placement": ("static", "auto"),
    "panic model": ("isa", "hyperv"),
    "rng backend.model": ("random", "builtin"),
    "rng type": ("random", "builtin"),
    "rng backend": ("/dev/urandom", "/dev/random"),
    "rng device": ("/dev/urandom", "/dev/random"),
    "rng model": ("virtio", "virtio-transitional"),
    "seclabel type": ("static", "dynamic"),
    "seclabel model": ("dac", "dac"),
    "seclabel label": ("+1000:+1000", "+1001:+1001"),
    "seclabel imagelabel": ("+1000:+1000", "+1001:+1001"),
    "seclabel baselabel": ("+1000:+1000", "+1001:+1001"),
    "sound model": ("ich9", "ac97"),
    "sound codec[].type": ("micro", "duplex"),
    "sysinfo type": ("smbios", "host"),
    "sysinfo system.uuid": (
        "11111111-2222-3333-4444-555555555555",
        "11111111-2222-3333-4444-555555555555",
    ),
    "tpm backend.type": ("emulator", "passthrough"),
    "tpm backend.version": ("2.0", "1.2"),
    "tpm model": ("tpm-crb", "tpm-tis"),
    "vcpus vcpu": (2, 3),
    "vcpus vcpu.current": (1, 2),
    "vcpus maxvcpus": (3, 4),
    "vcpus vcpu.cpuset": ("0", "1"),
    "vcpus vcpu.placement": ("static", "auto"),
    "video model.type": ("qxl", "vga"),
    "video model.vram": (16384, 32768),
    "video model.ram": (65536, 131072),
    "video model.vgamem": (16384, 32768),
    "video model.heads": (1, 2),
    "vsock cid.address": (3, 4),
    "watchdog model": ("i6300esb", "ib700"),
    "watchdog action": ("reset", "poweroff"),
}
_EVENTS = ("destroy", "restart")
_VALUES.update({f"events {name}": _EVENTS for name in ("on_poweroff", "on_reboot", "on_crash")})
_VALUES["events on_lockfailure"] = ("poweroff", "pause")

_BESIDE: dict[str, Beside] = {
    "audio": {"id": 1, "type": "none"},
    "channel": {"type": "unix", "target.type": "virtio", "target.name": "org.qemu.guest_agent.0"},
    "console": {"type": "pty"},
    "controller": {"type": "scsi", "model": "virtio-scsi", "index": 0},
    "cpu": {"model": "qemu64"},
    "cpu mode": {},
    "cpu model": {},
    "disk": {"path": IMAGE, "target.dev": "vda", "target.bus": "virtio"},
    "filesystem": {"source": "/srv/one", "target": "one"},
    "graphics": {"type": "vnc"},
    "input": {"type": "tablet", "bus": "usb"},
    "iommu": {"model": "intel"},
    "launchSecurity": {"type": "sev"},
    "memdev": {"model": "dimm", "target.size": 64, "target.node": 0},
    "network": {"type": "network", "source": "default", "mac.address": _MAC, "model": "virtio"},
    "panic": {"model": "isa"},
    "parallel": {"type": "pty"},
    "redirdev": {"bus": "usb", "type": "tcp", "source.host": "h", "source.service": 4000},
    "rng": {"backend.model": "random", "backend": "/dev/urandom"},
    "seclabel": {"type": "static", "model": "dac", "label": "+1000:+1000"},
    "serial": {"type": "pty"},
    "shmem": {"name": "one", "model.type": "ivshmem-plain", "size": 4, "size.unit": "M"},
    "smartcard": {"mode": "passthrough", "type": "tcp", "source.host": "h", "source.service": 4000},
    "sound": {"model": "ich9"},
    "sysinfo": {"type": "smbios"},
    "tpm": {"backend.type": "emulator", "model": "tpm-crb"},
    "video": {"model.type": "qxl"},
    "vsock": {"cid.address": 3},
    "watchdog": {"model": "i6300esb"},
    "cpu topology.sockets": {"model": "qemu64"},
}
for _name in (
    "image.compression",
    "streaming.mode",
    "clipboard.copypaste",
    "mouse.mode",
    "filetransfer.enable",
    "zlib.compression",
    "jpeg.compression",
    "playback.compression",
    "tlsPort",
    "defaultMode",
    "gl.enable",
    "gl.rendernode",
):
    _BESIDE[f"graphics {_name}"] = {"type": "spice"}
#: What the whole domain needs beside it.
_DOMAIN: dict[str, Beside] = {
    "memdev": {
        "memory": {"memory": 256, "maxMemory": 1024, "maxMemory.slots": 4},
        "cpu": {"numa.cell0.cpus": "0-1", "numa.cell0.memory": 262144},
    },
    "vcpus vcpu.current": {},
    "launchSecurity": {"boot": {"uefi": True}},
}


def values(group: Group, option: Option) -> tuple[t.Any, t.Any]:
    """Two right values."""
    row = f"{group.name} {option.name}"
    for key in (row, option.name):
        if key in _VALUES:
            return _VALUES[key]
    return _BY_KIND[option.kind]


def beside(group: Group, option: Option) -> Beside:
    """What has to stand beside it, in the same value."""
    return dict(_BESIDE.get(f"{group.name} {option.name}", _BESIDE.get(group.name, {})))


def domain_beside(group: Group, option: Option) -> Beside:
    """What the domain has to have."""
    return dict(_DOMAIN.get(f"{group.name} {option.name}", _DOMAIN.get(group.name, {})))


#: A value of each group that a domain can't be without anyhow, beside those that stand there.
_SOMETHING: dict[str, t.Any] = {
    "blkiotune": {"weight": 200},
    "boot": {"menu": True},
    "clock": {"offset": "localtime"},
    "cputune": {"shares": 200},
    "events": {"on_crash": "restart"},
    "features": {"pae": True, "vmcoreinfo.state": True},
    "hostdev": {"type": "usb", "xpath0.set": "./source/vendor/@id=0x1234"},
    "idmap": {
        **{f"uid.{name}": value for name, value in (("start", 0), ("target", 1000), ("count", 9))},
        **{f"gid.{name}": value for name, value in (("start", 0), ("target", 1000), ("count", 9))},
    },
    "iothreads": {"iothreads": 2},
    "keywrap": {"cipher0.name": "aes", "cipher0.state": True},
    "memballoon": {"model": "virtio"},
    "memory": {"memory": 320},
    "memorybacking": {"locked": True},
    "memtune": {"hard_limit": 4194304},
    "metadata": {"title": "one", "description": "two"},
    "numatune": {"memory.nodeset": "0", "memory.mode": "preferred"},
    "pm": {"suspend_to_mem.enabled": True},
    "qemu_commandline": {"env": "ONE=1"},
    "resource": {"partition": "/machine/sweep"},
    "sysinfo": {"type": "smbios", "system.manufacturer": "Example"},
    "vcpus": {"vcpu": 3},
    "xml": "./description=one",
}


def something(group: Group) -> t.Any:
    """A value of a group."""
    return _SOMETHING.get(group.name) or dict(_BESIDE[group.name])
