# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of a host that the defaults of a domain depend on."""

from __future__ import annotations

import functools
import os
import typing as t

from .._osinfo import Database
from .._virtinst.capabilities import Capabilities
from .._virtinst.domain_capabilities import DomainCapabilities
from .._virtinst.host import Host, Person
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .._xmltree.serialise import serialise
from .connection import Connection
from .domains import Domains
from .errors import is_code
from .files import content
from .host_storage import HostStorage
from .host_tree import detect_image, is_image, open_tree, open_url
from .libvirt_import import libvirt
from .password_file import password_in

#: The features against known attacks, in libvirt's names:
#: https://www.qemu.org/docs/master/system/qemu-cpu-models.html
_SECURITY_FEATURES = ("spec-ctrl", "ssbd", "ibpb", "virt-ssbd", "md-clear")
_ROUTES = "/proc/net/route"


def host_facts(domains: Domains) -> Host:
    """Gather the facts; expensive ones are read when they are needed.

    :raises HypervisorError: the hypervisor's kind can't be read.
    """
    connection = domains.connection
    with connection.explained("read the hypervisor's kind"):
        driver = connection.raw.getType().lower()

    asked: set[str] = set()

    def capabilities() -> Element:
        asked.add("capabilities")
        with connection.explained("read the capabilities of the host"):
            return parse(connection.raw.getCapabilities())

    @functools.cache
    def domain_capabilities(*key: str | None) -> DomainCapabilities:
        asked.add("domain capabilities")
        with connection.explained("read what guests can have"):
            try:
                return DomainCapabilities(parse(connection.raw.getDomainCapabilities(*key)))
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_INVALID_ARG", "VIR_ERR_NO_DOMAIN"):
                    return DomainCapabilities(Element("domainCapabilities"))
                raise

    def security_features(*key: str | None) -> tuple[str, ...]:
        asked.add("CPU features")
        with connection.explained("read the features of the host's CPU"):
            return _security_features(connection, domain_capabilities(*key), key)

    def node_devices() -> list[Element]:
        asked.add("devices")
        with connection.explained("list the devices of the host"):
            return [parse(device.XMLDesc(0)) for device in connection.raw.listAllDevices(0)]

    database = Database()
    return Host(
        driver={"qemu": "qemu", "libxl": "xen"}.get(driver, driver),
        is_privileged=not connection.uri.endswith("/session"),
        is_local=connection.is_local or connection.is_simulated,
        capabilities=Capabilities(capabilities),
        domain_capabilities=domain_capabilities,
        cpu_security_features=security_features,
        osinfo=database,
        storage=HostStorage(domains),
        domain_exists=lambda name: domains.by_name(name) is not None,
        default_bridge=functools.cache(_default_bridge),
        node_devices=node_devices,
        is_image=functools.cache(is_image),
        detect_image=functools.cache(functools.partial(detect_image, database)),
        open_tree=functools.cache(open_tree),
        open_url=functools.cache(open_url),
        name=_name(connection),
        read_file=content,
        person=person,
        password_in=password_in,
        is_asked=lambda: bool(asked),
    )


def person() -> Person:
    """The user who runs the module, as virt-install asks for it."""
    # Ansible compiles a module's code anew in each task, and few tasks install anything.
    from .person import current

    return current()


def _name(connection: Connection) -> str:
    try:
        return str(connection.raw.getHostname())
    except libvirt.libvirtError:
        # Not every driver knows it.
        return "the host"


def _security_features(
    connection: Connection, capabilities: DomainCapabilities, key: t.Sequence[str | None]
) -> tuple[str, ...]:
    """The features against known attacks of the CPU model that host-model stands for."""
    mode = capabilities.cpu_mode("host-model")
    if mode is None:
        return ()
    emulator, arch, machine, virt_type = key
    cpu = Element("cpu", children=[*mode.children, Element("arch", text=arch)])
    flag = libvirt.VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES
    try:
        expanded = connection.raw.baselineHypervisorCPU(
            emulator, arch, machine, virt_type, [serialise(cpu)], flag
        )
    except libvirt.libvirtError:
        try:
            expanded = connection.raw.baselineCPU([serialise(cpu)], flag)
        except libvirt.libvirtError:
            return ()
    return tuple(
        feature.get("name") or ""
        for feature in parse(expanded).all("feature")
        if feature.get("name") in _SECURITY_FEATURES
    )


def _default_bridge() -> str | None:
    """The device of the default route, if it is a bridge."""
    try:
        with open(_ROUTES, encoding="ascii") as file:
            lines = file.read().splitlines()[1:]
    except OSError:
        return None
    for line in lines:
        fields = line.split()
        if len(fields) > 1 and fields[1] == "00000000":
            device = fields[0]
            return device if os.path.exists(f"/sys/class/net/{device}/bridge") else None
    return None
