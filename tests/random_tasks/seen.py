# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virsh would show of a domain, and what of it differs unsaid."""

from __future__ import annotations

import copy
import dataclasses
import re
import typing as t

import libvirt
from lxml import etree

from . import material

_DEFINITION = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
_Node = etree._Element


@dataclasses.dataclass(frozen=True)
class Seen:
    """The domain at one moment: its documents, and what stands beside them."""

    definition: str | None
    live: str | None
    state: int | None
    number: int | None
    autostart: bool | None


def look(raw: t.Any) -> Seen:
    """The domain as it is now."""
    found = [one for one in raw.listAllDomains() if one.name() == material.NAME]
    if not found:
        return Seen(None, None, None, None, None)
    domain = found[0]
    is_active = domain.isActive()
    return Seen(
        domain.XMLDesc(_DEFINITION) if domain.isPersistent() else None,
        domain.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE) if is_active else None,
        domain.state()[0],
        domain.ID() if is_active else None,
        bool(domain.autostart()) if domain.isPersistent() else None,
    )


#: What a running guest's document shows of the guest's own doing, or numbers by itself.
_OF_THE_GUEST = ("/domain/devices/channel/target/@state", "/domain/devices/disk/target/@tray")


def unsaid(
    before: str, after: str, changes: t.Sequence[dict[str, t.Any]], of_guest: bool = False
) -> list[str]:
    """The paths of what differs between two documents and is part of no change.

    What each change speaks of is taken out of both documents; the rest has to be the same,
    whatever its order.
    """
    old, new = _parsed(before), _parsed(after)
    steps = _steps(changes)
    renamed = _renamed(steps)
    original = _renamed({new: old for old, new in steps.items()})
    for node in (*old.iter(), *new.iter()):
        if not (node.attrib or len(node) or (node.text or "").strip()):
            # That it is there is all that it says.
            node.set("there", "yes")
    for device in (*old.iter("interface"), *new.iter("interface")):
        _as_defined(device)
    if any(_SERIAL.match(one["path"]) for one in changes):
        for device in (*old.iter("console"), *new.iter("console")):
            if device.xpath("target/@type='serial'"):
                # It is the serial port once more, of which everything is said.
                device.set("out", "")
    gone: list[tuple[str, list[_Node]]] = []
    places: list[_Node] = []
    for one in changes:
        path, op, step = one["path"], one["op"], _DEVICE.match(one["path"])
        theirs = _found(old, path) or _found(old, original(path))
        ours = _found(new, renamed(path))
        is_value = _ATTRIBUTE.search(path) is not None
        # What the definition gets or loses the guest may have, or lack, all the time.
        is_new_name = any(path == name or path.startswith(f"{name}/") for name in steps.values())
        is_same = not is_new_name and _texts(theirs) == _texts(ours)
        is_there = is_value or (bool(theirs and ours) and (of_guest or is_same))
        # One without a name of its own stands anywhere.
        is_there = is_there and not (op == "add" and _NAMELESS.search(path))
        if op == "add" and one["when"] == "live" and not of_guest and theirs and ours:
            # The guest has got what was defined before.
            continue
        theirs = theirs if op != "add" or is_there else []
        ours = ours if op != "remove" or is_there else []
        if step is not None and step[0] == path and op == "add" and not is_there:
            ours = _added(old, new, one["after"])
        elif step is not None and step[0] != path and _PLACED.search(path):
            # One that becomes another may get another address, of which nothing is said.
            places += (*_found(old, original(step[0])), *_found(new, renamed(step[0])))
        gone.append((path, [*theirs, *ours]))
    for device in (*old.iter("disk"), *new.iter("disk")):
        device.set("mark", device.xpath("string(target/@dev)"))
    for path, nodes in gone:
        for node in nodes:
            _take_out(node, path)
    for device in places:
        for address in device.findall("address"):
            address.set("out", "")
    return _without_common(
        sorted(_lines(old)), sorted(_lines(new)), [one["path"] for one in changes]
    )


def _as_defined(interface: _Node) -> None:
    """A running guest's interface on a network shows what the network came to."""
    source = interface.find("source")
    if source is not None and source.get("network") is not None:
        interface.set("type", "network")
        for name in ("bridge", "dev", "mode", "portid"):
            source.attrib.pop(name, None)
    target = interface.find("target")
    if target is not None and target.get("dev", "").startswith("vnet"):
        # libvirt gives such names when a guest starts, and keeps none in a definition.
        del target.attrib["dev"]


#: A change of the serial port, which the first console mirrors.
_SERIAL = re.compile(r"/domain/devices/(serial|console)\b")
#: What of a device decides where it may be plugged in.
_PLACED = re.compile(
    r"/@(bus|model|type|index|dev|port|ports|name|controller|domain|slot|function|unit|target)$"
    r"|/(address|model|master)$"
)
#: A device by its number alone.
_NAMELESS = re.compile(r"/devices/[\w-]+(\[\d+\])?$")
#: The part of a path that is a device; a predicate may hold a slash.
_DEVICE = re.compile(r"/domain/devices/[\w-]+(\[[^\]]*\])*")


def _added(old: _Node, new: _Node, text: str) -> list[_Node]:
    """The device that is new, which may have no name until it is defined."""
    wanted = etree.fromstring(text, etree.XMLParser(remove_blank_text=True))
    kind = wanted.get("type")
    _as_defined(wanted)
    # libvirt keeps the type that a running guest's document gives an interface.
    ways = [wanted, copy.deepcopy(wanted)]
    ways[1].attrib.update({} if kind is None else {"type": kind})
    before = {_who(one) for one in old.iter(str(wanted.tag))}
    for one in new.iter(str(wanted.tag)):
        if (
            _who(one) not in before
            and one.get("out") is None
            and any(_has(one, way) for way in ways)
        ):
            one.set("out", "")
            return [one]
    return []


def _who(device: _Node) -> t.Any:
    """What a device is known by, or all of it."""
    if device.tag == "disk":
        return device.xpath("string(target/@dev)")
    mac = device.xpath("string(mac/@address)")
    return mac or etree.tostring(device)


def _has(one: _Node, wanted: _Node) -> bool:
    """Whether a device has what is said of it, as far as that is kept as it was written."""
    return all(
        one.xpath(f"string({path})") == value
        for path in (
            "@type",
            "@device",
            "@bus",
            "@model",
            "mac/@address",
            "target/@dev",
            "target/@type",
            "target/@name",
            "@index",
        )
        for value in wanted.xpath(path)
    )


def _texts(nodes: t.Iterable[_Node]) -> list[bytes]:
    return [etree.tostring(one) for one in nodes]


def _steps(changes: t.Sequence[dict[str, t.Any]]) -> dict[str, str]:
    """How the path of a device reads afterwards, where what it is named by is changed itself."""
    steps: dict[str, str] = {}
    for one in changes:
        step, bracket, value = one["path"].rpartition("]/")
        step += bracket[:1]
        predicate = f"[{value}='{one['before']}']"
        if one["op"] == "modify" and predicate in step:
            now = steps.get(step, step)
            steps[step] = now.replace(predicate, f"[{value}='{one['after']}']")
    return steps


def _renamed(steps: dict[str, str]) -> t.Callable[[str], str]:
    def renamed(path: str) -> str:
        for old, new in steps.items():
            if path == old or path.startswith(f"{old}/"):
                return new + path[len(old) :]
        return path

    return renamed


#: A device of a running guest, by its tag and its alias.
Device = tuple[str, str]


def _device(node: _Node) -> Device:
    return str(node.tag), str(node.xpath("string(alias/@name)"))


def devices(live: str | None) -> list[tuple[Device, t.Any]]:
    """The devices of a running guest, each with what it is known by."""
    return [] if live is None else [(_device(one), _who(one)) for one in _devices_of(_parsed(live))]


def _devices_of(root: _Node) -> list[_Node]:
    return [one for found in root.iterchildren("devices") for one in found]


def at(live: str | None, paths: t.Iterable[str]) -> frozenset[Device]:
    """Those of them that stand at these paths."""
    if live is None:
        return frozenset()
    root = _parsed(live)
    whole = [path for path in paths if (step := _DEVICE.match(path)) and step[0] == path]
    return frozenset(_device(node) for path in whole for node in _found(root, path))


def without(live: str | None, gone: t.Container[Device]) -> str | None:
    """The running guest's document without these devices."""
    if live is None:
        return None
    root = _parsed(live)
    for found in root.iterchildren("devices"):
        for node in list(found):
            if _device(node) in gone:
                found.remove(node)
    return str(etree.tostring(root, encoding="unicode"))


def _parsed(text: str) -> _Node:
    return etree.fromstring(text, etree.XMLParser(remove_blank_text=True))


#: An attribute at the end of a path; a predicate ends otherwise.
_ATTRIBUTE = re.compile(r"/@([^/\]']+)$")


def _found(root: _Node, path: str) -> list[_Node]:
    """The elements that a change's path stands for in one of the documents."""
    path = _ATTRIBUTE.sub("", path)
    if "/metadata/" in path:
        # Applications have namespaces of their own, which a path doesn't name.
        above, _metadata, below = path.partition("/metadata/")
        steps = "/".join(
            re.sub(r"^[\w.-]+", r"*[local-name()='\g<0>']", s) for s in below.split("/")
        )
        path = f"{above}/metadata/{steps}"
    try:
        return list(root.getroottree().xpath(path, namespaces=_SPACES))
    except etree.XPathError:
        # What is no part of a document: a state, a volume.
        return []


_SPACES = {"qemu": "http://libvirt.org/schemas/domain/qemu/1.0"}


def _take_out(node: _Node, path: str) -> None:
    attribute = _ATTRIBUTE.search(path)
    if attribute is None:
        node.set("out", "")
    else:
        node.attrib.pop(attribute[1], None)


def _lines(node: _Node, above: str = "") -> t.Iterator[str]:
    """One line for each value: its path and what it is."""
    if node.get("out") is not None:
        return
    mark = f"[{node.get('mark')}]" if node.get("mark") else ""
    path = f"{above}/{node.tag!s}{mark}"
    for name, value in sorted((str(name), str(value)) for name, value in node.attrib.items()):
        is_number = name == "index" and node.tag in ("source", "backingStore")
        if f"{path}/@{name}" not in _OF_THE_GUEST and name != "mark" and not is_number:
            yield f"{path}/@{name}={value}"
    if node.text and node.text.strip():
        yield f"{path}={node.text.strip()}"
    for child in node:
        yield from _lines(child, path)


def _without_common(old: list[str], new: list[str], changed: list[str]) -> list[str]:
    left = list(new)
    gone = []
    for line in old:
        if line in left:
            left.remove(line)
        else:
            gone.append(line)
    # What libvirt adds by itself, for something that is new, has moved nothing.
    added = [line for line in left if not _is_implied(line, gone, changed)]
    # The first video device is the primary one.
    videos = any(path.startswith("/domain/devices/video") for path in changed)
    is_primary = re.compile("/domain/devices/video/model/@primary=" if videos else "$^")
    gone = [line for line in gone if not is_primary.match(line)]
    # A thread goes with their number.
    threads = any(path == "/domain/iothreads" for path in changed)
    gone = [line for line in gone if not (threads and line.startswith("/domain/iothreadids/"))]
    return [f"-{line}" for line in gone] + [f"+{line}" for line in added]


_DEVICES = "/domain/devices/"
#: What libvirt adds to a document by itself, and what has to be changed for that.
_IMPLIED: tuple[tuple[str, str], ...] = (
    # A device needs a controller; or the machine is another.
    (f"{_DEVICES}controller/", f"{_DEVICES}|/domain/os/type/@"),
    # Who sees the guest needs a picture of it, and can type.
    (f"{_DEVICES}(video|input|audio)/", f"{_DEVICES}(graphics|video|input)|/domain/os/type/@"),
    (f"{_DEVICES}audio/", f"{_DEVICES}sound"),
    (f"{_DEVICES}video/model/", f"{_DEVICES}video"),
    (f"{_DEVICES}(console|serial)/", f"{_DEVICES}(console|serial)"),
    # Ports are multiplied by hubs.
    (f"{_DEVICES}hub/", _DEVICES),
    ("/domain/cpu/", "/domain/(cpu|vcpu|os/type/@)"),
    (f"{_DEVICES}disk[^/]*/backingStore/", f"{_DEVICES}disk"),
    # The format of a medium is found when it is put in.
    (f"{_DEVICES}disk[^/]*/driver/@type", f"{_DEVICES}disk"),
    # libvirt 9.0 writes one for a serial port of USB that was unplugged.
    (f"{_DEVICES}parallel/", f"{_DEVICES}serial"),
    ("/domain/iothreadids/iothread/", "/domain/iothreads"),
    # The guest boots from its disks where no device has an order.
    ("/domain/os/boot/", _DEVICES),
)
#: What a device gets when it is defined.
_ASSIGNED = re.compile(r"/domain/devices/([\w-]+)[^/]*/(address|alias|target)/")


def _is_implied(line: str, gone: list[str], changed: list[str]) -> bool:
    path = line.partition("=")[0]
    if any(one.startswith(f"{path}=") for one in gone):
        return False
    assigned = _ASSIGNED.match(line)
    causes = [cause for pattern, cause in _IMPLIED if re.match(pattern, line)]
    if assigned is not None:
        # Of its own, or of all devices of a machine that has become another.
        causes += [f"{_DEVICES}{assigned[1]}", rf"{_DEVICES}\*/address"]
    return any(re.match(cause, one) for cause in causes for one in changed)
