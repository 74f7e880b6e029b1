# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each row of the option table is tried with."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Kind,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

#: A value for each kind.
_BY_KIND = {
    Kind.TEXT: "word",
    Kind.INTEGER: "7",
    Kind.YES_NO: "yes",
    Kind.ON_OFF: "on",
    Kind.PRESENCE: "on",
    Kind.PATH: "/some/path",
    Kind.MEBIBYTES: "512",
}
#: Where the kind isn't all: by group and option, or by option alone.
_VALUES = {
    "boot.order": "3",
    "boot init": "/sbin/init",
    "boot initargs": "one 'two three'",
    "boot uefi": "yes",
    "disk backing_store": "/etc/passwd",
    "controller address": "0:0:7.0",
    "disk device": "floppy",
    "disk format": "raw",
    "disk perms": "ro",
    "disk size": "3",
    "graphics port": "5901",
    "graphics tlsPort": "5902",
    "iothreads iothreads": "3",
    "memory maxMemory.slots": "2",
    "metadata os_full_id": "http://fedoraproject.org/fedora/37",
    "metadata os_name": "fedora37",
    "network link.state": "no",
    "network portForward[]": "192.0.2.1:2000-2010:22/udp",
    "network mac.address": "52:54:00:00:00:07",
    "qemu_commandline env": "NAME=value",
    "sysinfo type": "smbios",
    "vcpus vcpu": "3",
}
_NEW = "pool=default-pool,size=2,"
#: What has to stand beside a row for it to mean something, likewise; the
#: test driver has this pool.
_BESIDE = {
    "disk": "device=cdrom,",
    "disk pool": "size=2,",
    "disk size": "pool=default-pool,",
    "disk device": "",
    "network source": "type=network,",
    "sysinfo": "type=smbios,",
    "sysinfo type": "",
    **{f"disk {name}": _NEW for name in ("format", "sparse", "backing_store", "backing_format")},
}
#: What an XPath can be of, where there is no alias.
_FIRST = {
    "audio": "id=7,",
    "disk": "alias.name=word,device=cdrom,",
    "iommu": "model=word,",
    "pstore": "backend=word,",
    "seclabel": "type=static,",
    "sysinfo": "type=smbios,",
}
_VALUES["disk pool"] = "default-pool"

#: What both refuse, and why.
REFUSED = {
    "boot refresh-machine-type": "the guest has no machine type yet",
    "disk path": "there is no such storage",
    "disk source.dev": "there is no such storage",
    "disk source.dir": "there is no such storage",
    "disk source.file": "there is no such storage",
    "disk source.pool": "there is no such storage",
    "disk source.volume": "there is no such storage",
    "disk vol": "there is no such storage",
    "hostdev name": "there is no such device",
    "network hostdev": "there is no such device",
}

_XPATH = frozenset(f"xpath[].{action}" for action in ("create", "delete", "set", "value"))
_CLEAR = frozenset(["clearxml"])
#: Spellings that virt-install knows, and refuses or takes for something else: groups
#: without an element of their own can't be cleared, and what begins with xpath is an
#: argument for QEMU.
MISSING = {
    "metadata": _CLEAR,
    "memory": _CLEAR,
    "vcpus": _CLEAR,
    "iothreads": _CLEAR,
    "events": _CLEAR,
    "qemu_commandline": _XPATH,
}

_OF_ANOTHER = "libvirt drops what belongs to another kind of character device"
#: What virt-install writes, and libvirt then drops without a word; it is refused here.
STRICTER = {
    **{
        f"{group} target.{name}": _OF_ANOTHER
        for group in ("serial", "parallel", "console")
        for name in ("address", "name")
    },
    **{f"{group} target.model.name": _OF_ANOTHER for group in ("parallel", "channel", "console")},
}

#: What virt-install 4.1 writes where libvirt refuses or ignores it; 5.0 doesn't.
MENDED = {
    **{
        f"tpm backend.active_pcr_banks.sha{bits}": "the banks stand below the backend"
        for bits in (1, 256, 384, 512)
    },
    "filesystem source.socket": "the socket is an attribute",
}
#: Spellings that only older versions have.
OLDER = frozenset(f"tpm active_pcr_banks.sha{bits}" for bits in (1, 256, 384, 512))

_IMAGES = "virt-install has no images"
#: Where virt-install 4.1 fails, and this doesn't.
BETTER = {
    **{
        f"disk {option.name}": _IMAGES
        for option in GROUPS["disk"].options
        if option.name.startswith("image.")
    },
    **dict.fromkeys(
        ("disk move", "disk remove_source", "disk move_timeout"), "virt-install moves no disks"
    ),
    "smartcard certificate[]": "virt-install writes an element with an empty name",
}


def setting(group: Group, option: Option, name: str, text: str | None = None) -> str:
    """The row as a string that both understand, by one of its spellings.

    With ``text`` as its value, or one that makes sense.
    """
    row = f"{group.name} {option.name}"
    # virt-install would mix the second of these with a first that isn't there.
    key = name.replace("[]", "0" if row == "network portForward[]" else "1")
    beside = _BESIDE.get(row, _BESIDE.get(group.name, ""))
    if option.name == "clearxml" and group.is_list:
        return f"{_FIRST.get(group.name, 'alias.name=word,')}clearxml=yes"
    if option.name.startswith("xpath[]."):
        place = "./word" if group.path == "." else "./@word"
        if group.is_list and not group.is_device:
            beside = _FIRST[group.name]
        if option.name.endswith(".delete") and group.is_list:
            return f"{_FIRST.get(group.name, 'alias.name=word,')}{key}=./alias"
        if option.name.endswith(".value"):
            return f"{beside}xpath1.set={place},{key}=word"
        return f"{beside}{key}={place}" + ("=word" if option.name.endswith(".set") else "")
    value = text or _VALUES.get(row) or _VALUES.get(option.name) or _BY_KIND[option.kind]
    return f"{beside}{key}={value}"


def reason(table: dict[str, str], group: Group, option: Option) -> str | None:
    """What a table says of a row."""
    return table.get(f"{group.name} {option.name}") or table.get(option.name)
