# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents, made fit for this host."""

from __future__ import annotations

import functools
import os
import pathlib
import re

from lxml import etree

#: What isn't XML, for the parser's test.
_NO_XML = ("broken-xml-invalid",)
_TOP = pathlib.Path(__file__).resolve().parents[2]
_IN_SOURCE = ("qemuxml2argvdata", "qemuxmlconfdata", "genericxml2xmlindata")
#: libvirt's names of architectures, and QEMU's of its programs.
PROGRAMS = {"i686": "x86_64", "armv7l": "arm", "ppc64le": "ppc64"}


#: The libvirt that ../shared/corpus is of.
_SHARED_VERSION = 9000000
#: The share of the documents that one run tries: every tenth with 0.1.
_SHARE = float(os.environ.get("CORPUS_SHARE", "1"))


@functools.cache
def version() -> int:
    """The libvirt that the documents are of, as virGetVersion() counts: 9.1.2 is 9001002."""
    source = os.environ.get("LIBVIRT_SOURCE")
    if not source:
        return _SHARED_VERSION
    build = (pathlib.Path(source) / "meson.build").read_text(encoding="utf-8")
    found = re.search(r"version: '(\d+)\.(\d+)\.(\d+)'", build)
    assert found is not None
    major, minor, release = map(int, found.groups())
    return major * 1000000 + minor * 1000 + release


@functools.cache
def all_paths() -> tuple[pathlib.Path, ...]:
    """The documents' files, sorted by name."""
    source = os.environ.get("LIBVIRT_SOURCE")
    if source:
        folders = [pathlib.Path(source) / "tests" / name for name in _IN_SOURCE]
    else:
        folders = [_TOP.parent / "shared" / "corpus" / "domain"]
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.xml"))]
    return tuple(path for path in found if path.stem not in _NO_XML)


def paths() -> tuple[pathlib.Path, ...]:
    """The share of them that this run tries."""
    return all_paths()[:: round(1 / _SHARE)]


def plugged_into() -> list[pathlib.Path]:
    """Guests, as libvirt's own tests plug devices into them."""
    source = os.environ.get("LIBVIRT_SOURCE")
    if source:
        return sorted((pathlib.Path(source) / "tests" / "qemuhotplugtestdomains").glob("*.xml"))
    return sorted((_TOP.parent / "shared" / "corpus" / "hotplug-domain").glob("*.xml"))


def seeds() -> list[pathlib.Path]:
    """Definitions as libvirt itself writes them, with nothing left to assign."""
    return sorted((_TOP.parent / "shared" / "seed").glob("*.xml"))


#: Each worker's domains have names of their own.
_PREFIX = f"corpus{os.environ.get('PYTEST_XDIST_WORKER', '')}-"
_OTHERS = re.compile(rf"(?!{_PREFIX})corpusgw\d+-")


def name_of(path: pathlib.Path) -> str:
    """The name that the domain gets."""
    return _PREFIX + re.sub("[^a-z0-9]", "-", path.stem.lower())


def is_of_another_worker(name: str) -> bool:
    """Whether a domain comes and goes with what runs beside this."""
    return _OTHERS.match(name) is not None


def document(path: pathlib.Path) -> str:
    """The document with a name of ours, without UUID, for an installed QEMU.

    The UUID is left out because that is what a person writes.
    """
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False)).getroot()
    name = root.find("name")
    if name is not None:
        name.text = name_of(path)
    for element in root.findall("uuid"):
        root.remove(element)
    kind = root.find("os/type")
    arch = (kind.get("arch") if kind is not None else None) or "x86_64"
    for emulator in root.findall("devices/emulator"):
        emulator.text = f"/usr/bin/qemu-system-{PROGRAMS.get(arch, arch)}"
    return etree.tostring(root, encoding="unicode")


def without_chance(definition: str, text: str) -> str:
    """A definition without what libvirt draws by lot: UUID, MACs, genid."""
    definition = re.sub("<(uuid|genid)>[^<]*<", r"<\1><", definition)
    said = set(re.findall(r"mac address=['\"]([^'\"]*)", text.lower()))

    def masked(found: re.Match[str]) -> str:
        return found[0] if found[1].lower() in said else "<mac/>"

    return re.sub(r"<mac address='([^']*)'/>", masked, definition)


def by_hand(text: str) -> str:
    """The document as a person writes it: no MACs, PCI addresses or aliases."""
    root = etree.fromstring(text)
    for device in root.findall("devices/*"):
        for part in device.findall("*"):
            is_address = part.tag == "address" and part.get("type") == "pci"
            is_mac = part.tag == "mac" and device.tag == "interface"
            if is_address or is_mac or part.tag == "alias":
                device.remove(part)
    return etree.tostring(root, encoding="unicode")


def fragments(text: str) -> list[str]:
    """The document in parts: each setting, all devices of a kind, each device."""
    root = etree.fromstring(text)
    name = root.findtext("name")
    parts: list[list[etree._Element]] = []
    devices = root.find("devices")
    found = []
    for child in root:
        if child.tag not in ("name", "devices") and isinstance(child.tag, str):
            found.append(_around(name, child))
    if devices is not None:
        kinds = {child.tag for child in devices if isinstance(child.tag, str)}
        for kind in sorted(kinds):
            parts.append(devices.findall(kind))
        parts += [[child] for child in devices if isinstance(child.tag, str)]
    for part in parts:
        inner = etree.Element("devices")
        inner.extend([etree.fromstring(etree.tostring(device)) for device in part])
        found.append(_around(name, inner))
    return found


def _around(name: str | None, element: etree._Element) -> str:
    root = etree.Element("domain")
    etree.SubElement(root, "name").text = name
    root.append(etree.fromstring(etree.tostring(element)))
    return etree.tostring(root, encoding="unicode")


def in_one_order(text: str) -> str:
    """A definition with its devices sorted.

    When libvirt defines a domain anew it may list its devices in another
    order, which has no meaning.
    """
    root = etree.fromstring(text, etree.XMLParser(remove_blank_text=True))
    devices = root.find("devices")
    if devices is not None:
        devices[:] = sorted(devices, key=lambda device: (device.tag, etree.tostring(device)))
    return etree.tostring(root, encoding="unicode")


def without_placement(definition: str, text: str) -> str:
    """A definition without the places that the document leaves to libvirt.

    A device that was lost and comes back gets the next free address or number,
    unless the document says which.
    """
    said = etree.fromstring(text)
    root = etree.fromstring(definition, etree.XMLParser(remove_blank_text=True))
    addressed = {
        device.tag for device in said.findall("devices/*") if device.find("address") is not None
    }
    numbered = {
        device.get("type")
        for device in said.findall("devices/controller")
        if device.get("index") is not None
    }
    for device in root.findall("devices/*"):
        if device.tag not in addressed:
            for address in device.findall("address"):
                device.remove(address)
        if device.tag == "controller" and device.get("type") not in numbered:
            for name in ("index",):
                device.attrib.pop(name, None)
            for part in device.findall("address") + device.findall("master"):
                device.remove(part)
        if device.tag == "interface" and said.find("devices/interface/mac") is None:
            for part in device.findall("mac"):
                device.remove(part)
    return in_one_order(etree.tostring(root, encoding="unicode"))
