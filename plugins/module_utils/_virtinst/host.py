# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host's facts, on which the defaults of a domain depend besides the options.

They are plain values and functions, so that this package can be tested without a
hypervisor.
"""

from __future__ import annotations

import posixpath
import typing as t

from .._osinfo import Database
from .._xmltree.element import Element
from .capabilities import Capabilities
from .domain_capabilities import DomainCapabilities
from .storage import NewVolume, StorageFacts

if t.TYPE_CHECKING:
    from .._images.request import Access
    from .distributions import Medium
    from .tree import Tree, WebTree


class Person(t.NamedTuple):
    """The user of the managed host, as installers ask: ``language`` is like ``de_DE``.

    ``login`` and ``name`` are ``None`` for root.
    """

    login: str | None = None
    name: str | None = None
    language: str | None = None
    timezone: str | None = None


class Host(t.NamedTuple):
    """A hypervisor.

    * ``driver``: libvirt's name for it, in small letters: ``qemu``, ``xen``,
      ``lxc``, ``test``…
    * ``is_privileged``: whether it is the system's, not a user's own.
    * ``is_local``: whether it runs on the same host as the module.
    * ``domain_capabilities``: takes emulator, architecture, machine type and
      kind of virtualisation.
    * ``cpu_security_features``: the CPU features against known attacks that
      host-model has, for the same four.
    * ``domain_exists``: whether there is a domain with this name.
    * ``default_bridge``: the bridge of the default route.
    * ``node_devices``: the documents of the host's devices.
    * ``is_image``: whether a file has an ISO 9660 file system; ``None`` if it can't be
      read here.
    * ``detect_image``: what the database knows of an image; ``None`` if that is nothing.
    * ``open_tree``: the installation tree at a path; raises ``OptionError``.
    * ``open_url``: the same at a URL; it and what it returns raise ``ImageError``.
    * ``read_file``: the content of a file, read where the module runs; raises ``OSError``.
    * ``password_in``: the first line of a file; if it doesn't exist, it is made with a made-up
      password if the second argument says so, and else there is ``None``; raises ``OSError``.
    * ``name``: the host's own name.
    * ``is_asked``: whether anything was asked about what the hypervisor, its host and their
      guests can have: the capabilities, the CPU features or the devices.
    * ``person``: the user, whose language and time zone an installed guest gets.
    """

    driver: str
    is_privileged: bool
    is_local: bool
    capabilities: Capabilities
    domain_capabilities: t.Callable[
        [str | None, str | None, str | None, str | None], DomainCapabilities
    ]
    cpu_security_features: t.Callable[
        [str | None, str | None, str | None, str | None], t.Sequence[str]
    ]
    osinfo: Database
    storage: StorageFacts
    domain_exists: t.Callable[[str], bool]
    default_bridge: t.Callable[[], str | None]
    node_devices: t.Callable[[], t.Sequence[Element]]
    is_image: t.Callable[[str], bool | None]
    detect_image: t.Callable[[str], Medium | None]
    open_tree: t.Callable[[str], Tree]
    open_url: t.Callable[[str, Access], WebTree]
    read_file: t.Callable[[str], bytes]
    password_in: t.Callable[[str, bool], str | None]
    name: str = "the host"
    person: t.Callable[[], Person] = Person
    is_asked: t.Callable[[], bool] = lambda: True

    def volume_of(self, domain: str, name: str) -> NewVolume:
        """A raw volume in the default pool that belongs to a domain, without content so far.

        :raises OptionError: there is no such pool.
        """
        pool = self.storage.default_pool()
        return NewVolume(
            pool=pool.name,
            name=name,
            path=posixpath.join(pool.path or "", name),
            capacity=0,
            allocation=0,
            format="raw",
            is_named=True,
            exists=name in pool.volumes and self.domain_exists(domain),
        )

    @property
    def is_qemu(self) -> bool:
        """Whether it is QEMU's driver."""
        return self.driver == "qemu"

    @property
    def is_xen(self) -> bool:
        """Whether it is Xen's driver."""
        return self.driver == "xen"

    @property
    def is_test(self) -> bool:
        """Whether it is libvirt's test driver."""
        return self.driver == "test"

    @property
    def is_bhyve(self) -> bool:
        """Whether it is FreeBSD's bhyve."""
        return self.driver == "bhyve"

    @property
    def is_qemu_or_test(self) -> bool:
        """Whether virt-install gives its guests what fits QEMU, without asking its version.

        The test driver emulates no machine, and virt-install lets it stand for QEMU where the
        defaults depend on nothing that a version of QEMU brought.
        """
        return self.is_qemu or self.is_test
