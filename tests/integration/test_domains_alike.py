# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is found out about one domain holds for those that are alike, and for no other.

Estates are drawn by lot, in which a domain often has what another one should have. Each is
foreseen, and made, with that shortcut and without it.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import random
import re
import shutil
import subprocess
import typing as t
from xml.sax.saxutils import escape, quoteattr

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import (
    new_alike,
    proven,
    resolve,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domains
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain import (
    fingerprint,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)

from .hypervisor import Hypervisor, Result, task_of

pytestmark = pytest.mark.usefixtures("no_images")

IMAGES = pathlib.Path("/var/lib/libvirt/images")
SRV = pathlib.Path("/run/lot")
POOL = f"<pool type='dir'><name>default</name><target><path>{IMAGES}</path></target></pool>"
DEFAULTS: dict[str, t.Any] = {
    "virt_type": "qemu",
    "osinfo": "debian11",
    "import": True,
    "memory": 64,
    "graphics": "none",
}
#: Among them are beginnings of others, parts of paths, and numbers.
PLAIN = ("vm1", "vm10", "vm", "web", "web-2", "dev", "images", "ä", "lot", "o", "x.y", "64")
#: XML, Python or virt-install spell these otherwise.
ODD = ("a&b", "a<b", "we b", "x'y", 'q"r', "back\\slash", "a,b", "a%62", "a\u00a0b", "vm1.qcow2")
DISKS = (
    "/var/lib/libvirt/images/{}.qcow2",
    "/var/lib/libvirt/images//{}.qcow2",
    "/var/lib/libvirt/images/../images/{}.qcow2",
    "path=/var/lib/libvirt/images/{}.qcow2",
    "{}.qcow2",
    "default/{}.qcow2",
)
DESCRIPTIONS = ("{name}", "in /{name}", "<{name}/>", "{mac}", "'{mac}'", "{uuid}", "{path}", "x")
KEYS = (
    "disk", "second", "mac", "uuid", "description", "title", "commandline", "vcpus", "filesystem",
    "loader", "serial", "size",
)  # fmt: skip
#: What a document is written with here.
XML_KEYS = ("disk", "mac", "uuid", "description", "title", "vcpus")
_UUID = "0c2e5f0e-7f1c-4f0e-8d83-{:012x}"
_KNOWN_MAC = re.compile(r"5[23]:54:00:00:ab:[0-9a-f]{2}")
_MAC = re.compile(r"52:54:00(?::[0-9a-f]{2}){3}")
_ANY_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Lot:
    """An estate that is drawn by lot: what it is to be, and what it is."""

    def __init__(self, seed: int) -> None:
        draw = self._draw = random.Random(seed)
        self._names = draw.sample(draw.choice([PLAIN, PLAIN, PLAIN + ODD]), draw.randint(5, 9))
        self._is_xml = draw.random() < 0.3
        self.defaults = {} if self._is_xml else DEFAULTS
        keys = XML_KEYS if self._is_xml else KEYS
        self._said = draw.sample(keys, draw.randint(1, 4))
        self._disk = draw.choice(DISKS)
        self._is_upper = draw.random() < 0.3
        self._is_group = draw.random() < 0.3
        self._description = draw.choice(DESCRIPTIONS)
        self._mode = draw.choice(["merge", "merge", "exact"])
        self.wanted: list[dict[str, t.Any]] = []
        self.actual: list[dict[str, t.Any]] = []
        self.damage: dict[str, str] = {}
        self._fill()

    def _fill(self) -> None:
        draw, keys = self._draw, sorted({"disk", *self._said} - {"uuid"})
        for number, name in enumerate(self._names):
            said = dict.fromkeys(KEYS, number)
            has = dict(said)
            kind, key = draw.random(), draw.choice(keys)
            if kind < 0.3:
                has[key] = draw.randrange(len(self._names))
            elif kind < 0.4:
                said[key] = has[key] = draw.randrange(len(self._names))
            elif kind < 0.5:
                said[key] = draw.randrange(len(self._names))
            self.wanted.append(self._item(number, name, said))
            if draw.random() < 0.8:
                self.actual.append(self._item(number, name, has))
            if draw.random() < 0.15:
                self.damage[name] = draw.choice(["gone", "raw", "larger"])

    def _item(self, number: int, name: str, numbers: t.Mapping[str, int]) -> dict[str, t.Any]:
        make = self._document if self._is_xml else self._options
        return {"name": name, "mode": self._mode, **make(number, name, numbers)}

    def _options(self, number: int, name: str, numbers: t.Mapping[str, int]) -> dict[str, t.Any]:
        names = {key: self._names[value] for key, value in numbers.items()}
        second = f"{SRV}/{numbers['second']}.img"
        filesystem = {
            "source": {"dir": f"{SRV}/{numbers['filesystem']}"},
            "target": {"dir": f"/{names['filesystem']}"},
        }
        values: dict[str, tuple[str, t.Any]] = {
            "uuid": ("uuid", _UUID.format(number)),
            "description": ("description", self._text(numbers)),
            "title": ("metadata", {"title": f"the {names['title']}"}),
            "commandline": (
                "qemu_commandline",
                f"-device e1000,mac={self._mac(numbers, 'commandline')}",
            ),
            "vcpus": ("vcpus", 1 + numbers["vcpus"] % 2),
            "filesystem": ("filesystem", filesystem),
            "loader": ("boot", {"loader": f"{SRV}/{numbers['loader']}.fd"}),
            "serial": (
                "serial",
                {"type": "file", "source": {"path": f"{SRV}/{numbers['serial']}"}},
            ),
        }
        network = {"network": "default"}
        if "mac" in self._said:
            network["mac"] = self._mac(numbers, "mac")
        return {
            "disks": [
                self._disk_of(names["disk"], numbers["size"]),
                *([{"path": second}] if "second" in self._said else []),
            ],
            "network": network,
            **dict(values[key] for key in self._said if key in values),
        }

    def _document(self, number: int, name: str, numbers: t.Mapping[str, int]) -> dict[str, t.Any]:
        names = {key: self._names[value] for key, value in numbers.items()}
        path = self._disk.rpartition("=")[2].format(names["disk"])
        if not path.startswith("/"):
            path = f"{IMAGES}/{path.rpartition('/')[2]}"
        said = {
            "uuid": f"<uuid>{_UUID.format(number)}</uuid>",
            "title": f"<title>the {escape(names['title'])}</title>",
            "description": f"<description>{escape(self._text(numbers))}</description>",
            "vcpus": f"<vcpu>{1 + numbers['vcpus'] % 2}</vcpu>",
        }
        mac = f'<mac address="{self._mac(numbers, "mac")}"/>' if "mac" in self._said else ""
        return {
            "xml": f"""<domain type="qemu"><name>{escape(name)}</name>
            {"".join(said[key] for key in ("uuid", "title", "description") if key in self._said)}
            <memory unit="MiB">64</memory>{said["vcpus"] if "vcpus" in self._said else ""}
            <os><type>hvm</type></os>
            <devices><disk type="file"><driver name="qemu" type="qcow2"/>
            <source file={quoteattr(path)}/><target dev="vda" bus="virtio"/></disk>
            <interface type="network">{mac}<source network="default"/></interface>
            </devices></domain>"""
        }

    def _mac(self, numbers: t.Mapping[str, int], key: str) -> str:
        first = "53" if self._is_group and numbers[key] % 4 == 3 else "52"
        address = f"{first}:54:00:00:ab:{numbers[key]:02x}"
        return address.upper() if self._is_upper else address

    def _text(self, numbers: t.Mapping[str, int]) -> str:
        number = numbers["description"]
        return self._description.format(
            name=self._names[number],
            mac=self._mac(numbers, "description"),
            uuid=_UUID.format(number),
            path=f"{SRV}/{number}.img",
        )

    def _disk_of(self, name: str, number: int) -> t.Any:
        value, size = self._disk.format(name), 2 if number % 4 == 3 else 1
        has_size = "size" in self._said
        if value.startswith("path="):
            return value.replace(",", ",,") + (f",size={size}" if has_size else "")
        if value.startswith("default/"):
            return {"vol": value}
        return {"path": value, **({"size": size} if has_size else {})}


class Surroundings:
    """What the domains of a lot use, and what happened to it."""

    def __init__(self, hypervisor: Hypervisor) -> None:
        self._hypervisor = hypervisor
        self._pool = hypervisor.raw.storagePoolDefineXML(POOL)
        self._pool.create()
        self._images = {size: self._image(size) for size in ("1G", "3G")}

    def _image(self, size: str) -> bytes:
        path = SRV / "image"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, size], check=True)
        return path.read_bytes()

    def become(self, lot: Lot) -> None:
        self._hypervisor.clear()
        for path in IMAGES.iterdir():
            path.unlink()
        for name in (*PLAIN, *ODD):
            (IMAGES / f"{name}.qcow2").write_bytes(self._images["1G"])
        self._pool.refresh()
        # Not every one can be; those that can't are missing.
        task_of(domains, domains=lot.actual, defaults=lot.defaults)
        for name, damage in lot.damage.items():
            path = IMAGES / f"{name}.qcow2"
            if damage == "gone":
                path.unlink()
            else:
                path.write_bytes(bytes(1024) if damage == "raw" else self._images["3G"])
        self._pool.refresh()


@pytest.fixture
def surroundings(hypervisor: Hypervisor, monkeypatch: t.Any) -> t.Iterator[Surroundings]:
    monkeypatch.chdir(IMAGES)
    SRV.mkdir(parents=True)
    for number in range(10):
        for ending in (".img", ".fd"):
            (SRV / f"{number}{ending}").write_bytes(bytes(512))
    yield Surroundings(hypervisor)
    shutil.rmtree(SRV)


@contextlib.contextmanager
def without_shortcut() -> t.Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proven.UnchangedDomains, "outcome", lambda *_all: None)
        patch.setattr(new_alike.NewDomains, "result", lambda *_all: None)
        patch.setattr(fingerprint.Proven, "is_known", lambda *_all: False)
        yield


def told(result: Result) -> str:
    """What a task returns, without times and without what libvirt draws by lot."""
    values = {key: value for key, value in result.values.items() if key != "timings"}
    values.pop("invocation", None)
    text = json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False)
    text = _MAC.sub(lambda one: one[0] if _KNOWN_MAC.match(one[0]) else "MAC", text)
    return _ANY_UUID.sub("UUID", text)


def definitions(hypervisor: Hypervisor) -> str:
    text = "".join(hypervisor.definition(name) for name in sorted(hypervisor.names()))
    text = _MAC.sub(lambda one: one[0] if _KNOWN_MAC.match(one[0]) else "MAC", text)
    return _ANY_UUID.sub("UUID", text)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_differs(hypervisor: Hypervisor, surroundings: Surroundings, seed: int) -> None:
    lot = Lot(seed)
    surroundings.become(lot)
    foreseen = told(task_of(domains, True, True, domains=lot.wanted, defaults=lot.defaults))
    with without_shortcut():
        slow = told(task_of(domains, True, True, domains=lot.wanted, defaults=lot.defaults))
    assert foreseen == slow
    done = told(task_of(domains, False, True, domains=lot.wanted, defaults=lot.defaults))
    made = definitions(hypervisor)
    surroundings.become(lot)
    with without_shortcut():
        slow = told(task_of(domains, False, True, domains=lot.wanted, defaults=lot.defaults))
    assert done == slow
    assert made == definitions(hypervisor)


def _new(number: int, **options: t.Any) -> dict[str, t.Any]:
    """A domain whose disk isn't named like it, with a MAC address of its own."""
    return {
        "name": f"new-{number}",
        "disks": [{"path": str(IMAGES / f"{PLAIN[number]}.qcow2"), "size": 1}],
        "network": {"network": "default", "mac": f"52:54:00:00:ab:0{number}"},
        **options,
    }


def test_new_ones_follow_from_the_first_two_that_are_alike(
    hypervisor: Hypervisor, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    surroundings.become(Lot(0))
    hypervisor.clear()
    # What is at the path of one is something else.
    (IMAGES / f"{PLAIN[4]}.qcow2").write_bytes(bytes(1024))
    wanted = [_new(number) for number in range(7)]
    wanted[5]["vcpus"] = 2
    wanted[6]["disks"][0]["path"] = f"{IMAGES}//{PLAIN[6]}.qcow2"
    made = []

    def noted(host: t.Any, options: t.Mapping[str, t.Any], *rest: t.Any) -> t.Any:
        made.append(options["name"])
        return domain_defaults(host, options, *rest)

    monkeypatch.setattr(resolve, "domain_defaults", noted)
    foreseen = told(task_of(domains, True, True, domains=wanted, defaults=DEFAULTS))
    assert made == ["new-0", "new-1", "new-4", "new-5", "new-6"]
    done = told(task_of(domains, False, True, domains=wanted, defaults=DEFAULTS))
    defined = definitions(hypervisor)
    hypervisor.clear()
    with without_shortcut():
        assert foreseen == told(task_of(domains, True, True, domains=wanted, defaults=DEFAULTS))
        assert done == told(task_of(domains, False, True, domains=wanted, defaults=DEFAULTS))
    assert defined == definitions(hypervisor)
