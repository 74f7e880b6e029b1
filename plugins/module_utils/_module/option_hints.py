# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Suggestions for unknown options."""

from __future__ import annotations

import typing as t

from .._virtinst.hints import hint

#: The options of a module or of an option, by their names: their specs, or their values.
Spec = t.Mapping[str, t.Any]

#: The names of options in other collections, in clouds and in virt-manager, without
#: underscores. By its letters alone a name would lead to another option, such as mem to shmem.
SYNONYMS = {
    **dict.fromkeys(("mem", "ram", "memorymb", "memorymib", "memorygb", "memorysize"), "memory"),
    **dict.fromkeys(
        ("vcpu", "cpus", "cpucount", "numcpus", "ncpu", "cores", "processors"), "vcpus"
    ),
    **dict.fromkeys(("cpumodel", "cputype", "cpumode"), "cpu"),
    **dict.fromkeys(("nic", "nics", "net", "nets", "interface", "interfaces"), "networks"),
    **dict.fromkeys(("bridge", "networkinterfaces", "mac", "ip"), "networks"),
    **dict.fromkeys(("hdd", "drive", "drives", "storage", "volume", "volumes", "image"), "disks"),
    **dict.fromkeys(("disksize", "size", "pool"), "disks"),
    **dict.fromkeys(("iso", "media", "cd", "dvd"), "cdrom"),
    **dict.fromkeys(("os", "distro", "osname", "osid", "guestos", "ostype"), "osinfo"),
    **dict.fromkeys(("hostname", "domain", "vmname", "vm", "guest", "guestname"), "name"),
    **dict.fromkeys(("firmware", "uefi", "efi", "bios", "loader", "bootorder"), "boot"),
    **dict.fromkeys(("vnc", "spice", "display"), "graphics"),
    **dict.fromkeys(("userdata", "cloudconfig", "sshkeys", "sshkey", "seed"), "cloud_init"),
    **dict.fromkeys(("hypervisor", "virttype", "domaintype", "accel"), "virt_type"),
    **dict.fromkeys(("machinetype", "chipset"), "machine"),
    **dict.fromkeys(("status", "running", "power", "powerstate", "ensure", "command"), "state"),
    **dict.fromkeys(("autoboot", "onboot", "startonboot", "enabled"), "autostart"),
    **dict.fromkeys(("kernelargs", "cmdline", "append"), "extra_args"),
    **dict.fromkeys(("kickstart", "preseed", "ks"), "initrd_inject"),
    **dict.fromkeys(("notes", "comment"), "description"),
    **dict.fromkeys(("tags", "labels"), "metadata"),
    **dict.fromkeys(("guestagent", "agent", "qemuagent"), "channels"),
    **dict.fromkeys(("xmldesc", "definition", "document", "template"), "xml"),
    **dict.fromkeys(("share", "shares", "mount", "mounts"), "filesystems"),
}
#: The same for networks, pools, volumes and secrets, whose options have other names.
OBJECT_SYNONYMS = {
    **dict.fromkeys(("size", "disksize", "length"), "capacity"),
    **dict.fromkeys(("base", "backingstore", "backingfile", "backingvolume"), "backing"),
    **dict.fromkeys(("url", "download", "checksum"), "image"),
    **dict.fromkeys(("clone", "copy", "copyfrom", "from"), "clone_from"),
    **dict.fromkeys(("name", "id", "usagetype", "usageid"), "usage"),
    **dict.fromkeys(("password", "key", "secret"), "value"),
}
#: Words that stand for a sub-option: the option, and the way to write it.
INSTEAD = {
    "secureboot": (
        "boot",
        "write boot: {uefi: true, firmware.feature: [{name: secure-boot, enabled: true}]}",
    ),
    "vlan": ("networks", "write networks: [{network: NAME, xpath.set: './vlan/tag/@id=42'}]"),
    "title": ("metadata", "write metadata: {title: …}"),
    "hugepages": ("memorybacking", "write memorybacking: {hugepages: true}"),
    "ballooning": ("memballoon", "write memballoon: {model: virtio}"),
    **dict.fromkeys(
        ("dhcp", "dhcprange", "dhcpranges", "ranges", "dhcphosts"),
        ("ips", "write ips: [{address: …, prefix: 24, dhcp: {ranges: [{start: …, end: …}]}}]"),
    ),
    **dict.fromkeys(
        ("subnet", "cidr", "address", "ip", "ipaddress", "gateway", "netmask", "prefix"),
        ("ips", "write ips: [{address: …, prefix: 24}]"),
    ),
    "nat": ("forward", "write forward: {mode: nat}"),
    **dict.fromkeys(("path", "dir", "folder"), ("target", "write target: {path: …}")),
    **dict.fromkeys(("host", "hosts", "server"), ("source", "write source: {hosts: [{name: …}]}")),
    **dict.fromkeys(("device", "devices"), ("source", "write source: {devices: […]}")),
    "virtinstallargs": ("virt_install", "write the command line as virt_install"),
}


def unknown_option(name: str, known: t.Iterable[str]) -> str:
    """The message about an unknown option, with the nearest of the ``known`` ones."""
    names = list(known)
    letters = "".join(character for character in name.lower() if character.isalnum())
    option, suggestion = INSTEAD.get(letters, ("", None))
    if option not in names:
        synonyms = {
            word: synonym
            for table in (OBJECT_SYNONYMS, SYNONYMS)
            for word, synonym in table.items()
            if synonym in names
        }
        suggestion = hint(name, names, synonyms)
    return f"there is no option '{name}'{f'; {suggestion}' if suggestion else ''}"


def unknown_sub_options(spec: Spec, params: Spec, above: str = "") -> t.Iterator[str]:
    """Messages about unknown sub-options, with the nearest that there is.

    ``spec`` is that of the options that ``params`` are, and ``above`` is where these are: ``ips.dhcp.``.
    """
    for name, value in params.items():
        known = _options_of(spec, name)
        if known is None:
            continue
        names = [*known, *(alias for one in known.values() for alias in one.get("aliases") or ())]
        for entry in value if isinstance(value, list) else [value]:
            if not isinstance(entry, t.Mapping):
                continue
            for key in entry:
                if key not in names:
                    advice = hint(str(key), names) or f"there are {', '.join(known)}"
                    yield f"{above}{name}: there is no sub-option '{key}'; {advice}"
            yield from unknown_sub_options(known, entry, f"{above}{name}.")


def _options_of(spec: Spec, name: str) -> Spec | None:
    """The spec of the sub-options of an option, by any of its names; ``None`` if it has none."""
    for main, own in spec.items():
        if name == main or name in (own.get("aliases") or ()):
            return t.cast("Spec | None", own.get("options"))
    return None
