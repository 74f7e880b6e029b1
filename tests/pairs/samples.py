# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that the schema leaves open, and what libvirt wants besides of each kind of device."""

from __future__ import annotations

import re
import typing as t

#: By the end of a place; the first that fits is taken.
_BY_PLACE = (
    (r"filesystem/source/@(dir|file|socket|dev)", "/srv"),
    (r"filesystem/target/@dir", "share"),
    (r"disk/source/@file", "/var/lib/libvirt/images/pairs.img"),
    (r"disk/source/@(dev|dir)", "/var/lib/libvirt/images/pairs.img"),
    (r"disk/target/@dev", "sdx"),
    (r"controller/@index", "9"),
    (r"interface/mac/@address", "52:54:00:5e:00:07"),
    (r"interface/source/@network", "default"),
    (r"interface/source/@bridge", "virbr0"),
    (r"interface/source/@dev", "lo"),
    (r"interface/source/@address", "127.0.0.1"),
    (r"memory/target/(size|block|requested)/text\(\)", "131072"),
    (r"memory/target/node/text\(\)", "0"),
    (r"memory/source/path/text\(\)", "/var/lib/libvirt/images/pairs.nvdimm"),
    (r"serial/source/@path|parallel/source/@path|console/source/@path", "/dev/null"),
    (r"backend/source/@path|/source/@path", "/var/lib/libvirt/pairs.sock"),
    (r"rng/backend/text\(\)", "/dev/urandom"),
    (r"(serial|parallel|console|channel)/target/@port", "1"),
    (r"device/@path", "/dev/null"),
    (r"@(service|port|websocket|tlsPort)", "5999"),
    (r"@(host|name)", "pairs"),
    (r"shmem/size/text\(\)", "4194304"),
    (r"audio/@path", "/var/lib/libvirt/pairs.wav"),
    (r"input/source/@dev|input/source/@evdev", "/dev/null"),
    (r"cpu/model/text\(\)", "qemu64"),
    (r"bandwidth/@(value|unit)", "1024"),
    (r"@unit", "KiB"),
    (r"@(uuid|interfaceid|instanceid)", "2a5b2f0e-3d5a-4d0e-8d4c-6c3a7d5b9e11"),
)
_ANY = (
    *("1", "0", "a", "/var/lib/libvirt/pairs", "0x01", "0x0001", "52:54:00:5e:00:07", "127.0.0.1"),
    *("2a5b2f0e-3d5a-4d0e-8d4c-6c3a7d5b9e11", "5", "100", "1024", "0x00000001", "00", "1.0"),
    *("::1", "0-1", "a.b", "naa.5000c50015ea71ad", "5000c50015ea71ad", "0x600000000000000"),
    *("UTC", "1,2", "256", "4096", "0x8086", "fe800000000000000000000000000001"),
)


def sample_for(
    place: str, usual: str | None, allows: t.Callable[[str], bool] | None = None
) -> str | None:
    """A value for a place that ``allows`` it; ``usual`` where the table has none."""
    for pattern, value in _BY_PLACE:
        if re.search(f"(?:{pattern})$", place) and (allows is None or allows(value)):
            return value
    if allows is None:
        return usual
    return next((value for value in _ANY if allows(value)), usual)


#: What an element has beside what the schema requires, because libvirt requires it.
SAMPLES: dict[str, dict[str, t.Any]] = {
    "devices/disk": {
        "@device": "disk",
        "@type": None,
        "source": {},
        "target": {"@dev": None, "@bus": "scsi"},
    },
    "devices/disk/source": {"@file": None, "@dev": None, "@dir": None, "@name": None, "host": {}},
    "devices/disk/source/identity": {"@user": "0", "@group": "0"},
    "devices/filesystem": {"source": {}, "target": {}},
    "devices/interface": {"mac": {}},
    "devices/controller": {"@index": None},
    "devices/memory": {"target": {"size": {}, "node": {}}},
    "devices/shmem": {"size": {}},
    "devices/sound": {"@model": "ich6"},
    "devices/input": {"@bus": "usb"},
    "devices/input/source": {},
    "devices/channel/target": {"@name": None},
    "devices/smartcard/certificate": {"text()": None},
    "devices/tpm/backend/device": {"@path": None},
    "devices/rng/backend": {"text()": None},
    "seclabel": {"@model": "dac"},
    "seclabel/label": {"text()": "+0:+0"},
    "os/type": {"@arch": "x86_64", "@machine": "q35"},
    "os/nvram/source": {"@file": None, "@dev": None},
}
_CHARACTER: dict[str, dict[str, t.Any]] = {
    **{kind: {"source": {"@path": None}} for kind in ("dev", "file", "pipe")},
    "unix": {"source": {"@path": None, "@mode": "bind"}},
    "tcp": {"source": {"@mode": "bind", "@host": "127.0.0.1", "@service": "5999"}},
    "udp": {"source": {"@mode": "connect", "@host": "127.0.0.1", "@service": "5998"}},
    "spiceport": {"source": {"@channel": "org.pairs.0"}},
    "dbus": {"source": {"@channel": "org.pairs.0"}},
    "nmdm": {"source": {"@master": "/dev/nmdm0A", "@slave": "/dev/nmdm0B"}},
}
_PATH: dict[str, t.Any] = {"source": {"path": {"text()": None}}}
#: The same where another value decides about it: by the place of that, and by its value.
BY_VALUE: dict[str, dict[str, dict[str, t.Any]]] = {
    **{
        f"devices/{tag}/@type": _CHARACTER
        for tag in ("serial", "parallel", "console", "channel", "redirdev", "smartcard")
    },
    "devices/rng/backend/@type": _CHARACTER,
    "devices/interface/@type": {
        "hostdev": {
            "source": {
                "address": {
                    "@type": "pci",
                    "@domain": "0x0000",
                    "@bus": "0x01",
                    "@slot": "0x00",
                    "@function": "0x0",
                }
            }
        }
    },
    "devices/memory/@model": {
        "nvdimm": _PATH,
        "virtio-pmem": _PATH,
        "virtio-mem": {"target": {"block": {"text()": "2048"}, "requested": {"text()": "0"}}},
    },
}
#: What a domain has besides for a device or a part of it; ``{}`` is for the device.
_PLAIN = "<vcpu>1</vcpu><features><acpi/></features><devices>{}</devices>"
CONTEXTS = {
    "devices/memory": "<maxMemory slots='4'>1048576</maxMemory><vcpu>1</vcpu><features><acpi/>"
    "</features><cpu><numa><cell id='0' cpus='0' memory='131072'/></numa></cpu>"
    "<devices>{}</devices>",
    "devices/filesystem": "<memoryBacking><source type='memfd'/><access mode='shared'/>"
    f"</memoryBacking>{_PLAIN}",
    "devices/redirdev": _PLAIN.replace("{}", "<controller type='usb' model='qemu-xhci'/>{}"),
}


def context_of(top: str) -> str:
    """What a domain has besides."""
    plain = _PLAIN if top.startswith("devices/") else "{}<vcpu>1</vcpu><devices/>"
    return CONTEXTS.get(top, plain.replace("<vcpu>1</vcpu>", "") if top == "vcpu" else plain)
