# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices that a guest seldom has twice."""

from __future__ import annotations

from ..rows import Group, Nothing, commas, integer, mebibytes, on_off, presence, text, yes_no
from ..setters import char, small_devices
from .char_source import char_source
from .common import device, element, spelled

WATCHDOG = Group(
    "watchdog",
    "devices/watchdog",
    "watchdog",
    device(
        text("model", "@model", "i6300esb, ib700, diag288 or itco", skips_default=True),
        text(
            "action",
            "@action",
            "reset, shutdown, poweroff, pause, dump, inject-nmi or none",
            skips_default=True,
        ),
    ),
    flags=("--watchdog",),
    is_list=True,
    aliases=("watchdogs",),
    first=("model",),
)

MEMBALLOON = Group(
    "memballoon",
    "devices/memballoon",
    "balloon that gives memory back to the host",
    device(
        text("model", "@model", "virtio, xen or none", skips_default=True),
        on_off(
            "autodeflate",
            "@autodeflate",
            "whether memory is returned before the guest runs out of it",
        ),
        integer("stats.period", "stats/@period", "seconds between statistics"),
        on_off("freePageReporting", "@freePageReporting", "whether the guest reports free pages"),
        virtio=True,
    ),
    flags=("--memballoon",),
    is_list=True,
    aliases=("memballoons",),
    first=("model",),
    none=Nothing.VALUE,
)

TPM = Group(
    "tpm",
    "devices/tpm",
    "trusted platform module",
    device(
        text("model", "@model", "tpm-crb, tpm-tis or tpm-spapr"),
        text(
            "backend.type",
            "backend/@type",
            "emulator or passthrough, or a device of the host as a path",
            "type",
        ),
        text("backend.version", "backend/@version", "'1.2' or '2.0'", "version"),
        text("backend.device.path", "backend/device/@path", "device of the host", "path"),
        text(
            "backend.encryption.secret",
            "backend/encryption/@secret",
            "UUID of libvirt's secret that encrypts the state",
        ),
        yes_no(
            "backend.persistent_state",
            "backend/@persistent_state",
            "whether the state of a transient domain is kept",
        ),
        text("backend.debug", "backend/@debug", "how much swtpm logs, from 0 to 20"),
        text("backend.source.type", "backend/source/@type", "file or dir: where the state is"),
        text("backend.source.path", "backend/source/@path", "path of the state"),
        text(
            "backend.profile.source",
            "backend/profile/@source",
            "profile of a new TPM's algorithms, such as default-v1 or local:NAME",
        ),
        text(
            "backend.profile.removeDisabled",
            "backend/profile/@removeDisabled",
            "check or fips-host: what the host's OpenSSL lacks is left out",
        ),
        *(
            presence(
                f"backend.active_pcr_banks.sha{bits}",
                f"backend/active_pcr_banks/sha{bits}",
                f"bank of registers for SHA-{bits}",
                f"active_pcr_banks.sha{bits}",
            )
            for bits in (1, 256, 384, 512)
        ),
    ),
    flags=("--tpm",),
    is_list=True,
    aliases=("tpms",),
    first=("backend.type",),
    none=Nothing.UNWANTED,
    prepare=small_devices.prepare_tpm,
)

RNG = Group(
    "rng",
    "devices/rng",
    "random number generator",
    device(
        text("type", "backend/@model", "random, builtin or egd, or a device of the host as a path"),
        text("device", "backend", "device of the host, such as /dev/urandom"),
        text("model", "@model", "virtio"),
        text("backend", "backend[@model='random']", "device of the host, such as /dev/urandom"),
        text("backend.model", "backend/@model", "random, builtin or egd"),
        text(
            "backend.type",
            "backend/@type",
            "how an egd is reached: tcp, udp, unix…",
            "backend_type",
        ),
        *spelled(
            char_source("backend.", "backend/"),
            backend_mode="backend.source.mode",
            backend_host="backend.source.host",
            backend_service="backend.source.service",
            backend_connect_host="backend.source.connect_host",
            backend_connect_service="backend.source.connect_service",
        ),
        text("rate.bytes", "rate/@bytes", "most bytes in a period", "rate_bytes", unit="b"),
        text("rate.period", "rate/@period", "length of the period, in milliseconds", "rate_period"),
        virtio=True,
    ),
    flags=("--rng",),
    is_list=True,
    aliases=("rngs",),
    first=("backend.model",),
    none=Nothing.UNWANTED,
    prepare=char.prepare_rng,
)

PANIC = Group(
    "panic",
    "devices/panic",
    "device that reports crashes to the host",
    spelled(
        device(
            text("model", "@model", "isa, pseries, hyperv, s390 or pvpanic", skips_default=True),
        ),
        iobase="address.iobase",
    ),
    flags=("--panic",),
    is_list=True,
    aliases=("panics",),
    first=("model",),
    prepare=small_devices.prepare_panic,
)

SHMEM = Group(
    "shmem",
    "devices/shmem",
    "memory that is shared with other guests",
    device(
        text("name", "@name", "name of the memory"),
        text("role", "@role", "master or peer"),
        text("model.type", "model/@type", "ivshmem-plain, ivshmem-doorbell or ivshmem"),
        integer("size", "size", "size of the memory", unit_option="size.unit"),
        text("size.unit", "size/@unit", "unit of the size"),
        text("server.path", "server/@path", "socket of the server"),
        integer("msi.vectors", "msi/@vectors", "number of interrupt vectors"),
        on_off("msi.ioeventfd", "msi/@ioeventfd", "whether events are handled by file descriptors"),
    ),
    flags=("--shmem",),
    is_list=True,
    aliases=("shmems",),
    first=("name",),
)

MEMDEV = Group(
    "memdev",
    "devices/memory",
    "memory modules",
    device(
        text("model", "@model", "dimm, nvdimm, virtio-mem, virtio-pmem or sgx-epc"),
        text("access", "@access", "shared or private"),
        yes_no("discard", "@discard", "drop the content when the guest ends"),
        text("uuid", "uuid", "UUID of an NVDIMM on pSeries"),
        mebibytes("target.size", "target/size", "size, in MiB", "target_size"),
        integer(
            "target.node", "target/node", "node of the guest that it belongs to", "target_node"
        ),
        mebibytes(
            "target.label_size",
            "target/label/size",
            "size of the label of an NVDIMM, in MiB",
            "target_label_size",
        ),
        integer("target.block", "target/block", "block size of virtio-mem, in KiB", unit="KiB"),
        integer(
            "target.current",
            "target/current",
            "what is plugged in of virtio-mem, in KiB",
            unit="KiB",
        ),
        integer(
            "target.requested",
            "target/requested",
            "what is to be plugged in of virtio-mem, in KiB",
            unit="KiB",
        ),
        presence("target.readonly", "target/readonly", "whether the guest can't write to it"),
        text("target.address_base", "target/address/@base", "where in memory virtio-mem begins"),
        yes_no(
            "target.dynamicMemslots",
            "target/@dynamicMemslots",
            "whether virtio-mem takes memory of the host piece by piece",
        ),
        integer(
            "source.pagesize",
            "source/pagesize",
            "size of the host's pages, in KiB",
            "source_pagesize",
            unit="KiB",
        ),
        text("source.path", "source/path", "file or device of the host", "source_path"),
        commas(
            "source.nodemask",
            "source/nodemask",
            "nodes of the host that it comes from",
            "source_nodemask",
        ),
        presence("source.pmem", "source/pmem", "whether the host's memory keeps its content"),
        mebibytes("source.alignsize", "source/alignsize", "alignment of an NVDIMM, in MiB"),
    ),
    flags=("--memdev",),
    is_list=True,
    aliases=("memdevs",),
    first=("model",),
)

VSOCK = Group(
    "vsock",
    "devices/vsock",
    "sockets between guest and host",
    device(
        text("model", "@model", "virtio", skips_default=True),
        yes_no("cid.auto", "cid/@auto", "whether libvirt chooses the guest's number", "auto_cid"),
        integer("cid.address", "cid/@address", "number of the guest, from 3", "cid"),
        virtio=True,
    ),
    flags=("--vsock",),
    is_list=True,
    aliases=("vsocks",),
    first=("model",),
    none=Nothing.VALUE,
)

PSTORE = Group(
    "pstore",
    "devices/pstore",
    "store for the messages of a crashed kernel",
    element(
        text("backend", "@backend", "acpi-erst"),
        text("path", "path", "path of the file that keeps it"),
        integer("size", "size", "size, in KiB", unit="KiB"),
    ),
    flags=("--pstore",),
    is_list=True,
    aliases=("pstores",),
)
