# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents, made so that more of them can be started on this host."""

from __future__ import annotations

import functools
import pathlib
import subprocess
import tempfile

from lxml import etree

#: The private libvirtd has it to itself.
_FOLDER = pathlib.Path("/var/lib/libvirt/images/corpus")


def startable(text: str) -> str | None:
    """The document for a guest without KVM, with images, folders and CPUs that exist.

    What it says of them otherwise stays as it is. ``None`` where QEMU would wait, and
    libvirt with it, for another program to connect.
    """
    root = etree.fromstring(text)
    if root.get("type") == "kvm":
        root.set("type", "qemu")
    if root.find("devices/interface[@type='vhostuser']/source[@mode='server']") is not None:
        return None
    for element in root.iter("vcpu", "vcpupin", "emulatorpin", "iothreadpin"):
        if element.get("cpuset") is not None:
            element.set("cpuset", "0")
    for allocation in root.findall("memoryBacking/allocation[@mode='immediate']"):
        # It takes as long as it takes to write to each page.
        allocation.set("mode", "ondemand")
    # A guest that is on its way out has a lock on its images.
    folder = _FOLDER / str(root.findtext("name"))
    folder.mkdir(parents=True, exist_ok=True)
    for disk in root.findall("devices/disk"):
        if disk.get("type") in ("file", "block") and disk.get("device") != "lun":
            _give_images(disk, folder)
    for source in root.findall("devices/filesystem[@type='mount']/source[@dir]"):
        source.set("dir", str(folder))
    return etree.tostring(root, encoding="unicode")


def _give_images(disk: etree._Element, folder: pathlib.Path) -> None:
    driver = disk.find("driver")
    kind = driver.get("type", "raw") if driver is not None else "raw"
    source = disk.find("source")
    if source is not None:
        disk.set("type", "file")
        _give_image(source, kind, folder)
    for store in disk.iter("backingStore"):
        image, form = store.find("source"), store.find("format")
        if image is not None and form is not None and store.get("type") in ("file", "block"):
            store.set("type", "file")
            _give_image(image, str(form.get("type")), folder)


def _give_image(source: etree._Element, kind: str, folder: pathlib.Path) -> None:
    path = source.attrib.pop("dev", None) or source.get("file")
    if path is not None:
        image = folder / f"{path.strip('/').replace('/', '-')}.{kind}"
        image.write_bytes(_empty_image(kind))
        source.set("file", str(image))


@functools.cache
def _empty_image(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "image")
        # QEMU can't make images of each format that it reads.
        path.touch()
        arguments = ["qemu-img", "create", "-q", "-f", kind, str(path), "1M"]
        subprocess.run(arguments, capture_output=True, check=False)
        return path.read_bytes()
