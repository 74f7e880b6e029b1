# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt writes into the document of a running guest.

Rows of this table go before those for definitions: in a running guest's
document they tell apart what start-up assigned from what waits for a restart.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element, with_child
from ..amounts import kib
from ..book import RuleBook
from ..context import Context
from ..metadata import METADATA
from ..rows import ASSIGNED, Fill, Implied, Quantity, Rewrite, Row, Same, Stored, Value
from ..stored import dropped
from . import facts
from .balloon import is_reached
from .defaults import DEFAULTS
from .depends import DEPENDS
from .identity import IDENTITY
from .implied import IMPLIED
from .rewrites import REWRITES
from .secrets import SECRETS
from .stored import OWN_CHANNEL, STORED, interface_target
from .values import VALUES


def any_value(_desired: str, _actual: str) -> bool:
    """The running guest's value says nothing about the definition."""
    return True


def expanded_model(context: Context, _extra: Element) -> Implied:
    """qemuProcessUpdateGuestCPU: the host's model is written out with its features."""
    return ASSIGNED if context.desired.get("mode") in ("host-model", "maximum", "custom") else None


def started_mode(context: Context, mode: str) -> str:
    """virCPUUpdate: a host-model CPU runs as the custom CPU that it came to."""
    return "custom" if mode == "host-model" else mode


def same_policy(desired: str, actual: str) -> bool:
    """virCPUUpdate and qemuProcessUpdateLiveGuestCPU: what the hypervisor could provide.

    An optional feature is there or not; a required one is disabled where it is
    not checked for; a forbidden one is disabled; a forced one is as QEMU has it.
    """
    return (desired, actual) in {
        ("optional", "require"),
        ("optional", "disable"),
        ("require", "disable"),
        ("forbid", "disable"),
        ("force", "require"),
        ("force", "disable"),
    }


def secure_boot_smm(context: Context, smm: Element) -> Implied:
    """qemuFirmwareEnableFeaturesModern: firmware with secure boot needs SMM."""
    return smm if context.root.desired.value("os/@firmware") == "efi" else None


def settings_of_network(context: Context, _extra: Element) -> Implied:
    """virDomainActualNetDef: only a network has settings for the interfaces on it."""
    return ASSIGNED if context.desired.get("type") == "network" else None


def emptied(_site: Context, element: Element) -> Implied:
    """An element in which there is nothing any more."""
    return None if element.children or element.attributes else ASSIGNED


def no_medium(context: Context, source: Element) -> Implied:
    """qemuDomainChangeEjectableMedia: the number of an image stays when it has gone."""
    return ASSIGNED if set(source.attributes) <= {"index"} and not source.children else None


def shared_cache(context: Context) -> Value:
    """qemuDomainPrepareDiskCachemode: a shared disk must not be cached."""
    return "none" if context.above().desired.child("shareable") is not None else None


def format_of_medium(context: Context, kind: str) -> str | None:
    """virDomainDiskEmptySource: an empty drive has no format; an overlay has its own."""
    if context.above().desired.child("transient") is not None:
        return context.actual.get("type")
    return kind if context.above().desired.child("source") is not None else None


def unless_of_topology(context: Context, feature: Element) -> Element | None:
    """libvirt 12.8 with QEMU 11 doesn't list hyper-threading of a guest that runs."""
    name = feature.get("name")
    there = [one.get("name") for one in context.actual.all("feature")]
    return None if name == "ht" and name not in there else feature


def overlay(context: Context, path: str) -> str:
    """qemuSnapshotDiskContextTransient: a transient disk is written to a file beside it."""
    name = context.root.desired.value("name")
    is_transient = context.above().desired.child("transient") is not None
    return f"{path}.TRANSIENT-{name}" if is_transient else path


def found_binary(context: Context, binary: Element) -> Implied:
    """qemuVirtioFSPrepareDomain: the program that serves virtiofs."""
    is_served = context.desired.value("driver/@type") == "virtiofs"
    return ASSIGNED if is_served and _is_found(binary.get("path")) else None


def found_path(context: Context) -> Value:
    """The same where something else is said of the program."""
    return ASSIGNED if _is_found(context.actual.get("path")) else None


def _is_found(path: str | None) -> bool:
    """Whether libvirt finds this program by itself, by QEMU's own description of it."""
    return path is not None and path.startswith("/usr/") and path.endswith("/virtiofsd")


def default_partition(_site: Context, resource: Element) -> Implied:
    """virDomainCgroupInitPartition: the partition of guests that name none."""
    is_own = [one.tag for one in resource.children] != ["partition"]
    return None if is_own or resource.value("partition") != "/machine" else ASSIGNED


def root_of_container(context: Context, filesystem: Element) -> Implied:
    """virLXCProcessStart: a container without a root of its own has the host's."""
    is_root = filesystem.value("source/@dir") == "/" == filesystem.value("target/@dir")
    return ASSIGNED if is_root and facts.domain_type(context) == "lxc" else None


def name_in_container(context: Context, _guest: Element) -> Implied:
    """virLXCProcessSetupInterfaces: the name that the interface has in the container."""
    return ASSIGNED if facts.domain_type(context) == "lxc" else None


def given_label(_site: Context, label: Element) -> Implied:
    """virSecurityManagerGenLabel: what a definition says nothing about gets a dynamic label."""
    is_own = label.get("type") not in (None, "dynamic") or label.child("baselabel") is not None
    return None if is_own else ASSIGNED


def named_at_start(context: Context, target: Element) -> Implied:
    """virNetDevReserveName: names of libvirt's own making."""
    return ASSIGNED if interface_target(context, target) is None else None


def name_of_start(context: Context) -> Value:
    """The same where something else is said of the device on the host."""
    return ASSIGNED if interface_target(context, context.actual) is None else None


def of_network(context: Context) -> Value:
    """virDomainActualNetDefContentsFormat: what the network's port came to."""
    return ASSIGNED if context.above().desired.get("type") == "network" else None


def of_volume(context: Context) -> Value:
    """virDomainStorageNetworkParseHost: a volume is resolved to its path."""
    return ASSIGNED if context.above().desired.get("type") == "volume" else None


def opened(context: Context, source: Element) -> Implied:
    """qemuProcessPrepareDomain, qemuDomainPrepareChannel: terminals and sockets of libvirt's own."""
    if context.desired.get("type") == "unix":
        return ASSIGNED if _is_own_socket(source) else None
    return ASSIGNED if context.desired.get("type") == "pty" else None


def opened_path(context: Context) -> Value:
    """The same where something else is said of the source."""
    above = context.above()
    if above.desired.get("type") == "unix":
        return ASSIGNED if _is_own_socket(context.actual) else None
    return ASSIGNED if above.desired.get("type") == "pty" else None


def _is_own_socket(source: Element) -> bool:
    path = source.get("path")
    return path is None or OWN_CHANNEL.fullmatch(path) is not None


def free_cid(context: Context) -> Value:
    """qemuProcessPrepareVsock: only a CID that is to be found is."""
    return ASSIGNED if context.desired.get("auto") == "yes" else None


def found_firmware(context: Context, _extra: Element) -> Implied:
    """qemuFirmwareFillDomain: of a firmware that is to be found, and its NVRAM."""
    is_found = (
        context.desired.get("firmware") is not None or context.desired.child("loader") is not None
    )
    return ASSIGNED if is_found else None


def bound_driver(_site: Context, driver: Element) -> Implied:
    """virHostdevPreparePCIDevices: VFIO is the driver that a host device is bound to."""
    return ASSIGNED if driver.attributes == {"name": "vfio"} else None


def chosen_port(context: Context, port: str) -> str | None:
    """qemuProcessGraphicsReservePorts: a port that libvirt was to find."""
    if context.desired.get("autoport") == "yes" or port == "-1":
        return context.actual.get("port")
    return port


def found_port(context: Context) -> object:
    """qemuProcessGraphicsReservePorts: a port that libvirt was to find."""
    return ASSIGNED if context.desired.get("autoport") == "yes" else None


def current_memory(context: Context, current: Element) -> Element | None:
    """qemuProcessSetupBalloon asks the guest's driver, and there may be none.

    What the driver can't come nearer to counts as reached: asking again changes nothing.
    """
    present = context.actual.child("currentMemory")
    if present is None:
        return None
    return present if is_reached(kib(current), kib(present)) else current


def numbered_threads(context: Context, threads: Element) -> Element | None:
    """virDomainDefIothreadShouldFormat: the numbers that libvirt gives by itself aren't written."""
    numbers = [one.get("id") for one in threads.children]
    is_plain = all(set(one.attributes) == {"id"} and not one.children for one in threads.children)
    is_usual = sorted(numbers, key=str) == sorted(str(n + 1) for n in range(len(numbers)))
    is_written = context.actual.child("iothreadids") is not None
    return threads if is_written or not (is_plain and is_usual) else None


def without_off_events(domain: Element) -> Element:
    """virDomainPerfDefFormat: an event that was switched off stays, and is as good as none."""
    perf = domain.child("perf")
    if perf is None or not any(one.get("enabled") == "no" for one in perf.children):
        return domain
    kept = [one for one in perf.children if one.get("enabled") != "no"]
    if kept:
        return with_child(domain, perf.replaced(children=kept))
    return domain.replaced(children=[one for one in domain.children if one is not perf])


def whole_blocks(domain: Element) -> Element:
    """qemuDomainGetMemorySizeAlignment: a pseries guest gets whole 256 MiB."""
    if not (domain.value("os/type/@arch") or "").startswith("ppc64"):
        return domain
    memory, current = domain.child("memory"), domain.child("currentMemory")
    has_all = current is not None and kib(current) == kib(memory)
    for element in (memory, current if has_all else None):
        size = kib(element)
        if element is not None and size is not None:
            blocks = -(-size // _PSERIES_BLOCK)
            attributes = {**element.attributes, "unit": "KiB"}
            aligned = Element(element.tag, attributes, str(blocks * _PSERIES_BLOCK))
            domain = with_child(domain, aligned)
    return domain


#: In KiB.
_PSERIES_BLOCK = 256 * 1024


def drawn_mac(interface: Element) -> t.Hashable | None:
    """The MAC of an interface; one that is yet to be defined gets a new one."""
    return interface.value("mac/@address") or ""


#: Every interface of a definition has a MAC, but for one that is planned, whose MAC libvirt draws
#: when it defines it: none that the guest has.
_INTERFACE = next(row for row in IDENTITY if row.path == "devices/interface")

LIVE = (
    Fill("@id", ASSIGNED, "the number of a running guest"),
    Fill("resource", default_partition, "the cgroup partition that the guest was put into"),
    Fill("seclabel", given_label, "the label that the guest was given"),
    Fill("seclabel/{label,imagelabel,baselabel}", ASSIGNED, "the label that the guest was given"),
    Fill(
        "devices/disk/**/{source,backingStore,mirrorSource}/@index",
        ASSIGNED,
        "images are numbered at start",
    ),
    Fill("devices/disk/{source,backingStore}/@index", ASSIGNED, "images are numbered at start"),
    Fill("devices/disk/backingStore", ASSIGNED, "the chain of images is probed at start"),
    Fill("devices/disk/**/backingStore", ASSIGNED, "the chain of images is probed at start"),
    Fill("devices/disk/mirror", ASSIGNED, "a job of the running guest"),
    Fill("devices/disk/target/@tray", ASSIGNED, "a guest may open the tray"),
    Fill("devices/disk/source", no_medium, "an ejected medium leaves its number"),
    Fill("devices/disk/source/@{file,dev}", of_volume, "a volume is resolved at start"),
    Fill("devices/interface/target", named_at_start, "tap devices are named at start"),
    Fill("devices/interface/target/@dev", name_of_start, "tap devices are named at start"),
    Fill(
        "devices/interface/source/@{portid,bridge,dev}",
        of_network,
        "the network's port that was allocated",
    ),
    Fill("devices/interface/backend", ASSIGNED, "the helper that was started"),
    Fill("devices/interface/guest", name_in_container, "virLXCProcessSetupInterfaces"),
    Fill("devices/interface/guest/@actual", ASSIGNED, "virLXCProcessSetupInterfaces"),
    Fill("devices/filesystem", root_of_container, "virLXCProcessStart"),
    Fill(
        "devices/interface/{bandwidth,vlan,virtualport}",
        settings_of_network,
        "the network's own settings are taken over",
    ),
    Fill(
        "devices/{serial,parallel,console}/@tty", ASSIGNED, "pseudo terminals are opened at start"
    ),
    Fill(
        "devices/{serial,parallel,console,channel}/source",
        opened,
        "pseudo terminals and sockets are opened at start",
    ),
    Fill(
        "devices/{serial,parallel,console,channel}/source/@{path,mode}",
        opened_path,
        "pseudo terminals and sockets are opened at start",
    ),
    Fill(
        "devices/interface/mac/@currentAddress",
        ASSIGNED,
        "virDomainNetDefFormat since 11.2: the address that the guest has given itself",
    ),
    Fill("devices/channel/target/@state", ASSIGNED, "whether the guest has opened the port"),
    Fill("devices/graphics/@{port,tlsPort,websocket}", found_port, "ports are found at start"),
    Fill("devices/graphics/@listen", ASSIGNED, "the address is resolved at start"),
    Fill(
        "devices/graphics/listen/@{address,socket,fromConfig}",
        ASSIGNED,
        "the address is resolved at start",
    ),
    Fill("devices/tpm/backend/source", ASSIGNED, "the emulator's state"),
    Fill("devices/tpm/backend/@{version,persistent_state}", ASSIGNED, "the emulator's state"),
    Fill("devices/memory/target/current", ASSIGNED, "what the guest has plugged"),
    Fill("devices/memory/target/address", ASSIGNED, "where it was put in the guest's memory"),
    Fill("devices/filesystem/binary", found_binary, "qemuVirtioFSPrepareDomain"),
    Fill("devices/filesystem/binary/@path", found_path, "qemuVirtioFSPrepareDomain"),
    Fill("devices/vsock/cid/@address", free_cid, "a free CID is found at start"),
    Fill("devices/hostdev/source/address", ASSIGNED, "a USB device is looked up at start"),
    Fill("devices/hostdev/driver", bound_driver, "the driver that the device was bound to"),
    Fill("devices/rng/backend/@*", ASSIGNED, "the source that was opened"),
    Fill("vcpus", ASSIGNED, "how each virtual CPU was plugged in"),
    Fill("metadata", emptied, "virDomainSetMetadata leaves the emptied element"),
    Fill("metadata/*", None, "what the definition has not is gone after the next start"),
    Fill("os/{loader,nvram,firmware}", found_firmware, "the firmware that was found"),
    Fill("os/loader/@*", ASSIGNED, "the firmware that was found"),
    Fill("cpu/@{match,check,fallback}", ASSIGNED, "the CPU as it came to be"),
    Fill("cpu/{model,vendor,feature,maxphysaddr}", expanded_model, "qemuProcessUpdateGuestCPU"),
    Fill("features/smm", secure_boot_smm, "qemuFirmwareEnableFeaturesModern"),
    Fill("devices/disk/driver/@cache", shared_cache, "qemuDomainPrepareDiskCachemode"),
    Fill("devices/graphics/@address", ASSIGNED, "the bus that was started"),
    Fill("devices/**/source/@tls", ASSIGNED, "qemu.conf says whether TLS is used"),
    Fill("clock/@{adjustment,basis}", ASSIGNED, "the guest may set its clock"),
    Stored("cpu/@mode", started_mode, "virCPUUpdate"),
    Stored(
        "devices/graphics/@{port,tlsPort,websocket}", chosen_port, "qemuProcessGraphicsReservePorts"
    ),
    Stored("iothreadids", numbered_threads, "virDomainDefIothreadShouldFormat"),
    Stored("os/@firmware", dropped, "the firmware that was found stands in the loader"),
    Stored("devices/disk/target/@tray", dropped, "a guest may close the tray"),
    Stored("devices/disk/source/@file", overlay, "qemuSnapshotDiskContextTransient"),
    Stored("devices/disk/driver/@type", format_of_medium, "virDomainDiskEmptySource"),
    Same("cpu/feature/@policy", same_policy, "virCPUUpdate"),
    Stored("cpu/feature", unless_of_topology, "there are threads or not"),
    Same("cpu/model/@fallback", any_value, "the model that runs can't be replaced"),
    Stored(
        "currentMemory",
        current_memory,
        "without a driver of the balloon, a guest has all of its memory: see domain.balloon",
    ),
    Quantity(
        "{memory,currentMemory,maxMemory}",
        "KiB",
        "qemuDomainAlignMemorySizes: whole MiB on x86",
        granule=1024**2,
    ),
    Quantity(
        "cpu/numa/cell",
        "KiB",
        "qemuDomainAlignMemorySizes: whole MiB on x86",
        "@memory",
        "@unit",
        1024**2,
    ),
    Same("cpu/@check", any_value, "after the start, the CPU is checked in full"),
    Same("clock/@adjustment", any_value, "the guest may set its clock"),
)

_ROWS: tuple[Row, ...] = (
    *LIVE,
    *IDENTITY,
    *VALUES,
    *DEFAULTS,
    *IMPLIED,
    *STORED,
    *REWRITES,
    *METADATA,
    # It goes after those, which round what a person wrote.
    Rewrite(whole_blocks, "qemuDomainAlignMemorySizes"),
    Rewrite(without_off_events, "virDomainPerfDefFormat", both=True),
    *SECRETS,
    *DEPENDS,
)

#: The rules for a running guest's document beside its definition.
DOMAIN_LIVE = RuleBook("domain", _ROWS)
#: The same beside a definition that libvirt is yet to get.
DOMAIN_PLANNED = RuleBook("domain", (_INTERFACE._replace(names=(drawn_mac,)), *_ROWS))
