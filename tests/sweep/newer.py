# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sub-options that virt-install has since 5.0 and 5.1 are tried with."""

from __future__ import annotations

import types
import typing as t

_FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
_NO_CODE = "AAAAAAAAAAAAAAAAAAAAAA=="
_NO_OWNER = "A" * 64
_NO_DIGEST = "A" * 64
_PASST = {"type": "user", "backend.type": "passt"}
_HYPERV = (
    *("vpindex", "runtime", "stimer", "stimer.direct", "frequencies", "reenlightenment"),
    *("tlbflush", "tlbflush.direct", "tlbflush.extended", "ipi", "evmcs", "avic"),
    *("xmm_input", "emsr_bitmap"),
)
#: What libvirt or QEMU wants of Hyper-V beside a feature.
_HYPERV_NEEDS = {
    "stimer": ("vpindex", "synic"),
    "stimer.direct": ("vpindex", "synic", "stimer"),
    "tlbflush": ("vpindex",),
    "tlbflush.direct": ("vpindex", "tlbflush", "vapic"),
    "tlbflush.extended": ("vpindex", "tlbflush"),
    "ipi": ("vpindex",),
    "evmcs": ("vapic",),
}
_TRUTH = (True, False)
_QCOW2 = {"driver.type": "qcow2"}
_ADDRESS = {"type": "hostdev", **{f"source.address.{n}": 0 for n in ("domain", "bus", "function")}}


class Newer(t.NamedTuple):
    """Two values of a sub-option, what stands beside it, and what else the domain has."""

    values: tuple[t.Any, t.Any]
    beside: t.Mapping[str, t.Any] = types.MappingProxyType({})
    domain: t.Mapping[str, t.Any] = types.MappingProxyType({})


#: By group and sub-option.
NEWER: dict[str, Newer] = {
    "boot loader.stateless": Newer(
        _TRUTH,
        {"loader": _FIRMWARE, "loader.type": "pflash", "loader.readonly": True},
        {"tpm": "none"},
    ),
    "boot nvram.templateFormat": Newer(
        ("raw", "qcow2"),
        {
            "loader": _FIRMWARE,
            "loader.type": "pflash",
            "loader.readonly": True,
            "nvram.template": "/usr/share/OVMF/OVMF_VARS_4M.fd",
        },
        {"tpm": "none"},
    ),
    "controller target.memReserve": Newer(
        (2048, 4096), {"type": "pci", "model": "pcie-root-port", "index": 1}
    ),
    "cpu maxphysaddr.mode": Newer(("passthrough", "passthrough"), {"model": "host-passthrough"}),
    "cpu maxphysaddr.bits": Newer((40, 42), {"model": "qemu64", "maxphysaddr.mode": "emulate"}),
    "disk driver.discard_no_unref": Newer(_TRUTH, _QCOW2),
    "disk driver.queue_size": Newer((64, 128)),
    "disk driver.metadata_cache.max_size": Newer(
        (2048, 4096),
        {
            **_QCOW2,
            "driver.metadata_cache.max_size.unit": "KiB",
        },
    ),
    "disk driver.metadata_cache.max_size.unit": Newer(
        ("KiB", "MiB"),
        {
            **_QCOW2,
            "driver.metadata_cache.max_size": 2048,
        },
    ),
    "disk blockio.discard_granularity": Newer((512, 4096)),
    **{
        f"features hyperv.{name}.state": Newer(
            _TRUTH,
            {f"hyperv.{needed}.state": True for needed in _HYPERV_NEEDS.get(name, ())},
            {"clock": {"hypervclock_present": True}},
        )
        for name in _HYPERV
    },
    "features kvm.pv-ipi.state": Newer(_TRUTH),
    "features msrs.unknown": Newer(("ignore", "fault")),
    "hostdev source.startupPolicy": Newer(
        ("optional", "requisite"),
        {
            "type": "usb",
            "xpath0.set": "./source/vendor/@id=0x1234",
            "xpath1.set": "./source/product/@id=0x1",
        },
    ),
    **{
        f"iothreads iothreadids.iothread[].poll.{name}": Newer(
            (2, 3), {"iothreads": 1, "iothreadids.iothread0.id": 1}
        )
        for name in ("max", "grow", "shrink")
    },
    **{
        f"launchSecurity {name}": Newer(pair, {"type": "sev-snp", "policy": "0x30000"})
        for name, pair in {
            "authorKey": _TRUTH,
            "vcek": _TRUTH,
            "guestVisibleWorkarounds": (_NO_CODE, "BAAAAAAAAAAAAAAAAAAAAA=="),
            "hostData": (_NO_CODE, "BAAAAAAAAAAAAAAAAAAAAA=="),
            "idAuth": (_NO_CODE, "BAAAAAAAAAAAAAAAAAAAAA=="),
            "idBlock": (_NO_CODE, "BAAAAAAAAAAAAAAAAAAAAA=="),
        }.items()
    },
    **{
        f"launchSecurity {name}": Newer(pair, {"type": "tdx", "policy": "0x10000001"})
        for name, pair in {
            "mrConfigId": (_NO_DIGEST, "B" + "A" * 63),
            "mrOwner": (_NO_OWNER, "B" + "A" * 63),
            "mrOwnerConfig": (_NO_OWNER, "B" + "A" * 63),
            "quoteGenerationService": _TRUTH,
            "quoteGenerationSocket": ("/run/one.sock", "/run/two.sock"),
        }.items()
    },
    "memdev target.address_base": Newer(
        ("0x140000000", "0x150000000"),
        {
            "model": "virtio-mem",
            "target.size": 64,
            "target.node": 0,
            "target.block": 2048,
            "target.requested": 0,
        },
    ),
    "memdev target.dynamicMemslots": Newer(
        _TRUTH,
        {
            "model": "virtio-mem",
            "target.size": 64,
            "target.node": 0,
            "target.block": 2048,
            "target.requested": 0,
        },
    ),
    "network backend.type": Newer(("passt", "default"), {"type": "user"}),
    "network backend.logFile": Newer(("/var/log/one.log", "/var/log/two.log"), _PASST),
    "network hostdev": Newer(("0000:00:1f.3", "0000:00:1f.2")),
    "network portForward[]": Newer(("8080:80", "192.0.2.1:2000-2010:22/udp"), _PASST),
    "network portForward[].proto": Newer(
        ("tcp", "udp"), {**_PASST, "portForward0.range0.start": 2000}
    ),
    "network portForward[].address": Newer(
        ("192.0.2.1", "192.0.2.2"),
        {**_PASST, "portForward0.proto": "tcp", "portForward0.range0.start": 2000},
    ),
    "network portForward[].dev": Newer(
        ("eth0", "eth1"),
        {**_PASST, "portForward0.proto": "tcp", "portForward0.range0.start": 2000},
    ),
    **{
        f"network portForward[].range[].{name}": Newer(
            pair, {**_PASST, "portForward0.proto": "tcp", "portForward0.range0.start": 2000}
        )
        for name, pair in {
            "start": (2000, 2001),
            "end": (2010, 2020),
            "to": (22, 23),
            "exclude": _TRUTH,
        }.items()
    },
    "network source.address.type": Newer(("pci", "pci"), {**_ADDRESS, "source.address.slot": 5}),
    "network source.address.slot": Newer((5, 6), {**_ADDRESS, "source.address.type": "pci"}),
    **{
        f"network source.address.{name}": Newer(
            (0, 1), {**_ADDRESS, "source.address.type": "pci", "source.address.slot": 5}
        )
        for name in ("domain", "bus", "function")
    },
    **{
        f"pstore {name}": Newer(
            pair, {"backend": "acpi-erst", "path": "/var/lib/libvirt/images/erst", "size": 64}
        )
        for name, pair in {
            "backend": ("acpi-erst", "acpi-erst"),
            "path": ("/var/lib/libvirt/images/erst", "/var/lib/libvirt/images/erst2"),
            "size": (64, 128),
        }.items()
    },
    "sound multichannel": Newer(_TRUTH, {"model": "usb"}),
    "sound streams": Newer(("2", "4"), {"model": "virtio"}),
    "tpm backend.debug": Newer(("5", "6")),
    "tpm backend.source.type": Newer(("dir", "file"), {"backend.source.path": "/srv/tpm"}),
    "tpm backend.source.path": Newer(("/srv/tpm", "/srv/tpm2"), {"backend.source.type": "dir"}),
    "tpm backend.profile.source": Newer(("local:restricted", "default-v1")),
    "tpm backend.profile.removeDisabled": Newer(
        ("check", "fips-host"), {"backend.profile.source": "default-v1"}
    ),
    **{
        f"tpm backend.active_pcr_banks.sha{bits}": Newer(
            _TRUTH,
            {f"backend.active_pcr_banks.sha{other}": True for other in (256, 384) if other != bits},
        )
        for bits in (1, 256, 384, 512)
    },
    "video model.blob": Newer(
        _TRUTH, {"model.type": "virtio"}, {"memorybacking": {"source.type": "memfd"}}
    ),
}
#: A device of each new group.
SOMETHING: dict[str, dict[str, t.Any]] = {"pstore": dict(NEWER["pstore size"].beside)}

_NO_SEV, _NO_TDX = "the host has no SEV", "the host has no TDX"
#: What no libvirt proves here.
NOT_HERE: dict[str, str] = {
    **{row: _NO_SEV for row in NEWER if NEWER[row].beside.get("type") == "sev-snp"},
    **{row: _NO_TDX for row in NEWER if NEWER[row].beside.get("type") == "tdx"},
    "network hostdev": "the host has no such card",
}
