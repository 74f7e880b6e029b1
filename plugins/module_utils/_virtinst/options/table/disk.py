# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks."""

from __future__ import annotations

from ...disk import Disk
from ..rows import Group, Nothing, Option, integer, on_off, presence, text, yes_no
from ..setters import disk
from .common import device, source_labels


def _tune(name: str, about: str) -> Option:
    unit = "b" if "bytes" in name else None
    return integer(f"iotune.{name}", f"iotune/{name}", about, name, unit=unit)


def _image() -> tuple[Option, ...]:
    """The image that a new volume has."""
    return (
        text(
            "image.url",
            None,
            "image that a new volume is based on, downloaded by the managed host",
            set=disk.leave,
        ),
        text(
            "image.src", None, "the same, as the path of a file of the managed host", set=disk.leave
        ),
        text("image.volume", None, "the same, as POOL/VOLUME or the path of one", set=disk.leave),
        text(
            "image.checksum",
            None,
            "checksum of the image: ``sha256:…``, or the URL or path of a file of checksums",
            set=disk.leave,
        ),
        yes_no(
            "image.decompress",
            None,
            "whether an image that is compressed (gzip, xz, bzip2, zstd) is decompressed; yes by default",
            set=disk.leave,
        ),
        yes_no(
            "image.copy",
            None,
            "whether the volume is a copy, and not based on the image",
            set=disk.leave,
        ),
        text("image.url_username", None, "user at the server of the image", set=disk.leave),
        text("image.url_password", None, "password at the server of the image", set=disk.leave),
        yes_no(
            "image.validate_certs",
            None,
            "whether the certificate of the server is checked; yes by default",
            set=disk.leave,
        ),
        text(
            "image.ca_path",
            None,
            "file or folder with the certificates of authorities to trust",
            set=disk.leave,
        ),
        yes_no(
            "image.use_proxy",
            None,
            "whether the environment's proxies are used; yes by default",
            set=disk.leave,
        ),
        text(
            "image.timeout",
            None,
            "seconds that the server may send nothing; 30 by default",
            set=disk.leave,
        ),
    )


_RESERVATIONS = "source/reservations"

DISK = Group(
    "disk",
    "devices/disk",
    "disks, CD-ROMs and floppies",
    device(
        text("type", "@type", "file, block, dir, network, volume, nvme or vhostuser"),
        text(
            "backing_store",
            None,
            "image that a new one is based on, as a path or POOL/VOLUME",
            set=disk.leave,
        ),
        text(
            "backing_format", None, "format of the image that a new one is based on", set=disk.leave
        ),
        *_image(),
        text("pool", None, "storage pool that a new volume is created in", set=disk.leave),
        text("vol", None, "existing volume, as POOL/VOLUME", set=disk.leave),
        text(
            "size",
            None,
            "size of the volume, in GiB; a smaller one grows",
            set=disk.leave,
            unit="GiB",
        ),
        text("format", None, "format of a new volume: qcow2, raw…", set=disk.leave),
        yes_no(
            "sparse",
            None,
            "whether a new volume grows as it is written to; yes by default, and an explicit yes "
            "lets it be larger than the free space of its pool",
            set=disk.leave,
        ),
        yes_no(
            "move",
            None,
            "whether the disk of an existing domain moves to the ``pool``, ``vol`` or ``path``, and to "
            "the ``format``, that the entry names, also while the guest runs; no by default",
            set=disk.leave,
        ),
        yes_no(
            "remove_source",
            None,
            "whether the old volume of a disk that has moved is removed; no by default",
            set=disk.leave,
        ),
        text(
            "move_timeout",
            None,
            "seconds without progress after which moving is given up; 300 by default",
            set=disk.leave,
        ),
        text("perms", None, "rw, ro for readonly or sh for shareable", set=disk.leave),
        text("bus", "target/@bus", "virtio, scsi, sata, ide, usb, fdc…"),
        text("cache", "driver/@cache", "none, writeback, writethrough, directsync or unsafe"),
        text("source.dir", "source/@dir", "directory that the guest sees as a FAT disk"),
        text("source.file", "source/@file", "path of an image"),
        text("source.dev", "source/@dev", "path of a block device"),
        text("source.pool", "source/@pool", "pool of a disk with type volume", "source_pool"),
        text(
            "source.volume", "source/@volume", "volume of a disk with type volume", "source_volume"
        ),
        text(
            "source.name",
            "source/@name",
            "what a network disk is called on its server",
            "source_name",
        ),
        text(
            "source.protocol",
            "source/@protocol",
            "nbd, iscsi, rbd, gluster, https…",
            "source_protocol",
        ),
        text(
            "source.startupPolicy",
            "source/@startupPolicy",
            "mandatory, requisite or optional: whether the guest starts without it",
            "startup_policy",
        ),
        text("source.type", "source/@type", "pci, for a disk with type nvme"),
        integer("source.namespace", "source/@namespace", "NVMe namespace"),
        yes_no(
            "source.managed",
            "source/@managed",
            "whether libvirt detaches the NVMe controller from the host",
        ),
        integer(
            "source.address.domain", "source/address/@domain", "PCI domain of the NVMe controller"
        ),
        integer("source.address.bus", "source/address/@bus", "PCI bus of the NVMe controller"),
        integer("source.address.slot", "source/address/@slot", "PCI slot of the NVMe controller"),
        integer(
            "source.address.function",
            "source/address/@function",
            "PCI function of the NVMe controller",
        ),
        text(
            "source.host[].name",
            "source/host[{}]/@name",
            "server of a network disk",
            "source_host_name",
        ),
        integer(
            "source.host[].port", "source/host[{}]/@port", "port of the server", "source_host_port"
        ),
        text(
            "source.host[].socket",
            "source/host[{}]/@socket",
            "path of the server's socket",
            "source_host_socket",
        ),
        text(
            "source.host[].transport",
            "source/host[{}]/@transport",
            "tcp, unix or rdma",
            "source_host_transport",
        ),
        *source_labels(aliased=True),
        text(
            "path", None, "image, block device, directory or URL, existing or new", set=disk.leave
        ),
        text("device", "@device", "disk, cdrom, floppy or lun"),
        text(
            "snapshot",
            "@snapshot",
            "internal, external, manual or no",
            "snapshot_policy",
            words=("", "no"),
        ),
        text("sgio", "@sgio", "filtered or unfiltered SCSI commands of a lun"),
        yes_no("rawio", "@rawio", "whether the emulator may send raw SCSI commands"),
        text("serial", "serial", "serial number that the guest sees"),
        text("wwn", "wwn", "World Wide Name, 16 hexadecimal digits"),
        presence("readonly", "readonly", "whether the guest can't write to it"),
        presence("shareable", "shareable", "whether several domains may use it at once"),
        presence("transient", "transient", "whether changes are dropped when the guest stops"),
        yes_no(
            "transient.shareBacking",
            "transient/@shareBacking",
            "whether several domains may use the image beneath",
        ),
        text("target.bus", "target/@bus", "virtio, scsi, sata, ide, usb, fdc…"),
        on_off(
            "target.removable",
            "target/@removable",
            "whether the guest sees a removable medium",
            "removable",
        ),
        text("target.dev", "target/@dev", "name that orders disks, such as vda", "target"),
        integer(
            "target.rotation_rate",
            "target/@rotation_rate",
            "rotations each minute, 1 for solid state",
            "rotation_rate",
        ),
        text(
            "driver.cache", "driver/@cache", "none, writeback, writethrough, directsync or unsafe"
        ),
        text("driver.discard", "driver/@discard", "unmap or ignore", "discard"),
        text(
            "driver.detect_zeroes",
            "driver/@detect_zeroes",
            "off, on or unmap",
            "detect_zeroes",
            words=("on", "off"),
        ),
        text("driver.name", "driver/@name", "name of the driver, such as qemu", "driver_name"),
        text("driver.type", "driver/@type", "format of the image", "driver_type"),
        on_off(
            "driver.copy_on_read",
            "driver/@copy_on_read",
            "whether what is read is copied from the image beneath",
        ),
        text("driver.io", "driver/@io", "threads, native or io_uring", "io"),
        integer("driver.iothread", "driver/@iothread", "number of the I/O thread to use"),
        integer("driver.queues", "driver/@queues", "number of virtqueues"),
        text(
            "driver.error_policy",
            "driver/@error_policy",
            "stop, report, ignore or enospace",
            "error_policy",
        ),
        on_off(
            "driver.discard_no_unref",
            "driver/@discard_no_unref",
            "whether what is discarded stays allocated in a qcow2, against fragments",
        ),
        integer("driver.queue_size", "driver/@queue_size", "size of a virtqueue"),
        integer(
            "driver.metadata_cache.max_size",
            "driver/metadata_cache/max_size",
            "most memory for the tables of a qcow2",
            unit_option="driver.metadata_cache.max_size.unit",
        ),
        text(
            "driver.metadata_cache.max_size.unit",
            "driver/metadata_cache/max_size/@unit",
            "unit of the size",
        ),
        _tune("read_bytes_sec", "bytes that may be read each second"),
        _tune("write_bytes_sec", "bytes that may be written each second"),
        _tune("total_bytes_sec", "bytes that may be read or written each second"),
        _tune("read_iops_sec", "reads each second"),
        _tune("write_iops_sec", "writes each second"),
        _tune("total_iops_sec", "reads and writes each second"),
        text(
            "blockio.logical_block_size",
            "blockio/@logical_block_size",
            "block size that the guest sees",
            "logical_block_size",
            unit="b",
        ),
        text(
            "blockio.physical_block_size",
            "blockio/@physical_block_size",
            "block size of the medium",
            "physical_block_size",
            unit="b",
        ),
        text(
            "blockio.discard_granularity",
            "blockio/@discard_granularity",
            "smallest amount that the guest can discard",
            unit="b",
        ),
        integer("geometry.cyls", "geometry/@cyls", "number of cylinders"),
        integer("geometry.heads", "geometry/@heads", "number of heads"),
        integer("geometry.secs", "geometry/@secs", "sectors of a track"),
        text("geometry.trans", "geometry/@trans", "translation: auto, lba or none"),
        yes_no(
            "source.reservations.managed",
            f"{_RESERVATIONS}/@managed",
            "whether libvirt runs the helper for SCSI reservations",
            "reservations.managed",
        ),
        text(
            "source.reservations.source.type",
            f"{_RESERVATIONS}/source/@type",
            "unix, for one's own helper",
            "reservations.source.type",
        ),
        text(
            "source.reservations.source.path",
            f"{_RESERVATIONS}/source/@path",
            "socket of the helper",
            "reservations.source.path",
        ),
        text(
            "source.reservations.source.mode",
            f"{_RESERVATIONS}/source/@mode",
            "client",
            "reservations.source.mode",
        ),
        boot_order=True,
        boot_parameter=True,
        virtio=True,
    ),
    flags=("--disk",),
    is_list=True,
    element=Disk,
    aliases=("disks",),
    first=("path",),
    none=Nothing.UNWANTED,
    prepare=disk.prepare,
    finish=disk.finish,
)
