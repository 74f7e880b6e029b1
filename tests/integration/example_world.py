# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the examples of the documentation find on the hypervisor that they are run on."""

from __future__ import annotations

import hashlib
import lzma
import pathlib
import subprocess
import typing as t

from libvirt import VIR_NETWORK_XML_INACTIVE as INACTIVE

from .guests import Boot, document, start
from .web_server import Page, WebServer

_IMAGES = pathlib.Path("/var/lib/libvirt/images")
_INTERFACE = (
    "<interface type='network'><mac address='52:54:00:1b:2c:3d'/><source network='default'/>"
    "<model type='virtio'/></interface>"
)

_REMOTE = "there is no other hypervisor"
_NETWORK = "there is no network to download from"
_DEVICE = "the host has no device to pass through"
_DISK_OF_HOST = "the host has no empty disk; test_pool.py makes one"
_IN_GUEST = "it is a task in a guest; tests/connection runs such ones"
_IN_GUEST_WITH_SNAPSHOT = "its host is a guest; test_snapshot_before.py has such ones"
_PROGRAM = "the guest has no such program"
_FREEZE = "the guest has no file system that can be frozen"
_CHECK = "it is check mode, and the change is still to be made"
_ALWAYS = "it does so each time"
_CURSOR = "a cursor may blink on the screen"

#: Sources whose examples are not run, and why.
WHOLE: dict[str, str] = {
    "domain_migrate": "test_domain_migrate.py runs such tasks, between two hosts",
    "guide_migration": "test_domain_migrate.py runs such tasks, between two hosts",
    "guide_awx": "test_playbooks.py runs its playbooks, with the answers of the survey",
    "guide_drivers": "test_lxc.py and test_test_driver.py run such tasks",
    "guide_hypervisor": "tests/setup/hypervisor-role runs the role, on systems of its own",
    "hypervisor_README": "tests/setup/hypervisor-role runs the role, on systems of its own",
    "guide_remote": _REMOTE,
    "guide_scale": "its play has no tasks",
}
#: Tasks that are not run, by their source and name, and why.
NOT_HERE: dict[tuple[str, str], str] = {
    ("README", "Say where it is"): "the image here has no system",
    ("README", "The web server's virtual hardware"): "the document is that of another guest",
    ("domain_agent", "The web server has a database"): _PROGRAM,
    ("domain_agent", "Nothing is written while the storage is copied"): _FREEZE,
    ("domain_device", "A device of the host, by its PCI address"): _DEVICE,
    ("domain_xml", "A domain on another hypervisor"): _REMOTE,
    ("guide_agent", "The web server is installed"): _IN_GUEST,
    ("guide_agent", "It runs"): _IN_GUEST,
    ("guide_agent", "Its agent answers"): _IN_GUEST,
    ("guide_agent", "It is up to date, and has restarted"): _IN_GUEST,
    ("guide_agent", "The database exists"): _IN_GUEST,
    ("guide_agent", "Nothing is written"): _FREEZE,
    ("guide_agent", "Take the snapshot of the storage"): "there is no volume group",
    ("guide_backups", "The disks, with what was written since the last time"): (
        "there is no checkpoint of a last time; test_domain_backup.py runs such a task"
    ),
    ("guide_backups", "Copy them"): "there is no such program",
    ("guide_cloud_init", "A server that installs itself"): "there is no installer",
    ("guide_devices", "The guest has the network card at this PCI address of the host"): _DEVICE,
    ("guide_devices", "And the USB device with this vendor and product"): _DEVICE,
    ("guide_domain_info", "Fetch its image only for a new one"): _NETWORK,
    ("guide_estate", "Read the table"): "community.general is another collection",
    ("guide_getting_started", "Say where it can be reached"): "the image here has no system",
    ("guide_i_want_to", "The guest has a logical volume as its disk"): "there is no volume group",
    ("guide_i_want_to", "The guest has all that the host's CPU can do"): "it needs KVM",
    ("guide_i_want_to", "The guest's memory is made of huge pages"): "the host has none",
    ("guide_i_want_to", "The interface is in VLAN 42"): "there is no Open vSwitch",
    ("guide_i_want_to", "The guest has the device at this address of the host"): _DEVICE,
    ("guide_i_want_to", "The guest has the device of this vendor and product"): _DEVICE,
    ("guide_i_want_to", "It runs on the second host"): _REMOTE,
    ("guide_i_want_to", "A snapshot before the upgrade"): (
        "QEMU saves no memory of a guest with the shared folder of before; guide_snapshots has the task"
    ),
    ("guide_i_want_to", "Root has a new password"): (
        "the small guest's agent answers no more, after all that was changed; guide_agent has the task"
    ),
    (
        "guide_unattended",
        "A server that installs itself without a question",
    ): "there is no installer",
    ("guide_unattended", "Windows, with the drivers for virtio"): _NETWORK,
    ("guide_storage", "An empty disk becomes a pool"): _DISK_OF_HOST,
    ("guide_trees", "A server that is installed from a mirror"): _NETWORK,
    (
        "guide_trees",
        "A rescue system, which is read from the server as the guest needs it",
    ): _NETWORK,
    ("guide_trees", "The medium is on the host"): _NETWORK,
    ("guide_trees", "The build server is made anew"): _NETWORK,
    ("pool", "A pool of Ceph, with the user whose key the module secret has stored"): (
        "libvirt's driver for Ceph is a package of its own"
    ),
    ("pool", "An empty disk gets a file system"): _DISK_OF_HOST,
    ("guide_secrets", "The key is gone"): "the server above still uses it, which is refused",
    ("guide_snapshots", "Upgrade, or be as before"): _IN_GUEST_WITH_SNAPSHOT,
    ("guide_snapshots", "Take a snapshot"): _IN_GUEST_WITH_SNAPSHOT,
    ("guide_snapshots", "Upgrade"): _IN_GUEST_WITH_SNAPSHOT,
}
#: After which the memory of a guest that boots is still on its way: its balloon gives the last
#: MiB back late, which a run in between asks for again.
SETTLING = {
    ("guide_i_want_to", "It has 4 GiB, and is restarted if it takes that"),
    ("guide_i_want_to", "The guest is as the document says"),
}
#: Tasks that change something each time, and why.
NOT_AGAIN: dict[tuple[str, str], str] = {
    ("domain_agent", "Somebody has lost the password of root"): _ALWAYS,
    ("domain_agent", "The host gets back what the guest has deleted"): _ALWAYS,
    ("domain_screenshot", "Keep what the screen of the web server shows"): _CURSOR,
    ("domain_screenshot", "Once there is something to see, for everybody to look at"): _CURSOR,
    ("domain_send_keys", "The boot menu takes its first entry"): _ALWAYS,
    ("domain_send_keys", "The passphrase of the disk"): _ALWAYS,
    ("domain_send_keys", "The second console of the guest"): _ALWAYS,
    ("domain_send_keys", "A command there, slowly, on a German keyboard"): _ALWAYS,
    ("domain_state", "Restart it where its definition has changes that wait for that"): _ALWAYS,
    ("guide_agent", "Somebody has lost the password of root"): _ALWAYS,
    ("guide_agent", "The host gets back what the guest has deleted"): _ALWAYS,
    ("guide_domain_info", "Those that wait for one are restarted, one after the other"): _ALWAYS,
    ("guide_getting_started", "The server is started anew"): _ALWAYS,
    ("guide_i_want_to", "Ask the guest agent"): _ALWAYS,
    ("guide_screen", "Keep what the screen shows"): _CURSOR,
    ("guide_screen", "Keep it as soon as there is something to see"): _CURSOR,
    ("guide_screen", "Start what the installer offers"): _ALWAYS,
    ("guide_screen", "Open the disk"): _ALWAYS,
    ("guide_screen", "Change to the second console"): _ALWAYS,
    ("guide_i_want_to", "What the task would change, and nothing is changed"): _CHECK,
    ("domain_backup", "A backup of the web server"): _ALWAYS,
    ("guide_backups", "A backup of the web server"): _ALWAYS,
    ("domain_snapshot", "Back to it, as something went wrong"): _ALWAYS,
    ("guide_snapshots", "Back to where it was"): _ALWAYS,
    ("secret", "The passphrase has been changed"): _ALWAYS,
}
#: Options that are left out of a task, and why.
WITHOUT: dict[tuple[str, str], tuple[str, str]] = {
    ("README", "A server from a cloud image"): ("wait", "the image has no system"),
    ("guide_getting_started", "A server from a cloud image"): ("wait", "the image has no system"),
    ("guide_windows", "A desktop that is installed from Microsoft's image"): (
        "cpu",
        "it needs KVM",
    ),
}
#: The sources whose examples are about a guest that runs already.
_WITH_WEB = (
    *("domain_snapshot", "guide_snapshots", "domain_backup", "guide_backups", "domain_checkpoint"),
    *("domain_agent", "domain_device", "guide_agent", "guide_devices", "guide_i_want_to"),
    *("guide_nwfilters", "guide_running_guests", "guide_secrets", "guide_stopping_guests"),
)
#: Those of them that need its screen.
_WITH_SCREEN = ("domain_screenshot", "domain_send_keys", "guide_screen")
#: Images that the examples of a source expect.
_IMAGES_OF = {
    "domain_defaults": ("web",),
    "guide_running_guests": ("logs",),
    "guide_virt_install": ("web", "database", "old-web", "old-web-logs"),
}
#: The values that the examples expect from elsewhere.
VARIABLES: dict[str, t.Any] = {
    "vault_root_password": "sesame12",
    "vault_ceph_key": "c2VzYW1lMTI=",
    "vault_volume_passphrase": "sesame12",
    "vault_vnc_password": "sesame12",
    "virt_install_virt_type": "qemu",
    "table": {"list": [{"name": "web-1", "memory": "512"}]},
    "guests": [{"name": "web-1"}],
    "lab_networks": [{"name": "lab-1"}],
    "lab_guests": [{"name": "lab-1", "memory": 1024}],
    # The role makes networks and pools here, and no more: tests/setup/hypervisor-role runs it all.
    "hypervisor_install": False,
    "hypervisor_services": False,
    "guest_defaults": {"osinfo": "debian11", "import": True, "virt_type": "qemu"},
}


#: Where Debian publishes its images; a server of the tests' own stands for it.
DEBIAN = "https://cloud.debian.org"
_PUBLISHED = "/images/cloud/bookworm/latest"


class World:
    """Images, networks, pools and guests with the names that the examples use."""

    def __init__(
        self, hypervisor: t.Any, boot: Boot, folder: pathlib.Path, server: WebServer
    ) -> None:
        self._hypervisor = hypervisor
        self.server = server
        self._boot = boot
        self._folder = folder
        usual = hypervisor.raw.networkLookupByName("default")
        self._usual_network = str(usual.XMLDesc(INACTIVE))

    def prepare(self, source: str) -> None:
        """Make what the examples of a source find."""
        _IMAGES.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/srv"], check=True)
        subprocess.run(["ip", "link", "add", "br0", "type", "bridge"], check=True)
        subprocess.run(["ip", "link", "set", "br0", "up"], check=True)
        for name in ("debian-12", *_IMAGES_OF.get(source, ())):
            self._image(name)
        for name in ("livegui", "installation", "tools", "win11", "virtio-win"):
            self._medium(_IMAGES / f"{name}.iso")
        self._medium(pathlib.Path("/srv/images/tools.iso"))
        self._pool("default", _IMAGES)
        pathlib.Path("/srv/shared").mkdir()
        web = self._document("web", _INTERFACE)
        router = self._document("router", _INTERFACE)
        for path, text in {
            self._folder / "files/web.xml": web,
            self._folder / "templates/web.xml.j2": web,
            self._folder / "templates/router.xml.j2": router,
            self._folder / "files/guests.csv": "name;memory\nweb-1;512\n",
            self._folder / "files/id.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1vbmRheQ a\n",
            self._folder / ".ssh/id_ed25519.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1v b\n",
            pathlib.Path("/srv/domains/web.xml"): web,
            pathlib.Path("/srv/guests/db.xml"): self._document("db"),
            pathlib.Path("/srv/filters/web.xml"): _FILTER,
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if source in (*_WITH_WEB, *_WITH_SCREEN):
            self._image("root")
            devices = _INTERFACE + _DISK + _DRIVE
            devices += _CARD if source in _WITH_SCREEN else ""
            start(self._hypervisor, self._document("web", devices))
        prepare = getattr(self, f"_prepare_{source}", None)
        if prepare is not None:
            prepare()

    def clear(self) -> None:
        """Remove what was made, and what the examples have made."""
        self._hypervisor.clear()
        self._hypervisor.clear_pools()
        for secret in self._hypervisor.raw.listAllSecrets():
            secret.undefine()
        for nwfilter in self._hypervisor.raw.listAllNWFilters():
            if nwfilter.name() == "web":
                nwfilter.undefine()
        self._clear_networks()
        for path in _IMAGES.iterdir():
            if path.is_dir():
                # A pool's, which is empty.
                path.rmdir()
            else:
                path.unlink()
        for bridge in ("br0", "br-storage"):
            subprocess.run(["ip", "link", "delete", bridge], check=False, capture_output=True)
        subprocess.run(["umount", "/srv"], check=False)

    def _clear_networks(self) -> None:
        """Remove the networks that the examples have made, and what they have put into the usual one."""
        for network in self._hypervisor.raw.listAllNetworks():
            is_usual = network.name() == "default"
            if is_usual and network.XMLDesc(INACTIVE) == self._usual_network:
                continue
            if network.isActive():
                network.destroy()
            if is_usual:
                self._hypervisor.raw.networkDefineXML(self._usual_network).create()
            else:
                network.undefine()

    def published(self) -> str:
        """Publish an image; its checksum."""
        image = (_IMAGES / "debian-12.qcow2").read_bytes()
        checksum, name = hashlib.sha512(image).hexdigest(), "debian-12-generic-amd64.qcow2"
        self.server.pages[f"{_PUBLISHED}/{name}"] = Page(image)
        self.server.pages[f"{_PUBLISHED}/SHA512SUMS"] = Page(f"{checksum}  {name}\n".encode())
        return checksum

    def _prepare_guide_i_want_to(self) -> None:
        # By then the guest has 4 GiB, and loses its agent if its balloon takes nearly all of it.
        path = self._folder / "files/web.xml"
        path.write_text(self._document("web", _INTERFACE, "4 GiB"), encoding="utf-8")
        self._pool("fast", pathlib.Path("/srv/fast"))

    def _prepare_guide_coming_from(self) -> None:
        self._medium(pathlib.Path("/srv/images/rescue.iso"))
        self._image("root")
        disk = _DISK.replace("'vda' bus='virtio'", "'hda' bus='ide'")
        served = "<redirdev bus='usb' type='spicevmc'/>"
        devices = f"{disk}<graphics type='spice'/>{served}"
        self._hypervisor.define(self._document("old", devices))

    def _prepare_guide_images(self) -> None:
        image = (_IMAGES / "debian-12.qcow2").read_bytes()
        pathlib.Path("/srv/images/built.qcow2.xz").write_bytes(lzma.compress(image))

    def _prepare_domain_backup(self) -> None:
        pathlib.Path("/srv/backups").mkdir()

    _prepare_domain_backup_info = _prepare_domain_backup

    def _prepare_guide_backups(self) -> None:
        pathlib.Path("/srv/backups").mkdir()

    def _prepare_domain_device(self) -> None:
        self._pool("fast", pathlib.Path("/srv/fast"))
        self._hypervisor.define(self._document("old", _INTERFACE))

    def _prepare_domain_clone(self) -> None:
        self._pool("fast", pathlib.Path("/srv/fast"))
        for name in ("web", "template", "db"):
            self._image(name)
            disk = _DISK.replace("root.qcow2", f"{name}.qcow2")
            logs = disk.replace("vda", "vdb").replace(f"{name}.qcow2", f"{name}-logs.qcow2")
            self._image(f"{name}-logs")
            self._hypervisor.define(self._document(name, _INTERFACE + disk + logs))

    def _prepare_domain_screenshot(self) -> None:
        pathlib.Path("/srv/www").mkdir()

    def _prepare_domain_state(self) -> None:
        self._hypervisor.define(self._document("web", _INTERFACE))

    def _prepare_domain_info(self) -> None:
        start(self._hypervisor, self._document("web-1", _INTERFACE))

    def _prepare_guide_agent(self) -> None:
        start(self._hypervisor, self._document("database"))

    def _prepare_guide_devices(self) -> None:
        subprocess.run(["ip", "link", "add", "br-storage", "type", "bridge"], check=True)
        self._hypervisor.define(self._document("desktop", "<sound model='ac97'/>"))

    def _prepare_guide_windows(self) -> None:
        self._image("root")
        disk = _DISK.replace("'vda' bus='virtio'", "'sda' bus='sata'")
        self._hypervisor.define(self._document("old-desktop", disk))

    def _pool(self, name: str, path: pathlib.Path) -> None:
        path.mkdir(exist_ok=True)
        pool = self._hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>{name}</name><target><path>{path}</path></target></pool>"
        )
        pool.create()

    def _document(self, name: str, devices: str = "", memory: str = "192 MiB") -> str:
        number, unit = memory.split()
        amount = f"<memory unit='{unit}'>{number}</memory>"
        return document(name, self._boot, devices, memory=amount, extra=_OSINFO)

    @staticmethod
    def _image(name: str) -> None:
        path = _IMAGES / f"{name}.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "1G"], check=True)

    @staticmethod
    def _medium(path: pathlib.Path) -> None:
        """An image by whose label osinfo knows what it installs."""
        path.parent.mkdir(exist_ok=True)
        label = ["-volid", "Debian 11.0.0 amd64 n"]
        command = ["xorriso", "-as", "mkisofs", *label, "-o", str(path), "/etc/libvirt/qemu"]
        subprocess.run(command, check=True, capture_output=True)


_OSINFO = (
    "<metadata><libosinfo:libosinfo xmlns:libosinfo='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
    "<libosinfo:os id='http://debian.org/debian/11'/></libosinfo:libosinfo></metadata>"
)
_DISK = (
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
    f"<source file='{_IMAGES}/root.qcow2'/><target dev='vda' bus='virtio'/></disk>"
)
_DRIVE = "<disk type='file' device='cdrom'><target dev='sda' bus='scsi'/><readonly/></disk>"
_CARD = "<video><model type='vga'/></video>"
_FILTER = '<filter name="web"><filterref filter="clean-traffic"/></filter>'
