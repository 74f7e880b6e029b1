# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host that is made of its facts alone."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.declarative.libvirt.plugins.module_utils._file_use.users import (
    NOTHING,
    Answer,
    Going,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import (
    Database,
    OperatingSystem,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.capabilities import (
    Capabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.domain_capabilities import (
    DomainCapabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.guest import Guest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.host import Host
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import (
    Existing,
    Pool,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.writing import copied
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.lxml_import import etree
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

GIB = 1024**3

CAPABILITIES = """
<capabilities>
  <host><cpu><arch>x86_64</arch><model>Skylake-Client</model></cpu></host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='aarch64'>
      <emulator>/usr/bin/qemu-system-aarch64</emulator>
      <machine canonical='virt-7.2'>virt</machine>
      <domain type='qemu'/>
    </arch>
    <features><acpi default='on'/></features>
  </guest>
  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <emulator>/usr/bin/qemu-system-x86_64</emulator>
      <machine canonical='pc-i440fx-7.2'>pc</machine>
      <machine canonical='pc-q35-7.2'>q35</machine>
      <domain type='qemu'/>
      <domain type='kvm'><machine canonical='pc-q35-7.2'>q35</machine></domain>
    </arch>
    <features><acpi default='on'/><apic default='on'/><pae/></features>
  </guest>
</capabilities>
"""

DOMAIN_CAPABILITIES = """
<domainCapabilities>
  <os><enum name='firmware'><value>bios</value><value>efi</value></enum></os>
  <cpu>
    <mode name='host-passthrough' supported='yes'>
      <enum name='hostPassthroughMigratable'><value>on</value></enum>
    </mode>
  </cpu>
  <devices>
    <graphics supported='yes'><enum name='type'><value>vnc</value></enum></graphics>
    <video supported='yes'><enum name='modelType'><value>vga</value></enum></video>
  </devices>
</domainCapabilities>
"""


class Storage:
    """One pool, and files at some paths."""

    def __init__(
        self,
        *volumes: str,
        existing: t.Iterable[Existing] = (),
        empty: t.Container[str] = (),
        marks: t.Mapping[str, bytes] | None = None,
        pool: Pool | None = None,
    ) -> None:
        self.marks = marks or {}
        self.empty = empty
        #: The paths of images whose backing files come back to one of them.
        self.circles: set[str] = set()
        usual = Pool("default", "dir", "/images", True, 100 * GIB, frozenset(volumes))
        self._pool = usual if pool is None else pool
        self._existing = {volume.path: volume for volume in existing}

    def pool(self, name: str) -> Pool:
        if name != self._pool.name:
            raise OptionError(f"there is no storage pool {name}")
        return self._pool

    def default_pool(self) -> Pool:
        return self._pool

    def pool_at(self, directory: str) -> Pool | None:
        return self._pool if directory == self._pool.path else None

    def at(self, path: str) -> Existing | None:
        return self._existing.get(path)

    def volume(self, pool: str, name: str) -> Existing:
        return self._existing[f"{self.pool(pool).path}/{name}"]

    def left_over(self, pool: Pool, name: str) -> Existing | None:
        return self._existing.get(f"{pool.path}/{name}")

    def users_of(self, _path: str, _going: Going = NOTHING) -> Answer:
        return Answer((), (), ())

    def has_mark(self, _pool: Pool, name: str, mark: bytes) -> bool | None:
        return mark in self.marks[name] if name in self.marks else None

    def is_empty(self, volume: Existing) -> bool:
        return volume.path in self.empty

    def paths_of(self, domain: str) -> frozenset[str]:
        return frozenset()

    def lacks(self, path: str) -> bool:
        return path not in self._existing

    def chain(self, volume: Existing) -> tuple[str, ...]:
        return () if volume.backing is None else (volume.backing,)

    def is_circle(self, path: str) -> bool:
        return path in self.circles

    def real(self, path: str) -> str:
        return path


def _no_tree(path: str) -> t.NoReturn:
    raise OptionError(f"location: there is nothing at {path}")


def _no_url(url: str, _access: object) -> t.NoReturn:
    raise OptionError(f"location: {url} is not asked for here")


def host(
    capabilities: str = CAPABILITIES,
    domain_capabilities: str = DOMAIN_CAPABILITIES,
    storage: Storage | None = None,
    domains: t.Container[str] = (),
    driver: str = "qemu",
) -> Host:
    return Host(
        driver=driver,
        is_privileged=True,
        is_local=True,
        capabilities=Capabilities(parse(capabilities)),
        domain_capabilities=lambda *_key: DomainCapabilities(parse(domain_capabilities)),
        cpu_security_features=lambda *_key: ("ssbd",),
        osinfo=Database([]),
        storage=storage or Storage(),
        domain_exists=domains.__contains__,
        default_bridge=lambda: None,
        node_devices=list,
        is_image=lambda _path: None,
        detect_image=lambda _path: None,
        open_tree=_no_tree,
        open_url=_no_url,
        read_file=lambda path: Path(path).read_bytes(),
        password_in=lambda path, _makes: Path(path).read_text().partition("\n")[0],
    )


def system(*devices: str, short_id: str = "some1", more: str = "") -> OperatingSystem:
    """An operating system that supports these devices."""
    links = "".join(f'<device id="{device}"/>' for device in devices)
    text = (
        f'<os id="{short_id}"><short-id>{short_id}</short-id><devices>{links}</devices>{more}</os>'
    )
    return OperatingSystem([etree.fromstring(text)], Database([]))


def guest(document: str = "<domain/>", **facts: t.Any) -> Guest:
    """A guest with this much said of it, on a host with these facts."""
    runs = facts.pop("runs", None) or system()
    made = Guest(host(**facts), copied(parse(document)))
    made.os = runs
    return made
