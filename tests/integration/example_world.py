# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the examples of the documentation find on the hypervisor that they are run on."""

from __future__ import annotations

import pathlib
import subprocess
import typing as t

from .guests import Boot, document, start

_IMAGES = pathlib.Path("/var/lib/libvirt/images")
_INTERFACE = (
    "<interface type='network'><mac address='52:54:00:1b:2c:3d'/><source network='default'/>"
    "<model type='virtio'/></interface>"
)

#: Sources whose examples are not run, and why.
WHOLE: dict[str, str] = {}
#: Tasks that are not run, by their source and name, and why.
NOT_HERE: dict[tuple[str, str], str] = {}
#: Tasks that change something each time, and why.
NOT_AGAIN: dict[tuple[str, str], str] = {}
#: The values that the examples expect from elsewhere.
VARIABLES: dict[str, t.Any] = {
    "vault_root_password": "sesame12",
    "vault_ceph_key": "c2VzYW1lMTI=",
    "vault_volume_passphrase": "sesame12",
    "guests": [{"name": "web-1", "disks": [{"size": 1}]}],
    "guest_defaults": {"osinfo": "debian11", "import": True, "virt_type": "qemu"},
}


class World:
    """Images, networks, pools and guests with the names that the examples use."""

    def __init__(self, hypervisor: t.Any, boot: Boot, folder: pathlib.Path) -> None:
        self._hypervisor = hypervisor
        self._boot = boot
        self._folder = folder

    def prepare(self, source: str) -> None:
        """Make what the examples of a source find."""
        _IMAGES.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/srv"], check=True)
        subprocess.run(["ip", "link", "add", "br0", "type", "bridge"], check=True)
        subprocess.run(["ip", "link", "set", "br0", "up"], check=True)
        for name in ("debian-11", "web", "debian-11-generic-amd64"):
            self._image(f"{name}.qcow2")
        for path in ("/var/lib/libvirt/images/livegui.iso", "/srv/images/tools.iso"):
            pathlib.Path(path).parent.mkdir(exist_ok=True)
            pathlib.Path(path).write_bytes(bytes(1 << 20))
        web = self._document("web", _INTERFACE)
        for name in ("files/web.xml", "templates/web.xml.j2"):
            self._write(self._folder / name, web)
        self._write(self._folder / "templates/router.xml.j2", self._document("router", _INTERFACE))
        self._write(pathlib.Path("/srv/domains/web.xml"), web)
        self._write(pathlib.Path("/srv/guests/db.xml"), self._document("db"))
        self._write(
            pathlib.Path("/srv/filters/web.xml"),
            '<filter name="web"><filterref filter="clean-traffic"/></filter>',
        )
        prepare = getattr(self, f"_prepare_{source}", None)
        if prepare is not None:
            prepare()

    def clear(self) -> None:
        """Remove what was made, and what the examples have made."""
        self._hypervisor.clear()
        self._hypervisor.clear_pools()
        for secret in self._hypervisor.raw.listAllSecrets():
            secret.undefine()
        for image in _IMAGES.iterdir():
            image.unlink()
        subprocess.run(["ip", "link", "delete", "br0"], check=False)
        subprocess.run(["umount", "/srv"], check=False)

    def _prepare_domain_device(self) -> None:
        self._pool("fast")
        start(self._hypervisor, self._document("web", _INTERFACE + _DRIVE))

    def _prepare_domain_state(self) -> None:
        self._hypervisor.define(self._document("web", _INTERFACE))

    def _prepare_domain_agent(self) -> None:
        start(self._hypervisor, self._document("web"))

    def _prepare_domain_info(self) -> None:
        start(self._hypervisor, self._document("web-1", _INTERFACE))

    def _pool(self, name: str) -> None:
        path = pathlib.Path(f"/srv/{name}")
        path.mkdir()
        pool = self._hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>{name}</name><target><path>{path}</path></target></pool>"
        )
        pool.create()

    def _document(self, name: str, devices: str = "", arguments: str = "") -> str:
        return document(name, self._boot, devices, arguments=arguments)

    @staticmethod
    def _image(name: str) -> None:
        subprocess.run(
            ["qemu-img", "create", "-q", "-f", "qcow2", str(_IMAGES / name), "1G"], check=True
        )

    @staticmethod
    def _write(path: pathlib.Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


_DRIVE = "<disk type='file' device='cdrom'><target dev='sda' bus='scsi'/><readonly/></disk>"
